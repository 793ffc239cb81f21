"""/notices and /approve: how far notices came, and what waits to be sealed. What they say stands at the desk alone."""

from crypto.encoding import unix
from crypto.notice import NoticeKind
from handlers.chat.officers import MOST_WAITING, Nested, age, dropped, next_, page, span
from handlers.chat.turn import VANISH, Turn
from relay import departures
from relay.auth import OfficerDevice
from relay.departures import Prepared, VersionView

FIRST = ("withheld", "scheduled", "released")


def notices(turn: Turn, officer: OfficerDevice) -> None:
    """What is to be sealed again, in numbers; then every version.

    What waits for somebody comes first, then what is to go out, what is out, and what is over.
    """
    if dropped(turn, "/notices"):
        return
    views = departures.versions(turn.tx, officer)
    shown, more = page(views, _order, turn.after, MOST_WAITING)
    lines = [_line(turn, view) for view in shown]
    if stale := departures.stale(turn.tx, officer):
        anew: Nested = {"key": "officer-notices-stale", "notices": str(len(stale)), "copies": str(sum(stale))}
        lines = [anew, *lines]
    params = {"count": str(len(views)), "then": lines, "buttons": next_(turn, officer, "notices", more)}
    turn.say("officer-notices", params, vanish_after=VANISH)


def approve(turn: Turn, officer: OfficerDevice) -> None:
    """What somebody approved and nobody sealed. Whoever approves reads it first, at the desk."""
    if dropped(turn, "/approve"):
        return
    found = departures.prepared(turn.tx, officer, turn.now)
    shown, more = page(found, _newest, turn.after, MOST_WAITING)
    lines: list[Nested] = [
        {
            "key": "officer-prepared",
            "number": each.number,
            "role": ", ".join(each.by),
            "age": age(each.at, turn.now),
        }
        for each in shown
    ]
    params = {"count": str(len(found)), "then": lines, "buttons": next_(turn, officer, "approve", more)}
    turn.say("officer-approve", params, vanish_after=VANISH)


def _line(turn: Turn, view: VersionView) -> Nested:
    waits = f"-{view.state}" if view.state in ("withheld", "scheduled") else ""
    return {
        "key": f"officer-notice{waits}",
        "number": view.number,
        "kind": {"key": f"kind-{NoticeKind(view.kind).name.lower()}"},
        "version": str(view.version),
        "code": view.code or {"key": "nothing"},
        "state": {"key": f"notice-{view.state}"},
        "why": {"key": f"why-{view.why}" if view.why else "nothing"},
        "left": span(view.release_at - turn.now),
        "recipients": str(view.recipients),
        "fetched": str(view.fetched),
        "accepted": str(view.accepted),
        "declined": str(view.declined),
        "help": str(view.help),
    }


def _order(view: VersionView) -> str:
    at, state = unix(view.release_at), FIRST.index(view.state) if view.state in FIRST else len(FIRST)
    since = at if state < FIRST.index("released") else 10**10 - at
    return f"{state}{since:011d}{view.number}{view.version}"


def _newest(each: Prepared) -> str:
    return f"{10**10 - unix(each.at):011d}{each.number}"
