"""A restored desk takes its new device into the roster, and its old one out, when it has the root itself."""

from crypto.encoding import b64u
from crypto.keys import DeviceKeys
from desk import devices, rostering
from desk.client import Relay, Signer
from desk.errors import DeskError
from desk.following import sync
from desk.medium import RootFile
from desk.office import Desk
from desk.rostering import Person


def readmit(desk: Desk, root: RootFile) -> str:
    """Two rosters: one with the new device, one without the old and with a new epoch; the removed device's id.

    The first is handed over under the old device's signature, for which the relay keeps no counter: a desk that was
    the office's only one could not be taken in otherwise. Raises DeskError where the old device stands no more.
    """
    old = DeviceKeys.parse(desk.state.predecessor)
    roster = sync(desk)
    entry = roster.entry(old.record.device)
    if entry is None or not entry.stands(desk.now()):
        raise DeskError(
            "The device that was backed up stands in the roster no more.",
            "The new one is made: let a colleague run `roster add` with the request of `qasid-desk device show`.",
            "not_standing",
        )
    person = Person(entry.role_code, entry.roles, entry.not_after)
    mine, desk.relay = (
        desk.relay,
        Relay(desk.state.relay, desk.clock, Signer(old.record.device, old.sign_seed)),
    )
    try:
        rostering.add(desk, root, devices.request_of(desk), person)
    finally:
        desk.relay.close()
        desk.relay = mine
    desk.state.registered, desk.state.predecessor = True, b""
    desk.save()
    devices.post_prekey(desk, devices.own_prekey(desk))
    rostering.remove(desk, root, b64u(old.record.device), None)
    return b64u(old.record.device)
