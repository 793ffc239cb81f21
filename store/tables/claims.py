"""Claims: which officer sees to which contact just now. Short leases, gone when they are over."""

from datetime import datetime

from store.model import Model, core, key, moment, refers


class Claim(Model, table=True):
    """One officer's lease on a contact; the key lets nobody else have one at the same time."""

    __tablename__ = "claims"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["office", "officer"], "officers", ["office", "officer"]),
    )
    office: bytes = key()
    contact: bytes = key()
    officer: bytes
    role_code: str
    claimed_at: datetime = moment()
    expires_at: datetime = moment()


claims = core(Claim)
