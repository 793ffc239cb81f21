"""The emulated Telegram in a process of its own, steered and read through its control endpoints."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

RETRY = re.compile(r"retry after (\d+)")
TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


@dataclass(frozen=True)
class Send:
    """One attempt, `at` in unix seconds by Telegram's clock."""

    at: float
    accepted: bool
    #: Seconds of rest that a 429 asked for.
    rest: int = 0


@dataclass
class Telegram:
    """Blocking calls; beside an event loop use asyncio.to_thread."""

    url: str
    users: list[int]

    def sends(self, after: int = 0) -> list[Send]:
        """Attempts to send since the first `after` of them."""
        found = self.call("GET", f"/control/sends?after={after}")["sends"]
        return [_send(each["at"], each["outcome"]) for each in found]

    def faults(self, **faults: Any) -> None:  # noqa: ANN401 - as emulator.faults names them
        """These faults and no others."""
        self.call("DELETE", "/control/faults")
        if faults:
            self.call("POST", "/control/faults", faults)

    def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read() or b"null")


def _send(at: float, outcome: str) -> Send:
    asked = RETRY.search(outcome)
    return Send(at, outcome == "sent", int(asked[1]) if asked else 0)


@contextmanager
def telegram(people: int) -> Iterator[Telegram]:
    """With so many people who let the bot write to them; it has forgotten that they ever said anything."""
    names = [argument for number in range(people) for argument in ("--person", f"P{number}:en")]
    command = [sys.executable, "-m", "emulator", "--port", "0", "--token", TOKEN, *names]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        found = Telegram(ready["url"], [user["id"] for user in ready["users"]])
        for user in found.users:
            found.call("POST", f"/control/users/{user}/allow", {})
        found.call("POST", f"/bot{TOKEN}/deleteWebhook", {"drop_pending_updates": True})
        if left := found.call("GET", f"/bot{TOKEN}/getUpdates")["result"]:
            raise RuntimeError(f"{len(left)} updates wait: a relay would handle them while it is measured")
        yield found
    finally:
        process.terminate()
        process.wait(10)
