"""Photographs and voice notes: made on the phone, interrupted, gone on with, and what is left of them."""

from __future__ import annotations

import secrets
from pathlib import Path

from playwright.sync_api import BrowserContext, Route, expect

from crypto.attachment import CHUNK, Attachment, Media, attachment_hash, count_of, token_hash
from crypto.chunk import open_chunks, seal_chunks
from crypto.content import TextMessage
from crypto.encoding import b64u, new_id
from desk import jpeg
from tests.browser.access import checked
from tests.browser.fakerelay import Chunks, Relay
from tests.browser.lock import seized
from tests.browser.phone import PIN, Phone
from tests.desk.pictures import SECRET, segment

PATHS = "**/v1/attachments/**"
DRAW = """async ([width, height]) => {
  const canvas = new OffscreenCanvas(width, height), pen = canvas.getContext('2d');
  for (let at = 0; at < width * height / 64; at++) {
    pen.fillStyle = `hsl(${at * 47 % 360} 60% ${at * 31 % 100}%)`;
    pen.fillRect(at * 8 % width, Math.floor(at * 8 / width) * 8, 8, 8);
  }
  const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
  return Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('');
}"""
TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0" + SECRET
"""EXIF that says: held upright, seen lying on its side; and where."""


def picture(phone: Phone, width: int, height: int) -> bytes:
    """A JPEG as a camera writes it: the pixels lie on their side, and who took it where stands in it."""
    drawn = phone.page.evaluate(DRAW, [width, height]).encode("latin-1")
    return drawn[:2] + segment(0xE1, TURNED) + segment(0xFE, SECRET) + drawn[2:]


def give(phone: Phone, data: bytes, name: str = "house in Kabul.jpg") -> None:
    phone.page.get_by_test_id("attach-picture").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": data}
    )


def named(relay: Relay, envelope: bytes) -> Attachment:
    read = relay.office.open(envelope, relay.phone).content.inner.read()
    assert isinstance(read, Attachment)
    return read


def opened(relay: Relay, about: Attachment) -> bytes:
    """What the office has in its hands."""
    held = relay.attachments[about.attachment].data
    assert sorted(held) == list(range(about.count))
    return open_chunks(about, relay.office.id, [held[n] for n in range(about.count)])


def put(relay: Relay, data: bytes, **told: int) -> Attachment:
    """The office's, waiting at the relay, with its message in the phone's mail."""
    about = Attachment(
        attachment=new_id(),
        key=secrets.token_bytes(32),
        size=len(data),
        count=count_of(len(data)),
        hash=attachment_hash(data),
        caption="Is this your house?",
        **({"media": Media.JPEG, "seconds": 0, "width": 800, "height": 600} | told),
    )
    chunks = seal_chunks(about, relay.office.id, data)
    told_of = {"token_hash": [b64u(token_hash(about.token))]}
    relay.attachments[about.attachment] = Chunks(told_of, dict(enumerate(chunks)))
    relay.post(relay.office.attach(relay.phone, relay.prekey, about))
    return about


def test_a_photograph_goes_up_through_a_broken_line_and_a_closed_app(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    sent: list[str] = []

    def broken(route: Route) -> None:
        """Every other chunk is lost: one on its way there, the next on its way back."""
        if route.request.method != "PUT":
            route.continue_()
            return
        sent.append(route.request.url)
        if len(sent) > 3:
            route.abort()
        elif len(sent) == 2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    context.route(PATHS, broken)
    enrolled.tap("open-thread")
    enrolled.tap("open-attach")
    give(enrolled, picture(enrolled, 1760, 880))
    expect(enrolled.page.get_by_test_id("attachment-picture")).to_be_visible()
    checked(enrolled, "attach")
    enrolled.fill("attach-caption", "My papers")
    enrolled.tap("attach-send")
    enrolled.has("message", "data-state", "waiting")
    enrolled.until(lambda: len(sent) > 3, "a chunk that is lost")
    enrolled.sees("attachment-parts", "3")
    checked(enrolled, "thread")
    (held,) = relay.attachments.values()
    assert len(held.data) == 3
    assert relay.posts == []

    # What was written later does not wait for it.
    enrolled.fill("thread-input", "I am near the bridge")
    enrolled.tap("thread-send")
    enrolled.until(lambda: relay.posts, "the words")
    assert relay.office.open(relay.posts[0], relay.phone).content.inner.read() == TextMessage(
        "I am near the bridge"
    )
    # Behind the PIN the phone keeps the sealed chunks, and never the picture itself.
    kept = seized(context.storage_state(indexed_db=True), PIN)
    assert held.data[0] in kept
    assert b"JFIF" not in kept

    enrolled.page.reload()
    enrolled.at("unlock")
    context.unroute(PATHS, broken)
    relay.requests.clear()
    enrolled.unlock()
    enrolled.until(lambda: len(relay.posts) == 2, "the photograph's message")
    about = named(relay, relay.posts[1])
    asked = [request for request in relay.requests if "attachments" in request]
    assert asked[0].startswith("GET ")
    assert len(asked) == 1 + about.count - 3
    found = opened(relay, about)
    clean, width, height = jpeg.strip(found)
    # Turned upright, made small, and nothing is in it but the picture.
    assert (about.width, about.height) == (width, height)
    assert about.height == 2 * about.width <= 1600
    assert about.size <= 12 * CHUNK
    assert about.caption == "My papers"
    assert SECRET not in found
    assert b"Exif" not in found
    assert len(found) - len(clean) < 600, "more than the header and colour profile Chromium writes itself"
    enrolled.tap("open-thread")
    enrolled.has("message", "data-state", "handed")
    requests = len(relay.requests)
    enrolled.tap("attachment-show")
    expect(enrolled.page.get_by_test_id("attachment-picture")).to_have_js_property(
        "naturalWidth", about.width
    )
    assert not [request for request in relay.requests[requests:] if "attachments" in request]


def test_what_is_no_photograph_is_refused_and_a_small_one_may_be_given_up(
    enrolled: Phone, relay: Relay, tmp_path: Path
) -> None:
    enrolled.tap("open-thread")
    enrolled.tap("open-attach")
    give(enrolled, b"\xff\xd8 no picture")
    enrolled.sees("attach-fault", "not a picture")
    with (tmp_path / "film.jpg").open("wb") as film:
        film.truncate(20_000_001)
    enrolled.page.get_by_test_id("attach-picture").set_input_files(tmp_path / "film.jpg")
    enrolled.sees("attach-fault", "larger than 20 MB. Choose a smaller one.")
    # As large as one may be; what makes it so is not sent along.
    drawn = picture(enrolled, 900, 700)
    (tmp_path / "large.jpg").write_bytes(drawn[:2] + segment(0xFE, bytes(65_000)) * 304 + drawn[2:])
    assert (tmp_path / "large.jpg").stat().st_size > 19_700_000
    enrolled.page.get_by_test_id("attach-picture").set_input_files(tmp_path / "large.jpg")
    expect(enrolled.page.get_by_test_id("attach-size")).to_be_visible()
    enrolled.page.get_by_test_id("attach-sharpness").fill("0")
    enrolled.page.get_by_test_id("attachment-picture").wait_for()
    enrolled.until(lambda: 0 < shown_kilobytes(enrolled) <= 66, "a smaller picture")

    enrolled.page.context.route(
        PATHS,
        lambda route: route.fulfill(status=429, json={"code": "attachment_quota", "message": "full"}),
        times=1,
    )
    enrolled.tap("attach-send")
    enrolled.has("message", "data-state", "failed")
    enrolled.sees("attachment", "Too many photographs")
    enrolled.tap("attachment-again")
    enrolled.until(lambda: relay.posts, "the photograph as a new one")
    assert named(relay, relay.posts[0]).size <= 4 * CHUNK
    expect(enrolled.page.get_by_test_id("message")).to_have_count(1)

    enrolled.page.context.set_offline(True)
    enrolled.tap("open-attach")
    give(enrolled, picture(enrolled, 90, 70))
    enrolled.tap("attach-send")
    enrolled.tap("attachment-discard")
    expect(enrolled.page.get_by_test_id("message")).to_have_count(1)
    enrolled.page.context.set_offline(False)


def shown_kilobytes(phone: Phone) -> int:
    shown = phone.page.get_by_test_id("attach-size")
    return int("".join(filter(str.isdigit, phone.reads("attach-size")))) if shown.is_visible() else 0


def test_the_offices_photograph_is_fetched_when_asked_for_and_from_where_it_broke(
    enrolled: Phone, relay: Relay, context: BrowserContext
) -> None:
    about = put(relay, picture(enrolled, 800, 600)[: 5 * CHUNK])
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.sees("attachment", "Photograph")
    enrolled.sees("message-text", "Is this your house?")
    assert not [request for request in relay.requests if "attachments" in request]

    fetched: list[str] = []

    def broken(route: Route) -> None:
        fetched.append(route.request.url)
        if len(fetched) > 2:
            route.abort()
        else:
            route.continue_()

    context.route(PATHS, broken)
    enrolled.tap("attachment-show")
    enrolled.sees("attachment-fault", "Nothing is lost")
    context.unroute(PATHS, broken)
    relay.requests.clear()
    enrolled.tap("attachment-show")
    shown = enrolled.page.get_by_test_id("attachment-picture")
    # Its file, which no desk would send so, says that it lies on its side.
    expect(shown).to_have_js_property("naturalWidth", 600)
    enrolled.until(lambda: relay.attachments[about.attachment].taken, "that it was taken")
    assert relay.requests.count(f"POST /v1/attachments/{b64u(about.attachment)}/fetch") == about.count - 2

    # Another's chunk in its place is not shown.
    false = put(relay, secrets.token_bytes(2 * CHUNK))
    held = relay.attachments[false.attachment].data
    held[0], held[1] = held[1], held[0]
    enrolled.tap("back")
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.page.get_by_test_id("attachment-show").last.click()
    enrolled.sees("attachment-fault", "did not pass")
    assert not relay.attachments[false.attachment].taken


def test_a_voice_note_goes_both_ways(enrolled: Phone, relay: Relay, context: BrowserContext) -> None:
    """Chromium beeps into its own microphone once a second."""
    enrolled.tap("open-thread")
    enrolled.tap("open-attach")
    enrolled.tap("attach-voice")
    enrolled.sees("attach-left", "0:59")
    enrolled.tap("attach-stop")
    expect(enrolled.page.get_by_test_id("attachment-voice")).to_have_js_property("error", None)
    assert enrolled.reads("attach-size").startswith("Voice note, 0:0")
    context.route(PATHS, lambda route: route.abort(), times=1)
    enrolled.tap("attach-send")
    enrolled.until(lambda: relay.posts, "the voice note")
    about = named(relay, relay.posts[0])
    found = opened(relay, about)
    assert about.media is Media.WEBM_OPUS
    assert 1 <= about.seconds <= 5
    assert found.startswith(b"\x1aE\xdf\xa3")
    assert b"A_OPUS" in found
    assert about.size < 5_000 * about.seconds

    back = put(relay, found, media=Media.WEBM_OPUS, seconds=about.seconds, width=0, height=0)
    enrolled.tap("back")
    enrolled.refresh()
    enrolled.tap("open-thread")
    enrolled.page.locator("[data-mine=false]").get_by_test_id("attachment-play").click()
    player = enrolled.page.get_by_test_id("attachment-voice")
    expect(player).to_have_js_property("error", None)
    enrolled.until(lambda: player.evaluate("player => player.readyState >= 1"), "sound")
    enrolled.until(lambda: relay.attachments[back.attachment].taken, "that it was taken")


def test_where_the_microphone_is_refused_it_says_so(enrolled: Phone) -> None:
    refuse = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }"
    enrolled.page.evaluate(refuse)
    enrolled.tap("open-thread")
    enrolled.tap("open-attach")
    enrolled.tap("attach-voice")
    enrolled.sees("attach-fault", "microphone cannot be used")
