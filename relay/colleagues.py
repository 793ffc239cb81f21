"""Lines of chat to officers who are to hear of something: codes and numbers alone, gone again after a while."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from crypto.roster import Role
from relay import outbox
from relay.unit import Tx
from store import accounts


def tell(
    tx: Tx,
    office: bytes,
    key: str,
    params: Mapping[str, Any],
    now: datetime,
    *,
    dedupe: str,
    life: timedelta,
    roles: Role = Role.COORDINATOR,
    but: Collection[bytes] = (),
) -> int:
    """Queue it for whoever of the office stands with one of the roles, `but` these officers; to how many accounts.

    Each account is told once for a `dedupe`. It is said within `life`, and stands in the chat for as long.
    """
    left_out = {accounts.of_officer(tx, office, officer) for officer in but}
    told = sorted(accounts.of_officers(tx, office, int(roles), now) - left_out)
    for account in told:
        named = f"{dedupe}:{account}"
        outbox.reply(tx, account, key, params, now, dedupe=named, expires_at=now + life, vanish_after=life)
    return len(told)
