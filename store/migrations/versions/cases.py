"""cases: households as numbers and codes, with what is known, wanted and verified of them; proposals about them"""

import sqlalchemy as sa
from alembic import op

revision = "cases"
down_revision = "notices_withheld"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("preferred_officer", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("numbered", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_cases_closed_at")),
        sa.CheckConstraint("(state = 'closed') = (reason IS NOT NULL)", name=op.f("ck_cases_closed")),
        sa.CheckConstraint(
            "preferred_officer IN ('none', 'female', 'male')", name=op.f("ck_cases_preferred_officer")
        ),
        sa.CheckConstraint("reason IN ('arrived', 'withdrew', 'erased')", name=op.f("ck_cases_reason")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_cases_state")),
        sa.ForeignKeyConstraint(["office"], ["offices.office"], name=op.f("fk_cases_office")),
        sa.PrimaryKeyConstraint("office", "alias", name=op.f("pk_cases")),
    )
    op.create_table(
        "case_checks",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("officer", sa.LargeBinary(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('claimed', 'once', 'verified', 'refused', 'revoked')",
            name=op.f("ck_case_checks_state"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "alias"], ["cases.office", "cases.alias"], name=op.f("fk_case_checks_office_alias")
        ),
        sa.ForeignKeyConstraint(
            ["office", "officer"],
            ["officers.office", "officers.officer"],
            name=op.f("fk_case_checks_office_officer"),
        ),
        sa.PrimaryKeyConstraint("office", "alias", "seq", name=op.f("pk_case_checks")),
    )
    op.create_table(
        "case_facts",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(answer = 'unknown') = (grade IS NULL)", name=op.f("ck_case_facts_unknown")),
        sa.CheckConstraint("answer IN ('yes', 'no', 'unknown')", name=op.f("ck_case_facts_answer")),
        sa.CheckConstraint(
            "fact IN ('requested', 'identified', 'ready', 'documents', 'offered')",
            name=op.f("ck_case_facts_fact"),
        ),
        sa.CheckConstraint("grade IN ('known', 'estimated')", name=op.f("ck_case_facts_grade")),
        sa.ForeignKeyConstraint(
            ["office", "alias"], ["cases.office", "cases.alias"], name=op.f("fk_case_facts_office_alias")
        ),
        sa.PrimaryKeyConstraint("office", "alias", "seq", name=op.f("pk_case_facts")),
    )
    op.create_table(
        "case_intents",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("intent IN ('wants', 'unsure', 'no')", name=op.f("ck_case_intents_intent")),
        sa.ForeignKeyConstraint(
            ["office", "alias"], ["cases.office", "cases.alias"], name=op.f("fk_case_intents_office_alias")
        ),
        sa.PrimaryKeyConstraint("office", "alias", "seq", name=op.f("pk_case_intents")),
    )
    op.create_table(
        "case_members",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("member", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("guardian", sa.BigInteger(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'minor') = (guardian IS NOT NULL)", name=op.f("ck_case_members_guardian")
        ),
        sa.CheckConstraint("kind = 'adult' OR contact IS NULL", name=op.f("ck_case_members_contact")),
        sa.CheckConstraint("kind IN ('adult', 'minor')", name=op.f("ck_case_members_kind")),
        sa.CheckConstraint("guardian <> member", name=op.f("ck_case_members_own_guardian")),
        sa.ForeignKeyConstraint(
            ["office", "alias", "guardian"],
            ["case_members.office", "case_members.alias", "case_members.member"],
            name=op.f("fk_case_members_office_alias_guardian"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "alias"], ["cases.office", "cases.alias"], name=op.f("fk_case_members_office_alias")
        ),
        sa.ForeignKeyConstraint(
            ["office", "contact"],
            ["contacts.office", "contacts.contact"],
            name=op.f("fk_case_members_office_contact"),
        ),
        sa.PrimaryKeyConstraint("office", "alias", "member", name=op.f("pk_case_members")),
    )
    with op.batch_alter_table("case_members", schema=None) as batch_op:
        batch_op.create_index("ix_case_members_guardian", ["office", "alias", "guardian"], unique=False)
        batch_op.create_index(
            "uq_case_members_contact",
            ["office", "contact"],
            unique=True,
            sqlite_where=sa.text("live AND contact IS NOT NULL"),
            postgresql_where=sa.text("live AND contact IS NOT NULL"),
        )

    op.create_table(
        "case_needs",
        sa.Column("office", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.CheckConstraint(
            "need IN ('mobility', 'medical', 'infant', 'interpreter', 'escort')",
            name=op.f("ck_case_needs_need"),
        ),
        sa.ForeignKeyConstraint(
            ["office", "alias"], ["cases.office", "cases.alias"], name=op.f("fk_case_needs_office_alias")
        ),
        sa.PrimaryKeyConstraint("office", "alias", "need", name=op.f("pk_case_needs")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("words", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint(op.f("ck_proposals_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_proposals_kind"), "kind IN ('invite', 'fact', 'intent', 'vet')"
        )
