"""Attachments: sealed photographs and voice notes, in chunks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index

from store.model import Model, core, key, moment, refers


class Attachment(Model, table=True):
    """What one device sends to or from a contact, whose it is by quota and erasure.

    The row outlives its chunks until expiry (`taken_at`), so that a late retry begins nothing anew.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        CheckConstraint("chunks BETWEEN 1 AND 16", name="chunks"),
        Index("ix_attachments_contact", "office", "contact"),
        Index("ix_attachments_expires_at", "expires_at"),
    )
    office: bytes = key()
    attachment: bytes = key()
    contact: bytes
    sender: bytes
    token_hash: bytes
    chunks: int
    begun_at: datetime = moment()
    expires_at: datetime = moment()
    taken_at: datetime | None = moment(nullable=True)


class AttachmentChunk(Model, table=True):
    """A sealed chunk, from 0."""

    __tablename__ = "attachment_chunks"
    __table_args__ = (
        refers(["office", "attachment"], "attachments", ["office", "attachment"], cascade=True),
    )
    office: bytes = key()
    attachment: bytes = key()
    n: int = key()
    data: bytes


attachments = core(Attachment)
attachment_chunks = core(AttachmentChunk)
