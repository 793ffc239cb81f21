"""Who is there: an office, its people, and what each of them is about to do or to be told."""

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from bench.postgres import moved
from bench.town import Person, Town, crowd, house_of, letter
from emulator.telegram import Telegram
from handlers.clock import Clock
from handlers.witness import written
from relay import audit
from relay.addressing import DEPARTURES, MESSAGES
from relay.notices import Draft
from store.engine import Store, open_store
from store.tables.chat import accounts
from store.tables.mail import envelopes, wraps
from store.tables.notices import notices
from store.tables.offers import offers
from tests.relay.house import House, Phone

#: Of everybody: whose notice is called off, whose notice expires, who blocks the bot (every other comes back).
CALLED_OFF, EXPIRING, BLOCKING = 0.03, 0.03, 0.02
#: Of everybody, but no more than so many, for each has keys of their own: who takes back consent, who answers.
WITHDRAWING, ANSWERING, MOST = 0.02, 0.02, 40
LEAST = 4


@dataclass
class Cast:
    """Chats by what is planned. `plain`, `answering` and `returning` are promised a doorbell, and so are `blocking`
    until they block."""

    house: House
    draft: Draft
    plain: set[int]
    called_off: set[int]
    expiring: set[int]
    #: They come back, or do not.
    returning: set[int]
    leaving: set[int]
    withdrawing: dict[int, Phone]
    answering: dict[int, Phone]
    #: Envelopes of what is called off, and of what expires.
    letters: dict[str, bytes]
    url: str
    key: Path
    #: Heads of the audit logs, as a witness keeps them.
    heads: Path
    #: Which chat is whose account.
    chats: dict[int, int] = field(default_factory=dict)
    #: The notice that is called off.
    notice: bytes = b""

    @property
    def promised(self) -> set[int]:
        return self.plain | self.answering.keys() | self.returning

    @property
    def everybody(self) -> set[int]:
        return self.promised | self.called_off | self.expiring | self.leaving | self.withdrawing.keys()

    def schedule(self, release_at: datetime, expires_at: datetime) -> None:
        """Everything is released then, and what expires ends then; no process may be running."""
        store = open_store(self.url)
        store.write_now(lambda tx: self._schedule(tx, release_at, expires_at))
        store.close()

    def _schedule(self, tx: Connection, release_at: datetime, expires_at: datetime) -> None:
        tx.execute(notices.update().values(release_at=release_at))
        over = self.letters["expiring"]
        ends = {"answer_by": expires_at, "expires_at": expires_at}
        tx.execute(notices.update().where(notices.c.envelope == over).values(**ends))
        for table in (envelopes, wraps):
            tx.execute(table.update().where(table.c.envelope == over).values(expires_at=expires_at))


def gather(
    telegram: Telegram, size: int, folder: Path, dice: random.Random, clock: Clock, address: str = ""
) -> Cast:
    """So many people, in a database below `folder` or in the empty PostgreSQL at `address`."""
    chats = [_comer(telegram) for _ in range(size)]
    answering, withdrawing = (max(LEAST, min(MOST, int(size * share))) for share in (ANSWERING, WITHDRAWING))
    town = Town.found(folder / "town")
    house, crowded, phones = _settle(town, chats, answering + withdrawing, clock)
    signing, drawn = (dice.sample(sorted(each), len(each)) for each in (phones, crowded))
    with closing(town.open()) as house.store:
        movement = house.movement(answering)
        draft = house.draft(movement, [phones[chat] for chat in signing[:answering]])
        house.schedule(draft)
        house.schedule(house.draft(None, [phones[chat] for chat in signing[answering:]]))

    def take(share: float) -> set[int]:
        return {drawn.pop() for _ in range(max(LEAST, int(size * share)))}

    called_off, expiring = take(CALLED_OFF), take(EXPIRING)
    returning, leaving = take(BLOCKING / 2), take(BLOCKING / 2)
    plain = set(drawn)
    kinds = {"called off": called_off, "expiring": expiring, "broadcast": plain | returning | leaving}
    far = house.now + timedelta(days=1)
    letters = {
        kind: letter(town, house, [crowded[chat] for chat in sorted(group)], release_at=far)
        for kind, group in kinds.items()
    }
    if address:
        moved(town, address)
    made = Cast(
        house,
        draft,
        plain,
        called_off,
        expiring,
        returning,
        leaving,
        withdrawing={chat: phones[chat] for chat in signing[answering:]},
        answering={chat: phones[chat] for chat in signing[:answering]},
        letters=letters,
        url=address or town.url,
        key=town.key,
        heads=folder / "heads",
    )
    with closing(open_store(made.url)) as store:
        _look_up(made, town, store)
    return made


def _settle(
    town: Town, chats: Sequence[int], signing: int, clock: Clock
) -> tuple[House, dict[int, Person], dict[int, Phone]]:
    """An office with all of them; so many have a phone with keys of its own.

    Half of those come before the crowd and half after it, and so do their turns.
    """
    before, after = signing // 2, len(chats) - (signing - signing // 2)
    with closing(town.open()) as store:
        house = house_of(town, store, clock.now())
        phones = {chat: _phone(house, chat, clock) for chat in chats[:before]}
    _, people = crowd(town, chats[before:after], house)
    with closing(town.open()) as house.store:
        phones |= {chat: _phone(house, chat, clock) for chat in chats[after:]}
    return house, dict(zip(chats[before:after], people, strict=True)), phones


def _comer(telegram: Telegram) -> int:
    """Somebody who let the bot write to them long ago."""
    user = telegram.add_user("Sara", "fa")
    user.chat().started = True
    return user.id


def _phone(house: House, chat: int, clock: Clock) -> Phone:
    house.now = clock.now()
    return house.enrolled(MESSAGES, DEPARTURES, telegram_id=chat)


def _look_up(made: Cast, town: Town, store: Store) -> None:
    rows = store.read_now(lambda tx: tx.execute(select(accounts.c.id, accounts.c.sealed)).all())
    made.chats = {row.id: town.vault.open_id(row.sealed) for row in rows}
    named = select(notices.c.notice).where(notices.c.envelope == made.letters["called off"])
    made.notice = store.read_now(lambda tx: tx.execute(named).scalar_one())
    held = select(offers.c.state)
    assert {row.state for row in store.read_now(lambda tx: tx.execute(held).all())} == {"held"}
    made.heads.write_text(written(store.read_now(audit.heads)), encoding="utf-8")
