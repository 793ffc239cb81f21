"""Vectors of section 4: contact cards, as the phone named `own` judges them."""

from dataclasses import replace

from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord
from crypto.keys import DeviceKeys
from crypto.record import ZERO_32, rec, unrec
from crypto.roster import Entry, Removal, Role, Roster

from .topic import Topic
from .world import (
    AUDITOR,
    CASEWORKER,
    CONTACT,
    COORDINATOR,
    DAY,
    FORMER,
    GONE,
    NEW_PHONE,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    POCKET,
    ROSTER,
    SECOND,
    STRANGER,
    TABLET,
    WITH_POCKET,
    edit,
    flip,
    seeded,
)

BODY = CardBody(
    office=OFFICE,
    contact=CONTACT,
    serial=1,
    prev=ZERO_32,
    certifier=CASEWORKER.record.device,
    counter=1,
    devices=(PHONE.record,),
    evidence=Evidence.LETTER,
    issued=NOW,
)
FIRST = Card.issue(BODY, CASEWORKER.sign_seed)


def both(*records: DeviceRecord) -> tuple[DeviceRecord, ...]:
    return tuple(sorted(records, key=lambda record: record.device))


SECOND_BODY = replace(
    BODY,
    serial=2,
    prev=BODY.hash,
    counter=2,
    devices=both(PHONE.record, NEW_PHONE.record),
    evidence=Evidence.TWO_OFFICERS,
    issued=NOW + DAY,
)


def by(body: CardBody, keys: DeviceKeys) -> Card:
    return Card.issue(replace(body, certifier=keys.record.device), keys.sign_seed)


def cosigned(card: Card, keys: DeviceKeys) -> Card:
    return card.cosign(keys.record.device, keys.sign_seed)


def make() -> Topic:
    topic = Topic("cards")
    topic.forms("card", cosigned(by(SECOND_BODY, CASEWORKER), SECOND).encode())
    _forms(topic)
    _first(topic)
    _later(topic)
    _removed(topic)
    return topic


def _judge(
    topic: Topic,
    name: str,
    card: Card | bytes,
    fails: str | None = None,
    *,
    held: Card | None = None,
    own: DeviceRecord = PHONE.record,
    roster: Roster = ROSTER,
    former: tuple[Entry, ...] = (),
) -> None:
    topic.add(
        f"card: {name}",
        "card",
        fails,
        card=card if isinstance(card, bytes) else card.encode(),
        roster=roster.encode(),
        own=own.encode(),
        held=held.encode() if held else b"",
        former=[entry.encode() for entry in former],
    )


def _forms(topic: Topic) -> None:
    whole = FIRST.encode()
    devices = [seeded(f"device {i}", 16) for i in range(9)]
    nine = rec(*[edit(PHONE.record.encode(), (3,), device) for device in sorted(devices)])
    two = [record.encode() for record in both(PHONE.record, NEW_PHONE.record)]
    for name, path, value in (
        ("serial 0", (0, 2), bytes(8)),
        ("serial 1 with a predecessor", (0, 3), seeded("prev")),
        ("serial 2 without a predecessor", (0, 2), (2).to_bytes(8, "big")),
        ("counter 0", (0, 5), bytes(8)),
        ("no device", (0, 6), b""),
        ("nine devices", (0, 6), nine),
        ("devices out of order", (0, 6), rec(*reversed(two))),
        ("a device twice", (0, 6), rec(two[0], two[0])),
        ("another contact's device", (0, 6, 0), STRANGER.record.encode()),
        ("another office's device", (0, 6, 0, 0), OTHER_OFFICE),
        ("an officer's device", (0, 6, 0, 1), b"\2"),
        ("evidence 0", (0, 7), b"\0"),
        ("evidence 5", (0, 7), b"\5"),
        ("a cosigner without a signature", (2,), SECOND.record.device),
        ("a cosignature without a cosigner", (3,), bytes(64)),
    ):
        _judge(topic, name, edit(whole, path, value), "malformed")


def _first(topic: Topic) -> None:
    _judge(topic, "first", FIRST)
    _judge(topic, "first by a coordinator", by(BODY, COORDINATOR))
    _judge(topic, "first with a good cosigner", cosigned(FIRST, SECOND))
    _judge(topic, "the one held again", FIRST, held=FIRST)
    _judge(topic, "signature changed", edit(FIRST.encode(), (1,), flip(FIRST.signature, 0)), "refused")
    _judge(
        topic, "first with a bad cosigner", edit(cosigned(FIRST, SECOND).encode(), (3,), bytes(64)), "refused"
    )
    _judge(
        topic, "first with its own officer as cosigner", cosigned(by(BODY, COORDINATOR), TABLET), "refused"
    )
    _judge(topic, "signed by another than it says", Card.issue(BODY, COORDINATOR.sign_seed), "refused")
    _judge(topic, "by an auditor", by(BODY, AUDITOR), "refused")
    _judge(topic, "by a phone that only confirms", by(BODY, POCKET), "refused", roster=WITH_POCKET)
    _judge(topic, "by the contact", by(BODY, PHONE), "refused")
    _judge(topic, "by nobody in the roster", by(BODY, GONE), "refused")
    late = ROSTER.entry(CASEWORKER.record.device).not_after  # type: ignore[union-attr]
    _judge(topic, "issued after the officer's duty", by(replace(BODY, issued=late), CASEWORKER), "refused")
    _judge(
        topic,
        "issued before the officer's duty",
        by(replace(BODY, issued=NOW - 40 * DAY), CASEWORKER),
        "refused",
    )
    swapped = replace(PHONE.record, dh_pk=STRANGER.record.dh_pk)
    _judge(
        topic,
        "one key swapped by the relay",
        edit(FIRST.encode(), (0, 6, 0, 5), STRANGER.record.dh_pk),
        "refused",
    )
    _judge(
        topic, "one key swapped by the officer", by(replace(BODY, devices=(swapped,)), CASEWORKER), "refused"
    )
    _judge(topic, "another phone of the contact", FIRST, "refused", own=NEW_PHONE.record)
    _judge(topic, "another contact's phone", FIRST, "refused", own=STRANGER.record)
    moved = tuple(replace(device, office=OTHER_OFFICE) for device in BODY.devices)
    _judge(
        topic, "another office", by(replace(BODY, office=OTHER_OFFICE, devices=moved), CASEWORKER), "refused"
    )
    purpose = rec(unrec(FIRST.encode())[0], cosigned(FIRST, CASEWORKER).cosignature, b"", b"")
    _judge(topic, "a cosignature as signature", purpose, "refused")


def _later(topic: Topic) -> None:
    second = cosigned(by(SECOND_BODY, CASEWORKER), SECOND)
    third_body = replace(SECOND_BODY, serial=3, prev=second.body.hash, counter=3)
    third = cosigned(by(third_body, CASEWORKER), SECOND)
    _judge(topic, "second", second, held=FIRST)
    _judge(topic, "second on the new phone", second, own=NEW_PHONE.record)
    _judge(topic, "third after the second", third, held=second)
    _judge(topic, "third after the first, one missed", third, held=FIRST)
    _judge(topic, "older than the one held", FIRST, "refused", held=second)
    _judge(topic, "missing cosigner", by(SECOND_BODY, CASEWORKER), "refused", held=FIRST)
    one = by(SECOND_BODY, COORDINATOR)
    _judge(topic, "cosigned by the same device", cosigned(one, COORDINATOR), "refused", held=FIRST)
    _judge(topic, "cosigned by the same officer's tablet", cosigned(one, TABLET), "refused", held=FIRST)
    _judge(topic, "cosigned by an auditor", cosigned(one, AUDITOR), "refused", held=FIRST)
    pocket = cosigned(one, POCKET)
    _judge(topic, "cosigned by a phone that only confirms", pocket, "refused", held=FIRST, roster=WITH_POCKET)
    _judge(topic, "cosigned by the contact", cosigned(one, PHONE), "refused", held=FIRST)
    liar = one.cosign(SECOND.record.device, CASEWORKER.sign_seed)
    _judge(topic, "cosigned by another than it says", liar, "refused", held=FIRST)
    as_card = replace(
        one, cosigner=SECOND.record.device, cosignature=Card.issue(one.body, SECOND.sign_seed).signature
    )
    _judge(topic, "a card signature as cosignature", as_card, "refused", held=FIRST)
    other = by(replace(BODY, counter=7), COORDINATOR)
    _judge(topic, "another of the same serial", other, "refused", held=FIRST)
    forked = cosigned(by(replace(SECOND_BODY, prev=other.body.hash), CASEWORKER), SECOND)
    _judge(topic, "another history", forked, "refused", held=FIRST)
    without = cosigned(by(replace(SECOND_BODY, devices=(NEW_PHONE.record,)), CASEWORKER), SECOND)
    _judge(topic, "this phone dropped", without, "refused", held=FIRST)


def _removed(topic: Topic) -> None:
    body = replace(BODY, counter=3)
    last = by(body, GONE)

    def roster(counter: int, card: bytes) -> Roster:
        removal = Removal(GONE.record.device, NOW + DAY, counter, card)
        return replace(ROSTER, removals=(removal,))

    gone = {"former": (FORMER,)}
    pocket = {"former": (replace(FORMER, roles=Role.CONFIRMER),)}
    earlier = roster(4, seeded("fourth"))
    _judge(topic, "removed phone that only confirmed", last, "refused", roster=earlier, **pocket)
    _judge(topic, "removed officer, an earlier card", last, roster=roster(4, seeded("fourth")), **gone)
    _judge(topic, "removed officer, the last trusted card", last, roster=roster(3, last.body.hash), **gone)
    _judge(
        topic, "removed officer, another last card", last, "refused", roster=roster(3, seeded("x")), **gone
    )
    _judge(topic, "removed officer, after the last", last, "refused", roster=roster(2, seeded("x")), **gone)
    _judge(topic, "removed officer, none trusted", last, "refused", roster=roster(0, ZERO_32), **gone)
    _judge(topic, "removed officer not known from before", last, "refused", roster=roster(4, seeded("x")))
    ended = replace(FORMER, not_after=NOW)
    _judge(
        topic,
        "removed officer whose duty had ended",
        last,
        "refused",
        roster=roster(4, seeded("x")),
        former=(ended,),
    )
    _judge(topic, "known from before but neither entry nor removed", last, "refused", **gone)
    forged = Card.issue(last.body, CASEWORKER.sign_seed)
    _judge(topic, "removed officer, forged", forged, "refused", roster=roster(4, seeded("x")), **gone)
