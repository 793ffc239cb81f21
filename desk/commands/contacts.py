"""`contacts`, `verify`, `confirm`: whom the office knows, and how surely."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.card import Evidence
from crypto.encoding import b64u
from crypto.errors import CryptoError
from desk import cardchanges, cases, contacts, enrolments, letters, messages, proposals
from desk.answers import Answer
from desk.commands import cardchanges as changing
from desk.commands import newphones
from desk.commands.common import Json, Yes, agreed, at_desk
from desk.commands.letters import describe, show
from desk.contacts import ContactView
from desk.enrolments import Candidate
from desk.errors import AlarmError, DeskError, RelayError, UsageError
from desk.lifetimes import KEYS_NEAR, LETTER_LIFE
from desk.office import Desk
from desk.times import show_age, show_time
from desk.voice import Voice, table

Row = dict[str, Any]


class Proof(StrEnum):
    """What the confirming officer relies on."""

    LETTER = "letter"
    NUMBER = "number"


@dataclass(frozen=True)
class Asked:
    """What the officer said about the phones that wait."""

    proof: Evidence
    number: str
    reject: bool
    yes: bool


def listed(
    context: typer.Context,
    *,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only whose keys run out within a week: ask them to open the app.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List contacts: state, consents, keys, unread. Ends with 1 when the relay tampered with any.

    Example: qasid-desk contacts
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        with voice.progress() as tick:
            count = 0

            def one() -> None:
                nonlocal count
                count += 1
                tick("checking cards, keys and consents", count, max(count, len(desk.state.contacts)))

            views = contacts.refresh(desk, one)
        unread: dict[bytes, int] = {}
        for message in messages.unread(desk):
            unread[message.contact] = unread.get(message.contact, 0) + 1
        rows = [_row(view, unread.get(view.contact, 0)) for view in views]
        if stale:
            until = desk.now() + KEYS_NEAR
            rows = [row for row in rows if row["state"] == "enrolled" and (row["seal_until"] or 0) < until]
        warnings = [{"code": "alarm", "message": f"{v.alias}: {text}"} for v in views for text in v.alarms]
        voice.result({"contacts": rows, "warnings": warnings}, lambda out: _table(out, rows, desk.now()))
        for warning in [] if as_json else warnings:
            voice.fail(AlarmError(warning["message"]))
        if warnings:
            raise typer.Exit(1)


def verify(
    context: typer.Context,
    *,
    alias: Annotated[str, typer.Argument(help="The contact's alias.")],
    matches: Annotated[
        bool, typer.Option("--matches", help="They read the same number: remember that.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the comparison number of a contact's phone, to read to each other by voice.

    Only a voice you know proves anything: never compare by chat. When the phone was changed this says since when, and
    takes note that you know; before, nothing is written to it.

    Example: qasid-desk verify K-4821
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        view = contacts.find(contacts.refresh(desk), alias)
        contacts.check_alarms(view)
        if not view.devices:
            raise DeskError(f"{alias} has no phone yet.", "See `qasid-desk confirm`.", "not_enrolled")
        if matches:
            contacts.mark_compared(desk, view.contact)
        contacts.take_note(desk, view.contact)
        desk.save()
        rows = [
            {"device": b64u(device), "number": " ".join(groups)}
            for device, groups in contacts.numbers(view).items()
        ]
        compared = desk.state.contacts[b64u(view.contact)].compared_at
        data = {
            "contact": b64u(view.contact),
            "alias": view.alias,
            "devices": rows,
            "compared_at": compared or None,
            "changed_at": view.changed_at or None,
            "new_phone": view.new_phone,
        }
        changed = f"Another phone since {show_time(view.changed_at)}.\n" if view.changed_at else ""
        voice.result(
            data,
            lambda out: out.print(
                changed
                + "\n".join(row["number"] for row in rows)
                + (
                    f"\ncompared {show_time(compared)}"
                    if compared
                    else "\nnot compared yet (--matches remembers it)"
                )
            ),
        )


def confirm(
    context: typer.Context,
    *,
    names: Annotated[
        list[str] | None, typer.Argument(help="Invitations, aliases or proposals; none means all that wait.")
    ] = None,
    reject: Annotated[bool, typer.Option("--reject", help="Turn them down instead.")] = False,
    evidence: Annotated[
        Proof, typer.Option("--evidence", help="letter, or number when you compared numbers by voice.")
    ] = Proof.LETTER,
    number: Annotated[
        str, typer.Option("--number", help="A new phone for a contact: the number they read to you by voice.")
    ] = "",
    reason: Annotated[
        str,
        typer.Option("--reason", help="Vetting a case: papers, voice, interview, partner or witness."),
    ] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Confirm phones that wait to be enrolled, and proposals made in the chat.

    The desk checks that each phone knew its letter's secret: the relay cannot. Two phones with one letter are an
    alarm and neither is confirmed. Ends with 1 when anything was refused.

    A new phone for a contact you know (`invite --again`) takes the number that they read to you by voice, typed in,
    and two officers, each at a desk of their own: first where the letter was made. A second device, asked for by the
    first one's signature, takes two officers as well.

    Example: qasid-desk confirm K-4821
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if reason:
            cases.word(reason, cases.REASONS["confirm"], "reason to confirm")
        proof = Evidence.NUMBER if evidence is Proof.NUMBER else Evidence.LETTER
        chosen = set(names or [])
        waiting = [
            candidates
            for invitation, candidates in enrolments.pending(desk).items()
            if not chosen or chosen & {b64u(invitation), candidates[0].alias}
        ]
        if number and len(waiting) != 1:
            raise UsageError("A number is one phone's.", "Name whose: qasid-desk confirm K-4821 --number …")
        ask = Asked(proof, number, reject=reject, yes=yes)
        phones = [_phones(voice, desk, candidates, ask) for candidates in waiting]
        wishes = [
            _proposal(voice, desk, wish, reject=reject, reason=reason, yes=yes)
            for wish in proposals.listed(desk)
            if not chosen or chosen & {wish.text("proposal"), wish.text("subject", "")}
        ]
        changes = [
            changing.decide(voice, desk, change, yes=yes, reject=reject)
            for change in cardchanges.pending(desk)
            if not chosen or chosen & {b64u(change.contact), change.alias}
        ]
        known = {name for row in phones for name in (row["invitation"], row["alias"])}
        known |= {name for row in changes for name in (row["contact"], row["alias"])}
        known |= {name for row in wishes for name in (row["proposal"], row["subject"])}
        if missing := chosen - known:
            raise DeskError(
                f"Nothing waits under {', '.join(sorted(missing))}.", "See `qasid-desk status`.", "nothing"
            )
        voice.result(
            {"enrolments": phones, "devices": changes, "proposals": wishes},
            lambda out: _outcome(out, phones, changes, wishes),
        )
        if any(row["outcome"] in ("alarm", "refused") for row in phones + changes + wishes):
            raise typer.Exit(1)


def _phones(voice: Voice, desk: Desk, candidates: list[Candidate], ask: Asked) -> dict[str, Any]:
    good = [candidate for candidate in candidates if not candidate.fault]
    shown = (good or candidates)[0]
    row: dict[str, Any] = {
        "invitation": b64u(shown.invitation),
        "alias": shown.alias,
        "contact": b64u(shown.contact),
        "device": b64u(shown.device),
        # Of a new phone it is typed in and compared: whoever is shown it needs to call nobody.
        "number": "" if shown.again else " ".join(shown.number),
        "new_phone": shown.again,
    }
    if shown.fault == enrolments.ELSEWHERE:
        return row | {"outcome": "elsewhere", "why": shown.fault}
    if ask.reject:
        voice.confirm(f"Turn down whoever waits under the letter of {shown.alias}?", yes=ask.yes)
        for candidate in candidates:
            enrolments.refuse(desk, candidate)
        return row | {"outcome": "rejected", "why": ""}
    if enrolments.is_alarm(candidates):
        if not voice.as_json:
            voice.fail(_alarm(shown))
        return row | {"outcome": "alarm", "why": "two phones hold this letter: somebody else has read it"}
    for candidate in candidates:
        if candidate.fault and candidate.here:
            enrolments.refuse(desk, candidate)
    if not good:
        return row | {"outcome": "refused", "why": shown.fault}
    return row | _certify(voice, desk, candidates, ask)


def _certify(voice: Voice, desk: Desk, candidates: list[Candidate], ask: Asked) -> dict[str, Any]:
    shown = next(candidate for candidate in candidates if not candidate.fault)
    if shown.again:
        return newphones.certify(voice, desk, shown, ask.number)
    if not voice.as_json:
        voice.err.print(
            f"{shown.alias}: the phone knows its letter. Number: {' '.join(shown.number)}", markup=False
        )
    if not agreed(voice, f"Certify this phone as {shown.alias}'s?", yes=ask.yes):
        return {"outcome": "skipped", "why": "not confirmed"}
    try:
        enrolments.enrol(desk, candidates, ask.proof)
    except CryptoError as refused:
        return {"outcome": "refused", "why": str(refused)}
    return {"outcome": "enrolled", "why": ""}


def _alarm(shown: Candidate) -> AlarmError:
    return AlarmError(
        f"Two phones hold the letter for {shown.alias}: somebody else has read it. Neither was confirmed.",
        "Void it (`qasid-desk invitations --void`), warn the person by another way, give a new letter by hand.",
    )


def _proposal(
    voice: Voice, desk: Desk, wish: Answer, *, reject: bool, reason: str, yes: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "proposal": wish.text("proposal"),
        "kind": wish.text("kind"),
        "subject": wish.text("subject", ""),
        "words": wish.text("words", ""),
        "by": wish.text("by"),
        "letter": None,
    }
    if reject:
        proposals.decide(desk, row["proposal"], confirm=False)
        return row | {"outcome": "rejected", "why": ""}
    what = proposals.describe(wish)
    vets = row["kind"] == "vet"
    if vets and not (reason or row["words"]):
        return row | {"outcome": "skipped", "why": "say what you rely on: --reason papers, voice, …"}
    relied = f" Relying on: {reason}." if vets and reason else ""
    if not agreed(voice, f"{row['by']} proposed in the chat: {what}.{relied} Do it?", yes=yes):
        return row | {"outcome": "skipped", "why": "not confirmed"}
    try:
        proposals.decide(desk, row["proposal"], confirm=True, reason=reason if vets else "")
    except RelayError as refused:
        if row["kind"] == "invite":
            raise
        return row | {"outcome": "refused", "why": refused.message}
    if row["kind"] != "invite":
        left = proposals.left(row["kind"], row["subject"], row["words"])
        return row | {"outcome": "confirmed", "why": left}
    made = letters.invite(desk, "", LETTER_LIFE)
    if not voice.as_json:
        show(voice.out, made, None)
    return row | {"outcome": "confirmed", "why": "", "letter": describe(made) | {"page": None}}


def _row(view: ContactView, unread: int) -> dict[str, Any]:
    newest = max(view.prekeys.values(), key=lambda prekey: prekey.sequence, default=None)
    body = view.card.body if view.card else None
    return {
        "contact": b64u(view.contact),
        "alias": view.alias,
        "state": view.state,
        "serial": body.serial if body else None,
        "evidence": body.evidence.name.lower() if body else None,
        "devices": [b64u(record.device) for record in view.devices],
        "consents": view.consents,
        "agreed_until": view.agreed_until,
        "paused": view.paused,
        "language": view.language,
        "sequence": newest.sequence if newest else None,
        "seal_until": newest.seal_until if newest else None,
        "compared_at": view.compared_at or None,
        "changed_at": view.changed_at or None,
        "new_phone": view.new_phone,
        "unread": unread,
    }


def _table(out: Console, rows: list[dict[str, Any]], now: int) -> None:
    shown = table("Contacts", "alias", "state", "known by", "consents to", "keys good for", "unread")
    for row in rows:
        left = (row["seal_until"] or 0) - now
        known = "number" if row["compared_at"] else row["evidence"] or "—"
        shown.add_row(
            row["alias"],
            row["state"]
            + (" (paused)" if row["paused"] else "")
            + (f" (NEW PHONE since {show_time(row['changed_at'])})" if row["new_phone"] else ""),
            known,
            ", ".join(sorted(name for name, given in row["consents"].items() if given)) or "—",
            show_age(left) if left > 0 else "—",
            str(row["unread"] or ""),
        )
    out.print(shown)


def _outcome(out: Console, phones: list[Row], changes: list[Row], wishes: list[Row]) -> None:
    if not phones and not changes and not wishes:
        out.print("Nothing waits.")
    for row in phones:
        what = "a new phone for " if row["new_phone"] else ""
        out.print(
            f"{what}{row['alias']}: {row['outcome']}" + (f" ({row['why']})" if row["why"] else ""),
            markup=False,
        )
    for row in changes:
        out.print(changing.told(row), markup=False)
    for row in wishes:
        what = " ".join(part for part in (row["kind"], row["subject"], row["words"]) if part)
        why = f" ({row['why']})" if row["why"] else ""
        out.print(f"{what} proposed by {row['by']}: {row['outcome']}{why}", markup=False)
