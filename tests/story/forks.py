"""Commands run in processes that are forked off one which has loaded them: loading takes longer than most commands.

Each is the console script's own entry point, with its own arguments, environment, folder, streams and exit code.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import io
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import NoReturn

BIN = Path(sys.executable).parent
STREAMS = 3  # what every process has: input, output, errors
PATIENCE = 120.0  # seconds for one command


class Forks:
    """A console script, loaded once; it ends when closed, or with the process that made it."""

    def __init__(self, first: Sequence[str], modules: Sequence[str], environment: Mapping[str, str]) -> None:
        """Load the script of `first`, a harmless command that is run for all that it loads, and `modules`."""
        self.script = str(BIN / first[0])
        self._door, theirs = socket.socketpair()
        with theirs:
            # Not by -m: a usage line would name this module.
            begin = f"from {__name__} import main; main()"
            command = [sys.executable, "-c", begin, str(theirs.fileno()), ",".join(modules), *first]
            self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()])

    def run(
        self, *arguments: str, environment: Mapping[str, str], folder: Path | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """The exit code of one command, and what it wrote. Several may run at once. Raises TimeoutError."""
        ours, theirs = socket.socketpair()
        with ours, TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            given.write(stdin)
            given.seek(0)
            with theirs:
                passed = [theirs.fileno(), given.fileno(), out.fileno(), err.fileno()]
                socket.send_fds(self._door, [b"."], passed)
            asked = ([self.script, *arguments], dict(environment), str(folder or Path.cwd()))
            ours.settimeout(PATIENCE)
            ours.sendall(json.dumps(asked).encode())
            ours.shutdown(socket.SHUT_WR)
            with ours.makefile() as answer:
                code = answer.read()
            if not code:
                raise RuntimeError(f"{self.script} could not be run")
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(asked[0], int(code), out.read(), err.read())

    def close(self) -> None:
        """End it; the commands that were asked for must be over."""
        self._door.close()
        self._process.wait()


def main() -> None:
    """What the loaded process does, until its door is closed."""
    door, modules, *first = sys.argv[1:]
    try:
        serve(int(door), load(first, modules.split(",")))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def load(first: list[str], modules: Sequence[str]) -> Callable[[], object]:
    """The script's entry point, with all that it needs in memory."""
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name=first[0])
    command: Callable[[], object] = entry.load()
    for module in modules:
        importlib.import_module(module)
    with redirect_stdout(io.StringIO()):
        ended(command, first)
    gc.collect()
    gc.freeze()  # nothing of this is looked through again, nor copied for that
    return command


def serve(door: int, command: Callable[[], object]) -> None:
    """Fork off each command that is asked for."""
    with socket.socket(fileno=door) as asked:
        while passed := socket.recv_fds(asked, 1, 1 + STREAMS)[1]:
            if os.fork() == 0:
                run(command, *passed)
            for each in passed:
                os.close(each)
            reap(os.WNOHANG)
        reap(0)


def reap(options: int) -> None:
    """Take note of the commands that have ended: their time counts as this process's."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def run(command: Callable[[], object], asker: int, *streams: int) -> NoReturn:
    """Be the process of one command, and tell its exit code to who asked."""
    with socket.socket(fileno=asker) as answer:
        with answer.makefile() as asked:
            arguments, environment, folder = json.load(asked)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        code = ended(command, arguments)
        answer.sendall(str(code).encode())
        os._exit(code)  # taking down all that was loaded takes longer than most commands


def ended(command: Callable[[], object], arguments: list[str]) -> int:
    """The exit code of a command, once what it wrote is out."""
    sys.argv = arguments
    try:
        command()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - what ends a process
        traceback.print_exc()
        code = 1
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    return code
