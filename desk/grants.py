"""Handing the epochs' private halves to the devices that read the office's mail, and taking them (PROTOCOL 2)."""

from crypto.content import Grant, GrantedEpoch, Kind
from crypto.encoding import b64u
from crypto.errors import Refused
from crypto.keys import PrekeyPair
from crypto.roster import Entry, Roster
from crypto.sealing import Recipient
from desk import chains, colleagues, outbox
from desk.errors import RelayError
from desk.lifetimes import MESSAGE_LIFE
from desk.office import Desk, reads_mail


def give(desk: Desk, fresh: dict[bytes, bytes] | None = None) -> int:
    """Seals to every reading device the epochs it was not sent yet; says how many devices that were.

    `fresh` maps device ids to signed prekeys that came with a device request: the relay, which learns of them only
    when the device joins, keeps the grant until then.
    Raises AlarmError when the relay shows a colleague's device with other keys than the roster's.
    """
    roster = desk.roster
    waiting = [entry for entry in roster.entries if _owed(desk, roster, entry)]
    if not waiting:
        desk.state.grants_due = False
        desk.save()
        return 0
    shown = dict(fresh or {}) | colleagues.prekeys(desk)
    given = 0
    for entry in waiting:
        wire = shown.get(entry.device.device)
        if wire and _give_one(desk, roster, entry, wire):
            given += 1
    desk.state.grants_due = any(_owed(desk, roster, entry) for entry in roster.entries)
    desk.save()
    return given


def _owed(desk: Desk, roster: Roster, entry: Entry) -> list[PrekeyPair]:
    if entry.device == desk.device or not reads_mail(entry) or not entry.stands(desk.now()):
        return []
    listed = {epoch.prekey for epoch in roster.epochs}
    sent = desk.state.granted.get(b64u(entry.device.device), [])
    pairs = [PrekeyPair.parse(data) for data in desk.state.epochs]
    return [pair for pair in pairs if pair.prekey.prekey in listed and b64u(pair.prekey.prekey) not in sent]


def _give_one(desk: Desk, roster: Roster, entry: Entry, wire: bytes) -> bool:
    device = entry.device.device
    name = b64u(device)
    prekey = colleagues.prekey(desk, entry, wire)
    if prekey is None:
        return False  # it gets its grant when it shows a fresh one
    pairs = _owed(desk, roster, entry)
    grant = Grant(tuple(GrantedEpoch(pair.prekey, pair.dh_sk, pair.kem_seed) for pair in pairs))
    # One thread per receiving device: its counter then shows that device a withheld grant.
    inner = chains.compose(desk, Kind.GRANT, desk.office, device, grant.encode())
    before = list(desk.state.granted.get(name, []))
    desk.state.granted[name] = before + [b64u(pair.prekey.prekey) for pair in pairs]
    outbox.queue(desk, inner, [Recipient(prekey)], desk.now() + MESSAGE_LIFE)
    try:
        outbox.flush(desk)
    except RelayError:  # it knows a newer prekey of that device by now: tried again with the next command
        desk.state.granted[name] = before
        return False
    return True


def take(desk: Desk, grant: Grant) -> int:
    """Keeps the granted epochs that the roster lists; how many were new. Raises Refused for halves that differ."""
    listed = {epoch.prekey: epoch for epoch in desk.roster.epochs}
    held = {PrekeyPair.parse(data).prekey.prekey for data in desk.state.epochs}
    new = 0
    for granted in grant.epochs:
        if granted.prekey.delete_at <= desk.now() or granted.prekey.prekey in held:
            continue
        if listed.get(granted.prekey.prekey) != granted.prekey:
            raise Refused("a granted epoch is not one of the roster's")
        pair = PrekeyPair(granted.prekey, granted.dh_sk, granted.kem_seed)
        desk.state.epochs.append(pair.encode())
        new += 1
    return new


def missing(desk: Desk) -> list[bytes]:
    """Epochs of the roster whose private half is not here: mail sealed to them cannot be read yet."""
    held = {PrekeyPair.parse(data).prekey.prekey for data in desk.state.epochs}
    return [epoch.prekey for epoch in desk.roster.epochs if epoch.prekey not in held]
