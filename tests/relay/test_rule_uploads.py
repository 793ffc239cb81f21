"""Envelopes that come in parts: in order, whole, and nobody else's."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.encoding import new_id
from relay import erasure, notices, post, retention, uploads
from relay.notices import Draft
from relay.terms import USUAL
from relay.uploads import Part, Whole
from tests.relay.house import House, Officer, b
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of

ID = b(7)


def put(house: House, start: int, data: bytes, *, by: Officer | None = None, id_: bytes = ID) -> int:
    return house.as_(by or house.chief, uploads.put, Part(id_, start, data), house.now)


def held(house: House, id_: bytes = ID, by: Officer | None = None) -> int:
    return house.as_(by or house.chief, uploads.held, id_)


def whole(data: bytes) -> Whole:
    return Whole(ID, hashlib.sha256(data).digest())


def schedule(house: House, draft: Draft, by: Officer | None = None) -> str:
    empty = replace(draft, envelope=b"")
    return house.as_(by or house.chief, uploads.schedule, empty, whole(draft.envelope), house.now)


def test_parts_make_a_notice_and_are_forgotten(house: House) -> None:
    phone = house.enrolled("messages", "departures")
    draft = house.draft(house.movement(2), [phone])
    data = draft.envelope
    assert held(house) == 0
    assert put(house, 0, data[:1000]) == 1000
    with fails("upload_incomplete"):
        schedule(house, draft)
    assert house.read(notices.next_release) is None
    assert put(house, 0, data[:1000]) == held(house) == 1000  # the answer was lost
    assert put(house, 1000, data[1000:]) == held(house) == len(data)
    assert schedule(house, draft) == "scheduled"
    assert held(house) == 0
    house.pass_(hours=3)
    assert house.release() == 1
    assert [post.opened(each.envelope)[0].header.envelope for each in phone.mail().items] == [
        post.opened(data)[0].header.envelope
    ]


def test_what_is_refused_stays_to_be_tried_again(house: House) -> None:
    phone = house.enrolled("messages", "departures")
    draft = house.draft(house.movement(1), [phone], party=2)
    put(house, 0, draft.envelope)
    with fails("seats_short"):
        schedule(house, draft)
    assert held(house) == len(draft.envelope)


@pytest.mark.parametrize(
    ("start", "data", "code"),
    [
        (0, b"", "malformed"),
        (0, bytes(uploads.PART_SIZE + 1), "malformed"),
        (0, b"1234", "upload_differs"),
        (0, b"123", "upload_differs"),
        (2, b"345", "upload_differs"),
        (6, b"6", "upload_gap"),
    ],
)
def test_wrong_parts(house: House, start: int, data: bytes, code: str) -> None:
    put(house, 0, b"12345")
    with fails(code):
        put(house, start, data)
    assert held(house) == 5


def test_it_is_the_devices_own(house: House) -> None:
    """Another coordinator's parts of that id are others; who plans no departures sends none."""
    phone = house.enrolled("messages", "departures")
    draft = house.draft(house.movement(2), [phone])
    put(house, 0, draft.envelope)
    other = house.by("C-02")
    assert held(house, by=other) == 0
    with fails("upload_incomplete"):
        schedule(house, draft, other)
    assert put(house, 0, b"else", by=other) == 4
    assert held(house) == len(draft.envelope)
    for who in (house.by("W-01"), phone):
        with fails("not_allowed"):
            house.as_(who, uploads.put, Part(ID, 0, b"x"), house.now)
        with fails("not_allowed"):
            house.as_(who, uploads.held, ID)
    assert schedule(house, draft) == "scheduled"
    assert held(house, by=other) == 4


def test_no_more_than_there_is_room_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "OFFICER_SIZE", 10)
    monkeypatch.setattr(uploads, "OFFICE_SIZE", 12)
    put(house, 0, bytes(9))
    with fails("too_large"):
        put(house, 9, bytes(2))
    assert put(house, 9, b"0") == 10
    other = house.by("C-02")
    assert put(house, 0, bytes(2), by=other) == 2
    with fails("uploads_full"):
        put(house, 2, b"0", by=other)


def test_the_one_that_rests_longest_gives_way(house: House) -> None:
    ids = [new_id() for _ in range(uploads.MOST + 1)]
    for number, id_ in enumerate(ids[:-1]):
        put(house, 0, bytes([number]), id_=id_)
        house.pass_(minutes=1)
    put(house, 1, b"more", id_=ids[0])
    put(house, 0, b"new", id_=ids[-1])
    assert [held(house, id_) for id_ in ids] == [5, 0, 1, 1, 3]


def test_forgotten_when_it_does_not_go_on(house: House) -> None:
    put(house, 0, b"first")
    nearly = USUAL.uploads - timedelta(hours=1)
    house.pass_(seconds=nearly.total_seconds())
    put(house, 5, b"second")
    house.pass_(seconds=nearly.total_seconds())
    house.write(retention.forget, house.now)
    assert held(house) == 11
    house.pass_(hours=1)
    house.write(retention.forget, house.now)
    assert held(house) == 0


def test_half_a_letter_goes_with_whoever_is_erased(house: House) -> None:
    """It may be addressed to them; the desk begins anew."""
    phone = house.enrolled("messages", "departures")
    put(house, 0, house.draft(house.movement(2), [phone]).envelope[:1000])
    house.as_(house.chief, erasure.erase, alias_of(house, phone), house.now)
    assert held(house) == 0
