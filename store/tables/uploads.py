"""Envelopes that come in parts."""

from datetime import datetime

from sqlalchemy import Index

from store.model import Model, core, key, moment, refers


class Upload(Model, table=True):
    """A part of what one device sends: `size` bytes from `start` on. It names nobody; what it is the relay learns
    when all of it is there.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        refers(["device"], "devices", ["device"], cascade=True),
        Index("ix_uploads_office", "office"),
    )
    device: bytes = key()
    upload: bytes = key()
    start: int = key()
    office: bytes
    size: int
    data: bytes
    at: datetime = moment()


uploads = core(Upload)
