"""Vectors of section 6: messages, proofs, chains."""

from collections.abc import Callable
from dataclasses import replace

from crypto.attachment import MOST, Media
from crypto.casefile import CaseFile, Field
from crypto.content import (
    Ask,
    Content,
    Draft,
    Grant,
    GrantedEpoch,
    Inner,
    Kind,
    NoticePayload,
    OpenedReceipt,
    Status,
    StatusReport,
    prove,
)
from crypto.envelope import Header, Urgency
from crypto.keys import DeviceKeys
from crypto.record import ZERO_32, rec
from crypto.roster import Pin

from .attachments import described
from .envelopes import ID, INNER
from .notices import ADVISORY, CANCEL, GO, NOTICE, PLACE, PLACE_KEY, approval, ascending
from .statements import ANSWER
from .topic import Topic
from .world import (
    CASEWORKER,
    CONTACT,
    COORDINATOR,
    DAY,
    EPOCHS,
    GONE,
    HOUR,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    PHONE_PREKEY,
    PIN,
    POCKET,
    ROSTER,
    SECOND,
    STRANGER,
    WITH_POCKET,
    edit,
    flip,
    seeded,
)

HEADER = Header(ID, COORDINATOR.record.device, NOW, NOW + DAY, 0, Urgency.ROUTINE, seeded("commitment"))
APPROVALS = tuple(ascending(approval(COORDINATOR), approval(SECOND)))
CASE_FILE = CaseFile(
    1, (Field("family-members", "سه کودک"), Field("identity-name", "ف."), Field("needs-health", "x"))
)
ASK = Ask(OTHER_OFFICE, "Embassy of X", ("family", "identity"), 1)
PHOTOGRAPH, VOICE = described(140_000), described(40_000, Media.WEBM_OPUS)
GRANTED = [GrantedEpoch(pair.prekey, pair.dh_sk, pair.kem_seed) for pair in EPOCHS]


def inner(kind: Kind, payload: bytes, recipient: bytes = OFFICE, **changed) -> Inner:
    return replace(INNER, kind=kind, payload=payload, recipient=recipient, **changed)


def _messages() -> dict[str, Inner]:
    status = StatusReport(Status.NEED_HELP, "سه نفر")
    return {
        "text": INNER,
        "empty text": replace(INNER, payload=b""),
        "text with a byte order mark and a zero": replace(INNER, payload=b"\xef\xbb\xbftext\0"),
        "longest text": replace(INNER, payload=b"x" * 16_384),
        "text to the office": inner(Kind.TEXT, b"hello"),
        "status": inner(Kind.STATUS, status.encode()),
        "longest status": inner(Kind.STATUS, replace(status, text="x" * 4096).encode()),
        "opened": inner(Kind.OPENED, OpenedReceipt(ID, INNER.hash).encode(), CONTACT),
        "notice": inner(Kind.NOTICE, NoticePayload(NOTICE, APPROVALS).encode(), NOTICE.audience),
        "go": inner(Kind.GO, GO.sign(COORDINATOR.sign_seed), NOTICE.audience),
        "cancel": inner(Kind.CANCEL, CANCEL.sign(SECOND.sign_seed), NOTICE.audience),
        "answer": inner(Kind.ANSWER, ANSWER.sign(PHONE.sign_seed)),
        "grant": inner(Kind.GRANT, Grant(tuple(GRANTED[:1])).encode()),
        "empty grant": inner(Kind.GRANT, b""),
        "draft": inner(Kind.DRAFT, Draft(NOTICE, PLACE_KEY, PLACE).encode()),
        "case file": inner(Kind.CASE_FILE, CASE_FILE.encode()),
        "a field taken back": inner(Kind.CASE_FILE, CaseFile(1, (Field("identity-name", ""),)).encode()),
        "empty case file": inner(Kind.CASE_FILE, CaseFile(1, ()).encode()),
        "ask": inner(Kind.ASK, ASK.encode(), CONTACT),
        "photograph": inner(Kind.ATTACHMENT, PHOTOGRAPH.encode(), CONTACT),
        "voice note": inner(Kind.ATTACHMENT, VOICE.encode()),
        "largest attachment": inner(Kind.ATTACHMENT, described(MOST).encode()),
        "second of a thread": replace(INNER, counter=2, prev=INNER.hash),
    }


def make() -> Topic:
    topic = Topic("contents")
    messages = _messages()
    topic.forms("content", Content(INNER, bytes(64)).encode())
    for name, message in messages.items():
        topic.add(f"content: {name}", "parse", type="content", bytes=Content(message).encode())
    _forms(topic, messages)
    _from_office(topic, messages)
    _from_contact(topic, messages)
    _chains(topic)
    return topic


def _forms(topic: Topic, messages: dict[str, Inner]) -> None:
    def bad(name: str, message: str, path: tuple[int, ...], value: bytes) -> None:
        data = edit(Content(messages[message]).encode(), path, value)
        topic.add(f"content: {name}", "parse", "malformed", type="content", bytes=data)

    bad("kind 0", "text", (0, 1), b"\0")
    bad("kind 12", "text", (0, 1), b"\x0c")
    bad("kind 13", "text", (0, 1), b"\x0d")
    bad("counter 0", "text", (0, 5), bytes(8))
    bad("first with a predecessor", "text", (0, 6), seeded("prev"))
    bad("second without a predecessor", "second of a thread", (0, 6), ZERO_32)
    bad("recipient of 15 bytes", "text", (0, 3), bytes(15))
    bad("recipient of 33 bytes", "text", (0, 3), bytes(33))
    bad("proof of 63 bytes", "text", (1,), bytes(63))
    bad("text of 16,385 bytes", "text", (0, 10), b"x" * 16_385)
    bad("text not UTF-8", "text", (0, 10), b"\xff")
    bad("text with an overlong form", "text", (0, 10), b"\xc0\xaf")
    bad("status to a contact", "status", (0, 3), CONTACT)
    bad("status 0", "status", (0, 10, 0), b"\0")
    bad("status 6", "status", (0, 10, 0), b"\6")
    bad("status of 4,097 bytes", "status", (0, 10, 1), b"x" * 4097)
    bad("notice to a contact", "notice", (0, 3), CONTACT)
    bad("notice to another audience", "notice", (0, 3), seeded("audience"))
    bad("approvals out of order", "notice", (0, 10, 1), rec(*reversed(APPROVALS)))
    bad("an approval twice", "notice", (0, 10, 1), rec(APPROVALS[0], APPROVALS[0]))
    nine = [edit(APPROVALS[0], (0, 4), device) for device in sorted(seeded(f"d{i}", 16) for i in range(9))]
    bad("nine approvals", "notice", (0, 10, 1), rec(*nine))
    bad("an approval that is none", "notice", (0, 10, 1), rec(b"yes"))
    bad("a notice that is none", "notice", (0, 10, 0), b"come")
    bad("a go that is none", "go", (0, 10), b"go")
    bad("a cancel that is a go", "cancel", (0, 10), GO.sign(COORDINATOR.sign_seed))
    bad("an answer that is none", "answer", (0, 10), rec(b"", bytes(64)))
    bad("a grant of a device's prekey", "grant", (0, 10, 0, 0), PHONE_PREKEY.prekey.encode())
    bad("a grant with half a seed", "grant", (0, 10, 0, 2), bytes(32))
    bad("a draft without a key", "draft", (0, 10, 1), b"")
    bad("a draft with a long place", "draft", (0, 10, 2), b"x" * 253)
    bad("a case file to a contact", "case file", (0, 3), CONTACT)
    bad("a field without a group", "case file", (0, 10, 1, 0, 0), b"name")
    bad("a field in capitals", "case file", (0, 10, 1, 0, 0), b"Family-members")
    bad("a field of 2,001 bytes", "case file", (0, 10, 1, 0, 1), b"x" * 2001)
    bad("fields out of order", "case file", (0, 10, 1, 0, 0), b"zeal-members")
    bad("a field twice", "case file", (0, 10, 1, 0, 0), b"identity-name")
    many = tuple([Field(f"a-{chr(97 + i // 26)}{chr(97 + i % 26)}", "x").encode() for i in range(33)])
    bad("33 fields", "case file", (0, 10, 1), rec(*many))
    bad("an ask for nothing", "ask", (0, 10, 2), b"")
    bad("an ask for all", "ask", (0, 10, 2), rec(b"all"))
    bad("an ask out of order", "ask", (0, 10, 2), rec(b"identity", b"family"))
    bad("an ask for nine groups", "ask", (0, 10, 2), rec(*[bytes([97 + i]) for i in range(9)]))
    bad("an ask with a long name", "ask", (0, 10, 1), b"x" * 97)
    _attachment_forms(bad)
    for kind, message in ((2, "text to the office"), (5, "notice"), (8, "draft"), (10, "text to the office")):
        bad(f"{message} under kind {kind}", message, (0, 1), bytes([kind]))


def _attachment_forms(bad: Callable[[str, str, tuple[int, ...], bytes], None]) -> None:
    u32 = lambda n: n.to_bytes(4, "big")  # noqa: E731  (a name for four bytes)
    for name, message, field, value in (
        ("a short id", "photograph", 0, bytes(15)),
        ("a short key", "photograph", 1, bytes(31)),
        ("media 0", "photograph", 2, b"\0"),
        ("media 5", "photograph", 2, b"\5"),
        ("nothing in it", "photograph", 3, u32(0)),
        ("a byte more than the largest", "largest attachment", 3, u32(MOST + 1)),
        ("chunks to spare", "photograph", 4, b"\x10"),
        ("chunks too few", "photograph", 4, b"\x08"),
        ("11 chunks", "photograph", 4, b"\x0b"),
        ("no chunks", "photograph", 4, b"\0"),
        ("a short hash", "photograph", 5, bytes(31)),
        ("a photograph with seconds", "photograph", 6, u32(1)),
        ("a photograph without a width", "photograph", 7, u32(0)),
        ("a photograph without a height", "photograph", 8, u32(0)),
        ("a photograph 16,385 wide", "photograph", 7, u32(16_385)),
        ("a photograph called a voice note", "photograph", 2, b"\3"),
        ("a voice note without seconds", "voice note", 6, u32(0)),
        ("a voice note of 601 seconds", "voice note", 6, u32(601)),
        ("a voice note with a height", "voice note", 8, u32(1)),
        ("a voice note called a photograph", "voice note", 2, b"\1"),
        ("a caption of 1,025 bytes", "voice note", 9, b"x" * 1025),
        ("a caption not UTF-8", "voice note", 9, b"\xff"),
    ):
        bad(f"attachment: {name}", message, (0, 10, field), value)


def _proved(
    message: Inner, keys: DeviceKeys = COORDINATOR, header: Header = HEADER, office: bytes = OFFICE
) -> bytes:
    proof = prove(message, office, header.envelope, header.commitment, keys.sign_seed)
    return Content(message, proof).encode()


def _pin(pin: Pin) -> dict[str, object]:
    return {"office": pin.office, "version": pin.version, "hash": pin.hash, "root": pin.root}


def _from_office(topic: Topic, messages: dict[str, Inner]) -> None:
    def judge(name: str, content: bytes, fails: str | None = None, **changed) -> None:
        values = {
            "content": content,
            "header": HEADER.encode(),
            "roster": ROSTER.encode(),
            "pin": _pin(PIN),
            "me": PHONE.record.encode(),
        } | changed
        topic.add(f"from office: {name}", "from office", fails, **values)

    good = _proved(INNER)
    for name in ("text", "opened", "notice", "go", "cancel", "ask", "photograph"):
        judge(name, _proved(messages[name]))
    own = inner(Kind.ASK, replace(ASK, recipient=OFFICE).encode(), CONTACT)
    judge("an ask to pass on to itself", _proved(own), "refused")
    judge(
        "a photograph, to somebody else",
        _proved(messages["photograph"]),
        "refused",
        me=STRANGER.record.encode(),
    )
    judge("a photograph, to a colleague", _proved(messages["photograph"]), me=SECOND.record.encode())
    judge("an ask, to somebody else", _proved(messages["ask"]), "refused", me=STRANGER.record.encode())
    judge("an ask, to a colleague", _proved(messages["ask"]), me=SECOND.record.encode())
    for name in ("text to the office", "status", "answer", "grant", "draft", "case file", "voice note"):
        judge(f"{name}, to a contact", _proved(messages[name]), "refused")
    colleague = SECOND.record.encode()
    for name in ("text", "notice", "grant", "draft"):
        judge(f"{name}, to a colleague", _proved(messages[name]), me=colleague)
    judge("a status, to a colleague", _proved(messages["status"]), "refused", me=colleague)
    elsewhere = replace(messages["grant"], recipient=OTHER_OFFICE)
    judge("a grant for another office", _proved(elsewhere), "refused", me=colleague)
    judge("no proof", Content(INNER).encode(), "refused")
    judge("proof changed", flip(good, -1), "refused")
    judge("signed by another", _proved(INNER, CASEWORKER), "refused")
    judge("for another office", _proved(INNER, office=OTHER_OFFICE), "refused")
    judge("in another envelope", good, "refused", header=replace(HEADER, envelope=seeded("x", 16)).encode())
    judge(
        "under another commitment", good, "refused", header=replace(HEADER, commitment=seeded("x")).encode()
    )
    judge(
        "another header sender", good, "refused", header=replace(HEADER, sender=SECOND.record.device).encode()
    )
    for name, at, value in (
        ("thread", 4, seeded("x", 16)),
        ("nonce", 0, seeded("x")),
        ("time", 7, (NOW + 1).to_bytes(8, "big")),
        ("payload", 10, b"other"),
    ):
        judge(f"{name} changed after signing", edit(good, (0, at), value), "refused")
    to_stranger = replace(INNER, recipient=STRANGER.record.owner)
    judge("to somebody else", _proved(to_stranger), "refused")
    judge("on another contact's phone", good, "refused", me=STRANGER.record.encode())
    judge(
        "on a phone of another office",
        good,
        "refused",
        me=replace(PHONE.record, office=OTHER_OFFICE).encode(),
    )
    newer = replace(INNER, roster_version=2, roster_hash=seeded("newer"))
    judge("a newer roster must be followed first", _proved(newer), "refused")
    judge("a fork of the roster", _proved(replace(INNER, roster_hash=seeded("fork"))), "refused")
    judge("a sender that lags behind", _proved(replace(INNER, roster_version=0, roster_hash=ZERO_32)))
    gone = replace(HEADER, sender=GONE.record.device)
    stranger = _proved(replace(INNER, sender=GONE.record.device), GONE, gone)
    judge("a sender who is no officer", stranger, "refused", header=gone.encode())
    mine = replace(HEADER, sender=PHONE.record.device)
    judge(
        "a contact as office",
        _proved(replace(INNER, sender=PHONE.record.device), PHONE, mine),
        "refused",
        header=mine.encode(),
    )
    pocket = replace(HEADER, sender=POCKET.record.device)
    judge(
        "a phone that only confirms",
        _proved(replace(INNER, sender=POCKET.record.device), POCKET, pocket),
        "refused",
        header=pocket.encode(),
        roster=WITH_POCKET.encode(),
    )
    by = replace(HEADER, sender=CASEWORKER.record.device)
    end = ROSTER.entry(CASEWORKER.record.device).not_after  # type: ignore[union-attr]
    for name, at, fails in (
        ("within the hour after duty", end + HOUR - 1, None),
        ("an hour after duty", end + HOUR, "refused"),
        ("within the hour before duty", NOW - 30 * DAY - HOUR, None),
        ("more than an hour before duty", NOW - 30 * DAY - HOUR - 1, "refused"),
    ):
        message = replace(INNER, sender=CASEWORKER.record.device, sent_at=at)
        judge(f"sent {name}", _proved(message, CASEWORKER, by), fails, header=by.encode())
    advisory = inner(Kind.NOTICE, NoticePayload(ADVISORY, ()).encode(), ADVISORY.audience)
    judge("a notice's approvals are judged apart", _proved(advisory))


def _from_contact(topic: Topic, messages: dict[str, Inner]) -> None:
    header = replace(HEADER, sender=PHONE.record.device)

    def judge(name: str, message: Inner, fails: str | None = None, *, proof: bytes = b"", **changed) -> None:
        values = {
            "content": Content(replace(message, sender=PHONE.record.device), proof).encode(),
            "header": header.encode(),
            "sender": PHONE.record.encode(),
            "pin": _pin(PIN),
        } | changed
        topic.add(f"from contact: {name}", "from contact", fails, **values)

    to_office = replace(messages["opened"], recipient=OFFICE)
    for name, message in {
        **{n: messages[n] for n in ("text to the office", "status", "answer", "voice note")},
        "opened": to_office,
    }.items():
        judge(name, message)
    for name in ("notice", "go", "cancel", "grant", "draft", "text", "photograph"):
        judge(f"{name}, from a contact", messages[name], "refused")
    status = messages["status"]
    judge("with a proof", status, "refused", proof=bytes(64))
    judge("to another office", replace(status, recipient=OTHER_OFFICE), "refused")
    judge("another header sender", status, "refused", header=HEADER.encode())
    judge("opened as from another", status, "refused", sender=STRANGER.record.encode())
    judge("opened as from an officer", status, "refused", sender=COORDINATOR.record.encode())
    judge("a newer roster must be followed first", replace(status, roster_version=2), "refused")
    judge("a fork of the roster", replace(status, roster_hash=seeded("fork")), "refused")


def _chains(topic: Topic) -> None:
    second = replace(INNER, counter=2, prev=INNER.hash)
    third = replace(INNER, counter=3, prev=second.hash)

    def judge(name: str, message: Inner, last: Inner | None, fails: str | None = None) -> None:
        values = {"inner": message.encode(), "last": last.encode() if last else b""}
        topic.add(f"chain: {name}", "chain", fails, **values)

    judge("the first", INNER, None)
    judge("the second", second, INNER)
    judge("a gap", third, INNER)
    judge("a gap at the start", second, None)
    judge("a replay", second, second, "refused")
    judge("an older one", INNER, second, "refused")
    judge("a fork", replace(second, prev=seeded("x")), INNER, "refused")
    judge("another thread", replace(second, thread=seeded("x", 16)), INNER, "refused")
    judge("another sender", replace(second, sender=SECOND.record.device), INNER, "refused")
