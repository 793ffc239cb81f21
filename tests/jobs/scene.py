"""Three days in which every job has something to do, as rows; and what must stand in the database afterwards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from crypto.encoding import new_id
from crypto.statement import Reply
from relay import answers, attempts, claims, conditions, integrity, referrals
from relay.notices import Draft, Seat
from store.engine import Store, open_store
from store.model import metadata
from tests.relay.house import DAY, House, Phone
from tests.relay.lending import Lending, befriend
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_delivery import account, officer_account

BOTH = ("messages", "departures")
HOURS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 13, 19.5, 21, 25, 27, 28, 29, 47.5, 60, 61, 62)
"""When something is due, or was just before."""
CANCELLED = 2
"""At this hour a notice is called off while it goes out."""
CROWD = 12


@dataclass
class Scene:
    """`windows`: the hours between which an account may be rung, by name; `begin` is hour 0."""

    house: House
    begin: datetime
    crowd: Draft
    come: Draft
    silent: Phone
    seated: Phone
    accounts: dict[str, list[int]]
    windows: dict[str, tuple[float, float]] = field(default_factory=dict)

    def at(self, hour: float) -> datetime:
        return self.begin + timedelta(hours=hour)

    def act(self, hour: float) -> None:
        """What people do at this hour, once the relay has done its jobs."""
        self.house.now = self.at(hour)
        if hour == 1:
            person = alias_of(self.house, self.silent)
            said = {"way": "telephone", "outcome": "unanswered", "now": self.house.now}
            self.house.as_(self.house.by("W-01"), attempts.record, person, **said)
            answer = self.seated.answer(self.come, Reply.ACCEPT, counter=1)
            self.house.as_(self.seated, answers.answer, answer, self.house.now)

    def cancel(self) -> None:
        self.house.now = self.at(CANCELLED)
        self.house.cancel(self.crowd)

    def of(self, account_: int) -> str:
        return next(name for name, held in self.accounts.items() if account_ in held)


def scene(house: House) -> Scene:
    """Needs a house that was registered just now, and takes it a week further."""
    other = House(house.store, house.vault, house.now).register()
    chats = iter(range(700_000_001, 700_000_999))

    def come(count: int = 1) -> list[Phone]:
        return [house.enrolled(*BOTH, telegram_id=next(chats)) for _ in range(count)]

    people = {"short of prekeys": come()}
    officer = officer_account(house, "C-01", 5)
    for each in (house, other):
        each.pass_(days=7, hours=-2)
    begin = house.now
    hours = {number: begin + timedelta(hours=number) for number in range(100)}
    people |= {
        "held": come(2),
        "standby": come(2),
        "brief": come(1),
        "crowd": come(CROWD),
        "lacking": come(1),
    }
    people |= {"lapsing": come(1), "lettered": come(1)}
    told = {"answer_by": hours[27], "expires": hours[60]}
    movement = house.movement(2, departs_at=hours[80])
    seats = [Seat(phone.contact, new_id(), 1) for phone in people["held"]]
    seats += [Seat(phone.contact, new_id(), 1, rank) for rank, phone in enumerate(people["standby"], 1)]
    held = [*people["held"], *people["standby"]]
    sent = house.draft(movement, held, offers=seats, release_at=hours[1], **told)
    brief = house.draft(None, people["brief"], release_at=hours[5], answer_by=hours[11], expires=hours[12])
    crowd = house.draft(None, people["crowd"], release_at=hours[CANCELLED], **told)
    unclear = house.movement(3, "M-2", departs_at=hours[80])
    lacking = house.draft(unclear, people["lacking"], release_at=hours[6], **told)
    for draft in (sent, brief, crowd, lacking):
        house.schedule(draft)
    said = {"state": "green", "grade": "official", "expires": hours[5], "now": house.now}
    house.as_(house.chief, conditions.say, unclear, condition="weather", **said)
    befriend(house, other)
    Lending(house, other, house.movement(5, "M-3", departs_at=hours[80]), 2, hours[8]).offer().take_up()
    house.write_to(*people["lettered"], life=DAY)
    house.as_(house.by("W-01"), claims.take, alias_of(house, people["lettered"][0]), house.now)
    house.as_(house.chief, referrals.open_, "KABUL-2", house.now)
    house.unlettered(next(chats))
    ending = [
        ("UPDATE referrals SET expires_at = :at", {}),
        ("UPDATE consents SET lapses_at = :at WHERE contact = :who", {"who": people["lapsing"][0].contact}),
    ]
    for statement, named in ending:
        named["at"] = int(hours[9].timestamp() * 1_000_000)
        house.write(lambda tx, statement=statement, named=named: tx.execute(text(statement), named))
    accounts = {
        name: [account(house, phone.telegram_id or 0) for phone in phones] for name, phones in people.items()
    }
    made = Scene(
        house, begin, crowd, sent, people["held"][0], people["held"][1], accounts | {"officer": [officer]}
    )
    made.windows = {
        "short of prekeys": (2, 99),
        "held": (1, 60),
        "standby": (27, 60),
        "brief": (5, 12),
        "crowd": (CANCELLED, CANCELLED + 1),
        "lacking": (99, 99),
        "lapsing": (99, 99),
        "lettered": (0, 24),
        "officer": (0, 99),
    }
    return made


def copy(path: Path, url: str) -> None:
    """All rows of a SQLite file, into an empty database."""
    source, target = open_store(f"sqlite:///{path}"), open_store(url)
    for table in metadata.sorted_tables:
        rows = source.read_now(
            lambda tx, table=table: [dict(row._mapping) for row in tx.execute(select(table))]
        )
        if rows:
            target.write_now(lambda tx, table=table, rows=rows: tx.execute(table.insert(), rows))
    source.close()
    target.close()


def state(store: Store) -> dict[str, Any]:
    """What is to be the same however it came to be: no times, and no numbers that hang on the order."""

    def counted(table: str, *columns: str, where: str = "true") -> Counter[Sequence[Any]]:
        query = text(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")
        return store.read_now(lambda tx: Counter(tuple(row) for row in tx.execute(query)))

    return {
        "notices": counted("notices", "notice", "version", "state", "withheld"),
        "offers": counted("offers", "offer", "state"),
        "recipients": counted("recipients", "notice", "contact", "held_back", "answer"),
        "reminded": counted("recipients", "notice", "contact", "reminded"),
        "allotments": counted("allotments", "office", "movement", "seats", "held", "confirmed"),
        "ledger": counted("ledger", "office", "movement", "kind", "offer", "seats", "held", "confirmed"),
        "wraps": counted("wraps", "envelope", "contact", "seq IS NOT NULL", "quiet"),
        "consents": counted("consents", "contact", "purpose", "newest", "given"),
        "referrals": counted("referrals", "contact"),
        "claims": counted("claims", "contact"),
        "bells": counted("doorbells", "account", where="visible"),
        "waiting": counted("outbox", "kind", "account", where="state IN ('waiting', 'claimed')"),
        "told": counted("outbox", "account", "key", where="kind = 'reply'"),
        "asked": counted("prekeys", "device", where="asked_at IS NOT NULL"),
        "audit": counted("audit", "office", "event"),
        "faults": store.read_now(integrity.check),
    }
