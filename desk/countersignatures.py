"""The second officer's part of a manifest: checked against what their own desk knows, signed, sent, and told to people.

A row that does not hold any more makes the whole be proposed anew: what both sign is exactly what goes out.
"""

from typing import Final

from crypto.disclosure import Disclosure, check_disclosure
from crypto.encoding import b64u, unb64u
from crypto.envelope import Urgency
from crypto.errors import CryptoError
from crypto.manifest import Manifest, ManifestApproval, ManifestBody, check_approval, check_manifest
from crypto.missive import MissiveKind
from crypto.statement import CONSENT_LIFE
from desk import aboard, contacts, disclosures, manifests, messages, movements, partners, threads
from desk.contacts import ContactView
from desk.errors import DeskError, RelayError, UsageError
from desk.manifests import LeftOut
from desk.minors import Minors
from desk.office import READS_MAIL, Desk
from desk.state import HeldManifest
from words.catalogues import LANGUAGES, render
from words.dates import moment

CATALOGUE: Final = "manifests"
GONE: Final = ("no_consent", "assent_refused", "assent_missing", "contact_not_found")


def approve_and_send(desk: Desk, held: HeldManifest, called: str) -> list[str] | None:
    """The second officer's signature; sends the manifest and its rows and tells the people; who could not be told.

    None: the relay is out of reach, and nobody was told yet. Called again, it goes on where it was cut off. `called`
    is what people read as the other office's name. Raises DeskError `approved_already`, `rows_fell_out` when anything
    of it does not hold any more.
    """
    if not held.sending:
        _approve(desk, held, called)
    if not _send(desk, held):
        return None
    untold = tell(desk, held)
    if not held.untold:
        del desk.state.manifests[b64u(manifests.body_of(held).manifest)]
        desk.save()
    return untold


def _approve(desk: Desk, held: HeldManifest, called: str) -> None:
    entry = desk.require(READS_MAIL, "approve a manifest")
    manifest = Manifest.parse(held.manifest)
    body = manifest.body
    author = check_approval(manifest.approvals[0], body, desk.roster)
    if author.officer == entry.officer:
        raise DeskError(
            f"{entry.role_code} has signed this manifest already: one officer counts once.",
            "The other signature must come from another officer, at their own desk.",
            "approved_already",
        )
    if not manifests.whole(held):
        raise DeskError(
            "Not all rows of the manifest are here.", "Run `qasid-desk inbox`, then try again.", "not_whole"
        )
    to = partners.pinned(desk, body.recipient)
    if len(called.encode()) > 96:
        raise UsageError("The office's name is too long.", "Give at most 96 bytes.")
    if fallen := _fallen(desk, held):
        raise DeskError(
            "Not signed: " + "; ".join(f"{each.alias}: {each.why}" for each in fallen) + ".",
            f"Those rows fell out. Propose anew: qasid-desk manifest {body.code} --for {to.name} …",
            "rows_fell_out",
        )
    ordered = sorted(
        (*manifest.approvals, manifests.sign(desk, body)), key=lambda wire: ManifestApproval.peek(wire).device
    )
    approved = Manifest(body, tuple(ordered))
    check_manifest(approved, roster=desk.roster, to=to.office)
    desk.relay.post("/exports/manifests", {"approvals": [b64u(wire) for wire in approved.approvals]})
    held.manifest, held.sending, held.called = approved.encode(), True, called or to.name
    held.due = list(held.rows)
    held.untold = [Disclosure.parse(row).contact for row in held.rows]
    # First of all goes what says until when the rows may be kept.
    threads.queue(desk, to, MissiveKind.MANIFEST, body.manifest, held.manifest, ends=body.destroy_by)


def _fallen(desk: Desk, held: HeldManifest) -> list[LeftOut]:
    """Rows that this desk cannot answer for now."""
    body = manifests.body_of(held)
    if body.destroy_by <= desk.now():
        raise DeskError("The manifest's date is over.", "Propose it anew.", "over")
    on = {each.contact: each for each in aboard.aboard(desk, body.code)}
    if unb64u(movements.movement_id(desk, body.code), 16) != body.movement:
        raise DeskError("The manifest is of another movement than it says.", "Propose it anew.", "movement")
    views = {view.contact: view for view in contacts.refresh(desk)}
    minors, found = Minors(desk), []
    for row in map(Disclosure.parse, held.rows):
        try:
            manifests.check_aboard(on.get(row.contact), [field.code for field in row.fields])
            _check_row(desk, body, row, views.get(row.contact))
            minors.check(row.alias, row.groups)
        except DeskError as why:
            found.append(LeftOut(row.alias, why.code, why.message))
        except CryptoError as why:
            found.append(LeftOut(row.alias, "refused", str(why)))
    return found


def _check_row(desk: Desk, body: ManifestBody, row: Disclosure, view: ContactView | None) -> None:
    """What the first officer says of somebody, against what this desk knows itself."""
    if view is None or view.alias != row.alias:
        raise DeskError("is no contact any more", "", "contact_not_found")
    contacts.check_alarms(view)
    if {each.device for each in row.devices} - {each.device for each in view.devices}:
        raise DeskError("has another phone since", "", "new_phone")
    for group in row.groups:
        said = view.sharing.get((body.recipient, group))
        if said is None or not said.given or said.at + CONSENT_LIFE <= desk.now():
            raise DeskError(f"does not consent any more to that office getting: {group}", "", "no_consent")
    check_disclosure(row, office=desk.office, to=body.recipient, now=desk.now())
    known = desk.state.files.get(b64u(row.contact), {})
    for field in row.fields:
        if field.code not in body.fields or field.code not in manifests.FIELDS:
            raise DeskError(f"{field.code} is not among the fields of it", "", "field")
        if field.code in known and known[field.code].text != field.text:
            raise DeskError(f"has told something else of {field.code}", "", "told_otherwise")
    manifests.check_plain(row)
    manifests.check_told(desk, view)


def _send(desk: Desk, held: HeldManifest) -> bool:
    """Whether all of it is at the relay, but for rows that it did not take."""
    body = manifests.body_of(held)
    to = partners.pinned(desk, body.recipient)
    while held.due:
        row = Disclosure.parse(held.due.pop(0))
        disclosures.send(desk, to, row, body.manifest, ends=body.destroy_by)  # it saves both
    while desk.state.missives_due:
        waiting = len(desk.state.missives_due)
        try:
            threads.flush(desk)
        except RelayError as refused:
            # Taken back in this moment: this row stays away, as it would be destroyed later.
            if refused.code not in GONE:
                raise
        if len(desk.state.missives_due) == waiting:
            return False
    away = _not_taken(desk, body.manifest)
    held.untold = [contact for contact in held.untold if contact not in away]
    return True


def _not_taken(desk: Desk, thread: bytes) -> set[bytes]:
    """The contacts whose rows the relay refused."""
    own = [threads.read(each) for each in desk.state.missives if each.state == "failed"]
    rows = [missive.read() for missive in own if missive.thread == thread]
    return {row.contact for row in rows if isinstance(row, Disclosure)}


def tell(desk: Desk, held: HeldManifest) -> list[str]:
    """Tells the people in it which office got what of them, and until when; the aliases of whom it could not tell.

    Whoever takes no messages any more is not tried again.
    """
    body = manifests.body_of(held)
    rows = {row.contact: row for row in map(Disclosure.parse, held.rows)}
    languages = {view.contact: view.language for view in contacts.refresh(desk)}
    failed = []
    for contact in list(held.untold):
        row = rows[contact]
        text = _words(body, row, languages.get(contact, ""), held.called)
        try:
            messages.reply(desk, b64u(contact), text, Urgency.ROUTINE)
        except DeskError as why:
            failed.append(row.alias)
            if why.code not in ("no_consent", "no_contact"):
                continue
        held.untold.remove(contact)
        desk.save()
    return failed


def _words(body: ManifestBody, row: Disclosure, language: str, called: str) -> str:
    """In their language; in all three where it is not known."""
    texts = []
    for each in (language,) if language in LANGUAGES else LANGUAGES:
        names = [render(each, CATALOGUE, f"group-{group}") for group in row.groups]
        values = {"office": called, "groups": ("، " if each != "en" else ", ").join(names)}
        texts.append(render(each, CATALOGUE, "told", {**values, "until": moment(body.destroy_by, each)}))
    return "\n\n".join(texts)
