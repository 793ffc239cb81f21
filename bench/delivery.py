"""The delivery loop against the emulated Telegram, whose limit is 30 sends in any second, strictly.

Counted at Telegram's end. The limit is arithmetic: the (n + 30)th send comes a second after the nth at the earliest.
Nearly all of the crowd stays in the queue, so that claiming from a long one is part of the figure.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import uvloop
from pydantic import SecretStr

from bench import telegram
from bench.figure import Bench, Figure, turns
from bench.progress import step
from bench.telegram import Send, Telegram
from bench.town import Town, crowd, letter, ring
from handlers.app import House, open_parts
from handlers.config import Settings

OVERALL = 30
CROWD, QUICK_CROWD = 20_000, 200
LOOK_SECONDS = 0.25
#: A run that takes this many times what the limit allows has shown enough.
PATIENCE, START_SECONDS = 2, 10
#: Sends that have left before the answer with the 429 is read.
UNDER_WAY_SECONDS = 0.1
RETRY_AFTER = 2
#: Each run has a database of its own, which knows nothing of what was sent for the one before within the second.
FORGOTTEN_SECONDS = 1.1
Enough = Callable[[list[Send]], bool]
#: jitter in milliseconds each way, goal
JITTERS = ((0, 0.98), (10, 0.95), (30, 0.90))


def broadcast(quick: bool, folder: Path) -> list[Figure]:
    blocks, block = (3, OVERALL) if quick else (5, 3 * OVERALL)
    count = blocks * block + 1
    figures = []
    size = QUICK_CROWD if quick else CROWD
    with telegram.telegram(count + 2 * OVERALL) as there:
        town = queue(folder / "town", there.users, size)
        refused = 0
        for jitter, goal in JITTERS:
            step(f"{jitter} ms jitter")
            before = len(there.sends())
            there.faults(jitter=jitter / 1000)
            copy = town.copy(folder / f"jitter-{jitter}")
            time.sleep(FORGOTTEN_SECONDS)
            deliver(copy, there, more(accepted, count - 1), before, seconds=count / OVERALL)
            sends = there.sends(before)
            refused += sum(not send.accepted for send in sends)
            note = f"claimed from {size:,} waiting rings"
            name = f"broadcast, {jitter} ms jitter each way" if jitter else "broadcast, no jitter"
            figures.append(
                Figure(name, "30 in any second", _rates(accepted(sends)[:count], block), goal, note=note)
            )
        there.faults()
    figures.append(
        Figure("refusals during the broadcasts", "none", [float(refused)], 0, at_most=True, unit="429s")
    )
    return figures


def refusal(quick: bool, folder: Path) -> list[Figure]:
    """One 429 in the middle of a broadcast. Raises AssertionError when anything leaves before retry_after ends."""
    trials, after = (2, OVERALL) if quick else (5, 3 * OVERALL)
    rates, gaps, refused = [], [], []
    with telegram.telegram(10 * OVERALL) as there:
        town = queue(folder / "town", there.users, QUICK_CROWD if quick else CROWD)
        for trial, _ in turns(trials):
            before = len(there.sends())
            there.faults(script=["ok"] * (OVERALL + 7 * trial + 5) + ["refuse"], retry_after=RETRY_AFTER)
            copy = town.copy(folder / f"trial-{trial}")
            deliver(copy, there, more(_resumed, after), before, seconds=5 + 2 * RETRY_AFTER)
            sends = there.sends(before)
            first = _refused_at(sends)
            if not _resumed(sends):
                raise RuntimeError("delivery was too slow to come to the 429 and past it")
            early = [send for send in sends if _disobeys(send, sends)]
            if early:
                raise AssertionError(f"{len(early)} sends before the end of a 429's retry_after")
            gaps.append(min(s.at for s in sends if s.at >= first + RETRY_AFTER) - first - RETRY_AFTER)
            refused.append(sum(not send.accepted for send in sends) - 1)
            rates += _rates(_resumed(sends)[: after + 1], after)
        there.faults()
    note = f"{min(refused)} to {max(refused)} more refusals in a run; nothing left before retry_after ended"
    return [
        Figure("after a 429: rate one second later", "30 in any second", rates, 0.95, note=note),
        Figure("after a 429: first send", "retry_after", gaps, 0.25, at_most=True, unit="s late"),
    ]


def queue(folder: Path, users: Sequence[int], size: int) -> Town:
    """People with a letter and a ring that waits; the emulator knows the first ones of them."""
    town = Town.found(folder)
    strangers = range(10**12, 10**12 + max(0, size - len(users)))
    house, people = crowd(town, [*users, *strangers])
    letter(town, house, people)
    ring(town, house, people)
    return town


def more(kind: Callable[[list[Send]], list[float]], number: int) -> Enough:
    """Whether there are more than so many of this kind."""
    return lambda sends: len(kind(sends)) > number


def deliver(
    town: Town, there: Telegram, enough: Enough, before: int, *, seconds: float, rate: int = OVERALL
) -> None:
    """Deliver until there was enough; `seconds` is what the limit allows for it, `rate` a second what is set."""
    settings = Settings(
        bot_token=SecretStr(telegram.TOKEN),
        bot_api_url=there.url,
        broadcast_rate=rate,
        polling=True,
        public_url="http://127.0.0.1:8470",
        database_url=town.url,
        vault_key_file=town.key,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until(settings, there, enough, before, START_SECONDS + PATIENCE * seconds))


async def _until(settings: Settings, there: Telegram, enough: Enough, before: int, seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    seen: list[Send] = []
    async with _delivering(settings) as running:
        while not enough(seen):
            if running.done() or asyncio.get_running_loop().time() > end:
                break
            await asyncio.sleep(LOOK_SECONDS)
            # Only what is new: reading all of it each time is work that the relay would be charged with.
            seen += await asyncio.to_thread(there.sends, before + len(seen))
        if running.done():
            running.result()


@asynccontextmanager
async def _delivering(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """The whole relay but its web side."""
    store, vault = open_parts(settings)
    house = House(settings, store, vault)
    async with house.open() as running:
        yield running


def accepted(sends: Sequence[Send]) -> list[float]:
    """When each was taken, in order."""
    return sorted(send.at for send in sends if send.accepted)


def _refused_at(sends: Sequence[Send]) -> float:
    """When the 429 came that was ordered; one that pacing earned asks for a second only."""
    return min((send.at for send in sends if send.rest >= RETRY_AFTER), default=float("inf"))


def _disobeys(send: Send, sends: Sequence[Send]) -> bool:
    """Whether it left although a 429 that had been answered by then still held."""
    return any(each.at + UNDER_WAY_SECONDS < send.at < each.at + each.rest for each in sends if each.rest)


def _resumed(sends: Sequence[Send]) -> list[float]:
    """What was accepted from one second after the 429's end on."""
    start = _refused_at(sends) + RETRY_AFTER + 1
    return [at for at in accepted(sends) if at >= start]


def _rates(times: Sequence[float], block: int) -> list[float]:
    """Block by block: the shortest time that the limit allows over the time it took."""
    marks = times[::block]
    if len(marks) < 2:  # cut off long before: what there was counts
        return [(len(times) - 1) / OVERALL / (times[-1] - times[0]) if len(times) > 1 else 0.0]
    return [block / OVERALL / (end - start) for start, end in pairwise(marks)]


BROADCAST = Bench("broadcast", "doorbells leave at nearly the allowed rate, and are never refused", broadcast)
REFUSAL = Bench("refusal", "a 429 is obeyed to its end, and the rate comes back", refusal)
