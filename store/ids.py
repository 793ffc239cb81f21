"""Any number of ids, or of pairs of them, as one parameter: laid end to end, and cut up again in the statement.

An IN list is written out anew for every number of values, which takes longer than the search; and of pairs in such a
list SQLite makes no use of an index: it goes through the whole table.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Integer, LargeBinary, func, literal, select, tuple_, type_coerce

SIZE = 16


def laid(wanted: Iterable[bytes]) -> bytes:
    """What `among` takes for these ids. Raises ValueError for one that is not SIZE bytes long."""
    ids = list(wanted)
    if any(len(each) != SIZE for each in ids):
        raise ValueError(f"an id is {SIZE} bytes long")
    return b"".join(ids)


def laid_pairs(wanted: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The same of pairs, for two columns."""
    return laid(chain.from_iterable(wanted))


def among(given: Any, *columns: ColumnElement[Any]) -> ColumnElement[bool]:  # noqa: ANN401 – a bindparam
    """Whether the column is one of the ids that were laid into this parameter; or two columns one of the pairs."""
    text = type_coerce(given, LargeBinary)
    step = SIZE * len(columns)
    places = (
        select(literal(1, Integer).label("place")).where(func.length(text) > 0).cte("places", recursive=True)
    )
    following = select(places.c.place + step).where(places.c.place + step < func.length(text))
    places = places.union_all(following)
    parts = [func.substr(text, places.c.place + SIZE * n, SIZE) for n in range(len(columns))]
    found = select(*parts)
    return columns[0].in_(found) if len(columns) == 1 else tuple_(*columns).in_(found)
