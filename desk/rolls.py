"""Manifests that went between two offices, ours or theirs, put together from their rows; destroyed on their date."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.disclosure import Disclosure
from crypto.encoding import b64u
from crypto.manifest import Manifest, ManifestApproval, ManifestBody
from crypto.missive import MissiveKind
from desk import manifests, partners, threads
from desk.errors import UsageError
from desk.office import Desk
from desk.state import HeldMissive

PARTS: Final = (MissiveKind.MANIFEST, MissiveKind.DISCLOSURE)


@dataclass(frozen=True)
class Roll:
    """A manifest as it stands at this desk. `gone` counts rows that were taken back, or have not come."""

    body: ManifestBody
    office: bytes
    own: bool
    signed: list[str]
    rows: list[Disclosure]

    @property
    def gone(self) -> int:
        return len(self.body.rows) - len(self.rows)


def listed(desk: Desk) -> list[Roll]:
    """The oldest first."""
    return [_roll(desk, held) for held in desk.state.missives if held.ends]


def find(desk: Desk, word: str) -> Roll:
    """By its id or the beginning of it. Raises UsageError."""
    found = [roll for roll in listed(desk) if word and b64u(roll.body.manifest).startswith(word)]
    if len(found) != 1:
        raise UsageError(
            f"{word!r} names {'no' if not found else 'more than one'} manifest.",
            "See `qasid-desk manifests list`.",
        )
    return found[0]


def destroy_due(desk: Desk) -> list[str]:
    """Destroys, on disk too, every manifest whose date is over, with its rows and files; what to say about each.

    By the earlier of this machine's clock and the relay's, and not while they disagree. Raises UnreachableError.
    """
    if not _due(desk, desk.now()):
        return []
    now = desk.agreed_time()
    if now is None or not _due(desk, now):
        return []
    said = []
    for held in [held for held in desk.state.missives if 0 < held.ends <= now]:
        body = Manifest.parse(threads.read(held).payload).body
        said.append(f"Manifest {b64u(body.manifest)[:8]} of {body.code} is destroyed here: its date is over.")
        for each in _thread(desk, held):
            threads.empty(each)
    for path in [path for path, until in desk.state.manifest_files.items() if until <= now]:
        said.append(_unlink(Path(path)))
        del desk.state.manifest_files[path]
    if manifests.drop_over(desk, now):
        said.append("A proposal of a manifest is dropped: its date is over.")
    gone = {held.id for held in desk.state.missives if held.hash}
    desk.state.missives_due = [due for due in desk.state.missives_due if due.held not in gone]
    desk.save()
    return said


def _due(desk: Desk, now: int) -> bool:
    ends = [held.ends for held in desk.state.missives if held.ends]
    ends += [manifests.body_of(held).destroy_by for held in desk.state.manifests.values()]
    return any(until <= now for until in (*ends, *desk.state.manifest_files.values()))


def _unlink(path: Path) -> str:
    try:
        path.unlink()
    except OSError:
        return (
            f"{path} cannot be deleted here, or is not there any more: destroy it yourself; its date is over."
        )
    return f"{path} is deleted: its date is over. Destroy copies and prints as well."


def _thread(desk: Desk, manifest: HeldMissive) -> list[HeldMissive]:
    """The manifest's message and those of its rows, as far as something is left of them."""
    first = threads.read(manifest)
    chain = (first.office, first.to, first.thread)
    found = []
    for held in desk.state.missives:
        missive = threads.read(held)
        if (missive.office, missive.to, missive.thread) == chain and missive.kind in PARTS:
            found.append(held)
    return found


def _roll(desk: Desk, held: HeldMissive) -> Roll:
    missive = threads.read(held)
    manifest = Manifest.parse(missive.payload)
    own = missive.office == desk.office
    wanted, rows = set(manifest.body.rows), {}
    for each in _thread(desk, held):
        payload = threads.read(each).read()
        if isinstance(payload, Disclosure) and (row := manifest.body.row(payload)) in wanted:
            rows[row] = payload
    signed = [_signer(desk, missive.office, wire) for wire in manifest.approvals]
    ordered = sorted(rows.values(), key=lambda row: row.alias)
    return Roll(manifest.body, missive.to if own else missive.office, own, signed, ordered)


def _signer(desk: Desk, office: bytes, wire: bytes) -> str:
    """By role code; the signature was checked when it came."""
    roster = desk.roster if office == desk.office else partners.roster(partners.pinned(desk, office))
    entry = roster.entry(ManifestApproval.peek(wire).device)
    return entry.role_code if entry else "an officer removed since"
