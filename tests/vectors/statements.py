"""Vectors of sections 8 and 9: a contact's statements, and armour."""

from dataclasses import replace

from crypto.armour import Acknowledge, Fetch, Follow, Kind, Upload, dress, dress_rosters
from crypto.encoding import b64u, digest, unb64u
from crypto.envelope import Envelope, Form, Header, Urgency, Wrap
from crypto.record import rec, unrec
from crypto.statement import Answer, Assent, Child, Consent, Reply, Wipe

from .topic import Topic
from .world import (
    CONTACT,
    COORDINATOR,
    DAY,
    NEW_PHONE,
    NEW_PHONE_PREKEY,
    NEXT,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    PHONE_PREKEY,
    ROOTS,
    STRANGER,
    WIRE,
    edit,
    flip,
    seeded,
)

ME = PHONE.record.device
CONSENT = Consent(OFFICE, CONTACT, ME, "messages", OFFICE, "all", 1, "fa-AF", True, 1, NOW)
SHARING = replace(CONSENT, purpose="sharing", recipient=OTHER_OFFICE, fields="identity")
ASSENT = Assent(OFFICE, CONTACT, ME, 3, True, Child.AGREES, 1, "fa-AF", 1, NOW)
ANSWER = Answer(
    OFFICE,
    CONTACT,
    ME,
    offer=seeded("offer", 16),
    notice=seeded("notice", 16),
    version=1,
    content_hash=seeded("notice hash"),
    answer=Reply.ACCEPT,
    party=3,
    counter=1,
    at=NOW,
)
WIPE = Wipe(OFFICE, CONTACT, ME, NOW)


def make() -> Topic:
    topic = Topic("statements")
    for kind, statement in (("consent", CONSENT), ("assent", ASSENT), ("answer", ANSWER), ("wipe", WIPE)):
        topic.forms(kind, statement.sign(PHONE.sign_seed), signed=True)
        _statement(topic, kind, statement)
    for name, kind, path, value in (
        ("purpose with a capital", "consent", (0, 3), b"Messages"),
        ("purpose of 33", "consent", (0, 3), b"m" * 33),
        ("purpose with a line break", "consent", (0, 3), b"messages\n"),
        ("no purpose", "consent", (0, 3), b""),
        ("given 2", "consent", (0, 8), b"\2"),
        ("language not UTF-8", "consent", (0, 7), b"\xff"),
        ("messages, to another office", "consent", (0, 4), OTHER_OFFICE),
        ("messages, of some fields", "consent", (0, 5), b"identity"),
        ("fields with a dash", "sharing", (0, 5), b"identity-name"),
        ("fields of 17", "sharing", (0, 5), b"i" * 17),
        ("no fields", "sharing", (0, 5), b""),
        ("sharing of all", "sharing", (0, 5), b"all"),
        ("sharing with one's own office", "sharing", (0, 4), OFFICE),
        ("assent 0", "assent", (0, 5), b"\0"),
        ("assent 4", "assent", (0, 5), b"\4"),
        ("given 2", "assent", (0, 4), b"\2"),
        ("member of two bytes", "assent", (0, 3), b"\0\3"),
        ("language not UTF-8", "assent", (0, 7), b"\xff"),
        ("answer 0", "answer", (0, 7), b"\0"),
        ("answer 4", "answer", (0, 7), b"\4"),
        ("counter of 2^53", "answer", (0, 9), (2**53).to_bytes(8, "big")),
        ("a time after the year 9999", "wipe", (0, 3), (253402300800).to_bytes(8, "big")),
    ):
        whole = {
            "consent": CONSENT,
            "sharing": SHARING,
            "assent": ASSENT,
            "answer": ANSWER,
            "wipe": WIPE,
        }[kind]
        bad, type_ = edit(whole.sign(PHONE.sign_seed), path, value), kind.replace("sharing", "consent")
        topic.add(f"{kind}: {name}", "parse", "malformed", type=type_, bytes=bad)
    for name, changed in (
        ("withdrawn, and the child does not agree", {"given": False, "assent": Child.DECLINES}),
        ("of a child too small to be asked", {"assent": Child.TOO_SMALL}),
    ):
        wire = replace(ASSENT, **changed).sign(PHONE.sign_seed)
        topic.add(f"assent: {name}", "statement", type="assent", wire=wire, device=PHONE.record.encode())
    topic.add("sharing: whole", "parse", type="consent", bytes=SHARING.sign(PHONE.sign_seed))
    return _armour(topic)


def _statement(topic: Topic, kind: str, statement: Consent | Assent | Answer | Wipe) -> None:
    wire = statement.sign(PHONE.sign_seed)

    def judge(name: str, fails: str | None = None, wire: bytes = wire, device=PHONE.record) -> None:
        topic.add(f"{kind}: {name}", "statement", fails, type=kind, wire=wire, device=device.encode())

    def signed(**changed) -> bytes:
        return replace(statement, **changed).sign(PHONE.sign_seed)

    at = len(unrec(unrec(wire)[0])) - 1
    judge("good")
    judge("signed by another", "refused", statement.sign(STRANGER.sign_seed))
    judge("by another device of the contact", "refused", device=NEW_PHONE.record)
    judge("by an officer", "refused", device=replace(COORDINATOR.record, sign_pk=PHONE.record.sign_pk))
    elsewhere = {"recipient": OTHER_OFFICE} if kind == "consent" else {}
    judge("names another office", "refused", signed(office=OTHER_OFFICE, **elsewhere))
    judge("names another contact", "refused", signed(contact=STRANGER.record.owner))
    judge("names another device", "refused", signed(device=NEW_PHONE.record.device))
    judge("changed after signing", "refused", edit(wire, (0, at), (NOW + 1).to_bytes(8, "big")))
    judge("signature changed", "refused", flip(wire, -1))
    other = WIPE if kind != "wipe" else CONSENT
    judge(
        "with the signature of another statement",
        "refused",
        rec(unrec(wire)[0], unrec(other.sign(PHONE.sign_seed))[1]),
    )
    judge("signature cut", "malformed", rec(unrec(wire)[0], unrec(wire)[1][:63]))
    judge("another kind of statement", "malformed", other.sign(PHONE.sign_seed))


def _armour(topic: Topic) -> Topic:
    header = Header(seeded("armoured", 16), ME, NOW, NOW + DAY, 0, Urgency.ROUTINE, seeded("c"))
    wraps = tuple(
        Wrap(pair.prekey.address, seeded("kem", 1088), seeded("enc"), Form.BARE, seeded("ct", 48))
        for pair in (PHONE_PREKEY, NEW_PHONE_PREKEY)
    )
    envelope = Envelope(header, seeded("body", 528), wraps).encode()
    upload, fetch = Upload(ME, NOW, envelope), Fetch(ME, NOW, seeded("n", 16))
    topic.forms("upload", upload.sign(PHONE.sign_seed), signed=True)
    topic.forms("fetch", fetch.sign(PHONE.sign_seed), signed=True)
    follow = Follow(ME, NOW, seeded("n", 16), 7).sign(PHONE.sign_seed)
    topic.forms("follow", follow, signed=True)
    kept = tuple(sorted(seeded(f"kept {number}", 16) for number in range(100)))
    most = Acknowledge(ME, NOW, seeded("n", 16), kept).sign(PHONE.sign_seed)
    acknowledge = Acknowledge(ME, NOW, seeded("n", 16), kept[:2]).sign(PHONE.sign_seed)
    topic.forms("acknowledge", acknowledge, signed=True)
    for name, ids in {
        "of nothing": (),
        "of one too many": (*kept, b"\xff" * 16),
        "out of order": (kept[1], kept[0]),
        "of the same twice": (kept[0], kept[0]),
        "of a short id": (kept[0][:15],),
    }.items():
        bad = edit(acknowledge, (0, 3), rec(*ids))
        topic.add(f"acknowledge: {name}", "parse", "malformed", type="acknowledge", bytes=bad)
    text = dress(Kind.ENVELOPE, envelope)
    assert len(text) <= 4096
    folded = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))

    def undress(name: str, text: str, fails: str | None = "malformed") -> None:
        topic.add(f"armour: {name}", "undress", fails, text=text)

    undress("an envelope with two bare wraps", text, None)
    undress("folded", folded, None)
    undress("all white space", " \t" + "\r\n\v\f".join([text[:3], text[3:99], text[99:]]) + " ", None)
    undress("an upload", dress(Kind.UPLOAD, upload.sign(PHONE.sign_seed)), None)
    undress("a fetch", dress(Kind.FETCH, fetch.sign(PHONE.sign_seed)), None)
    undress("a request to follow", dress(Kind.FOLLOW, follow), None)
    undress("an acknowledgement", dress(Kind.ACKNOWLEDGE, acknowledge), None)
    assert len(dress(Kind.ACKNOWLEDGE, most)) <= 4096
    undress("an acknowledgement of as many as there may be", dress(Kind.ACKNOWLEDGE, most), None)
    first, second = WIRE, NEXT.sign(ROOTS[0].seed)
    undress("rosters", dress_rosters([first, second]), None)
    data = unb64u(text.removeprefix("qasid1."))

    def checked(body: bytes) -> str:
        return "qasid1." + b64u(body + digest("armour", body)[:4])

    for at in (7, 100, len(text) - 3):
        undress(f"character {at} flipped", text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    theirs = edit(upload.sign(PHONE.sign_seed), (0, 0), NEW_PHONE.record.device)
    for name, bad in {
        "cut": text[:-1],
        "cut by a block": text[:-4],
        "a character more": text + "A",
        "padded": text + "=",
        "no beginning": text[7:],
        "capital beginning": "QASID1." + text[7:],
        "another version": "qasid2." + text[7:],
        "a wide space": text[:50] + "\u00a0" + text[50:],
        "type 0": checked(b"\0" + envelope),
        "type 7": checked(b"\7" + envelope),
        "a fetch as request to follow": checked(b"\6" + fetch.sign(PHONE.sign_seed)),
        "an envelope as rosters": checked(b"\5" + envelope),
        "no rosters": checked(b"\5" + rec()),
        "rosters the wrong way round": checked(b"\5" + rec(second, first)),
        "a roster twice": checked(b"\5" + rec(first, first)),
        "a fetch as acknowledgement": checked(b"\4" + fetch.sign(PHONE.sign_seed)),
        "an acknowledgement as fetch": checked(b"\3" + acknowledge),
        "an envelope as upload": checked(b"\2" + envelope),
        "an upload as fetch": checked(b"\3" + upload.sign(PHONE.sign_seed)),
        "an upload of another's envelope": checked(b"\2" + theirs),
        "an upload of no envelope": checked(b"\2" + edit(upload.sign(PHONE.sign_seed), (0, 2), b"x")),
        "a malformed envelope": checked(b"\1" + envelope[:-1]),
        "nothing inside": checked(b""),
        "only a type": checked(b"\1"),
        "a wrong check": "qasid1." + b64u(flip(data, -1)),
        "empty": "",
    }.items():
        undress(name, bad)
    return topic
