"""Threat alerts: what their route's comes and changes were approved for is not so any more.

An alert ends what was approved before it, on phones (which judge by the approvals alone) and here: from when it waits
to go out nothing of that is sent to anybody any more, and in the transaction that releases it all of it is called off
(relay/cancellations.py). What is drafted anew and approved after the alert counts. So whoever may hold a come or a
change of the route has to be among its recipients: nobody else tells them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crypto.encoding import b64u
from crypto.notice import Approval, Route, on_route, outdated
from crypto.record import unrec
from crypto.roster import Role, Roster
from relay import auth, colleagues
from relay.addressing import MESSAGES
from relay.auth import Principal
from relay.unit import Tx
from store import allotments, consents, devices, notices, prekeys, recipients
from store.sql import Found

ASKED = timedelta(hours=24)
"""How long it stands in officers' chats that an alert waits for a second one."""


def about(tx: Tx, office: bytes, route: int) -> list[Found]:
    """The office's alerts for this route."""
    return [each for each in notices.alerts(tx, office) if on_route(Route(each.route or 0), Route(route))]


def later(alerts: Sequence[Found], approved: bytes | None) -> bool:
    """Whether one of these alerts voids what was so approved."""
    return any(outdated(unrec(approved or b""), unrec(alert.approved or b"")) for alert in alerts)


def stops(tx: Tx, office: bytes, movement: bytes, approved: bytes | None) -> bool:
    """Whether an alert voids what was so approved for this movement."""
    allotment = allotments.allotment(tx, office, movement)
    return allotment is not None and later(about(tx, office, allotment.route), approved)


def ended_by(tx: Tx, alert: Found, now: datetime) -> list[Found]:
    """The versions, out or scheduled, that an alert voids."""
    going = notices.going(tx, alert.office, now)
    on_its_way = [row for row in going if on_route(Route(alert.route or 0), Route(row.goes_by))]
    return [row for row in on_its_way if later([alert], row.approved)]


def audience(tx: Tx, office: bytes, route: Route, now: datetime) -> recipients.Audience:
    """Who may hold a come or a change of this route."""
    going = notices.going(tx, office, now)
    return recipients.sent_to(tx, [row for row in going if on_route(route, Route(row.goes_by))])


def holders(tx: Tx, who: Principal, route: Route, now: datetime) -> list[bytes]:
    """Contacts whom an alert for this route would have to reach, for a desk that has not got all their notices.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, Role.COORDINATOR)
    return sorted(audience(tx, me.office, route, now).sent)


def ask_for_review(tx: Tx, roster: Roster, alert: Found, now: datetime) -> None:
    """An alert is out: unless two officers stand by it, the other coordinators are asked to review it."""
    wires = {*unrec(alert.approved or b""), *notices.approvals_of(tx, alert.office, alert.notice)}
    said = (Approval.peek(wire) for wire in wires)
    about = (alert.version, alert.content_hash)
    entries = (roster.entry(each.device) for each in said if (each.version, each.content_hash) == about)
    by = {entry.officer for entry in entries if entry is not None}
    if len(by) < 2:
        dedupe = f"review:{b64u(alert.notice)}:{alert.version}"
        params = {"number": alert.code}
        colleagues.tell(
            tx, alert.office, "officer-asks-review", params, now, dedupe=dedupe, life=ASKED, but=by
        )


def to_be_told(tx: Tx, office: bytes, audience: recipients.Audience, now: datetime) -> set[bytes]:
    """Those of them whom a letter can reach: they have a key, and fetched it or consent to messages."""
    people = devices.of_people(tx, office, audience.sent)
    reached = {people[device] for device in prekeys.newest_of(tx, people.keys(), now)}
    agreed = consents.given(tx, {(office, contact) for contact in reached})
    messages = {
        contact for (_, contact, purpose), until in agreed.items() if purpose == MESSAGES and now < until
    }
    return reached & (audience.holding | messages)
