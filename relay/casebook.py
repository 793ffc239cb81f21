"""Which household an officer's command is about: of the own office, and open where it is to change."""

from crypto.roster import Role
from relay import auth
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import cases
from store.sql import Found

KEEPERS = Role.COORDINATOR | Role.CASEWORKER
"""Who may see and keep cases. Auditors, host administrators and, so far, liaisons see nothing of them."""


def found(tx: Tx, who: Principal, alias: str) -> tuple[OfficerDevice, Found]:
    """The case, whatever its state; another office's is none. Raises RelayError `not_allowed`, `case_not_found`."""
    me = auth.officer(who, KEEPERS)
    row = cases.case(tx, me.office, alias.upper())
    if row is None:
        raise RelayError("case_not_found", "no case has this code; list the cases anew", Kind.MISSING)
    return me, row


def opened(tx: Tx, who: Principal, alias: str) -> tuple[OfficerDevice, Found]:
    """The case, to be changed. Raises RelayError as `found`, `case_closed`."""
    me, row = found(tx, who, alias)
    if row.state != "open":
        raise RelayError(
            "case_closed", "this case is closed and does not change any more; open another", Kind.CONFLICT
        )
    return me, row


def among(value: str, allowed: tuple[str, ...], what: str) -> str:
    """A word of a fixed list. Raises RelayError `malformed`, which names the list and does not repeat the word."""
    if value not in allowed:
        raise RelayError("malformed", f"{what} is one of {', '.join(allowed)}", Kind.MALFORMED)
    return value
