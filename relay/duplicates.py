"""Two records of one person: who shares a Telegram account, and ending one of two by hand.

Several adults may share one telephone, so an account shows and proves nothing: a coordinator decides. What becomes
of the record that ends:
    its place in an open household   the other's, if that one has none; else a number that is nobody's
    offers, notices that are out     there may be none, of either
    all else                         erased as by relay/erasure.py: phone, account, consents, attempts, claim,
                                     assignment, what waits, what was passed on. Nothing becomes the other's: what one
                                     device signed is not another's word.
"""

from dataclasses import dataclass
from datetime import datetime

from crypto.roster import Role
from relay import audit, auth, erasure
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import accounts, cases, offers

VIEWERS = Role.COORDINATOR | Role.CASEWORKER
MOST = 500
"""Pairs in one answer: of fifty people on one account there are more than that."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Aliases of two contacts with one account, in order."""

    one: str
    two: str


def listed(tx: Tx, who: Principal, now: datetime) -> list[Pair]:
    """The own office's contacts that share an account, MOST pairs by alias; that it was looked at is logged.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, VIEWERS)
    pairs = accounts.sharing(tx, me.office, MOST)
    if pairs:
        audit.note(tx, Event.DUPLICATES_READ, now, by=me)
    return [Pair(one, two) for one, two in pairs]


def merge(tx: Tx, who: Principal, keep: str, end: str, now: datetime) -> bool:
    """End the second record of somebody; says whether its place in a household is the first one's now.

    The log names the one that is kept. Raises RelayError `not_allowed`, `contact_not_found`, `same_contact`,
    `notice_held`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    kept, ended = (erasure.person_of(tx, me.office, alias) for alias in (keep, end))
    if kept.contact == ended.contact:
        raise RelayError("same_contact", "it takes two codes to make one of them", Kind.UNACCEPTABLE)
    for person in (kept, ended):
        erasure.check_untold(tx, person, now)
        if offers.live_of_contact(tx, me.office, person.contact):
            raise RelayError(
                "notice_held",
                "a seat is held for one of them: leave them out of the notice, or wait until it is over",
                Kind.CONFLICT,
            )
    moved = not cases.in_open_case(tx, me.office, kept.contact)
    moved = moved and cases.hand_over(tx, me.office, ended.contact, kept.contact) > 0
    erasure.delete(tx, ended, now)
    audit.note(tx, Event.CONTACTS_MERGED, now, by=me, about=kept.alias)
    return moved
