"""`jobs`: what the clock starts."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from rich.table import Table

from handlers.commands.common import Json, err, now, opened, out


def jobs(*, as_json: Json = False) -> None:
    """List what the clock starts: when each job runs next, when it ran last, how late and how that ended."""
    with opened() as (store, _):
        from relay import beats  # noqa: PLC0415 – --help stays quick

        found, at = store.read_now(beats.listed), now()
        asleep = beats.asleep(found, at)
        if as_json:
            rows = [asdict(job) | {"what": beats.JOBS[job.name]} for job in found]
            out.print_json(json.dumps({"running": not asleep, "now": at, "jobs": rows}, default=_iso))
            return
        table = Table("job", "next", "last run", "late", "outcome", "count")
        for job in found:
            outcome = (
                "" if job.outcome is None else f"[red]{job.outcome}[/]" if job.outcome == "failed" else "done"
            )
            table.add_row(
                f"{job.name}\n[dim]{beats.JOBS[job.name]}[/]",
                _shown(job.next_at),
                _shown(job.began_at),
                "" if job.late_ms is None else str(timedelta(milliseconds=job.late_ms)),
                outcome,
                "" if job.count is None else str(job.count),
            )
        out.print(table)
        if asleep:
            err.print(
                "[bold red]The relay does not run:[/] jobs are past their time. Start it: qasid run, qasid serve."
            )


def _shown(time: datetime | None) -> str:
    return "" if time is None else f"{time:%Y-%m-%d %H:%M:%S}"


def _iso(time: datetime) -> str:
    return time.isoformat()
