"""One desk at work: its unlocked home, its state, its keys and its relay."""

import httpx

from crypto.device import DeviceRecord
from crypto.encoding import b64u, new_id
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.roster import Entry, Pin, Role, Roster
from crypto.signature import parse_signed
from desk.client import Relay, Signer
from desk.clock import Clock
from desk.errors import DeskError
from desk.home import Home
from desk.state import State

READS_NO_MAIL = Role.AUDITOR | Role.HOST
#: A phone may have asked on a letter's last day; the desk needs the secret to confirm it.
LETTER_GRACE = 7 * 86400


class Desk:
    """What every command works with. `save` writes the whole state; nothing is changed on disk before it."""

    def __init__(self, home: Home, state: State, transport: httpx.BaseTransport | None = None) -> None:
        self.home = home
        self.state = state
        self.clock = Clock.for_relay(state.relay)
        self.keys = DeviceKeys.parse(state.device)
        signer = Signer(self.device.device, self.keys.sign_seed)
        self.relay = Relay(state.relay, self.clock, signer, transport)

    @classmethod
    def open(cls, home: Home, transport: httpx.BaseTransport | None = None) -> "Desk":
        return cls(home, home.load(), transport)

    def save(self) -> None:
        self.home.save(self.state)

    def close(self) -> None:
        self.relay.close()
        self.home.close()

    def now(self) -> int:
        return self.clock.now()

    @property
    def office(self) -> bytes:
        return self.state.office

    @property
    def device(self) -> DeviceRecord:
        return self.keys.record

    @property
    def pin(self) -> Pin:
        """The roster followed. Raises DeskError before the desk has joined."""
        self._joined()
        return Pin.parse(self.state.pin)

    @property
    def roster(self) -> Roster:
        """The newest roster followed; it was verified when it was taken. Raises DeskError before joining."""
        self._joined()
        return Roster.parse(parse_signed(self.state.roster)[0])

    @property
    def entry(self) -> Entry:
        """This desk's own entry. Raises DeskError when it stands in the roster no more."""
        entry = self.roster.entry(self.device.device)
        if entry is None or not entry.stands(self.now()):
            raise DeskError(
                "This device does not stand in the office's roster (removed, or its time is over).",
                "Ask the holder of the office root: `qasid-desk roster add` or `roster renew`.",
                "not_standing",
            )
        return entry

    def former(self) -> list[Entry]:
        """Entries of removed devices, from rosters followed earlier: their older cards still count."""
        return [Entry.parse(data) for data in self.state.former.values()]

    def require(self, role: Role, what: str) -> Entry:
        """This desk's entry, if it has the role. Raises DeskError otherwise."""
        entry = self.entry
        if not entry.roles & role:
            raise DeskError(
                f"{entry.role_code} may not {what}.", "Ask a colleague whose role allows it.", "role"
            )
        return entry

    def pairs(self) -> list[PrekeyPair]:
        """Every private prekey held: the office's epochs and this device's own."""
        return [PrekeyPair.parse(data) for data in [*self.state.epochs, *self.state.prekeys]]

    def forget_expired(self) -> None:
        """Destroys private halves past `delete_at` and letters nobody can use any more, on disk too."""
        now, state = self.now(), self.state
        before = (len(state.epochs), len(state.prekeys), len(state.letters))
        for held in (state.epochs, state.prekeys):
            held[:] = [data for data in held if PrekeyPair.parse(data).prekey.delete_at > now]
        kept = {name: letter for name, letter in state.letters.items() if letter.expires + LETTER_GRACE > now}
        state.letters = kept
        # Envelope ids that can come back no more; not worth a write of their own.
        state.seen = {name: until for name, until in state.seen.items() if until > now}
        if before != (len(state.epochs), len(state.prekeys), len(state.letters)):
            self.save()

    def _joined(self) -> None:
        if not self.state.pin:
            raise DeskError(
                "This desk follows no roster yet.",
                "Let the holder of the office root add the device (`roster add`), then run `qasid-desk join`.",
                "not_joined",
            )


def reads_mail(entry: Entry) -> bool:
    """Whether an entry's device is granted the epochs: never an auditor's or a host administrator's."""
    return not entry.roles & READS_NO_MAIL


def spoken_id() -> bytes:
    """A fresh id whose text can stand on a command line (does not begin with a dash)."""
    while True:
        value = new_id()
        if not b64u(value).startswith("-"):
            return value
