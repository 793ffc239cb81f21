"""Who is next: whose answer is overdue, then contacts with unread messages, the most urgent first.

What a message says only a desk can know, for the relay opens nothing; that nobody answered in time, the relay knows.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.encoding import b64u
from desk import claims, messages
from desk.claims import Claim
from desk.errors import DeskError, RelayError
from desk.office import Desk
from desk.state import Message

HELP: Final = ("need help", "help")
WHY: Final = ("waits too long for an answer", "asks for help", "urgent", "waits")
#: The contact is somebody else's, or nobody any more, since the list was made.
GONE: Final = ("claimed", "contact_not_found")


@dataclass(frozen=True)
class Waiting:
    """A contact and what is unread of theirs, the oldest first. `rank` counts in WHY; `since` in unix seconds.

    Where nothing is unread, but an answer is overdue, it is what they wrote since somebody last wrote to them.
    """

    contact: str
    alias: str
    rank: int
    since: int
    unread: list[Message]


def waiting(held: Iterable[Message], overdue: Mapping[str, int]) -> list[Waiting]:
    """Whose answer is overdue first, then who asks for help, then what is urgent, then who has waited longest."""
    of: dict[bytes, list[Message]] = {}
    open_: dict[bytes, list[Message]] = {}
    for message in sorted(held, key=_since):  # what a colleague handed over stands behind what came later
        if not message.contact:
            continue
        if message.own or " to " in message.party:  # this desk's, or a colleague's
            if message.receipt != "failed":
                open_.pop(message.contact, None)
            continue
        if b64u(message.contact) in overdue:
            open_.setdefault(message.contact, []).append(message)
        if not message.read:
            of.setdefault(message.contact, []).append(message)
    found = []
    for contact, unread in (open_ | of).items():
        rank = 0 if b64u(contact) in overdue else min(_rank(message) for message in unread)
        found.append(Waiting(b64u(contact), unread[0].party, rank, _since(unread[0]), unread))
    # Within a second, in the order in which they came: they are held so, and the sort is stable.
    return sorted(found, key=lambda each: (each.rank, each.since))


def take(desk: Desk) -> tuple[Waiting, Claim] | None:
    """Whom this officer has already, if they still wait; else the next whom no colleague has. Remembers what is shown.

    None when nobody waits, or colleagues see to all who do.
    """
    line = waiting(desk.state.messages, claims.overdue(desk))
    held = {claim.contact: claim for claim in claims.listed(desk)}
    mine = {contact for contact, claim in held.items() if claim.mine}
    for each in sorted(line, key=lambda each: each.contact not in mine):
        if each.contact in held and each.contact not in mine:
            continue
        try:
            claim = claims.take(desk, each.alias)
        except RelayError as refused:
            if refused.code in GONE:
                continue
            raise
        desk.state.serving, desk.state.shown = each.contact, [message.id for message in each.unread]
        desk.save()
        return each, claim
    return None


def finish(desk: Desk) -> tuple[str, int]:
    """What was shown is read (its sender and the colleagues are told so), and the contact is free; alias and how many.

    Not what came since: nobody has seen it. Without any of that, no answer is due to them any more.
    Raises DeskError when nobody was taken.
    """
    alias, contact = _serving(desk), desk.state.serving
    done = 0
    for message in _shown(desk, desk.state.shown):
        if messages.mark_read(desk, message):
            messages.acknowledge(desk, message)
            done += 1
    more = any(b64u(message.contact) == contact for message in messages.unread(desk))
    _free(desk, alias, done=not more)
    return alias, done


def give_back(desk: Desk) -> str:
    """The contact is free for others, and what they wrote stays unread. Raises DeskError when nobody was taken."""
    alias = _serving(desk)
    _free(desk, alias)
    return alias


def _serving(desk: Desk) -> str:
    for message in desk.state.messages:
        if desk.state.serving and b64u(message.contact) == desk.state.serving and not message.own:
            held = desk.state.contacts.get(desk.state.serving)
            return held.alias if held else message.party
    raise DeskError("You see to nobody just now.", "Take somebody with `qasid-desk next`.", "nobody_taken")


def _shown(desk: Desk, ids: Collection[int]) -> list[Message]:
    return [message for message in desk.state.messages if message.id in ids]


def _free(desk: Desk, alias: str, *, done: bool = False) -> None:
    claims.release(desk, alias, done=done)
    desk.state.serving, desk.state.shown = "", []
    desk.save()


def _rank(message: Message) -> int:
    return 1 if message.status in HELP else 2 if message.urgent else 3


def _since(message: Message) -> int:
    # A phone whose clock is ahead must not come last; one that is behind can only come sooner.
    return min(message.sent_at, message.received_at)
