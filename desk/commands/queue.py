"""`next`: one person after the other, the most urgent first."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import claims, mail, outbox, people, queue
from desk.claims import Claim
from desk.commands.common import Json, at_desk
from desk.commands.inbox import attached, described
from desk.errors import DeskError, UsageError
from desk.office import Desk
from desk.queue import Waiting
from desk.times import show_age, show_time
from desk.voice import Voice


def next_(
    context: typer.Context,
    *,
    done: Annotated[
        bool, typer.Option("--done", help="I have seen to them: what was shown is read, they are free.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="I give them back: unread, for a colleague or for later.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take the person who needs somebody most, and show what they wrote.

    Whoever waits too long for an answer comes first (24 hours; 2 where the letter was urgent), read or not; then who
    asks for help, then what is urgent, then who has waited longest. Whom a colleague has taken is left out: a person is
    yours for a quarter of an hour (again: another one), and two officers never both get one.

    Then: `reply ALIAS`, and `next --done` (no answer is due any more then); or `next --back`.

    Example: qasid-desk next
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if done and back:
            raise UsageError("Done, or given back?", "Give one of --done and --back.")
        _fetch(voice, desk)
        if done:
            alias, read = queue.finish(desk)
            data: dict[str, Any] = {
                "done": alias,
                "read": read,
                "waiting": len(queue.waiting(desk.state.messages, claims.overdue(desk))),
            }
            voice.result(
                data,
                lambda out: out.print(
                    f"{alias}: {read} read. {data['waiting']} people wait: qasid-desk next"
                ),
            )
        elif back:
            alias = queue.give_back(desk)
            voice.result(
                {"given_back": alias}, lambda out: out.print(f"{alias} is free for others; still unread.")
            )
        else:
            _take(voice, desk)


def _fetch(voice: Voice, desk: Desk) -> None:
    report = mail.fetch(desk)
    for _, text in report.warnings:
        voice.note(text)
    try:
        outbox.flush(desk)
    except DeskError as refused:
        voice.note(refused.message)


def _take(voice: Voice, desk: Desk) -> None:
    taken = queue.take(desk)
    others = [claim for claim in claims.listed(desk) if not claim.mine]
    line = len(queue.waiting(desk.state.messages, claims.overdue(desk)))
    colleagues = [{"alias": each.alias, "role_code": each.role_code, "until": each.until} for each in others]
    data: dict[str, Any] = {"alias": None, "waiting": line, "colleagues": colleagues}
    if taken:
        who, claim = taken
        data |= {
            "alias": who.alias,
            "contact": who.contact,
            "name": people.name_of(desk, who.contact) or None,
            "why": queue.WHY[who.rank],
            "since": who.since,
            "until": claim.until,
            "messages": [
                {
                    "id": each.id,
                    "at": each.sent_at,
                    "status": each.status or None,
                    "text": each.text,
                    "attachment": described(each.attachment) if each.attachment else None,
                    "gap": each.gap,
                }
                for each in who.unread
            ],
        }
    voice.result(data, lambda out: _show(out, taken, data, desk.now()))


def _show(out: Console, taken: tuple[Waiting, Claim] | None, data: dict[str, Any], now: int) -> None:
    if taken is None:
        out.print("Nobody waits." if not data["waiting"] else "Colleagues see to everybody who waits.")
    else:
        who, claim = taken
        name = f" ({data['name']})" if data["name"] else ""
        out.print(
            f"{who.alias}{name} {data['why']}, for {show_age(now - who.since)}. Yours until {show_time(claim.until)}.",
            style="bold",
            markup=False,
        )
        for message in who.unread:
            status = f" [{message.status}]" if message.status else ""
            gap = " (something before it is missing)" if message.gap else ""
            out.print(f"\n{message.id} · {show_time(message.sent_at)}{status}{gap}", markup=False)
            if message.attachment:
                out.print(attached(message), markup=False)
            out.print(message.text, markup=False)
        out.print(
            f"\nThen: qasid-desk reply {who.alias}, and qasid-desk next --done (or --back). "
            f"{data['waiting']} wait in all.",
            markup=False,
        )
    for each in data["colleagues"]:
        out.print(
            f"{each['alias']} is with {each['role_code']} until {show_time(each['until'])}.", markup=False
        )
