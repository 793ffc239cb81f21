"""`notice`: from the draft to the go."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from crypto.encoding import b64u
from crypto.notice import Approval, Notice
from desk import (
    approvals,
    cancellations,
    contacts,
    drafts,
    mail,
    outbox,
    preview,
    release,
    replies,
    templates,
)
from desk.answers import Answer
from desk.commands import tables
from desk.commands.common import Json, Yes, at_desk, text_from
from desk.errors import UsageError
from desk.forms import Sheet, describe
from desk.movements import route_name
from desk.office import Desk
from desk.standing import WORDS, standing
from desk.state import HeldNotice
from desk.times import parse_time, show_moment
from desk.voice import speaking

app = typer.Typer(
    no_args_is_help=True, help="Departure notices: draft, two approvals, seal ahead, go or cancel."
)

NoticeId = Annotated[
    str,
    typer.Argument(metavar="ID", help="The notice's id, its beginning or its number; ID/2 names a version."),
]

PLACE = (
    "Where; sealed apart, opened only by the go. With - it is asked for, or read from standard input: "
    "others at this machine can read a command line."
)


@app.command("draft")
def draft(
    context: typer.Context,
    *,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="A notice as JSON, or - for standard input; options win over it."),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="come, change, advisory or threat.")] = None,
    movement: Annotated[
        str | None, typer.Option("--movement", help="Code name of the movement, e.g. AIR-07.")
    ] = None,
    route: Annotated[
        str | None, typer.Option("--route", help="AIR, LAND-PK, LAND-UZ, LAND-TJ or none.")
    ] = None,
    departs_at: Annotated[
        str | None, typer.Option("--departs-at", help="2026-11-21T10:00+04:30, or +36h.")
    ] = None,
    report_from: Annotated[str | None, typer.Option("--report-from", help="When people may come.")] = None,
    report_until: Annotated[str | None, typer.Option("--report-until", help="Until when.")] = None,
    answer_by: Annotated[str | None, typer.Option("--answer-by", help="When an answer is needed.")] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", help="When the notice is over; before departure.")
    ] = None,
    place: Annotated[str | None, typer.Option("--place", help=PLACE)] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", help="Worded for you in three languages; see `notice templates`."),
    ] = None,
    fill: Annotated[
        list[str] | None,
        typer.Option("--fill", help="NAME=TEXT or LANG:NAME=TEXT; what is left open is asked for."),
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="LANG:FIELD=TEXT, e.g. en:bring='water'.")
    ] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="ALIAS or ALIAS:PARTY.")] = None,
    standby: Annotated[
        list[str] | None,
        typer.Option(
            "--standby", help="ALIAS:PARTY@CLASS: gets the next seat that is free; class 1 is first."
        ),
    ] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", help="Draft the next version of this notice.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draft a notice and pass it, sealed, to the colleagues' desks. It reaches nobody outside before it is sealed.

    A file looks like {"kind": "come", "movement": "AIR-07", "route": "AIR", "departs_at": "+60h", "report_from":
    "+50h", "report_until": "+54h", "answer_by": "+36h", "expires": "+54h", "place": "North gate", "texts":
    [{"language": "en", "who": "…", "bring": "…", "leave": "…", "documents": "…", "message": "…"}], "to":
    [{"alias": "K-4821", "party": 2}, {"alias": "K-4822", "party": 3, "standby": 2}]}. In place of "texts", or below
    them: "template": "air", "fill": {"luggage": "20"}; "fa-AF:facts" fills in one language.

    A threat alert (--kind threat --route AIR; without a route, all of them) is for whoever was sent a departure there,
    too: they are added by themselves. It calls all of those departures off.

    What is typed on a command line may stay in your shell's history, and others at this machine may see it: texts
    and places are better in the file.

    Example: qasid-desk notice draft --file notice.json --template air --fill luggage=20 --to K-4821:2
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        before = drafts.find(desk, replaces) if replaces else None
        sheet = Sheet.from_notice(before) if before else Sheet()
        if file:
            sheet = Sheet.from_file(file).over(sheet)
        values = {
            "kind": kind,
            "movement": movement,
            "route": route,
            "departs_at": departs_at,
            "report_from": report_from,
            "report_until": report_until,
            "answer_by": answer_by,
            "expires": expires,
            "place": _place(place),
        }
        sheet.update(values, text or [], to or [], standby or [])
        sheet.filling(template or "", fill or [])
        if not as_json:
            _ask(sheet)
        held = drafts.draft(desk, sheet.form(desk.now()), before)
        outbox.flush(desk)
        data = _brief(held)
        voice.result(
            data,
            lambda out: out.print(
                f"Drafted {data['notice']} version {data['version']} for {data['recipients']}.\n"
                f"Next: qasid-desk notice approve {data['notice']} (here and at a second coordinator's desk)",
                soft_wrap=True,
            ),
        )


@app.command("templates")
def templated(*, as_json: Json = False) -> None:
    """List the templates of notices, and what they leave open.

    Example: qasid-desk notice templates
    """
    with speaking(as_json=as_json) as voice:
        rows: list[dict[str, Any]] = []
        for name, each in templates.TEMPLATES.items():
            places = templates.places(name)
            rows.append(
                {
                    "template": name,
                    "kind": each.kind.name.lower(),
                    "routes": [route_name(route) for route in each.routes],
                    "times": [place for place in places if place in templates.TIMES],
                    "fill": [place for place in places if place not in templates.TIMES],
                }
            )
        voice.result({"templates": rows}, lambda out: tables.templates(out, rows))


@app.command("preview")
def previewed(
    context: typer.Context,
    *,
    notice: NoticeId,
    language: Annotated[
        str | None, typer.Option("--language", help="Only in this one: en, fa-AF (Dari), ps-AF (Pashto).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a notice as phones will show it before the go, in each language.

    Example: qasid-desk notice preview Qm3x --language fa-AF
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        shown = [each for each in _previews(held) if language in (None, each["language"])]
        if not shown:
            raise UsageError(
                f"The notice cannot be read in {language!r}.",
                f"It can in {', '.join(preview.languages(held))}.",
            )
        data = {"notice": _brief(held)["notice"], "version": _brief(held)["version"], "previews": shown}
        voice.result(data, lambda out: tables.previews(out, shown))


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List notices: drafts at this desk, and what the relay holds.

    Example: qasid-desk notice list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        mail.fetch(desk)
        shown = {(row.text("notice"), row.integer("version")): row for row in _rows(desk)}
        rows = []
        for held in desk.state.notices.values():
            row = _brief(held)
            at_relay = shown.get((row["notice"], row["version"]))
            if at_relay:
                row |= {"state": at_relay.text("state"), "counts": at_relay.one("counts").plain()}
                row["why"] = at_relay.plain().get("why")
                row["reviewed"] = approvals.reviewed(desk, held)
                changed = set(at_relay.many_octets("stale"))
                row["stale"] = sorted(offer.alias for offer in held.offers if offer.contact in changed)
            else:
                row |= {"counts": None, "why": None, "reviewed": None, "stale": []}
            notice = Notice.parse(held.notice)
            author = desk.roster.entry(held.author)
            row |= {
                "movement": notice.movement,
                "approvals": [code for _, code in approvals.officers(desk, held)],
                "author": author.role_code if author else None,
                "opened": len(held.opened),
            }
            rows.append(row)
        voice.result({"notices": rows}, lambda out: tables.notices(out, rows))


@app.command("show")
def show(context: typer.Context, *, notice: NoticeId, as_json: Json = False) -> None:
    """Show everything in a notice, for whom it is, and who approved it.

    Example: qasid-desk notice show Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        approvals.collect(desk, held)
        data = _full(desk, held)
        voice.result(data, lambda out: tables.notice(out, data))


@app.command("approve")
def approve(context: typer.Context, *, notice: NoticeId, yes: Yes = False, as_json: Json = False) -> None:
    """Read a notice and sign that exactly this may go out. A come or change takes two different coordinators.

    Example: qasid-desk notice approve Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        if not as_json:
            tables.notice(voice.err, _full(desk, held))
        voice.confirm("Sign that exactly this may go out?", yes=yes)
        approvals.approve(desk, held)
        data = {
            "notice": _brief(held)["notice"],
            "version": _brief(held)["version"],
            "content_hash": b64u(Notice.parse(held.notice).hash),
            "approvals": _approvals(desk, held),
            "complete": approvals.complete(desk, held),
        }
        codes = ", ".join(row["role_code"] for row in _approvals(desk, held))
        rest = (
            "It can be sealed."
            if data["complete"]
            else "A second coordinator must approve at their own desk."
        )
        voice.result(data, lambda out: out.print(f"Approved by {codes}. {rest}", markup=False))


@app.command("review")
def review(context: typer.Context, *, notice: NoticeId, yes: Yes = False, as_json: Json = False) -> None:
    """Note that you, a second coordinator, stand by a threat alert that one let go. Phones hear nothing of it.

    Example: qasid-desk notice review Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        if not as_json:
            tables.notice(voice.err, _full(desk, held))
        voice.confirm("Sign that you stand by this alert?", yes=yes)
        approvals.review(desk, held)
        data = _brief(held) | {"approvals": _approvals(desk, held)}
        voice.result(data, lambda out: out.print("Reviewed. If it was wrong, draft what is to count now."))


@app.command("seal")
def seal(
    context: typer.Context,
    *,
    notice: NoticeId,
    release_at: Annotated[
        str | None, typer.Option("--release-at", help="When it goes out; left out, now.")
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Seal an approved notice to each person's phone and schedule it at the relay.

    Example: qasid-desk notice seal Qm3x --release-at +6h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        at = parse_time(release_at, desk.now()) if release_at else desk.now()
        if changed := contacts.new_phones(desk).keys() & {offer.alias for offer in held.offers}:
            voice.note(f"New phones: {', '.join(sorted(changed))}. See `qasid-desk verify` before you seal.")
        voice.confirm(f"Seal for {len(held.offers)} and release at {show_moment(at)}?", yes=yes)
        with voice.progress() as tick:
            size = release.seal(desk, held, at, tick)
        data = _brief(held) | {"release_at": held.release_at, "bytes": size}
        voice.result(
            data,
            lambda out: out.print(
                f"Sealed for {data['recipients']}, {size} bytes. Released at {show_moment(held.release_at)}; "
                "until then `notice cancel` stops it."
            ),
        )


@app.command("go")
def go(
    context: typer.Context,
    *,
    notice: NoticeId,
    valid_until: Annotated[
        str | None,
        typer.Option("--valid-until", help="When it lapses; left out, the end of the report window."),
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Also to those who have not accepted.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Confirm a notice near its time: until this, phones say "not confirmed, stay put". Opens the place.

    Example: qasid-desk notice go Qm3x --valid-until +8h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        contents = Notice.parse(held.notice)
        default = contents.report_until or contents.expires
        until = parse_time(valid_until, desk.now()) if valid_until else default
        voice.confirm("People will set out on this. Is the way clear, and confirm it now?", yes=yes)
        told = release.go(desk, held, until, everyone=everyone)
        data = _brief(held) | {"recipients": len(told), "told": told, "valid_until": until}
        voice.result(
            data, lambda out: out.print(f"Go for {', '.join(told)}, valid until {show_moment(until)}.")
        )


@app.command("cancel")
def cancel(
    context: typer.Context,
    *,
    notice: NoticeId,
    reason: Annotated[str, typer.Option("--reason", help="safety, changed or other.")] = "other",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Cancel a notice for good, with all its versions: what has not gone out stops, and those who were told are told.

    Example: qasid-desk notice cancel Qm3x --reason safety
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if reason not in cancellations.REASONS:
            raise UsageError(
                f"There is no reason {reason!r}.", f"The reasons are {', '.join(cancellations.REASONS)}."
            )
        held = _find(desk, notice)
        voice.confirm("Cancel this notice for good, all versions of it?", yes=yes)
        told = cancellations.cancel(desk, held, cancellations.REASONS[reason])
        data = _brief(held) | {"recipients": len(told), "told": told}
        voice.result(
            data, lambda out: out.print(f"Cancelled; told: {', '.join(told) or 'nobody had to be'}.")
        )


@app.command("answers")
def answers(context: typer.Context, *, notice: NoticeId, as_json: Json = False) -> None:
    """Verify and show the signed answers. Silence is no answer. Ends with 1 when one does not verify.

    Example: qasid-desk notice answers Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = _find(desk, notice)
        contacts.refresh(desk)
        found = replies.replies(desk, held)
        aliases = {offer.contact: offer.alias for offer in held.offers}
        rows: list[dict[str, Any]] = [
            {
                "alias": aliases[contact],
                "contact": b64u(contact),
                "answer": answer.answer.name.lower(),
                "party": answer.party,
                "at": answer.at,
            }
            for contact, answer in found.given.items()
        ]
        refused = [{"alias": alias, "why": why} for alias, why in found.refused]
        waiting = [offer.alias for offer in found.waiting]
        unacknowledged = [offer.alias for offer in found.unacknowledged]
        data = {
            "notice": _brief(held)["notice"],
            "version": _brief(held)["version"],
            "answers": rows,
            "waiting": waiting,
            "unacknowledged": unacknowledged,
            "refused": refused,
        }
        voice.result(data, lambda out: tables.answers(out, data))
        if refused:
            for row in refused if not as_json else []:
                voice.note(f"The answer shown for {row['alias']} was refused: {row['why']}.")
            raise typer.Exit(1)


def _ask(sheet: Sheet) -> None:
    """Asks at a terminal for what the template leaves open; a number that was said once holds in every language."""
    while sheet.template and sys.stdin.isatty() and (open_ := templates.missing(sheet.template, sheet.fill)):
        language, _, place = open_[0].partition(":")
        said = str(typer.prompt(f"{place}, in {language}", err=True)).strip()
        sheet.fill[open_[0] if any(letter.isalpha() for letter in said) else place] = said


@app.command("verify")
def verify(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="Ten digits, as somebody reads them to you.")],
    as_json: Json = False,
) -> None:
    """Say whether the notice with this number still counts: current, replaced, cancelled or unknown.

    Tell whoever calls this word and nothing else: the number may be in the wrong hands.

    Example: qasid-desk notice verify 4821733905
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        word = standing(desk, code)
        voice.result({"code": code, "standing": word}, lambda out: out.print(f"{WORDS[word]}", markup=False))


def _place(given: str | None) -> str | None:
    if given != "-":
        return given
    if sys.stdin.isatty():
        return str(typer.prompt("Place", hide_input=True, err=True)).strip()
    return text_from(given).strip()


def _find(desk: Desk, word: str) -> HeldNotice:
    """The newest version of a notice. Mail is fetched first: a colleague may have drafted the next one."""
    mail.fetch(desk)
    return drafts.find(desk, word)


def _rows(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/notices")).many("notices")


def _brief(held: HeldNotice) -> dict[str, Any]:
    notice = Notice.parse(held.notice)
    return {
        "notice": b64u(notice.notice),
        "version": notice.version,
        "kind": notice.kind.name.lower(),
        "content_hash": b64u(notice.hash),
        "recipients": len(held.offers),
        "state": held.state,
    }


def _approvals(desk: Desk, held: HeldNotice) -> list[dict[str, str]]:
    rows = []
    for wire in held.approvals:
        device = Approval.peek(wire).device
        entry = desk.roster.entry(device)
        rows.append({"device": b64u(device), "role_code": entry.role_code if entry else ""})
    return rows


def _previews(held: HeldNotice) -> list[dict[str, Any]]:
    return [
        {"language": language, "lines": preview.lines(held, language)} for language in preview.languages(held)
    ]


def _full(desk: Desk, held: HeldNotice) -> dict[str, Any]:
    author = desk.roster.entry(held.author)
    return describe(held) | {
        "state": held.state,
        "author": author.role_code if author else None,
        "approvals": _approvals(desk, held),
        "complete": approvals.complete(desk, held),
        "audience_known": not held.manifest_parts,
        "previews": _previews(held),
    }
