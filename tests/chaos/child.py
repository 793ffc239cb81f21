"""One process of the relay, forked from one that has loaded what the relay loads and has done nothing yet.

So a start takes a fraction of what a new interpreter takes, and is a start all the same: a process of its own, which
opens the database, the vault and its sockets itself, and dies of SIGKILL as any other.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from handlers import app, clock, server
from handlers.cli import main
from handlers.texts import Texts
from store import migrate, postgres, sqlite

#: `serve` would load them only after the fork.
LOADED = (app, clock, server, migrate, postgres, sqlite)

#: Read here, its catalogues stay parsed.
TEXTS = Texts()


def serve(environment: dict[str, str], log: Path, sabotage: Callable[[], None] | None) -> None:
    """`qasid serve` with these QASID_*; `sabotage` breaks it first, for a test of what judges it."""
    os.environ.update(environment)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    if sabotage is not None:
        sabotage()
    sys.argv = ["qasid", "serve"]
    main()
