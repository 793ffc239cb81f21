"""Confirming phones: the relay could admit anybody, so the desk checks that the phone knew the letter's secret."""

from dataclasses import dataclass, replace

from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord
from crypto.encoding import b64u
from crypto.errors import CryptoError, Refused
from crypto.number import comparison_number
from crypto.prekey import Prekey
from crypto.record import ZERO_32
from crypto.roster import Role
from desk import contacts
from desk.answers import Answer
from desk.errors import AlarmError, DeskError
from desk.letters import check_slip_contact, held_secret
from desk.office import Desk

MAY_CERTIFY = Role.COORDINATOR | Role.CASEWORKER
ELSEWHERE = "its letter is kept at another desk"


@dataclass(frozen=True)
class Candidate:
    """One phone that asks to be enrolled. `fault` says why it does not hold the letter; empty when it does."""

    invitation: bytes
    contact: bytes
    alias: str
    device: bytes
    record: DeviceRecord | None
    fault: str
    here: bool  # whether the letter was made at this desk
    again: bool = False  # whether it asks for the place of the phone a contact has
    half: Card | None = None  # what a first officer signed, of the phone that asks so

    @property
    def number(self) -> tuple[str, ...]:
        return comparison_number(self.record) if self.record else ()


def pending(desk: Desk) -> dict[bytes, list[Candidate]]:
    """The phones that wait, by invitation, each checked against its letter's secret."""
    found: dict[bytes, list[Candidate]] = {}
    answers = Answer(desk.relay.get("/enrolments")).many("enrolments")
    if any(each.text("contact") in desk.state.contacts or each.maybe_octets("card") for each in answers):
        contacts.refresh(desk)  # in whose place they ask must be who has it now
    for answer in answers:
        candidate = _check(desk, answer)
        found.setdefault(candidate.invitation, []).append(candidate)
    return found


def is_alarm(candidates: list[Candidate]) -> bool:
    """Whether two phones hold one letter: it was read by somebody else too."""
    return len({candidate.device for candidate in candidates if not candidate.fault and candidate.here}) > 1


def refuse(desk: Desk, candidate: Candidate) -> None:
    body = {"device": b64u(candidate.device)} if candidate.device else {}
    desk.relay.post(f"/enrolments/{b64u(candidate.invitation)}/refuse", body)


def enrol(desk: Desk, candidates: list[Candidate], evidence: Evidence) -> Card:
    """Certifies the one phone that holds the letter and erases the letter's secret.

    Raises AlarmError when two phones hold it, DeskError when none does or the letter is a colleague's.
    """
    desk.require(MAY_CERTIFY, "confirm a phone")
    if is_alarm(candidates):
        raise AlarmError(
            f"Two phones hold the letter for {candidates[0].alias}: somebody else has read it.",
            "Confirm neither. Void the letter (`invitations --void`), warn the person by another way, "
            "and give a new letter by hand.",
            "letter_read_twice",
        )
    good = [candidate for candidate in candidates if not candidate.fault]
    if not good or good[0].record is None:
        raise DeskError("No phone under this letter proves that it holds it.", "Nothing was confirmed.")
    phone, record = good[0], good[0].record
    card = issue(desk, (record,), evidence)
    desk.relay.post("/cards", {"card": b64u(card.encode()), "enrolment": b64u(phone.invitation)})
    contacts.pin(desk, phone.alias, card)
    desk.save()
    return card


def cosign(desk: Desk, half: Card) -> Card:
    """The whole card, with this desk's signature beside the first officer's; both count for when that one signed.

    Raises DeskError `not_officer_then`, Refused.
    """
    if not desk.entry.stands(half.body.issued):
        raise DeskError(
            "The first officer signed before this desk's time began: its signature would count for nothing.",
            "Let a colleague do it who was an officer by then; or turn the phone down and begin with another letter.",
            "not_officer_then",
        )
    card = half.cosign(desk.device.device, desk.keys.sign_seed)
    card.check(desk.roster)
    return card


def issue(
    desk: Desk, devices: tuple[DeviceRecord, ...], evidence: Evidence, last: Card | None = None
) -> Card:
    """The next card of these devices' owner, behind `last`, with this officer's signature; its counter is used up."""
    counter = desk.state.card_counter + 1
    body = CardBody(
        office=desk.office,
        contact=devices[0].owner,
        serial=last.body.serial + 1 if last else 1,
        prev=last.body.hash if last else ZERO_32,
        certifier=desk.device.device,
        counter=counter,
        devices=devices,
        evidence=evidence,
        issued=desk.now(),
    )
    card = Card.issue(body, desk.keys.sign_seed)
    card.check_first(desk.roster)
    desk.state.card_counter = counter
    desk.save()  # a counter is never used twice, whatever happens to the request
    return card


def _check(desk: Desk, answer: Answer) -> Candidate:
    invitation, contact = answer.octets("invitation", 16), answer.octets("contact", 16)
    kept, last = held_secret(desk, invitation), contacts.held_card(desk, contact)
    alias = kept[1].alias if kept else answer.text("alias")
    if last:  # what the relay calls them must not decide in whose place somebody asks
        alias = desk.state.contacts[b64u(contact)].alias
    here = kept is not None
    one = Candidate(invitation, contact, alias, b"", None, "", here=here, again=last is not None)
    try:
        record = DeviceRecord.parse(answer.octets("device"))
        one = replace(one, record=record, device=record.device, half=_half(desk, answer, record, last))
        if kept is None:
            return one if one.half else replace(one, fault=ELSEWHERE)
        secret, held = kept
        check_slip_contact(held, contact)
        secret.check_enrol(
            answer.octets("mac"),
            office=desk.office,
            roster_version=answer.integer("roster_version"),
            contact=contact,
            device=record,
        )
        if (record.office, record.owner) != (desk.office, contact):
            raise Refused("the keys name somebody else")
        for wire in answer.many_octets("prekeys"):
            Prekey.from_holder(wire, record)
    except CryptoError as wrong:
        return replace(one, fault=str(wrong), half=None)
    return one


def _half(desk: Desk, answer: Answer, record: DeviceRecord, last: Card | None) -> Card | None:
    """What a first officer signed, while that officer stands and no other card came since; else None.

    Raises Refused when it is for another phone: the relay has exchanged them.
    """
    wire = answer.maybe_octets("card")
    if not wire or last is None:
        return None
    card = Card.parse(wire)
    try:
        card.check_first(desk.roster)
    except Refused:
        return None
    if (card.body.contact, card.body.devices) != (last.body.contact, (record,)):
        raise Refused("the relay shows a colleague's signature for other keys")
    try:
        card.check_half(last, (record,), Evidence.NUMBER)
    except Refused:
        return None
    return card
