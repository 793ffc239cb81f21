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
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[1]
KEPT = REPOSITORY / ".cache" / "prove"
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-p",
    "no:cacheprovider",
    "-s",
    "-m",
    "prove or not prove",
    "--hypothesis-profile=wide",
)


@dataclass(frozen=True)
class Part:
    """One line of the table: a promise, and the commands that must all end with 0."""

    name: str
    promise: str
    commands: tuple[tuple[str, ...], ...]


def pytest(*where: str) -> tuple[str, ...]:
    return (*PYTEST, *where)


VITEST = ("make", "--silent", "vitest")

PARTS = (
    Part(
        "run",
        "make run, make story and CI from a fresh clone in a clean root",
        (pytest("tests/proofs/test_clean_root.py"),),
    ),
    Part(
        "story",
        "the whole job headless; every sabotage is caught",
        (pytest("tests/story", "-k", "not dump and not loss"),),
    ),
    Part(
        "vectors",
        "1,028 RFC 9180 encryptions and cross-language vectors, both ways; both attacks",
        (pytest("tests/crypto"), VITEST),
    ),
    Part(
        "dump",
        "database and logs after the story: no plaintext, no Telegram id, no key",
        (pytest("tests/story", "-k", "dump"),),
    ),
    Part(
        "contracts",
        "reaching sealing or hpke from the server breaks make check",
        (pytest("tests/proofs/test_contracts.py"),),
    ),
    Part(
        "kill", "kill -9 fifty times: nothing lost, rings ≤ 1 + kills", (pytest("tests/flow", "-k", "kill"),)
    ),
    Part(
        "chaos",
        "a broadcast to 10,000 with kill -9 about once a second and faults of Telegram's, one process on SQLite, two "
        "workers on PostgreSQL: 0 lost, copies ≤ 1 + kills that hit it, none after its end, ledger and audit verify; "
        "a relay that breaks this is found out",
        (pytest("tests/chaos"), (sys.executable, "-m", "tests.chaos")),
    ),
    Part(
        "leader",
        "a leader stopped past its lease, then continued, settles nothing and sends nothing more, on both databases",
        (pytest("tests/flow/test_flow_leader.py"),),
    ),
    Part(
        "refusals",
        "429, bursts, blocked people, timeouts: nothing lost, order kept",
        (pytest("tests/flow", "-k", "not kill and not leader"),),
    ),
    Part(
        "roles",
        "every route and command as every role; an account alone changes nothing for anybody; the walks can fail",
        (pytest("tests/roles"),),
    ),
    Part(
        "gallery",
        "every chat dialogue in three languages, photographed anew, is docs/gallery byte for byte",
        (pytest("tests/gallery"),),
    ),
    Part(
        "screens",
        "every screen of the app in three languages, light and dark: axe-core finds nothing, nothing is cut, mirrored "
        "where it must be; photographed anew, it is docs/gallery/app byte for byte",
        (pytest("tests/screens"),),
    ),
    Part(
        "machines",
        "consent, passing on, households, seats, loans and doorbells along hundreds of random paths, and eight "
        "processes at one movement's seats, on both databases",
        (pytest("tests/property"),),
    ),
    Part(
        "inputs",
        "readers and counters meet thousands of random inputs: nothing is kept, taken or allowed that must not be",
        (
            pytest(
                "tests/handlers/test_updates.py",
                "tests/handlers/test_http_fuzz.py",
                "tests/crypto",
                "tests/relay/test_pacing.py",
                "tests/emulator/test_fuzz.py",
                "tests/emulator/test_limits.py",
                "tests/desk/test_mrz.py",
                "tests/desk/test_media.py",
            ),
        ),
    ),
    Part(
        "fuzz",
        "every reader of what strangers send, for QASID_FUZZ_SECONDS (10) each: it reads or refuses, and never breaks",
        (pytest("tests/fuzz"),),
    ),
    Part(
        "jobs",
        "every job killed, run twice at once, after a day's outage, with the clock set back: the same state, nothing "
        "stale sent, on both databases",
        (pytest("tests/jobs"),),
    ),
    Part(
        "databases",
        "every rule of the relay with every input, on SQLite and on PostgreSQL",
        (pytest("tests/relay"),),
    ),
    Part(
        "postgres",
        "chat, web, desks, roles and both walks on PostgreSQL, as make test runs them on SQLite",
        (
            (
                "env",
                "QASID_TEST_DATABASE=postgresql",
                *pytest("tests/handlers", "tests/desk", "tests/flow", "-m", "not prove"),
            ),
            ("env", "QASID_TEST_DATABASE=postgresql", *pytest("tests/roles", "-m", "not prove")),
        ),
    ),
    Part(
        "migrations",
        "from every version of the schema with rows in every table to this one, on both databases",
        (pytest("tests/store/test_store_migrate.py"),),
    ),
    Part(
        "erasure",
        "nothing of who was erased in database, log, or a backup made before, with the keys of today",
        (
            pytest(
                "tests/relay/test_rule_erasure.py",
                "tests/relay/test_rule_backup.py",
                "tests/handlers/test_cli_backup.py",
            ),
        ),
    ),
    Part(
        "phone",
        "the app killed at every step of enrolling and sending: all arrives, once; a year off and thirty days away it "
        "goes on; after one long press nothing is left in storage, keystore or memory; every bad input has its test",
        (
            pytest(
                "tests/browser/test_app_kills.py",
                "tests/browser/test_app_wipe.py",
                "tests/browser/test_app_away.py",
                "tests/browser/test_app_bad.py",
            ),
        ),
    ),
    Part(
        "power",
        "the power cut, on a real ext4 and with torn pages: 0 acknowledged writes lost, and some with weaker settings; "
        "keys, a desk's state and backups are on the disk once written",
        (pytest("tests/store/test_store_power.py", "tests/proofs/test_power_files.py"),),
    ),
    Part(
        "days",
        "the whole relay on bad days of disk, database, machine and clock: it says so meanwhile, and afterwards every "
        "letter is there once, every answer said, the database whole; SIGTERM to exit within 10 s",
        (pytest("tests/days"),),
    ),
    Part("audit", "1,000 random tamperings are all found", (pytest("tests/relay/test_rule_audit.py"),)),
    Part("sizes", "first load ≤ 60 KiB gzip", (pytest("tests/proofs/test_sizes.py"),)),
    Part(
        "network",
        "50 kb/s, round trips of two seconds, a processor four times slower: the first sealed message within 1.5 × "
        "(bytes / bandwidth + 2 round trips); one request in five lost: the story completes, each message once and "
        "in order; one status to 20 officers with 40 devices ≤ 8 KiB up and down",
        (pytest("tests/proofs/test_network.py", "tests/story/test_loss.py"),),
    ),
    Part(
        "bundle",
        "two clean builds of the phone app are the same bytes; a server that hands out others is found, file by file",
        (
            pytest(
                "tests/proofs/test_bundle.py",
                "tests/handlers/test_webapp.py",
                "tests/browser/test_app_bundle.py",
            ),
        ),
    ),
    Part(
        "image",
        "the image's install and start commands in a clean root",
        (pytest("tests/proofs/test_image.py"),),
    ),
    Part(
        "hour",
        "docs/OPERATING.md to the letter in empty roots: the first hour, backup, restore on another server; desk and "
        "phone go on with their keys",
        (pytest("tests/proofs/test_hour.py"),),
    ),
    Part("time", "make check and make test in under five minutes", (pytest("tests/proofs/test_time.py"),)),
)


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
