"""`make audit`: what is known publicly against the libraries that are locked here, Python's and the app's.

Ends with 0 when each was looked up and nothing is known, with 1 when something is, and with 2 when some could not be
looked up: an advisory service that is out of reach, or does not know a package, has said nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PYTHON = ("requirements/server.txt", "requirements/dev.txt")
APP = "webapp/package-lock.json"
SECONDS = 300
SEVERE, UNCHECKED = 1, 2


@dataclass
class Found:
    """Of one lock file: how many were looked up, what is known, and why others were not."""

    where: str
    checked: int = 0
    known: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        told = [f"{self.where}: {self.checked} looked up, {len(self.known)} with known faults"]
        if self.unchecked:
            told.append(f"  NOT CHECKED: {len(self.unchecked)} ({self.unchecked[0]})")
        return told + [f"  {each}" for each in self.known]


def python(where: str, said: str, told: str) -> Found:
    """pip-audit's report; it counts what it could not look up as harmless."""
    found = Found(where)
    try:
        libraries: list[dict[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Found(where, unchecked=[last(told)])
    if not libraries:
        found.unchecked.append("the report names no library")
    for each in libraries:
        if "skip_reason" in each:
            found.unchecked.append(each["skip_reason"])
            continue
        found.checked += 1
        for fault in each["vulns"]:
            mended = ", ".join(fault["fix_versions"]) or "none yet"
            found.known.append(f"{each['name']} {each['version']}: {fault['id']}, mended in {mended}")
    return found


def app(said: str, told: str) -> Found:
    """npm audit's report; it ends with 1 for faults and for a service out of reach alike."""
    report: Any = {}
    try:
        report = json.loads(said)
        faults, count = report["vulnerabilities"], report["metadata"]["dependencies"]["total"]
    except (ValueError, KeyError, TypeError):
        why = report.get("message") if isinstance(report, dict) else None
        return Found(APP, unchecked=[why or last(told)])
    known = [f"{name} {each['range']}: {each['severity']}" for name, each in sorted(faults.items())]
    return Found(APP, checked=count, known=known)


def last(told: str) -> str:
    """What a program gave as its reason."""
    lines = [line.strip() for line in told.splitlines() if "log of this run" not in line]
    return lines[-1] if lines else "it gave no reason"


def code(found: list[Found]) -> int:
    """Known faults first: they are certain."""
    if any(each.known for each in found):
        return SEVERE
    return UNCHECKED if any(each.unchecked for each in found) else 0


def ask(*command: str) -> tuple[str, str]:
    try:
        done = subprocess.run(
            command, cwd=REPOSITORY, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"{command[0]}: {type(error).__name__}"
    return done.stdout, done.stderr


def main(npm: list[str]) -> int:
    audit = (
        str(Path(sys.executable).with_name("pip-audit")),
        "--require-hashes",
        "--disable-pip",
        "--format=json",
    )
    found = [python(where, *ask(*audit, "--progress-spinner=off", "-r", where)) for where in PYTHON]
    found.append(app(*ask(*npm, "audit", "--package-lock-only", "--json")))
    print("\n".join(line for each in found for line in each.lines()))
    return code(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
