"""`vault`: the exchange of the vault key, while the relay runs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import typer

from crypto.errors import CryptoError
from handlers.commands.common import Json, err, opened, out
from handlers.config import ConfigError

vault = typer.Typer(
    help="The key that seals Telegram ids at rest, and its exchange while the relay runs: `rotate`, wait until "
    "`status` shows nothing left, `retire`. Copy the file after `rotate` and after `retire`; keep the old copy for as "
    "long as you keep backups from before.",
    no_args_is_help=True,
)


@vault.command()
def rotate() -> None:
    """Put a new vault key before the old one; a job then seals with it what the old one sealed.

    Ten minutes pass before it is used, so that every process has read it. Processes on other machines need a copy of
    the file within that time.
    """
    with opened() as (_, held):
        with _written():
            held.rotate()
        out.print(f"A new vault key stands before the old one; it is used from {_time(held.settles_at)}.")
        err.print("Copy the key file to your medium now: both keys are needed until the old one is retired.")


@vault.command()
def status(*, as_json: Json = False) -> None:
    """Show whether the key is being exchanged, and how many rows still need the old one."""
    with opened() as (store, held):
        from relay.vaulting import left  # noqa: PLC0415 – --help stays quick

        needed = store.read_now(lambda tx: left(tx, held))
        if as_json:
            said = {"rotating": held.rotating, "settled": held.settled, "left": asdict(needed)}
            out.print_json(json.dumps(said))
        elif not held.rotating:
            out.print("There is one vault key; none is being exchanged.")
        else:
            used = "is" if held.settled else f"is from {_time(held.settles_at)}"
            out.print(f"There are two vault keys; the new one {used} used. Rows that need the old one:")
            out.print(", ".join(f"{name} {count:,}" for name, count in asdict(needed).items()))


@vault.command()
def retire() -> None:
    """Take the old vault key away; refused while a row needs it."""
    with opened() as (store, held):
        from relay.vaulting import left  # noqa: PLC0415 – --help stays quick

        if held.rotating and not held.settled:
            raise ConfigError(
                f"the new vault key is not used before {_time(held.settles_at)}: wait until then"
            )
        needed = store.read_now(lambda tx: left(tx, held)).total
        if needed:
            raise ConfigError(
                f"{needed:,} rows still need the old vault key: the relay seals them anew while it runs; "
                "qasid vault status shows how far it is"
            )
        with _written():
            held.retire()
        out.print("The old vault key is gone from the file. Copy the file to your medium now.")
        err.print("Backups from before need the old one: keep its copy as long as you keep them.")


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except CryptoError as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"the vault key's file cannot be written: {error.strerror}") from None


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S} UTC"
