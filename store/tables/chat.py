"""Telegram accounts, encrypted, and whom they belong to; updates taken in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from store.model import Model, core, key, moment, number, one_of, only, refers, serial


class Account(Model, table=True):
    """A Telegram chat: its id sealed by the vault, found again by a blind index."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("blind"),)
    id: int | None = serial()
    sealed: bytes
    blind: bytes
    language: str = ""
    paused: bool = False
    blocked: bool = False
    seen_at: datetime = moment()


class Link(Model, table=True):
    """Whose account it is. Several people may share one; a person has one at most."""

    __tablename__ = "links"
    __table_args__ = (
        refers(["account"], "accounts", ["id"], cascade=True),
        refers(["office", "contact"], "contacts", ["office", "contact"]),
        refers(["office", "officer"], "officers", ["office", "officer"]),
        CheckConstraint("(contact IS NULL) <> (officer IS NULL)", name="owner"),
        only("uq_links_contact", "office", "contact", where="contact IS NOT NULL"),
        only("uq_links_officer", "office", "officer", where="officer IS NOT NULL"),
        Index("ix_links_account", "account"),
    )
    id: int | None = serial()
    account: int = number()
    office: bytes
    contact: bytes | None = None
    officer: bytes | None = None


class LinkCode(Model, table=True):
    """A one-time code that binds an officer's account; only its hash is kept."""

    __tablename__ = "link_codes"
    __table_args__ = (refers(["office", "officer"], "officers", ["office", "officer"]),)
    code_hash: bytes = key()
    office: bytes
    officer: bytes
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class Taken(Model, table=True):
    """A Telegram update, without ids and typed text, waiting to be handled; `seq` is the order of arrival."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("update_id"),
        refers(["account"], "accounts", ["id"]),
        Index("ix_inbox_done", "done", "seq"),
        Index("ix_inbox_account", "account", "taken_at"),
    )
    seq: int | None = serial()
    update_id: int = number()
    account: int = number()
    payload: str | None = None
    done: bool = False
    taken_at: datetime = moment()


class ArmourPart(Model, table=True):
    """The beginning of an armoured text in several messages, sealed by the vault, until the rest is there."""

    __tablename__ = "armour_parts"
    __table_args__ = (
        refers(["account"], "accounts", ["id"], cascade=True),
        Index("ix_armour_parts_at", "at"),
    )
    account: int = number(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sealed: bytes
    at: datetime = moment()


class Pressed(Model, table=True):
    """A button that was pressed, by what vouched for it: it counts once."""

    __tablename__ = "pressed"
    __table_args__ = (Index("ix_pressed_expires_at", "expires_at"),)
    tag: bytes = key()
    expires_at: datetime = moment()


class OffDuty(Model, table=True):
    """An officer who is not to be rung now, unless nobody else answers."""

    __tablename__ = "off_duty"
    __table_args__ = (refers(["office", "officer"], "officers", ["office", "officer"]),)
    office: bytes = key()
    officer: bytes = key()
    since: datetime = moment()


class Proposal(Model, table=True):
    """What an officer asked for in chat and a device must confirm: `words` are codes, and so is the `subject`."""

    __tablename__ = "proposals"
    __table_args__ = (
        refers(["office", "officer"], "officers", ["office", "officer"]),
        one_of(
            "kind",
            *("invite", "fact", "intent", "vet", "assign", "offboard", "condition", "status"),
            *("step", "outcome", "lend", "offer", "cancel", "threat"),
        ),
        one_of("state", "open", "confirmed", "rejected"),
    )
    office: bytes = key()
    proposal: bytes = key()
    officer: bytes
    kind: str
    subject: str = ""
    words: str = ""
    state: str
    at: datetime = moment()
    expires_at: datetime = moment()


class Assignment(Model, table=True):
    """Which officer looks after a household or a contact, by alias; one at most."""

    __tablename__ = "assignments"
    __table_args__ = (refers(["office", "officer"], "officers", ["office", "officer"]),)
    office: bytes = key()
    alias: str = key()
    officer: bytes
    at: datetime = moment()


accounts = core(Account)
links = core(Link)
link_codes = core(LinkCode)
inbox = core(Taken)
armour_parts = core(ArmourPart)
proposals = core(Proposal)
pressed = core(Pressed)
off_duty = core(OffDuty)
assignments = core(Assignment)
