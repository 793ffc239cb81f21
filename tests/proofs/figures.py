"""Figures that proofs measure, collected for the table of `make prove`."""

from __future__ import annotations

import json
import os
from pathlib import Path


def note(name: str, value: str) -> None:
    """Print a figure, and add it to the file named by QASID_FIGURES when `make prove` asked for it."""
    print(f"figure: {name}: {value}")
    if path := os.environ.get("QASID_FIGURES"):
        with Path(path).open("a", encoding="utf-8") as out:
            out.write(json.dumps({"name": name, "value": value}, ensure_ascii=False) + "\n")
