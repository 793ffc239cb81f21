"""Devices that showed a letter and wait for the desk."""

from collections.abc import Sequence

from relay.unit import Tx
from relay.wipe import WAITING, forget
from store import consents, devices, people
from store.sql import Found


def waiting(tx: Tx, invitation: bytes) -> list[Found]:
    """The enrolments under a letter that nobody decided on."""
    return [row for row in people.enrolments_under(tx, invitation) if row.state in WAITING]


def move(tx: Tx, invitation: bytes, device: bytes, state: str) -> None:
    """Move enrolment and device together."""
    people.set_enrolment(tx, invitation, device, state)
    devices.set_state(tx, device, state)


def refuse(tx: Tx, letter: Found, turned: Sequence[Found]) -> None:
    """Turn these away: what they said and what waits for them goes. One that is left alone is frozen no more."""
    gone = [row.device for row in turned]
    for device in gone:
        move(tx, letter.invitation, device, "refused")
    forget(tx, letter.office, gone)
    consents.forget_devices(tx, gone)
    left = waiting(tx, letter.invitation)
    if len(left) == 1:
        move(tx, letter.invitation, left[0].device, "pending")
    person = people.contact(tx, letter.office, letter.contact)
    if person is not None and person.state in ("pending", "frozen"):
        state = {0: "invited", 1: "pending"}.get(len(left), "frozen")
        people.set_contact(tx, letter.office, letter.contact, state=state)


def void(tx: Tx, letter: Found) -> None:
    """Make an open letter worthless; who showed it and waits is turned away."""
    people.close_invitation(tx, letter.invitation, "void")
    refuse(tx, letter, waiting(tx, letter.invitation))
