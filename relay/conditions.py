"""Go or no go: what must hold before a movement's notice sends anybody anywhere.

Each movement has a list of conditions, each unknown until an officer says something, then green or red as of a time;
a green one holds until it expires. With the board (relay/board.py) this is judged in the transaction that releases
(relay/clearances.py): only what is green by an official source, all of it, lets a notice out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.encoding import b64u
from crypto.notice import Route
from relay import audit, auth, board, colleagues, movements
from relay.audit import Event
from relay.auth import OfficerDevice, Principal
from relay.board import StatusView
from relay.casebook import among
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import allotments, conditions, notices
from store.sql import Found

CONDITIONS = ("security", "airport", "crossing", "permit", "carrier", "reception", "medical", "weather")
STATES = ("green", "red")
GRADES = board.GRADES
BY_AIR = ("security", "airport", "permit", "carrier", "reception")
BY_LAND = ("security", "crossing", "permit", "carrier", "reception")
LONGEST = timedelta(days=3)
"""A green condition is looked at anew after this at the latest."""
WITHHELD = "conditions"
"""Why a notice is withheld: something of its movement is not green."""
TOLD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ConditionView:
    """What was said last; `lacks` is why it stops a release now: unknown, red, expired, unofficial."""

    condition: str
    state: str  # unknown, green, red
    grade: str | None
    as_of: datetime | None
    expires: datetime | None
    role_code: str
    lacks: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A movement's list; `route` is what the board lacks: unknown, closed; None where that is no obstacle."""

    conditions: list[ConditionView]
    route: str | None

    @property
    def clear(self) -> bool:
        """Whether a notice may send people there."""
        return self.route is None and all(each.lacks is None for each in self.conditions)

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """What stops it, and why, as codes."""
        found = [(each.condition, each.lacks) for each in self.conditions if each.lacks is not None]
        return found if self.route is None else [*found, ("route", self.route)]


def say(
    tx: Tx,
    who: Principal,
    movement: bytes,
    *,
    condition: str,
    state: str,
    grade: str,
    as_of: datetime | None = None,
    expires: datetime | None = None,
    now: datetime,
) -> Listing:
    """Note what is known of a condition, as of a time (now, when left out); one that is new joins the list, which is
    returned as it stands then.

    What became red is told to the coordinators at once, where people were sent for, and to those of every office that
    has borrowed seats. Raises RelayError `not_allowed`, `malformed`, `movement_not_found`, `as_of_ahead`,
    `times_refused`.
    """
    me = auth.officer(who, movements.PLANNERS)
    row = _allotment(tx, me, movement)
    if row.owner != me.office:
        raise movements.missing()
    among(condition, CONDITIONS, "a condition")
    among(state, STATES, "a state")
    among(grade, GRADES, "a source")
    if (state == "green") != (expires is not None):
        raise RelayError("malformed", "what is green has an expiry, what is red has none", Kind.MALFORMED)
    board.check_times(as_of, expires, LONGEST, now)
    said = {"condition": condition, "state": state, "grade": grade, "as_of": as_of or now, "at": now}
    conditions.append(tx, me.office, movement, **said, expires_at=expires, role_code=me.role_code)
    audit.note(tx, Event.CONDITION_SAID, now, by=me, subject=row.code)
    concerned = [each for each in conditions.watched(tx) if each.movement == movement]
    if state == "red":
        concerned += allotments.guests(tx, me.office, movement)
    for each in concerned:
        judge(tx, each, now, alarm=state == "red")
    return standing(tx, row, now)


def listed(tx: Tx, who: Principal, movement: bytes, now: datetime) -> Listing:
    """The list as it stands of a movement of which one's office owns or borrowed seats.

    Raises RelayError `not_allowed`, `movement_not_found`.
    """
    return standing(tx, _allotment(tx, auth.officer(who, movements.VIEWERS), movement), now)


def standing(tx: Tx, movement: Found, now: datetime) -> Listing:
    """What stands of a movement's conditions (a row with owner, movement, route) and of its route."""
    newest: dict[str, Found] = {}
    history = conditions.of_movement(tx, movement.owner, movement.movement)
    for row in sorted(history, key=lambda each: (each.as_of, each.seq)):
        newest[row.condition] = row
    route = Route(movement.route)
    needed = {*(BY_AIR if route is Route.AIR else BY_LAND), *newest}
    views = [_view(name, newest.get(name), now) for name in CONDITIONS if name in needed]
    return Listing(views, board.obstacle(tx, route, now))


def clear(tx: Tx, office: bytes, movement: bytes, now: datetime) -> bool:
    """Whether the office may send people to this movement. If not, its coordinators hear what is missing."""
    row = allotments.allotment(tx, office, movement)
    if row is None:
        return False
    listing = standing(tx, row, now)
    if not listing.clear:
        _tell(tx, row, listing.lacking, now)
    return listing.clear


def judge(tx: Tx, movement: Found, now: datetime, *, alarm: bool) -> None:
    """After news: what an office withheld for it may go out, or its coordinators hear the alarm."""
    listing = standing(tx, movement, now)
    if listing.clear:
        notices.reconsider_movement(tx, movement.office, movement.movement, WITHHELD)
    elif alarm:
        _tell(tx, movement, listing.lacking, now)


def lapse(tx: Tx, now: datetime) -> int:
    """Tell coordinators what movements lack that people are sent to, each news once; of how many movements."""
    count = 0
    for movement in conditions.watched(tx):
        lacking = standing(tx, movement, now).lacking
        if lacking:
            count += 1
            _tell(tx, movement, lacking, now)
    return count


def put_up(
    tx: Tx,
    who: Principal,
    *,
    route: Route,
    status: str,
    grade: str,
    as_of: datetime | None = None,
    expires: datetime,
    now: datetime,
) -> list[StatusView]:
    """`board.say`, and what follows for every movement on that route that people are sent to; the board after it."""
    board.say(tx, who, route=route, status=status, grade=grade, as_of=as_of, expires=expires, now=now)
    for movement in conditions.watched(tx):
        if movement.route == int(route):
            judge(tx, movement, now, alarm=status not in board.PASSABLE)
    return board.listed(tx, who, now)


def _allotment(tx: Tx, me: OfficerDevice, movement: bytes) -> Found:
    row = allotments.allotment(tx, me.office, movement)
    if row is None:
        raise movements.missing()
    return row


def _tell(tx: Tx, movement: Found, lacking: Sequence[tuple[str, str]], now: datetime) -> None:
    """Codes alone; the same news reaches an officer once in a while."""
    what = {
        "list": [
            {
                "key": "officer-lacks",
                "condition": {"key": f"condition-{name}"},
                "why": {"key": f"lacks-{why}"},
            }
            for name, why in lacking
        ]
    }
    news = ",".join(f"{name} {why}" for name, why in lacking)
    said = {"code": movement.code, "lacking": what}
    dedupe = f"conditions:{b64u(movement.movement)}:{news}"
    colleagues.tell(tx, movement.office, "officer-conditions-lack", said, now, dedupe=dedupe, life=TOLD)


def _view(name: str, row: Found | None, now: datetime) -> ConditionView:
    if row is None:
        return ConditionView(name, "unknown", None, None, None, "", "unknown")
    lacks = None
    if row.state == "red":
        lacks = "red"
    elif row.expires_at <= now:
        lacks = "expired"
    elif row.grade != "official":
        lacks = "unofficial"
    return ConditionView(name, row.state, row.grade, row.as_of, row.expires_at, row.role_code, lacks)
