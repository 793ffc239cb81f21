"""Officers' commands: they look things up by code and propose; the desk decides. Others learn nothing here."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from crypto.encoding import b64u, unix
from crypto.roster import Role
from handlers.chat.turn import VANISH, Turn
from handlers.updates import ALIAS, DROPPED
from relay import audit, auth, links, movements, summaries
from relay.audit import AuditView
from relay.auth import OfficerDevice
from relay.errors import Kind, RelayError
from relay.invitations import ISSUERS

DUTIES = {
    Role.COORDINATOR: "duty-coordinator",
    Role.CASEWORKER: "duty-caseworker",
    Role.LIAISON: "duty-liaison",
    Role.AUDITOR: "duty-auditor",
    Role.HOST: "duty-host",
    Role.CONFIRMER: "duty-confirmer",
}
#: One Telegram message holds 4,096 characters.
MOST_LINES = 12
#: Each has a button of its own.
MOST_WAITING = 6

#: A message of the catalogue inside another's parameters: {"key": …, other parameters}.
Nested = dict[str, Any]
T = TypeVar("T")
OfficerRule = Callable[[Turn, OfficerDevice], None]


def only_officers(rule: OfficerRule, otherwise: Callable[[Turn], None]) -> Callable[[Turn], None]:
    """The rule for bound officers; for anybody else exactly what an unknown command does."""

    def run(turn: Turn) -> None:
        officer = links.officer_of(turn.tx, turn.account.id, turn.now)
        if officer is None:
            otherwise(turn)
            return
        turn.take_away()
        answer(turn, officer, rule)

    return run


def answer(turn: Turn, officer: OfficerDevice, rule: OfficerRule) -> None:
    """What the rule says, or why it does not."""
    try:
        rule(turn, officer)
    except RelayError as error:
        key = "officer-not-allowed" if error.kind is Kind.FORBIDDEN else "officer-see-desk"
        turn.say(key, vanish_after=VANISH)


#: Commands that need no code, and who is answered.
MENU = {
    "queue": summaries.VIEWERS,
    "departures": movements.VIEWERS,
    "notices": auth.READING,
    "approve": Role.COORDINATOR,
    "airport": movements.VIEWERS,
    "duty": auth.READING,
    "notreached": summaries.VIEWERS,
    "consents": auth.READING,
    "report": Role.COORDINATOR,
    "staff": summaries.KEEPERS,
    "office": summaries.KEEPERS,
    "audit": audit.READERS,
    "whoami": Role(31),
}


#: Opens the page where an officer's phone confirms; its address tells nothing of who.
CONFIRM_PAGE = "page:officer.html"


def menu(turn: Turn) -> None:
    """Buttons for an officer's commands, behind the help that everybody gets; nothing for anybody else."""
    officer = links.officer_of(turn.tx, turn.account.id, turn.now)
    if officer is None:
        return
    mine = [command for command, roles in MENU.items() if officer.roles & roles]
    buttons = [turn.button(officer, {"key": f"button-{command}"}, command) for command in mine]
    if officer.roles & ISSUERS:
        buttons.append([{"key": "button-confirm"}, CONFIRM_PAGE])
    turn.say("officer-help", {"buttons": buttons}, vanish_after=VANISH)


def bound(turn: Turn, role_code: str) -> None:
    """The answer to a link that has just been used."""
    turn.say("officer-bound", {"role": role_code}, vanish_after=VANISH)


def whoami(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/whoami"):
        return
    params = {"role": officer.role_code, "duties": {"list": _duties(officer.roles)}}
    turn.say("officer-whoami", params, vanish_after=VANISH)


def queue(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/queue"):
        return
    view = summaries.queue(turn.tx, officer, turn.now)
    shown, more = page(view.waiting, _waits, turn.after, MOST_WAITING)
    # An office may give aliases of its own making, which cannot be typed here either.
    named = [each.alias for each in shown if re.fullmatch(ALIAS, each.alias)]
    buttons = [turn.button(officer, f"📁 {alias}", "case", alias) for alias in named]
    buttons += next_(turn, officer, "queue", more)
    params = {
        "unread": str(view.unread),
        "age": age(view.oldest, turn.now),
        "enrolments": str(view.enrolments),
        "phones": str(view.new_phones),
        "frozen": str(view.frozen),
        "proposals": str(view.proposals),
        "then": [
            {
                "key": "officer-queued",
                "alias": each.alias,
                "age": age(each.oldest, turn.now),
                "unread": str(each.unread),
                "overdue": age(each.overdue, turn.now),
                "role": each.assigned or {"key": "nothing"},
            }
            for each in shown
        ],
        "buttons": buttons,
    }
    turn.say("officer-queue", params, vanish_after=VANISH)


def _waits(waiting: summaries.Waiting) -> str:
    """Whose answer is overdue comes first."""
    since = waiting.overdue or waiting.oldest
    return f"{waiting.overdue is None:d}{unix(since) if since else 0:010d}{waiting.alias}"


def page(rows: Sequence[T], order: Callable[[T], str], after: str, length: int) -> tuple[Sequence[T], str]:
    """So many rows behind a mark, in this order, and the mark of the next page, if there is one.

    Marks are short, for a button holds little. When the row is gone or elsewhere that the mark stands for, it begins
    anew: nothing is ever skipped.
    """
    ranged = sorted(rows, key=order)
    marks = [b64u(hashlib.sha256(order(row).encode()).digest())[:6] for row in ranged]
    start = marks.index(after) + 1 if after in marks else 0
    end = start + length
    return ranged[start:end], marks[end - 1] if end < len(ranged) else ""


def case(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/case K-4821"):
        return
    try:
        view = summaries.case(turn.tx, officer, turn.arguments[0], turn.now)
    except RelayError as error:
        unless_missing(turn, error)
        return
    params = {
        "alias": view.alias,
        "state": {"key": f"state-{view.state}"},
        "since": age(view.since, turn.now),
        "heard": age(view.last_heard, turn.now),
        "messages": yes("messages" in view.consents),
        "departures": yes("departures" in view.consents),
        "paused": yes(view.paused),
        "role": view.assigned or {"key": "nothing"},
        "unread": str(view.unread),
        "age": age(view.oldest, turn.now),
        "then": [
            {"key": "officer-offer", "code": code, "state": {"key": f"offer-{state.replace('_', '-')}"}}
            for code, state in view.offers[:MOST_LINES]
        ],
    }
    turn.say("officer-case", params, vanish_after=VANISH)


def office(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/office"):
        return
    view = summaries.office(turn.tx, officer)
    params = {
        "version": str(view.roster),
        "left": span(view.expires - turn.now),
        "officers": str(view.officers),
        "devices": str(view.devices),
        "cases": {"key": "nothing"} if view.cases is None else str(view.cases),
    }
    turn.say("officer-office", params, vanish_after=VANISH)


def staff(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/staff"):
        return
    views = summaries.staff(turn.tx, officer)
    shown, more = page(views, lambda view: view.role_code, turn.after, MOST_LINES)
    lines: list[Nested] = [
        {
            "key": "officer-officer",
            "role": view.role_code,
            "duties": {"list": _duties(view.roles), "between": " + "},
            "devices": str(view.devices),
            "left": span(view.until - turn.now),
        }
        for view in shown
    ]
    params = {"count": str(len(views)), "then": lines, "buttons": next_(turn, officer, "staff", more)}
    turn.say("officer-staff", params, vanish_after=VANISH)


def log(turn: Turn, officer: OfficerDevice) -> None:
    """The newest entries of the office's audit log, or those about or by a code."""
    if dropped(turn, "/audit K-4821"):
        return
    wanted = turn.arguments[0].upper() if turn.arguments else None
    before = int(turn.after, 36) if turn.after else None
    views = audit.newest(turn.tx, officer, MOST_LINES + 1, about=wanted, before=before)
    more, views = len(views) > MOST_LINES, views[:MOST_LINES]
    lines: list[Nested] = [
        {
            "key": "officer-entry",
            "age": age(view.at, turn.now),
            "event": {"key": f"event-{view.event.replace('_', '-')}"},
            "role": view.role_code or {"key": "nothing"},
            "subject": _about(view),
        }
        for view in views
    ]
    buttons = next_(turn, officer, "audit", base36(views[-1].seq) if more else "", wanted or "")
    params: Nested = {"then": lines, "buttons": buttons}
    turn.say("officer-audit" if lines else "officer-audit-none", params, vanish_after=VANISH)


def _about(view: AuditView) -> str | Nested:
    """The code of whom or what an entry is about; of who was erased the mark, and that they were."""
    if view.erased:
        return {"key": "erased", "mark": view.about}
    return view.about or {"key": "nothing"}


def _duties(roles: Role) -> list[Nested]:
    return [{"key": key} for role, key in DUTIES.items() if role in roles]


def next_(turn: Turn, officer: OfficerDevice, command: str, after: str, argument: str = "") -> list[Any]:
    """The button to the next page, if there is one."""
    label = {"key": "button-next"}
    return [turn.button(officer, label, command, argument, after)] if after else []


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


def dropped(turn: Turn, example: str) -> bool:
    """Whether free text came with the command (it is gone already); then the answer says how to write it."""
    if DROPPED not in turn.arguments:
        return False
    turn.say("officer-codes-only", {"example": example}, vanish_after=VANISH)
    return True


def unless_missing(turn: Turn, error: RelayError, unknown: str = "officer-case-unknown") -> None:
    """Says that there is no such code. Raises any other error."""
    if error.kind is not Kind.MISSING:
        raise error
    turn.say(unknown, vanish_after=VANISH)


def yes(value: bool) -> Nested:
    return {"key": "yes" if value else "no"}


def age(since: datetime | None, now: datetime) -> Nested:
    return {"key": "nothing"} if since is None else span(now - since)


def span(time: timedelta) -> Nested:
    minutes = max(time, timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return {"key": "age-days", "days": str(days), "hours": str(hours_left)}
    if hours:
        return {"key": "age-hours", "hours": str(hours), "minutes": str(minutes)}
    return {"key": "age-minutes", "minutes": str(minutes)}
