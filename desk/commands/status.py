"""`status`: the desk at a glance."""

from typing import Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from desk import cardchanges, enrolments, grants, letters, messages, proposals
from desk.answers import Answer
from desk.commands.common import Json, at_desk
from desk.lifetimes import DAY, EPOCH_RENEWAL
from desk.office import Desk, reads_mail
from desk.times import show_age, show_time
from desk.voice import table


def status(context: typer.Context, *, as_json: Json = False) -> None:
    """Show what waits, what runs out, and what to do about it.

    Example: qasid-desk status
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        data = _gather(desk)
        voice.result(data, lambda out: _table(out, data))


def _gather(desk: Desk) -> dict[str, Any]:
    roster, now, entry = desk.roster, desk.now(), desk.entry
    waiting = messages.unread(desk)
    newest = roster.epochs[-1] if roster.epochs else None
    phones = enrolments.pending(desk)
    me = Answer(desk.relay.get("/me"))
    open_letters = [row for row in letters.listed(desk) if row.text("state") == "open"]
    data: dict[str, Any] = {
        "office": b64u(desk.office),
        "relay": desk.state.relay,
        "role_code": entry.role_code,
        "device": b64u(desk.device.device),
        "roster": {"version": roster.version, "hash": b64u(roster.hash), "expires": roster.expires},
        "epoch": {"sequence": newest.sequence, "created": newest.created} if newest else None,
        "unread": len(waiting),
        "oldest_unread": now - waiting[0].received_at if waiting else None,
        "enrolments": len(phones),
        "proposals": len(proposals.listed(desk)),
        "invitations": len(open_letters),
        "notices": sum(1 for held in desk.state.notices.values() if held.state in ("draft", "sealing")),
        "outbox": len(desk.state.outbox),
        "telegram_linked": me.truth("telegram_linked"),
        "warnings": [],
    }
    data["warnings"] = _warnings(
        desk, data, alarm=any(enrolments.is_alarm(found) for found in phones.values())
    )
    for alias in sorted({change.alias for change in cardchanges.pending(desk)}):
        data["warnings"].append(
            f"A change of {alias}'s devices waits for two officers: run `qasid-desk confirm`."
        )
    for alias in sorted({found[0].alias for found in phones.values() if found[0].again}):
        data["warnings"].append(f"A new phone asks to take the place of {alias}'s: run `qasid-desk confirm`.")
    return data


def _warnings(desk: Desk, data: dict[str, Any], *, alarm: bool) -> list[str]:
    roster, now, found = desk.roster, desk.now(), []
    if alarm:
        found.append("Two phones hold one letter: run `qasid-desk confirm`.")
    if not roster.current(now):
        found.append(
            "The roster has expired: notices stay unconfirmed. Run `roster renew` with the root medium."
        )
    elif roster.expires - now < 7 * DAY:
        found.append(f"The roster ends in {show_age(roster.expires - now)}: run `roster renew`.")
    if not data["epoch"] or data["epoch"]["created"] + EPOCH_RENEWAL < now:
        found.append("The epoch is more than a week old: run `roster renew`.")
    if reads_mail(desk.entry) and grants.missing(desk):
        found.append(
            "Some epochs were not granted to this device: run `inbox`, or ask the root holder's desk to."
        )
    if desk.state.grants_due:
        found.append("Colleagues wait for epochs from this desk: run `inbox`.")
    if desk.state.refused:
        found.append(f"{len(desk.state.refused)} envelopes did not hold and were not opened.")
    return found


def _table(out: Console, data: dict[str, Any]) -> None:
    shown = table(f"{data['role_code']} at {data['relay']}", "what", "")
    oldest = f", oldest {show_age(data['oldest_unread'])}" if data["oldest_unread"] is not None else ""
    shown.add_row(
        "roster", f"{data['roster']['version']}, valid until {show_time(data['roster']['expires'])}"
    )
    shown.add_row("unread", f"{data['unread']}{oldest}")
    for name in ("enrolments", "proposals", "invitations", "notices", "outbox"):
        shown.add_row({"notices": "drafts", "enrolments": "phones waiting"}.get(name, name), str(data[name]))
    shown.add_row("Telegram", "linked" if data["telegram_linked"] else "not linked (`device link`)")
    out.print(shown)
    for text in data["warnings"]:
        out.print(text, style="yellow", markup=False)
