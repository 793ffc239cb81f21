"""One desk at work: its unlocked home, its state, its keys and its relay."""

from functools import lru_cache

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
from desk.lifetimes import DAY
from desk.state import HeldLetter, State

READS_MAIL = Role.COORDINATOR | Role.CASEWORKER
"""Who is granted the epochs, and whom the relay serves the mail sealed to them."""
#: A phone may have asked on a letter's last day; the desk needs the secret to confirm it.
LETTER_GRACE = 7 * DAY


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
        return _roster(self.state.roster)

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

    def check_current(self) -> None:
        """Raises DeskError under an expired roster: phones believe nothing that sends them anywhere under it."""
        if not self.roster.current(self.now()):
            raise DeskError(
                "The office's roster has expired: phones would go on showing the notice as not confirmed.",
                "Nothing was sent. Let the holder of the office root run `qasid-desk roster renew`, then try again.",
                "roster_expired",
            )

    def agreed_time(self) -> int | None:
        """The earlier of this machine's time and the relay's, which is asked; None when they are over a day apart.

        What cannot be had back is destroyed, and keys that others judge by their time are made, by this time alone:
        either clock may be wrong. Raises UnreachableError.
        """
        here, there = self.now(), self.relay.learn_time()
        return min(here, there) if there is not None and abs(here - there) <= DAY else None

    def check_clock(self) -> None:
        """Raises DeskError when this machine's time may not be signed, UnreachableError."""
        if self.agreed_time() is None:
            raise DeskError(
                "This machine's clock and the relay's do not agree to a day.",
                "Nothing was signed or sent: set the clock right, and try again.",
                "clock",
            )

    def forget_expired(self) -> None:
        """Destroys private halves past `delete_at` and letters nobody can use any more, on disk too.

        Keeps them all while the clocks disagree. Raises UnreachableError.
        """
        if not self._lapsed(self.now()):
            return
        now, state = self.agreed_time(), self.state
        if now is None or not self._lapsed(now):
            return
        for held in (state.epochs, state.prekeys):
            held[:] = [data for data in held if PrekeyPair.parse(data).prekey.delete_at > now]
        state.letters = {name: letter for name, letter in state.letters.items() if _usable(letter, now)}
        # Envelope ids that can come back no more; not worth a write of their own.
        state.seen = {name: until for name, until in state.seen.items() if until > now}
        self.save()

    def _lapsed(self, now: int) -> bool:
        return any(pair.prekey.delete_at <= now for pair in self.pairs()) or not all(
            _usable(letter, now) for letter in self.state.letters.values()
        )

    def _joined(self) -> None:
        if not self.state.pin:
            raise DeskError(
                "This desk follows no roster yet.",
                "Let the holder of the office root add the device (`roster add`), then run `qasid-desk join`.",
                "not_joined",
            )


def _usable(letter: HeldLetter, now: int) -> bool:
    return letter.expires + LETTER_GRACE > now


def reads_mail(entry: Entry) -> bool:
    """Whether an entry's device is granted the epochs: an epoch opens the whole office's mail.

    Not a liaison's, who sees one partner's view, an auditor's or a host administrator's.
    """
    return bool(entry.roles & READS_MAIL)


def spoken_id() -> bytes:
    """A fresh id whose text can stand on a command line (does not begin with a dash)."""
    while True:
        value = new_id()
        if not b64u(value).startswith("-"):
            return value


@lru_cache(maxsize=2)
def _roster(signed: bytes) -> Roster:
    """Read once: each command asks for it again and again."""
    return Roster.parse(parse_signed(signed)[0])
