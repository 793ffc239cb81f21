"""`handover`: a case and its history to the next officer."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from desk import handovers, outbox
from desk.commands.common import Json, Yes, at_desk
from desk.errors import UsageError
from desk.handovers import Plan
from desk.mail import fetch
from desk.office import Desk
from desk.people import aliases as known
from desk.state import HeldHandover
from desk.times import show_time
from desk.voice import Voice, table


def handover(
    context: typer.Context,
    *,
    officer: Annotated[str | None, typer.Argument(help="The next officer's role code, e.g. W-02.")] = None,
    aliases: Annotated[
        list[str] | None, typer.Argument(metavar="[ALIAS]...", help="Who is handed over.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everybody this desk knows.")] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Drop here what that officer's desk has said to hold.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Hand what this desk keeps of people to the next officer's desk; without arguments, show what was handed over.

    Names and notes, letters that are out, and messages go, sealed to that officer's own devices; the assignments of
    yours move. What the other desk has stays as it is, and what comes is added once. If the line breaks, run it again:
    it goes on where it stopped. Letters end when your device is taken off the roster: hand over before that.

    Example: qasid-desk handover W-02 --all
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if officer is None:
            _look(voice, desk)
            return
        code, named = officer.upper(), aliases or None
        if forget:
            if everything or named:
                raise UsageError("Hand over, or forget?", "Give --forget with the officer alone.")
            fetch(desk)
            voice.confirm(f"Drop here what {code}'s desk has? Backups made before still hold it.", yes=yes)
            data: dict[str, Any] = {"role_code": code, "messages": handovers.forget(desk, code)}
            said = f"Dropped here: {data['messages']} messages, and the names. {code}'s desk has them."
            voice.result(data, lambda out: out.print(said, markup=False))
            return
        to = handovers.colleague(desk, code)[0]
        held = handovers.unfinished(desk, to.officer)
        continued = held is not None
        if held is None:
            if everything is (named is not None):
                raise UsageError("Say who is handed over.", "Give aliases, or --all.")
            held = _begin(voice, desk, handovers.plan(desk, to, named), yes=yes)
        with voice.progress() as tick:
            handovers.send(desk, held, lambda done, of: tick("sent", done, of))
        data = _row(desk, held) | {"continued": continued}
        voice.result(data, lambda out: _done(out, held, continued=continued))


def _begin(voice: Voice, desk: Desk, plan: Plan, *, yes: bool) -> HeldHandover:
    if not (plan.people or plan.letters or plan.messages or plan.moving):
        raise UsageError(
            "This desk keeps nothing of them that could be handed over.", "See `qasid-desk people`."
        )
    earlier = f" Something went there before, on {show_time(plan.earlier)}." if plan.earlier else ""
    voice.note(
        f"{len(plan.people)} names, {len(plan.letters)} open letters and {len(plan.messages)} messages go to "
        f"{plan.to.role_code}; {len(plan.moving)} assignments move.{earlier}"
    )
    voice.confirm(
        f"Hand this over to {plan.to.role_code}? What that desk has read cannot be called back.", yes=yes
    )
    return handovers.begin(desk, plan)


def _done(out: Console, held: HeldHandover, *, continued: bool) -> None:
    again = " That was the one begun earlier: run it again for whoever else." if continued else ""
    out.print(
        f"Handed over to {held.role_code}: {len(held.contacts)} people, {held.messages} messages.{again} "
        "When that desk has said that it has them, --forget may drop them here.",
        markup=False,
    )


def _look(voice: Voice, desk: Desk) -> None:
    report = fetch(desk)
    outbox.flush(desk)
    rows = [_row(desk, held) for held in desk.state.handovers]
    data = {
        "handovers": rows,
        "warnings": [{"code": code, "message": text} for code, text in report.warnings],
    }
    voice.result(data, lambda out: _table(out, rows))


def _row(desk: Desk, held: HeldHandover) -> dict[str, Any]:
    names = known(desk)
    return {
        "given": held.given,
        "role_code": held.role_code,
        "at": held.at,
        "aliases": sorted(names.get(b64u(contact), "") for contact in held.contacts),
        "messages": held.messages,
        "left_out": held.left_out,
        "parts": held.parts,
        "broken_off": held.broken_off,
        "done": held.parts - len(held.due) if held.given else len(held.came),
        "complete_at": held.complete_at or None,
        "forgotten_at": held.forgotten_at or None,
    }


def _table(out: Console, rows: list[dict[str, Any]]) -> None:
    if not rows:
        out.print("Nothing was handed over, to anybody or to you.")
        return
    shown = table(f"{len(rows)} handovers", "when", "who", "people", "messages", "state")
    for row in rows:
        state = "complete" if row["complete_at"] else f"{row['done']} of {row['parts']} parts"
        state += ", broken off: they left the roster" if row["broken_off"] else ""
        state += ", dropped here" if row["forgotten_at"] else ""
        state += f", {row['left_out']} left out: no contacts of this office" if row["left_out"] else ""
        who = f"to {row['role_code']}" if row["given"] else f"from {row['role_code']}"
        shown.add_row(show_time(row["at"]), who, ", ".join(row["aliases"]), str(row["messages"]), state)
    out.print(shown, markup=False)
