"""Letters in and out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crypto.encoding import new_id
from crypto.envelope import Address, Envelope
from crypto.prekey import HolderKind
from crypto.record import ZERO_16
from relay import audit, auth, consent, contacts, enrolments, offices, post, prekeys, retention, summaries
from relay.errors import RelayError
from store import mail
from store import prekeys as prekey_rows
from store.sql import every
from store.tables.mail import envelopes, wraps
from tests.relay.house import DAY, House, b
from tests.relay.refusal import fails


def rows(house: House, table) -> list:
    return house.read(lambda tx: every(tx, select(table)))


def upload(house: House, who, data: bytes, **options) -> post.Accepted:
    return house.write(post.accept, post.Upload(who.device, data, house.now, **options))


def test_a_letter_arrives_with_the_readers_wrap_alone_and_goes_when_read(house):
    phone = house.enrolled("messages")
    accepted = phone.send()
    assert accepted.head.version == 1
    readers = [officer for officer in house.officers if officer.code != "A-01"]
    for officer in readers:
        (item,) = house.as_(officer, post.mail, 0, 10, house.now).items
        opened = Envelope.parse(item.envelope)
        assert opened.header.envelope == accepted.id
        assert [wrap.address.kind for wrap in opened.wraps] == [HolderKind.EPOCH]
    assert house.as_(house.by("A-01"), post.mail, 0, 10, house.now).items == []
    for officer in readers:
        assert rows(house, wraps) != []
        assert len(house.as_(officer, post.mail, 0, 10, house.now).items) == 1
        house.as_(officer, post.ack, [accepted.id, new_id()], house.now)
        assert house.as_(officer, post.mail, 0, 10, house.now).items == []
    assert rows(house, wraps) == []
    assert [row.common for row in rows(house, envelopes)] == [None]


def test_a_phone_hears_which_of_its_own_letters_a_desk_keeps(house):
    phone, other = house.enrolled("messages"), house.enrolled("messages")
    first, second = phone.send().id, phone.send().id
    theirs = other.send().id

    def kept(*ids: bytes) -> list[bytes]:
        return house.as_(phone, post.mail, 0, 10, house.now, sent=ids).fetched

    house.as_(house.chief, post.mail, 0, 10, house.now)
    assert kept(first, second) == []  # an answer may be lost
    house.as_(house.chief, post.ack, [first, theirs], house.now)
    assert kept(first, second, theirs, new_id()) == [first]
    for officer in house.officers:
        house.as_(officer, post.ack, [first, second], house.now)
    assert [row.envelope for row in rows(house, wraps)] == [theirs]
    assert kept(first, second) == sorted([first, second])
    house.pass_(days=61)
    house.write(retention.forget, house.now)
    assert kept(first, second) == []


def test_a_reply_is_listed_by_number_and_deleted_by_its_reader(house):
    phone = house.enrolled("messages")
    ids = [house.write_to(phone).id for _ in range(3)]
    first = phone.mail(limit=2)
    assert (len(first.items), first.more) == (2, True)
    rest = phone.mail(after=first.items[-1].seq)
    assert (len(rest.items), rest.more) == (1, False)
    listed = [Envelope.parse(item.envelope).header.envelope for item in first.items + rest.items]
    assert listed == ids
    house.as_(phone, post.ack, ids[:2], house.now)
    assert len(phone.mail().items) == 1
    house.as_(phone, post.ack, ids, house.now)
    assert [row.common for row in rows(house, envelopes)] == [None] * 3
    for after, limit in ((-1, 1), (1 << 63, 1), (0, 0)):
        with fails("malformed"):
            phone.mail(after, limit)
    with fails("too_many_ids"):
        house.as_(phone, post.ack, [b(n) for n in range(1001)], house.now)


def test_the_same_letter_again_is_one_letter_even_after_it_was_read(house):
    phone = house.enrolled("messages")
    data = phone.letter()
    first = upload(house, phone, data)
    house.pass_(hours=3)
    assert upload(house, phone, data) == first
    for officer in house.officers:
        house.as_(officer, post.ack, [first.id], house.now)
    assert upload(house, phone, data) == first
    assert house.as_(house.chief, post.mail, 0, 10, house.now).items == []
    with fails("envelope_taken"):
        upload(
            house,
            phone,
            house.seal(
                phone, [Address(HolderKind.EPOCH, ZERO_16, house.epoch.prekey.prekey)], envelope=first.id
            ),
        )


def test_a_batch_decides_on_each_alone(house):
    phone, other = house.enrolled("messages"), house.enrolled()
    same = phone.letter()
    expires = house.now + timedelta(minutes=5)

    def up(who, data, nonce=b""):
        return post.Upload(who.device, data, house.now, nonce, expires if nonce else None)

    uploads = [
        up(phone, same, b(1)),
        up(phone, same, b(2)),
        up(phone, phone.letter(), b(1)),
        up(phone, b"rubbish"),
        up(other, other.letter()),
        up(other, phone.letter()),
        post.Upload(b(9), phone.letter(), house.now),
        up(phone, phone.letter(), b(3)),
    ]
    outcomes = house.write(post.accept_many, uploads)
    codes = [outcome.code if isinstance(outcome, RelayError) else "ok" for outcome in outcomes]
    assert codes == [
        "ok",
        "ok",
        "replayed",
        "malformed",
        "no_consent",
        "wrong_sender",
        "unknown_device",
        "ok",
    ]
    assert len(rows(house, envelopes)) == 2
    with fails("replayed"):
        house.write(auth.admit, phone.device, b(3), expires, house.now)
    assert house.write(post.accept_many, []) == []


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("clock_wrong", {"at": -3}),
        ("clock_wrong", {"at": 2}),
        ("expired", {"at": -1, "life": 1800}),
    ],
)
def test_a_letter_must_be_of_now(house, code, options):
    phone = house.enrolled("messages")
    with fails(code):
        phone.send(**options | {"at": house.now + timedelta(hours=options["at"])})
    assert rows(house, envelopes) == []


def test_a_contacts_letter_is_small(house):
    phone = house.enrolled("messages")
    many = [Address(HolderKind.EPOCH, ZERO_16, b(n)) for n in range(6)]
    with fails("too_large"):
        upload(house, phone, house.seal(phone, many, bucket=7))


def test_a_contact_writes_to_its_own_offices_epochs_only(house, store, vault):
    phone, other = house.enrolled("messages"), house.enrolled("messages")
    foreign = House(store, vault).register()
    with fails("not_addressed"):
        upload(house, phone, house.seal(phone, house.to(other)))
    with fails("epoch_unknown"):
        upload(
            house, phone, house.seal(phone, [Address(HolderKind.EPOCH, ZERO_16, foreign.epoch.prekey.prekey)])
        )
    house.pass_(days=15)
    with fails("epoch_unknown"):
        phone.send()


def test_an_officer_writes_to_consenting_contacts_and_colleagues_of_the_own_office(house, store, vault):
    phone, silent = house.enrolled("messages"), house.enrolled()
    foreign = House(store, vault).register()
    with fails("no_consent"):
        house.write_to(phone, silent)
    with fails("recipient_unknown"):
        house.write_to(foreign.enrolled("messages"))
    with fails("prekey_unknown"):
        upload(house, house.chief, house.seal(house.chief, [Address(HolderKind.DEVICE, phone.device, b(1))]))
    pending = house.invite()
    pending.enrol()
    with fails("recipient_unknown"):
        house.write_to(pending)
    grant = house.seal(
        house.by("C-02"), [Address(HolderKind.DEVICE, house.chief.device, house.prekeys[0].prekey.prekey)]
    )
    upload(house, house.by("C-02"), grant)
    assert len(house.as_(house.chief, post.mail, 0, 10, house.now).items) == 1
    with fails("wrong_sender"):
        upload(house, house.chief, grant)
    with fails("malformed"):
        upload(house, phone, grant[:-1])
    with fails("notice_over"):
        house.write_to(phone, notice=(b(1), 1))
    with fails("not_allowed"):
        upload(house, phone, phone.letter(), notice=(b(1), 1))


def to_officer(house: House, device: bytes, prekey: bytes) -> list[Address]:
    return [Address(HolderKind.DEVICE, device, prekey)]


def test_who_reads_no_mail_writes_to_no_contact(house):
    phone = house.enrolled("messages", "departures")
    auditor = house.by("A-01")
    with fails("not_allowed"):
        house.write_to(phone, by=auditor)
    with fails("not_allowed"):
        upload(
            house,
            auditor,
            house.seal(auditor, [Address(HolderKind.EPOCH, ZERO_16, house.epoch.prekey.prekey)]),
        )
    assert phone.mail().items == []
    upload(
        house,
        auditor,
        house.seal(auditor, to_officer(house, house.chief.device, house.prekeys[0].prekey.prekey)),
    )
    house.write_to(phone, by=house.by("W-01"))
    assert len(phone.mail().items) == 1


def test_only_a_coordinator_writes_about_a_notice(house):
    phone = house.enrolled("messages", "departures")
    coming = house.draft(house.movement(5), [phone])
    house.schedule(coming)
    house.release()
    for code in ("W-01", "A-01"):
        with fails("not_allowed"):
            house.write_to(phone, by=house.by(code), notice=(coming.notice, 1))
    house.write_to(phone, by=house.by("C-02"), notice=(coming.notice, 1))
    assert len(phone.mail().items) == 2


def test_a_grant_waits_for_an_officers_device_that_has_not_joined(house):
    new = house.by("C-02")
    first, second = (house._device_prekey(new.keys, n) for n in (1, 2))
    grant = house.seal(house.chief, to_officer(house, new.device, first.prekey.prekey))
    upload(house, house.chief, grant)
    house.as_(new, prekeys.add, [first.prekey.sign(new.keys.sign_seed)], house.now)
    (item,) = house.as_(new, post.mail, 0, 10, house.now).items
    assert Envelope.parse(item.envelope).wraps[0].address.prekey == first.prekey.prekey
    with fails("prekey_unknown"):
        upload(
            house, house.chief, house.seal(house.chief, to_officer(house, new.device, second.prekey.prekey))
        )
    with fails("recipient_unknown"):
        upload(house, house.chief, house.seal(house.chief, to_officer(house, b(9), first.prekey.prekey)))


def test_a_contacts_prekey_is_always_to_be_known(house):
    phone = house.enrolled("messages")
    house.write(prekey_rows.drop_devices, [phone.device])
    with fails("prekey_unknown"):
        house.write_to(phone)


def test_nothing_new_is_taken_under_an_epoch_the_roster_dropped(house):
    phone = house.enrolled("messages")
    waiting = phone.send().id
    late = phone.letter()
    new = house._pair(HolderKind.EPOCH, ZERO_16, 2)
    house.as_(house.chief, offices.follow, house.next_roster(epochs=(new.prekey,)), house.now)
    with fails("epoch_unknown"):
        upload(house, phone, late)
    items = house.as_(house.chief, post.mail, 0, 10, house.now).items
    assert [Envelope.parse(item.envelope).header.envelope for item in items] == [waiting]
    house.epoch = new
    phone.send()


@pytest.mark.parametrize("listed", ["the new one as well", "the old one alone"])
def test_after_a_removal_only_what_the_removed_cannot_open_is_taken(house, listed):
    phone = house.enrolled("messages")
    old = house.epoch
    house.pass_(hours=1)
    new = house._pair(HolderKind.EPOCH, ZERO_16, 2)
    epochs = (old.prekey, new.prekey) if listed == "the new one as well" else (old.prekey,)
    late, removed = phone.letter(), house.next_roster(remove=["C-03"], epochs=epochs)
    house.as_(house.chief, offices.follow, removed, house.now)
    if len(epochs) == 1:  # the office has no other
        upload(house, phone, late)
        return
    with fails("epoch_unknown"):
        upload(house, phone, late)
    house.epoch = new
    phone.send()
    house.pass_(days=8)
    third = house._pair(HolderKind.EPOCH, ZERO_16, 3)
    wire = house.next_roster(epochs=(*epochs, third.prekey))
    house.as_(house.chief, offices.follow, wire, house.now)
    phone.send()  # an epoch begun after the removal is as good as the newest


def test_withdrawal_destroys_what_waits_and_stops_what_would_come(house):
    phone = house.enrolled("messages")
    house.write_to(phone)
    house.as_(phone, consent.record, phone.statement("messages", False), house.now)
    assert rows(house, wraps) == []
    assert [row.common for row in rows(house, envelopes)] == [None]
    with fails("no_consent"):
        house.write_to(phone)
    with fails("no_consent"):
        phone.send()
    phone.consent("messages")
    house.write_to(phone)
    assert len(phone.mail().items) == 1


def test_expired_letters_are_not_listed_and_are_swept(house):
    phone = house.enrolled("messages")
    house.write_to(phone, life=DAY)
    phone.send(life=2 * DAY)
    house.pass_(days=1, minutes=1)
    assert phone.mail().items == []
    swept = house.write(retention.forget, house.now)
    assert swept.envelopes == 1
    assert len(rows(house, wraps)) == 1
    house.pass_(days=2)
    assert house.write(retention.forget, house.now).envelopes == 1
    assert rows(house, wraps) == rows(house, envelopes) == []


def test_numbers_rise_over_everything_an_office_gets(house):
    phone = house.enrolled("messages")
    for _ in range(3):
        phone.send()
        house.write_to(phone)
    seqs = [row.seq for row in rows(house, wraps)]
    assert sorted(seqs) == list(range(1, 7))


def test_a_removed_officer_loses_what_waits(house):
    grant = house.seal(
        house.by("C-02"), [Address(HolderKind.DEVICE, house.chief.device, house.prekeys[0].prekey.prekey)]
    )
    upload(house, house.by("C-02"), grant)
    wire = house.next_roster(remove=["C-01"])
    house.as_(house.chief, offices.follow, wire, house.now)
    assert rows(house, wraps) == []


def test_staff_see_counts_and_ages_by_alias(house):
    phone = house.invite(alias="K-7")
    phone.enrol()
    who = house.read(auth.device_of, house.chief.device, house.now)
    assert house.write(summaries.queue, who, house.now).enrolments == 1
    house.as_(house.chief, enrolments.card, house.card(phone), None, house.now)
    phone.consent("messages")
    came = house.now
    phone.send()
    house.pass_(hours=2)
    queue = house.write(summaries.queue, who, house.now)
    assert (queue.enrolments, queue.unread, queue.oldest) == (0, 1, came)
    case = house.write(summaries.case, who, "k-7", house.now)
    assert (case.state, case.unread, case.oldest, case.last_heard) == ("enrolled", 1, came, came)
    assert case.consents == ["messages"]
    assert house.as_(house.chief, contacts.one, phone.contact, house.now).unread_oldest == came
    other = house.invite(alias="K-9")
    other.enrol()
    house.as_(house.chief, enrolments.card, house.card(other), None, house.now)
    assert house.as_(house.chief, contacts.one, other.contact, house.now).unread_oldest is None
    assert house.write(summaries.case, who, "k-9", house.now).unread == 0
    assert house.as_(house.by("A-01"), audit.newest, 1)[0].event == "case_read"
    house.as_(house.chief, post.mail, 0, 10, house.now)
    assert house.write(summaries.queue, who, house.now).unread == 0
    with fails("case_not_found"):
        house.read(summaries.case, who, "K-8", house.now)
    with fails("not_allowed"):
        house.write(
            summaries.queue, house.read(auth.device_of, house.by("A-01").device, house.now), house.now
        )


def test_removing_a_letters_last_wrap_removes_its_body_only(house):
    phone, other = house.enrolled("messages"), house.enrolled("messages")
    sent = house.write_to(phone, other).id
    house.as_(phone, post.ack, [sent], house.now)
    assert rows(house, envelopes)[0].common is not None
    assert len(house.read(mail.known, [sent])) == 1
    house.as_(other, post.ack, [sent], house.now)
    assert rows(house, envelopes)[0].common is None
