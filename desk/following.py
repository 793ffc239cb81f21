"""Following the office's roster: one by one, from the pin, with no way to click through (PROTOCOL section 2)."""

from crypto.encoding import b64u
from crypto.errors import CryptoError
from crypto.roster import Pin, Roster, follow
from desk.answers import Answer
from desk.errors import AlarmError
from desk.office import Desk

STOP = "Stop. Nothing was changed. Call the holder of the office root and compare `qasid-desk roster show`."


def sync(desk: Desk) -> Roster:
    """Follows to the relay's head and saves. Raises AlarmError for a rollback, a gap, a fork or a foreign root."""
    pin, steps = desk.pin, 0
    while True:
        answer = Answer(desk.relay.get(f"/offices/{b64u(desk.office)}/rosters", **{"from": pin.version}))
        head, wires = answer.integer("head"), answer.many_octets("rosters")
        if head < pin.version or not wires:
            raise AlarmError(
                f"The relay shows roster {head}, but this desk has followed roster {pin.version}.",
                STOP,
                "rollback",
            )
        before = pin
        for wire in wires:
            pin = take(desk, pin, wire)
            steps += 1
        if pin.version >= head:
            break
        if pin == before:
            raise AlarmError(f"The relay announces roster {head} and does not show it.", STOP, "roster_gap")
    if steps > 1:
        desk.save()
    return desk.roster


def take(desk: Desk, pin: Pin, wire: bytes) -> Pin:
    """One step from `pin`; the desk's state follows. Raises AlarmError when the roster does not follow."""
    try:
        newer, roster = follow(pin, wire)
    except CryptoError as refused:
        raise AlarmError(
            f"The roster the relay shows is refused: {refused}.", STOP, "roster_refused"
        ) from refused
    if desk.state.roster:
        for entry in desk.roster.entries:
            if roster.entry(entry.device.device) is None:
                desk.state.former[b64u(entry.device.device)] = entry.encode()
    desk.state.pin, desk.state.roster = newer.encode(), wire
    return newer


def check_head(desk: Desk, head: Answer) -> None:
    """Compares the head an answer encloses with the roster followed; follows on when it is newer.

    Raises AlarmError when it is older, or the same version with another hash.
    """
    version, value, pin = head.integer("version"), head.octets("hash", 32), desk.pin
    if version > pin.version:
        sync(desk)
        pin = desk.pin
    if version < pin.version:
        raise AlarmError(
            f"The relay answers under roster {version}; this desk follows {pin.version}.", STOP, "rollback"
        )
    if (version, value) != (pin.version, pin.hash):
        raise AlarmError(f"The relay shows another roster {version} than the one followed.", STOP, "fork")
