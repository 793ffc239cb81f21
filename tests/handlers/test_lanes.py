"""Order per chat, several chats at once, failures keep their place."""

import asyncio
from collections import defaultdict

import pytest

from handlers import lanes
from handlers.lanes import Lanes


@pytest.fixture(autouse=True)
def _quick(monkeypatch) -> None:
    monkeypatch.setattr(lanes, "RETRY_SECONDS", (0.0, 0.0, 0.0))


async def nothing(_item: object) -> None:
    raise AssertionError("nothing is given up here")


async def quiet(subject: Lanes) -> None:
    async with asyncio.timeout(5):
        while not subject.idle:  # noqa: ASYNC110 - lanes have no event for it
            await asyncio.sleep(0)


async def test_order_holds_per_chat_while_chats_interleave() -> None:
    seen: dict[int, list[int]] = defaultdict(list)
    running: set[int] = set()
    most = 0

    async def handle(item: tuple[int, int]) -> None:
        nonlocal most
        chat, number = item
        assert chat not in running
        running.add(chat)
        most = max(most, len(running))
        for _ in range((chat * 7 + number * 3) % 5):
            await asyncio.sleep(0)
        running.discard(chat)
        seen[chat].append(number)

    subject: Lanes[tuple[int, int]] = Lanes(handle, nothing, breadth=8)
    for number in range(20):
        for chat in range(30):
            subject.offer(chat, (chat, number))
    await quiet(subject)
    assert all(numbers == list(range(20)) for numbers in seen.values())
    assert len(seen) == 30
    assert most == 8


async def test_a_busy_chat_does_not_hold_up_another() -> None:
    gate = asyncio.Event()
    seen: list[str] = []

    async def handle(item: str) -> None:
        if item == "slow":
            await gate.wait()
        seen.append(item)

    subject: Lanes[str] = Lanes(handle, nothing)
    subject.offer("a", "slow")
    subject.offer("a", "behind")
    subject.offer("b", "other")
    for _ in range(10):
        await asyncio.sleep(0)
    assert seen == ["other"]
    gate.set()
    await quiet(subject)
    assert seen == ["other", "slow", "behind"]


async def test_a_failure_is_tried_again_before_the_next_of_its_chat() -> None:
    seen: list[int] = []
    failures = iter([True, True, False])

    async def handle(item: int) -> None:
        if item == 1 and next(failures):
            raise RuntimeError
        seen.append(item)

    subject: Lanes[int] = Lanes(handle, nothing)
    subject.offer("a", 1)
    subject.offer("a", 2)
    await quiet(subject)
    assert seen == [1, 2]


async def test_what_never_succeeds_is_put_aside_and_the_lane_goes_on() -> None:
    seen: list[int] = []
    aside: list[int] = []

    async def handle(item: int) -> None:
        if item == 1:
            raise RuntimeError
        seen.append(item)

    async def put_aside(item: int) -> None:
        aside.append(item)

    subject: Lanes[int] = Lanes(handle, put_aside)
    for item in (1, 2):
        subject.offer("a", item)
    await quiet(subject)
    assert (seen, aside) == ([2], [1])


async def test_while_nothing_can_be_put_aside_the_item_keeps_its_place() -> None:
    down = True
    tries = 0

    async def handle(_item: int) -> None:
        nonlocal tries
        tries += 1
        if down:
            raise RuntimeError

    async def put_aside(_item: int) -> None:
        raise RuntimeError

    subject: Lanes[int] = Lanes(handle, put_aside)
    subject.offer("a", 1)
    for _ in range(100):
        await asyncio.sleep(0)
    assert tries > 4
    assert not subject.idle
    down = False
    await quiet(subject)


async def test_stop_abandons_what_waits() -> None:
    subject: Lanes[int] = Lanes(lambda _item: asyncio.Event().wait(), nothing)  # type: ignore[arg-type,return-value]
    subject.offer("a", 1)
    subject.offer("a", 2)
    await asyncio.sleep(0)
    await subject.stop()
    assert subject.idle


async def test_a_busy_database_never_gives_an_update_up() -> None:
    busy, aside, seen = 50, [], []

    async def handle(item: int) -> None:
        nonlocal busy
        busy -= 1
        if busy > 0:
            raise TimeoutError
        seen.append(item)

    async def put_aside(item: int) -> None:
        aside.append(item)

    subject: Lanes[int] = Lanes(handle, put_aside, passing=lambda error: isinstance(error, TimeoutError))
    subject.offer("a", 1)
    await quiet(subject)
    assert (seen, aside) == ([1], [])
