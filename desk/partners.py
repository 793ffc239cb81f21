"""Other offices: pinned by a card that two people compared, and followed from that pin like one's own."""

import re
from typing import Final

from crypto.encoding import b64u, unb64u
from crypto.errors import CryptoError, Malformed
from crypto.officecard import OfficeCard
from crypto.roster import Entry, Pin, Role, Roster, follow
from crypto.signature import parse_signed
from desk.answers import Answer
from desk.errors import AlarmError, DeskError, RelayError, UsageError
from desk.office import READS_MAIL, Desk
from desk.state import HeldPartner

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,23}")
STOP: Final = "Stop. Nothing was sent or opened. Call that office and compare `qasid-desk office card` again."


def card(desk: Desk) -> OfficeCard:
    """What another office needs to pin this one: its id and the roster it stands at."""
    pin = desk.pin
    return OfficeCard(pin.office, pin.version, pin.hash)


def read_card(text: str) -> OfficeCard:
    """Raises UsageError."""
    try:
        return OfficeCard.from_text(text)
    except Malformed as damaged:
        raise UsageError(
            f"{str(damaged)[:1].upper()}{str(damaged)[1:]}.", "Ask that office for it again, whole."
        ) from damaged


def pin(desk: Desk, given: OfficeCard, name: str) -> HeldPartner:
    """Pins an office whose number was compared, and follows its rosters from there; saves.

    Raises UsageError for a name or office that cannot be, DeskError when the relay has no such office, AlarmError
    when it shows another roster than the card names.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name.", "Use a letter, then letters, digits and dashes.")
    if given.office == desk.office:
        raise UsageError("That is this office's own card.", "Pin the card that the other office gave you.")
    held = desk.state.partners.get(b64u(given.office))
    if any(other.name == name and other is not held for other in desk.state.partners.values()):
        raise UsageError(f"Another office is called {name} here.", "Choose another name.")
    if held is None:
        held = HeldPartner(given.office, name, given.pin.encode(), b"", desk.now())
        _follow(desk, held)
    else:
        held.name = name
        _follow(desk, held)
        _check_reaches(held, given)
    desk.state.partners[b64u(given.office)] = held
    desk.save()
    return held


def accept(desk: Desk, held: HeldPartner) -> bool:
    """Tells the relay that this office takes mail of theirs; False when this officer's role may not."""
    if not desk.entry.roles & Role.COORDINATOR:
        return False
    desk.relay.post("/partners", {"office": b64u(held.office)})
    return True


def end(desk: Desk, name: str) -> HeldPartner:
    """Takes no more mail of theirs; what was exchanged stays here. Raises DeskError."""
    desk.require(Role.COORDINATOR, "end a partnership")
    held = named(desk, name)
    desk.relay.post(f"/partners/{b64u(held.office)}/end")
    return held


def accepted(desk: Desk) -> dict[bytes, bool]:
    """The offices this one accepts; whether they accept it, too."""
    desk.require(READS_MAIL, "see partners")
    rows = Answer(desk.relay.get("/partners")).many("partners")
    return {row.octets("office", 32): row.truth("mutual") for row in rows}


def named(desk: Desk, name: str) -> HeldPartner:
    """A pinned office by its name here. Raises UsageError."""
    for held in desk.state.partners.values():
        if held.name == name:
            return held
    raise UsageError(f"No office called {name!r} is pinned.", "See `qasid-desk office list`.")


def pinned(desk: Desk, office: bytes) -> HeldPartner:
    """A pinned office by its id. Raises DeskError."""
    held = desk.state.partners.get(b64u(office))
    if held is None:
        raise DeskError(
            f"The office {b64u(office)} is not pinned at this desk.",
            "Get its card by another channel and pin it (`qasid-desk office pin`), or return the message.",
            "not_pinned",
        )
    return held


def called(desk: Desk, office: bytes) -> str:
    """How an office is shown: its name here, or the beginning of its id."""
    if office == desk.office:
        return "us"
    held = desk.state.partners.get(b64u(office))
    return held.name if held else f"{b64u(office)[:8]}… (not pinned)"


def office_id(desk: Desk, given: str) -> bytes:
    """An office by its name here, its 43-character id, or its card. Raises UsageError."""
    if any(held.name == given for held in desk.state.partners.values()):
        return named(desk, given).office
    if given.startswith("QASID-"):
        return read_card(given).office
    try:
        return unb64u(given, 32)
    except Malformed as wrong:
        raise UsageError(
            "That names no office.", "Give a name of `qasid-desk office list`, an office's id or its card."
        ) from wrong


def roster(held: HeldPartner) -> Roster:
    """The newest one followed; verified when it was taken."""
    return Roster.parse(parse_signed(held.roster)[0])


def refresh(desk: Desk, held: HeldPartner) -> Roster:
    """Follows to the relay's head and saves. Raises AlarmError, RelayError, UnreachableError."""
    if _follow(desk, held):
        desk.save()
    return roster(held)


def sender(desk: Desk, device: bytes) -> tuple[HeldPartner, Entry] | None:
    """The pinned office among whose officers a device is."""
    for held in desk.state.partners.values():
        entry = roster(held).entry(device)
        if entry is not None:
            return held, entry
    return None


def _check_reaches(held: HeldPartner, given: OfficeCard) -> None:
    """An office pinned before: what the relay showed of it since must lead to, or past, its new card."""
    at = Pin.parse(held.pin)
    if at.version < given.version or (at.version == given.version and at.hash != given.hash):
        raise AlarmError(
            f"{held.name} stands at roster {given.version}, and the relay has shown this desk another one.",
            STOP,
            "fork",
        )


def _follow(desk: Desk, held: HeldPartner) -> bool:
    """From the held pin to the relay's head; whether anything is newer. Nothing changes when a step is refused."""
    at, wire, before = Pin.parse(held.pin), held.roster, held.pin
    while True:
        answer = _rosters(desk, at)
        head, wires = answer.integer("head"), answer.many_octets("rosters")
        if head < at.version or not wires:
            raise AlarmError(
                f"The relay shows roster {head} of {held.name}, but its pin stands at {at.version}.",
                STOP,
                "rollback",
            )
        start = at
        for wire in wires:
            try:
                at, _ = follow(at, wire)
            except CryptoError as refused:
                raise AlarmError(
                    f"The roster the relay shows for {held.name} is refused: {refused}.",
                    STOP,
                    "roster_refused",
                ) from refused
        if at.version >= head:
            break
        if at == start:
            raise AlarmError(
                f"The relay announces roster {head} of {held.name} and does not show it.", STOP, "roster_gap"
            )
    held.pin, held.roster = at.encode(), wire
    return held.pin != before


def _rosters(desk: Desk, at: Pin) -> Answer:
    try:
        return Answer(desk.relay.get(f"/offices/{b64u(at.office)}/rosters", **{"from": at.version}))
    except RelayError as refused:
        if refused.status != 404:
            raise
        raise DeskError(
            "This relay has no such office.",
            "Both offices must be on the same relay. Nothing was pinned or sent.",
            "office_not_found",
        ) from refused
