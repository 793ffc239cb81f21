"""Officers' commands: they look things up by code and propose; the desk decides. Others learn nothing here."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from crypto.encoding import b64u
from crypto.roster import Role
from handlers.chat.turn import VANISH, Turn
from handlers.updates import DROPPED
from relay import audit, links, proposals, summaries
from relay.auth import OfficerDevice
from relay.errors import Kind, RelayError

DUTIES = {
    Role.COORDINATOR: "duty-coordinator",
    Role.CASEWORKER: "duty-caseworker",
    Role.LIAISON: "duty-liaison",
    Role.AUDITOR: "duty-auditor",
    Role.HOST: "duty-host",
}
#: One Telegram message holds 4,096 characters.
MOST_LINES = 12

#: A message of the catalogue inside another's parameters: {"key": …, other parameters}.
Nested = dict[str, Any]
OfficerRule = Callable[[Turn, OfficerDevice], None]


def only_officers(rule: OfficerRule, otherwise: Callable[[Turn], None]) -> Callable[[Turn], None]:
    """The rule for bound officers; for anybody else exactly what an unknown command does."""

    def run(turn: Turn) -> None:
        officer = links.officer_of(turn.tx, turn.account.id, turn.now)
        if officer is None:
            otherwise(turn)
            return
        turn.take_away()
        try:
            rule(turn, officer)
        except RelayError as error:
            key = "officer-not-allowed" if error.kind is Kind.FORBIDDEN else "officer-see-desk"
            turn.say(key, vanish_after=VANISH)

    return run


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
    params = {
        "unread": str(view.unread),
        "age": age(view.oldest, turn.now),
        "enrolments": str(view.enrolments),
        "frozen": str(view.frozen),
        "proposals": str(view.proposals),
    }
    turn.say("officer-queue", params, vanish_after=VANISH)


def case(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/case K-4821"):
        return
    try:
        view = summaries.case(turn.tx, officer, turn.arguments[0], turn.now)
    except RelayError as error:
        if error.kind is not Kind.MISSING:
            raise
        turn.say("officer-case-unknown", vanish_after=VANISH)
        return
    params = {
        "alias": view.alias,
        "state": {"key": f"state-{view.state}"},
        "since": age(view.since, turn.now),
        "heard": age(view.last_heard, turn.now),
        "messages": yes("messages" in view.consents),
        "departures": yes("departures" in view.consents),
        "paused": yes(view.paused),
        "unread": str(view.unread),
        "age": age(view.oldest, turn.now),
        "then": [
            {"key": "officer-offer", "code": code, "state": {"key": f"offer-{state}"}}
            for code, state in view.offers[:MOST_LINES]
        ],
    }
    turn.say("officer-case", params, vanish_after=VANISH)


def invite(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/invite"):
        return
    proposal = proposals.propose(turn.tx, officer, turn.now)
    turn.say("officer-invite", {"proposal": b64u(proposal)[:8]}, vanish_after=VANISH)


def departures(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/departures"):
        return
    views = summaries.departures(turn.tx, officer)
    lines: list[Nested] = [
        {
            "key": "officer-departure",
            "code": view.code,
            "state": {"key": f"movement-{view.state}"},
            "seats": str(view.seats),
            "held": str(view.held),
            "confirmed": str(view.confirmed),
        }
        for view in views[:MOST_LINES]
    ]
    lines = rest(lines, len(views))
    if withheld := summaries.withheld(turn.tx, officer):
        lines.append({"key": "officer-departures-withheld", "count": str(withheld)})
    turn.say("officer-departures", {"count": str(len(views)), "then": lines}, vanish_after=VANISH)


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
    lines: list[Nested] = [
        {
            "key": "officer-officer",
            "role": view.role_code,
            "duties": {"list": _duties(view.roles), "between": " + "},
            "devices": str(view.devices),
            "left": span(view.until - turn.now),
        }
        for view in views[:MOST_LINES]
    ]
    turn.say(
        "officer-staff", {"count": str(len(views)), "then": rest(lines, len(views))}, vanish_after=VANISH
    )


def log(turn: Turn, officer: OfficerDevice) -> None:
    """The newest entries of the office's audit log, or those about or by a code."""
    if dropped(turn, "/audit K-4821"):
        return
    wanted = turn.arguments[0].upper() if turn.arguments else None
    views = audit.newest(turn.tx, officer, MOST_LINES, about=wanted)
    lines: list[Nested] = [
        {
            "key": "officer-entry",
            "age": age(view.at, turn.now),
            "event": {"key": f"event-{view.event.replace('_', '-')}"},
            "role": view.role_code or {"key": "nothing"},
            "subject": view.subject or {"key": "nothing"},
        }
        for view in views
    ]
    turn.say("officer-audit" if lines else "officer-audit-none", {"then": lines}, vanish_after=VANISH)


def _duties(roles: Role) -> list[Nested]:
    return [{"key": key} for role, key in DUTIES.items() if role in roles]


def rest(lines: list[Nested], count: int) -> list[Nested]:
    more = count - len(lines)
    return [*lines, {"key": "officer-more", "count": str(more)}] if more else lines


def dropped(turn: Turn, example: str) -> bool:
    """Whether free text came with the command (it is gone already); then the answer says how to write it."""
    if DROPPED not in turn.arguments:
        return False
    turn.say("officer-codes-only", {"example": example}, vanish_after=VANISH)
    return True


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
