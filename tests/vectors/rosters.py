"""Vectors of section 2: device records, prekeys, rosters and following them."""

from dataclasses import replace

from crypto.record import rec, unrec
from crypto.roster import Pin, Removal, Role, Roster
from crypto.signature import sign

from .topic import Topic
from .world import (
    AUDITOR,
    CASEWORKER,
    COORDINATOR,
    DAY,
    ENTRIES,
    EPOCHS,
    GONE,
    HOUR,
    NEXT,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    PHONE_PREKEY,
    PIN,
    POCKET,
    ROOTS,
    ROSTER,
    SECOND,
    STRANGER,
    STRAY,
    SUCCEEDED,
    SUCCESSION,
    WIRE,
    WITH_POCKET,
    edit,
    entry,
    flip,
    seeded,
)


def make() -> Topic:
    topic = Topic("rosters")
    removal = Removal(GONE.record.device, NOW, 3, seeded("a card"))
    signed_prekey = PHONE_PREKEY.prekey.sign(PHONE.sign_seed)
    topic.forms("root", ROOTS[0].root.encode())
    topic.forms("succession", SUCCESSION, signed=True)
    topic.forms("device", PHONE.record.encode())
    topic.forms("signed prekey", signed_prekey, signed=True)
    topic.forms("entry", ENTRIES[COORDINATOR.record.device].encode())
    topic.forms("removal", removal.encode())
    small = replace(ROSTER, entries=ROSTER.entries[:1], epochs=())
    topic.forms("signed roster", small.sign(ROOTS[0].seed), signed=True)
    _records(topic)
    _roster_rules(topic, removal)
    _prekeys(topic, signed_prekey)
    _standing(topic)
    _follow(topic)
    _succession(topic)
    return topic


def _malformed(
    topic: Topic, kind: str, whole: bytes, changes: dict[str, tuple[tuple[int, ...], bytes]]
) -> None:
    for name, (path, value) in changes.items():
        topic.add(f"{kind}: {name}", "parse", "malformed", type=kind, bytes=edit(whole, path, value))


def _records(topic: Topic) -> None:
    u64 = lambda n: n.to_bytes(8, "big")  # noqa: E731  (a name for eight bytes)
    _malformed(
        topic,
        "device",
        PHONE.record.encode(),
        {"owner kind 0": ((1,), b"\0"), "owner kind 3": ((1,), b"\3"), "short key": ((4,), bytes(31))},
    )
    prekey = EPOCHS[0].prekey
    created = prekey.created
    _malformed(
        topic,
        "prekey",
        prekey.encode(),
        {
            "holder kind 3": ((1,), b"\3"),
            "an epoch with a holder": ((2,), seeded("holder", 16)),
            "sealed until it was created": ((6,), u64(created)),
            "deleted while sealed to": ((7,), u64(prekey.seal_until - 1)),
            "kept 90 days and a second": ((7,), u64(created + 90 * DAY + 1)),
            "sequence of 2^53": ((4,), u64(2**53)),
            "a time after the year 9999": ((7,), u64(253_402_300_800)),
            "KEM key one byte short": ((9,), prekey.kem_pk[:-1]),
        },
    )
    topic.add(
        "prekey: kept exactly 90 days",
        "parse",
        type="prekey",
        bytes=edit(prekey.encode(), (7,), u64(created + 90 * DAY)),
    )
    entry = ENTRIES[COORDINATOR.record.device].encode()
    _malformed(
        topic,
        "entry",
        entry,
        {
            "no role": ((2,), b"\0"),
            "an unknown role": ((2,), b"\x40"),
            "a role beside confirming": ((2,), b"\x21"),
            "a role code in small letters": ((1,), b"c-01"),
            "a role code that begins with a dash": ((1,), b"-01"),
            "a role code of 17": ((1,), b"C" * 17),
            "no role code": ((1,), b""),
            "a role code with a line break": ((1,), b"C-01\n"),
            "a role code that is not UTF-8": ((1,), b"C\xff"),
            "a device of another officer": ((0,), seeded("somebody", 16)),
            "a contact's device": ((3, 1), b"\1"),
        },
    )


def _roster_rules(topic: Topic, removal: Removal) -> None:
    def bad(name: str, path: tuple[int, ...], value: bytes, whole: bytes = ROSTER.encode()) -> None:
        topic.add(f"roster: {name}", "parse", "malformed", type="roster", bytes=edit(whole, path, value))

    entries = [entry.encode() for entry in ROSTER.entries]
    tablet = next(i for i, entry in enumerate(ROSTER.entries) if entry.role_code == "C-01")
    other = next(i for i, entry in enumerate(ROSTER.entries) if entry.role_code == "A-04")
    epochs = [epoch.prekey.encode() for epoch in EPOCHS]
    topic.add("roster: whole", "parse", type="roster", bytes=ROSTER.encode())
    topic.add("roster: no entries", "parse", type="roster", bytes=replace(ROSTER, entries=()).encode())
    topic.add(
        "roster: a removal", "parse", type="roster", bytes=replace(ROSTER, removals=(removal,)).encode()
    )
    pockets = WITH_POCKET.encode()
    pocket = next(i for i, entry in enumerate(WITH_POCKET.entries) if entry.only_confirms)
    second = next(i for i, entry in enumerate(WITH_POCKET.entries) if entry.roles == 3)
    topic.add("roster: a phone that only confirms", "parse", type="roster", bytes=pockets)
    alone = edit(pockets, (7,), rec(unrec(unrec(pockets)[7])[pocket]))
    topic.add("roster: an officer who has nothing else", "parse", type="roster", bytes=alone)
    bad("a phone that only confirms, under another role code", (7, pocket, 1), b"C-07", pockets)
    bad("another officer's role code on it", (7, pocket, 1), b"C-01", pockets)
    bad("a phone that confirms and coordinates", (7, pocket, 2), b"\x21", pockets)
    bad("two desks with different roles beside it", (7, second, 2), b"\4", _two_desks())
    bad("version 0", (3,), bytes(8))
    bad("version 1 with a predecessor", (4,), seeded("prev"))
    bad("version 2 without a predecessor", (3,), (2).to_bytes(8, "big"))
    bad("expires when issued", (6,), (ROSTER.issued).to_bytes(8, "big"))
    bad("31 days", (6,), (ROSTER.issued + 31 * DAY).to_bytes(8, "big"))
    bad("entries out of order", (7,), rec(*reversed(entries)))
    bad("an entry twice", (7,), rec(entries[0], *entries))
    bad("one officer, two role codes", (7, tablet, 1), b"C-07")
    bad("one officer, different roles", (7, tablet, 2), b"\2")
    bad("two officers, one role code", (7, other, 1), b"C-02")
    bad("a device of another office", (7, 0, 3, 0), OTHER_OFFICE)
    bad("a removed device is an entry", (8,), rec(edit(removal.encode(), (0,), AUDITOR.record.device)))
    bad("a removal twice", (8,), rec(removal.encode(), removal.encode()))
    bad("epochs out of order", (9,), rec(*reversed(epochs)))
    bad("two epochs of one sequence", (9,), rec(epochs[0], edit(epochs[1], (4,), (1).to_bytes(8, "big"))))
    bad("an epoch id twice", (9,), rec(epochs[0], edit(epochs[1], (3,), EPOCHS[0].prekey.prekey)))
    bad("an epoch of another office", (9, 0, 0), OTHER_OFFICE)
    bad("a device's prekey as epoch", (9, 0), PHONE_PREKEY.prekey.encode())
    bad("a succession that is none", (2,), rec(b"not a succession"))
    many = rec(*[epochs[0]] * 220)
    topic.add(
        "signed roster: above 256 KiB",
        "parse",
        "malformed",
        type="signed roster",
        bytes=rec(edit(ROSTER.encode(), (9,), many), bytes(64)),
    )


def _two_desks() -> bytes:
    """The second coordinator with a desk more beside the phone that only confirms."""
    desk = entry(GONE, "C-02", Role.COORDINATOR | Role.CASEWORKER)
    record = replace(desk.device, owner=SECOND.record.owner)
    entries = (*WITH_POCKET.entries, replace(desk, officer=record.owner, device=record))
    return replace(WITH_POCKET, entries=tuple(sorted(entries, key=lambda each: each.device.device))).encode()


def _prekeys(topic: Topic, wire: bytes) -> None:
    prekey, device = PHONE_PREKEY.prekey, PHONE.record

    def usable(name: str, fails: str | None = None, **changed) -> None:
        given = {"wire": wire, "device": device.encode(), "now": NOW, "seen": 1} | changed
        topic.add(f"prekey: {name}", "usable", fails, **given)

    usable("in its time")
    usable("an hour early", now=prekey.created - HOUR)
    usable("more than an hour early", "refused", now=prekey.created - HOUR - 1)
    usable("in its last second", now=prekey.seal_until - 1)
    usable("at seal_until", "refused", now=prekey.seal_until)
    usable("older than one seen", "refused", seen=2)
    usable("another signer", "refused", wire=prekey.sign(STRANGER.sign_seed))
    usable("changed after signing", "refused", wire=edit(wire, (0, 4), (9).to_bytes(8, "big")))
    usable(
        "signed for another purpose",
        "refused",
        wire=rec(prekey.encode(), sign("roster", prekey.encode(), PHONE.sign_seed)),
    )
    usable(
        "another holder", "refused", wire=replace(prekey, holder=STRANGER.record.device).sign(PHONE.sign_seed)
    )
    usable("another office", "refused", wire=replace(prekey, office=OTHER_OFFICE).sign(PHONE.sign_seed))
    usable("an epoch signed by a device", "refused", wire=EPOCHS[0].prekey.sign(PHONE.sign_seed))

    def epoch(name: str, now: int, fails: str | None = None, roster: Roster = ROSTER) -> None:
        topic.add(f"epoch: {name}", "epoch", fails, roster=roster.encode(), now=now)

    epoch("the newest that is begun", NOW)
    epoch("the second once it is begun", NOW + 7 * DAY)
    epoch(
        "none any more",
        EPOCHS[1].prekey.seal_until,
        "refused",
        replace(ROSTER, expires=ROSTER.issued + 30 * DAY),
    )
    epoch("the roster has expired", ROSTER.expires, "refused")
    epoch("a roster without epochs", NOW, "refused", replace(ROSTER, epochs=()))


def _standing(topic: Topic) -> None:
    def stands(name: str, fails: str | None = None, **changed) -> None:
        given = {
            "roster": ROSTER.encode(),
            "device": CASEWORKER.record.device,
            "at": NOW,
            "roles": 31,
        } | changed
        topic.add(f"standing: {name}", "standing", fails, **given)

    entry = ENTRIES[CASEWORKER.record.device]
    stands("a caseworker")
    stands("from not_before on", at=entry.not_before)
    stands("before not_before", "refused", at=entry.not_before - 1)
    stands("until not_after", at=entry.not_after - 1)
    stands("at not_after", "refused", at=entry.not_after)
    stands("in one of two roles", roles=3)
    stands("in another role", "refused", roles=1)
    mine = {"roster": WITH_POCKET.encode(), "device": POCKET.record.device}
    stands("a phone that only confirms, in any role", "refused", **mine)
    stands("it as its officer", "refused", roles=3, **mine)
    stands("its officer's desk", **mine | {"device": SECOND.record.device})
    stands("a stranger", "refused", device=STRANGER.record.device)


def _pin(pin: Pin) -> dict[str, object]:
    return {"office": pin.office, "version": pin.version, "hash": pin.hash, "root": pin.root}


def _follow(topic: Topic) -> None:
    def follow(name: str, fails: str | None = None, pin: Pin = PIN, roster: bytes = WIRE) -> None:
        topic.add(f"follow: {name}", "follow", fails, pin=_pin(pin), roster=roster)

    root = ROOTS[0].seed
    genesis, unrooted = Pin.genesis(OFFICE), replace(PIN, root=b"")
    third = replace(NEXT, version=3, prev=NEXT.hash)
    fork = replace(ROSTER, issued=ROSTER.issued + 1)
    follow("the first roster", pin=genesis)
    follow("the pinned roster again")
    follow("the one a letter pins", pin=unrooted)
    follow("the next", roster=NEXT.sign(root))
    follow("the next after a letter", "refused", pin=unrooted, roster=NEXT.sign(root))
    follow("rolled back", "refused", pin=replace(PIN, version=2, hash=NEXT.hash))
    follow("a gap", "refused", roster=third.sign(root))
    follow("the second as the first", "refused", pin=genesis, roster=NEXT.sign(root))
    follow("version 0 with a hash", "refused", pin=replace(genesis, hash=seeded("hash")))
    follow("a fork of the pinned version", "refused", roster=fork.sign(root))
    follow("a fork of the next", "refused", roster=replace(NEXT, prev=fork.hash).sign(root))
    follow("another office pinned", "refused", pin=Pin.genesis(OTHER_OFFICE))
    follow("signed by a stray root", "refused", roster=ROSTER.sign(STRAY.seed))
    follow("signed by a coordinator", "refused", roster=ROSTER.sign(COORDINATOR.sign_seed))
    follow(
        "one bit changed after signing",
        "refused",
        roster=edit(WIRE, (0, 5), flip(unrec(ROSTER.encode())[5], -1)),
    )
    follow("signature changed", "refused", roster=flip(WIRE, -1))
    stray = replace(ROSTER, first=STRAY.root)
    follow("a changed root under the same office id", "refused", pin=genesis, roster=stray.sign(STRAY.seed))
    follow("an expired roster still names devices", pin=PIN, roster=WIRE)
    follow("no version at all", "malformed", roster=edit(WIRE, (0, 3), b""))
    follow("trailing byte", "malformed", roster=WIRE + b"\0")


def _succession(topic: Topic) -> None:
    def follow(
        name: str, fails: str | None = None, *, pin: Pin = PIN, successions=(SUCCESSION,), seed: bytes
    ) -> None:
        wire = replace(NEXT, successions=tuple(successions)).sign(seed)
        topic.add(f"succession: {name}", "follow", fails, pin=_pin(pin), roster=wire)

    first, second, third = ROOTS
    follow("the committed successor", seed=second.seed)
    follow("still signed by the root replaced", "refused", seed=first.seed)
    second_step = third.succession(OFFICE, second.root.root_pk)
    follow("two at once", successions=[SUCCESSION, second_step], seed=third.seed)
    follow("one left out", "refused", successions=[second_step], seed=third.seed)
    follow("in the wrong order", "refused", successions=[second_step, SUCCESSION], seed=second.seed)
    follow("the same twice", "refused", successions=[SUCCESSION, SUCCESSION], seed=second.seed)
    uncommitted = STRAY.succession(OFFICE, first.root.root_pk)
    follow("a root nobody committed to", "refused", successions=[uncommitted], seed=STRAY.seed)
    unsigned = rec(unrec(SUCCESSION)[0], unrec(second.succession(OTHER_OFFICE, first.root.root_pk))[1])
    follow("with the signature of another", "refused", successions=[unsigned], seed=second.seed)
    for_other = second.succession(OTHER_OFFICE, first.root.root_pk)
    follow("of another office", "refused", successions=[for_other], seed=second.seed)
    wrong_before = second.succession(OFFICE, third.root.root_pk)
    follow("of another predecessor", "refused", successions=[wrong_before], seed=second.seed)
    succeeded = Pin(OFFICE, 2, SUCCEEDED.hash, second.root.root_pk)
    after = replace(SUCCEEDED, version=3, prev=SUCCEEDED.hash)
    topic.add("succession: and on", "follow", pin=_pin(succeeded), roster=after.sign(second.seed))
    back = replace(after, successions=())
    name = "succession: the replaced root comes back by leaving it out"
    topic.add(name, "follow", "refused", pin=_pin(succeeded), roster=back.sign(first.seed))
