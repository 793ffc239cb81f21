"""What an office's households add up to, counted by the database."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from store.sql import every
from store.tables.cases import case_facts, case_intents, cases

Count = tuple[int, datetime]
"""How many, and the oldest of what is known of them."""


def households(tx: Connection, office: bytes) -> int:
    """How many open cases there are."""
    c = cases.c
    statement = select(func.count()).select_from(cases).where(c.office == office, c.state == "open")
    return int(tx.execute(statement).scalar_one())


def facts(tx: Connection, office: bytes) -> dict[tuple[str, str, str | None], Count]:
    """By fact, answer and grade, over what holds now of each open case (relay.facts.current)."""
    f = case_facts.c
    newest = func.row_number().over(partition_by=(f.alias, f.fact), order_by=(f.as_of.desc(), f.seq.desc()))
    said = (
        select(f.fact, f.answer, f.grade, f.as_of, newest.label("place"))
        .join(cases, (cases.c.office == f.office) & (cases.c.alias == f.alias))
        .where(f.office == office, cases.c.state == "open")
        .subquery()
        .c
    )
    statement = select(
        said.fact, said.answer, said.grade, func.count().label("many"), func.min(said.as_of).label("at")
    )
    rows = every(tx, statement.where(said.place == 1).group_by(said.fact, said.answer, said.grade))
    return {(row.fact, row.answer, row.grade): (row.many, row.at) for row in rows}


def intents(tx: Connection, office: bytes) -> dict[str, Count]:
    """By intent, over what each open case said last."""
    i = case_intents.c
    newest = func.row_number().over(partition_by=i.alias, order_by=i.seq.desc())
    said = (
        select(i.intent, i.at, newest.label("place"))
        .join(cases, (cases.c.office == i.office) & (cases.c.alias == i.alias))
        .where(i.office == office, cases.c.state == "open")
        .subquery()
        .c
    )
    statement = select(said.intent, func.count().label("many"), func.min(said.at).label("at"))
    return {
        row.intent: (row.many, row.at)
        for row in every(tx, statement.where(said.place == 1).group_by(said.intent))
    }
