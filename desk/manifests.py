"""Manifests by name, as one officer proposes them to the colleagues; countersignatures.py has what the second one does.

Who is in it consents to just that office and those fields; the desks ask when it is proposed and when it is approved,
and the relay when each row is taken.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.content import Inner, Kind
from crypto.disclosure import Disclosure
from crypto.encoding import b64u, unb64u
from crypto.errors import CryptoError, Refused
from crypto.manifest import (
    LONGEST_LIFE,
    MOST_ROWS,
    Manifest,
    ManifestApproval,
    ManifestBody,
    ManifestPart,
    approve,
    check_approval,
    row_hash,
)
from crypto.sealing import Recipient
from desk import (
    aboard,
    chains,
    contacts,
    disclosures,
    movements,
    outbox,
    partners,
    plaintext,
)
from desk.aboard import Aboard
from desk.contacts import ContactView
from desk.errors import DeskError, UsageError
from desk.lifetimes import DAY, MESSAGE_LIFE
from desk.minors import Minors
from desk.office import READS_MAIL, Desk, spoken_id
from desk.state import HeldManifest, HeldPartner

#: What may stand in a manifest at all; why somebody is in danger is nobody's business who carries them.
FIELDS: Final = (
    "identity-name", "identity-documents", "family-members", "needs-health", "needs-help",
    "papers-kind", "papers-issuer", "papers-surname", "papers-given", "papers-number", "papers-nationality",
    "papers-birth", "papers-sex", "papers-expiry",
)  # fmt: skip
CAP: Final = 50
"""Rows, unless more are asked for."""
FAMILY: Final = "family-members"
"""Who goes with somebody: of a party that was parted nobody can tell which of them it names."""
PART: Final = 40_000  # bytes of one part: an envelope holds 64 KiB


@dataclass(frozen=True)
class LeftOut:
    """Somebody who is on the movement and not in the manifest; `why` does not repeat what they told."""

    alias: str
    code: str
    why: str


# --- proposing


def fields(given: str) -> list[str]:
    """Comma-separated fields, in order and once each. Raises UsageError."""
    named = sorted({part.strip().lower() for part in given.split(",") if part.strip()})
    unknown = [name for name in named if name not in FIELDS]
    if not named or unknown:
        what = f"{unknown[0]!r} may not stand in a manifest" if unknown else "No field is named"
        raise UsageError(f"{what}.", f"Give some of {', '.join(FIELDS)}.")
    return named


def propose(
    desk: Desk, code: str, office: str, named: list[str], *, destroy_by: int, cap: int
) -> tuple[HeldManifest, list[LeftOut]]:
    """Proposes who is on the movement, with these fields, for a pinned office; handed round to the colleagues' desks.

    With it, who is left out, and why. Raises UsageError beyond the cap or for a date that cannot be, DeskError when
    nobody is left.
    """
    desk.require(READS_MAIL, "propose a manifest")
    to = partners.named(desk, office)
    now = desk.now()
    if not now < destroy_by <= now + LONGEST_LIFE:
        raise UsageError("A manifest is destroyed within 90 days.", "Give --until, e.g. +14d.")
    if not 1 <= cap <= MOST_ROWS:
        raise UsageError(f"The cap is 1 to {MOST_ROWS} rows.", f"Left out, it is {CAP}.")
    rows, out = _rows(desk, to, aboard.aboard(desk, code), named)
    if len(rows) > cap:
        raise UsageError(
            f"That are {len(rows)} people, and the cap is {cap}.",
            "Nothing was proposed. Give --cap only if all of them are meant.",
            "cap_exceeded",
        )
    if not rows:
        raise DeskError(
            f"Nobody on {code} can stand in it.",
            "; ".join(f"{each.alias}: {each.why}" for each in out) or "Nobody has accepted a seat.",
            "nobody",
        )
    salt = secrets.token_bytes(32)
    body = ManifestBody(
        manifest=spoken_id(),
        salt=salt,
        office=desk.office,
        recipient=to.office,
        movement=unb64u(movements.movement_id(desk, code), 16),
        code=code,
        fields=tuple(named),
        made=now,
        destroy_by=destroy_by,
        rows=tuple(sorted(row_hash(salt, row) for row in rows)),
    )
    held = HeldManifest(Manifest(body, (sign(desk, body),)).encode(), desk.device.device)
    held.rows = [row.encode() for row in rows]
    desk.state.manifests[b64u(body.manifest)] = held
    _hand_round(desk, held)
    return held, out


def _rows(
    desk: Desk, to: HeldPartner, people: Iterable[Aboard], named: Sequence[str]
) -> tuple[list[Disclosure], list[LeftOut]]:
    views, minors = contacts.refresh(desk), Minors(desk)
    rows, out = [], []
    for each in people:
        try:
            view = contacts.find(views, each.alias)
            codes = [code for code in named if each.whole or code != FAMILY]
            check_aboard(each, codes)
            groups = sorted({code.partition("-")[0] for code in codes})
            row = disclosures.compose(desk, view, to, groups, codes)
            check_plain(row)
            check_told(desk, view)
            minors.check(view.alias, row.groups)
            rows.append(row)
        except DeskError as why:
            out.append(LeftOut(each.alias, why.code, why.message))
        except CryptoError as why:
            out.append(LeftOut(each.alias, "refused", str(why)))
    return sorted(rows, key=lambda row: row.contact), out


def check_aboard(each: Aboard | None, codes: Sequence[str]) -> None:
    """Raises DeskError unless they are on the movement in person, and these fields tell of nobody who is not."""
    if each is None:
        raise DeskError("holds no seat any more", "", "not_aboard")
    if not each.in_person:
        raise DeskError("some of theirs boarded, not they themselves", "", "not_aboard")
    if not codes or (FAMILY in codes and not each.whole):
        raise DeskError("not all of theirs boarded, and nobody can tell here who did", "", "parted")


def check_plain(row: Disclosure) -> None:
    """Raises DeskError when a row is not what it looks like, or too long."""
    for field in row.fields:
        plaintext.check(field.text, field.code, lines=True)
    if len(row.encode()) > PART:
        raise DeskError("what they told is too long for a row", "", "too_long")


def check_told(desk: Desk, view: ContactView) -> None:
    """Raises DeskError: nobody is in a manifest whom nobody could tell of it."""
    contacts.check_noted(view)
    contacts.recipients(desk, view, ("messages",), desk.now() + DAY)


def _hand_round(desk: Desk, held: HeldManifest) -> None:
    manifest = Manifest.parse(held.manifest)
    id_ = manifest.body.manifest
    parts = [ManifestPart(id_, (manifest,), ())]
    parts += [ManifestPart(id_, (), tuple(rows)) for rows in _bundles(held)]
    epoch = [Recipient(desk.roster.epoch(desk.now()))]
    until = min(desk.now() + MESSAGE_LIFE, manifest.body.destroy_by)
    for part in parts:
        outbox.queue(desk, chains.compose(desk, Kind.MANIFEST, desk.office, id_, part.encode()), epoch, until)
    outbox.flush(desk)


def _bundles(held: HeldManifest) -> Iterator[list[Disclosure]]:
    bundle: list[Disclosure] = []
    size = 0
    for row in map(Disclosure.parse, held.rows):
        length = len(row.encode())
        if bundle and size + length > PART:
            yield bundle
            bundle, size = [], 0
        bundle.append(row)
        size += length
    yield bundle


def sign(desk: Desk, body: ManifestBody) -> bytes:
    """This officer's yes to exactly this body."""
    return approve(body, device=desk.device.device, at=desk.now(), seed=desk.keys.sign_seed)


# --- taking a colleague's


def take(desk: Desk, part: ManifestPart, inner: Inner) -> bool:
    """Keeps a part of a colleague's proposal; whether it is whole now. Raises Refused for one that does not hold."""
    name = b64u(part.manifest)
    for manifest in part.proposal:
        body = manifest.body
        if body.office != desk.office or name in desk.state.manifests:
            raise Refused("a manifest of another office, or a second one by the same id")
        if len(manifest.approvals) != 1:
            raise Refused("a proposal has one approval")
        check_approval(manifest.approvals[0], body, desk.roster)
        if ManifestApproval.peek(manifest.approvals[0]).device != inner.sender:
            raise Refused("a proposal that somebody else approved")
        desk.state.manifests[name] = HeldManifest(manifest.encode(), inner.sender)
    held = desk.state.manifests.get(name)
    if held is None or held.author != inner.sender:
        raise Refused("rows without their manifest, or by somebody else")
    wanted = set(body_of(held).rows)
    for row in part.rows:
        if body_of(held).row(row) not in wanted or row.encode() in held.rows:
            raise Refused("a row that the manifest does not name, or a second time")
        held.rows.append(row.encode())
    return whole(held)


def body_of(held: HeldManifest) -> ManifestBody:
    return Manifest.parse(held.manifest).body


def whole(held: HeldManifest) -> bool:
    """Whether every row is here."""
    return len(held.rows) == len(body_of(held).rows)


def find(desk: Desk, word: str) -> HeldManifest:
    """A proposal by its id or the beginning of it. Raises UsageError."""
    found = [held for name, held in desk.state.manifests.items() if word and name.startswith(word)]
    if len(found) != 1:
        raise UsageError(
            f"{word!r} names {'no' if not found else 'more than one'} proposal.",
            "See `qasid-desk manifests list`; a colleague's proposal arrives with the mail.",
        )
    return found[0]


def forget(desk: Desk, contact: bytes) -> None:
    """Drops every proposal that names somebody: without that row it is none."""
    named = {
        name: any(Disclosure.parse(row).contact == contact for row in held.rows)
        for name, held in desk.state.manifests.items()
    }
    desk.state.manifests = {name: held for name, held in desk.state.manifests.items() if not named[name]}


def drop_over(desk: Desk, now: int) -> bool:
    """Drops proposals whose date is over; whether there was one. The caller saves."""
    before = len(desk.state.manifests)
    desk.state.manifests = {
        name: held for name, held in desk.state.manifests.items() if body_of(held).destroy_by > now
    }
    return len(desk.state.manifests) != before


def settle(desk: Desk, sent: Manifest) -> None:
    """A colleague's desk has sent it: it is no proposal any more. The caller saves."""
    held = desk.state.manifests.get(b64u(sent.body.manifest))
    if held is not None and not held.sending:
        del desk.state.manifests[b64u(sent.body.manifest)]
