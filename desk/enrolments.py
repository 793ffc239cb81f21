"""Confirming phones: the relay could admit anybody, so the desk checks that the phone knew the letter's secret."""

from dataclasses import dataclass

from crypto.card import Card, CardBody, Evidence
from crypto.device import DeviceRecord
from crypto.encoding import b64u
from crypto.errors import CryptoError
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

    @property
    def number(self) -> tuple[str, ...]:
        return comparison_number(self.record) if self.record else ()


def pending(desk: Desk) -> dict[bytes, list[Candidate]]:
    """The phones that wait, by invitation, each checked against its letter's secret."""
    found: dict[bytes, list[Candidate]] = {}
    for answer in Answer(desk.relay.get("/enrolments")).many("enrolments"):
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
    if contacts.held_card(desk, phone.contact):
        raise DeskError(
            f"{phone.alias} has a card already.", "A second phone needs two officers; that is not built yet."
        )
    counter = desk.state.card_counter + 1
    body = CardBody(
        office=desk.office,
        contact=phone.contact,
        serial=1,
        prev=ZERO_32,
        certifier=desk.device.device,
        counter=counter,
        devices=(record,),
        evidence=evidence,
        issued=desk.now(),
    )
    card = Card.issue(body, desk.keys.sign_seed)
    card.check(desk.roster)
    desk.state.card_counter = counter
    desk.save()  # a counter is never used twice, whatever happens to the request
    desk.relay.post("/cards", {"card": b64u(card.encode()), "enrolment": b64u(phone.invitation)})
    contacts.pin(desk, phone.alias, card)
    desk.save()
    return card


def _check(desk: Desk, answer: Answer) -> Candidate:
    invitation, contact = answer.octets("invitation", 16), answer.octets("contact", 16)
    alias = answer.text("alias")
    kept = held_secret(desk, invitation)
    if kept is None:
        return Candidate(
            invitation, contact, alias, b"", None, "its letter is kept at another desk", here=False
        )
    secret, held = kept
    record: DeviceRecord | None = None
    try:
        record = DeviceRecord.parse(answer.octets("device"))
        check_slip_contact(held, contact)
        secret.check_enrol(
            answer.octets("mac"),
            office=desk.office,
            roster_version=answer.integer("roster_version"),
            contact=contact,
            device=record,
        )
        if (record.office, record.owner) != (desk.office, contact):
            return Candidate(
                invitation,
                contact,
                held.alias,
                record.device,
                record,
                "the keys name somebody else",
                here=True,
            )
        for wire in answer.many_octets("prekeys"):
            Prekey.from_holder(wire, record)
    except CryptoError as wrong:
        device = record.device if record else b""
        return Candidate(invitation, contact, held.alias, device, record, str(wrong), here=True)
    return Candidate(invitation, contact, held.alias, record.device, record, "", here=True)
