"""What leaves a desk of a photograph or voice note: the picture and the sound, and nothing said besides."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.attachment import MOST, Media
from desk import media
from desk.errors import UsageError
from desk.media import Medium
from tests.desk.pictures import LOSSLESS, LOSSY, SCAN, SECRET, jpeg, ogg, riff, segment, webp


def test_a_jpeg_keeps_its_picture_and_nothing_else() -> None:
    made = media.clean(jpeg(100))
    assert (made.media, made.width, made.height) == (Media.JPEG, 640, 480)
    assert SECRET not in made.data
    assert made.data.count(SCAN) == 2
    assert b"Adobe" in made.data
    for marker in (0xE0, 0xE1, 0xED, 0xFE):
        assert bytes([0xFF, marker]) not in made.data
    assert made.data.endswith(b"\xff\xd9")
    assert made.data.count(b"\xff\xd8") == 1
    assert media.clean(made.data) == made


@pytest.mark.parametrize("alpha", [False, True])
def test_a_webp_too(alpha: bool) -> None:
    made = media.clean(webp(alpha=alpha))
    assert (made.media, made.width, made.height) == (Media.WEBP, 320, 200)
    assert SECRET not in made.data
    assert LOSSY in made.data
    assert (b"ALPH" in made.data, b"VP8X" in made.data) == (alpha, alpha)
    assert media.clean(made.data) == made
    assert media.clean(riff((b"VP8L", LOSSLESS), (b"EXIF", SECRET))).data == riff((b"VP8L", LOSSLESS))


def test_a_voice_note_says_who_made_it_by_voice_alone() -> None:
    data = ogg()
    assert media.clean(data) == Medium(Media.OGG_OPUS, data, seconds=7)
    with pytest.raises(UsageError, match="comments"):
        media.clean(ogg(b"LOCATION=" + SECRET))


FRAME = segment(0xC0, b"\x08\0\x10\0\x10\1\1\x11\0")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"a text", b"\x1a\x45\xdf\xa3 webm", b"GIF89a", b"\xff\xd8\xff", b"\xff\xd8\xff\xd9",
        jpeg()[:-70], b"\xff\xd8" + SCAN + b"\xff\xd9", b"\xff\xd8\xff\xe1\0\1" + FRAME + SCAN + b"\xff\xd9",
        b"\xff\xd8" + FRAME + segment(0xDC, b"\0\x10") + SCAN + b"\xff\xd9", b"\xff\xd8" + FRAME + SCAN,
        b"\xff\xd8" + FRAME + b"stray" + SCAN + b"\xff\xd9", b"\xff\xd8\xff\xd8" + FRAME + SCAN + b"\xff\xd9",
        webp()[:-1], riff(), riff((b"VP8 ", LOSSY), (b"VP8 ", LOSSY)), riff((b"VP8 ", b"\1" + LOSSY[1:])),
        riff((b"VP8 ", LOSSY[:6] + bytes(4))),
        riff((b"ALPH", b"x"), (b"VP8 ", LOSSY)), riff((b"VP8 ", LOSSY), (b"ANMF", b"x")), riff((b"EXIF", SECRET)),
        ogg()[:-1], ogg() + b"OggS", ogg(serial=8), ogg(seconds=0), ogg(seconds=4000),
        ogg().replace(b"OpusHead", b"OpusHeat"), ogg().replace(b"OpusTags", b"OpusTaxs"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        media.clean(data)


@settings(max_examples=300, deadline=None)
@given(
    sample=st.sampled_from([jpeg(), webp(), webp(alpha=True), ogg()]),
    at=st.integers(0, 700),
    cut=st.integers(0, 9),
    put=st.binary(max_size=9),
)
def test_whatever_comes_it_is_read_or_refused(sample: bytes, at: int, cut: int, put: bytes) -> None:
    try:
        made = media.clean(sample[:at] + put + sample[at + cut :])
    except UsageError:
        return
    assert media.clean(made.data).data == made.data


def test_files_that_are_too_large(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(MOST))
    with pytest.raises(UsageError, match="too much"):
        media.read(path)
    path.write_bytes(jpeg(width=20_000))
    with pytest.raises(UsageError, match="too wide"):
        media.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        media.read(tmp_path / "none.jpg")
