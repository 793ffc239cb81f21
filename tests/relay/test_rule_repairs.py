"""Nothing that Telegram or a crash does to delivery ends a ring for good, reorders replies or leaves an id in clear."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from relay import accounts, delivery, doorbells, inbox, outbox
from relay.delivery import Claim, Gone, Later, Refused, Sent, Uncertain
from relay.inbox import Update
from store.doorbells import unread
from store.model import metadata
from store.sqlite import SqliteStore
from tests.relay.house import START, House, Phone
from tests.relay.test_rule_delivery import (
    BOTH,
    CHAT,
    Courier,
    account,
    blocked,
    officer_account,
    silenced,
    silenced_in_chat,
    withdrawn,
)

tables = metadata.tables


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def beat(house: House) -> dict[int, bool]:
    """What the server does every few minutes."""
    house.write(doorbells.renew, house.read(doorbells.old, house.now), house.now)
    missed = house.read(doorbells.missed, house.now)
    house.write(doorbells.ring, missed, house.now)
    return missed


def say(house: House, *keys: str, chat: int = CHAT) -> None:
    for key in keys:
        house.write(outbox.reply, account(house, chat), key, {}, house.now, dedupe=key)


def lose(house: House) -> None:
    """All rings are gone, whatever became of them."""
    house.write(lambda tx: tx.execute(tables["outbox"].delete().where(tables["outbox"].c.kind == "ring")))


def keys(claims: list[Claim]) -> list[str]:
    return [claim.key for claim in claims]


# --- rings


def test_refusals_before_it_do_not_shorten_the_life_of_an_uncertain_ring(house, phone, courier):
    house.write_to(phone, urgent=True)
    for _ in range(5):
        (ring,) = courier.claim()
        courier.settle(ring, Later(house.now))
        house.pass_(seconds=1)
    (ring,) = courier.claim()
    courier.settle(ring, Uncertain())
    house.pass_(seconds=5)
    assert [claim.kind for claim in courier.run()] == ["ring"]


def test_an_uncertain_ring_is_tried_ever_more_slowly_until_its_mail_is_read(house, phone, courier):
    house.write_to(phone)
    pauses = []
    for _ in range(12):
        (ring,) = courier.claim()
        courier.settle(ring, Uncertain())
        due = house.read(delivery.next_due)
        pauses.append((due - house.now).total_seconds())
        house.now = due
    assert pauses[:7] == [5, 10, 20, 40, 80, 160, 300]
    assert set(pauses[7:]) == {300}
    phone.read()
    assert courier.run() == []


def test_an_urgent_letter_does_not_wait_for_an_uncertain_rings_pause(house, phone, courier):
    house.write_to(phone)
    for _ in range(5):
        (ring,) = courier.claim()
        courier.settle(ring, Uncertain())
        house.now = house.read(delivery.next_due)
    (ring,) = courier.claim()
    courier.settle(ring, Uncertain())
    assert courier.claim() == []
    house.write_to(phone, urgent=True)
    assert [claim.urgent for claim in courier.run()] == [True]


@pytest.mark.parametrize("urgent", [False, True])
def test_a_refused_ring_is_rung_again(house, phone, courier, urgent):
    house.pass_(hours=10)  # at night
    house.write_to(phone, urgent=urgent)
    (ring,) = courier.claim()
    assert courier.settle(ring, Refused("bad_request"))
    assert courier.run() == []
    house.pass_(minutes=5)
    assert beat(house) == {}
    (again,) = courier.run()
    assert (again.kind, again.urgent, again.silent) == ("ring", urgent, not urgent)
    assert beat(house) == {}


@pytest.mark.parametrize("urgent", [False, True])
def test_a_lost_ring_is_rung_again(house, phone, courier, urgent):
    house.write_to(phone, urgent=urgent)
    lose(house)
    assert courier.run() == []
    assert beat(house) == {account(house): urgent}
    assert [(claim.kind, claim.urgent) for claim in courier.run()] == [("ring", urgent)]
    assert beat(house) == {}


def test_a_refused_ring_that_had_swept_the_old_bell_is_rung_again(house, phone, courier):
    house.write_to(phone)
    courier.run()
    house.write_to(phone, urgent=True)
    (ring,) = courier.claim()
    assert ring.replaces == 101
    courier.settle(ring, Refused("bad_request"))
    house.pass_(minutes=5)
    assert [(claim.replaces, claim.urgent) for claim in courier.run()] == [(None, True)]


def test_a_ring_that_outlived_its_row_is_rung_again(house, phone, courier):
    house.write_to(phone)
    (ring,) = courier.claim()
    courier.settle(ring, Later(house.now + doorbells.LIFE))
    house.pass_(days=6, hours=23)
    house.write_to(phone)
    house.pass_(hours=1)
    assert courier.run() == []
    assert beat(house) == {account(house): False}
    assert [claim.kind for claim in courier.run()] == ["ring"]


def test_mail_that_came_before_the_account_is_rung_for(house, courier):
    late = house.enrolled("messages")
    house.write_to(late)
    assert courier.run() == []
    assert beat(house) == {}
    from store import accounts as stored  # noqa: PLC0415

    house.write(stored.link_contact, account(house), house.office, late.contact)
    assert beat(house) == {account(house): False}


def waiting(house: House, courier: Courier) -> None:
    pass


def in_flight(house: House, courier: Courier) -> None:
    courier.claim()


def visible(house: House, courier: Courier) -> None:
    courier.run()


@pytest.mark.parametrize("state", [waiting, in_flight, visible])
def test_who_has_a_bell_or_a_ring_under_way_is_not_rung_again(house, phone, courier, state):
    house.write_to(phone)
    state(house, courier)
    assert beat(house) == {}


def read(house: House, phone: Phone) -> None:
    phone.read()


def expired(house: House, phone: Phone) -> None:
    house.pass_(days=8)


@pytest.mark.parametrize("reason", [silenced, silenced_in_chat, blocked, withdrawn, read, expired])
def test_nobody_is_rung_again_who_has_a_reason_not_to_be(house, phone, courier, reason):
    house.write_to(phone)
    (ring,) = courier.claim()
    courier.settle(ring, Refused("bad_request"))
    reason(house, phone)
    house.pass_(minutes=5)
    assert courier.run() == []
    assert beat(house) == {}


def test_a_quiet_letter_rings_nobody_however_long_it_waits(house, phone, courier):
    house.write_to(phone, quiet=True)
    assert beat(house) == {}
    house.write_to(phone)
    lose(house)
    assert beat(house) == {account(house): False}


def test_only_officers_who_read_mail_are_rung_again(house, phone, courier):
    reader, auditor = officer_account(house, "C-01", 5), officer_account(house, "A-01", 7)
    phone.send()
    lose(house)
    assert beat(house) == {reader: False}
    assert auditor not in beat(house)


def test_many_missed_bells_come_in_parts(house, courier):
    phones = [house.enrolled("messages", telegram_id=CHAT + number) for number in range(5)]
    house.write_to(*phones)
    lose(house)
    found: dict[int, bool] = {}
    while part := house.read(doorbells.missed, house.now, 2):
        assert len(part) <= 2
        assert not found.keys() & part.keys()
        found |= part
        house.write(doorbells.ring, part, house.now)
    assert len(found) == 5


def test_whether_somebody_has_mail_is_asked_of_their_own_mailbox(sqlite_url, vault):
    """Begun with the office's whole mail, the beat took a minute for 2,000 people, and each claim grew with it."""
    store = SqliteStore(sqlite_url)
    statement = select(tables["accounts"]).where(unread(tables["accounts"].c.id, START, urgent=True))

    def plan(tx: Connection) -> list[str]:
        made = str(statement.compile(dialect=tx.dialect))
        rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", (0,) * made.count("?"))
        return [row.detail for row in rows]

    steps = store.read_now(plan)
    store.close()
    mailboxes = [step for step in steps if "wraps" in step]
    assert (
        len(mailboxes) == 3
    )  # the person's own; of officers, the office's, and what waits there for too long
    assert "(office=? AND holder_kind=? AND holder=?" in mailboxes[0]
    assert all("ix_wraps_mailbox (office=? AND holder_kind=?" in step for step in mailboxes[1:])


# --- replies


def test_an_uncertain_reply_is_tried_a_few_times_however_often_it_was_refused_before(house, courier):
    say(house, "help")
    for _ in range(5):
        (reply,) = courier.claim()
        courier.settle(reply, Later(house.now))
    for tries in range(1, delivery.UNCERTAIN_REPLIES + 1):
        (reply,) = courier.claim()
        assert reply.tries == 5 + tries
        courier.settle(reply, Uncertain())
        house.pass_(minutes=5)
    assert courier.claim() == []


@pytest.mark.parametrize("outcome", ["later", "uncertain"])
def test_a_reply_that_waits_is_not_overtaken(house, courier, outcome):
    say(house, "one", "two", "three")
    (first,) = courier.claim()
    courier.settle(first, Later(house.now + timedelta(seconds=5)) if outcome == "later" else Uncertain())
    assert courier.claim() == []
    house.pass_(seconds=4)
    assert courier.claim() == []
    house.pass_(seconds=1)
    assert keys(courier.run()) == ["one", "two", "three"]


def test_nor_when_the_clock_was_set_back_in_between(house, courier):
    say(house, "one")
    house.pass_(seconds=-30)
    say(house, "two")
    assert courier.claim() == []
    house.pass_(seconds=30)
    assert keys(courier.run()) == ["one", "two"]


def test_a_waiting_reply_holds_up_neither_rings_nor_other_people(house, phone, courier):
    say(house, "one", "two")
    (first,) = courier.claim()
    courier.settle(first, Later(house.now + timedelta(seconds=5)))
    house.write_to(phone, urgent=True)
    say(house, "other", chat=9)
    assert sorted((claim.kind, claim.key) for claim in courier.run()) == [("reply", "other"), ("ring", "")]


def test_a_ring_that_waits_holds_up_no_reply(house, phone, courier):
    house.write_to(phone, urgent=True)
    (ring,) = courier.claim()
    courier.settle(ring, Uncertain())
    say(house, "one")
    assert keys(courier.run()) == ["one"]


def test_a_killed_process_gets_its_own_claims_back_at_once_and_in_order(house, courier):
    say(house, "one", "two")
    (flying,) = courier.claim()
    lead = house.write(delivery.lead, "one", house.now, fresh=True)
    order = []
    while claims := house.write(delivery.claim, house.vault, lead, house.now, limit=5):
        (claim,) = claims
        order.append(claim.key)
        assert house.write(delivery.settle, claim, Sent(1), house.now)
    assert order == ["one", "two"]
    assert courier.settle(flying, Sent(1)) is False


def test_a_process_that_ends_at_every_start_does_not_ring_the_same_person_each_time(house, phone, courier):
    other = house.enrolled(*BOTH, telegram_id=CHAT + 1)
    house.write_to(phone)
    house.write_to(other)
    (first,) = courier.claim(1)
    rested = []
    for _ in range(8):
        lead = house.write(delivery.lead, "one", house.now, fresh=True)
        rested.append((house.read(delivery.next_due, house.now) or house.now) - house.now)
        house.pass_(seconds=rested[-1].total_seconds())
        lead = house.write(delivery.lead, "one", house.now)
        claims = house.write(delivery.claim, house.vault, lead, house.now, limit=2)
        assert first.account in [claim.account for claim in claims]
        for claim in claims:
            if claim.account != first.account:  # whoever comes after is rung meanwhile
                assert house.write(delivery.settle, claim, Sent(5), house.now)
    assert [rest.total_seconds() for rest in rested] == [0, 5, 10, 20, 40, 60, 60, 60]


def test_whom_the_process_before_wrote_to_a_moment_ago_the_next_one_knows(house, phone, courier):
    say(house, "old")
    courier.run()
    house.pass_(seconds=2)
    house.write_to(phone)
    other = house.enrolled(*BOTH, telegram_id=CHAT + 1)
    house.write_to(other)
    sent, cut_off = courier.claim()
    house.pass_(seconds=0.3)
    courier.settle(sent, Sent(7))
    at = house.now
    house.pass_(seconds=0.5)
    house.write(delivery.lead, "one", house.now, fresh=True)
    assert sorted(house.read(delivery.recent, house.now)) == sorted(
        [(sent.account, at), (cut_off.account, house.now)]
    )
    house.pass_(seconds=2)
    assert house.read(delivery.recent, house.now) == []


def test_nobody_takes_what_another_process_has_in_flight(house, courier):
    say(house, "one", "two")
    (flying,) = courier.claim()
    house.pass_(seconds=31)
    lead = house.write(delivery.lead, "two", house.now, fresh=True)
    assert house.write(delivery.claim, house.vault, lead, house.now) == []
    assert courier.settle(flying, Sent(1)) is False
    house.pass_(seconds=29)
    lead = house.write(delivery.lead, "two", house.now)
    (again,) = house.write(delivery.claim, house.vault, lead, house.now)
    assert (again.key, again.tries) == ("one", 2)


def test_a_process_that_lost_and_won_the_lead_keeps_what_it_has_in_flight(house, courier):
    say(house, "one")
    (flying,) = courier.claim()
    house.pass_(seconds=31)
    assert courier.claim() == []
    assert courier.lead.fence == flying.fence + 1
    assert courier.settle(flying, Sent(1)) is True


# --- people who come back


@pytest.mark.parametrize("urgent", [False, True])
def test_who_comes_back_is_rung_as_loudly_as_the_mail_is_urgent(house, phone, courier, urgent):
    house.pass_(hours=10)  # at night
    house.write_to(phone, urgent=urgent)
    (ring,) = courier.claim()
    courier.settle(ring, Gone())
    house.write(accounts.blocked, account(house), False, house.now)
    assert [(claim.urgent, claim.silent) for claim in courier.run()] == [(urgent, not urgent)]


def test_an_answer_older_than_the_persons_return_blocks_nobody(house, phone, courier, vault):
    house.write_to(phone)
    (ring,) = courier.claim()
    house.pass_(seconds=1)
    house.write(inbox.take, vault, [Update(1, CHAT, {"text": "/start"})], house.now)
    house.write(inbox.done, 1, house.now)
    say(house, "welcome")
    assert courier.settle(ring, Gone())
    assert [claim.kind for claim in courier.run()] == ["reply", "ring"]
    assert house.write(accounts.known, vault, CHAT, house.now).blocked is False


def test_gone_all_the_same_when_nothing_was_heard_since(house, phone, courier, vault):
    house.write(inbox.take, vault, [Update(1, CHAT, {"text": "/start"})], house.now)
    house.write_to(phone)
    (ring,) = courier.claim()
    assert courier.settle(ring, Gone())
    assert house.write(accounts.known, vault, CHAT, house.now).blocked is True


# --- ids of pressed buttons


def everything(house: House) -> str:
    """All rows of all tables, as text; bytes as latin-1."""

    def dump(tx) -> list:
        return [tuple(row) for table in metadata.sorted_tables for row in tx.execute(select(table))]

    shown = json.dumps(
        house.read(dump), default=lambda v: v.decode("latin-1") if isinstance(v, bytes) else str(v)
    )
    assert len(shown) > 1000
    return shown


def names(shown: str, chat: int) -> list[str]:
    """Numbers that tell who it is: the id, or one with the id as its upper half."""
    return [run for run in re.findall(r"\d+", shown) if chat in {int(run), int(run) >> 32}]


@pytest.mark.parametrize("outcome", [Sent(), Gone(), Refused("bad_request"), "dropped", "blocked"])
def test_a_pressed_buttons_id_stands_nowhere_in_clear_and_is_gone_when_answered(
    house, courier, vault, outcome
):
    pressed = str(CHAT << 32 | 12345)
    house.write(inbox.take, vault, [Update(1, CHAT, {"kind": "press"}, callback_id=pressed)], house.now)
    assert names(everything(house), CHAT) == []
    (taken,) = house.read(inbox.pending, vault)
    assert (taken.callback_id, taken.payload) == (pressed, {"kind": "press"})
    house.write(inbox.done, 1, house.now)
    mine = account(house)
    house.write(outbox.answer_callback, vault, mine, taken.callback_id, house.now, key="", dedupe="1")
    assert names(everything(house), CHAT) == []
    rows = tables["outbox"]
    if outcome == "dropped":
        house.pass_(minutes=2)
        assert courier.claim() == []
    elif outcome == "blocked":
        house.write(accounts.blocked, mine, True, house.now)
    else:
        (claim,) = courier.claim()
        assert claim.callback_id == pressed
        courier.settle(claim, outcome)
    (row,) = house.read(lambda tx: tx.execute(select(rows)).all())
    assert row.state not in {"waiting", "claimed"}
    assert row.callback_id == ""
