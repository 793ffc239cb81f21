"""audit: each entry hashes the one before it, per office"""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "audit_chain"
down_revision = "retention_sweeps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    old = sa.table(
        "audit", *[sa.column(name) for name in ("id", "office", "at", "event", "role_code", "subject")]
    )
    held = op.get_bind().execute(sa.select(old).order_by(old.c.id)).all()
    op.drop_table("audit")
    audit = op.create_table(
        "audit",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_seq")),
        sa.PrimaryKeyConstraint("office", "seq", name=op.f("pk_audit")),
    )
    heads = op.create_table(
        "audit_heads",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_audit_heads")),
    )
    newest: dict[bytes, tuple[int, bytes]] = {}
    rows = []
    for row in held:
        office = bytes(row.office or bytes(32))
        seq, link = newest.get(office, (0, bytes(32)))
        seq += 1
        link = _link(link, office, seq, row)
        newest[office] = (seq, link)
        said = {"at": row.at, "event": row.event, "role_code": row.role_code, "subject": row.subject}
        rows.append(said | {"office": office, "seq": seq, "link": link})
    if rows:
        op.bulk_insert(audit, rows)
        op.bulk_insert(heads, [{"office": o, "seq": seq, "link": link} for o, (seq, link) in newest.items()])


def _link(previous: bytes, office: bytes, seq: int, row: sa.Row[Any]) -> bytes:
    """As crypto.audit made it when this was written; written out, for what it says there may change."""
    texts = [text.encode() for text in (row.event, row.role_code, row.subject)]
    entry = _rec(office, seq.to_bytes(8, "big"), row.at.to_bytes(8, "big"), *texts)
    return hashlib.sha256(b"qasid/1 audit\0" + _rec(previous, entry)).digest()


def _rec(*parts: bytes) -> bytes:
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])
