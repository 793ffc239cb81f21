"""Buttons below officers' answers: what each asks for, vouched for by the relay.

A button is for one chat, one officer with the roles they had, ten minutes and one press. What it says is no secret
(the message says it too); nobody but the relay can make one, and pressing it asks for no more than typing would.
"""

import secrets
from datetime import datetime, timedelta

from crypto.encoding import b64u, moment, unb64u, unix
from crypto.errors import Malformed
from relay.auth import OfficerDevice
from relay.errors import Kind, RelayError
from relay.unit import Tx, Vault
from store import buttons

PREFIX = "b:"
LIFE = timedelta(minutes=10)
LONGEST = 22
"""Bytes that a button can say: Telegram takes 64 characters."""

_NONCE, _TIME, _TAG = 4, 4, 16


def make(vault: Vault, account: int, officer: OfficerDevice, says: str, now: datetime) -> str:
    """What stands behind a button that says this: at most 64 characters. Raises ValueError when it says too much."""
    said = says.encode()
    if len(said) > LONGEST:
        raise ValueError(f"a button says at most {LONGEST} bytes")
    body = secrets.token_bytes(_NONCE) + unix(now + LIFE).to_bytes(_TIME, "big") + said
    return PREFIX + b64u(vault.tag(_whose(account, officer) + body)[:_TAG] + body)


def press(
    tx: Tx, vault: Vault, data: str, now: datetime, *, account: int, officer: OfficerDevice | None
) -> str:
    """What the button says, once.

    Raises RelayError `button_over` alike for one that was pressed, is too old, of another chat or officer, from
    before a change of roles, or made up.
    """
    try:
        raw = unb64u(data.removeprefix(PREFIX))
    except Malformed:
        raise _over() from None
    tag, body = raw[:_TAG], raw[_TAG:]
    if officer is None or len(body) < _NONCE + _TIME:
        raise _over()
    expires = moment(int.from_bytes(body[_NONCE : _NONCE + _TIME], "big"))
    own = vault.tags(_whose(account, officer) + body)
    right = any(secrets.compare_digest(tag, each[:_TAG]) for each in own)
    if not right or expires <= now or buttons.known(tx, tag):
        raise _over()
    # A clock that was set back must not bring a pressed button to life again.
    buttons.add(tx, tag, max(expires, now) + LIFE)
    return body[_NONCE + _TIME :].decode()


def _whose(account: int, officer: OfficerDevice) -> bytes:
    return account.to_bytes(8, "big") + officer.office + officer.officer + bytes([int(officer.roles)])


def _over() -> RelayError:
    return RelayError(
        "button_over", "this button does not count (any more); write the command again", Kind.GONE
    )
