"""Alembic's entry: runs on the connection that store.migrate hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from store import tables
from store.model import metadata
from store.types import Moment


def _render(kind: str, value: Any, _autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 – Alembic's own
    """Freeze our types into plain ones: a revision must not change with the code."""
    if kind == "type" and isinstance(value, Moment):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(value, AutoString):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
    include_name=lambda name, kind, _parents: kind != "table" or name in tables.NAMES,
)
with context.begin_transaction():
    context.run_migrations()
