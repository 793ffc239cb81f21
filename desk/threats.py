"""Threat alerts: whom they have to reach, beside those an officer names."""

from crypto.notice import Notice, Route, on_route
from desk import contacts, replies
from desk.answers import Answer
from desk.contacts import ContactView
from desk.errors import DeskError
from desk.office import Desk
from desk.state import HeldNotice, Offer

OUT = ("released", "replaced")


def holders(desk: Desk, route: Route) -> dict[bytes, Offer]:
    """Who was sent a come or a change of this route that is not over, by contact, as far as this desk knows."""
    rows = {(row.octets("notice", 16), row.integer("version")): row for row in _rows(desk)}
    found: dict[bytes, Offer] = {}
    for held in desk.state.notices.values():
        notice = Notice.parse(held.notice)
        row = rows.get((notice.notice, notice.version))
        if row is None or not notice.kind.moves or not on_route(route, notice.route):
            continue
        if row.text("state") in OUT and desk.now() < notice.expires:
            waiting = replies.on_standby(held, row)
            found |= {offer.contact: offer for offer in held.offers if offer.contact not in waiting}
    return found


def reachable(desk: Desk, views: list[ContactView], owed: dict[bytes, Offer]) -> dict[bytes, Offer]:
    """Those of them who have a key to seal to; as with a cancel it takes no consent."""
    found = [view.contact for view in views if view.contact in owed and contacts.keys(desk, view)]
    return {contact: owed[contact] for contact in found}


def check(desk: Desk, held: HeldNotice, views: list[ContactView]) -> None:
    """Raises DeskError when the alert leaves somebody out who was sent something since it was drafted."""
    owed = reachable(desk, views, holders(desk, Notice.parse(held.notice).route))
    named = {offer.contact for offer in held.offers}
    if missing := [offer.alias for contact, offer in owed.items() if contact not in named]:
        raise DeskError(
            f"Not among its recipients, and sent a departure on this route: {', '.join(sorted(missing))}.",
            "Draft the alert anew: it adds them by itself.",
            "left_out",
        )


def _rows(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/notices")).many("notices")
