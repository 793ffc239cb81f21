"""Queries about contacts with mail to ring for whom nothing rings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, false, func, not_, or_, select, true

from store.mail import DEVICE, SAFETY
from store.reminders import COMING
from store.sql import many
from store.tables.chat import accounts, links
from store.tables.delivery import doorbells, outbox
from store.tables.mail import envelopes, wraps
from store.tables.notices import notices
from store.tables.offices import devices
from store.tables.people import consents, contacts


@many
def of_office(office: bytes, now: datetime, late: datetime) -> Select[Any]:
    """Enrolled contacts with mail that nobody can ring them for, or that came before *late* and rang nobody.

    With each: `since` when it waits, when the `newest` came, `urgent` and `departure` (1 if any of it is), and what
    keeps it from ringing.
    """
    c, chat, mail = contacts.c, accounts.c, _mail(office, now).subquery()
    bell, ring = doorbells.c, outbox.c
    under_way = (ring.account == chat.id, ring.kind == "ring", ring.state.in_(("waiting", "claimed")))
    refused = exists().where(*under_way, ring.params != "{}").correlate(accounts)
    # A bell that stands there already tells nobody of urgent mail: that rings again.
    behind = exists().where(*under_way, ring.urgent).correlate(accounts)
    shown = exists().where(bell.account == chat.id, bell.visible, bell.leaving.is_(False)).correlate(accounts)
    rung = and_(shown, not_(behind))
    bound = and_(links.c.office == c.office, links.c.contact == c.contact)
    joined = (
        contacts.join(mail, mail.c.contact == c.contact)
        .outerjoin(links, bound)
        .outerjoin(accounts, chat.id == links.c.account)
    )
    silenced = or_(c.paused, func.coalesce(chat.paused, false()))
    return (
        select(c.alias, mail.c.since, mail.c.newest, mail.c.urgent, mail.c.departure)
        .add_columns(
            chat.id.label("account"), chat.blocked, silenced.label("paused"), refused.label("refused")
        )
        .select_from(joined)
        .where(c.office == office, c.state == "enrolled")
        .where(
            or_(chat.id.is_(None), chat.blocked, silenced, refused, and_(not_(rung), mail.c.since <= late))
        )
    )


def _mail(office: Any, now: Any) -> Select[Any]:  # noqa: ANN401 – bindparams
    """Per contact the mail that their devices have not acknowledged and that may be rung for."""
    w, d, e, n, k = wraps.c, devices.c, envelopes.c, notices.c, consents.c
    said = exists().where(
        and_(k.office == w.office, k.contact == w.contact, k.purpose == w.purpose),
        and_(k.newest, k.given, k.lapses_at > now),
    )
    its = and_(n.office == e.office, n.notice == e.notice, n.version == e.version)
    came = func.coalesce(n.released_at, e.accepted_at)
    departure = and_(n.kind.in_(COMING), n.state == "released")
    return (
        select(d.contact, func.min(came).label("since"), func.max(came).label("newest"))
        .add_columns(func.max(case((e.urgent == true(), 1), else_=0)).label("urgent"))
        .add_columns(func.max(case((departure, 1), else_=0)).label("departure"))
        .select_from(
            wraps.join(devices, and_(d.office == w.office, d.device == w.holder))
            .join(envelopes, e.envelope == w.envelope)
            .outerjoin(notices, its)
        )
        .where(w.office == office, w.holder_kind == DEVICE, d.state == "enrolled", d.contact.is_not(None))
        .where(w.seq.is_not(None), w.quiet.is_(False), w.expires_at > now, or_(w.purpose == SAFETY, said))
        .group_by(d.contact)
    )
