"""Doorbells and replies on their way to Telegram."""

from datetime import timedelta

import pytest

from relay import (
    accounts,
    answers,
    consent,
    contacts,
    delivery,
    doorbells,
    inbox,
    links,
    notices,
    outbox,
    post,
    retention,
)
from relay.delivery import Claim, Gone, Later, Lead, Refused, Sent, Uncertain
from tests.relay.house import House, Phone
from tests.relay.refusal import fails

CHAT = 700_000_001
BOTH = ("messages", "departures")


class Courier:
    """A delivery loop without Telegram."""

    def __init__(self, house: House, owner: str = "one") -> None:
        self.house, self.owner = house, owner
        self.lead: Lead = house.write(delivery.lead, owner, house.now)
        self.messages = 100

    def claim(self, limit: int = 10, **options) -> list[Claim]:
        self.lead = self.house.write(delivery.lead, self.owner, self.house.now) or self.lead
        return self.house.write(
            delivery.claim, self.house.vault, self.lead, self.house.now, limit=limit, **options
        )

    def settle(self, claim: Claim, outcome) -> bool:
        return self.house.write(delivery.settle, claim, outcome, self.house.now)

    def run(self, limit: int = 10) -> list[Claim]:
        """Send all that is due; what was sent."""
        done = []
        while claims := self.claim(limit):
            for claim in claims:
                self.messages += 1
                assert self.settle(claim, Sent(self.messages if claim.kind in ("ring", "reply") else None))
                done.append(claim)
        return done


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def account(house: House, chat: int = CHAT) -> int:
    return house.write(accounts.known, house.vault, chat, house.now).id


def officer_account(house: House, code: str = "C-01", chat: int = 5) -> int:
    mine = account(house, chat)
    link = house.as_(house.by(code), links.issue, house.now)
    house.write(links.bind, mine, link.code, house.now)
    return mine


def test_a_letter_rings_once_and_the_bell_goes_when_it_is_read(house, phone, courier):
    house.write_to(phone)
    (ring,) = courier.run()
    assert (ring.kind, ring.chat, ring.language, ring.silent, ring.replaces) == (
        "ring",
        CHAT,
        "fa-AF",
        False,
        None,
    )
    house.write_to(phone)
    assert courier.run() == []
    phone.read()
    (delete,) = courier.run()
    assert (delete.kind, delete.message_id) == ("delete", 101)
    house.write_to(phone)
    (again,) = courier.run()
    assert (again.kind, again.replaces) == ("ring", None)


def test_nobody_is_rung_for_a_quiet_letter(house, phone, courier):
    house.write_to(phone, quiet=True)
    assert courier.run() == []
    assert len(phone.mail().items) == 1
    house.write_to(phone)
    (ring,) = courier.run()
    assert ring.kind == "ring"


def test_an_urgent_letter_deletes_the_old_bell_and_rings_with_sound(house, phone, courier):
    house.pass_(hours=10)
    house.write_to(phone)
    (silent,) = courier.run()
    assert silent.silent is True
    house.write_to(phone, urgent=True)
    (loud,) = courier.run()
    assert (loud.silent, loud.urgent, loud.replaces) == (False, True, 101)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(16, 29, False), (16, 30, True), (1, 29, True), (1, 30, False)]
)
def test_quiet_hours_are_kabuls(house, hour, minute, quiet):
    assert doorbells.quiet(house.now.replace(hour=hour, minute=minute)) is quiet


def test_a_waiting_bell_turns_urgent_rather_than_ringing_twice(house, phone, courier):
    house.write_to(phone)
    house.write_to(phone, urgent=True)
    (ring,) = courier.run()
    assert ring.urgent is True


def test_an_urgent_letter_rings_again_after_the_one_in_flight(house, phone, courier):
    house.write_to(phone)
    (flying,) = courier.claim()
    house.write_to(phone)
    assert courier.claim() == []
    house.write_to(phone, urgent=True)
    assert courier.settle(flying, Sent(55))
    (loud,) = courier.run()
    assert loud.replaces == 55


def test_what_was_read_while_it_flew_is_taken_back(house, phone, courier):
    house.write_to(phone)
    (flying,) = courier.claim()
    phone.read()
    courier.settle(flying, Sent(55))
    (delete,) = courier.run()
    assert (delete.kind, delete.message_id) == ("delete", 55)


def renew(house: House) -> int:
    return house.write(doorbells.renew, house.read(doorbells.old, house.now), house.now)


def test_an_unread_bell_is_replaced_before_it_can_no_longer_be_deleted(house, phone, courier):
    house.write_to(phone)
    courier.run()
    house.pass_(hours=45)
    assert renew(house) == 0
    house.pass_(hours=2)
    assert [renew(house) for _ in range(2)] == [1, 1]
    (ring,) = courier.run()
    assert (ring.kind, ring.replaces, ring.urgent) == ("ring", 101, False)
    phone.read()
    assert [claim.kind for claim in courier.run()] == ["delete"]
    house.pass_(hours=47)
    assert renew(house) == 0


def withdrawn(house: House, phone: Phone) -> None:
    house.as_(phone, consent.record, phone.statement("messages", False), house.now)


def silenced(house: House, phone: Phone) -> None:
    house.as_(phone, contacts.pause, True, house.now)


def silenced_in_chat(house: House, phone: Phone) -> None:
    house.write(accounts.pause, account(house), True, house.now)


def blocked(house: House, phone: Phone) -> None:
    house.write(accounts.blocked, account(house), True, house.now)


def expired(house: House, phone: Phone) -> None:
    house.pass_(days=8)


def read(house: House, phone: Phone) -> None:
    phone.read()


@pytest.mark.parametrize("event", [withdrawn, silenced, silenced_in_chat, blocked, expired, read])
def test_whatever_ends_the_need_ends_the_ring_at_the_claim(house, phone, courier, event):
    house.write_to(phone)
    event(house, phone)
    assert courier.run() == []


@pytest.mark.parametrize("event", [withdrawn, silenced, silenced_in_chat, blocked, read])
def test_whatever_happens_between_claim_and_settle_leaves_no_stray_bell(house, phone, courier, event):
    house.write_to(phone)
    (flying,) = courier.claim()
    event(house, phone)
    assert courier.settle(flying, Sent(55))
    left = courier.run()
    assert [claim.message_id for claim in left] in ([55], [])
    house.write_to(house.enrolled("messages"))
    assert courier.run() == []


@pytest.mark.parametrize("how", ["cancelled", "replaced", "expired"])
def test_a_released_notice_that_is_over_rings_nobody(house, phone, courier, how):
    draft = house.draft(house.movement(3), [phone])
    house.schedule(draft)
    house.release()
    if how == "cancelled":
        house.cancel(draft)
    elif how == "replaced":
        changed = {"notice": draft.notice, "version": 2, "offers": draft.offers}
        house.schedule(
            house.draft(draft.movement, [phone], **changed, release_at=house.now + timedelta(hours=5))
        )
    else:
        house.pass_(hours=48)
        house.write(notices.expire, house.now)
    assert courier.run() == []


def test_a_notice_rings_urgently_and_its_desk_sees_how_many_were_rung(house, phone, courier):

    house.pass_(hours=10)
    silent = house.enrolled(*BOTH)
    house.schedule(house.draft(house.movement(3), [phone, silent]))
    house.release()
    (ring,) = courier.run()
    assert (ring.urgent, ring.silent) == (True, False)
    (view,) = house.as_(house.chief, answers.listed)
    assert (view.counts.recipients, view.counts.rung, view.counts.fetched) == (2, 1, 0)


def test_silence_and_blocking_end_with_a_ring_for_what_is_unread(house, phone, courier):
    mine = account(house)
    house.write_to(phone)
    house.write(accounts.blocked, mine, True, house.now)
    assert courier.run() == []
    house.write(accounts.blocked, mine, False, house.now)
    assert [claim.kind for claim in courier.run()] == ["ring"]
    phone.read()
    courier.run()
    house.write(accounts.pause, mine, True, house.now)
    house.write_to(phone)
    assert courier.run() == []
    house.write(accounts.pause, mine, False, house.now)
    assert [claim.kind for claim in courier.run()] == ["ring"]


def test_two_people_on_one_phone_share_one_bell(house, phone, courier):
    other = house.enrolled("messages", telegram_id=CHAT)
    house.write_to(phone, other)
    assert len(courier.run()) == 1
    phone.read()
    assert courier.run() == []
    other.read()
    assert [claim.kind for claim in courier.run()] == ["delete"]


def test_officers_with_an_account_are_rung_until_one_of_them_fetches(house, phone, courier):
    officer_account(house, "C-01", 5)
    officer_account(house, "W-01", 6)
    officer_account(house, "A-01", 7)
    phone.send()
    assert sorted(claim.chat for claim in courier.run()) == [5, 6]

    house.as_(house.chief, post.mail, 0, 10, house.now)
    assert sorted((claim.kind, claim.chat) for claim in courier.run()) == [("delete", 5), ("delete", 6)]


def test_a_notice_not_yet_released_rings_nobody(house, phone, courier):
    house.schedule(house.draft(house.movement(3), [phone]))
    house.write(doorbells.ring, {account(house): True}, house.now)
    assert courier.run() == []


def test_replies_come_before_urgent_rings_before_rings(house, phone, courier):
    other = house.enrolled("messages", telegram_id=CHAT + 1)
    mine = account(house)
    house.write_to(other)
    house.write_to(phone, urgent=True)
    for _ in range(2):
        house.write(outbox.reply, mine, "help", {"n": 1}, house.now, dedupe="7:help")
    house.write(outbox.answer_callback, house.vault, mine, "cb", house.now, key="done", dedupe="8")
    house.write(outbox.delete, mine, 3, house.now)
    kinds = [(claim.kind, claim.urgent) for claim in courier.run(limit=1)]
    assert kinds == [
        ("answer_callback", False),
        ("reply", False),
        ("delete", False),
        ("ring", True),
        ("ring", False),
    ]


def test_an_answer_to_an_officer_vanishes(house, courier):
    mine = officer_account(house)
    house.write(
        outbox.reply, mine, "queue", {"count": 3}, house.now, dedupe="9:q", vanish_after=timedelta(minutes=10)
    )
    (reply,) = courier.run()
    assert reply.params == {"count": 3}
    assert courier.run() == []
    house.pass_(minutes=10)
    assert [(claim.kind, claim.message_id) for claim in courier.run()] == [("delete", 101)]


def test_a_persons_calls_go_out_one_by_one_in_their_order(house, courier):
    mine, other = account(house), account(house, 9)
    for n in range(3):
        house.write(outbox.reply, mine, f"k{n}", {}, house.now, dedupe=str(n))
    house.write(outbox.reply, other, "other", {}, house.now, dedupe="x")
    first, aside = courier.claim()
    assert (first.key, aside.key) == ("k0", "other")
    assert courier.claim() == []
    courier.settle(first, Later(house.now + timedelta(seconds=5)))
    assert courier.claim() == []
    house.pass_(seconds=5)
    (again,) = courier.claim()
    assert again.key == "k0"
    for _ in range(2):
        house.pass_(seconds=25)
        assert courier.claim() == []
    house.pass_(seconds=10)
    for key in ("k0", "k1", "k2"):
        claim = next(claim for claim in courier.claim() if claim.account == mine)
        assert claim.key == key
        courier.settle(claim, Sent(1))


def test_a_restarted_process_takes_up_at_once_what_it_had_in_flight(house, courier):
    mine = account(house)
    for n in range(2):
        house.write(outbox.reply, mine, f"k{n}", {}, house.now, dedupe=str(n))
    (flying,) = courier.claim()
    assert courier.claim() == []
    lead = house.write(delivery.lead, "one", house.now, fresh=True)
    assert lead.fence == courier.lead.fence + 1
    with fails("not_leader"):
        house.write(delivery.claim, house.vault, courier.lead, house.now)
    (taken,) = house.write(delivery.claim, house.vault, lead, house.now)
    assert (taken.key, taken.tries) == ("k0", 2)
    assert courier.settle(flying, Sent(1)) is False
    assert house.write(delivery.settle, taken, Sent(1), house.now) is True


def test_a_bell_whose_deletion_is_on_the_way_is_replaced_not_doubled(house, phone, courier):
    house.write_to(phone)
    courier.run()
    phone.read()
    (delete,) = courier.claim()
    courier.settle(delete, Later(house.now + timedelta(seconds=9)))
    house.write_to(phone)
    (ring,) = courier.run()
    assert (ring.kind, ring.replaces) == ("ring", 101)
    house.pass_(seconds=9)
    assert [claim.kind for claim in courier.run()] == ["delete"]


def test_a_bell_that_could_not_be_deleted_is_replaced_not_doubled(house, phone, courier):
    house.write_to(phone)
    courier.run()
    phone.read()
    (delete,) = courier.claim()
    courier.settle(delete, Refused("bad_request"))
    house.write_to(phone)
    assert [(claim.kind, claim.replaces) for claim in courier.run()] == [("ring", 101)]
    phone.read()
    assert [claim.message_id for claim in courier.run()] == [102]


def test_a_stale_reply_is_not_sent(house, courier):
    house.write(outbox.reply, account(house), "help", {}, house.now, dedupe="1")
    house.pass_(hours=1)
    assert courier.run() == []


def test_later_waits_and_resting_accounts_are_passed_over(house, phone, courier):
    house.write_to(phone)
    (ring,) = courier.claim()
    courier.settle(ring, Later(house.now + timedelta(seconds=5)))
    assert courier.claim() == []
    house.pass_(seconds=5)
    assert courier.claim(resting={ring.account}) == []
    assert len(courier.claim()) == 1


def test_gone_blocks_and_drops_the_rest(house, phone, courier):
    house.write_to(phone)
    house.write(outbox.reply, account(house), "help", {}, house.now, dedupe="1")
    (reply,) = courier.claim(limit=1)
    courier.settle(reply, Gone())
    assert courier.run() == []
    assert house.write(accounts.known, house.vault, CHAT, house.now).blocked is True


def test_a_refused_reply_is_over(house, phone, courier):
    house.write(outbox.reply, account(house), "help", {}, house.now, dedupe="1")
    (reply,) = courier.claim()
    assert courier.settle(reply, Refused("bad_request"))
    assert courier.run() == []


def test_a_claim_is_settled_once_and_not_after_its_lease_was_taken_back(house, phone, courier):
    house.write_to(phone)
    (ring,) = courier.claim()
    for _ in range(2):  # it goes on leading under one fence
        house.pass_(seconds=25)
        assert courier.claim() == []
    house.pass_(seconds=10)
    assert house.read(delivery.next_due) == house.now
    assert house.write(delivery.requeue, house.now) == 1
    for outcome in (Sent(1), Later(house.now), Gone(), Refused("x"), Uncertain()):
        assert courier.settle(ring, outcome) is False
    (second,) = courier.claim()
    assert (second.tries, second.fence) == (2, ring.fence)
    assert courier.settle(ring, Sent(1)) is False
    assert courier.settle(second, Sent(2)) is True
    assert courier.settle(second, Sent(2)) is False


def test_requeueing_joins_a_ring_that_was_queued_meanwhile(house, phone, courier):
    house.write_to(phone)
    courier.claim()
    house.write_to(phone, urgent=True)
    house.pass_(minutes=1)
    assert house.write(delivery.requeue, house.now) == 1
    assert [claim.urgent for claim in courier.run()] == [True]


def test_updates_are_taken_once_kept_in_order_and_done_once(house, vault):
    updates = [inbox.Update(n, CHAT, {"command": f"c{n}"}) for n in (900, 7, 8)]
    assert house.write(inbox.take, vault, updates, house.now) == 3
    assert house.write(inbox.take, vault, [*updates, updates[0]], house.now) == 0
    waiting = house.read(inbox.pending, vault)
    assert [(taken.update_id, taken.chat) for taken in waiting] == [(900, CHAT), (7, CHAT), (8, CHAT)]
    assert waiting[1].payload == {"command": "c7"}
    assert house.write(inbox.done, 900, house.now) is True
    assert house.write(inbox.done, 900, house.now) is False
    assert house.write(inbox.done, 1, house.now) is False
    assert [taken.update_id for taken in house.read(inbox.pending, vault)] == [7, 8]
    for leak in ({"id": CHAT}, [str(CHAT)], f"of {CHAT}", str(CHAT << 32 | 5), -CHAT):
        with fails("id_in_clear"):
            house.write(inbox.take, vault, [inbox.Update(1, CHAT, {"from": leak})], house.now)


def test_acknowledging_unseen_takes_the_bell_away_too(house, phone, courier):
    sent = house.write_to(phone)
    courier.run()
    house.as_(phone, post.ack, [sent.id], house.now)
    assert [claim.kind for claim in courier.run()] == ["delete"]


def test_the_first_language_heard_holds_until_another_is_chosen(house, vault):
    house.write(inbox.take, vault, [inbox.Update(1, CHAT, {})], house.now)
    for said, expected in (("", ""), ("fa-AF", "fa-AF"), ("en", "fa-AF"), ("", "fa-AF")):
        found = house.write(accounts.known, vault, CHAT, house.now, said)
        assert found.language == expected
        assert house.write(accounts.known, vault, CHAT, house.now) == found
    house.write(accounts.speak, found.id, "en")
    assert house.write(accounts.known, vault, CHAT, house.now, "fa-AF").language == "en"


def test_strangers_are_forgotten_and_nobody_else(house, phone, courier, vault):
    stranger, busy = account(house, 1), account(house, 2)
    house.pass_(days=30)
    house.write(inbox.take, vault, [inbox.Update(1, 2, {})], house.now)
    house.write(retention.forget, house.now)
    assert account(house, CHAT) < stranger < busy == account(house, 2)
    assert account(house, 1) > busy


def test_ended_rows_are_forgotten_in_time(house, phone, courier, vault):
    house.write_to(phone)
    courier.run()
    house.write(inbox.take, vault, [inbox.Update(1, CHAT, {})], house.now)
    house.write(inbox.done, 1, house.now)
    house.pass_(days=6)
    assert house.write(retention.forget, house.now).outbox == 0
    house.pass_(days=1)
    swept = house.write(retention.forget, house.now)
    assert (swept.outbox, swept.inbox) == (1, 1)
