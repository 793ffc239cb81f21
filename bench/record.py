"""What a family measured, as it is kept in docs/bench: figures, and of the machine only what they depend on."""

import json
import os
import platform
import sqlite3
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.figure import Bench, Figure

PACKAGES = (
    "aiohttp",
    "cryptography",
    "fastapi",
    "psycopg",
    "pynacl",
    "python-telegram-bot",
    "sqlalchemy",
    "uvloop",
)


@dataclass(frozen=True)
class Record:
    """One family's figures; `machine` as this module's `machine` returns it."""

    name: str
    promise: str
    date: str
    quick: bool
    machine: dict[str, Any]
    figures: list[Figure]

    @classmethod
    def of(cls, bench: Bench, figures: list[Figure], *, quick: bool) -> "Record":
        """What this run found, today."""
        return cls(bench.name, bench.promise, datetime.now(UTC).date().isoformat(), quick, machine(), figures)

    @classmethod
    def read(cls, path: Path) -> "Record":
        """One that was kept. Raises OSError, and ValueError or KeyError when the file is none."""
        held = json.loads(path.read_text("utf-8"))
        given = {each.name for each in fields(Figure) if each.init}
        figures = [Figure(**{k: v for k, v in each.items() if k in given}) for each in held.pop("figures")]
        return cls(**held, figures=figures)

    def write(self, folder: Path) -> Path:
        """Keep it there under its name, in place of the one before; where."""
        path = folder / f"{self.name}.json"
        kept = {**asdict(self), "figures": [figure.json() for figure in self.figures]}
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return path


def machine() -> dict[str, Any]:
    """Cores, how busy they are besides (processes that want one, over the last minute), and versions."""
    return {
        "cores": os.cpu_count(),
        "busy": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in PACKAGES},
    }


def kept(folder: Path) -> list[Record]:
    """All that were kept there, by name."""
    return [Record.read(path) for path in sorted(folder.glob("*.json"))]
