"""Vectors of section 3: a further device, asked for by one that the contact's card names."""

from dataclasses import replace

from crypto.addition import Addition
from crypto.card import Card
from crypto.device import OwnerKind
from crypto.record import rec, unrec

from .cards import FIRST, SECOND_BODY, both, by, cosigned
from .topic import Topic
from .world import (
    CASEWORKER,
    CONTACT,
    DAY,
    NEW_PHONE,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    SECOND,
    STRANGER,
    device,
    edit,
    flip,
)

PAGE = device("page", OwnerKind.CONTACT, CONTACT, OFFICE)
ADDITION = Addition(OFFICE, CONTACT, PHONE.record.device, PAGE.record, NOW + 1)


def make() -> Topic:
    topic = Topic("additions")
    wire = ADDITION.sign(PHONE.sign_seed)
    topic.forms("addition", wire, signed=True)

    def shape(name: str, at: tuple[int, ...], value: bytes) -> None:
        topic.add(f"addition: {name}", "parse", "malformed", type="addition", bytes=edit(wire, at, value))

    shape("of another's device", (0, 3), STRANGER.record.encode())
    shape("of an officer's device", (0, 3), replace(PAGE.record, owner_kind=OwnerKind.OFFICER).encode())
    shape("of another office's device", (0, 3), replace(PAGE.record, office=OTHER_OFFICE).encode())
    shape("of a device record cut short", (0, 3), PAGE.record.encode()[:-1])
    shape("of itself", (0, 3), PHONE.record.encode())
    shape("a time after the year 9999", (0, 4), (253402300800).to_bytes(8, "big"))

    def judge(
        name: str, fails: str | None = None, wire: bytes = wire, card: Card = FIRST, now: int = NOW
    ) -> None:
        topic.add(f"addition: {name}", "addition", fails, wire=wire, card=card.encode(), now=now)

    def signed(seed: bytes = PHONE.sign_seed, **changed) -> bytes:
        return replace(ADDITION, **changed).sign(seed)

    judge("good")
    judge("a year later", now=NOW + 365 * DAY)
    judge("by an hour ahead", wire=signed(at=NOW + 3600))
    judge("by more than an hour ahead", "refused", signed(at=NOW + 3601))
    judge("of the second when the card was issued", "refused", signed(at=NOW))
    judge("older than the card", "refused", signed(at=NOW - DAY))
    judge("signed by the new device", "refused", signed(PAGE.sign_seed))
    judge("signed by a stranger", "refused", signed(STRANGER.sign_seed))
    judge(
        "by a device that is not on the card",
        "refused",
        signed(NEW_PHONE.sign_seed, device=NEW_PHONE.record.device),
    )
    judge(
        "of another contact",
        "refused",
        signed(contact=STRANGER.record.owner, record=replace(PAGE.record, owner=STRANGER.record.owner)),
    )
    judge(
        "of another office",
        "refused",
        signed(office=OTHER_OFFICE, record=replace(PAGE.record, office=OTHER_OFFICE)),
    )
    judge(
        "with the signing key of the old device",
        "refused",
        signed(record=replace(PAGE.record, sign_pk=PHONE.record.sign_pk)),
    )
    judge(
        "with the DH key of the old device",
        "refused",
        signed(record=replace(PAGE.record, dh_pk=PHONE.record.dh_pk)),
    )
    judge("another record under the signature", "refused", edit(wire, (0, 3), NEW_PHONE.record.encode()))
    judge("changed after signing", "refused", edit(wire, (0, 4), (NOW + 2).to_bytes(8, "big")))
    judge("signature changed", "refused", flip(wire, -1))
    judge("signature cut", "malformed", rec(unrec(wire)[0], unrec(wire)[1][:63]))
    two = cosigned(by(SECOND_BODY, CASEWORKER), SECOND)
    third = signed(at=NOW + DAY + 1)
    judge("a third device", None, third, two, NOW + DAY)
    judge(
        "one that the card has", "refused", signed(record=NEW_PHONE.record, at=NOW + DAY + 1), two, NOW + DAY
    )
    three = replace(SECOND_BODY, devices=both(*SECOND_BODY.devices, PAGE.record))
    fourth = device("fourth", OwnerKind.CONTACT, CONTACT, OFFICE).record
    judge(
        "a fourth device",
        "refused",
        signed(record=fourth, at=NOW + DAY + 1),
        cosigned(by(three, CASEWORKER), SECOND),
        NOW + DAY,
    )
    return topic
