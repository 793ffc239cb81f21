"""The board: how each route stands, said by any office, seen by all, without a word about who said it.

Of each office what it said last counts, until it expires; of several offices the most cautious. So nobody's "open"
undoes another's "closed", and a "closed" that nobody renews ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crypto.notice import Route
from relay import audit, auth, movements
from relay.audit import Event
from relay.auth import Principal
from relay.casebook import among
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import board
from store.sql import Found

STATUSES = ("discussion", "technical", "limited", "open", "closed")
PASSABLE = ("limited", "open")
GRADES = ("official", "partner", "media", "rumour")
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class StatusView:
    route: int
    status: str
    grade: str
    as_of: datetime
    expires: datetime
    own: bool  # whether one's own office said so


def say(
    tx: Tx,
    who: Principal,
    *,
    route: Route,
    status: str,
    grade: str,
    as_of: datetime | None = None,
    expires: datetime,
    now: datetime,
) -> None:
    """Put up how a route stands, as of a time (now, when left out), for every office to see.

    Raises RelayError `not_allowed`, `malformed`, `as_of_ahead`, `times_refused`.
    """
    me = auth.officer(who, movements.PLANNERS)
    if route is Route.NONE:
        raise RelayError("malformed", "the board has routes: AIR, LAND-PK, LAND-UZ, LAND-TJ", Kind.MALFORMED)
    among(status, STATUSES, "a status")
    among(grade, GRADES, "a source")
    check_times(as_of, expires, LONGEST, now)
    said = {"route": int(route), "status": status, "grade": grade, "as_of": as_of or now}
    board.append(tx, me.office, **said, expires_at=expires, role_code=me.role_code, at=now)
    audit.note(tx, Event.STATUS_SAID, now, by=me, subject=route.name.replace("_", "-"))


def listed(tx: Tx, who: Principal, now: datetime) -> list[StatusView]:
    """What counts, by route, the newest knowledge first."""
    me = auth.officer(who, movements.VIEWERS)
    rows = _newest(board.standing(tx, now))
    rows.sort(key=lambda row: (row.route, -row.as_of.timestamp(), row.seq))
    return [
        StatusView(row.route, row.status, row.grade, row.as_of, row.expires_at, row.office == me.office)
        for row in rows
    ]


def obstacle(tx: Tx, route: Route, now: datetime) -> str | None:
    """Why nobody may be sent that way, if so: "closed", or "unknown" where no official source says anything."""
    if route is Route.NONE:
        return None
    official = [row for row in _newest(board.of_route(tx, int(route), now)) if row.grade == "official"]
    if not official:
        return "unknown"
    return None if all(row.status in PASSABLE for row in official) else "closed"


def check_times(as_of: datetime | None, expires: datetime | None, longest: timedelta, now: datetime) -> None:
    """Nothing is known of a time to come, and nothing holds for longer than that.

    Raises RelayError `as_of_ahead`, `times_refused`.
    """
    if as_of is not None and as_of > now:
        raise RelayError(
            "as_of_ahead", "nothing is known as of a time to come; give an earlier one", Kind.UNACCEPTABLE
        )
    if expires is not None and not now < expires <= now + longest:
        raise RelayError(
            "times_refused",
            f"it holds for at most {longest.days} days, and not until a time that is past",
            Kind.UNACCEPTABLE,
        )


def _newest(rows: list[Found]) -> list[Found]:
    """By office, route and source: a rumour takes nothing back that is official."""
    return list({(row.office, row.route, row.grade): row for row in rows}.values())
