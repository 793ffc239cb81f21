"""Officer devices: making keys, asking to be added, joining, keeping prekeys fresh."""

from dataclasses import dataclass

from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, digest, unb64u
from crypto.errors import Malformed
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.officerinvitation import Carried
from crypto.prekey import HolderKind, Prekey
from crypto.record import rec, unrec
from crypto.roster import Pin
from desk.answers import Answer
from desk.errors import AlarmError, DeskError, UsageError
from desk.following import STOP, sync, take
from desk.lifetimes import DAY, PREKEY_LIFE, PREKEY_RENEWAL, PREKEY_SEAL
from desk.office import Desk, spoken_id
from desk.state import State

REQUEST = "QASID-DEVICE1."


@dataclass(frozen=True)
class DeviceRequest:
    """What a new officer device hands to the holder of the root: its record and a first signed prekey.

    A phone that only confirms (the officers' page) has no prekey: it is sealed nothing. Where it was invited, also the
    signed invitation, and the proof that its maker holds it.
    """

    record: DeviceRecord
    prekey: bytes = b""
    invitation: bytes = b""
    proof: bytes = b""

    def text(self) -> str:
        invited = (self.invitation, self.proof) if self.invitation else ()
        prekey = (self.prekey,) if self.prekey else ()
        body = rec(self.record.encode(), *prekey, *invited)
        return REQUEST + b64u(body + digest("device request check", body)[:4])

    @classmethod
    def from_text(cls, text: str) -> "DeviceRequest":
        """Raises Malformed for anything but a whole request, Refused when its prekey is not its own."""
        text = "".join(text.split())
        if not text.startswith(REQUEST):
            raise Malformed(f"this is no device request: it begins with {REQUEST}")
        data = unb64u(text.removeprefix(REQUEST))
        if digest("device request check", data[:-4])[:4] != data[-4:]:
            raise Malformed("the device request is damaged or incomplete")
        record, *others = unrec(data[:-4])
        if len(others) not in (0, 1, 3):
            raise Malformed("the device request is of a newer kind than this program knows")
        request = cls(DeviceRecord.parse(record), *others)
        if others:
            Prekey.from_holder(request.prekey, request.record)
        return request


def new_state(relay: str, office: bytes, officer: bytes, now: int) -> State:
    """A state with fresh device keys and one prekey, in no roster yet."""
    keys = DeviceKeys.generate(office, OwnerKind.OFFICER, officer, spoken_id())
    state = State(relay=relay, office=office, device=keys.encode())
    state.prekeys.append(_new_prekey(keys, 1, now).encode())
    return state


def request_of(desk: Desk) -> DeviceRequest:
    """With the invitation this desk was begun with, until it has joined."""
    prekey = own_prekey(desk).prekey.sign(desk.keys.sign_seed)
    if not desk.state.invitation:
        return DeviceRequest(desk.device, prekey)
    carried = Carried.from_text(desk.state.invitation)
    return DeviceRequest(desk.device, prekey, carried.wire, carried.prove(desk.device))


def newest_prekey(desk: Desk) -> PrekeyPair | None:
    pairs = (PrekeyPair.parse(data) for data in desk.state.prekeys)
    return max(pairs, key=lambda pair: pair.prekey.sequence, default=None)


def own_prekey(desk: Desk) -> PrekeyPair:
    """The newest prekey; a new one, on disk already, when all have run out."""
    return newest_prekey(desk) or _add_prekey(desk)


def renew_prekeys(desk: Desk) -> bool:
    """Makes and posts a new prekey when the newest is a week old; says whether it did. Saves before posting.

    Makes none while this machine's clock and the relay's disagree: nobody would seal to it.
    """
    # One from the future was made under a wrong clock, and nobody seals to it for as long.
    held = [PrekeyPair.parse(data).prekey for data in desk.state.prekeys]
    good = [prekey.created for prekey in held if prekey.created <= desk.now() + DAY]
    if good and max(good) + PREKEY_RENEWAL > desk.now():
        return False
    if desk.agreed_time() is None:
        return False
    post_prekey(desk, _add_prekey(desk))
    return True


def _add_prekey(desk: Desk) -> PrekeyPair:
    newest = newest_prekey(desk)
    # All are gone, and their numbers with them: the time is higher than any.
    sequence = newest.prekey.sequence if newest else desk.now()
    pair = _new_prekey(desk.keys, sequence + 1, desk.now())
    desk.state.prekeys.append(pair.encode())
    desk.save()
    return pair


def post_prekey(desk: Desk, pair: PrekeyPair) -> None:
    desk.relay.post("/prekeys", {"prekeys": [b64u(pair.prekey.sign(desk.keys.sign_seed))]})


def join(desk: Desk, start: Pin) -> None:
    """Pins the roster that was compared by another channel, follows to the head and registers the prekey.

    Raises AlarmError when the relay shows another roster, DeskError when this device does not stand in it.
    """
    if start.office != desk.office:
        raise UsageError(
            "That is another office's roster.", "Check the office id with the holder of the root."
        )
    path = f"/offices/{b64u(desk.office)}/rosters"
    wires = Answer(desk.relay.get(path, **{"from": start.version})).many_octets("rosters")
    if not wires:
        raise AlarmError(f"The relay does not show roster {start.version}.", STOP, "roster_gap")
    take(desk, start, wires[0])
    sync(desk)
    entry = desk.entry
    if entry.device != desk.device:
        raise AlarmError("The roster holds other keys under this device's name.", STOP, "device_swapped")
    desk.state.registered, desk.state.predecessor, desk.state.invitation = True, b"", ""
    desk.save()
    post_prekey(desk, own_prekey(desk))


def parse_roster_word(office: bytes, word: str) -> Pin:
    """`VERSION:HASH` as `roster add` prints it. Raises UsageError."""
    version, _, value = word.partition(":")
    try:
        return Pin(office, int(version), unb64u(value, 32))
    except ValueError as wrong:
        raise UsageError(
            f"{word!r} does not name a roster.",
            "Give VERSION:HASH just as `qasid-desk roster add` printed it.",
        ) from wrong


def link(desk: Desk) -> Answer:
    """A one-time link that binds the officer's Telegram account."""
    if not desk.state.registered:
        raise DeskError(
            "This device is not registered yet.", "Run `qasid-desk init` or `qasid-desk join` first."
        )
    return Answer(desk.relay.post("/telegram-links"))


def _new_prekey(keys: DeviceKeys, sequence: int, now: int) -> PrekeyPair:
    return PrekeyPair.generate(
        keys.record.office,
        HolderKind.DEVICE,
        keys.record.device,
        sequence=sequence,
        created=now,
        seal_until=now + PREKEY_SEAL,
        delete_at=now + PREKEY_LIFE,
    )
