"""Vectors of section 7: notices, approvals, gos, cancels."""

from dataclasses import replace

from crypto import sealing
from crypto.encoding import kdf
from crypto.keys import DeviceKeys
from crypto.notice import NO_PLACE, Approval, Cancel, Go, Notice, NoticeKind, NoticeText, Route, audience
from crypto.record import ZERO_32, rec, unrec
from crypto.roster import Roster

from .topic import Topic
from .world import (
    AUDITOR,
    CASEWORKER,
    CONTACT,
    COORDINATOR,
    DAY,
    GONE,
    HOUR,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    POCKET,
    ROSTER,
    SECOND,
    STRANGER,
    TABLET,
    WITH_POCKET,
    edit,
    flip,
    seeded,
)

SALT, ID, PLACE_KEY = seeded("salt"), seeded("notice", 16), seeded("place key")
PLACE = "دروازهٔ شمالی · the north gate"
COMMIT, SEALED = sealing.seal_place(PLACE_KEY, OFFICE, ID, 1, PLACE)
TEXTS = tuple(
    NoticeText(
        language,
        "all named",
        "papers, water",
        "large bags",
        "any you have",
        "Prepare and stay put.",
    )
    for language in ("en", "fa-AF")
)
NOTICE = Notice(
    salt=SALT,
    office=OFFICE,
    notice=ID,
    version=1,
    replaces=0,
    kind=NoticeKind.COME,
    movement="M-07",
    route=Route.AIR,
    departs_at=NOW + 48 * HOUR,
    report_from=NOW + 40 * HOUR,
    report_until=NOW + 44 * HOUR,
    answer_by=NOW + 24 * HOUR,
    expires=NOW + 44 * HOUR,
    audience=audience(SALT, [CONTACT, STRANGER.record.owner]),
    place_commit=COMMIT,
    place_sealed=SEALED,
    texts=TEXTS,
)
ADVISORY = replace(NOTICE, kind=NoticeKind.ADVISORY, place_commit=ZERO_32, place_sealed=NO_PLACE)
GO = Go(OFFICE, ID, 1, NOTICE.hash, PLACE_KEY, NOW + 3 * HOUR, COORDINATOR.record.device, NOW)
CANCEL = Cancel(OFFICE, ID, 1, NOTICE.hash, 2, SECOND.record.device, NOW)


def approval(keys: DeviceKeys, notice: Notice = NOTICE, /, *, seed: bytes | None = None, **changed) -> bytes:
    body = Approval(notice.office, notice.notice, notice.version, notice.hash, keys.record.device, NOW)
    return replace(body, **changed).sign(seed or keys.sign_seed)


def ascending(*wires: bytes) -> list[bytes]:
    return sorted(wires, key=lambda wire: Approval.peek(wire).device)


def make() -> Topic:
    topic = Topic("notices")
    topic.forms("notice", NOTICE.encode(), free=(6,))
    topic.forms("approval", approval(COORDINATOR), signed=True)
    topic.forms("go", GO.sign(COORDINATOR.sign_seed), signed=True)
    topic.forms("cancel", CANCEL.sign(SECOND.sign_seed), signed=True)
    _forms(topic)
    for number, notice in enumerate((NOTICE, ADVISORY, replace(NOTICE, version=2, replaces=1))):
        topic.add(f"code: {number + 1}", "code", notice=notice.encode())
    topic.add("code: of what is no notice", "code", "malformed", notice=NOTICE.encode()[:-1])
    contacts = [CONTACT, STRANGER.record.owner, seeded("third", 16)]
    topic.add("audience: nobody", "audience", salt=SALT, contacts=[])
    topic.add("audience: three", "audience", salt=SALT, contacts=contacts)
    topic.add("audience: in another order", "audience", salt=SALT, contacts=contacts[::-1])
    _approvals(topic)
    _gos(topic)
    _cancels(topic)
    _alerts(topic)
    return topic


def _forms(topic: Topic) -> None:
    u64 = lambda n: n.to_bytes(8, "big")  # noqa: E731  (a name for eight bytes)
    whole, texts = NOTICE.encode(), [text.encode() for text in TEXTS]
    for name, path, value in (
        ("version 0", (3,), bytes(4)),
        ("replaces itself", (4,), (1).to_bytes(4, "big")),
        ("version 3 replaces 1", (3,), (3).to_bytes(4, "big")),
        ("kind 0", (5,), b"\0"),
        ("kind 5", (5,), b"\5"),
        ("route 5", (7,), b"\5"),
        ("movement is not UTF-8", (6,), b"\xc3"),
        ("movement with a surrogate", (6,), b"\xed\xa0\x80"),
        ("answered after reporting", (11,), u64(NOTICE.report_from + 1)),
        ("reports from until itself", (10,), u64(NOTICE.report_from)),
        ("reports after departure", (10,), u64(NOTICE.departs_at + 1)),
        ("expires after departure", (12,), u64(NOTICE.departs_at + 1)),
        ("a commitment without a place", (15,), NO_PLACE),
        ("a place without a commitment", (14,), ZERO_32),
        ("no text", (16,), b""),
        ("languages out of order", (16,), rec(*reversed(texts))),
        ("a language twice", (16,), rec(texts[0], texts[0])),
    ):
        topic.add(f"notice: {name}", "parse", "malformed", type="notice", bytes=edit(whole, path, value))
    for name, notice in {
        "an advisory without times": replace(
            ADVISORY, departs_at=0, report_from=0, report_until=0, answer_by=0
        ),
        "a second version": replace(NOTICE, version=2, replaces=1, kind=NoticeKind.CHANGE),
        "answered as reporting begins": replace(NOTICE, answer_by=NOTICE.report_from),
        "expires at departure": replace(NOTICE, expires=NOTICE.departs_at),
    }.items():
        topic.add(f"notice: {name}", "parse", type="notice", bytes=notice.encode())


def _approvals(topic: Topic) -> None:
    def judge(
        name: str, wires: list[bytes], fails: str | None = None, notice=NOTICE, roster: Roster = ROSTER
    ):
        values = {"notice": notice.encode(), "approvals": wires, "roster": roster.encode()}
        topic.add(f"approvals: {name}", "approvals", fails, **values)

    one, two, tablet = approval(COORDINATOR), approval(SECOND), approval(TABLET)
    judge("two coordinators", ascending(one, two))
    judge("two coordinators and a tablet", ascending(one, two, tablet))
    judge("none", [], "refused")
    judge("one", [one], "refused")
    judge("one officer with two devices", ascending(one, tablet), "refused")
    judge("one device twice", [one, one], "malformed")
    again = approval(COORDINATOR, approved_at=NOW + 1)
    judge("one device twice, at two times", [one, again], "malformed")
    judge("out of order", ascending(one, two)[::-1], "malformed")
    others = [approval(keys) for keys in (CASEWORKER, AUDITOR, PHONE, GONE)]
    for name, wire in zip(("a caseworker", "an auditor", "a contact", "a stranger"), others, strict=True):
        judge(f"a coordinator and {name}", ascending(one, wire), "refused")
    pocket = approval(POCKET)
    judge("by a phone that only confirms", ascending(one, pocket), "refused", roster=WITH_POCKET)
    judge("by its officer's desk", ascending(one, two), roster=WITH_POCKET)
    judge("an advisory by it", [approval(POCKET, ADVISORY)], "refused", ADVISORY, WITH_POCKET)
    judge("two coordinators and a caseworker", ascending(one, two, others[0]), "refused")
    for name, wire in {
        "signed by the first for the second": approval(SECOND, seed=COORDINATOR.sign_seed),
        "for another content": approval(SECOND, content_hash=ADVISORY.hash),
        "for another version": approval(SECOND, version=2),
        "for another notice": approval(SECOND, notice=seeded("x", 16)),
        "for another office": approval(SECOND, office=OTHER_OFFICE),
        "before the officer's duty": approval(SECOND, approved_at=NOW - 31 * DAY),
        "after the officer's duty": approval(SECOND, approved_at=NOW + 60 * DAY),
        "changed after signing": edit(two, (0, 5), (NOW + 1).to_bytes(8, "big")),
        "signed as a go": rec(unrec(two)[0], unrec(GO.sign(SECOND.sign_seed))[1]),
    }.items():
        judge(f"one {name}", ascending(one, wire), "refused")
    judge("the content changed", ascending(one, two), "refused", replace(NOTICE, movement="M-08"))
    judge("another office's roster", ascending(one, two), "refused", replace(NOTICE, office=OTHER_OFFICE))
    judge("an advisory with one", [approval(SECOND, ADVISORY)], None, ADVISORY)
    judge("an advisory with none", [], "refused", ADVISORY)
    threat = replace(ADVISORY, kind=NoticeKind.THREAT)
    judge("a threat alert with one", [approval(COORDINATOR, threat)], None, threat)
    change = replace(NOTICE, kind=NoticeKind.CHANGE, version=2, replaces=1)
    judge("a change with one", [approval(COORDINATOR, change)], "refused", change)
    judge("a change with the approvals of the version before", ascending(one, two), "refused", change)
    malformed = edit(one, (0, 3), bytes(31))
    judge("a malformed one", [malformed], "malformed")


def _gos(topic: Topic) -> None:
    def judge(name: str, go: Go | bytes, fails: str | None = None, *, keys=COORDINATOR, **changed) -> None:
        wire = go if isinstance(go, bytes) else go.sign(keys.sign_seed)
        values = {"go": wire, "notice": NOTICE.encode(), "roster": ROSTER.encode(), "now": NOW} | changed
        topic.add(f"go: {name}", "go", fails, **values)

    judge("good", GO)
    judge("in its last second", GO, now=GO.valid_until - 1)
    judge("lapsed", GO, "refused", now=GO.valid_until)
    judge("under an expired roster", replace(GO, valid_until=NOW + 30 * DAY), "refused", now=ROSTER.expires)
    judge("for another version", replace(GO, version=2), "refused")
    judge("for another content", replace(GO, content_hash=ADVISORY.hash), "refused")
    judge("for another notice", replace(GO, notice=seeded("x", 16)), "refused")
    judge("for another office", replace(GO, office=OTHER_OFFICE), "refused")
    judge("with another place key", replace(GO, place_key=seeded("x")), "refused")
    judge("without a place key", replace(GO, place_key=ZERO_32), "refused")
    judge("by a caseworker", replace(GO, device=CASEWORKER.record.device), "refused", keys=CASEWORKER)
    judge("by a contact", replace(GO, device=PHONE.record.device), "refused", keys=PHONE)
    pocket = replace(GO, device=POCKET.record.device)
    judge("by a phone that only confirms", pocket, "refused", keys=POCKET, roster=WITH_POCKET.encode())
    judge("by another than it says", GO, "refused", keys=SECOND)
    judge("issued after the officer's duty", replace(GO, issued=NOW + 60 * DAY), "refused")
    judge(
        "changed after signing",
        edit(GO.sign(COORDINATOR.sign_seed), (0, 5), (NOW + DAY).to_bytes(8, "big")),
        "refused",
    )
    plain = replace(NOTICE, place_commit=ZERO_32, place_sealed=NO_PLACE)
    bare = replace(GO, content_hash=plain.hash, place_key=ZERO_32)
    judge("without a place", bare, notice=plain.encode())
    judge("a place key without a place", replace(bare, place_key=PLACE_KEY), "refused", notice=plain.encode())
    key, aad = kdf(PLACE_KEY, b"", "place"), sealing._place_aad(OFFICE, ID, 1)
    moved = sealing.seal_place(PLACE_KEY, OFFICE, ID, 2, PLACE)[1]
    for name, sealed in {
        "place of another version": moved,
        "place changed": flip(SEALED, 0),
        "place with padding that is not zero": sealing._aead_seal(
            key, aad, rec(b"here").ljust(255, b"\0") + b"\1"
        ),
        "place longer than itself": sealing._aead_seal(key, aad, (253).to_bytes(4, "big").ljust(256, b"\0")),
        "place that is not text": sealing._aead_seal(key, aad, rec(b"\xff").ljust(256, b"\0")),
    }.items():
        notice = replace(NOTICE, place_sealed=sealed)
        judge(name, replace(GO, content_hash=notice.hash), "refused", notice=notice.encode())


def _cancels(topic: Topic) -> None:
    def judge(name: str, cancel: Cancel | bytes, fails: str | None = None, *, keys=SECOND, **changed) -> None:
        wire = cancel if isinstance(cancel, bytes) else cancel.sign(keys.sign_seed)
        values = {"cancel": wire, "notice": NOTICE.encode(), "roster": ROSTER.encode()} | changed
        topic.add(f"cancel: {name}", "cancel", fails, **values)

    judge("good", CANCEL)
    judge("for another version", replace(CANCEL, version=2), "refused")
    judge("for another content", replace(CANCEL, content_hash=ADVISORY.hash), "refused")
    judge("for another notice", replace(CANCEL, notice=seeded("x", 16)), "refused")
    judge("by an auditor", replace(CANCEL, device=AUDITOR.record.device), "refused", keys=AUDITOR)
    pocket = replace(CANCEL, device=POCKET.record.device)
    judge("by a phone that only confirms", pocket, "refused", keys=POCKET, roster=WITH_POCKET.encode())
    judge("by another than it says", CANCEL, "refused", keys=COORDINATOR)
    judge("before the officer's duty", replace(CANCEL, issued=NOW - 31 * DAY), "refused")
    judge("a go as cancel", GO.sign(SECOND.sign_seed), "malformed")


def _alerts(topic: Topic) -> None:
    def judge(name: str, warned: list[int], approved: list[int], *, void: bool, by=None, **changed) -> None:
        alert = replace(ADVISORY, **({"kind": NoticeKind.THREAT, "notice": seeded("alert", 16)} | (by or {})))
        notice = replace(NOTICE, **changed)
        officers = (COORDINATOR, SECOND)
        out = topic.add(
            f"alert: {name}",
            "alert",
            alert=alert.encode(),
            warnings=[
                approval(k, alert, approved_at=NOW + at) for k, at in zip(officers, warned, strict=False)
            ],
            notice=notice.encode(),
            approvals=[
                approval(k, notice, approved_at=NOW + at) for k, at in zip(officers, approved, strict=True)
            ],
        )
        assert out == {"void": void}, name

    judge("later than both approvals", [10], [0, 5], void=True)
    judge("between the approvals", [10], [0, 20], void=True)
    judge("in the second of the first approval", [10], [10, 20], void=True)
    judge("before both approvals", [10], [11, 20], void=False)
    judge("with two approvals, the later one counts", [0, 15], [11, 20], void=True)
    change = {"kind": NoticeKind.CHANGE, "version": 2, "replaces": 1}
    judge("of a change", [10], [0, 5], void=True, **change)
    judge("of a change approved after it", [10], [20, 15], void=False, **change)
    judge("of a notice that sends nobody anywhere", [10], [0, 5], void=False, kind=NoticeKind.ADVISORY)
    judge("of every route", [10], [0, 5], void=True, by={"route": Route.NONE})
    judge("of another route", [10], [0, 5], void=False, by={"route": Route.LAND_PK})
    judge("of a notice that names no route", [10], [0, 5], void=True, route=Route.NONE)
    judge("an advisory instead", [10], [0, 5], void=False, by={"kind": NoticeKind.ADVISORY})
    judge("of another office", [10], [0, 5], void=False, by={"office": OTHER_OFFICE})
    half = {"warnings": [], "notice": NOTICE.encode(), "approvals": [approval(COORDINATOR)]}
    topic.add("alert: of half a notice", "alert", "malformed", alert=ADVISORY.encode()[:-1], **half)
