"""The post: envelopes come in, once each, with the doorbell they cause in the same transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import moment
from crypto.envelope import Split, Urgency, split
from crypto.roster import Role
from relay import auth, doorbells, offices, unverified
from relay.addressing import DEPARTURES, MESSAGES, SLACK, Directory, check_time
from relay.auth import READING, ContactDevice, Principal
from relay.errors import Kind, RelayError, checked
from relay.escalations import Ledger
from relay.heads import Head
from relay.mailbox import Item, Mail, ack
from relay.mailbox import fetch as mail
from relay.unit import Tx
from store import accounts, devices, nonces, notices, offers, people, recipients
from store import mail as letters
from store import offices as office_rows
from store.sql import Found

__all__ = ["Accepted", "Item", "Mail", "Upload", "accept", "accept_many", "ack", "mail"]

CONTACT_SIZE = 70 * 1024
OFFICER_SIZE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One envelope as it came, from the device whose signature the edge verified.

    The request's nonce is remembered with it. `notice` is the released notice, with version, that a go or
    another word to its recipients belongs to. `quiet`: nobody is rung for it (a receipt, say). `late`: how long ago
    it may have been sealed.
    """

    device: bytes
    data: bytes
    now: datetime
    nonce: bytes = b""
    nonce_expires: datetime | None = None
    notice: tuple[bytes, int] | None = None
    quiet: bool = False
    late: timedelta = SLACK


@dataclass(frozen=True, slots=True)
class Accepted:
    id: bytes
    accepted_at: datetime
    head: Head


@dataclass(frozen=True, slots=True)
class _Parcel:
    place: int
    upload: Upload
    letter: Split
    digest: bytes


def accept(tx: Tx, upload: Upload) -> Accepted:
    """accept_many for one. Raises its RelayError."""
    (outcome,) = accept_many(tx, [upload])
    if isinstance(outcome, RelayError):
        raise outcome
    return outcome


def accept_many(tx: Tx, uploads: Sequence[Upload]) -> list[Accepted | RelayError]:
    """Accept envelopes together: one result or error each, in order, and one insert for all.

    The same envelope again is accepted again (a retry); other bytes under its id are `envelope_taken`. Errors:
    `malformed`, `too_large`, `unknown_device`, `replayed`, `stale`, `wrong_sender`, `clock_wrong`, `expired`,
    `not_enrolled`, `not_allowed`, `no_consent`, those of Directory.copies, `notice_over`, `roster_expired`, `no_seat`.
    """
    outcomes: list[Accepted | RelayError] = [_pending()] * len(uploads)
    parcels: list[_Parcel] = []
    for place, upload in enumerate(uploads):
        try:
            parcels.append(_open(place, upload))
        except RelayError as error:
            outcomes[place] = error
    if not parcels:
        return outcomes
    batch = _Batch(tx, parcels)
    for parcel in parcels:
        try:
            outcomes[parcel.place] = batch.take(tx, parcel)
        except RelayError as error:
            outcomes[parcel.place] = error
    batch.store(tx)
    return outcomes


class _Batch:
    """What the parcels refer to, and what of them is to be stored."""

    def __init__(self, tx: Tx, parcels: Sequence[_Parcel]) -> None:
        self._senders = devices.several(tx, {parcel.upload.device for parcel in parcels})
        self._heads = {
            office: Head(office, row.version, row.hash)
            for office, row in office_rows.heads(tx, {row.office for row in self._senders.values()}).items()
        }
        self._known = {
            id_: (row.digest, row.accepted_at)
            for id_, row in letters.known(tx, {p.letter.header.envelope for p in parcels}).items()
        }
        self._nonces = nonces.seen(tx, {(p.upload.device, p.upload.nonce) for p in parcels if p.upload.nonce})
        self._directory = Directory.load(tx, self._senders, [parcel.letter for parcel in parcels])
        self._new_nonces: list[tuple[bytes, bytes, datetime]] = []
        self._letters: list[dict[str, Any]] = []
        self._copies: dict[bytes, list[dict[str, Any]]] = {}
        self._heard: dict[tuple[bytes, bytes], datetime] = {}
        self._ledger = Ledger()
        self._rung: dict[tuple[bytes, bytes | None], tuple[bool, datetime]] = {}

    def take(self, tx: Tx, parcel: _Parcel) -> Accepted:
        """Check one parcel against everything looked up; note what to store."""
        upload, header = parcel.upload, parcel.letter.header
        who = auth.principal(self._senders.get(upload.device), upload.now)
        if who is None:
            raise auth.unknown()
        self._check_nonce(upload)
        if header.sender != who.device:
            raise RelayError(
                "wrong_sender", "the envelope names another sender than the request", Kind.FORBIDDEN
            )
        head = self._heads[who.office]
        held = self._known.get(header.envelope)
        if held is not None:
            if held[0] != parcel.digest:
                raise RelayError(
                    "envelope_taken", "another envelope has this id; seal it again", Kind.CONFLICT
                )
            self._note_nonce(upload)
            return Accepted(header.envelope, held[1], head)
        # Strangers ring nobody.
        quiet = upload.quiet or (isinstance(who, ContactDevice) and who.state != "enrolled")
        copies = self._address(tx, who, parcel)
        for copy in copies:
            copy["quiet"] = quiet
        self._note_nonce(upload)
        self._known[header.envelope] = (parcel.digest, upload.now)
        self._letters.append(letter_row(who.office, parcel.letter, parcel.digest, upload.now, upload.notice))
        self._copies.setdefault(who.office, []).extend(copies)
        if isinstance(who, ContactDevice):
            self._heard[who.office, who.contact] = upload.now
        if not quiet:
            urgent = header.urgency is Urgency.URGENT
            self._note_bells(who, copies, upload.now, urgent=urgent)
            self._note_answers(who, copies, upload, urgent=urgent)
        return Accepted(header.envelope, upload.now, head)

    def store(self, tx: Tx) -> None:
        """Write all that was taken."""
        nonces.add(tx, self._new_nonces)
        for office, copies in self._copies.items():
            for seq, copy in enumerate(copies, office_rows.next_seqs(tx, office, len(copies))):
                copy["seq"] = seq
        letters.add(tx, self._letters, [copy for copies in self._copies.values() for copy in copies])
        people.heard(tx, self._heard)
        self._ledger.write(tx)
        for urgent in (False, True):
            self._ring(tx, urgent)

    def _ring(self, tx: Tx, urgent: bool) -> None:
        by_office: dict[bytes, tuple[set[bytes | None], datetime]] = {}
        for (office, contact), (loud, now) in self._rung.items():
            if loud is urgent:
                by_office.setdefault(office, (set(), now))[0].add(contact)
        for office, (rung, now) in by_office.items():
            doorbells.ring_contacts(tx, office, [c for c in rung if c is not None], now, urgent=urgent)
            if None in rung:
                mine = accounts.of_officers(tx, office, int(READING), now)
                doorbells.ring(tx, dict.fromkeys(mine, urgent), now)

    def _address(self, tx: Tx, who: Principal, parcel: _Parcel) -> list[dict[str, Any]]:
        upload, letter = parcel.upload, parcel.letter
        check_time(letter, upload.now, upload.late)
        if isinstance(who, ContactDevice):
            referral = unverified.writer(tx, who, letter, upload.now)
            if upload.notice is not None or len(upload.data) > CONTACT_SIZE:
                raise _too_large() if upload.notice is None else _not_yours()
            if not self._directory.agrees(who.office, who.contact, MESSAGES, upload.now):
                raise RelayError("no_consent", "consent to messages first, in the app", Kind.FORBIDDEN)
            copies = self._directory.copies(who, letter, upload.now, purpose=MESSAGES)
            unverified.count(tx, referral)
            return copies
        auth.officer(who)
        if upload.notice is None:
            return self._directory.copies(who, letter, upload.now, purpose=MESSAGES)
        auth.officer(who, Role.COORDINATOR)
        offices.current(tx, who.office, upload.now)  # phones take no go under an expired roster
        notice = _released(tx, who.office, upload.notice)
        named = {row.contact for row in recipients.named(tx, notice)}
        copies = self._directory.copies(who, letter, upload.now, purpose=DEPARTURES, among=named)
        if notice.movement is not None:
            _check_seats(tx, notice, {copy["contact"] for copy in copies})
        return copies

    def _check_nonce(self, upload: Upload) -> None:
        if not upload.nonce:
            return
        if upload.nonce_expires is None or upload.nonce_expires <= upload.now:
            raise RelayError("stale", "the request's signature has expired; sign it anew", Kind.UNSIGNED)
        if (upload.device, upload.nonce) in self._nonces:
            raise auth.replayed()

    def _note_nonce(self, upload: Upload) -> None:
        if upload.nonce and upload.nonce_expires is not None:
            self._nonces.add((upload.device, upload.nonce))
            self._new_nonces.append((upload.device, upload.nonce, upload.nonce_expires))

    def _note_bells(
        self, who: Principal, copies: list[dict[str, Any]], now: datetime, *, urgent: bool
    ) -> None:
        if isinstance(who, ContactDevice):
            whom: set[bytes | None] = {None}
        else:
            whom = {copy["contact"] for copy in copies if copy["contact"] is not None}
        for contact in whom:
            loud, _ = self._rung.get((who.office, contact), (False, now))
            self._rung[who.office, contact] = (loud or urgent, now)

    def _note_answers(
        self, who: Principal, copies: list[dict[str, Any]], upload: Upload, *, urgent: bool
    ) -> None:
        if isinstance(who, ContactDevice):
            self._ledger.asked(who.office, who.contact, upload.now, urgent=urgent)
        elif upload.notice is None:
            for contact in {copy["contact"] for copy in copies} - {None}:
                self._ledger.answered(who.office, contact)


def letter_row(
    office: bytes, letter: Split, digest: bytes, now: datetime, notice: tuple[bytes, int] | None
) -> dict[str, Any]:
    """An envelope as it is stored."""
    header = letter.header
    return {
        "envelope": header.envelope,
        "office": office,
        "sender": header.sender,
        "digest": digest,
        "common": letter.common,
        "urgent": header.urgency is Urgency.URGENT,
        "accepted_at": now,
        "expires_at": moment(header.expires),
        "notice": None if notice is None else notice[0],
        "version": None if notice is None else notice[1],
    }


def opened(data: bytes, most: int = OFFICER_SIZE) -> tuple[Split, bytes]:
    """Cut up an envelope; with its digest. Raises RelayError `malformed`, `too_large`."""
    if len(data) > most:
        raise _too_large()
    with checked():
        return split(data), hashlib.sha256(data).digest()


def _open(place: int, upload: Upload) -> _Parcel:
    letter, digest = opened(upload.data)
    return _Parcel(place, upload, letter, digest)


def _check_seats(tx: Tx, notice: Found, people: set[bytes]) -> None:
    """A go opens a place: only to whom a seat is held for, or confirmed."""
    if people - {each.contact for each in offers.live_of(tx, notice) if each.state in offers.HOLDING}:
        raise RelayError("no_seat", "a recipient holds no seat (any more); leave them out", Kind.FORBIDDEN)


def _released(tx: Tx, office: bytes, notice: tuple[bytes, int]) -> Found:
    row = notices.version(tx, office, *notice)
    if row is None or row.state != "released":
        raise RelayError("notice_over", "no such notice is out; fetch the list of notices anew", Kind.GONE)
    return row


def _pending() -> RelayError:
    return RelayError("try_again", "it was not decided on; send it again", Kind.UNAVAILABLE)


def _too_large() -> RelayError:
    return RelayError("too_large", "the envelope is too large; send less at once", Kind.TOO_LARGE)


def _not_yours() -> RelayError:
    return RelayError("not_allowed", "only an office writes about a notice", Kind.FORBIDDEN)
