"""The relay's processes: started, killed, started anew."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

import httpx

from handlers.server import listen
from tests.chaos import child

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([child.__name__])
LOOK_SECONDS = 0.02
START_SECONDS = 60
#: Promised of SIGTERM.
STOP_SECONDS = 10
#: How often each is killed, of so many.
WEIGHTS = {"both": 1, "worker": 4, "web": 1}


class Member:
    """One process by role; what follows it after its death has the same port, and so the same name."""

    def __init__(self, role: str, log: Path, sabotage: Callable[[], None] | None) -> None:
        with listen("127.0.0.1", 0) as bound:
            self.port = bound.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.role = role
        self._log = log
        self._sabotage = sabotage
        self._process: ForkServerProcess | None = None

    def start(self, environment: dict[str, str]) -> None:
        given = environment | {"QASID_ROLE": self.role, "QASID_PORT": str(self.port)}
        self._process = FORKS.Process(target=child.serve, args=(given, self._log, self._sabotage))
        self._process.start()

    async def serves(self) -> None:
        """Returns once it answers. Raises RuntimeError when it ended instead, TimeoutError."""
        assert self._process is not None
        async with httpx.AsyncClient(base_url=self.url) as http, asyncio.timeout(START_SECONDS):
            while True:
                try:
                    if (await http.get("/healthz")).is_success:
                        return
                except httpx.TransportError:
                    if not self._process.is_alive():
                        raise RuntimeError(
                            f"a process of the relay ended by itself; see {self._log}"
                        ) from None
                    await asyncio.sleep(LOOK_SECONDS)

    async def kill(self) -> None:
        """SIGKILL; returns once it is dead."""
        assert self._process is not None
        self._process.kill()
        await asyncio.to_thread(self._process.join)
        if self._process.exitcode != -signal.SIGKILL:
            raise RuntimeError(f"a process of the relay ended by itself; see {self._log}")

    async def stop(self) -> int | None:
        """SIGTERM; its exit code, None when it had to be killed."""
        if self._process is None:
            return None
        self._process.terminate()
        await asyncio.to_thread(self._process.join, STOP_SECONDS)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            await asyncio.to_thread(self._process.join)
        return code


class Crew:
    """All processes of one relay. `environment` is what they share, but for who they are."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        roles: tuple[str, ...],
        sabotage: Callable[[], None] | None = None,
    ) -> None:
        self.members = [Member(role, folder / "relay.log", sabotage) for role in roles]
        serving = next(member for member in self.members if member.role != "worker")
        #: Where phones and desks ask.
        self.url, self.authority = serving.url, f"127.0.0.1:{serving.port}"
        self._environment = environment | {"QASID_PUBLIC_URL": serving.url}

    async def start(self) -> None:
        for member in self.members:
            member.start(self._environment)
        await self.serve()

    async def serve(self) -> None:
        """Returns once all of them answer."""
        async with asyncio.TaskGroup() as group:
            for member in self.members:
                group.create_task(member.serves())

    def victim(self, random: Random) -> Member:
        return random.choices(self.members, [WEIGHTS[member.role] for member in self.members])[0]

    def again(self, member: Member) -> None:
        """What was killed is started anew."""
        member.start(self._environment)

    async def stop(self) -> list[int | None]:
        """The exit codes."""
        return [await member.stop() for member in self.members]
