"""Cases: households as numbers and codes. Who they are stands in sealed messages alone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, number, one_of, only, refers


class Case(Model, table=True):
    """A household under an alias of its own; an erased one keeps nothing but that it was.

    `numbered` is the last number a member was given: none is given twice.
    """

    __tablename__ = "cases"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        one_of("state", "open", "closed"),
        one_of("reason", "arrived", "withdrew", "erased"),
        one_of("preferred_officer", "none", "female", "male"),
        CheckConstraint("(state = 'closed') = (reason IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )
    office: bytes = key()
    alias: str = key()
    state: str
    reason: str | None = None
    preferred_officer: str
    language: str = ""
    numbered: int = number()
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)


class CaseMember(Model, table=True):
    """One of a household, by number. `live` until the case is closed: a contact is in one open case at most."""

    __tablename__ = "case_members"
    __table_args__ = (
        refers(["office", "alias"], "cases", ["office", "alias"]),
        refers(["office", "alias", "guardian"], "case_members", ["office", "alias", "member"]),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        one_of("kind", "adult", "minor"),
        CheckConstraint("(kind = 'minor') = (guardian IS NOT NULL)", name="guardian"),
        CheckConstraint("kind = 'adult' OR contact IS NULL", name="contact"),
        CheckConstraint("guardian <> member", name="own_guardian"),
        only("uq_case_members_contact", "office", "contact", where="contact IS NOT NULL", holds="live"),
        Index("ix_case_members_guardian", "office", "alias", "guardian"),
    )
    office: bytes = key()
    alias: str = key()
    member: int = number(primary_key=True)
    kind: str
    guardian: int | None = number(default=None, nullable=True)
    contact: bytes | None = None
    live: bool = True
    joined_at: datetime = moment()


class CaseNeed(Model, table=True):
    __tablename__ = "case_needs"
    __table_args__ = (
        refers(["office", "alias"], "cases", ["office", "alias"]),
        one_of("need", "mobility", "medical", "infant", "interpreter", "escort"),
    )
    office: bytes = key()
    alias: str = key()
    need: str = key()


class CaseFact(Model, table=True):
    """What was known of a household, and as of when; never changed, only followed. What is unknown has no grade."""

    __tablename__ = "case_facts"
    __table_args__ = (
        refers(["office", "alias"], "cases", ["office", "alias"]),
        one_of("fact", "requested", "identified", "ready", "documents", "offered"),
        one_of("answer", "yes", "no", "unknown"),
        one_of("grade", "known", "estimated"),
        CheckConstraint("(answer = 'unknown') = (grade IS NULL)", name="unknown"),
    )
    office: bytes = key()
    alias: str = key()
    seq: int = number(primary_key=True)
    fact: str
    answer: str
    grade: str | None = None
    as_of: datetime = moment()
    role_code: str
    at: datetime = moment()


class CaseIntent(Model, table=True):
    """What a household said it wants, in order."""

    __tablename__ = "case_intents"
    __table_args__ = (
        refers(["office", "alias"], "cases", ["office", "alias"]),
        one_of("intent", "wants", "unsure", "no"),
    )
    office: bytes = key()
    alias: str = key()
    seq: int = number(primary_key=True)
    intent: str
    role_code: str
    at: datetime = moment()


class CaseCheck(Model, table=True):
    """A step of verification and where it led, by which officer (the second is to be another)."""

    __tablename__ = "case_checks"
    __table_args__ = (
        refers(["office", "alias"], "cases", ["office", "alias"]),
        refers(["office", "officer"], "officers", ["office", "officer"]),
        one_of("state", "claimed", "once", "verified", "refused", "revoked"),
    )
    office: bytes = key()
    alias: str = key()
    seq: int = number(primary_key=True)
    state: str
    reason: str
    officer: bytes
    role_code: str
    at: datetime = moment()


cases = core(Case)
case_members = core(CaseMember)
case_needs = core(CaseNeed)
case_facts = core(CaseFact)
case_intents = core(CaseIntent)
case_checks = core(CaseCheck)
