"""Threat alerts: whom they have to reach, beside those an officer names."""

from crypto.notice import Notice, Route, on_route
from desk import contacts, replies
from desk.answers import Answer
from desk.contacts import ContactView
from desk.errors import DeskError
from desk.office import Desk
from desk.state import HeldNotice

OUT = ("released", "replaced")


def holders(desk: Desk, route: Route) -> set[bytes]:
    """Contacts who were sent a come or a change of this route that is not over.

    Those this desk knows of, whatever the relay leaves out, and those the relay knows of: a colleague may have sent
    what never came here.
    """
    said = Answer(desk.relay.get(f"/threats/{int(route)}/holders")).many_octets("contacts")
    return _known(desk, route).union(said)


def reachable(desk: Desk, views: list[ContactView], owed: set[bytes]) -> dict[bytes, str]:
    """The aliases of those who have a key to seal to, by contact; as with a cancel it takes no consent."""
    return {view.contact: view.alias for view in views if view.contact in owed and contacts.keys(desk, view)}


def check(desk: Desk, held: HeldNotice, views: list[ContactView]) -> None:
    """Raises DeskError when the alert leaves somebody out who was sent something since it was drafted."""
    owed = reachable(desk, views, holders(desk, Notice.parse(held.notice).route))
    named = {offer.contact for offer in held.offers}
    if missing := [alias for contact, alias in owed.items() if contact not in named]:
        raise DeskError(
            f"Not among its recipients, and sent a departure on this route: {', '.join(sorted(missing))}.",
            "Draft the alert anew: it adds them by itself.",
            "left_out",
        )


def _known(desk: Desk, route: Route) -> set[bytes]:
    rows = {(row.octets("notice", 16), row.integer("version")): row for row in _rows(desk)}
    found: set[bytes] = set()
    for held in desk.state.notices.values():
        notice = Notice.parse(held.notice)
        row = rows.get((notice.notice, notice.version))
        if row is None or not notice.kind.moves or not on_route(route, notice.route):
            continue
        if row.text("state") in OUT and desk.now() < notice.expires:
            waiting = replies.on_standby(held, row)
            found |= {offer.contact for offer in held.offers} - waiting
    return found


def _rows(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/notices")).many("notices")
