"""`retention`: how long things are kept, and what would go."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from handlers.commands.common import Json, now, opened, out
from handlers.config import Settings, variable

#: Of each kind: what it is, and which setting says how long it is kept; None: until its own time is over.
KINDS = {
    "envelopes": ("letters", None),
    "nonces": ("what was signed, so that it counts once", None),
    "prekeys": ("phones' public keys", None),
    "inbox": ("updates that were handled", "handled"),
    "outbox": ("messages that were sent, or will not be", "handled"),
    "doorbells": ("doorbells that are gone", "handled"),
    "proposals": ("what was proposed in chat", "handled"),
    "missives": ("that something went between offices", "missives"),
    "disclosures": ("that what was taken back is destroyed", "missives"),
    "uploads": ("letters in parts that never became whole", "uploads"),
    "attachments": ("attachments past their time, or never whole", "uploads"),
    "buttons": ("buttons that were pressed", None),
    "armour": ("beginnings of armoured texts", None),
    "accounts": ("chats that belong to nobody", "strangers"),
}


def retention(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would go now; nothing does.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show for how long things are kept, and which setting says so. The relay deletes by itself, every hour.

    With --dry-run it deletes in a transaction that is taken back: for that long SQLite lets nobody else write.
    """
    with opened() as (store, _):
        from relay.retention import forget  # noqa: PLC0415 – --help stays quick

        keep, at = Settings.load().retention, now()
        days = {name: kept // timedelta(days=1) for name, kept in asdict(keep).items()}
        swept = asdict(store.rehearse_now(lambda tx: forget(tx, at, keep))) if dry_run else {}
    if as_json:
        kinds = [
            {
                "name": name,
                "what": what,
                "days": None if setting is None else days[setting],
                "gone": swept.get(name),
            }
            for name, (what, setting) in KINDS.items()
        ]
        out.print_json(json.dumps({"dry_run": dry_run, "kinds": kinds}))
        return
    table = Table("what", "kept", *(("would go",) if dry_run else ()))
    for name, (what, setting) in KINDS.items():
        kept = (
            "until its time is over"
            if setting is None
            else f"{days[setting]} days ({variable(f'retain_{setting}')})"
        )
        table.add_row(what, kept, *((f"{swept[name]:,}",) if dry_run else ()))
    out.print(table)
