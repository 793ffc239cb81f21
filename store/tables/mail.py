"""Sealed envelopes and their wraps."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, false
from sqlmodel import Field

from store.model import Model, core, key, moment, number, refers


class Envelope(Model, table=True):
    """Header and body as they came. The row outlives its body until expiry, so that a late retry is no new letter.

    `notice`, `version` name the notice a letter belongs to (the notice itself, its go or its cancel).
    """

    __tablename__ = "envelopes"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        CheckConstraint("(notice IS NULL) = (version IS NULL)", name="notice"),
        Index("ix_envelopes_expires_at", "expires_at"),
        Index("ix_envelopes_notice", "office", "notice", "version"),
    )
    envelope: bytes = key()
    office: bytes
    sender: bytes
    digest: bytes
    common: bytes | None = None
    urgent: bool
    accepted_at: datetime = moment()
    expires_at: datetime = moment()
    notice: bytes | None = None
    version: int | None = number(default=None, nullable=True)


class Wrap(Model, table=True):
    """One recipient's key to an envelope. `seq` orders a mailbox; it is empty while the letter is held back.

    `contact` is the owner of a contact's device; `purpose` is the consent the letter rests on. `quiet`: nobody is
    rung for it.
    """

    __tablename__ = "wraps"
    __table_args__ = (
        refers(["envelope"], "envelopes", ["envelope"], cascade=True),
        Index("ix_wraps_mailbox", "office", "holder_kind", "holder", "seq"),
        Index("ix_wraps_contact", "office", "contact"),
        CheckConstraint("holder_kind IN (1, 2)", name="holder_kind"),
    )
    envelope: bytes = key()
    holder_kind: int = number(primary_key=True)
    holder: bytes = key()
    prekey: bytes = key()
    office: bytes
    contact: bytes | None = None
    purpose: str | None = None
    seq: int | None = number(default=None, nullable=True)
    quiet: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    wrap: bytes
    fetched_at: datetime | None = moment(nullable=True)
    expires_at: datetime = moment()


class Ack(Model, table=True):
    """An officer's device has read an epoch wrap; the wrap goes when all reading devices have."""

    __tablename__ = "acks"
    __table_args__ = (refers(["envelope"], "envelopes", ["envelope"], cascade=True),)
    envelope: bytes = key()
    device: bytes = key()


envelopes = core(Envelope)
wraps = core(Wrap)
acks = core(Ack)
