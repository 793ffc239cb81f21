"""A bell stands as long as somebody may read what it rings for; one that is refused is tried ever more rarely."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers import jobs
from handlers.jobs import Jobs
from relay import accounts, consent, doorbells, inbox, notices, offices
from relay.delivery import Gone, Later, Refused, Sent, Uncertain
from relay.inbox import Update
from store.model import metadata
from tests.relay.house import DAY, House, Phone
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier, account, officer_account

devices = metadata.tables["devices"]


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def beat(house: House) -> None:
    """What the server does every few minutes."""
    house.write(doorbells.renew, house.read(doorbells.old, house.now), house.now)
    needless = house.read(doorbells.needless, house.now)
    house.write(doorbells.clear, needless, house.now)
    house.write(doorbells.ring, house.read(doorbells.missed, house.now), house.now)


async def nobody() -> None:
    """Of whom the time could be asked."""


def bells(courier: Courier) -> list[tuple[str, int]]:
    return [(claim.kind, claim.chat) for claim in courier.run()]


def test_what_was_served_and_never_arrived_is_still_rung_for(house, phone, courier):
    """The answer was lost on the way: the person has seen nothing, and only the phone can say that it came."""
    house.write_to(phone)
    assert bells(courier) == [("ring", CHAT)]
    assert len(phone.mail().items) == 1
    beat(house)
    assert bells(courier) == []  # it stands
    house.pass_(hours=47)
    beat(house)
    assert bells(courier) == [("ring", CHAT)]  # and is renewed
    phone.read()
    assert bells(courier) == [("delete", CHAT)]


def test_a_bell_is_not_renewed_while_its_like_is_on_its_way(house, phone, courier):
    """Two workers at once: one delivers the reminder that the other's beat does not know of."""
    house.write_to(phone)
    bells(courier)
    house.pass_(hours=47)
    beat(house)
    [claim] = courier.claim()
    beat(house)
    assert courier.settle(claim, Sent(7))
    assert bells(courier) == []


# --- bells nobody needs any more


def withdrawn(house: House, phone: Phone) -> None:
    house.as_(phone, consent.record, phone.statement("messages", False), house.now)


def expired(house: House, phone: Phone) -> None:
    house.pass_(hours=25)


def wiped(house: House, phone: Phone) -> None:
    rows = metadata.tables["wraps"]
    house.write(lambda tx: tx.execute(rows.delete()))


@pytest.mark.parametrize("event", [withdrawn, expired, wiped])
def test_a_bell_for_mail_that_is_no_more_goes(house, phone, courier, event):
    house.write_to(phone, life=DAY)
    assert bells(courier) == [("ring", CHAT)]
    beat(house)
    assert bells(courier) == []
    event(house, phone)
    beat(house)
    assert bells(courier) == [("delete", CHAT)]
    beat(house)
    assert bells(courier) == []


@pytest.mark.parametrize("how", ["cancelled", "expired"])
def test_a_bell_for_a_notice_that_is_over_goes(house, phone, courier, how):
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    house.release()
    assert bells(courier) == [("ring", CHAT)]
    if how == "cancelled":
        house.cancel(draft)
    else:
        house.pass_(hours=45)
        house.write(notices.expire, house.now)
        assert house.read(doorbells.needless, house.now) == []
        house.pass_(hours=3)
    beat(house)
    assert bells(courier) == [("delete", CHAT)]


def test_a_bell_stays_as_long_as_anything_is_unread(house, phone, courier):
    other = house.enrolled(*BOTH, telegram_id=CHAT)
    house.write_to(phone, life=DAY)
    house.write_to(other)
    bells(courier)
    house.pass_(hours=25)
    beat(house)
    assert bells(courier) == []


def test_many_needless_bells_come_in_parts(house, courier):
    phones = [house.enrolled("messages", telegram_id=CHAT + number) for number in range(5)]
    house.write_to(*phones, life=DAY)
    assert len(bells(courier)) == 5
    house.pass_(hours=25)
    seen: list[int] = []
    while part := house.read(doorbells.needless, house.now, 2):
        assert len(part) <= 2
        house.write(doorbells.clear, part, house.now)
        seen += part
    assert len(seen) == len(set(seen)) == 5


def test_a_silenced_chats_old_bell_is_taken_away_not_renewed(house, phone, courier):
    house.write_to(phone)
    bells(courier)
    house.write(accounts.pause, account(house), True, house.now)
    house.pass_(hours=46, minutes=1)
    beat(house)
    assert bells(courier) == [("delete", CHAT)]
    house.write(accounts.pause, account(house), False, house.now)
    assert bells(courier) == [("ring", CHAT)]


async def test_all_bells_that_grew_old_are_seen_to_in_one_run_however_many(
    house, vault, courier, monkeypatch
):
    """What is left for the next run may be too old to be deleted by then."""
    monkeypatch.setattr(jobs, "MOST_FOUND", 2)
    chats = range(CHAT, CHAT + 7)
    phones = [house.enrolled(*BOTH, telegram_id=chat) for chat in chats]
    house.write_to(*phones)
    assert len(bells(courier)) == 7
    house.pass_(hours=47)
    house.write(accounts.pause, account(house, CHAT + 5), True, house.now)
    done = await Jobs(house.store, vault, lambda: None, nobody).doorbells(house.now)
    assert done.count == 7
    done_to = {chat: kind for kind, chat in bells(courier)}
    assert done_to == dict.fromkeys(chats, "ring") | {CHAT + 5: "delete"}


# --- officers


def duty_ends(house: House) -> None:
    mine = devices.update().where(devices.c.device == house.by("C-01").device)
    house.write(lambda tx: tx.execute(mine.values(not_after=house.now)))


def removed(house: House) -> None:
    roster = house.next_roster(remove=["C-01"])
    house.as_(house.by("C-02"), offices.follow, roster, house.now)


@pytest.mark.parametrize("event", [duty_ends, removed])
def test_an_officer_without_a_standing_device_has_no_bell_and_gets_none(house, phone, courier, event):
    officer_account(house, "C-01", 5)
    officer_account(house, "W-01", 6)
    phone.send()
    assert sorted(bells(courier)) == [("ring", 5), ("ring", 6)]
    event(house)
    beat(house)
    assert bells(courier) == [("delete", 5)]
    phone.send(urgent=True)
    beat(house)
    assert bells(courier) == [("ring", 6)]


@pytest.mark.parametrize("event", [duty_ends, removed])
def test_a_ring_that_waits_for_such_an_officer_is_dropped(house, phone, courier, event):
    officer_account(house, "C-01", 5)
    phone.send(urgent=True)
    event(house)
    beat(house)
    assert bells(courier) == []


# --- rings that Telegram refuses


def refusals(house: House, courier: Courier, times: int) -> list[float]:
    """Minutes between attempts, as the server makes them."""
    tried, found = None, []
    for number in range(times):
        if number:  # no more than half of the rest to come, so that nothing earlier is missed
            house.pass_(minutes=min(5 * (2 ** (number - 1) // 2), 175))
            assert courier.claim() == []
        for _ in range(24 * 60):
            beat(house)
            if claims := courier.claim():
                break
            house.pass_(minutes=5)
        (ring,) = claims
        assert courier.settle(ring, Refused("bad_request"))
        if tried is not None:
            found.append((house.now - tried).total_seconds() / 60)
        tried = house.now
    return found


def test_a_refused_ring_rests_ever_longer(house, phone, courier):
    house.write_to(phone)
    assert refusals(house, courier, 10) == [5, 10, 20, 40, 80, 160, 320, 360, 360]


@pytest.mark.parametrize("urgent", [False, True])
def test_any_sign_of_life_ends_the_rest(house, phone, courier, vault, urgent):
    house.write_to(phone, urgent=urgent)
    refusals(house, courier, 8)
    house.pass_(minutes=30)
    assert courier.claim() == []
    house.write(inbox.take, vault, [Update(1, CHAT, {})], house.now)
    (ring,) = courier.claim()
    assert (ring.kind, ring.urgent) == ("ring", urgent)
    courier.settle(ring, Refused("bad_request"))
    house.pass_(minutes=5)
    assert len(courier.claim()) == 1  # counted anew


def test_a_sign_of_life_while_it_is_tried_again_counts_for_both(house, phone, courier, vault):
    """An answer older than the person's return blocks nobody; a refusal is counted anew."""
    house.write_to(phone)
    refusals(house, courier, 3)
    for outcome, minutes in ((Gone(), 0), (Refused("bad_request"), 5)):
        house.pass_(hours=1)
        (ring,) = courier.claim()
        house.pass_(seconds=1)
        house.write(inbox.take, vault, [Update(minutes + 1, CHAT, {})], house.now)
        assert courier.settle(ring, outcome)
        assert house.write(accounts.known, house.vault, CHAT, house.now).blocked is False
        house.pass_(minutes=minutes)
        (ring,) = courier.claim()
        courier.settle(ring, Refused("bad_request"))


def test_a_sign_of_life_hurries_nothing_that_telegram_made_wait(house, phone, courier, vault):
    house.write_to(phone)
    (ring,) = courier.claim()
    courier.settle(ring, Later(house.now + timedelta(minutes=2)))
    house.write(inbox.take, vault, [Update(1, CHAT, {})], house.now)
    assert courier.claim() == []


@pytest.mark.parametrize("before", [False, True])
def test_an_urgent_letter_is_rung_for_at_once(house, phone, courier, before):
    house.write_to(phone, urgent=before)
    refusals(house, courier, 8)
    house.write_to(phone)
    assert bells(courier) == []
    house.write_to(phone, urgent=True)
    assert bells(courier) == [("ring", CHAT)]


def test_an_urgent_letter_is_tried_no_more_often_than_any_other(house, phone, courier):
    house.write_to(phone)
    refusals(house, courier, 6)
    house.write_to(phone, urgent=True)
    (ring,) = courier.claim()
    courier.settle(ring, Refused("bad_request"))
    house.pass_(minutes=60)
    assert courier.claim() == []


def test_once_it_went_through_the_count_is_forgotten(house, phone, courier):
    house.write_to(phone)
    refusals(house, courier, 6)
    house.pass_(hours=6)
    (ring,) = courier.claim()
    courier.settle(ring, Sent(9))
    phone.read()
    courier.run()
    house.write_to(phone)
    (ring,) = courier.claim()
    courier.settle(ring, Refused("bad_request"))
    house.pass_(minutes=5)
    assert len(courier.claim()) == 1


def test_an_unanswered_try_in_between_counts_for_itself(house, phone, courier):
    house.write_to(phone)
    for _ in range(10):
        (ring,) = courier.claim()
        courier.settle(ring, Uncertain())
        house.pass_(minutes=5)
    (ring,) = courier.claim()
    courier.settle(ring, Refused("bad_request"))
    house.pass_(minutes=5)
    assert len(courier.claim()) == 1


def test_only_one_row_is_kept_however_often_it_is_refused(house, phone, courier):
    house.write_to(phone)
    refusals(house, courier, 5)
    rows = metadata.tables["outbox"]
    assert len(house.read(lambda tx: tx.execute(select(rows.c.id)).all())) == 1
