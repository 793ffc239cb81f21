"""`notice draft`, `templates`, `preview`: what a notice is to say, before anybody approves it."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from desk import drafts, outbox, templates
from desk.commands import noticeviews, tables
from desk.commands.common import Json, at_desk, text_from
from desk.errors import UsageError
from desk.forms import Sheet
from desk.movements import route_name
from desk.voice import speaking
from words.catalogues import LANGUAGES

PLACE = (
    "Where; sealed apart, opened only by the go. With - it is asked for, or read from standard input: "
    "others at this machine can read a command line."
)


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
    hold_until: Annotated[
        str | None,
        typer.Option("--hold-until", help="How long seats are held for an answer; left out, --answer-by."),
    ] = None,
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
            "hold_until": hold_until,
            "expires": expires,
            "place": _place(place),
        }
        sheet.update(values, text or [], to or [], standby or [])
        sheet.filling(template or "", fill or [])
        if not as_json:
            _ask(sheet)
        held = drafts.draft(desk, sheet.form(desk.now()), before)
        outbox.flush(desk)
        data = noticeviews.brief(held)
        voice.result(
            data,
            lambda out: out.print(
                f"Drafted {data['notice']} version {data['version']} for {data['recipients']}.\n"
                f"Next: qasid-desk notice approve {data['notice']} (here and at a second coordinator's desk)",
                soft_wrap=True,
            ),
        )


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


def previewed(
    context: typer.Context,
    *,
    notice: noticeviews.NoticeId,
    language: Annotated[
        str | None, typer.Option("--language", help="Only in this one: en, fa-AF (Dari), ps-AF (Pashto).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a notice as phones will show it before the go, in each language.

    Example: qasid-desk notice preview Qm3x --language fa-AF
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        shown = [each for each in noticeviews.previews(held) if language in (None, each["language"])]
        if not shown:
            raise UsageError(
                f"The notice cannot be read in {language!r}.",
                f"It can in {', '.join(LANGUAGES)}.",
            )
        data = {
            "notice": noticeviews.brief(held)["notice"],
            "version": noticeviews.brief(held)["version"],
            "previews": shown,
        }
        voice.result(data, lambda out: tables.previews(out, shown))


def _ask(sheet: Sheet) -> None:
    """Asks at a terminal for what the template leaves open; a number that was said once holds in every language."""
    while sheet.template and sys.stdin.isatty() and (open_ := templates.missing(sheet.template, sheet.fill)):
        language, _, place = open_[0].partition(":")
        said = str(typer.prompt(f"{place}, in {language}", err=True)).strip()
        sheet.fill[open_[0] if any(letter.isalpha() for letter in said) else place] = said


def _place(given: str | None) -> str | None:
    if given != "-":
        return given
    if sys.stdin.isatty():
        return str(typer.prompt("Place", hide_input=True, err=True)).strip()
    return text_from(given).strip()
