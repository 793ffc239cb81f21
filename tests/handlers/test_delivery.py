"""The delivery loop's own look at the lease."""

import time
from dataclasses import replace
from datetime import timedelta
from unittest.mock import AsyncMock, Mock

import pytest

from handlers import delivery
from handlers.clock import RealClock
from handlers.delivery import Delivery
from relay.delivery import Later, Sent
from relay.errors import StoreError
from relay.pacing import Pacer
from tests.handlers.test_courier import RING

SOON = timedelta(seconds=20)


@pytest.mark.parametrize(
    ("until", "seconds", "leaves"),
    [(SOON, 20.0, True), (-SOON, 20.0, False), (SOON, 0.0, False)],
    ids=["it stands", "over by the relay's clock", "over by the process's own, the relay's was set back"],
)
async def test_nothing_leaves_once_the_lead_is_over(until: timedelta, seconds: float, leaves: bool) -> None:
    courier, clock = Mock(deliver=AsyncMock(return_value=Sent(7))), RealClock()
    loop = Delivery(Mock(), Mock(), courier, clock, Pacer(), owner="one")
    now = clock.now()
    outcome = await loop._outcome(replace(RING, until=now + until), time.monotonic() + seconds)
    assert courier.deliver.await_count == leaves
    if leaves:
        assert outcome == Sent(7)
    else:
        assert isinstance(outcome, Later)
        assert outcome.at - now < SOON
        assert not outcome.everyone


@pytest.mark.parametrize("ago", [0, 3], ids=["it still holds", "it is over"])
async def test_nothing_leaves_that_was_being_claimed_when_telegram_asked_for_silence(ago: int) -> None:
    courier, clock, pacer = Mock(deliver=AsyncMock(return_value=Sent(7))), RealClock(), Pacer()
    loop = Delivery(Mock(), Mock(), courier, clock, pacer, owner="one")
    now = clock.now()
    until = pacer.refused(now - timedelta(seconds=ago), timedelta(seconds=2))
    outcome = await loop._outcome(replace(RING, until=now + SOON), time.monotonic() + 20)
    assert outcome == (Sent(7) if ago else Later(until))
    assert courier.deliver.await_count == bool(ago)


@pytest.mark.parametrize(("until", "tries"), [(SOON, 3), (-SOON, 1)], ids=["the lease stands", "it is over"])
async def test_an_outcome_is_noted_once_the_store_is_back(
    until: timedelta, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who was rung while the disk was full is rung again when the lease lapses."""
    monkeypatch.setattr(delivery, "TROUBLE_SECONDS", 0)
    clock, settled = RealClock(), Mock()
    store = Mock(gather=AsyncMock(side_effect=[StoreError("full"), StoreError("full"), True]))
    loop = Delivery(store, Mock(), Mock(), clock, Pacer(), owner="one", settled=settled)
    claim = replace(RING, until=clock.now() + until)
    noted = loop._settle(claim, Sent(7))
    if tries == 1:
        with pytest.raises(StoreError):
            await noted
    else:
        await noted
    assert store.gather.await_count == tries
    settled.assert_called_once_with(claim, Sent(7))
