"""Vectors of section 6's attachments: the chunks a reader opens, and those it must not."""

from dataclasses import replace
from typing import Any

from crypto.attachment import CHUNK, MOST, Attachment, Media, attachment_hash, count_of
from crypto.record import rec, unrec

from .topic import Topic
from .world import OFFICE, OTHER_OFFICE, edit, seeded

PATTERN = seeded("a photograph", 7)


def described(size: int, media: Media = Media.JPEG, **changed: Any) -> Attachment:
    """An attachment of that many bytes, PATTERN over and over."""
    told = (
        {"seconds": 7, "width": 0, "height": 0}
        if media.is_voice
        else {"seconds": 0, "width": 9, "height": 16}
    )
    data = repeated(PATTERN, size)
    return Attachment(
        seeded("attachment", 16), seeded("attachment key"), media, size, count_of(size), attachment_hash(data),
        **told, caption="تذکره", **changed,
    )  # fmt: skip


def repeated(pattern: bytes, size: int, start: int = 0) -> bytes:
    """`size` bytes of a pattern that is repeated for ever, from `start`."""
    turn = start % len(pattern)
    return (pattern * (size // len(pattern) + 2))[turn : turn + size]


def make() -> Topic:
    topic = Topic("attachments")
    for size in (1, CHUNK, CHUNK + 1, 4 * CHUNK + 1, MOST):
        topic.add(f"seal {size} bytes", "seal attachment", **_sealing(described(size)))
    voice = described(40_000, Media.OGG_OPUS)
    topic.add("seal a voice note", "seal attachment", **_sealing(voice))
    topic.add("seal, another office", "seal attachment", **_sealing(voice) | {"office": OTHER_OFFICE})
    other = replace(voice, hash=attachment_hash(b""))
    topic.add("seal what the message does not name", "seal attachment", "refused", **_sealing(other))
    _opens(topic)
    return topic


def _sealing(attachment: Attachment) -> dict[str, Any]:
    return {"attachment": attachment.encode(), "office": OFFICE, "pattern": PATTERN}


def _opens(topic: Topic) -> None:
    one, three = described(100), described(2 * CHUNK + 5)

    def chunk(n: int, of: Attachment = three, **changed: Any) -> dict[str, Any]:
        size = min(CHUNK, of.size - n * CHUNK)
        given = {
            "attachment": of.encode(), "office": OFFICE, "n": n, "last": n == of.count - 1,
            "pattern": repeated(PATTERN, 7, n * CHUNK), "size": max(size, 0),
            "tail": "", "flip": -1, "cut": 0,
        }  # fmt: skip
        return given | changed

    def opens(name: str, chunks: list[dict[str, Any]], fails: str | None = None, **changed: Any) -> None:
        given = {"attachment": three.encode(), "office": OFFICE, "chunks": chunks}
        topic.add(f"open: {name}", "open attachment", fails, **given | changed)

    good = [chunk(n) for n in range(3)]
    opens("three chunks", good)
    opens("one chunk", [chunk(0, one)], attachment=one.encode())
    opens("chunks swapped", [good[1], good[0], good[2]], "refused")
    opens("a chunk twice", [good[0], good[0], good[2]], "refused")
    opens("the last chunk missing", good[:2], "refused")
    opens("truncated, the one before called last", [good[0], chunk(1, last=True)], "refused")
    opens("no chunk", [], "refused")
    opens("a chunk more", [*good, chunk(3)], "refused")
    opens("the last one not called last", [*good[:2], chunk(2, last=False)], "refused")
    opens("the first one called last", [chunk(0, last=True), *good[1:]], "refused")
    wider = edit(three.encode(), (3,), (4 * CHUNK).to_bytes(4, "big"))
    wider = edit(wider, (4,), b"\4")
    opens("sealed under another count", [chunk(0, attachment=wider), *good[1:]], "refused")
    opens("sealed for another office", [chunk(0, office=OTHER_OFFICE), *good[1:]], "refused")
    opens("opened by another office", good, "refused", office=OTHER_OFFICE)
    for name, part, value in (("id", 0, seeded("x", 16)), ("key", 1, seeded("x"))):
        sealed = edit(three.encode(), (part,), value)
        opens(f"sealed under another {name}", [*good[:2], chunk(2, attachment=sealed)], "refused")
    opens("a chunk of another attachment's bytes", [chunk(0, pattern=bytes(7)), *good[1:]], "refused")
    opens("padding not zeros", [*good[:2], chunk(2, tail="01")], "refused")
    for at in (0, CHUNK - 1, CHUNK, CHUNK + 15):
        opens(f"byte {at} flipped", [good[0], chunk(1, flip=at), good[2]], "refused")
    opens("a chunk one byte short", [good[0], chunk(1, cut=1), good[2]], "malformed")
    opens("an empty chunk", [good[0], chunk(1, cut=CHUNK + 16), good[2]], "malformed")
    shorter = replace(three, size=three.size - 1)
    opens("a byte of it called padding", good, "refused", attachment=shorter.encode())
    parts = unrec(three.encode())
    opens("a message that is none", good, "malformed", attachment=rec(*parts[:-1]))
