"""The delivery loop at the paid rate, over a line with a round trip of 80 ms; counted at Telegram's end.

The limit is Telegram's thousand a second, or what a bare aiohttp client gets through on this machine, which has to run
the emulated Telegram besides: whichever is less. The client posts the same doorbells over as many connections.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import aiohttp
import uvloop

from bench import telegram
from bench.delivery import accepted, deliver, more, queue
from bench.figure import Bench, Figure, turns
from handlers.delivery import BREADTH
from relay.pacing import PAID

TRIP_SECONDS = 0.080
#: rounds, sends in each: several thousand, or what leaves at once is all there is
FULL, QUICK = (5, 5_000), (2, 400)
STARS = 10_000_000
LIMITS = {"paid": [PAID, 1], "private": [1, 1]}
#: The bare client keeps to none.
NO_LIMITS = {"paid": [1_000_000, 1], "private": [1_000_000, 1]}
#: As long as what the relay sends, in the same fields.
DOORBELL = {
    "text": "You have a message. Tap the button below to open it.",
    "reply_markup": '{"inline_keyboard": [[{"text": "Open", "web_app": {"url": "http://127.0.0.1:8470/app/"}}]]}',
    "disable_notification": "false",
    "protect_content": "true",
    "allow_paid_broadcast": "true",
}


def run(quick: bool, folder: Path) -> list[Figure]:
    rounds, count = QUICK if quick else FULL
    ours: list[float] = []
    bare: list[float] = []
    refused = 0
    # Each side has people of its own: to the relay, a chat takes one message a second.
    with telegram.telegram(2 * count) as there:
        there.faults(latency=TRIP_SECONDS / 2)
        town = queue(folder / "town", there.users[:count], count)
        for number, first in turns(rounds):
            for mine in (first, not first):
                before = len(there.sends())
                there.call("POST", "/control/limits", {"stars": STARS, **(LIMITS if mine else NO_LIMITS)})
                if mine:
                    copy = town.copy(folder / f"round-{number}")
                    enough = more(accepted, count - 1)
                    deliver(copy, there, enough, before, seconds=count / PAID * 8, rate=PAID)
                else:
                    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                        runner.run(_posted(there.url, there.users[count:]))
                sends = there.sends(before)
                refused += sum(not send.accepted for send in sends) if mine else 0
                (ours if mine else bare).append(_rate(accepted(sends)))
        there.faults()
    limits = [min(float(PAID), each) for each in bare]
    return [
        Figure(
            f"paid rate, {TRIP_SECONDS * 1000:.0f} ms round trip",
            f"bare aiohttp, at most {PAID:,} a second",
            [mine / limit for mine, limit in zip(ours, limits, strict=True)],
            0.90,
            note=f"{median(ours):,.0f}/s against {median(bare):,.0f}/s",
        ),
        Figure("refusals at the paid rate", "none", [float(refused)], 0, at_most=True, unit="429s"),
    ]


def _rate(times: Sequence[float]) -> float:
    """Sends a second after the first window, which may leave at once; each later send has its like a second before."""
    begin = PAID - 1 if len(times) > PAID else 0
    if len(times) - begin < 2:
        raise RuntimeError("delivery did not come into its stride")
    return (len(times) - 1 - begin) / (times[-1] - times[begin])


async def _posted(address: str, users: Sequence[int]) -> None:
    """A doorbell to each, over as many connections as the relay has at most, as fast as they are answered."""
    url = f"{address}/bot{telegram.TOKEN}/sendMessage"
    waiting = iter(users)

    async def lane(session: aiohttp.ClientSession) -> None:
        for user in waiting:
            async with session.post(url, data={**DOORBELL, "chat_id": str(user)}) as answer:
                await answer.read()

    connector = aiohttp.TCPConnector(limit=BREADTH)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        for _ in range(BREADTH):
            group.create_task(lane(session))


BENCH = Bench("paid", "paid for, doorbells leave at nearly a thousand a second", run)
