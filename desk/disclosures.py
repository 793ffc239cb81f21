"""Passing on what somebody told, by their signed consent; and destroying what they took back."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crypto.casefile import Field
from crypto.disclosure import (
    Acknowledgement,
    Disclosure,
    check_acknowledgement,
    check_disclosure,
    check_withdrawal,
)
from crypto.encoding import b64u, new_id
from crypto.errors import CryptoError, Refused
from crypto.missive import MissiveKind
from crypto.roster import Pin
from crypto.statement import ALL, CONSENT_LIFE
from desk import casefiles, contacts, partners, threads
from desk.answers import Answer
from desk.contacts import ContactView
from desk.errors import DeskError
from desk.office import READS_MAIL, Desk
from desk.state import HeldMissive, HeldPartner

SIGNED: Final = "signed by the person"
RELAY_SAYS: Final = "the relay says so"


@dataclass(frozen=True)
class PassedOn:
    """What this office passed on. `proof` says whose signed word it is that it was destroyed, or what is wrong."""

    envelope: bytes
    fields: str
    recipient: bytes
    alias: str
    state: str
    at: int
    withdrawn_at: int
    proof: str


@dataclass(frozen=True)
class TakenBack:
    """What is to be destroyed here. `word`: SIGNED or RELAY_SAYS; `here`: this desk still has it."""

    envelope: bytes
    fields: str
    office: bytes
    reason: str
    withdrawn_at: int
    word: str
    here: bool


def pass_on(desk: Desk, alias: str, office: str, named: list[str]) -> HeldMissive:
    """Seals these groups of a contact's case file to another office, with the consents they rest on; queued.

    Raises DeskError without the person's consent to just this, and when they told nothing of it; AlarmError.
    """
    desk.require(READS_MAIL, "pass on what people told")
    to = partners.named(desk, office)
    view = contacts.addressee(desk, alias)
    return send(desk, to, compose(desk, view, to, named), new_id())


def compose(
    desk: Desk, view: ContactView, to: HeldPartner, named: Sequence[str], codes: Container[str] | None = None
) -> Disclosure:
    """What a contact told in these groups (of it, the fields with these codes), with the consents it rests on now.

    Raises as `pass_on`.
    """
    contacts.check_alarms(view)
    contacts.check_noted(view)
    said = {group: view.sharing.get((to.office, group)) for group in named}
    for group, consent in said.items():
        if consent is None or not consent.given or consent.at + CONSENT_LIFE <= desk.now():
            raise DeskError(
                f"{view.alias} does not consent to {to.name} getting: {group}.",
                f"Nothing was sent. Ask them: qasid-desk file ask {view.alias} --office {to.name} --fields {group}",
                "no_consent",
            )
    held = casefiles.of(desk, view.alias)
    told = [Field(code, each.text) for code, each in held.items() if codes is None or code in codes]
    fields = tuple(field for field in told if field.group in said)
    missing = sorted(set(named) - {field.group for field in fields})
    if missing and (codes is None or not fields):  # single fields may be blank
        raise casefiles.nothing(view.alias, missing)
    devices = tuple(sorted(view.devices, key=lambda record: record.device))
    payload = Disclosure(
        view.alias, devices, tuple(consent.wire for consent in said.values() if consent), fields
    )
    check_disclosure(payload, office=desk.office, to=to.office, now=desk.now())
    return payload


def send(desk: Desk, to: HeldPartner, payload: Disclosure, within: bytes, *, ends: int = 0) -> HeldMissive:
    """Puts it on its way in that thread; the relay takes it only while those consents stand."""
    query = f"contact={b64u(payload.contact)}&fields={','.join(payload.groups)}"
    wire = payload.encode()
    return threads.queue(desk, to, MissiveKind.DISCLOSURE, within, wire, query=query, ends=ends)


def passed(desk: Desk) -> list[PassedOn]:
    """What this office passed on, the oldest first; acknowledgements are checked under that office's pinned root."""
    desk.require(READS_MAIL, "see what was passed on")
    return [_passed(desk, row) for row in Answer(desk.relay.get("/disclosures")).many("disclosures")]


def taken_back(desk: Desk) -> list[TakenBack]:
    """What other offices' people took back and nobody here has acknowledged, the oldest first."""
    desk.require(READS_MAIL, "see what was taken back")
    rows = Answer(desk.relay.get("/withdrawals")).many("disclosures")
    return [_taken_back(desk, row) for row in rows if row.text("state") == "withdrawn"]


def destroy_taken_back(desk: Desk) -> int:
    """Destroys here, at once, what the person's own signature takes back; how much waits to be acknowledged."""
    rows = Answer(desk.relay.get("/withdrawals")).many("disclosures")
    found = [_taken_back(desk, row) for row in rows]
    for each in found:
        if each.here and each.word == SIGNED:
            _destroy(desk, each)
    desk.save()
    return sum(row.text("state") == "withdrawn" for row in rows)


def acknowledge(desk: Desk, each: TakenBack) -> None:
    """Destroys it here, and signs to the office it came from that it is destroyed. Raises DeskError."""
    desk.check_clock()
    if each.here:
        _destroy(desk, each)
        desk.save()
    said = Acknowledgement(desk.office, each.envelope, each.fields, desk.device.device, desk.now())
    wire = said.sign(desk.keys.sign_seed)
    desk.relay.post("/withdrawals", {"acknowledgement": b64u(wire)})


def forget(desk: Desk, contact: bytes) -> None:
    """Destroys this desk's own copies of what was passed on of somebody."""
    for held in desk.state.missives:
        payload = threads.read(held).read()
        if isinstance(payload, Disclosure) and payload.contact == contact:
            _strip(held, ALL)


def _passed(desk: Desk, row: Answer) -> PassedOn:
    recipient = row.octets("recipient", 32)
    return PassedOn(
        row.octets("envelope", 16),
        row.text("fields"),
        recipient,
        row.text("alias"),
        row.text("state"),
        row.integer("at"),
        row.plain().get("withdrawn_at") or 0,
        _proof(desk, recipient, row) if row.text("state") == "acknowledged" else "",
    )


def _proof(desk: Desk, recipient: bytes, row: Answer) -> str:
    held = desk.state.partners.get(b64u(recipient))
    if held is None:
        return "not verifiable here: that office is not pinned"
    try:
        partners.refresh(desk, held)
        said, entry = check_acknowledgement(
            row.octets("acknowledgement"), roster=partners.roster(held), pin=Pin.parse(held.pin)
        )
        if said.envelope != row.octets("envelope", 16) or said.fields not in (row.text("fields"), ALL):
            raise Refused("it is about something else")
    except CryptoError as wrong:
        return f"NOT THEIRS: {wrong}"
    return f"signed by {entry.role_code} of {held.name}"


def _taken_back(desk: Desk, row: Answer) -> TakenBack:
    envelope, fields, reason = row.octets("envelope", 16), row.text("fields"), row.text("reason")
    held = _held(desk, envelope)
    payload = threads.read(held).read() if held else None
    here = isinstance(payload, Disclosure) and (reason == "erased" or fields in payload.groups)
    word = RELAY_SAYS
    if isinstance(payload, Disclosure) and (wire := row.maybe_octets("statement")):
        try:
            signed = check_withdrawal(payload, wire, to=desk.office, now=desk.now())
            word = SIGNED if signed == fields else RELAY_SAYS
        except CryptoError:
            word = RELAY_SAYS
    named = ALL if reason == "erased" else fields
    at = row.integer("withdrawn_at")
    return TakenBack(envelope, named, row.octets("office", 32), reason, at, word, here)


def _held(desk: Desk, envelope: bytes) -> HeldMissive | None:
    own = (held for held in desk.state.missives if held.envelope == envelope)
    return next((held for held in own if threads.read(held).to == desk.office), None)


def _destroy(desk: Desk, each: TakenBack) -> None:
    if (held := _held(desk, each.envelope)) is not None:
        _strip(held, each.fields)


def _strip(held: HeldMissive, group: str) -> None:
    """The message loses these fields, or with the last of them all that it says; its place in the thread stays."""
    missive = threads.read(held)
    payload = missive.read()
    if not isinstance(payload, Disclosure):
        return
    left = tuple(field for field in payload.fields if group not in (field.group, ALL))
    if not left:
        threads.empty(held)
        return
    held.hash, held.proof = threads.hash_of(held), b""
    held.missive = replace(missive, payload=replace(payload, fields=left).encode()).encode()
