"""`doctor`: what is wrong around the relay, and what to do."""

import asyncio
import json
from dataclasses import asdict

import typer
from rich.markup import escape

from handlers.clock import clock_of
from handlers.commands.common import Json, out, told
from handlers.config import Settings


def doctor(*, as_json: Json = False) -> None:
    """Look at token, webhook, clock, vault key, disk, database, phone app, bot settings and backups.

    Whether the relay runs or not; nothing is changed. Each line that is not as it should be says what to do; exit code
    1 then.
    """
    with told():
        from handlers import doctor as examining  # noqa: PLC0415 – --help stays quick
        from handlers.app import open_database  # noqa: PLC0415 – --help stays quick

        settings = Settings.load()
        found = asyncio.run(examining.examine(settings, clock_of(settings.clock_file), open_database))
        well = all(each.ok for each in found)
        if as_json:
            # Advice is for what is wrong.
            lines = [asdict(each) | ({"advice": ""} if each.ok else {}) for each in found]
            out.print_json(json.dumps({"ok": well, "lines": lines}))
        else:
            for each in found:
                mark = "[green]well [/]" if each.ok else "[bold red]WRONG[/]"
                out.print(f"{mark} {each.line}: {escape(each.said)}", soft_wrap=True)
                if not each.ok:
                    out.print(f"      [bold]{escape(each.advice)}[/]", soft_wrap=True)
        if not well:
            raise typer.Exit(1)
