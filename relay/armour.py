"""Requests that came as armour through a chat (PROTOCOL section 9), whichever Telegram account brought them.

The device's signature admits them, as it does over HTTP: who lost the account, or writes by somebody else's, is not
cut off. What the account is told is for the edge to decide, which asks `is_own` for it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from crypto.armour import (
    BEGINNING,
    MOST_ROSTERS,
    REQUESTS,
    Acknowledge,
    Follow,
    Kind,
    Request,
    Upload,
    dress,
    dress_rosters,
    undress,
)
from crypto.encoding import b64u, moment, unb64u
from crypto.envelope import join, split
from crypto.errors import Malformed, Refused
from relay import auth, mailbox, outbox, post
from relay.addressing import SLACK
from relay.auth import ContactDevice
from relay.errors import Kind as ErrorKind
from relay.errors import RelayError, checked
from relay.unit import Tx, Vault
from store import accounts, mail
from store import armour as rows
from store import offices as office_rows
from store.sql import Found

LATE: Final = timedelta(days=3)
"""So old may a request be: a chat is slow, and a message may wait in a phone without network."""
PAGE: Final = 10
"""So many letters are handed out at once: a chat takes one message a second."""
LETTER: Final = "letter"
"""The key of a reply that is a letter, or rosters; its parameters name them, and they are read when it is sent."""
MOST: Final = 128 * 1024
"""Characters of the longest text that is looked at: the largest envelope of a contact, with room to spare."""
CUT: Final = 3000
"""A message of so many characters may have been cut off by Telegram, so that more of it is to come."""
REST: Final = timedelta(minutes=10)
"""The parts of a text come within this time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose signature holds for a contact's device that is known now."""

    who: ContactDevice
    request: Request


@dataclass(frozen=True, slots=True)
class Waiting:
    """The parameters of a reply for each letter to hand out; `more`: there are others behind them.

    `rosters`: those of the reply that goes before them, with what the device does not follow yet.
    """

    letters: Sequence[dict[str, Any]]
    more: bool
    rosters: dict[str, Any] | None = None


def whole(tx: Tx, vault: Vault, account: int, text: str, now: datetime) -> tuple[Kind, bytes] | None:
    """What a text holds, with the parts that came before it; None while parts are missing.

    Raises RelayError `malformed`; what there was of it is forgotten then.
    """
    so_far = "" if text.startswith(BEGINNING) else _begun(tx, vault, account, now)
    rows.drop(tx, account)
    so_far += text
    if not so_far.startswith(BEGINNING):
        return None
    try:
        return undress(so_far)
    except Malformed as error:
        if len(text) < CUT or len(so_far) > MOST:
            raise RelayError("malformed", str(error), ErrorKind.MALFORMED) from None
    rows.keep(tx, account, vault.seal_enclosed(so_far), now)
    return None


def admit(tx: Tx, kind: Kind, payload: bytes, now: datetime) -> Asked:
    """The request, with who asks. Raises RelayError `malformed`, `unknown_device`."""
    if kind not in REQUESTS:
        raise RelayError("malformed", "a letter is for the phone; it asks for nothing", ErrorKind.MALFORMED)
    with checked():
        claimed = REQUESTS[kind].peek(payload)
    who = auth.device_of(tx, claimed.device, now)
    if not isinstance(who, ContactDevice):
        raise auth.unknown()
    try:
        return Asked(who, REQUESTS[kind].open(payload, who.sign_pk))
    except Refused:
        raise auth.unknown() from None


def is_own(tx: Tx, account: int, who: ContactDevice) -> bool:
    """Whether the account is known to be the contact's."""
    return account in accounts.of_contacts(tx, who.office, [who.contact]).values()


def carry_out(tx: Tx, asked: Asked, account: int, now: datetime) -> Waiting | None:
    """Take what was handed in (None), or say what is to be handed out to the account instead of what it has.

    Raises RelayError `stale`, `replayed`, and those of post.accept, mailbox.ack and mailbox.fetch.
    """
    who, request = asked.who, asked.request
    at = moment(request.at)
    if not now - LATE < at <= now + SLACK:
        raise RelayError("stale", "it was made too long ago, or by a wrong clock", ErrorKind.UNACCEPTABLE)
    if isinstance(request, Upload):
        post.accept(tx, post.Upload(who.device, request.envelope, now, late=LATE))
        return None
    auth.remember(tx, who.device, request.nonce, at + LATE, now)
    if isinstance(request, Acknowledge):
        mailbox.ack(tx, who, request.kept, now)
    outbox.withdraw(tx, account, LETTER, now)
    found = mailbox.fetch(tx, who, 0, PAGE, now)
    ids = [split(item.envelope).header.envelope for item in found.items]
    letters = [{"device": b64u(who.device), "envelope": b64u(id_)} for id_ in ids]
    rosters = None
    if isinstance(request, Follow) and request.version < found.head.version:
        rosters = {"office": b64u(who.office), "after": request.version}
    return Waiting(letters, found.more, rosters)


def enclosed(tx: Tx, row: Found, now: datetime) -> str | None:
    """The armour that a row of the outbox is to hand out, "" for other rows; None when it is there no more."""
    if row.key != LETTER or row.kind != "reply":
        return ""
    try:
        named = json.loads(row.params)
        if "after" in named:
            return _rosters(tx, unb64u(named["office"]), int(named["after"]))
        device, envelope = unb64u(named["device"]), unb64u(named["envelope"])
    except (ValueError, KeyError, TypeError):  # a damaged row; the letter waits on
        return None
    letter = mail.letter(tx, device, envelope, now)
    return None if letter is None else dress(Kind.ENVELOPE, join(letter.common, letter.wrap))


def _rosters(tx: Tx, office: bytes, after: int) -> str | None:
    wires = office_rows.rosters_from(tx, office, after + 1, MOST_ROSTERS)
    return dress_rosters([bytes(wire) for wire in wires]) if wires else None


def _begun(tx: Tx, vault: Vault, account: int, now: datetime) -> str:
    """The parts that came before, "" when there are none or it is too long ago."""
    held = rows.part(tx, account)
    if held is None or not now - REST < held.at <= now:
        return ""
    try:
        return vault.open_enclosed(held.sealed)
    except Refused:  # another vault key
        return ""
