"""People who come without a letter, and the offices that take them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from store.model import Model, core, key, moment, number, one_of, refers


class ReferralOffice(Model, table=True):
    """An office that takes self-referrals, under the code name it chose; one that takes none has no row."""

    __tablename__ = "referral_offices"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        UniqueConstraint("code"),
    )
    office: bytes = key()
    code: str
    opened_at: datetime = moment()


class Referral(Model, table=True):
    """Somebody unverified; with the row go the contact, the device and everything else of it.

    `card` is what the first officer signed while the second is awaited. `letters` counts what was ever taken from
    here. `account` is kept until a card may bind it.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["device"], "devices", ["device"]),
        refers(["account"], "accounts", ["id"]),
        one_of("state", "waiting", "refused"),
        one_of("reason", "unknown", "duplicate", "mismatch", "elsewhere", "abuse"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused"),
        UniqueConstraint("device"),
        Index("ix_referrals_account", "account"),
        Index("ix_referrals_expires_at", "expires_at"),
    )
    office: bytes = key()
    contact: bytes = key()
    device: bytes
    account: int | None = number(default=None, nullable=True)
    state: str
    reason: str | None = None
    letters: int = number(default=0)
    card: bytes | None = None
    at: datetime = moment()
    expires_at: datetime = moment()


referral_offices = core(ReferralOffice)
referrals = core(Referral)
