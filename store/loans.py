"""Queries about seats that are lent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from store.sql import Found, insert, many, one, update
from store.tables.loans import loans
from store.tables.movements import movements


def add(tx: Connection, **row: Any) -> None:  # noqa: ANN401 – a row
    insert(tx, loans, [row])


@one
def loan(office: bytes, loan: bytes) -> Select[Any]:
    """A loan of the lender `office`, with its movement's own columns."""
    return _with_movement().where(loans.c.office == office, loans.c.loan == loan)


@many
def of_office(office: bytes) -> Select[Any]:
    """All loans from and to an office."""
    c = loans.c
    either = _with_movement().where(or_(c.office == office, c.borrower == office))
    return either.order_by(c.return_at, c.office, c.loan)


@many
def due(now: datetime) -> Select[Any]:
    """What is to come back by now, or was never taken up."""
    c = loans.c
    over = _with_movement().where(c.state.in_(("lent", "borrowed")), c.return_at <= now)
    return over.order_by(c.return_at, c.office, c.loan)


def _with_movement() -> Select[Any]:
    c, m = loans.c, movements.c
    same = and_(m.office == c.office, m.movement == c.movement)
    named = m.state.label("movement_state")
    return select(loans, m.code, m.route, m.departs_at, named).join(movements, same)


def change(tx: Connection, row: Found, **values: object) -> bool:
    """Change a loan from the state it was read in; False when it has left that state meanwhile."""
    own = {"office": row.office, "loan": row.loan, "state": row.state, "back": row.back}
    return update(tx, loans, own, **values) == 1
