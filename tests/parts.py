"""The parts of `make prove`: every line of "Must show" that a machine can run, and which tests each collects."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import KeywordMatcher, MarkMatcher
from _pytest.mark.expression import Expression

REPOSITORY = Path(__file__).resolve().parents[1]
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

    def runs(self, item: pytest.Item) -> bool:
        """Whether one of its commands runs this test, and not only on the other database than `make test`."""
        return any(_collects(command, item) for command in self.commands)


def _collects(command: tuple[str, ...], item: pytest.Item) -> bool:
    """Whether pytest, called so, would run this test; by pytest's own way of reading -k and -m."""
    if command[: len(PYTEST)] != PYTEST:
        return False
    options, _ = _OPTIONS.parse_known_args(command[3:])
    return (
        any(item.path.is_relative_to(REPOSITORY / where) for where in options.where)
        and (not options.k or Expression.compile(options.k).evaluate(KeywordMatcher.from_item(item)))
        and Expression.compile(options.m).evaluate(MarkMatcher.from_markers(item.iter_markers()))
    )


_OPTIONS = argparse.ArgumentParser(allow_abbrev=False)
_OPTIONS.add_argument("where", nargs="*")
_OPTIONS.add_argument("-k", default="")
_OPTIONS.add_argument("-m")
_OPTIONS.add_argument("-p")


def tests(*where: str) -> tuple[str, ...]:
    return (*PYTEST, *where)


def on_postgres(*where: str) -> tuple[str, ...]:
    return ("env", "QASID_TEST_DATABASE=postgresql", *tests(*where))


VITEST = ("make", "--silent", "vitest")

PARTS = (
    Part(
        "run",
        "make run, make story and CI from a fresh clone in a clean root",
        (tests("tests/proofs/test_clean_root.py"),),
    ),
    Part(
        "story",
        "the whole job headless; every sabotage is caught",
        (tests("tests/story", "-k", "not dump and not loss"),),
    ),
    Part(
        "vectors",
        "1,028 RFC 9180 encryptions and cross-language vectors, both ways; both attacks",
        (tests("tests/crypto"), VITEST),
    ),
    Part(
        "dump",
        "database and logs after the story: no plaintext, no Telegram id, no key",
        (tests("tests/story", "-k", "dump"),),
    ),
    Part(
        "contracts",
        "reaching sealing or hpke from the server breaks make check",
        (tests("tests/proofs/test_contracts.py"),),
    ),
    Part(
        "kill",
        "kill -9 fifty times, of the relay and of who writes on either database: nothing lost, rings ≤ 1 + kills",
        (tests("tests/flow", "-k", "kill"), tests("tests/store/test_store_kill.py")),
    ),
    Part(
        "chaos",
        "a broadcast to 10,000 with kill -9 about once a second and faults of Telegram's, one process on SQLite, two "
        "workers on PostgreSQL: 0 lost, copies ≤ 1 + kills that hit it, none after its end, ledger and audit verify; "
        "a relay that breaks this is found out",
        (tests("tests/chaos"), (sys.executable, "-m", "tests.chaos")),
    ),
    Part(
        "leader",
        "a leader stopped past its lease, then continued, settles nothing and sends nothing more, on both databases",
        (tests("tests/flow/test_flow_leader.py"),),
    ),
    Part(
        "refusals",
        "429, bursts, blocked people, timeouts: nothing lost, order kept",
        (tests("tests/flow", "-k", "not kill and not leader"),),
    ),
    Part(
        "roles",
        "every route and command as every role; an account alone changes nothing for anybody; the walks can fail",
        (tests("tests/roles"),),
    ),
    Part(
        "gallery",
        "every chat dialogue in three languages, photographed anew, is docs/gallery byte for byte",
        (tests("tests/gallery"),),
    ),
    Part(
        "screens",
        "every screen of the app in three languages, light and dark: axe-core finds nothing, nothing is cut, mirrored "
        "where it must be; photographed anew, it is docs/gallery/app byte for byte",
        (tests("tests/screens"),),
    ),
    Part(
        "machines",
        "consent, passing on, households, seats, loans and doorbells along hundreds of random paths, and eight "
        "processes at one movement's seats, on both databases",
        (tests("tests/property"),),
    ),
    Part(
        "inputs",
        "readers and counters meet thousands of random inputs: nothing is kept, taken or allowed that must not be; "
        "whatever is asked, Schemathesis finds each answer to be one that openapi.json describes",
        (
            tests(
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
        (tests("tests/fuzz"),),
    ),
    Part(
        "jobs",
        "every job killed, run twice at once, after a day's outage, with the clock set back: the same state, nothing "
        "stale sent, on both databases",
        (tests("tests/jobs"),),
    ),
    Part(
        "databases",
        "every rule of the relay with every input, on SQLite and on PostgreSQL",
        (tests("tests/relay"),),
    ),
    Part(
        "postgres",
        "chat, web, desks, the command line, roles, both walks, the story, fifty kills and all that is long about "
        "them on PostgreSQL, as make test and the other parts run them on SQLite",
        (
            on_postgres("tests/handlers", "tests/desk", "tests/flow"),
            on_postgres("tests/roles"),
            on_postgres("tests/story", "-k", "not forks"),
        ),
    ),
    Part(
        "migrations",
        "from every version of the schema with rows in every table to this one, on both databases",
        (tests("tests/store/test_store_migrate.py"),),
    ),
    Part(
        "erasure",
        "nothing of who was erased in database, log, or a backup made before, with the keys of today",
        (
            tests(
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
            tests(
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
        (tests("tests/store/test_store_power.py", "tests/proofs/test_power_files.py"),),
    ),
    Part(
        "days",
        "the whole relay on bad days of disk, database, machine and clock: it says so meanwhile, and afterwards every "
        "letter is there once, every answer said, the database whole; SIGTERM to exit within 10 s; PostgreSQL stopped "
        "amid work: what was acknowledged is there once, what was refused is not",
        (tests("tests/days"), tests("tests/store/test_store_connection.py")),
    ),
    Part("audit", "1,000 random tamperings are all found", (tests("tests/relay/test_rule_audit.py"),)),
    Part("sizes", "first load ≤ 60 KiB gzip", (tests("tests/proofs/test_sizes.py"),)),
    Part(
        "network",
        "50 kb/s, round trips of two seconds, a processor four times slower: the first sealed message within 1.5 × "
        "(bytes / bandwidth + 2 round trips); one request in five lost: the story completes, each message once and "
        "in order; one status to 20 officers with 40 devices ≤ 8 KiB up and down",
        (tests("tests/proofs/test_network.py", "tests/story/test_loss.py"),),
    ),
    Part(
        "bundle",
        "two clean builds of the phone app are the same bytes; a server that hands out others is found, file by file",
        (
            tests(
                "tests/proofs/test_bundle.py",
                "tests/handlers/test_webapp.py",
                "tests/browser/test_app_bundle.py",
            ),
        ),
    ),
    Part(
        "image",
        "the image's install and start commands in a clean root",
        (tests("tests/proofs/test_image.py"),),
    ),
    Part(
        "hour",
        "docs/OPERATING.md to the letter in empty roots: the first hour, backup, restore on another server; desk and "
        "phone go on with their keys",
        (tests("tests/proofs/test_hour.py"),),
    ),
    Part("bench", "every family of the bench measures", (tests("tests/bench"),)),
    Part("time", "make check and make test in under five minutes", (tests("tests/proofs/test_time.py"),)),
)


#: Of what a run of pytest collected: every test marked prove that no part runs, so that nothing would ever run it.
FORGOTTEN = pytest.StashKey[list[str]]()


def forgotten(items: Sequence[pytest.Item]) -> list[str]:
    """The names of those tests among these, each once whatever its inputs."""
    names = {
        item.nodeid.partition("[")[0]: None
        for item in items
        if item.get_closest_marker("prove") and not any(part.runs(item) for part in PARTS)
    }
    return list(names)
