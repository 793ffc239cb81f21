"""`make prove`: every line of "Must show" that a machine can run, part by part, ending in one table.

A part that passed for the same commit is not run again; `make prove PART=name` runs one part anew. A dirty work tree
is proved too, but not remembered.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

from tests.parts import PARTS, REPOSITORY, Part

KEPT = REPOSITORY / ".cache" / "prove"


def commit() -> str | None:
    """The commit to remember results for; None when the work tree differs from it."""
    if subprocess.run(
        ["git", "status", "--porcelain"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout:
        return None
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return head.stdout.strip()


def prove(part: Part, at: str | None) -> dict[str, object]:
    figures = KEPT / f"{part.name}.figures"
    figures.unlink(missing_ok=True)
    began = time.monotonic()
    code = 0
    log = KEPT / f"{part.name}.log"
    with log.open("w", encoding="utf-8") as out:
        for command in part.commands:
            env = {**os.environ, "QASID_FIGURES": str(figures)}
            code = subprocess.run(
                command, cwd=REPOSITORY, stdout=out, stderr=subprocess.STDOUT, env=env, check=False
            ).returncode
            if code:
                break
    noted = (
        [json.loads(line) for line in figures.read_text(encoding="utf-8").splitlines()]
        if figures.exists()
        else []
    )
    result = {"commit": at, "passed": code == 0, "seconds": round(time.monotonic() - began), "figures": noted}
    (KEPT / f"{part.name}.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return result


def remembered(part: Part, at: str | None) -> dict[str, object] | None:
    path = KEPT / f"{part.name}.json"
    if at is None or not path.exists():
        return None
    result: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return result if result["commit"] == at and result["passed"] else None


def main() -> int:
    console = Console()
    wanted = sys.argv[1:]
    unknown = set(wanted) - {part.name for part in PARTS}
    if unknown:
        console.print(
            f"There is no part {', '.join(sorted(unknown))}. Parts: {', '.join(part.name for part in PARTS)}."
        )
        return 2
    KEPT.mkdir(parents=True, exist_ok=True)
    at = commit()
    table = Table("part", "promise", "result", "figures", "s", show_lines=True)
    failed = 0
    for part in PARTS:
        if wanted and part.name not in wanted:
            continue
        console.print(f"[dim]{part.name}: {part.promise} …[/dim]")
        result = (None if wanted else remembered(part, at)) or prove(part, at)
        failed += not result["passed"]
        figures = result["figures"]
        assert isinstance(figures, list)
        said = "\n".join(f"{figure['name']}: {figure['value']}" for figure in figures)
        verdict = (
            "[green]holds[/green]" if result["passed"] else f"[red]FAILS[/red]\n.cache/prove/{part.name}.log"
        )
        table.add_row(part.name, part.promise, verdict, said, str(result["seconds"]))
    console.print(table)
    console.print(
        "Not run here: the image itself is not built (that needs a container engine), and no real phone was used."
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
