"""What this desk believes of its contacts: only what officers' cards and the contacts' own signatures say.

The relay passes on cards, prekeys and consents; it can withhold them, but whatever it makes up, swaps or plays
again raises an alarm on that contact, and nothing is sealed to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crypto.card import Card
from crypto.device import DeviceRecord
from crypto.encoding import b64u, unb64u
from crypto.errors import CryptoError
from crypto.notice import OwnPart
from crypto.number import comparison_number
from crypto.prekey import Prekey
from crypto.record import ZERO_32
from crypto.roster import Roster
from crypto.sealing import Recipient
from crypto.statement import CONSENT_LIFE, SHARING, Consent, check_statement
from desk.answers import Answer
from desk.errors import AlarmError, DeskError, RelayError
from desk.office import Desk
from desk.state import HeldConsent, HeldContact
from desk.times import show_time

Tick = Callable[[], None]


@dataclass
class ContactView:
    """A contact as just verified. `alarms` says in sentences what the relay tried."""

    contact: bytes
    alias: str
    state: str
    card: Card | None = None
    prekeys: dict[bytes, Prekey] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    #: Until when each consent that was given stands, in Unix seconds.
    agreed_until: dict[str, int] = field(default_factory=dict)
    #: Newest statements about passing on to other offices, by office and group of fields.
    sharing: dict[tuple[bytes, str], HeldConsent] = field(default_factory=dict)
    paused: bool = False
    language: str = ""
    unread_oldest: int = 0
    compared_at: int = 0
    #: Whether the phone was changed, and no officer here has taken note of that.
    new_phone: bool = False
    alarms: list[str] = field(default_factory=list)

    @property
    def devices(self) -> Sequence[DeviceRecord]:
        return self.card.body.devices if self.card else ()

    @property
    def changed_at(self) -> int:
        """When the phone was last changed, in Unix seconds; 0 while it is the first one."""
        return self.card.body.issued if self.card and self.card.body.serial > 1 else 0


def refresh(desk: Desk, tick: Tick = lambda: None) -> list[ContactView]:
    """Fetches and verifies all contacts, pins what is new, and saves."""
    roster = desk.roster
    views = []
    for answer in Answer(desk.relay.get("/contacts")).many("contacts"):
        views.append(_take(desk, roster, answer))
        tick()
    desk.save()
    return views


def addressee(desk: Desk, alias: str) -> ContactView:
    """Fetches and verifies whom something is about to be sent to: alone, once this desk has met them.

    Only for that. Who merely looks at a contact fetches all, lest the relay learn whom an officer looks at.
    Raises DeskError `no_contact`, AlarmError when the relay shows somebody else.
    """
    name = next((name for name, held in desk.state.contacts.items() if alias in (held.alias, name)), "")
    answer = _alone(desk, name) if name else None
    if answer is None:
        return find(refresh(desk), alias)
    if answer.octets("contact", 16) != unb64u(name):
        raise AlarmError(f"{alias}: The relay shows somebody else in their place.")
    view = _take(desk, desk.roster, answer)
    desk.save()
    return view


def remembered(desk: Desk) -> list[ContactView]:
    """The contacts as last verified, for writing while the relay is out of reach; nothing is fetched."""
    views = []
    for name, held in desk.state.contacts.items():
        card = Card.parse(held.card)
        view = ContactView(unb64u(name), held.alias, "enrolled", card)
        _remembered(held, view)
        try:
            card.check(desk.roster, desk.former())
            for record in card.body.devices:
                if wire := held.prekeys.get(b64u(record.device)):
                    view.prekeys[record.device] = Prekey.from_holder(wire, record)
        except CryptoError as refused:
            view.alarms.append(f"The contact card is refused: {refused}.")
        _in_force(held, view, desk.now())
        views.append(view)
    return views


def find(views: Iterable[ContactView], alias: str) -> ContactView:
    """Raises DeskError when there is nobody of that alias (or contact id)."""
    for view in views:
        if alias in (view.alias, b64u(view.contact)):
            return view
    raise DeskError(f"There is no contact {alias}.", "See `qasid-desk contacts`.", "no_contact")


def check_alarms(view: ContactView) -> None:
    """Raises AlarmError when anything about this contact was tampered with."""
    if view.alarms:
        raise AlarmError(f"{view.alias}: {' '.join(view.alarms)}")


def recipients(
    desk: Desk, view: ContactView, purposes: Iterable[str], until: int, own: OwnPart | None = None
) -> list[Recipient]:
    """Where to seal for this contact: one usable prekey of each device of the card.

    Raises AlarmError on tampering, DeskError without a consent to each of `purposes` that stands until then, or when a
    device has no prekey that is valid now and will still be held at `until`.
    """
    check_alarms(view)
    if view.card is None or view.state != "enrolled":
        raise DeskError(
            f"{view.alias} is not enrolled ({view.state}).", "See `qasid-desk confirm`.", "not_enrolled"
        )
    missing = [purpose for purpose in purposes if not view.consents.get(purpose)]
    if missing:
        raise DeskError(
            f"{view.alias} has not consented to: {', '.join(missing)}.",
            "Only they can, in the app. Nothing was sent.",
            "no_consent",
        )
    ending = [purpose for purpose in purposes if view.agreed_until[purpose] <= until]
    if ending:
        raise DeskError(
            f"{view.alias}'s permission for {', '.join(ending)} ends before this does: it was given a year ago.",
            "They can renew it in the app, under settings. Nothing was sent.",
            "no_consent",
        )
    usable = [prekey for prekey in view.prekeys.values() if _usable(prekey, desk.now(), until)]
    if not usable:
        raise DeskError(
            f"{view.alias} has no key left that may be sealed to.",
            "It is renewed when they open the app; ask them to, by another way.",
            "no_prekey",
        )
    return [Recipient(prekey, own) for prekey in usable]


def keys(desk: Desk, view: ContactView, own: OwnPart | None = None) -> list[Recipient]:
    """Where to seal what only voids what the contact holds: verified keys that may be sealed to now."""
    if view.state != "enrolled":
        return []
    found = []
    for prekey in view.prekeys.values():
        try:
            prekey.check_usable(desk.now())
        except CryptoError:
            continue
        found.append(Recipient(prekey, own))
    return found


def held_card(desk: Desk, contact: bytes) -> Card | None:
    """The pinned card, however long ago it was verified."""
    held = desk.state.contacts.get(b64u(contact))
    return Card.parse(held.card) if held and held.card else None


def sender_record(desk: Desk, device: bytes) -> tuple[DeviceRecord, str] | None:
    """The contact's device record of a device id, by the pinned cards, with the contact's alias."""
    for held in desk.state.contacts.values():
        if held.card:
            for record in Card.parse(held.card).body.devices:
                if record.device == device:
                    return record, held.alias
    return None


def last_card(desk: Desk, certifier: bytes, limit: int | None) -> tuple[int, bytes]:
    """Counter and hash of the last pinned card a device certified, up to counter `limit`; (0, zeros) for none."""
    cards = [Card.parse(held.card).body for held in desk.state.contacts.values() if held.card]
    counted = [
        (body.counter, body.hash)
        for body in cards
        if body.certifier == certifier and (limit is None or body.counter <= limit)
    ]
    return max(counted, default=(0, ZERO_32))


def numbers(view: ContactView) -> dict[bytes, tuple[str, ...]]:
    """The comparison number of each device."""
    return {record.device: comparison_number(record) for record in view.devices}


def mark_compared(desk: Desk, contact: bytes) -> None:
    """They read the number of the phone they have now; the caller saves."""
    desk.state.contacts[b64u(contact)].compared_at = desk.now()


def take_note(desk: Desk, contact: bytes) -> None:
    """An officer knows that this is the phone they have now; the caller saves."""
    held = desk.state.contacts[b64u(contact)]
    held.noted = Card.parse(held.card).body.serial


def new_phones(desk: Desk) -> dict[str, int]:
    """Whose phone was changed without an officer here having taken note, by alias: when, in Unix seconds."""
    cards = [(held, Card.parse(held.card).body) for held in desk.state.contacts.values() if held.card]
    return {held.alias: body.issued for held, body in cards if body.serial > max(held.noted, 1)}


def check_noted(view: ContactView) -> None:
    """Raises DeskError when the phone was changed and no officer here has taken note of that."""
    if view.new_phone:
        raise DeskError(
            f"{view.alias} has another phone since {show_time(view.changed_at)}: two officers vouched for it. "
            "Nothing was sent.",
            f"See `qasid-desk verify {view.alias}`, which takes note of it; then send again.",
            "new_phone",
        )


def pin(desk: Desk, alias: str, card: Card) -> None:
    """Pins a card this desk has verified or made."""
    name = b64u(card.body.contact)
    held = desk.state.contacts.setdefault(name, HeldContact(alias, b""))
    before, held.card, held.card_roster = held.card, card.encode(), desk.pin.version
    if before == held.card:
        return
    last = Card.parse(before).body if before else None
    if last is None or not set(last.devices) & set(card.body.devices):
        held.compared_at = 0  # that was another phone's number
    if last is None or (held.noted == last.serial and set(card.body.devices) <= set(last.devices)):
        held.noted = card.body.serial  # nothing is there that nobody knows of
    # With the card the letter has done its work: nobody may enrol with it again.
    letters = desk.state.letters
    desk.state.letters = {key: kept for key, kept in letters.items() if kept.contact != card.body.contact}


def _usable(prekey: Prekey, now: int, until: int) -> bool:
    try:
        prekey.check_usable(now)
    except CryptoError:
        return False
    return prekey.delete_at >= until


def _alone(desk: Desk, name: str) -> Answer | None:
    try:
        return Answer(desk.relay.get(f"/contacts/{name}"))
    except RelayError as refused:
        if refused.code != "contact_not_found":
            raise
        return None


def _take(desk: Desk, roster: Roster, answer: Answer) -> ContactView:
    contact = answer.octets("contact", 16)
    held = desk.state.contacts.get(b64u(contact))
    view = ContactView(
        contact,
        held.alias if held else answer.text("alias"),
        answer.text("state"),
        paused=answer.truth("paused"),
        language=answer.text("language", ""),
        unread_oldest=answer.plain().get("unread_oldest") or 0,
    )
    view.card = _card(desk, roster, view, answer.maybe_octets("card"))
    if view.card is None:
        return view
    held = desk.state.contacts[b64u(contact)]
    _remembered(held, view)
    for shown in answer.many("prekeys"):
        _prekey(held, view, shown)
    for shown in answer.many("consents"):
        _consent(held, view, shown.octets("statement"))
    _in_force(held, view, desk.now())
    return view


def _remembered(held: HeldContact, view: ContactView) -> None:
    view.compared_at = held.compared_at
    view.new_phone = view.card is not None and view.card.body.serial > max(held.noted, 1)


def _in_force(held: HeldContact, view: ContactView, now: int) -> None:
    newest: dict[str, HeldConsent] = {}
    for name, consent in held.consents.items():
        purpose = name.partition(":")[2]
        if purpose not in newest or consent.at > newest[purpose].at:
            newest[purpose] = consent
    for name in [name for name in newest if name.startswith(f"{SHARING}/")]:
        _, office, group = name.split("/")
        view.sharing[unb64u(office, 32), group] = newest.pop(name)
    view.agreed_until = {name: said.at + CONSENT_LIFE for name, said in newest.items() if said.given}
    view.consents = {name: now < view.agreed_until.get(name, 0) for name in newest}


def _card(desk: Desk, roster: Roster, view: ContactView, shown: bytes) -> Card | None:
    pinned = held_card(desk, view.contact)
    held = desk.state.contacts.get(b64u(view.contact))
    if held and pinned and shown in (b"", held.card) and held.card_roster == roster.version:
        return pinned
    try:
        card = Card.parse(shown) if shown else pinned
        if card is None:
            return None
        card.check(roster, desk.former())
        card.follows(pinned)
        if card.body.contact != view.contact:
            view.alarms.append("The relay shows the card of somebody else.")
            return pinned
    except CryptoError as refused:
        view.alarms.append(f"The relay shows a contact card that is refused: {refused}.")
        return pinned
    pin(desk, view.alias, card)
    return card


def _prekey(held: HeldContact, view: ContactView, shown: Answer) -> None:
    device, record = shown.octets("device", 16), shown.octets("record")
    mine = next((known for known in view.devices if known.device == device), None)
    if mine is None or mine.encode() != record:
        view.alarms.append("The relay shows a device that no officer has certified: its keys were swapped.")
        return
    wire = shown.maybe_octets("prekey")
    if not wire:
        return
    try:
        prekey = Prekey.from_holder(wire, mine)
    except CryptoError as refused:
        view.alarms.append(f"The relay shows a prekey that the contact's device did not sign: {refused}.")
        return
    before = held.prekeys.get(b64u(device))
    if before and prekey.sequence < Prekey.peek(before).sequence:
        view.alarms.append("The relay shows an older prekey than it did before.")
        return
    held.prekeys[b64u(device)] = wire
    view.prekeys[device] = prekey


def _about(said: Consent) -> str:
    return f"{SHARING}/{b64u(said.recipient)}/{said.fields}" if said.purpose == SHARING else said.purpose


def _consent(held: HeldContact, view: ContactView, wire: bytes) -> None:
    try:
        claimed = Consent.peek(wire)
        name = f"{b64u(claimed.device)}:{_about(claimed)}"
        before = held.consents.get(name)
        if before and before.wire == wire:
            return
        record = next((known for known in view.devices if known.device == claimed.device), None)
        if record is None and view.changed_at:
            return  # said by a phone this desk never knew: nobody here can check it, so it counts for nothing
        if record is None:
            view.alarms.append("The relay shows a consent by a device that is not the contact's.")
            return
        consent = check_statement(wire, Consent, record)
    except CryptoError as refused:
        view.alarms.append(f"The relay shows a consent that the contact did not sign: {refused}.")
        return
    if before and consent.counter <= before.counter:
        view.alarms.append(f"The relay shows an older consent ({consent.purpose}) again.")
        return
    held.consents[name] = HeldConsent(wire, consent.given, consent.counter, consent.at)
