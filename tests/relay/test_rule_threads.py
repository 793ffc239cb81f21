"""Between offices: who may write to whom, what the relay notes of it, and that nobody else learns anything."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from crypto.encoding import new_id
from crypto.envelope import Address, split
from crypto.prekey import HolderKind
from crypto.record import ZERO_16
from relay import audit, mailbox, post, retention, threads
from relay.auth import READING
from relay.threads import Decision, Waiting
from store.errors import ClashError
from tests.relay.house import DAY, House
from tests.relay.refusal import fails
from tests.relay.test_rule_delivery import Courier, officer_account

DECIDED = ("missive_passed_on", "missive_held", "missive_returned")
NOBODY = bytes(31) + b"\7"


@pytest.fixture
def other(house: House) -> House:
    return House(house.store, house.vault).register()


@pytest.fixture
def pair(house: House, other: House) -> tuple[House, House]:
    """Two offices that accept each other."""
    befriend(house, other)
    return house, other


def befriend(one: House, two: House) -> None:
    for me, it in ((one, two), (two, one)):
        me.as_(me.chief, threads.accept, it.office, me.now)


def sealed(me: House, to: House, by: str = "C-01", **options: Any) -> bytes:
    address = Address(HolderKind.EPOCH, ZERO_16, to.epoch.prekey.prekey)
    return me.seal(me.by(by), [address], **options)


def send(me: House, to: House, by: str = "C-01", data: bytes = b"", **options: Any) -> bytes:
    """The envelope id."""
    data = data or sealed(me, to, by)
    return bytes(me.as_(me.by(by), threads.send, to.office, data, **options, now=me.now).id)


def decide(me: House, to: House, envelope: bytes, state: str) -> None:
    send(me, to, decision=Decision(envelope, state))


def mail(house: House, by: str = "C-01") -> list[bytes]:
    items = house.as_(house.by(by), mailbox.fetch, 0, 100, house.now).items
    return [split(item.envelope).header.envelope for item in items]


def events(house: House) -> list[tuple[str, str, str]]:
    rows = house.as_(house.by("A-01"), audit.listed).entries
    return [(row.event, row.role_code, row.subject) for row in rows if "missive" in row.event]


def summary(house: House) -> threads.ThreadsView:
    return house.as_(house.chief, threads.summary, house.now)


class TestPartners:
    def test_only_what_both_accept_is_mutual(self, house, other):
        house.as_(house.chief, threads.accept, other.office, house.now)
        house.as_(house.chief, threads.accept, NOBODY, house.now)
        views = house.as_(house.by("W-01"), threads.partners)
        assert {(view.office, view.mutual) for view in views} == {(other.office, False), (NOBODY, False)}
        assert other.as_(other.chief, threads.partners) == []
        other.as_(other.chief, threads.accept, house.office, other.now)
        views = house.as_(house.chief, threads.partners)
        assert {view.office for view in views if view.mutual} == {other.office}
        assert summary(house).partners == 1

    def test_accepting_and_ending_twice_is_logged_once(self, pair):
        house, other = pair
        house.as_(house.chief, threads.accept, other.office, house.now)
        for _ in range(2):
            house.as_(house.chief, threads.end, other.office, house.now)
        rows = house.as_(house.by("A-01"), audit.listed).entries
        assert [row.event for row in rows if "partner" in row.event] == ["partner_accepted", "partner_ended"]
        assert [row.subject for row in rows if "partner" in row.event] == [audit.short(other.office)] * 2

    def test_an_office_is_no_partner_of_itself(self, house):
        with fails("malformed"):
            house.as_(house.chief, threads.accept, house.office, house.now)

    def test_partners_have_an_end(self, house, monkeypatch):
        monkeypatch.setattr(threads, "MOST_PARTNERS", 1)
        house.as_(house.chief, threads.accept, NOBODY, house.now)
        house.as_(house.chief, threads.accept, NOBODY, house.now)
        with fails("too_many_partners"):
            house.as_(house.chief, threads.accept, bytes(31) + b"\1", house.now)

    @pytest.mark.parametrize(
        ("by", "rule"), [("W-01", threads.accept), ("W-01", threads.end), ("A-01", threads.end)]
    )
    def test_coordinators_alone_accept(self, house, by, rule: Callable[..., None]):
        with fails("not_allowed"):
            house.as_(house.by(by), rule, NOBODY, house.now)


class TestSending:
    def test_it_stands_in_the_others_mail_alone(self, pair):
        house, other = pair
        id_ = send(house, other, "W-01")
        assert mail(other) == mail(other, "W-01") == [id_]
        assert mail(house) == []
        assert mail(other, "A-01") == []
        assert events(house) == [("missive_sent", "W-01", audit.short(other.office))]
        assert events(other) == [("missive_received", "", audit.short(house.office))]

    def test_it_goes_once_every_reader_has_it(self, pair):
        house, other = pair
        id_ = send(house, other)
        readers = [each for each in other.officers if each.roles & READING]
        for officer in readers:
            assert mail(other, officer.code) == [id_]
            other.as_(officer, post.ack, [id_], other.now)
        left = house.write(lambda tx: tx.execute(text("SELECT count(*) FROM wraps")).scalar())
        assert left == 0

    def test_acknowledging_anothers_mail_does_nothing(self, pair):
        house, other = pair
        id_ = send(house, other)
        for officer in house.officers:
            house.as_(officer, post.ack, [id_], house.now)
        assert mail(other) == [id_]

    def test_its_officers_are_rung_and_nobody_else(self, pair):
        house, other = pair
        courier = Courier(other)
        for number, (office, code) in enumerate(((other, "W-01"), (other, "A-01"), (house, "C-02")), start=5):
            officer_account(office, code, number)
        send(house, other)
        assert [(claim.kind, claim.chat, claim.urgent) for claim in courier.claim()] == [("ring", 5, False)]

    def test_the_same_again_is_harmless_and_other_bytes_are_not(self, pair):
        house, other = pair
        data = sealed(house, other)
        assert send(house, other, data=data) == send(house, other, data=data)
        assert len(mail(other)) == 1
        with fails("envelope_taken"):
            send(house, other, data=sealed(house, other, envelope=split(data).header.envelope))

    def test_what_one_has_is_not_taken_for_what_another_gets(self, pair):
        house, other = pair
        third = House(house.store, house.vault).register()
        befriend(house, third)
        data = sealed(house, other)
        send(house, other, data=data)
        with fails("envelope_taken"):
            send(house, third, data=data)

    @pytest.mark.parametrize("accepts", ["nobody", "we alone", "they alone", "it ended"])
    def test_no_office_and_none_that_accepts_are_answered_alike(self, house, other, accepts):
        if accepts in {"we alone", "it ended"}:
            house.as_(house.chief, threads.accept, other.office, house.now)
            house.as_(house.chief, threads.accept, NOBODY, house.now)
        if accepts in {"they alone", "it ended"}:
            other.as_(other.chief, threads.accept, house.office, other.now)
        if accepts == "it ended":
            send(house, other)
            other.as_(other.chief, threads.end, house.office, other.now)
        said = []
        for office in (other.office, NOBODY):
            with fails("no_partner") as refused:
                house.as_(house.chief, threads.send, office, sealed(house, other), now=house.now)
            said.append((refused.value.message, refused.value.kind))
        assert len(set(said)) == 1
        assert len(mail(other)) == (accepts == "it ended")

    def test_what_another_office_cannot_take(self, pair):
        house, other = pair
        two = house.seal(
            house.chief,
            [Address(HolderKind.EPOCH, ZERO_16, each.epoch.prekey.prekey) for each in (house, other)],
        )
        phone = other.enrolled("messages")
        for data, code in (
            (two, "malformed"),
            (house.seal(house.chief, other.to(phone)), "malformed"),
            (sealed(house, house), "epoch_unknown"),
            (sealed(house, other, by="C-02"), "wrong_sender"),
            (sealed(house, other) + bytes(threads.SIZE), "too_large"),
            (sealed(house, other, at=house.now - timedelta(hours=2)), "clock_wrong"),
            (b"no envelope", "malformed"),
        ):
            with fails(code):
                send(house, other, data=data)
        assert mail(other) == []

    def test_who_does_not_read_mail_does_not_write_it(self, pair):
        house, other = pair
        auditor = house.by("A-01")
        for rule in (
            lambda: send(house, other, "A-01"),
            lambda: house.as_(auditor, threads.partners),
            lambda: house.as_(auditor, threads.summary, house.now),
        ):
            with fails("not_allowed"):
                rule()

    def test_a_day_has_an_end(self, pair, monkeypatch):
        house, other = pair
        monkeypatch.setattr(threads, "MOST_A_DAY", 1)
        send(house, other)
        with fails("too_many_missives"):
            send(house, other)
        house.pass_(days=1, seconds=1)
        send(house, other)


class TestMediating:
    def test_what_becomes_of_a_request(self, pair):
        house, mediator = pair
        third = House(house.store, house.vault).register()
        befriend(mediator, third)
        asked = [send(house, mediator, mediated=True) for _ in range(3)]
        assert summary(house).asked == Waiting(3, house.now)
        assert summary(mediator).mediate == Waiting(3, house.now)
        decide(mediator, third, asked[0], "passed_on")
        decide(mediator, house, asked[1], "held")
        decide(mediator, house, asked[2], "returned")
        assert (summary(mediator).mediate.count, summary(mediator).held) == (0, Waiting(1, house.now))
        view = summary(house)
        assert (view.asked.count, view.passed_on, view.returned, view.unread.count) == (1, 1, 1, 2)
        named = [(event, subject) for event, _, subject in events(mediator) if event in DECIDED]
        assert named == [(event, audit.short(house.office)) for event in DECIDED]
        decide(mediator, third, asked[1], "passed_on")
        before = (mail(house), mail(third))
        for to, id_, state in (
            (house, asked[0], "returned"),
            (third, asked[0], "passed_on"),
            (house, asked[1], "held"),
            (third, asked[2], "passed_on"),
        ):
            with fails("already_decided"):
                decide(mediator, to, id_, state)
        assert (mail(house), mail(third)) == before  # what came with it went nowhere
        assert summary(third).unread.count == 0

    def test_what_was_not_asked_of_us_is_not_ours_to_decide(self, pair):
        house, mediator = pair
        third = House(house.store, house.vault).register()
        befriend(third, mediator)
        befriend(third, house)
        direct = send(house, mediator)
        asked = send(house, mediator, mediated=True)
        said = set()
        for me, to, id_ in (
            (mediator, house, direct),
            (mediator, house, new_id()),
            (third, house, asked),  # by another
            (house, mediator, asked),  # by its author
        ):
            with fails("missive_not_found") as refused:
                decide(me, to, id_, "returned")
            said.add(refused.value.message)
        assert len(said) == 1
        for to, state in ((third, "returned"), (third, "held"), (house, "passed_on")):
            with fails("malformed"):
                decide(mediator, to, asked, state)
        assert summary(mediator).mediate.count == 1
        assert mail(house) == mail(third) == []

    def test_it_is_forgotten_after_its_time(self, pair):
        house, other = pair
        send(house, other, mediated=True)
        house.write(retention.forget, house.now + timedelta(days=89))
        assert summary(house).asked.count == 1
        house.write(retention.forget, house.now + timedelta(seconds=90 * DAY))
        assert summary(house).asked.count == 0


def test_the_database_refuses_what_cannot_be(pair):
    house, other = pair
    id_ = send(house, other)
    with pytest.raises(ClashError):
        house.write(
            lambda tx: tx.execute(
                text("UPDATE missives SET state = 'held', decided_at = 1 WHERE envelope = :id"), {"id": id_}
            )
        )
