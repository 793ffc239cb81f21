"""Officers' commands about departures: what there is, one of them in numbers, and whose seats and who waits."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from crypto.encoding import unix
from crypto.notice import Route
from handlers.chat.officers import MOST_LINES, MOST_WAITING, Nested, age, dropped, next_, page, unless_missing
from handlers.chat.proposing import MOVEMENT as UNKNOWN
from handlers.chat.proposing import propose
from handlers.chat.turn import VANISH, Turn
from handlers.updates import MOVEMENT
from relay import auth, movements, outcomes
from relay import departures as rules
from relay import standby as queue
from relay.audit import short
from relay.auth import OfficerDevice
from relay.departures import DepartureView
from relay.errors import RelayError
from relay.movements import AllotmentView, MovementView
from relay.outcomes import BoardView

BELOW = {
    "conditions": movements.VIEWERS,
    "quota": movements.VIEWERS,
    "board": movements.VIEWERS,
    "standby": auth.READING,
}
"""Buttons below a departure, and whom they answer."""


def listed(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/departures"):
        return
    views = movements.listed(turn.tx, officer)
    shown, more = page(views, _departs, turn.after, MOST_WAITING)
    lines: list[Nested] = [
        {
            "key": "officer-departure",
            "code": view.code,
            "state": {"key": f"movement-{view.state}"},
            **_counted(view),
        }
        for view in shown
    ]
    if withheld := rules.withheld(turn.tx, officer):
        lines.append({"key": "officer-departures-withheld", "count": str(withheld)})
    named = [each.code for each in shown if re.fullmatch(MOVEMENT, each.code)]
    buttons = [turn.button(officer, f"🧭 {code}", "departure", code) for code in named]
    buttons += next_(turn, officer, "departures", more)
    params = {"count": str(len(views)), "then": lines, "buttons": buttons}
    turn.say("officer-departures", params, vanish_after=VANISH)


def departure(turn: Turn, officer: OfficerDevice) -> None:
    """One in numbers; with a step, that it is to be taken."""
    if dropped(turn, "/departure AIR-07"):
        return
    code, *step = turn.arguments
    if step:
        propose(turn, officer, "step", code, step[0].lower(), unknown=UNKNOWN)
        return
    try:
        view = rules.one(turn.tx, officer, code, turn.now)
    except RelayError as error:
        unless_missing(turn, error, UNKNOWN)
        return
    turn.say("officer-movement", _shown(view) | {"buttons": _below(turn, officer, code)}, vanish_after=VANISH)


def quota(turn: Turn, officer: OfficerDevice) -> None:
    """Whose seats: the own office's and, for the owner, each guest's."""

    def rows(code: str) -> Sequence[AllotmentView]:
        view = movements.one(turn.tx, officer, code)
        return [AllotmentView(officer.office, view.seats, view.held, view.confirmed), *view.allotments]

    def line(row: AllotmentView) -> Nested:
        left = row.seats - row.held - row.confirmed
        return {"key": "officer-quota-office", **_office(officer, row), **_counted(row), "left": str(left)}

    _by_office(turn, officer, "quota", rows, line)


def board(turn: Turn, officer: OfficerDevice) -> None:
    """Who is to go and who went, office by office."""

    def rows(code: str) -> Sequence[BoardView]:
        return outcomes.board(turn.tx, officer, movements.named(turn.tx, officer, code))

    def line(row: BoardView) -> Nested:
        seats = {"planned": str(row.planned), "held": str(row.held), "accepted": str(row.accepted)}
        if row.boarded is None:
            return {"key": "officer-board-guest", **_office(officer, row), **seats}
        became = {"boarded": str(row.boarded), "missed": str(row.no_show), "left": str(row.not_lifted)}
        return {"key": "officer-board-own", **_office(officer, row), **seats, **became}

    _by_office(turn, officer, "board", rows, line)


def standby(turn: Turn, officer: OfficerDevice) -> None:
    """Who waits for a seat, in the order of calling."""
    if dropped(turn, "/standby AIR-07"):
        return
    (code,) = turn.arguments
    try:
        waiting = queue.listed(turn.tx, officer, movements.named(turn.tx, officer, code))
    except RelayError as error:
        unless_missing(turn, error, UNKNOWN)
        return
    shown, more = page(waiting, lambda each: f"{each.place:06d} {each.alias}", turn.after, MOST_WAITING)
    lines: list[Nested] = [
        {
            "key": "officer-standing-by",
            "place": str(each.place),
            "alias": each.alias,
            "rank": str(each.rank),
            "age": age(each.since, turn.now),
            "party": str(each.party),
            "state": {"key": "notice-released" if each.out else "notice-scheduled"},
        }
        for each in shown
    ]
    params = {"code": code, "count": str(len(waiting)), "then": lines}
    params["buttons"] = next_(turn, officer, "standby", more, code)
    turn.say("officer-standby", params, vanish_after=VANISH)


def _by_office(
    turn: Turn,
    officer: OfficerDevice,
    command: str,
    rows: Callable[[str], Sequence[Any]],
    line: Callable[[Any], Nested],
) -> None:
    """A line for each office, one's own first."""
    if dropped(turn, f"/{command} AIR-07"):
        return
    (code,) = turn.arguments
    try:
        found = rows(code)
    except RelayError as error:
        unless_missing(turn, error, UNKNOWN)
        return

    def order(row: AllotmentView | BoardView) -> str:
        return f"{row.office != officer.office:d}{short(row.office)}"

    shown, more = page(found, order, turn.after, MOST_LINES)
    params = {"code": code, "then": [line(row) for row in shown]}
    params["buttons"] = next_(turn, officer, command, more, code)
    turn.say(f"officer-{command}", params, vanish_after=VANISH)


def _departs(movement: MovementView) -> str:
    return f"{unix(movement.departs_at):010d}{movement.code}"


def _shown(view: DepartureView) -> Nested:
    movement = view.movement
    return {
        "code": movement.code,
        "state": {"key": f"movement-{movement.state}"},
        "route": Route(movement.route).name.replace("_", "-"),
        "kabul": {"moment": unix(movement.departs_at)},
        "utc": f"{movement.departs_at:%Y-%m-%d %H:%M}",
        "own": {"key": "said-own" if view.own else "said-other"},
        **_counted(movement),
        "lent": str(view.lent),
        "boarded": str(view.boarded),
        "waiting": str(view.waiting),
        **{state: str(count) for state, count in view.notices.items()},
        "go": {"key": "go" if view.clear else "no-go"},
    }


def _below(turn: Turn, officer: OfficerDevice, code: str) -> list[Any]:
    mine = [command for command, roles in BELOW.items() if officer.roles & roles]
    return [turn.button(officer, {"key": f"button-{command}"}, command, code) for command in mine]


def _counted(row: MovementView | AllotmentView) -> Nested:
    return {"seats": str(row.seats), "held": str(row.held), "confirmed": str(row.confirmed)}


def _office(officer: OfficerDevice, row: AllotmentView | BoardView) -> Nested:
    """The own office in words, another one as logs call it: the relay knows no names."""
    return {"office": {"key": "said-own"} if row.office == officer.office else short(row.office)}
