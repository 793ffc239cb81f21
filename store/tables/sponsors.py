"""Relatives abroad who may ask about a contact, and the one-time codes that make them so."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from store.model import Model, core, key, moment, number, one_of, refers


class Sponsor(Model, table=True):
    """A Telegram account that may ask when a contact was last heard of. Without their consent it is told nothing.

    `number`: by which the account tells those it asks about apart. `word`: what was told of the contact last, and when.
    """

    __tablename__ = "sponsors"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["account"], "accounts", ["id"]),
        UniqueConstraint("account", "number"),
        one_of("word", "recent", "week", "longer", "never"),
        CheckConstraint("(word IS NULL) = (told_at IS NULL)", name="told_at"),
    )
    office: bytes = key()
    contact: bytes = key()
    account: int = number(primary_key=True)
    number: int
    word: str | None = None
    told_at: datetime | None = moment(nullable=True)
    at: datetime = moment()


class SponsorCode(Model, table=True):
    """A one-time code that binds a relative's account; only its hash is kept. `officer` made it."""

    __tablename__ = "sponsor_codes"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["office", "officer"], "officers", ["office", "officer"]),
    )
    code_hash: bytes = key()
    office: bytes
    contact: bytes
    officer: bytes
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


sponsors = core(Sponsor)
sponsor_codes = core(SponsorCode)
