"""What the commands share: where they write, and opening the relay's database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress

from handlers.clock import clock_of
from handlers.config import ConfigError, Settings

if TYPE_CHECKING:
    from handlers.app import Parts
    from relay.unit import Store

Json = Annotated[bool, typer.Option("--json", help="For programs: one object.")]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def told() -> Iterator[None]:
    """Turns a ConfigError into a message and exit code 2."""
    try:
        yield
    except ConfigError as error:
        err.print(f"[bold red]qasid:[/] {escape(str(error))}", soft_wrap=True)
        raise typer.Exit(2) from None


@contextmanager
def opened() -> Iterator["Parts"]:
    """Database and vault key, as the settings name them; what cannot be used is told as `told` does."""
    with told():
        from handlers.app import open_parts  # noqa: PLC0415 – --help stays quick

        parts = open_parts(Settings.load())
        try:
            yield parts
        finally:
            parts.store.close()


@contextmanager
def opened_store() -> Iterator["Store"]:
    """The database alone, for what has nothing to do with the vault key; as `opened`."""
    with told():
        from handlers.app import open_database  # noqa: PLC0415 – --help stays quick

        store = open_database(Settings.load())
        try:
            yield store
        finally:
            store.close()


def now() -> datetime:
    """By the relay's own clock."""
    return clock_of(Settings.load().clock_file).now()


@contextmanager
def counted(what: str) -> Iterator[Callable[[int], None]]:
    """Shows how many there were so far, where the end is not known."""
    with Progress("{task.description}", "{task.completed:,}", console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more: bar.advance(task, more)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int | None], Callable[[], None]]]:
    """Shows how far it is; begun anew when the work is."""
    with Progress(
        "{task.description}", "{task.completed:,}", BarColumn(), console=err, transient=True
    ) as bar:

        def begun(total: int | None) -> Callable[[], None]:
            for each in bar.task_ids:
                bar.remove_task(each)
            task = bar.add_task(what, total=total)
            return lambda: bar.advance(task)

        yield begun
