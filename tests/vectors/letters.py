"""Vectors of section 3: letters, words, slips, enrolment, comparison numbers."""

from crypto.encoding import b64u, digest, unb64u
from crypto.letter import Secret, Slip
from crypto.record import rec

from .topic import Topic
from .world import (
    CONTACT,
    LETTER,
    NEW_PHONE,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    ROSTER,
    SECRET,
    STRANGER,
    edit,
    flip,
    seeded,
)


def make() -> Topic:
    topic = Topic("letters")
    for name, value in (("drawn", SECRET.value), ("zeros", bytes(16)), ("ones", b"\xff" * 16)):
        topic.add(f"secret: {name}", "secret", secret=value)
    _texts(topic)
    _words(topic)
    _slips(topic)
    _enrolments(topic)
    for name, device in (("phone", PHONE), ("new phone", NEW_PHONE), ("stranger", STRANGER)):
        topic.add(f"number: {name}", "number", device=device.record.encode())
    return topic


def _texts(topic: Topic) -> None:
    text = LETTER.text()
    topic.add("letter: whole", "letter", text=text)
    data = unb64u(text.removeprefix("QASID1."))

    def checked(body: bytes) -> str:
        return "QASID1." + b64u(body + digest("letter check", body)[:4])

    version = checked(b"\1" + SECRET.value + OFFICE + bytes(8) + bytes(32))
    topic.add("letter: pinned before the first roster", "letter", text=version)
    for name, bad in {
        "one character mistyped": text[:40] + ("A" if text[40] != "A" else "B") + text[41:],
        "two characters swapped": text[:10] + text[11] + text[10] + text[12:],
        "check wrong": "QASID1." + b64u(flip(data, -1)),
        "version 2": checked(b"\2" + data[1:-4]),
        "one byte short": checked(data[:-5]),
        "one byte long": checked(data[:-4] + b"\0"),
        "roster version of 2^53": checked(data[:49] + (2**53).to_bytes(8, "big") + data[57:-4]),
        "cut": text[:-1],
        "small letters before the point": "qasid1." + text[7:],
        "no beginning": text[7:],
        "another beginning": "QASID2." + text[7:],
        "padded": text + "=",
        "white space after it": text + "\n",
        "empty": "",
    }.items():
        topic.add(f"letter: {name}", "letter", "malformed", text=bad)


def _words(topic: Topic) -> None:
    words = SECRET.words()
    listed = words.split()
    short = [word[:4] for word in listed]
    topic.add("words: whole", "words", words=words)
    topic.add("words: capitals", "words", words=words.upper())
    topic.add("words: four letters of each", "words", words=" ".join(short))
    topic.add("words: on lines, with spaces around", "words", words="\t " + "\r\n".join(listed) + " ")
    topic.add("words: three-letter words", "words", words=Secret(bytes(16)).words())
    long = next(i for i, word in enumerate(listed) if len(word) > 5)
    part = [*listed[:long], listed[long][:5], *listed[long + 1 :]]
    topic.add("words: five letters of one", "words", words=" ".join(part))
    for name, bad in {
        "eleven": listed[:11],
        "thirteen": [*listed, listed[0]],
        "none": [],
        "two swapped": [listed[1], listed[0], *listed[2:]],
        "one replaced": [*listed[:11], "zoo" if listed[11] != "zoo" else "zero"],
        "three letters of one": [*listed[:long], listed[long][:3], *listed[long + 1 :]],
        "one misspelt after four letters": [*listed[:long], listed[long][:4] + "q", *listed[long + 1 :]],
        "one too long": [*listed[:long], listed[long] + "s", *listed[long + 1 :]],
        "not on the list": ["qasid", *listed[1:]],
        "joined by dashes": ["-".join(listed)],
        "a letter that only looks Latin": [
            listed[0].replace("e", "е").replace("a", "а").replace("o", "о"),
            *listed[1:],
        ],
        "a wide space": [listed[0] + "\u3000" + listed[1], *listed[2:]],
    }.items():
        topic.add(f"words: {name}", "words", "malformed", words=" ".join(bad))


def _slips(topic: Topic) -> None:
    slip = Slip(OFFICE, 1, ROSTER.hash, CONTACT)
    known = Slip(OFFICE, 1, ROSTER.hash, STRANGER.record.owner)
    topic.forms("slip", slip.encode())

    def check(name: str, fails: str | None = None, *, text: bool = False, **changed: bytes) -> None:
        letter = LETTER.text() if text else ""
        given = {"slip": slip.encode(), "tag": SECRET.slip_tag(slip)} | changed
        topic.add(f"slip: {name}", "slip", fails, letter=letter, secret=SECRET.value, **given)

    other = Secret(seeded("another letter", 16))
    elsewhere, later = Slip(OTHER_OFFICE, 1, ROSTER.hash, CONTACT), Slip(OFFICE, 2, ROSTER.hash, CONTACT)
    forked = Slip(OFFICE, 1, seeded("fork"), CONTACT)
    check("by the words")
    check("by the text", text=True)
    check("a new phone for a known contact", text=True, slip=known.encode(), tag=SECRET.slip_tag(known))
    check("tag of another letter", "refused", tag=other.slip_tag(slip))
    check("tag changed", "refused", tag=flip(SECRET.slip_tag(slip), 31))
    check("tag cut", "refused", tag=SECRET.slip_tag(slip)[:31])
    check("no tag", "refused", tag=b"")
    check("contact exchanged", "refused", slip=known.encode())
    check("office exchanged", "refused", slip=elsewhere.encode())
    check("version exchanged", "refused", slip=later.encode())
    check(
        "the words alone believe any office that knows them",
        slip=elsewhere.encode(),
        tag=SECRET.slip_tag(elsewhere),
    )
    for name, lying in (("office", elsewhere), ("version", later), ("hash", forked)):
        check(
            f"another {name} than the text's",
            "refused",
            text=True,
            slip=lying.encode(),
            tag=SECRET.slip_tag(lying),
        )
    check("trailing byte", "malformed", slip=slip.encode() + b"\0")
    check("short office", "malformed", slip=edit(slip.encode(), (0,), OFFICE[:31]))


def _enrolments(topic: Topic) -> None:
    mac = SECRET.enrol_mac(office=OFFICE, roster_version=1, contact=CONTACT, device=PHONE.record)
    good = {
        "secret": SECRET.value,
        "mac": mac,
        "office": OFFICE,
        "roster_version": 1,
        "contact": CONTACT,
        "device": PHONE.record.encode(),
    }
    topic.add("enrol: right", "enrol", **good)
    for name, changed in {
        "another letter": {"secret": seeded("another letter", 16)},
        "mac changed": {"mac": flip(mac, 0)},
        "mac cut": {"mac": mac[:16]},
        "mac empty": {"mac": b""},
        "another office": {"office": OTHER_OFFICE},
        "another roster version": {"roster_version": 2},
        "another contact": {"contact": STRANGER.record.owner},
        "the relay's keys instead of the phone's": {"device": NEW_PHONE.record.encode()},
        "one key exchanged": {"device": edit(PHONE.record.encode(), (5,), STRANGER.record.dh_pk)},
    }.items():
        topic.add(f"enrol: {name}", "enrol", "refused", **good | changed)
    topic.add("enrol: no device", "enrol", "malformed", **good | {"device": rec()})
