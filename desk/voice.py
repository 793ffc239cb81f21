"""Speaking with the officer: tables and questions at a terminal, or one JSON document."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console, ConsoleOptions, RenderResult
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from crypto.errors import CryptoError
from desk.errors import AlarmError, DeskError, UsageError

Tick = Callable[[str, int, int], None]


class Voice:
    """`as_json`: results go to standard output as one document and nothing is ever asked."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.out = Console(highlight=False)
        self.err = Console(stderr=True, highlight=False)

    def result(self, data: dict[str, Any], human: Callable[[Console], None]) -> None:
        if self.as_json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        else:
            human(self.out)

    def note(self, text: str) -> None:
        """A remark beside the result; on standard error."""
        self.err.print(text, style="yellow", markup=False)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Goes on when `yes` was given or is answered. Raises UsageError where nobody can be asked."""
        if yes:
            return
        if self.as_json or not sys.stdin.isatty():
            raise UsageError("This cannot be undone and was not confirmed.", "Add --yes.", "not_confirmed")
        if not typer.confirm(question, default=False):
            raise DeskError("Not confirmed; nothing was changed.", "", "not_confirmed")

    def fail(self, error: DeskError) -> None:
        if self.as_json:
            body = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
            sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
            return
        if isinstance(error, AlarmError):
            self.err.print("ALARM", style="bold white on red")
        self.err.print(error.message, style="bold red", markup=False)
        if error.hint:
            self.err.print(error.hint, markup=False)

    @contextmanager
    def progress(self) -> Iterator[Tick]:
        """A function (what, done, of) that moves bars on standard error; silent with JSON."""
        if self.as_json:
            yield lambda _what, _done, _of: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.err) as bars:
            tasks: dict[str, Any] = {}

            def tick(what: str, done: int, of: int) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(what, total=of)
                bars.update(tasks[what], completed=done, total=of)

            yield tick


class Rows(Table):
    """A table that says so when there is nothing in it, instead of showing its head alone."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.rows:
            yield from super().__rich_console__(console, options)
        else:
            title = str(self.title)
            yield Text(f"{title}." if title.startswith("0 ") else f"{title}: none.")


def table(title: str, *columns: str) -> Table:
    made = Rows(title=title, title_justify="left", header_style="bold")
    for column in columns:
        # An id is copied, so it stays on one line.
        made.add_column(
            column, overflow="fold", no_wrap=column in ("device", "invitation", "notice", "alias")
        )
    return made


@contextmanager
def speaking(*, as_json: bool) -> Iterator[Voice]:
    """A voice; whatever is refused inside is said clearly and ends the command with its exit code."""
    voice = Voice(as_json=as_json)
    try:
        yield voice
    except DeskError as error:
        voice.fail(error)
        raise typer.Exit(error.exit_code) from None
    except CryptoError as error:
        voice.fail(DeskError(f"{str(error)[:1].upper()}{str(error)[1:]}.", "Nothing was changed.", "refused"))
        raise typer.Exit(1) from None
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        voice.fail(DeskError(f"{error.strerror or error}{where}.", "Check the disk and its rights.", "disk"))
        raise typer.Exit(1) from None
