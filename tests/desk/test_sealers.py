"""Wraps on several cores: the same envelope, in the same order, whatever becomes of the helpers."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pytest

from crypto.encoding import new_id
from crypto.envelope import split
from crypto.errors import Refused
from crypto.sealing import Recipient, open_envelope, seal
from desk import sealers
from tests.vectors.envelopes import INNER
from tests.vectors.world import COORDINATOR, DAY, NOW, PHONE_PREKEY


class Broken:
    """A pool whose helpers die before they answer."""

    def __init__(self, *_: object) -> None:
        pass

    def submit(self, *_: object) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool())
        return future

    def shutdown(self, **_: object) -> None:
        pass


def none(*_: object) -> None:
    raise OSError("no processes here")


def sealed(recipients: list[Recipient]) -> tuple[bytes, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    made = sealers.sealers(lambda done, of: told.append((done, of)), cores=2)
    data = seal(
        INNER, sender=COORDINATOR, recipients=recipients, now=NOW, expires=NOW + DAY, wrapper=made
    )  # fmt: skip
    return data, told


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> list[Recipient]:
    monkeypatch.setattr(sealers, "MANY", 4)
    monkeypatch.setattr(sealers, "CHUNK", 3)
    others = [Recipient(replace(PHONE_PREKEY.prekey, holder=new_id())) for _ in range(30)]
    return [*others, Recipient(PHONE_PREKEY.prekey)]


@pytest.mark.parametrize("pool", [None, Broken, none])
def test_all_get_theirs(crowd: list[Recipient], pool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if pool is not None:
        monkeypatch.setattr(sealers, "ProcessPoolExecutor", pool)
    data, told = sealed(crowd)
    assert [address for address, _ in split(data).wraps] == [each.prekey.address for each in crowd]
    opened = open_envelope(data, sender=COORDINATOR.record, prekey=PHONE_PREKEY)
    assert opened.content.inner == INNER
    assert (told[0], told[-1], len(told)) == ((0, 31), (31, 31), 12)
    assert told == sorted(told)


def test_helpers_do_work(crowd: list[Recipient], monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process does not do is done."""
    real, here = sealers.wraps, []

    class Eager(sealers.ProcessPoolExecutor):
        def submit(self, *args: Any, **named: Any) -> "Future[Any]":
            future = super().submit(real, *args[1:], **named)
            future.result()
            return future

    monkeypatch.setattr(sealers, "ProcessPoolExecutor", Eager)
    monkeypatch.setattr(sealers, "wraps", lambda *_: here.append(1))
    data, _ = sealed(crowd)
    assert here == []
    assert open_envelope(data, sender=COORDINATOR.record, prekey=PHONE_PREKEY).content.inner == INNER


def test_what_a_helper_refuses_is_refused(crowd: list[Recipient]) -> None:
    bad = replace(PHONE_PREKEY.prekey, holder=new_id(), dh_pk=bytes(32))
    with pytest.raises(Refused, match="small order"):
        sealed([Recipient(bad), *crowd])
