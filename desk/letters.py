"""Letters of introduction: made here, secret kept here until the card, slip and admit hash at the relay."""

from dataclasses import dataclass

from crypto.encoding import b64u
from crypto.errors import Refused
from crypto.letter import Letter, Secret, Slip, admit_hash
from crypto.roster import Role
from desk.answers import Answer
from desk.errors import DeskError, RelayError, UsageError
from desk.office import Desk
from desk.state import HeldLetter

MAY_INVITE = Role.COORDINATOR | Role.CASEWORKER


@dataclass(frozen=True)
class Invitation:
    """A letter just made. `text` and `words` hold the secret: whoever reads them first can be the contact."""

    invitation: bytes
    contact: bytes
    alias: str
    text: str
    words: list[str]
    link: str
    bot: str
    expires: int


def invite(desk: Desk, alias: str, life: int, contact: bytes = b"") -> Invitation:
    """Makes a letter and registers it; `alias` may be empty (the relay then chooses one).

    With the id of a known contact it is for that person's new phone.
    """
    secret = prepare(desk, alias, life, contact)
    desk.save()  # before the relay knows of it: a registered letter whose secret is lost could never be confirmed
    try:
        register(desk, secret)
    finally:
        desk.save()
    return opened(desk, secret, bot_name(desk))


def prepare(desk: Desk, alias: str, life: int, contact: bytes = b"") -> Secret:
    """A new letter in the desk's state, which the caller saves before it registers the letter."""
    desk.require(MAY_INVITE, "invite")
    pin = desk.pin
    secret = Secret.generate()
    while b64u(secret.invitation).startswith("-"):  # its id must be able to stand on a command line
        secret = Secret.generate()
    desk.state.letters[b64u(secret.invitation)] = HeldLetter(
        secret.value, contact or secret.contact, alias, pin.version, pin.hash, desk.now() + life
    )
    return secret


def register(desk: Desk, secret: Secret) -> None:
    """Tells the relay of a letter; again is harmless. A letter the relay refuses is forgotten; the caller saves."""
    name = b64u(secret.invitation)
    held = desk.state.letters[name]
    slip = Slip(desk.office, held.roster_version, held.roster_hash, held.contact)
    body = {
        "invitation": name,
        "admit_hash": b64u(admit_hash(secret.admit_token)),
        "slip": b64u(slip.encode()),
        "tag": b64u(secret.slip_tag(slip)),
        "expires": held.expires,
        "alias": held.alias,
    }
    try:
        held.alias = Answer(desk.relay.post("/invitations", body)).text("alias")
    except RelayError:
        del desk.state.letters[name]
        raise


def bot_name(desk: Desk) -> str:
    return str(Answer(desk.relay.get("/info")).plain().get("bot") or "")


def opened(desk: Desk, secret: Secret, bot: str) -> Invitation:
    """A letter this desk keeps, as it is handed over."""
    held = desk.state.letters[b64u(secret.invitation)]
    letter = Letter(secret, desk.office, held.roster_version, held.roster_hash)
    link = f"https://t.me/{bot}?start=i_{b64u(secret.invitation)}" if bot else ""
    return Invitation(
        secret.invitation,
        held.contact,
        held.alias,
        letter.text(),
        secret.words().split(),
        link,
        bot,
        held.expires,
    )


def listed(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/invitations")).many("invitations")


def resolve(desk: Desk, word: str) -> str:
    """The full invitation id of its beginning or of an alias. Raises UsageError."""
    rows = listed(desk)
    names = [
        row.text("invitation")
        for row in rows
        if row.text("invitation").startswith(word) or row.text("alias") == word
    ]
    if len(names) != 1:
        raise UsageError(
            f"{word!r} names {'no' if not names else 'more than one'} invitation.",
            "See `qasid-desk invitations`.",
        )
    return names[0]


def void(desk: Desk, word: str) -> str:
    """Ends an open letter and erases its secret here."""
    name = resolve(desk, word)
    desk.relay.post(f"/invitations/{name}/void")
    desk.state.letters.pop(name, None)
    desk.save()
    return name


def held_secret(desk: Desk, invitation: bytes) -> tuple[Secret, HeldLetter] | None:
    """The secret of a letter made at this desk, None for a colleague's. Raises DeskError for a damaged one."""
    held = desk.state.letters.get(b64u(invitation))
    if held is None:
        return None
    secret = Secret(held.secret)
    if secret.invitation != invitation:
        raise DeskError("A kept letter does not fit its name.", "Restore the desk's folder from its backup.")
    return secret, held


def check_slip_contact(held: HeldLetter, contact: bytes) -> None:
    """Raises Refused when the relay has put somebody else's contact id under the letter."""
    if held.contact != contact:
        raise Refused("the relay names another contact than the letter does")
