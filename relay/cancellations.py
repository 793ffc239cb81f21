"""Calling a notice off: at once, for everybody who may hold any version of it.

A signed cancel names one version. It ends that version and every older one, whichever of them is still live, was
replaced, or waits to be released. A newer version lives on: a change may leave people out, who are told that what
they hold is off. A threat alert ends every version that it voids on phones (relay/threats.py), and tells by itself.
The state table is in relay/notices.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crypto.encoding import unix
from crypto.envelope import Split
from crypto.notice import Cancel
from crypto.roster import Role
from relay import addressing, audit, auth, doorbells, offices, post, seats, standby, threats
from relay.addressing import MESSAGES, SAFETY, Directory
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.unit import Tx
from store import devices, mail, notices, offers, recipients
from store import offices as office_rows
from store.sql import Found

PLANNERS = Role.COORDINATOR
LOST = ("prekey_unknown", "recipient_unknown")
"""Why a letter cannot reach one recipient, whom nobody else must wait for."""


def cancel(
    tx: Tx,
    who: Principal,
    notice: bytes,
    version: int,
    *,
    cancel: bytes,
    envelope: bytes | None,
    now: datetime,
) -> None:
    """Call a version and all older ones off at once; one coordinator suffices. The same again is harmless.

    The enclosed letter goes out to whoever was sent any of these versions, also when they were called off before;
    nobody hears of one that never was out. Whoever fetched one hears of it whatever they consent to by now: it only
    voids what they hold, and nobody shall set out on it. The others need to consent to messages.

    Raises RelayError `not_allowed`, `malformed`, `cancel_refused`, `notice_not_found`, `notice_over` (all expired),
    `wrong_sender`, `not_addressed`, `envelope_taken`, `clock_wrong`, `expired`.
    """
    me = auth.officer(who, PLANNERS)
    rows = notices.versions(tx, me.office, notice, version) if 0 < version < 1 << 32 else []
    if not rows or rows[-1].version != version:
        raise RelayError("notice_not_found", "no such notice; list the notices anew", Kind.MISSING)
    _check(tx, me, rows[-1], cancel, now)
    standing = [row for row in rows if row.state in notices.STANDING]
    if not standing and rows[-1].state != "cancelled":
        raise RelayError("notice_over", "this version has expired already", Kind.GONE)
    _end_all(tx, me.office, standing, now)
    if any(row.kind == notices.THREAT for row in standing):
        notices.reconsider(tx, me.office)  # what was withheld for its sake
    if envelope is not None:
        _tell(tx, me, rows, envelope, now)
    if standing:
        audit.note(tx, Event.NOTICE_CANCELLED, now, by=me)


def call_off(tx: Tx, alert: Found, now: datetime) -> None:
    """A threat alert goes out: what it voids ends, and the seats are free for what is approved from now on."""
    gone = threats.ended_by(tx, alert, now)
    _end_all(tx, alert.office, gone, now)
    if gone:
        audit.happened(tx, Event.NOTICE_CANCELLED, now, office=alert.office)


def end(tx: Tx, row: Found, state: str, now: datetime) -> None:
    """A version leaves its state: nothing of it is rung for or served from now on.

    Raises RelayError `try_again` when it has left that state meanwhile.
    """
    if not notices.move(tx, row, state, now):
        raise RelayError("try_again", "the notice changed meanwhile; try again", Kind.CONFLICT)
    mail.drop_notice(tx, row.office, row.notice, row.version)


def word(
    tx: Tx, me: OfficerDevice, letter: Split, audience: recipients.Audience, now: datetime
) -> list[dict[str, Any]]:
    """The wraps for whoever may hold a version, and for whoever was sent one and consents to messages."""
    directory = Directory.load(tx, devices.several(tx, [me.device]), [letter])
    copies: list[dict[str, Any]] = []
    for wrap in letter.wraps:
        alone = letter._replace(wraps=(wrap,))
        try:
            made = directory.copies(me, alone, now, purpose=SAFETY, among=audience.named)
        except RelayError as error:
            if error.code not in LOST:
                raise
            continue
        for copy in made:
            contact = copy["contact"]
            if contact in audience.holding:
                copies.append(copy)
            elif contact in audience.sent and directory.agrees(me.office, contact, MESSAGES, now):
                copies.append(copy | {"purpose": MESSAGES})
    return copies


def _end_all(tx: Tx, office: bytes, rows: Sequence[Found], now: datetime) -> None:
    for row in rows:
        gone = offers.live_of(tx, row)
        end(tx, row, "cancelled", now)
        for offer in gone:
            seats.move(tx, offer, "withdrawn", now)
    for movement in sorted({row.movement for row in rows if row.movement is not None}):
        standby.promote(tx, office, movement, now)


def _tell(tx: Tx, me: OfficerDevice, rows: Sequence[Found], envelope: bytes, now: datetime) -> None:
    audience = recipients.sent_to(tx, rows)
    if not audience.sent:
        return
    letter, digest = post.opened(envelope)
    if letter.header.sender != me.device:
        raise RelayError("wrong_sender", "the envelope names another sender than the request", Kind.FORBIDDEN)
    known = mail.known(tx, [letter.header.envelope]).get(letter.header.envelope)
    if known is not None:
        if known.digest != digest:
            raise RelayError("envelope_taken", "another envelope has this id; seal it again", Kind.CONFLICT)
        return
    addressing.check_time(letter, now)
    copies = word(tx, me, letter, audience, now)
    if not copies:
        return
    for seq, copy in enumerate(copies, office_rows.next_seqs(tx, me.office, len(copies))):
        copy["seq"] = seq
    about = (rows[-1].notice, rows[-1].version)
    mail.add(tx, [post.letter_row(me.office, letter, digest, now, about)], copies)
    doorbells.ring_contacts(tx, me.office, {copy["contact"] for copy in copies}, now, urgent=True)


def _check(tx: Tx, me: OfficerDevice, row: Found, wire: bytes, now: datetime) -> None:
    roster = offices.newest(tx, me.office)
    with checked("cancel_refused", Kind.UNACCEPTABLE):
        signer = roster.standing(Cancel.peek(wire).device, unix(now), Role.COORDINATOR)
        said = Cancel.open(wire, signer.device.sign_pk)
    if (said.office, said.notice, said.version, said.content_hash) != (
        row.office,
        row.notice,
        row.version,
        row.content_hash,
    ):
        raise RelayError(
            "cancel_refused", "the signature is for another notice, version or text", Kind.UNACCEPTABLE
        )
