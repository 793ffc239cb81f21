"""Case files: what people told about themselves in the app, field by field; kept at the desk alone."""

from typing import Final

from crypto.casefile import CaseFile, Field
from crypto.content import Ask
from crypto.encoding import b64u
from crypto.statement import GROUP
from desk import contacts, messages, partners
from desk.errors import DeskError, UsageError
from desk.messages import Sent
from desk.office import READS_MAIL, Desk
from desk.state import HeldField

TEXT_VERSION: Final = 1
#: The groups of the app's form, and what is in them.
GROUPS: Final = {
    "family": "who travels with them",
    "identity": "names and papers",
    "needs": "health, and help on the way",
    "risk": "why they are in danger",
    "papers": "a travel paper, line by line; the app asks for it only when it is to be passed on",
}


def take(desk: Desk, contact: bytes, told: CaseFile, at: int) -> None:
    """What a contact's message tells, signed at `at`."""
    for each in told.fields:
        keep(desk, contact, each, at)


def keep(desk: Desk, contact: bytes, field: Field, at: int) -> None:
    """What was signed later stays, whatever comes late."""
    held = desk.state.files.setdefault(b64u(contact), {})
    before = held.get(field.code)
    if before is None or before.at <= at:
        held[field.code] = HeldField(field.text, at)


def told(payload: CaseFile) -> str:
    """How it stands among the messages: which fields, not what is in them."""
    given = [each.code for each in payload.fields if each.text]
    taken = [each.code for each in payload.fields if not each.text]
    parts = [("told", given), ("took back", taken)]
    said = "; ".join(f"{word} {', '.join(codes)}" for word, codes in parts if codes)
    return f"case file: {said or 'nothing'}"


def of(desk: Desk, alias: str) -> dict[str, HeldField]:
    """The file of a contact as this desk knows it, without what was taken back. Raises DeskError."""
    desk.require(READS_MAIL, "read case files")
    view = contacts.find(contacts.remembered(desk), alias)
    held = desk.state.files.get(b64u(view.contact), {})
    return {code: each for code, each in sorted(held.items()) if each.text}


def groups(given: str) -> list[str]:
    """Comma-separated groups, in order and once each. Raises UsageError."""
    named = sorted({part.strip().lower() for part in given.split(",") if part.strip()})
    if not named or not all(GROUP.fullmatch(name) for name in named):
        raise UsageError("No group of fields is named.", f"Give some of {', '.join(GROUPS)}.")
    unknown = [name for name in named if name not in GROUPS]
    if unknown:
        raise UsageError(f"There is no group {unknown[0]!r}.", f"Give some of {', '.join(GROUPS)}.")
    return named


def ask(desk: Desk, alias: str, office: str, named: list[str], called: str) -> Sent:
    """Asks a contact whether these groups may be passed on; `called` is what they read as the other office's name.

    Raises UsageError, DeskError.
    """
    to = partners.named(desk, office)
    name = called.strip() or to.name
    if len(name.encode()) > 96:
        raise UsageError("The office's name is too long.", "Give at most 96 bytes.")
    return messages.ask(desk, alias, Ask(to.office, name, tuple(named), TEXT_VERSION))


def forget(desk: Desk, contact: str) -> None:
    desk.state.files.pop(contact, None)


def nothing(alias: str, named: list[str]) -> DeskError:
    return DeskError(
        f"{alias} has told nothing of {', '.join(named)}.",
        "Nothing was sent. They tell it in the app, under “About you”.",
        "not_told",
    )
