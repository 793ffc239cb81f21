"""`python -m emulator`: the emulator as a process of its own. Prints one line of JSON when it is ready."""

import argparse
import asyncio
import json
import signal
import sys
from datetime import UTC, datetime

from emulator.clock import ManualClock, RealClock
from emulator.server import serve
from emulator.telegram import Telegram


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m emulator", description="Telegram on loopback. Not real Telegram."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--token", default="", help="token of the first bot (default: made up)")
    parser.add_argument("--username", default="demo_bot", help="username of the first bot")
    parser.add_argument("--person", action="append", default=[], metavar="NAME:LANGUAGE", help="add a person")
    parser.add_argument(
        "--manual-clock",
        metavar="TIME",
        nargs="?",
        const="now",
        help="stand still from this ISO time (default: now)",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    clock: ManualClock | RealClock = RealClock()
    if arguments.manual_clock:
        start = (
            datetime.now(UTC)
            if arguments.manual_clock == "now"
            else datetime.fromisoformat(arguments.manual_clock)
        )
        clock = ManualClock(start if start.tzinfo else start.replace(tzinfo=UTC))
    telegram = Telegram(clock)
    bot = telegram.add_bot(arguments.token, arguments.username)
    people = []
    for person in arguments.person:
        name, _, language = person.partition(":")
        people.append(telegram.add_user(name, language or "en").json())
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with serve(telegram, arguments.port) as url:
        ready = {"url": url, "bot": {**bot.json(), "token": bot.token}, "users": people}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    """Run until SIGINT or SIGTERM; 1 with a message when it cannot start."""
    try:
        asyncio.run(_run(_arguments()))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"emulator: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
