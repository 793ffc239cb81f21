"""Issuing rosters with the office root: the first, an officer more, a device less, a renewal with a new epoch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crypto.encoding import b64u
from crypto.keys import PrekeyPair
from crypto.officerinvitation import Carried, OfficerInvitation, check_invited
from crypto.prekey import HolderKind, Prekey
from crypto.record import ZERO_16, ZERO_32
from crypto.roster import ANY_ROLE, Entry, Pin, Removal, Role, Root, Roster, follow
from desk import contacts
from desk.devices import DeviceRequest, own_prekey
from desk.errors import DeskError, UsageError
from desk.following import sync, take
from desk.lifetimes import (
    ENTRY_LIFE,
    EPOCH_LIFE,
    EPOCH_RENEWAL,
    EPOCH_SEAL,
    OFFICER_INVITATION_LIFE,
    ROSTER_LIFE,
)
from desk.medium import RootFile
from desk.office import Desk

ALONE = Role.AUDITOR | Role.HOST
"""Roles that go with no other: whoever watches or runs the house reads none of its mail."""

_ROLES = {role.name.lower(): role for role in Role if role.name and role in ANY_ROLE}


@dataclass(frozen=True)
class Person:
    """How an officer is written into the roster."""

    role_code: str
    roles: Role
    until: int


def parse_roles(text: str) -> Role:
    """`coordinator,caseworker`. Raises UsageError; who may read no mail may not be given a role that does."""
    roles = Role(0)
    for name in text.replace(" ", "").split(","):
        try:
            roles |= _ROLES[name.lower()]
        except KeyError as unknown:
            raise UsageError(
                f"There is no role {name!r}.", f"The roles are {', '.join(_ROLES)}."
            ) from unknown
    return fitting(roles)


def fitting(roles: Role) -> Role:
    """The roles, if one officer may have them all. Raises UsageError."""
    if roles & ALONE and roles & ~ALONE:
        raise UsageError(
            "An auditor or a host administrator reads no mail and has no other role.",
            "Give one or the other.",
        )
    return roles


def found(desk: Desk, root: RootFile, person: Person, code: str) -> None:
    """Signs roster 1 with this device and the first epoch, and registers the office. May be run again."""
    if root.office != desk.office:
        raise UsageError(
            "This desk was begun for another office root.", "Plug in the medium it was begun with."
        )
    if not desk.state.roster:
        desk.check_clock()
        now = desk.now()
        epoch = _new_epoch(desk, 1)
        entry = Entry(desk.device.owner, person.role_code, person.roles, desk.device, now, person.until)
        roster = Roster(
            office=desk.office,
            first=Root.parse(root.first),
            successions=tuple(root.successions),
            version=1,
            prev=ZERO_32,
            issued=now,
            expires=now + ROSTER_LIFE,
            entries=(entry,),
            removals=(),
            epochs=(epoch,),
        )
        wire = root.sign(roster)
        pin, _ = follow(Pin.genesis(desk.office), wire)
        desk.state.pin, desk.state.roster = pin.encode(), wire
        desk.save()
    prekey = own_prekey(desk).prekey.sign(desk.keys.sign_seed)
    body = {"code": code, "roster": b64u(desk.state.roster), "prekeys": [b64u(prekey)]}
    desk.relay.post("/offices", body)
    desk.state.registered = True
    desk.save()


def invite(desk: Desk, person: Person) -> Carried:
    """An invitation for a new officer, signed by this desk. Raises UsageError for a role code that is taken."""
    desk.require(Role.COORDINATOR, "invite an officer")
    if any(entry.role_code == person.role_code for entry in desk.roster.entries):
        raise UsageError(f"{person.role_code} is an officer already.", "Choose another role code.")
    desk.check_clock()
    return Carried.issue(
        desk.device,
        desk.keys.sign_seed,
        role_code=person.role_code,
        roles=person.roles,
        not_after=person.until,
        expires=desk.now() + OFFICER_INVITATION_LIFE,
    )


def invited(desk: Desk, request: DeviceRequest) -> OfficerInvitation | None:
    """The invitation a request rests on, None without one.

    Raises Refused when it does not hold, UsageError when it was used already or gives roles that nobody may have.
    """
    if not request.invitation:
        return None
    found = check_invited(
        request.invitation, request.proof, request.record, roster=desk.roster, now=desk.now()
    )
    fitting(found.roles)
    if b64u(found.hash) in desk.state.invited:
        raise UsageError("This invitation was used already.", "Ask for another: `qasid-desk roster invite`.")
    return found


def use(desk: Desk, invitation: OfficerInvitation) -> None:
    """It counts no more at this desk."""
    used = {name: ends for name, ends in desk.state.invited.items() if ends > desk.now()}
    desk.state.invited = used | {b64u(invitation.hash): invitation.expires}
    desk.save()


def pocket(desk: Desk, request: DeviceRequest, ends: int | None) -> Person:
    """The officer whose phone asks, as one who only confirms with it; as long as their desks, unless `ends` is given.

    Raises UsageError for a desk's request or an officer without a desk, DeskError for a time in the past.
    """
    if request.prekey:
        raise UsageError(
            "This is the request of a desk, not of a phone that confirms.", "Leave --confirm-only out."
        )
    desks = [e for e in desk.roster.entries if e.officer == request.record.owner and not e.only_confirms]
    if not desks:
        raise UsageError(
            "The officer it names has no desk in the roster.", "Compare `qasid-desk device show` there."
        )
    last = until(desk, ends or max(entry.not_after for entry in desks))
    return Person(desks[0].role_code, Role.CONFIRMER, last)


def add(desk: Desk, root: RootFile, request: DeviceRequest, person: Person) -> Roster:
    """A roster with one device more. Raises UsageError where the roster would contradict itself."""
    roster = sync(desk)
    record = request.record
    if record.office != desk.office:
        raise UsageError("The request is for another office.", "Make it anew with this office's id.")
    if person.roles != Role.CONFIRMER and not request.prekey:
        raise UsageError(
            "This is the request of a phone that can only confirm.", "Add it with --confirm-only."
        )
    if roster.entry(record.device) or roster.removal(record.device):
        raise UsageError("That device is or was in the roster already.", "Make new keys with `device new`.")
    for entry in roster.entries:
        same_officer = entry.officer == record.owner
        if same_officer != (entry.role_code == person.role_code):
            raise UsageError(
                f"{entry.role_code} is {'this officer already' if same_officer else 'another officer'}.",
                "One officer has one role code, on every device.",
            )
        both_desks = Role.CONFIRMER not in (entry.roles, person.roles)
        if same_officer and both_desks and entry.roles != person.roles:
            raise UsageError("An officer has the same roles at every desk.", "Give the roles they have.")
    now = desk.now()
    entry = Entry(record.owner, person.role_code, person.roles, record, now, person.until)
    return _issue(desk, root, roster, entries=[*roster.entries, entry], removals=roster.removals)


def matching(roster: Roster, word: str) -> list[Entry]:
    """The entries of a role code, or of a device id's beginning. Raises UsageError for none, or for several ids."""
    by_code = [entry for entry in roster.entries if entry.role_code == word]
    by_device = [entry for entry in roster.entries if b64u(entry.device.device).startswith(word)]
    if by_code:
        return by_code
    if len(by_device) != 1:
        raise UsageError(
            f"{word!r} names {'no' if not by_device else 'more than one'} device.",
            "See `qasid-desk roster show`.",
        )
    return by_device


def remove(desk: Desk, root: RootFile, word: str, last_counter: int | None) -> tuple[Roster, list[Entry]]:
    """A roster without these devices, and a new epoch at once: what is sealed from now on they cannot read.

    `last_counter` is the last of the device's contact cards that is trusted (None: the last one verified here).
    """
    roster = sync(desk)
    contacts.refresh(desk)
    gone = matching(roster, word)
    if any(entry.device == desk.device for entry in gone):
        raise UsageError("This is the desk you are working at.", "Remove it from a colleague's desk.")
    removals = [*roster.removals]
    for entry in gone:
        counter, card = contacts.last_card(desk, entry.device.device, last_counter)
        removals.append(Removal(entry.device.device, desk.now(), counter, card))
    entries = [entry for entry in roster.entries if entry not in gone]
    return _issue(desk, root, roster, entries=entries, removals=removals, new_epoch=True), gone


def renew(desk: Desk, root: RootFile, *, new_epoch: bool = False, extend: str = "", ends: int = 0) -> Roster:
    """The same officers under a roster for another month; a new epoch weekly, or now if `new_epoch`.

    `extend` names devices (as in `matching`) whose time now lasts until `ends`.
    """
    roster = sync(desk)
    longer = matching(roster, extend) if extend else []
    entries = [replace(entry, not_after=ends) if entry in longer else entry for entry in roster.entries]
    return _issue(desk, root, roster, entries=entries, removals=roster.removals, new_epoch=new_epoch)


def _issue(
    desk: Desk,
    root: RootFile,
    last: Roster,
    *,
    entries: Iterable[Entry],
    removals: Iterable[Removal],
    new_epoch: bool = False,
) -> Roster:
    if root.office != desk.office:
        raise UsageError("The medium holds another office's root.", "Plug in this office's medium.")
    desk.check_clock()
    now = desk.now()
    epochs = [epoch for epoch in last.epochs if epoch.delete_at > now]
    newest = max((epoch.sequence for epoch in last.epochs), default=0)
    due = not epochs or epochs[-1].created + EPOCH_RENEWAL <= now
    if new_epoch or due:
        epochs.append(_new_epoch(desk, newest + 1))
    roster = Roster(
        office=desk.office,
        first=Root.parse(root.first),
        successions=tuple(root.successions),
        version=last.version + 1,
        prev=last.hash,
        issued=now,
        expires=now + ROSTER_LIFE,
        entries=tuple(sorted(entries, key=lambda entry: entry.device.device)),
        removals=tuple(sorted(removals, key=lambda removal: removal.device)),
        epochs=tuple(epochs),
    )
    wire = root.sign(roster)
    follow(desk.pin, wire)  # what our own clients would refuse is not sent out
    desk.save()  # the epoch's private half is on disk before anybody can seal to it
    desk.relay.post("/rosters", {"roster": b64u(wire)})
    take(desk, desk.pin, wire)
    desk.state.grants_due = True
    desk.save()
    return roster


def _new_epoch(desk: Desk, sequence: int) -> Prekey:
    now = desk.now()
    pair = PrekeyPair.generate(
        desk.office,
        HolderKind.EPOCH,
        ZERO_16,
        sequence=sequence,
        created=now,
        seal_until=now + EPOCH_SEAL,
        delete_at=now + EPOCH_LIFE,
    )
    desk.state.epochs.append(pair.encode())
    return pair.prekey


def until(desk: Desk, given: int | None) -> int:
    """When an entry ends. Raises DeskError for the past."""
    value = desk.now() + ENTRY_LIFE if given is None else given
    if value <= desk.now():
        raise DeskError("The end of the officer's time lies in the past.", "Give a later --until.")
    return value
