"""Offices, their rosters and officers, and every device."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from store.model import Model, core, key, moment, number, one_of, only, refers


class AdmissionCode(Model, table=True):
    """A one-time code with which an office registers; only its hash is kept."""

    __tablename__ = "admission_codes"
    code_hash: bytes = key()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    office: bytes | None = None


class Office(Model, table=True):
    """A tenant. `pin` is the followed roster head; `mail_seq` numbers the office's wraps in commit order."""

    __tablename__ = "offices"
    office: bytes = key()
    version: int = number()
    hash: bytes
    pin: bytes
    mail_seq: int = number(default=0)
    created_at: datetime = moment()


class Roster(Model, table=True):
    __tablename__ = "rosters"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        CheckConstraint("version >= 1", name="version"),
    )
    office: bytes = key()
    version: int = number(primary_key=True)
    hash: bytes
    wire: bytes
    issued_at: datetime = moment()
    expires_at: datetime = moment()


class Epoch(Model, table=True):
    """Epoch prekeys of the newest roster that are still written to: where a contact's envelope may be addressed."""

    __tablename__ = "epochs"
    __table_args__ = (refers(["office"], "offices", ["office"]),)
    office: bytes = key()
    epoch: bytes = key()
    sequence: int = number()
    seal_until: datetime = moment()
    delete_at: datetime = moment()


class Officer(Model, table=True):
    """Officers by role code, never by name; `active` ones stand in the newest roster.

    `roles` is what they may do at a desk; CONFIRMER of those who have none.
    """

    __tablename__ = "officers"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        CheckConstraint("roles BETWEEN 1 AND 32", name="roles"),
        only("uq_officers_role_code", "office", "role_code", holds="active"),
    )
    office: bytes = key()
    officer: bytes = key()
    role_code: str
    roles: int
    active: bool


class Device(Model, table=True):
    """A device of a contact or an officer; exactly one of the two columns is filled. An officer's has roles."""

    __tablename__ = "devices"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["office", "officer"], "officers", ["office", "officer"]),
        CheckConstraint("(contact IS NULL) <> (officer IS NULL)", name="owner"),
        CheckConstraint("(officer IS NULL) = (roles IS NULL)", name="roles"),
        one_of("state", "pending", "frozen", "refused", "enrolled", "wiped", "standing", "removed"),
        UniqueConstraint("office", "device"),
        Index("ix_devices_contact", "office", "contact"),
        Index("ix_devices_officer", "office", "officer"),
    )
    device: bytes = key()
    office: bytes
    contact: bytes | None = None
    officer: bytes | None = None
    roles: int | None = None
    record: bytes
    sign_pk: bytes
    state: str
    not_before: datetime | None = moment(nullable=True)
    not_after: datetime | None = moment(nullable=True)


class Prekey(Model, table=True):
    """What is sealed to. `asked_at`: when its phone was asked for newer ones, until it brings them."""

    __tablename__ = "prekeys"
    __table_args__ = (
        refers(["device"], "devices", ["device"], cascade=True),
        UniqueConstraint("device", "sequence"),
        Index("ix_prekeys_delete_at", "delete_at"),
    )
    device: bytes = key()
    prekey: bytes = key()
    sequence: int = number()
    seal_until: datetime = moment()
    delete_at: datetime = moment()
    wire: bytes
    asked_at: datetime | None = moment(nullable=True)


class Nonce(Model, table=True):
    """Nonces of signed requests, kept until the request could no longer be replayed."""

    __tablename__ = "nonces"
    __table_args__ = (Index("ix_nonces_expires_at", "expires_at"),)
    device: bytes = key()
    nonce: bytes = key()
    expires_at: datetime = moment()


admission_codes = core(AdmissionCode)
offices = core(Office)
rosters = core(Roster)
epochs = core(Epoch)
officers = core(Officer)
devices = core(Device)
prekeys = core(Prekey)
nonces = core(Nonce)
