"""`case`: households, as numbers and codes."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import cases, contacts
from desk.commands.common import Json, Yes, at_desk
from desk.errors import UsageError
from desk.times import parse_time, show_time
from desk.voice import table

app = typer.Typer(
    no_args_is_help=True,
    help="Cases: a household as numbers and codes. Names and papers stand in sealed letters alone.",
)
member = typer.Typer(no_args_is_help=True, help="Members of a case, by number.")
app.add_typer(member, name="member")

Alias = Annotated[str, typer.Argument(help="The case's alias, e.g. H-48213.")]


@app.command("open")
def open_(
    context: typer.Context,
    *,
    contact: Annotated[str, typer.Argument(help="Alias of the contact who becomes member 1, e.g. K-4821.")],
    claim: Annotated[
        str, typer.Option("--claim", help="Who told us of them: letter, self, partner or relative.")
    ] = "letter",
    as_json: Json = False,
) -> None:
    """Open a case for a contact. Its claim to be who it says waits for two officers from now on.

    Example: qasid-desk case open K-4821
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        alias = cases.open_(desk, contact, claim)
        voice.result({"alias": alias}, lambda out: out.print(f"Opened {alias}.", markup=False))


@app.command("show")
def show(context: typer.Context, *, alias: Alias, as_json: Json = False) -> None:
    """Show a case: members, needs, what is known as of when, and what was said before. The look is logged.

    Example: qasid-desk case show H-48213
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        found = cases.show(desk, alias)
        changed = contacts.new_phones(desk)
        for each in found["members"]:
            each["new_phone_at"] = changed.get(each["contact"])
        voice.result(found, lambda out: _case(out, found))


@app.command("list")
def listed(
    context: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    as_json: Json = False,
) -> None:
    """List cases: party, verification, intent and the five facts; ? is unknown, ~ estimated. The look is logged.

    Example: qasid-desk case list --all
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = cases.listed(desk, closed=every)
        voice.result({"cases": rows}, lambda out: _list(out, rows))


@member.command("add")
def add(
    context: typer.Context,
    *,
    alias: Alias,
    guardian: Annotated[
        int | None,
        typer.Option("--guardian", help="A minor: the number of the adult member who guards.", min=1),
    ] = None,
    contact: Annotated[
        str | None, typer.Option("--contact", help="An adult who is a contact of the office: the alias.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add an adult, or with --guardian a minor. Nothing but a number is kept of either.

    Example: qasid-desk case member add H-48213 --guardian 1
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if guardian is not None and contact is not None:
            raise UsageError("A minor is no contact.", "Give --guardian or --contact, not both.")
        number = cases.add_member(desk, alias, guardian=guardian, contact=contact)
        data = {"alias": cases.code(alias), "member": number}
        voice.result(data, lambda out: out.print(f"{data['alias']} has member {number}.", markup=False))


@member.command("remove")
def remove(
    context: typer.Context,
    *,
    alias: Alias,
    number: Annotated[int, typer.Argument(help="The member's number.", min=1)],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take a member off a case, for a mistake or at the member's own wish.

    Example: qasid-desk case member remove H-48213 3
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        name = cases.code(alias)
        voice.confirm(f"Take member {number} off {name}?", yes=yes)
        cases.remove_member(desk, alias, number)
        data = {"alias": name, "removed": number}
        voice.result(data, lambda out: out.print(f"Member {number} of {name} is off.", markup=False))


@app.command("needs")
def needs(
    context: typer.Context,
    *,
    alias: Alias,
    need: Annotated[
        list[str] | None,
        typer.Option(
            "--need", help="mobility, medical, infant, interpreter or escort; those given replace all."
        ),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="No needs.")] = False,
    officer: Annotated[
        str | None, typer.Option("--officer", help="Whom they would rather speak to: female, male or none.")
    ] = None,
    language: Annotated[str | None, typer.Option("--language", help="en, fa-AF or ps-AF.")] = None,
    as_json: Json = False,
) -> None:
    """Say how a household is to be met; what is left out stays as it is.

    Example: qasid-desk case needs H-48213 --need infant --need escort --officer female --language ps-AF
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if none and need:
            raise UsageError("--none and --need contradict each other.", "Give one of them.")
        if not (none or need or officer or language):
            raise UsageError("Nothing was given to change.", "See `qasid-desk case needs --help`.")
        wanted = [] if none else need or None
        cases.set_needs(desk, alias, needs=wanted, officer=officer, language=language)
        data = {"alias": cases.code(alias)}
        voice.result(data, lambda out: out.print(f"Noted for {data['alias']}.", markup=False))


@app.command("fact")
def fact(
    context: typer.Context,
    *,
    alias: Alias,
    name: Annotated[str, typer.Argument(help="requested, identified, ready, documents or offered.")],
    answer: Annotated[str, typer.Argument(help="yes, no or unknown.")],
    estimated: Annotated[bool, typer.Option("--estimated", help="It is not known, but estimated.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="When it was so, e.g. 2026-11-20T09:00+04:30; now if left out."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Note what is known of a household, and as of when. What was noted before stays in its history.

    Example: qasid-desk case fact H-48213 ready yes --estimated
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        at = None if as_of is None else parse_time(as_of, desk.now())
        cases.record(desk, alias, name, answer, estimated=estimated, as_of=at)
        data = {"alias": cases.code(alias), "fact": name, "answer": answer}
        voice.result(data, lambda out: out.print(f"{data['alias']}: {name} {answer}.", markup=False))


@app.command("intent")
def intent(
    context: typer.Context,
    *,
    alias: Alias,
    wish: Annotated[str, typer.Argument(help="wants, unsure or no.")],
    as_json: Json = False,
) -> None:
    """Note what the household told you it wants. It may change its mind at any time, at no cost.

    Example: qasid-desk case intent H-48213 unsure
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        cases.intend(desk, alias, wish)
        data = {"alias": cases.code(alias), "intent": wish}
        voice.result(data, lambda out: out.print(f"{data['alias']}: {wish}.", markup=False))


@app.command("verify")
def verify(
    context: typer.Context,
    *,
    alias: Alias,
    because: Annotated[
        str, typer.Option("--because", help="You confirm it: papers, voice, interview, partner or witness.")
    ] = "",
    refuse: Annotated[
        str, typer.Option("--refuse", help="You refuse it: mismatch, duplicate, impostor or unclear.")
    ] = "",
    revoke: Annotated[
        str, typer.Option("--revoke", help="It was verified wrongly: mismatch, duplicate, impostor or error.")
    ] = "",
    claim: Annotated[
        str, typer.Option("--claim", help="It claims anew: letter, self, partner or relative.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Confirm that a household is who it says: two different officers do. One is enough to refuse or revoke.

    Example: qasid-desk case verify H-48213 --because papers
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        given = {"confirm": because, "refuse": refuse, "revoke": revoke, "claim": claim}
        steps = [(step, reason) for step, reason in given.items() if reason]
        if len(steps) != 1:
            raise UsageError(
                "One step at a time.", "Give --because, --refuse, --revoke or --claim, with a reason."
            )
        state = cases.check(desk, alias, *steps[0])
        data = {"alias": cases.code(alias), "state": state}
        voice.result(data, lambda out: out.print(f"{data['alias']}: {STANDINGS[state]}.", markup=False))


@app.command("close")
def close(
    context: typer.Context,
    *,
    alias: Alias,
    reason: Annotated[str, typer.Argument(help="arrived, withdrew or erased.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Close a case for good. `erased` destroys all that the relay has of it but its alias, also of a closed one.

    Example: qasid-desk case close H-48213 arrived
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        name = cases.code(alias)
        cases.word(reason, cases.CLOSINGS, "reason to close")
        lost = " All that is kept of it is destroyed." if reason == "erased" else ""
        voice.confirm(f"Close {name} for good ({reason})?{lost}", yes=yes)
        cases.close(desk, alias, reason)
        data = {"alias": name, "reason": reason}
        voice.result(data, lambda out: out.print(f"{name} is closed: {reason}.", markup=False))


ASSENTS = {
    None: "—",
    "agreed": "agreed",
    "small": "agreed, too small to be asked",
    "declined": "did not agree",
    "none": "not asked",
}
STANDINGS = {
    "none": "—",
    "claimed": "claimed, confirmed by nobody",
    "once": "confirmed by one officer",
    "verified": "verified by two officers",
    "refused": "refused",
    "revoked": "revoked",
    "expired": "claim expired",
}


def _answer(row: dict[str, Any]) -> str:
    return str(row["answer"]) + (" (estimated)" if row["grade"] == "estimated" else "")


def _brief(row: dict[str, Any]) -> str:
    if row["answer"] == "unknown":
        return "?"
    return str(row["answer"]) + ("~" if row["grade"] == "estimated" else "")


def _state(row: dict[str, Any]) -> str:
    return row["reason"] or "open"


def _list(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table("Cases", "alias", "state", "adults", "minors", "verification", "intent", *cases.FACTS)
    for row in rows:
        party = [str(row["adults"]), str(row["minors"])]
        standing = STANDINGS[row["verification"]["state"]]
        said = {each["fact"]: _brief(each) for each in row["facts"]}
        facts = [said.get(name, "?") for name in cases.FACTS]
        shown.add_row(row["alias"], _state(row), *party, standing, row["intent"] or "?", *facts)
    out.print(shown)


def _case(out: Console, row: dict[str, Any]) -> None:
    out.print(
        f"{row['alias']}: {_state(row)}, opened {show_time(row['opened_at'])}", style="bold", markup=False
    )
    wishes = ", ".join(row["needs"]) or "—"
    out.print(
        f"Needs: {wishes}. Officer: {row['preferred_officer']}. Language: {row['language'] or '—'}.",
        markup=False,
    )
    standing = row["verification"]
    until = f", until {show_time(standing['expires'])}" if standing["expires"] else ""
    out.print(f"Verification: {STANDINGS[standing['state']]}{until}. Intent: {row['intent'] or 'unknown'}.")
    party = table("Members", "no.", "kind", "guardian", "contact", "assent")
    for each in row["members"]:
        guardian = "—" if each["guardian"] is None else str(each["guardian"])
        changed = f" (NEW PHONE since {show_time(each['new_phone_at'])})" if each["new_phone_at"] else ""
        assent = ASSENTS[each["assent"]]
        party.add_row(str(each["member"]), each["kind"], guardian, (each["contact"] or "—") + changed, assent)
    out.print(party)
    facts = table("Facts", "fact", "answer", "as of", "by")
    for each in row["facts"]:
        facts.add_row(
            each["fact"], _answer(each), show_time(each["as_of"] or 0) or "—", each["role_code"] or "—"
        )
    out.print(facts)
    before = table("History", "when", "what", "", "by")
    said = [(each["at"], each["fact"], _answer(each), each["role_code"]) for each in row["facts_before"]]
    said += [(each["at"], "intent", each["intent"], each["role_code"]) for each in row["intents"]]
    said += [
        (each["at"], "verification", f"{each['state']} ({each['reason']})", each["role_code"])
        for each in row["checks"]
    ]
    for at, what, how, by in sorted(said, key=lambda each: each[0]):
        before.add_row(show_time(at), what, how, by)
    out.print(before)
