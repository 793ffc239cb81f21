"""People who came without a letter: unverified until two officers vouch for the phone by its comparison number.

All that is shown of them is the relay's word, but what the phone itself signed. They are kept apart from contacts:
nothing here makes anybody one but a card that two officers signed. When they are gone, so is what they wrote.
"""

from dataclasses import dataclass, field

from crypto.card import Card, Evidence
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, unb64u
from crypto.errors import CryptoError, Refused
from crypto.number import comparison_number
from crypto.prekey import Prekey
from crypto.roster import Role
from crypto.sealing import Recipient
from crypto.statement import Consent, check_statement
from desk import contacts
from desk.answers import Answer
from desk.enrolments import MAY_CERTIFY, cosign, issue
from desk.errors import AlarmError, DeskError
from desk.office import Desk
from desk.state import HeldReferral


@dataclass
class Unverified:
    """Somebody who waits. `fault` says what does not hold of what the relay shows; empty when all does."""

    contact: bytes
    alias: str
    at: int
    expires: int
    letters: int
    language: str
    record: DeviceRecord | None = None
    prekeys: list[Prekey] = field(default_factory=list)
    half: Card | None = None  # what a first officer signed
    agrees: bool = False  # to messages, by the phone's own signature
    fault: str = ""

    @property
    def number(self) -> tuple[str, ...]:
        return comparison_number(self.record) if self.record else ()


def take_open(desk: Desk, code: str) -> None:
    """Take people without a letter, under a code name that everybody can read."""
    desk.require(Role.COORDINATOR, "open the office to people without a letter")
    desk.relay.post("/referral-offices", {"code": code})


def close(desk: Desk) -> None:
    desk.require(Role.COORDINATOR, "close the office to people without a letter")
    desk.relay.post("/referral-offices/close", {})


def listed(desk: Desk) -> list[Unverified]:
    """Who waits, the oldest first, each checked; whoever is gone is forgotten here too."""
    desk.require(MAY_CERTIFY, "see who waits")
    found = [_check(desk, answer) for answer in Answer(desk.relay.get("/referrals")).many("referrals")]
    found.sort(key=lambda one: one.at)
    _forget(desk, {b64u(one.contact) for one in found})
    for one in found:
        if one.record is not None and not one.fault:
            desk.state.referrals[b64u(one.contact)] = HeldReferral(one.alias, one.record.encode())
    desk.save()
    return found


def look(desk: Desk, alias: str) -> Unverified | None:
    """Whoever waits as that, if anybody does. Raises AlarmError when something about them does not hold."""
    one = next((each for each in listed(desk) if each.alias == alias), None)
    if one is not None and (one.fault or one.record is None):
        raise AlarmError(f"{alias}: {one.fault}.")
    return one


def find(desk: Desk, alias: str) -> Unverified:
    """Raises DeskError when nobody of that alias waits, AlarmError when something about them does not hold."""
    one = look(desk, alias)
    if one is None:
        raise DeskError(f"Nobody waits as {alias}.", "See `qasid-desk referrals`.", "no_referral")
    return one


def sender(desk: Desk, device: bytes) -> tuple[DeviceRecord, str] | None:
    """The device of somebody unverified, as first seen, with the alias."""
    for name, held in desk.state.referrals.items():
        record = DeviceRecord.parse(held.record)
        if record.device == device and not contacts.held_card(desk, unb64u(name)):
            return record, held.alias
    return None


def is_held(desk: Desk, alias: str) -> bool:
    """Whether this desk knows somebody unverified of that alias."""
    return any(
        held.alias == alias and not contacts.held_card(desk, unb64u(name))
        for name, held in desk.state.referrals.items()
    )


def recipients(desk: Desk, one: Unverified, until: int) -> list[Recipient]:
    """Where to seal a plain letter for somebody unverified. Raises DeskError without consent, or a key until then."""
    if not one.agrees:
        raise DeskError(f"{one.alias} has not consented to messages.", "Nothing was sent.", "no_consent")
    for prekey in sorted(one.prekeys, key=lambda each: -each.sequence):
        try:
            prekey.check_usable(desk.now())
        except CryptoError:
            continue
        if prekey.delete_at >= until:
            return [Recipient(prekey)]
    raise DeskError(f"{one.alias} has no key left that may be sealed to.", "Nothing was sent.", "no_prekey")


def certify(desk: Desk, one: Unverified) -> bool:
    """Vouches for the phone after its number was compared; says whether that makes it a contact's.

    The first officer's signature waits at the relay; the second one's, of another officer, completes the card.
    """
    entry = desk.require(MAY_CERTIFY, "vouch for a phone")
    if one.record is None or one.fault:
        raise AlarmError(f"{one.alias}: {one.fault}.")
    if one.half is not None and _officer(desk, one.half) != entry.officer:
        card = cosign(desk, one.half)
        card.check_referral()
        desk.relay.post("/cards", {"card": b64u(card.encode())})
        contacts.pin(desk, one.alias, card)
        del desk.state.referrals[b64u(one.contact)]
        desk.save()
        return True
    card = issue(desk, (one.record,), Evidence.NUMBER)
    desk.relay.post(f"/referrals/{b64u(one.contact)}/vouch", {"card": b64u(card.encode())})
    return False


def refuse(desk: Desk, one: Unverified, reason: str) -> None:
    """Turns somebody away; what they wrote is deleted here and at the relay."""
    desk.relay.post(f"/referrals/{b64u(one.contact)}/refuse", {"reason": reason})
    listed(desk)


def voucher(desk: Desk, one: Unverified) -> str:
    """The role code of the officer whose signature waits for a second; empty without one."""
    entry = desk.roster.entry(one.half.body.certifier) if one.half else None
    return entry.role_code if entry else ""


def _check(desk: Desk, answer: Answer) -> Unverified:
    one = Unverified(
        answer.octets("contact", 16),
        answer.text("alias"),
        answer.integer("at"),
        answer.integer("expires"),
        answer.integer("letters"),
        answer.text("language", ""),
    )
    held = desk.state.referrals.get(b64u(one.contact))
    try:
        one.record = record = DeviceRecord.parse(answer.octets("device"))
        if (record.office, record.owner_kind, record.owner) != (desk.office, OwnerKind.CONTACT, one.contact):
            raise Refused("the keys name somebody else")
        if contacts.held_card(desk, one.contact):
            raise Refused("this is a contact of ours already, who has no need to come without a letter")
        if held is not None and held.record != record.encode():
            raise Refused("the relay shows other keys than before")
        if wire := answer.maybe_octets("consent"):
            said = check_statement(wire, Consent, record)
            one.agrees = said.given and said.purpose == "messages" and desk.now() < said.lapses
        one.prekeys = [Prekey.from_holder(wire, record) for wire in answer.many_octets("prekeys")]
        one.half = _half(desk, one, answer.maybe_octets("card"))
    except CryptoError as wrong:
        one.fault = str(wrong)
    return one


def _half(desk: Desk, one: Unverified, wire: bytes) -> Card | None:
    """What a first officer signed, if that officer still stands; else it is as if there were nothing."""
    if not wire:
        return None
    card = Card.parse(wire)
    try:
        card.check(desk.roster)
    except Refused:
        return None
    body = card.body
    if body.serial != 1 or body.contact != one.contact or body.devices != (one.record,):
        raise Refused("the relay shows a colleague's signature for other keys")
    return card if body.evidence is Evidence.NUMBER else None


def _officer(desk: Desk, card: Card) -> bytes:
    entry = desk.roster.entry(card.body.certifier)
    return entry.officer if entry else b""


def _forget(desk: Desk, waiting: set[str]) -> None:
    """Drop who waits no more; what they wrote too, unless they are a contact now."""
    state = desk.state
    over = [name for name in state.referrals if name not in waiting]
    if over:
        contacts.refresh(desk)  # colleagues may have made them contacts
    for name in over:
        contact = unb64u(name)
        del state.referrals[name]
        if contacts.held_card(desk, contact):
            continue
        state.messages = [message for message in state.messages if message.contact != contact]
        suffix = f":{name}"
        state.chains = {chain: last for chain, last in state.chains.items() if not chain.endswith(suffix)}
        state.missing = {chain: lost for chain, lost in state.missing.items() if not chain.endswith(suffix)}
