"""Contacts: how they come in, what they consent to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from store.model import Model, core, key, moment, number, one_of, only, refers


class Contact(Model, table=True):
    """An adult the office may reach, under a pseudonym. `due_at`: when an answer to what they wrote is due."""

    __tablename__ = "contacts"
    __table_args__ = (
        refers(["office"], "offices", ["office"]),
        UniqueConstraint("office", "alias"),
        Index("ix_contacts_due_at", "office", "due_at"),
        one_of("state", "invited", "pending", "frozen", "enrolled", "wiped"),
    )
    office: bytes = key()
    contact: bytes = key()
    alias: str
    state: str
    language: str = ""
    paused: bool = False
    created_at: datetime = moment()
    heard_at: datetime | None = moment(nullable=True)
    due_at: datetime | None = moment(nullable=True)


class ContactKey(Model, table=True):
    """What a backup seals the contact's rows with. It goes with the person; no backup of the rows holds it."""

    __tablename__ = "contact_keys"
    __table_args__ = (refers(["office", "contact"], "contacts", ["office", "contact"]),)
    office: bytes = key()
    contact: bytes = key()
    secret: bytes


class Invitation(Model, table=True):
    """A letter of introduction. `admit_hash` is erased with the card or the voiding; a used letter opens nothing.

    `issuer` is the officer's device that made it: with the device's removal its open letters are void.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        one_of("state", "open", "used", "void"),
        CheckConstraint("(state = 'open') = (admit_hash IS NOT NULL)", name="admit_hash"),
    )
    invitation: bytes = key()
    office: bytes
    contact: bytes
    admit_hash: bytes | None = None
    slip: bytes
    tag: bytes
    expires_at: datetime = moment()
    state: str
    issuer: bytes | None = None


class Enrolment(Model, table=True):
    """A device that showed a letter's admit token, and the MAC that only the desk can check.

    In place of a known contact's phone: `card` is what the first officer signed while the second is awaited, and
    `shown_at` when a desk of the office first saw who asks.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        refers(["invitation"], "invitations", ["invitation"]),
        refers(["device"], "devices", ["device"]),
        refers(["account"], "accounts", ["id"]),
        one_of("state", "pending", "frozen", "refused", "enrolled", "wiped"),
        only("uq_enrolments_pending", "invitation", where="state = 'pending'"),
    )
    invitation: bytes = key()
    device: bytes = key()
    account: int | None = number(default=None, nullable=True)
    mac: bytes
    roster_version: int = number()
    state: str
    at: datetime = moment()
    card: bytes | None = None
    shown_at: datetime | None = moment(nullable=True)


class Card(Model, table=True):
    """Contact cards, chained per contact by serial."""

    __tablename__ = "cards"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        UniqueConstraint("office", "certifier", "counter"),
    )
    office: bytes = key()
    contact: bytes = key()
    serial: int = number(primary_key=True)
    hash: bytes
    certifier: bytes
    counter: int = number()
    wire: bytes
    at: datetime = moment()


class CardChange(Model, table=True):
    """What is to change about which devices a contact's card names; one of each contact waits at a time.

    `device`, `asker` and `addition`: a further device, and the signed statement of the one that asks for it. `card` is
    what the first officer signed while the second is awaited; alone, it takes a device off. `shown_at` as above.
    """

    __tablename__ = "card_changes"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["device"], "devices", ["device"]),
        CheckConstraint("(device IS NULL) = (addition IS NULL)", name="addition"),
    )
    office: bytes = key()
    contact: bytes = key()
    device: bytes | None = None
    asker: bytes | None = None
    addition: bytes | None = None
    card: bytes | None = None
    at: datetime = moment()
    shown_at: datetime | None = moment(nullable=True)


class Consent(Model, table=True):
    """Every consent statement made; the newest per purpose, recipient and fields decides, until it lapses."""

    __tablename__ = "consents"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        only("uq_consents_newest", "office", "contact", "purpose", "recipient", "fields", holds="newest"),
    )
    office: bytes = key()
    contact: bytes = key()
    purpose: str = key()
    recipient: bytes = key()
    fields: str = key()
    device: bytes = key()
    counter: int = number(primary_key=True)
    given: bool
    text_version: int
    language: str
    at: datetime = moment()
    lapses_at: datetime = moment()
    statement: bytes
    newest: bool


class ContactAttempt(Model, table=True):
    """That an officer tried to reach a contact, as codes: which way, and what came of it."""

    __tablename__ = "attempts"
    __table_args__ = (
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        one_of("way", "app", "telephone", "relative", "person"),
        one_of("outcome", "reached", "unanswered", "wrong", "refused"),
    )
    office: bytes = key()
    contact: bytes = key()
    seq: int = number(primary_key=True)
    way: str
    outcome: str
    role_code: str
    at: datetime = moment()


contacts = core(Contact)
contact_keys = core(ContactKey)
invitations = core(Invitation)
enrolments = core(Enrolment)
cards = core(Card)
card_changes = core(CardChange)
consents = core(Consent)
attempts = core(ContactAttempt)
