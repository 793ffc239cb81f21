"""The walk over the API: everybody asks for everything, of their own office, of another, and of what is nowhere."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr

from crypto.encoding import b64u
from crypto.vault import Vault
from handlers.api.build import build
from handlers.api.context import Context
from handlers.api.rates import Rates
from handlers.config import Settings
from relay import delivery
from relay.auth import READING
from relay.unit import Tx
from store.engine import Store, open_store
from tests.databases import empty
from tests.flow.actors import Client
from tests.handlers.conftest import TOKEN, SetClock
from tests.roles import snapshot
from tests.roles.asks import ASKS, Ask, Maker
from tests.roles.cast import OFFICERS, Actor, Things, actors, neighbours, settle

T = TypeVar("T")
Item = TypeVar("Item")

REFUSALS = frozenset(
    {"bad_signature", "unknown_device", "not_allowed", "not_enrolled", "not_addressed", "desk_needed"}
)
"""What says that somebody may not; any other refusal says that the walk asked wrongly."""
OPEN = frozenset({"GET /v1/offices/{office}/rosters", "GET /v1/letters/{invitation}"})
"""What anybody may read of any office who knows its name, or a letter's number: what a letter has to be checked by."""


class UndoneError(Exception):
    """Ends a transaction that is not to be kept."""


class Forgetful:
    """A store that undoes what was written once it knows the answer: every request finds the same relay."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changed: list[str] = []
        self.watch(b"")

    def watch(self, office: bytes) -> None:
        """From now on `changed` names the tables in which the newest request changed this office's rows."""
        self._watched = office
        self._before = self._store.read_now(lambda tx: snapshot.of_office(tx, office))

    async def read(self, rule: Callable[[Tx], T]) -> T:
        return await self._store.read(rule)

    async def look(self, rule: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item) -> T:
        return await self._store.look(rule, item)

    async def clear(self) -> None:
        """Nothing was deleted."""

    async def write(self, rule: Callable[[Tx], T]) -> T:
        kept: list[T] = []

        def unit(tx: Tx) -> None:
            kept[:] = [rule(tx)]
            self.changed = snapshot.differs(self._before, snapshot.of_office(tx, self._watched))
            raise UndoneError

        with contextlib.suppress(UndoneError):
            await self._store.write(unit)
        return kept[0]

    async def gather(self, rule: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item) -> T:
        (outcome,) = await self.write(lambda tx: rule(tx, [item]))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@dataclass
class Row:
    """What came of one request, by principal: True when it was granted."""

    route: str
    what: str
    #: What of an office it is about.
    names: set[str]
    granted: dict[str, bool]
    #: The answer about another office's, to those who may have their own.
    elsewhere: set[str]


@dataclass
class Walk:
    """A relay with two offices and nothing of a third, which stands in another database."""

    http: httpx.AsyncClient
    store: Forgetful
    mine: Things
    theirs: Things
    nowhere: Things
    unix: Callable[[], int]
    people: list[Actor]
    neighbours: tuple[Things, Things]
    #: What could be read while the first office was the only one, by reader, route and what.
    alone: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    #: What is not as it should be.
    wrong: list[str] = field(default_factory=list)

    async def ask(self, me: Actor, method: str, it: Ask) -> httpx.Response:
        self.store.changed = []
        if me.name == "stranger":
            given: dict[str, Any] = (
                {"content": it.body, "headers": {"content-type": "application/octet-stream"}}
                if isinstance(it.body, bytes)
                else {"json": it.body}
            )
            return await self.http.request(method, it.path, **given)
        keys = it.as_ if it.as_ is not None and me.name == "newcomer" else me.keys
        return await Client(self.http, keys, self.unix).call(method, it.path, it.body)

    async def read_alone(self) -> None:
        """Everybody reads all that can be read."""
        for (route, what), maker in ASKS.items():
            if route.startswith("GET "):
                for me in self.people:
                    answer = await self.ask(me, "GET", maker(me, self.mine))
                    self.alone[me.name, route, what] = answer.content

    async def row(self, route: str, what: str, maker: Maker) -> Row:
        """Everybody's request for one thing."""
        method = route.split(" ", maxsplit=1)[0]
        row = Row(route, what, set(), {}, set())
        for me in self.people:
            place = f"{route} {what} as {me.name}"
            own = maker(me, self.mine)
            answer = await self.ask(me, method, own)
            row.granted[me.name] = self.granted(place, answer)
            self.keeps_apart(place, answer, open_=route in OPEN)
            before = self.alone.get((me.name, route, what))
            self.check(
                before in {None, answer.content}, f"{place}: the answer tells that another office came"
            )
            if route == "GET /v1/mail" and answer.is_success:
                reads = me.phone is not None or bool(OFFICERS[me.name] & READING)
                self.check(
                    bool(answer.json()["items"]) is reads, f"{place}: the office's letters are not theirs"
                )
            if me.phone is not None and route not in OPEN:
                await self.next_door(place, me, maker)
            if row.granted[me.name] or route in OPEN or me.known:
                await self.elsewhere(place, me, maker, row)
        return row

    async def elsewhere(self, place: str, me: Actor, maker: Maker, row: Row) -> None:
        """Another office's thing and one that is nowhere get the same answer, and nothing changes elsewhere."""
        method, open_, granted = row.route.split(" ")[0], row.route in OPEN, row.granted[me.name]
        self.theirs.named.clear()
        it = maker(me, self.theirs)
        if not self.theirs.named:
            return
        row.names |= self.theirs.named
        theirs = await self.ask(me, method, it)
        self.keeps_apart(place, theirs, open_=open_)
        if open_:
            row.elsewhere.add("the same")
            return
        nowhere = await self.ask(me, method, maker(me, self.nowhere))
        seen = [(each.status_code, each.content, sorted(each.headers.items())) for each in (theirs, nowhere)]
        self.check(seen[0] == seen[1], f"{place}: {seen[0][:2]} of another office, {seen[1][:2]} of none")
        self.check(granted or theirs.is_error, f"{place}: of another office it is granted")
        if granted:
            row.elsewhere.add(
                f"{theirs.status_code} {theirs.json()['code']}" if theirs.is_error else "as if new"
            )

    async def next_door(self, place: str, me: Actor, maker: Maker) -> None:
        """Another contact's of the own office is like nobody's too, and stays as it is."""
        method, seen = place.split(" ", maxsplit=1)[0], []
        neighbour, nobody = self.neighbours
        neighbour.named.clear()
        asked = maker(me, neighbour)
        if not neighbour.named & {"contact", "notice", "envelope", "attachment"}:
            return
        self.store.watch(self.mine.house.office)
        for it in (asked, maker(me, nobody)):
            answer = await self.ask(me, method, it)
            seen.append((answer.status_code, answer.content))
            self.check(not self.store.changed, f"{place}: of a neighbour it changes {self.store.changed}")
        self.store.watch(self.theirs.house.office)
        self.check(seen[0] == seen[1], f"{place}: {seen[0]} of a neighbour, {seen[1]} of nobody")

    def keeps_apart(self, place: str, answer: httpx.Response, *, open_: bool) -> None:
        """Nothing in it is the other office's."""
        found = [name for name, mark in self.marks().items() if mark in answer.text]
        self.check(open_ or not found, f"{place}: the answer holds another office's {found}")
        self.check(not self.store.changed, f"{place}: it changes another office's {self.store.changed}")

    def granted(self, place: str, answer: httpx.Response) -> bool:
        """A grant, or a refusal of who asks; anything else is a mistake of the walk."""
        said = "" if answer.is_success else answer.json()["code"]
        refused = answer.status_code in {401, 403} and said in REFUSALS
        self.check(answer.is_success or refused, f"{place}: nobody could be granted that: {answer.text}")
        return answer.is_success

    def check(self, right: bool, otherwise: str) -> None:
        if not right:
            self.wrong.append(otherwise)

    def marks(self) -> dict[str, str]:
        it = self.theirs
        ids = {
            "contact": it.phone.contact, "device": it.phone.device, "enrolment": it.waiting.secret.invitation,
            "waiting device": it.waiting.device, "letter": it.letter.secret.invitation, "proposal": it.proposal,
            "movement": it.idle, "notice": it.draft.notice, "offer": it.draft.offers[0].offer, "envelope": it.mail,
            "office": it.house.office,
        }  # fmt: skip
        return {name: b64u(value) for name, value in ids.items()} | {"code": '"KB-', "case": it.case}


async def _walk(folder: Path, only: Collection[str]) -> tuple[list[Row], list[str]]:
    here, nowhere = stores = [open_store(empty(folder / f"{name}.db")) for name in ("here", "nowhere")]
    try:
        vault = Vault(bytes(32))
        mine = settle(here, vault, "KA", own=True)
        mine.house.write(delivery.lead, "here", mine.house.now)
        clock = SetClock()
        clock.at = mine.house.now
        store = Forgetful(here)
        context = Context(
            store=store, vault=vault, clock=clock, rates=Rates(enabled=False), authorities=Settings().authorities,
            bot_token=SecretStr(TOKEN), demo=False, bot_name="qasid_test_bot", wake=lambda: None,
            rescheduled=lambda: None,
        )  # fmt: skip
        app = build(context, app_dir=folder / "none")
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as http:
            elsewhere = settle(nowhere, vault, "KC", own=False)
            walk = Walk(
                http,
                store,
                mine,
                elsewhere,
                elsewhere,
                lambda: int(clock.at.timestamp()),
                actors(mine),
                neighbours(mine),
            )
            await walk.read_alone()
            walk.theirs = settle(here, vault, "KB", own=False)
            store.watch(walk.theirs.house.office)
            asked = {key: maker for key, maker in ASKS.items() if not only or key[0] in only}
            return [await walk.row(*key, maker) for key, maker in asked.items()], walk.wrong
    finally:
        for each in stores:
            each.close()


def missing(openapi: dict[str, Any]) -> set[str]:
    """Routes that nobody asks for, and what is asked for and is no route."""
    routes = {f"{method.upper()} {path}" for path, item in openapi["paths"].items() for method in item}
    return routes ^ {route for route, _ in ASKS}


def walked(only: Collection[str] = ()) -> tuple[list[Row], list[str]]:
    """The rows (of these routes), and what is wrong; takes some seconds."""
    with tempfile.TemporaryDirectory(prefix="qasid-roles-") as folder:
        return asyncio.run(_walk(Path(folder), only))
