"""Handing what this desk alone keeps of people to a colleague's desk: names, letters that are out, messages, files.

Sealed to the colleague's own devices, part by part; what is not sealed yet stands in the state, so that a handover
that was cut off goes on where it stopped. How it is taken: takeovers.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crypto.casefile import Field
from crypto.content import Inner, Kind
from crypto.encoding import b64u, unb64u
from crypto.handover import (
    MOST_PARTS,
    HandedField,
    HandedKind,
    HandedLetter,
    HandedMessage,
    HandedPerson,
    Handover,
    Mark,
)
from crypto.roster import Entry
from crypto.sealing import Recipient
from desk import chains, colleagues, outbox, people
from desk.answers import Answer
from desk.errors import DeskError, RelayError, UnreachableError, UsageError
from desk.lifetimes import MESSAGE_LIFE
from desk.office import READS_MAIL, Desk, reads_mail, spoken_id
from desk.state import HeldHandover, HeldLetter, Message

#: Bytes of rows in one part: with the rest of a message it fits the largest envelope.
PART: Final = 60_000
ENDED: Final = ("case_closed", "case_not_found")
Row = HandedPerson | HandedLetter | HandedMessage | HandedField
Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """What would go to an officer, before anybody is asked. `earlier`: when something went there before, or 0."""

    to: Entry
    people: list[HandedPerson]
    letters: list[HandedLetter]
    messages: list[HandedMessage]
    fields: list[HandedField]
    moving: list[str]
    earlier: int


def colleague(desk: Desk, role_code: str) -> list[Entry]:
    """The devices of the officer that a handover may go to now.

    Raises UsageError for oneself or a code that nobody has, DeskError for whoever reads no mail or is off-boarded.
    """
    desk.require(READS_MAIL, "hand over")
    entries = [entry for entry in desk.roster.entries if entry.role_code == role_code]
    if any(entry.officer == desk.device.owner for entry in entries):
        raise UsageError(
            "That is you.", "Your other devices get the office's mail themselves; see `qasid-desk backup`."
        )
    _abandon(desk)
    if not entries and any(entry.role_code == role_code for entry in desk.former()):
        raise _removed(f"{role_code} was taken off the office's roster")
    if not entries:
        raise UsageError(f"There is no officer {role_code}.", "See `qasid-desk roster show`.")
    readers = [entry for entry in entries if reads_mail(entry)]
    if not readers:
        raise DeskError(
            f"{role_code} reads no mail: a handover is for coordinators and caseworkers.",
            "Nothing was sent.",
            "role",
        )
    standing = [entry for entry in readers if entry.stands(desk.now())]
    if not standing:
        raise _removed(f"{role_code}'s time in the office's roster is over, or has not begun")
    return standing


def unfinished(desk: Desk, officer: bytes) -> HeldHandover | None:
    """The handover to this officer that was cut off, if one was."""
    waiting = {Inner.parse(item.inner).thread for item in desk.state.outbox}
    for held in desk.state.handovers:
        if held.given and held.officer == officer and (held.due or held.moving or held.id in waiting):
            return held
    return None


def plan(desk: Desk, to: Entry, aliases: Iterable[str] | None) -> Plan:
    """What this desk keeps of these contacts (None: of all), and which of its officer's assignments move to `to`'s.

    Raises UsageError for an alias this desk knows nothing of.
    """
    known = people.aliases(desk)
    mine = _assigned(desk)
    if aliases is None:
        chosen, moving = set(known), mine
    else:
        wanted = {alias.upper() for alias in aliases}
        chosen = {contact for contact, alias in known.items() if alias.upper() in wanted}
        moving = [alias for alias in mine if alias in wanted]
        unknown = wanted - {known[contact].upper() for contact in chosen} - set(moving)
        if unknown:
            raise UsageError(
                f"This desk knows no contact {', '.join(sorted(unknown))}.", "See `qasid-desk contacts`."
            )
    before = [held.at for held in desk.state.handovers if held.given and held.officer == to.officer]
    return Plan(
        to,
        [_person(desk, contact, known[contact]) for contact in chosen & set(desk.state.people)],
        [_letter(held) for held in desk.state.letters.values() if b64u(held.contact) in chosen],
        [_message(desk, held) for held in desk.state.messages if _is_handed(held, chosen)],
        [
            HandedField(unb64u(contact, 16), Field(code, each.text), each.at)
            for contact in chosen & set(desk.state.files)
            for code, each in desk.state.files[contact].items()
        ],
        moving,
        max(before, default=0),
    )


def begin(desk: Desk, plan: Plan) -> HeldHandover:
    """Keeps the handover with all its parts; `send` sends them."""
    # A letter makes its contact known there, so letters go first.
    rows: list[Row] = [*plan.letters, *plan.people, *plan.messages, *plan.fields]
    bundles = list(_bundles(rows))
    if len(bundles) > MOST_PARTS:
        raise UsageError("That is too much for one handover.", "Name the people in several steps.")
    handover = spoken_id()
    due = [_part(handover, number, len(bundles), bundle) for number, bundle in enumerate(bundles, 1)]
    held = HeldHandover(
        id=handover,
        given=True,
        officer=plan.to.officer,
        role_code=plan.to.role_code,
        at=desk.now(),
        parts=len(bundles),
        contacts=sorted({row.contact for row in rows}),
        messages=len(plan.messages),
        before=desk.state.next_message,
        due=[part.encode() for part in due],
        moving=plan.moving,
    )
    desk.state.handovers.append(held)
    desk.save()
    return held


def send(desk: Desk, held: HeldHandover, tick: Tick = lambda *_: None) -> None:
    """Sends what is still due, and moves the assignments when all of it is at the relay.

    Raises UnreachableError or RelayError when it is cut off: call it again then; DeskError without a usable prekey.
    """
    to = [entry for entry in colleague(desk, held.role_code) if entry.officer == held.officer]
    while True:
        if "queued" in outbox.flush(desk).values():
            raise UnreachableError(desk.state.relay)
        tick(held.parts - len(held.due), held.parts)
        if not held.due:
            break
        _send_one(desk, held, to)
    while held.moving:
        _move(desk, held.moving[0], held.role_code)
        held.moving.pop(0)
        desk.save()


def forget(desk: Desk, role_code: str) -> int:
    """Drops what the colleague's desk has said to hold: names, letters and messages; how many messages went.

    Cards, chains and whatever came since stay. Raises DeskError when there is nothing that has arrived.
    """
    own = [held for held in desk.state.handovers if held.given and held.role_code == role_code]
    arrived = [held for held in own if held.complete_at and not held.forgotten_at]
    if not arrived:
        raise DeskError(
            f"{role_code}'s desk has not said that anything arrived which is still here.",
            "It says so when it has fetched its mail (`qasid-desk inbox`, there and then here). Nothing was dropped.",
            "not_arrived",
        )
    state, count = desk.state, len(desk.state.messages)
    for held in arrived:
        gone = set(held.contacts)
        state.messages = [
            each for each in state.messages if each.contact not in gone or each.id >= held.before
        ]
        state.letters = {name: each for name, each in state.letters.items() if each.contact not in gone}
        for contact in gone:
            state.people.pop(b64u(contact), None)
            state.files.pop(b64u(contact), None)
        held.forgotten_at = desk.now()
    desk.save()
    return count - len(state.messages)


def erase(desk: Desk, contact: bytes) -> None:
    """Takes a person out of what is still to be handed over; the caller saves."""
    for held in desk.state.handovers:
        held.contacts = [each for each in held.contacts if each != contact]
        for item in [item for item in desk.state.outbox if Inner.parse(item.inner).thread == held.id]:
            inner = Inner.parse(item.inner)
            if inner.kind is Kind.HANDOVER:
                desk.state.outbox.remove(item)
                chains.step_back(desk, item.chain, item.before)
                held.due.insert(0, inner.payload)
        held.due = [_without(Handover.parse(data), contact).encode() for data in held.due]


def _send_one(desk: Desk, held: HeldHandover, to: list[Entry]) -> None:
    shown = colleagues.prekeys(desk)
    found = [
        colleagues.prekey(desk, entry, shown[entry.device.device])
        for entry in to
        if entry.device.device in shown
    ]
    usable = [prekey for prekey in found if prekey is not None]
    if not usable:
        raise DeskError(
            f"No desk of {held.role_code} has a key that may be sealed to.",
            "It is renewed when that desk is used (`qasid-desk status`); then run this again.",
            "no_prekey",
        )
    payload = held.due.pop(0)
    inner = chains.compose(desk, Kind.HANDOVER, desk.office, held.id, payload)
    until = min(desk.now() + MESSAGE_LIFE, *(prekey.delete_at for prekey in usable))
    envelope = outbox.queue(desk, inner, [Recipient(prekey) for prekey in usable], until)
    try:
        outbox.flush(desk)
    except DeskError:
        if not any(item.envelope == envelope for item in desk.state.outbox):
            held.due.insert(0, payload)  # refused for good: its prekey was renewed in between
            desk.save()
        raise


def _abandon(desk: Desk) -> None:
    """What was still to go to officers who are off the roster goes nowhere any more."""
    officers = {entry.officer for entry in desk.roster.entries}
    for held in desk.state.handovers:
        if held.given and held.officer not in officers and (held.due or held.moving):
            held.due, held.moving, held.broken_off = [], [], True
            desk.save()


def _move(desk: Desk, alias: str, role_code: str) -> None:
    try:
        desk.relay.post("/assignments", {"alias": alias, "role_code": role_code})
    except RelayError as refused:
        if refused.code not in ENDED:
            raise


def _assigned(desk: Desk) -> list[str]:
    rows = Answer(desk.relay.get("/assignments")).many("assignments")
    return [row.text("alias") for row in rows if row.text("role_code") == desk.entry.role_code]


def _is_handed(message: Message, chosen: set[str]) -> bool:
    return b64u(message.contact) in chosen and message.kind.upper() in HandedKind.__members__


def _person(desk: Desk, contact: str, alias: str) -> HandedPerson:
    person = desk.state.people[contact]
    return HandedPerson(unb64u(contact, 16), alias, person.name, person.note)


def _letter(held: HeldLetter) -> HandedLetter:
    return HandedLetter(
        held.secret, held.contact, held.alias, held.roster_version, held.roster_hash, held.expires
    )


def _message(desk: Desk, held: Message) -> HandedMessage:
    author, to, _ = held.party.partition(" to ")
    given = {mark: getattr(held, str(mark.name).lower()) for mark in Mark}
    marks = Mark(sum(mark for mark, is_so in given.items() if is_so))
    return HandedMessage(
        envelope=held.envelope,
        contact=held.contact,
        sender=held.sender,
        author=desk.entry.role_code if held.own else author if to else "",
        kind=HandedKind[held.kind.upper()],
        status=held.status,
        about=held.about,
        content_hash=held.content_hash,
        sent_at=held.sent_at,
        received_at=held.received_at,
        marks=marks,
        text=held.text,
    )


def _bundles(rows: Sequence[Row]) -> Iterator[list[Row]]:
    bundle: list[Row] = []
    size = 0
    for row in rows:
        length = len(row.encode()) + 4
        if bundle and size + length > PART:
            yield bundle
            bundle, size = [], 0
        bundle.append(row)
        size += length
    yield bundle


def _part(handover: bytes, number: int, parts: int, rows: Sequence[Row]) -> Handover:
    named = {row.contact: row for row in rows if isinstance(row, HandedPerson)}
    secrets = {row.secret: row for row in rows if isinstance(row, HandedLetter)}
    letters = {row.envelope: row for row in rows if isinstance(row, HandedMessage)}
    fields = {(row.contact, row.field.code): row for row in rows if isinstance(row, HandedField)}
    return Handover(
        handover,
        number,
        parts,
        tuple([named[key] for key in sorted(named)]),
        tuple([secrets[key] for key in sorted(secrets)]),
        tuple([letters[key] for key in sorted(letters)]),
        tuple([fields[key] for key in sorted(fields)]),
    )


def _without(part: Handover, contact: bytes) -> Handover:
    return replace(
        part,
        people=tuple([row for row in part.people if row.contact != contact]),
        letters=tuple([row for row in part.letters if row.contact != contact]),
        messages=tuple([row for row in part.messages if row.contact != contact]),
        fields=tuple([row for row in part.fields if row.contact != contact]),
    )


def _removed(what: str) -> DeskError:
    return DeskError(
        f"{what}: nothing is handed over to them.",
        "Choose another colleague. Nothing was sent.",
        "not_standing",
    )
