"""The people, keys and rosters all vectors share; every byte follows from its label."""

import hashlib
from dataclasses import replace

from crypto.device import DeviceRecord, OwnerKind
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys, dh_public, kem_public
from crypto.letter import Letter, Secret
from crypto.prekey import HolderKind, Prekey
from crypto.record import ZERO_16, ZERO_32, rec, unrec
from crypto.roster import Entry, Pin, Removal, Role, Roster
from crypto.signature import public_key

NOW = 1_794_000_000 - 1_794_000_000 % 900
HOUR, DAY = 3600, 86400


def seeded(label: str, size: int = 32) -> bytes:
    """Bytes for a label, always the same."""
    return hashlib.shake_256(b"qasid vectors\0" + label.encode()).digest(size)


def edit(data: bytes, path: tuple[int, ...], value: bytes) -> bytes:
    """`data`, a record, with the field at `path` (of the field at …) replaced."""
    parts = unrec(data)
    parts[path[0]] = edit(parts[path[0]], path[1:], value) if len(path) > 1 else value
    return rec(*parts)


def flip(data: bytes, at: int, bit: int = 1) -> bytes:
    """`data` with one bit turned over."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


def device(label: str, kind: OwnerKind, owner: bytes, office: bytes) -> DeviceKeys:
    seed, dh_sk = seeded(f"{label} sign"), seeded(f"{label} dh")
    record = DeviceRecord(
        office, kind, owner, seeded(f"{label} device", 16), public_key(seed), dh_public(dh_sk)
    )
    return DeviceKeys(record, seed, dh_sk)


def pair(
    label: str, office: bytes, holder: bytes = ZERO_16, *, sequence: int = 1, created: int = NOW
) -> PrekeyPair:
    """A device's prekey pair, or an epoch's without `holder`."""
    dh_sk, kem_seed = seeded(f"{label} prekey dh"), seeded(f"{label} kem", 64)
    prekey = Prekey(
        office=office,
        holder_kind=HolderKind.EPOCH if holder == ZERO_16 else HolderKind.DEVICE,
        holder=holder,
        prekey=seeded(f"{label} prekey", 16),
        sequence=sequence,
        created=created,
        seal_until=created + 14 * DAY,
        delete_at=created + 60 * DAY,
        dh_pk=dh_public(dh_sk),
        kem_pk=kem_public(kem_seed),
    )
    return PrekeyPair(prekey, dh_sk, kem_seed)


ROOTS = [RootKeys(seeded(f"root {n}"), seeded(f"root {n + 1}")) for n in range(3)]
STRAY = RootKeys(seeded("stray root"), seeded("stray successor"))
OFFICE = ROOTS[0].office
OTHER_OFFICE = STRAY.office

COORDINATOR, SECOND, CASEWORKER, AUDITOR = (
    device(name, OwnerKind.OFFICER, seeded(f"{name} officer", 16), OFFICE)
    for name in ("coordinator", "second coordinator", "caseworker", "auditor")
)
TABLET = device("coordinator's tablet", OwnerKind.OFFICER, COORDINATOR.record.owner, OFFICE)
POCKET = device("second coordinator's phone", OwnerKind.OFFICER, SECOND.record.owner, OFFICE)
"""It only confirms."""
GONE = device("former caseworker", OwnerKind.OFFICER, seeded("former officer", 16), OFFICE)
SECRET = Secret(seeded("letter secret", 16))
CONTACT = SECRET.contact
PHONE = device("phone", OwnerKind.CONTACT, CONTACT, OFFICE)
NEW_PHONE = device("new phone", OwnerKind.CONTACT, CONTACT, OFFICE)
STRANGER = device("stranger", OwnerKind.CONTACT, seeded("stranger contact", 16), OFFICE)

PHONE_PREKEY = pair("phone", OFFICE, PHONE.record.device)
NEW_PHONE_PREKEY = pair("new phone", OFFICE, NEW_PHONE.record.device)
STRANGER_PREKEY = pair("stranger", OFFICE, STRANGER.record.device)
EPOCHS = [pair(f"epoch {n}", OFFICE, sequence=n, created=NOW - 8 * DAY + n * 7 * DAY) for n in (1, 2)]


def entry(
    keys: DeviceKeys, code: str, roles: Role, *, start: int = NOW - 30 * DAY, end: int = NOW + 60 * DAY
) -> Entry:
    return Entry(keys.record.owner, code, roles, keys.record, start, end)


ENTRIES = {
    COORDINATOR.record.device: entry(COORDINATOR, "C-01", Role.COORDINATOR),
    TABLET.record.device: entry(TABLET, "C-01", Role.COORDINATOR),
    SECOND.record.device: entry(SECOND, "C-02", Role.COORDINATOR | Role.CASEWORKER),
    CASEWORKER.record.device: entry(CASEWORKER, "W-03", Role.CASEWORKER, end=NOW + 5 * DAY),
    AUDITOR.record.device: entry(AUDITOR, "A-04", Role.AUDITOR),
}
FORMER = entry(GONE, "W-09", Role.CASEWORKER)


def roster(version: int = 1, prev: bytes = ZERO_32, removals: tuple[Removal, ...] = ()) -> Roster:
    return Roster(
        office=OFFICE,
        first=ROOTS[0].root,
        successions=(),
        version=version,
        prev=prev,
        issued=NOW - DAY,
        expires=NOW + 20 * DAY,
        entries=tuple(ENTRIES[key] for key in sorted(ENTRIES)),
        removals=removals,
        epochs=tuple(epoch.prekey for epoch in EPOCHS),
    )


ROSTER = roster()
WITH_POCKET = replace(
    ROSTER,
    entries=tuple(
        sorted((*ROSTER.entries, entry(POCKET, "C-02", Role.CONFIRMER)), key=lambda each: each.device.device)
    ),
)
"""The same with a phone of the second coordinator's that only confirms."""
WIRE = ROSTER.sign(ROOTS[0].seed)
PIN = Pin(OFFICE, 1, ROSTER.hash, ROOTS[0].root.root_pk)
NEXT = roster(2, ROSTER.hash)
SUCCESSION = ROOTS[1].succession(OFFICE, ROOTS[0].root.root_pk)
SUCCEEDED = replace(NEXT, successions=(SUCCESSION,))
LETTER = Letter(SECRET, OFFICE, 1, ROSTER.hash)
