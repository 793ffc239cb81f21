"""allotments: seats by office, the ledger of every change, and offers that wait, are held for a time and end somehow"""

import sqlalchemy as sa
from alembic import op

revision = "allotments"
down_revision = "reminders"
branch_labels = None
depends_on = None

LIVE = "state IN ('standby', 'held', 'accepted')"
REFUSE = "the ledger is only ever added to"


def upgrade() -> None:
    op.create_table(
        "allotments",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "held >= 0 AND confirmed >= 0 AND held + confirmed <= seats", name=op.f("ck_allotments_seats")
        ),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_allotments_office")),
        sa.ForeignKeyConstraint(
            ["owner", "movement"],
            ["movements.office", "movements.movement"],
            name=op.f("fk_allotments_owner_movement"),
        ),
        sa.PrimaryKeyConstraint("office", "movement", name=op.f("pk_allotments")),
    )
    op.create_index("ix_allotments_owner", "allotments", ["owner", "movement"])
    op.create_table(
        "ledger",
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("movement", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("offer", sa.LargeBinary(), nullable=True),
        sa.Column("loan", sa.LargeBinary(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner", "movement"],
            ["movements.office", "movements.movement"],
            name=op.f("fk_ledger_owner_movement"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "movement"],
            ["allotments.office", "allotments.movement"],
            name=op.f("fk_ledger_office_movement"),
        ),
        sa.PrimaryKeyConstraint("owner", "movement", "seq", name=op.f("pk_ledger")),
    )
    op.execute(
        "INSERT INTO allotments (office, movement, owner, seats, held, confirmed)"
        " SELECT office, movement, office, seats, held, confirmed FROM movements"
    )
    written = _open_ledger()
    _refer_to_allotments("notices")
    _rebuild_offers()
    with op.batch_alter_table("recipients") as batch_op:
        batch_op.add_column(sa.Column("held_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("movements") as batch_op:
        batch_op.add_column(sa.Column("entries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint(op.f("ck_movements_state"), type_="check")
        batch_op.drop_constraint(op.f("ck_movements_seats"), type_="check")
        batch_op.drop_column("held")
        batch_op.drop_column("confirmed")
        batch_op.create_check_constraint(
            op.f("ck_movements_state"),
            "state IN ('planned', 'open', 'called', 'departed', 'arrived', 'cancelled')",
        )
        batch_op.create_check_constraint(op.f("ck_movements_seats"), "seats >= 1")
    count = sa.text("UPDATE movements SET entries = :entries WHERE office = :office AND movement = :movement")
    for (office, movement), entries in written.items():
        op.get_bind().execute(count, {"office": office, "movement": movement, "entries": entries})
    _refuse_changes()


def _open_ledger() -> dict[tuple[bytes, bytes], int]:
    """What is so far, as entries; how many by movement."""
    tx = op.get_bind()
    written: dict[tuple[bytes, bytes], int] = {}
    add = sa.text(
        "INSERT INTO ledger (owner, movement, seq, at, kind, office, offer, seats, held, confirmed)"
        " VALUES (:office, :movement, :seq, :at, :kind, :office, :offer, :seats, :held, :confirmed)"
    )
    seats = sa.text("SELECT office, movement, seats, 0 AS at FROM movements ORDER BY office, movement")
    for row in tx.execute(seats).mappings().all():
        none = {"kind": "opened", "offer": None, "held": 0, "confirmed": 0}
        tx.execute(add, dict(row) | none | {"seq": 1})
        written[bytes(row["office"]), bytes(row["movement"])] = 1
    made = sa.text(
        "SELECT office, movement, offer, party, state, changed_at FROM offers ORDER BY changed_at, offer"
    )
    for row in tx.execute(made).mappings().all():
        of = bytes(row["office"]), bytes(row["movement"])
        written[of] += 1
        entry = {"office": row["office"], "movement": row["movement"], "offer": row["offer"], "seats": 0}
        entry |= {"at": row["changed_at"], "kind": row["state"], "seq": written[of]}
        entry["held"] = row["party"] if row["state"] == "held" else 0
        entry["confirmed"] = row["party"] if row["state"] == "accepted" else 0
        tx.execute(add, entry)
    return written


def _refer_to_allotments(table: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        name = op.f(f"fk_{table}_office_movement")
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.create_foreign_key(name, "allotments", ["office", "movement"], ["office", "movement"])


def _rebuild_offers() -> None:
    _refer_to_allotments("offers")
    with op.batch_alter_table("offers") as batch_op:
        batch_op.add_column(sa.Column("case_alias", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("hold_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("standby", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("waits_since", sa.BigInteger(), nullable=True))
        for outcome in ("boarded", "no_show", "not_lifted"):
            batch_op.add_column(sa.Column(outcome, sa.Integer(), nullable=True))
        batch_op.drop_index("uq_offers_live")
        batch_op.drop_constraint(op.f("ck_offers_state"), type_="check")
    op.execute(
        "UPDATE offers SET hold_until = (SELECT answer_by FROM notices WHERE notices.office = offers.office"
        " AND notices.notice = offers.notice AND notices.version = offers.version)"
    )
    # Of two live offers in one household, which there may be so far, only one can say which household.
    op.execute(
        "UPDATE offers SET case_alias = (SELECT alias FROM case_members WHERE case_members.office = offers.office"
        " AND case_members.contact = offers.contact AND live)"
        " WHERE state IN ('held', 'accepted') AND NOT EXISTS (SELECT 1 FROM offers AS other"
        " JOIN case_members AS theirs ON theirs.office = other.office AND theirs.contact = other.contact"
        " JOIN case_members AS mine ON mine.office = theirs.office AND mine.alias = theirs.alias"
        " WHERE theirs.live AND mine.live AND mine.office = offers.office AND mine.contact = offers.contact"
        " AND other.movement = offers.movement AND other.offer < offers.offer"
        " AND other.state IN ('held', 'accepted'))"
    )
    outcomes = "state IN ('boarded', 'no_show', 'not_lifted')"
    with op.batch_alter_table("offers") as batch_op:
        batch_op.alter_column("hold_until", nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_offers_state"),
            "state IN ('standby', 'held', 'accepted', 'declined', 'expired', 'withdrawn',"
            " 'boarded', 'no_show', 'not_lifted')",
        )
        batch_op.create_check_constraint(op.f("ck_offers_standby"), "standby BETWEEN 1 AND 9")
        batch_op.create_check_constraint(
            op.f("ck_offers_waits_since"),
            "state <> 'standby' OR (standby IS NOT NULL AND waits_since IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_offers_outcome"),
            f"CASE WHEN {outcomes} THEN boarded >= 0 AND no_show >= 0 AND not_lifted >= 0"
            " AND coalesce(boarded + no_show + not_lifted, -1) = party"
            " ELSE boarded IS NULL AND no_show IS NULL AND not_lifted IS NULL END",
        )
        for name, column, where in (
            ("uq_offers_live", "contact", LIVE),
            ("uq_offers_case", "case_alias", f"{LIVE} AND case_alias IS NOT NULL"),
        ):
            batch_op.create_index(
                name,
                ["office", "movement", column],
                unique=True,
                sqlite_where=sa.text(where),
                postgresql_where=sa.text(where),
            )
        batch_op.create_index("ix_offers_due", ["state", "hold_until"])


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_no_{what.lower()} BEFORE {what} ON ledger"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    )
