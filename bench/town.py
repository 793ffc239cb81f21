"""Databases to measure on: an office with real keys, and crowds of people as rows."""

import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.progress import step
from crypto.envelope import split
from crypto.notice import verification_code
from crypto.prekey import Address, HolderKind
from crypto.record import rec
from crypto.vault import Vault
from relay import doorbells
from relay.addressing import DEPARTURES, MESSAGES
from store import migrate
from store.engine import Store, open_store
from store.room import WIDE
from store.sqlite import PRAGMAS
from tests.relay.house import House, Phone

#: Stored for each person; and in one commit.
LETTERS, PART = 100, 50_000


@dataclass(frozen=True)
class Person:
    account: int
    contact: bytes
    device: bytes


@dataclass
class Town:
    """A folder with a database and its vault key; `url` opens it."""

    folder: Path
    vault: Vault

    @classmethod
    def found(cls, folder: Path) -> "Town":
        folder.mkdir(parents=True, exist_ok=True)
        town = cls(folder, Vault.create(folder / "vault.key"))
        migrate.upgrade(town.url)
        return town

    @property
    def path(self) -> Path:
        return self.folder / "qasid.db"

    @property
    def key(self) -> Path:
        return self.folder / "vault.key"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def open(self) -> Store:
        return open_store(self.url)

    def raw(self) -> sqlite3.Connection:
        """The driver's bare connection, set up as the store's writer is."""
        return raw(self.path)

    def copy(self, folder: Path) -> "Town":
        """The same town, in another folder; nobody may have it open."""
        folder.mkdir(parents=True)
        for file in (self.path, self.key):
            shutil.copy2(file, folder / file.name)
        return Town(folder, self.vault)


def raw(path: Path) -> sqlite3.Connection:
    """sqlite3 without anything round it, durable as the store is."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (*PRAGMAS, WIDE):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def house_of(town: Town, store: Store, now: datetime | None = None) -> House:
    """An office, registered now, on the machine's clock unless another is given."""
    return House(store, town.vault, now or datetime.now(UTC)).register()


def crowd(town: Town, chats: Sequence[int], house: House | None = None) -> tuple[House, list[Person]]:
    """An office (`house`, or a new one) and, for each chat, an enrolled person who consents to everything, ascending
    by account; nobody else may have the town open."""
    store = town.open()
    if house is None:
        house = house_of(town, store)
    house.store = store
    model = house.enrolled(MESSAGES, DEPARTURES, telegram_id=chats[0])
    store.close()
    with closing(town.raw()) as rows:
        rows.execute("BEGIN")
        (account,) = rows.execute("SELECT account FROM links WHERE contact = ?", [model.contact]).fetchone()
        people = [Person(account, model.contact, model.device)]
        people += [
            Person(account + number, secrets.token_bytes(16), secrets.token_bytes(16))
            for number in range(1, len(chats))
        ]
        _clone(rows, model, people[1:])
        _accounts(rows, town.vault, zip(people[1:], chats[1:], strict=True), account)
        rows.execute("COMMIT")
    return house, people


def _clone(rows: sqlite3.Connection, model: Phone, people: Sequence[Person]) -> None:
    """Everybody has the model's rows, under ids of their own."""
    for table in ("contacts", "contact_keys", "devices", "prekeys", "consents"):
        column = "device" if table == "prekeys" else "contact"
        own = model.device if table == "prekeys" else model.contact
        found = rows.execute(f"SELECT * FROM {table} WHERE {column} = ?", [own])
        names = [each[0] for each in found.description]
        for row in found.fetchall():
            held = dict(zip(names, row, strict=True))
            copies = [_renamed(held, person, number) for number, person in enumerate(people, 1_000_000)]
            _insert(rows, table, names, copies)


def _renamed(row: dict[str, object], person: Person, number: int) -> list[object]:
    own = {"contact": person.contact, "device": person.device, "alias": f"Q-{number}"}
    return [own.get(name, value) for name, value in row.items()]


def _accounts(
    rows: sqlite3.Connection, vault: Vault, people: Iterable[tuple[Person, int]], model: int
) -> None:
    account = _row(rows, "SELECT * FROM accounts WHERE id = ?", model)
    link = _row(rows, "SELECT * FROM links WHERE account = ?", model)
    for number, (person, chat) in enumerate(people, 1):
        own = {"id": person.account, "sealed": vault.seal_id(chat), "blind": vault.index(chat)}
        _insert(rows, "accounts", list(account), [list((account | own).values())])
        own = {"id": link["id"] + number, "account": person.account, "contact": person.contact}
        _insert(rows, "links", list(link), [list((link | own).values())])


def _row(rows: sqlite3.Connection, query: str, key: int) -> dict[str, Any]:
    found = rows.execute(query, [key])
    return dict(zip((each[0] for each in found.description), found.fetchone(), strict=True))


def letter(
    town: Town, house: House, people: Sequence[Person], *, release_at: datetime | None = None
) -> bytes:
    """A letter to all of them, its envelope id; with `release_at` it is a notice's, held back until then."""
    envelope, notice = secrets.token_bytes(16), secrets.token_bytes(16)
    sealed = split(house.seal(house.chief, [Address(HolderKind.DEVICE, bytes(16), bytes(16))]))
    size = len(sealed.wraps[0][1])
    now, until = _micro(house.now), _micro(house.now + timedelta(days=7))
    scheduled = release_at is not None
    with closing(town.raw()) as rows:
        rows.execute("BEGIN")
        named = (notice, 1) if scheduled else (None, None)
        rows.execute(
            "INSERT INTO envelopes (envelope, office, sender, digest, common, urgent, accepted_at, expires_at, notice,"
            " version) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
            [envelope, house.office, house.chief.device, bytes(32), sealed.common, now, until, *named],
        )
        _insert(
            rows,
            "wraps",
            ["envelope", "holder_kind", "holder", "prekey", "office", "contact", "purpose", "seq", "wrap",
             "fetched_at", "expires_at"],
            [
                [envelope, 1, each.device, bytes(16), house.office, each.contact, DEPARTURES if scheduled else MESSAGES,
                 None if scheduled else number, secrets.token_bytes(size), None, until]
                for number, each in enumerate(people, 1)
            ],
        )  # fmt: skip
        if release_at is not None:
            said = {"notice": notice, "version": 1, "content_hash": bytes(32)}
            rows.execute(
                "INSERT INTO notices (office, notice, version, kind, content_hash, code, approved, envelope,"
                " release_at, answer_by, expires_at, state, changed_at)"
                " VALUES (?, ?, 1, 3, ?, ?, ?, ?, ?, ?, ?, 'scheduled', ?)",
                [
                    house.office,
                    notice,
                    bytes(32),
                    verification_code(bytes(32)),
                    rec(*house.approvals(said, ["C-01", "C-02"])),
                    envelope,
                    _micro(release_at),
                    until,
                    until,
                    now,
                ],
            )
            rows.executemany(
                "INSERT INTO recipients (office, notice, version, contact) VALUES (?, ?, 1, ?)",
                [(house.office, notice, each.contact) for each in people],
            )
        rows.execute("COMMIT")
    return envelope


def fill(town: Town, count: int) -> None:
    """Store so many letters like the newest, each LETTERS of them to somebody new who never reads; nobody may have
    the town open."""
    with closing(town.raw()) as rows:
        rows.execute("PRAGMA synchronous=OFF")
        letter, wrap = (
            _row(rows, f"SELECT * FROM {table} WHERE rowid > ? ORDER BY rowid DESC LIMIT 1", 0)
            for table in ("envelopes", "wraps")
        )
        people = [(secrets.token_bytes(16), secrets.token_bytes(16)) for _ in range(count // LETTERS + 1)]
        for start in range(0, count, PART):
            ids = _spread(start, min(start + PART, count), count)
            step(f"storing {count:,} letters: {start:,}")
            rows.execute("BEGIN")
            _insert(
                rows, "envelopes", list(letter), (list((letter | {"envelope": id_}).values()) for id_ in ids)
            )
            readers = (people[number % len(people)] for number in range(len(ids)))
            copies = (
                wrap | {"envelope": id_, "holder": device, "contact": contact, "seq": seq}
                for seq, (id_, (device, contact)) in enumerate(zip(ids, readers, strict=True), start)
            )
            _insert(rows, "wraps", list(wrap), (list(copy.values()) for copy in copies))
            rows.execute("COMMIT")
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _spread(start: int, end: int, of: int) -> list[bytes]:
    """Ids in order, these among so many that lie evenly among all there are: written in order, they come fast."""
    lowest, span = (start << 128) // of, ((end - start) << 128) // of
    return [
        number.to_bytes(16, "big")
        for number in sorted(lowest + secrets.randbelow(span) for _ in range(end - start))
    ]


def ring(town: Town, house: House, people: Sequence[Person]) -> None:
    """Queue an urgent ring for each, by the rule itself."""
    store = town.open()
    wanted = {each.contact for each in people}
    store.write_now(lambda tx: doorbells.ring_contacts(tx, house.office, wanted, house.now, urgent=True))
    store.close()


def _insert(
    rows: sqlite3.Connection, table: str, names: Sequence[str], values: Iterable[Sequence[object]]
) -> None:
    marks = ", ".join("?" * len(names))
    rows.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)


def _micro(time: datetime) -> int:
    """As store.types.Moment keeps it."""
    return int(time.timestamp() * 1_000_000)
