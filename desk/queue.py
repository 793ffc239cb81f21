"""Who is next: contacts with unread messages, the most urgent first. Only a desk can know; the relay opens nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from crypto.encoding import b64u
from desk import claims, messages
from desk.claims import Claim
from desk.errors import DeskError, RelayError
from desk.office import Desk
from desk.state import Message

HELP: Final = ("need help", "help")
WHY: Final = ("asks for help", "urgent", "waits")
#: The contact is somebody else's, or nobody any more, since the list was made.
GONE: Final = ("claimed", "contact_not_found")


@dataclass(frozen=True)
class Waiting:
    """A contact and what is unread of theirs, the oldest first. `rank` counts in WHY; `since` in unix seconds."""

    contact: str
    alias: str
    rank: int
    since: int
    unread: list[Message]


def waiting(held: Iterable[Message]) -> list[Waiting]:
    """Who asks for help first, then what is urgent, then who has waited longest."""
    of: dict[bytes, list[Message]] = {}
    for message in held:
        if message.contact and not message.read and not message.own:
            of.setdefault(message.contact, []).append(message)
    found = []
    for contact, unread in of.items():
        unread.sort(key=_since)
        rank = min(_rank(message) for message in unread)
        found.append(Waiting(b64u(contact), unread[0].party, rank, _since(unread[0]), unread))
    # Within a second, in the order in which they came: they are held so, and the sort is stable.
    return sorted(found, key=lambda each: (each.rank, each.since))


def take(desk: Desk) -> tuple[Waiting, Claim] | None:
    """Whom this officer has already, if they still wait; else the next whom no colleague has. Remembers what is shown.

    None when nobody waits, or colleagues see to all who do.
    """
    line = waiting(desk.state.messages)
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

    Not what came since: nobody has seen it. Raises DeskError when nobody was taken.
    """
    alias = _serving(desk)
    done = 0
    for message in _shown(desk, desk.state.shown):
        if messages.mark_read(desk, message):
            messages.acknowledge(desk, message)
            done += 1
    _free(desk, alias)
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


def _free(desk: Desk, alias: str) -> None:
    claims.release(desk, alias)
    desk.state.serving, desk.state.shown = "", []
    desk.save()


def _rank(message: Message) -> int:
    return 0 if message.status in HELP else 1 if message.urgent else 2


def _since(message: Message) -> int:
    # A phone whose clock is ahead must not come last; one that is behind can only come sooner.
    return min(message.sent_at, message.received_at)
