"""To whom an envelope may be addressed: known prekeys of one's own office, and people who consented."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import moment
from crypto.envelope import Split
from crypto.prekey import HolderKind
from crypto.roster import ANY_ROLE
from relay.auth import READING, ContactDevice, OfficerDevice, Principal, officer
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import consents, devices, mail, offices, prekeys, referrals
from store.sql import Found

SLACK = timedelta(hours=1)
COARSE = timedelta(minutes=15)
MESSAGES, DEPARTURES = "messages", "departures"
PURPOSES = (MESSAGES, DEPARTURES)
SAFETY = mail.SAFETY
"""No purpose of a consent: what only voids what somebody holds already comes without one."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Whatever the addresses of some envelopes refer to, looked up at once."""

    devices: dict[bytes, Found]
    prekeys: dict[tuple[bytes, bytes], Found]
    epochs: dict[tuple[bytes, bytes], Found]
    joined: set[bytes]
    contacts: dict[bytes, Found]
    unverified: dict[bytes, Found]
    """Who came without a letter and waits, by device."""
    consents: dict[tuple[bytes, bytes, str], datetime]
    """Until when who agrees to what."""

    @classmethod
    def load(cls, tx: Tx, senders: dict[bytes, Found], sealed: Sequence[Split]) -> "Directory":
        """Look up senders (rows by device id) and all recipients of their envelopes."""
        held, epoch_keys = set(), set()
        for letter in sealed:
            sender = senders.get(letter.header.sender)
            for address, _ in letter.wraps:
                if address.kind is HolderKind.DEVICE:
                    held.add((address.holder, address.prekey))
                elif sender is not None:
                    epoch_keys.add((sender.office, address.prekey))
        holders = {holder for holder, _ in held}
        people = devices.enrolled(tx, holders)
        waiting = {
            device: row
            for device, row in referrals.of_devices(tx, holders - people.keys()).items()
            if row.state == "waiting"
        }
        asked = {(row.office, row.contact) for row in (*people.values(), *waiting.values())}
        asked |= {(row.office, row.contact) for row in senders.values() if row.contact is not None}
        return cls(
            devices=senders | devices.several(tx, holders) if holders else senders,
            prekeys=prekeys.several(tx, held),
            epochs=offices.epochs_of(tx, epoch_keys),
            joined=prekeys.holding(tx, holders),
            contacts=people,
            unverified=waiting,
            consents=consents.given(tx, asked),
        )

    def agrees(self, office: bytes, contact: bytes | None, purpose: str, until: datetime) -> bool:
        """Whether the contact consents, and will until then unless they take it back."""
        lapses_at = self.consents.get((office, contact or b"", purpose))
        return lapses_at is not None and until < lapses_at

    def copies(
        self,
        sender: Principal,
        letter: Split,
        now: datetime,
        *,
        purpose: str,
        among: Collection[bytes] | None = None,
        until: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """The wraps as rows without a number. `among`: the only contacts it may go to; `until`: how long they consent.

        Officers who do not read the office's mail write to colleagues' devices only. Raises RelayError
        `epoch_unknown`, `prekey_unknown`, `recipient_unknown`, `no_consent`, `not_addressed`, `not_allowed`.
        """
        made = []
        for address, wrap in letter.wraps:
            if address.kind is HolderKind.EPOCH:
                _check_role(sender)
                self._check_epoch(sender.office, address.prekey, letter, now)
                contact = None
            else:
                contact = self._recipient(sender, address.holder, purpose, among, until or now)
                self._check_prekey((address.holder, address.prekey), letter, now)
            made.append(
                {
                    "envelope": letter.header.envelope,
                    "holder_kind": int(address.kind),
                    "holder": address.holder,
                    "prekey": address.prekey,
                    "office": sender.office,
                    "contact": contact,
                    "purpose": None if contact is None else purpose,
                    "seq": None,
                    "wrap": wrap,
                    "fetched_at": None,
                    "expires_at": moment(letter.header.expires),
                }
            )
        return made

    def _recipient(
        self,
        sender: Principal,
        device: bytes,
        purpose: str,
        among: Collection[bytes] | None,
        until: datetime,
    ) -> bytes | None:
        row = self.devices.get(device)
        if isinstance(sender, ContactDevice):
            raise RelayError("not_addressed", "a contact writes to its office's epochs only", Kind.FORBIDDEN)
        if row is None or row.office != sender.office:
            raise _unknown()
        if row.officer is not None:
            if row.state != "standing" or not row.roles & ANY_ROLE or among is not None:
                raise _unknown()
            return None
        _check_role(sender)
        if device not in self.contacts and not self._waits(device, purpose, among, until):
            raise _unknown()
        needed = set() if purpose == SAFETY else {MESSAGES, purpose}
        if not all(self.agrees(sender.office, row.contact, each, until) for each in needed):
            raise RelayError(
                "no_consent",
                "a recipient does not consent to this (any more, or for as long as this is to stand); leave them out",
                Kind.FORBIDDEN,
            )
        if among is not None and row.contact not in among:
            raise RelayError(
                "not_addressed", "a wrap goes to somebody who is not among those named", Kind.FORBIDDEN
            )
        return bytes(row.contact)

    def _waits(self, device: bytes, purpose: str, among: Collection[bytes] | None, until: datetime) -> bool:
        """Whether somebody unverified may get it: plain messages alone, never a notice or a word about one."""
        row = self.unverified.get(device)
        return row is not None and purpose == MESSAGES and among is None and until < row.expires_at

    def _check_epoch(self, office: bytes, epoch: bytes, letter: Split, now: datetime) -> None:
        row = self.epochs.get((office, epoch))
        if row is None or not _usable(row, letter, now):
            raise RelayError(
                "epoch_unknown",
                "this is not a current epoch of the office; follow its roster and seal again",
                Kind.UNACCEPTABLE,
            )

    def _check_prekey(self, key: tuple[bytes, bytes], letter: Split, now: datetime) -> None:
        # A grant waits for an officer's device that has not joined yet: its prekey came with its request.
        if key[0] not in self.joined and self.devices[key[0]].officer is not None:
            return
        row = self.prekeys.get(key)
        if row is None or not _usable(row, letter, now):
            raise RelayError(
                "prekey_unknown",
                "a recipient's prekey is not current; fetch it anew and seal again",
                Kind.UNACCEPTABLE,
            )


def _check_role(sender: Principal) -> None:
    if isinstance(sender, OfficerDevice):
        officer(sender, READING)


def check_time(letter: Split, now: datetime, late: timedelta = SLACK) -> None:
    """Sealed now, by either clock, or up to `late` ago, and not expired. Raises RelayError `clock_wrong`, `expired`."""
    sealed = moment(letter.header.time)
    if not now - late - COARSE <= sealed <= now + SLACK:
        raise RelayError(
            "clock_wrong",
            "the time in it is too far from ours; set the clock and seal again",
            Kind.UNACCEPTABLE,
        )
    if moment(letter.header.expires) <= now:
        raise RelayError("expired", "it has expired; seal it again", Kind.GONE)


def _usable(row: Found, letter: Split, now: datetime) -> bool:
    return bool(row.delete_at > now and moment(letter.header.time) <= row.seal_until + SLACK)


def _unknown() -> RelayError:
    return RelayError(
        "recipient_unknown", "a recipient is not known here; fetch the list anew", Kind.UNACCEPTABLE
    )
