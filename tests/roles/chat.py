"""The walk through the chat: every command of the dispatcher, from every kind of account, with every code there is.

No device takes part: whoever walks here holds officers' Telegram accounts and nothing else.
"""

import asyncio
import re
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from crypto.encoding import b64u, unb64u
from crypto.notice import NoticeKind, verification_code
from crypto.vault import Vault
from handlers.chat import dispatch
from handlers.updates import COMMANDS
from relay import buttons, links, offices, proposals, wishes
from relay.errors import RelayError
from relay.unit import Tx
from store.engine import open_store
from store.tables import metadata
from tests.databases import empty
from tests.relay.house import START
from tests.roles import snapshot
from tests.roles.cast import OFFICERS, Things, officer, settle
from tests.roles.chatline import Answer, Line

FORMER = "former officer"
CHATTERS = ("stranger", "contact", FORMER, *OFFICERS)
IDS = {name: 5_000_000_001 + number for number, name in enumerate(CHATTERS)}
LOST = 5_000_000_099
"""Who types what is no command."""
CODE = re.compile(r"[A-Z]{1,4}-[A-Z0-9-]{1,12}|[0-9]{10}")
MOST = 2
LONG = {
    "conditions": ("PERMIT RED MEDIA", "PERMIT GREEN OFFICIAL 9H"),
    "airport": ("AIR CLOSED MEDIA 9H", "AIR OPEN OFFICIAL 9H"),
    "departure": ("CALL",),
    "lend": ("3",),
}
"""What may follow (a code) in commands whose words are too many to be guessed."""
OWN = "W-02"
"""An officer of the own office, to whom something could be assigned."""


@dataclass
class Row:
    """What came of one command: True for accounts that it did something for."""

    command: str
    takes: str
    granted: dict[str, bool] = field(default_factory=dict)
    #: Whether it was asked about another office's code, too.
    abroad: bool = False


@dataclass
class Walk:
    """Accounts of one office's officers, and what they are answered."""

    line: Line
    mine: Things
    #: The other office's codes that are not this one's too; for one of each shape, one that is nobody's.
    theirs: set[str] = field(default_factory=set)
    twins: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    last: snapshot.Snapshot = field(default_factory=dict)

    async def command(self, name: str, codes: list[str]) -> Row:
        """One command, with everything it could be about."""
        if name == "verify":  # whoever has a number may ask about it, whichever office's it is
            codes = [each for each in codes if not each.isdecimal()]
        given = fitting(COMMANDS[name], codes, {OWN, self.mine.enrolled, self.mine.boarding})
        given += [
            f"{each} {more}".strip()
            for each in given or codes
            for more in LONG.get(name, ())
            if COMMANDS[name].fullmatch(f"{each} {more}".strip())
        ]
        assert given, f"/{name} takes nothing that tests/roles/chat.py knows: teach it such an argument"
        row = Row(name, "a code" if any(given) else "", dict.fromkeys(CHATTERS, False))
        (unknown,) = await self.line.say(LOST, "/nosuchcommand")
        for who in CHATTERS:
            answered = {}
            some = given if who in OFFICERS else given[:2]  # the others learn nothing, whatever they name
            for words in some:
                answered[words] = said = await self.said(who, f"/{name} {words}".strip())
                if name in dispatch.PEOPLE:
                    row.granted[who] |= said != [unknown]
                elif who in OFFICERS:
                    row.granted[who] |= [each.key for each in said] != ["officer-not-allowed"]
                else:
                    self.check(
                        said == [unknown], f"/{name} {words}: {who} sees that there is such a command: {said}"
                    )
            self.kept(f"/{name} with {some} and their buttons as {who}")
            foreign = [each for each in answered if self.theirs & set(each.split())]
            row.abroad |= bool(foreign)
            for words in foreign if who in OFFICERS else ():
                twin = " ".join(self.twins.get(each, each) for each in words.split())
                same = answered[words] == answered[twin]
                self.check(
                    same, f"/{name} {words}: {who} hears {answered[words]}, but {answered[twin]} to {twin}"
                )
        return row

    async def said(self, who: str, text: str, *, pressing: bool = True) -> list[Answer]:
        """The answers; an officer's account then presses every button they show, and those shown thereupon."""
        answers = await self.line.say(IDS[who], text)
        abroad = [
            each.text for each in answers if any(code in each.text for code in self.theirs - {*text.split()})
        ]
        self.check(not abroad, f"{text}: {who} hears of another office: {abroad}")
        self.check(bool(answers), f"{text}: {who} is answered nothing")
        todo, pressed = [button for each in answers for button in each.buttons], set()
        while (
            pressing
            and who in OFFICERS
            and (fresh := [each for each in todo if meaning(each) not in pressed])
        ):
            pressed.add(meaning(fresh[0]))
            todo += [button for each in await self.line.press(IDS[who], fresh[0]) for button in each.buttons]
        return answers

    def kept(self, what: str) -> None:
        """Since the last look nothing has changed that concerns a person."""
        now = self.state()
        changed = snapshot.differs(self.last, now)
        self.check(not changed, f"{what}: without any device it changes {changed}")
        self.last = now

    def state(self) -> snapshot.Snapshot:
        return self.line.store.read_now(self._state)

    def _state(self, tx: Tx) -> snapshot.Snapshot:
        own = [self.line.vault.index(IDS[name]) for name in OFFICERS]
        accounts = metadata.tables["accounts"]
        others = tx.execute(accounts.select().where(accounts.c.blind.not_in(own)))
        other = self.mine.house.by("C-02").officer  # an officer without an account, and of the same office
        away = metadata.tables["off_duty"]
        return snapshot.taken(tx, without=snapshot.CHATTING) | {
            "accounts of others": sorted(map(repr, others)),
            "duty of others": sorted(map(repr, tx.execute(away.select().where(away.c.officer == other)))),
        }

    async def overview(self) -> dict[str, dict[str, list[Answer]]]:
        """What officers are told when they name nothing.

        Not /invite: it proposes, which /queue then counts; nor /audit: it tells that one looked a moment ago (walk.py
        compares what GET /v1/audit says).
        """
        left_out = {"invite", "audit"}
        asked = [name for name in dispatch.OFFICERS if COMMANDS[name].fullmatch("") and name not in left_out]
        self.last = self.state()
        told = {
            who: {name: await self.said(who, f"/{name}", pressing=False) for name in asked}
            for who in OFFICERS
        }
        self.kept(str(asked))
        return told

    def proposals(self) -> None:
        """What was proposed is open still, and a device decides."""
        house, store, table = self.mine.house, self.line.store, metadata.tables["proposals"]
        mine = store.read_now(
            lambda tx: list(tx.execute(table.select().where(table.c.office == house.office)))
        )
        self.check({row.state for row in mine} == {"open"}, f"proposals made in chat are {mine}")
        self.check(len(mine) > 1, "nothing was proposed")  # one is there from the beginning
        before = self.state()
        for row in mine:
            try:
                house.as_(house.chief, proposals.decide, row.proposal, True, house.now, reason="papers")
            except RelayError:  # one of two that contradict each other
                house.as_(house.chief, proposals.decide, row.proposal, False, house.now)
        self.check(
            house.as_(house.chief, proposals.listed, house.now) == [], "a device's decision did not count"
        )
        acts = {row.kind for row in mine} - {"invite", *wishes.AT_DESK}  # made, and signed, at the desk
        changed = snapshot.differs(before, self.state())
        self.check(
            bool(changed) is bool(acts), f"what was proposed ({acts}) changes {changed} once it is decided"
        )

    def check(self, right: bool, otherwise: str) -> None:
        if not right:
            self.wrong.append(otherwise)


def meaning(data: str) -> str:
    """What a button says, without what is drawn and signed anew each time."""
    return (
        unb64u(data.removeprefix(buttons.PREFIX))[24:].decode() if data.startswith(buttons.PREFIX) else data
    )


def fitting(grammar: re.Pattern[str], codes: list[str], second: Collection[str] = (OWN,)) -> list[str]:
    """Arguments of up to three words that a command takes: codes that there are, and words of its own grammar.

    Of what differs in those words alone, MOST; a second code is one of some.
    """
    words = [*codes, *re.findall(r"(?<![\\\[a-zA-Z])[a-zA-Z]{2,}", grammar.pattern)]
    found: dict[tuple[str, ...], list[str]] = {}
    for length in range(4 if " " in grammar.pattern else 2):
        for each in product(words, repeat=length):
            if grammar.fullmatch(" ".join(each)):
                found.setdefault(tuple(code for code in each if code in codes), []).append(" ".join(each))
    kept = [key for key in found if len(key) < 2 or key[1] in second]  # not every pair of codes
    return [each for key in kept for each in found[key][:MOST]]


def codes_of(tx: Tx, office: bytes) -> set[str]:
    """Every code among an office's rows."""
    found = set()
    for table in metadata.tables.values():
        if "office" in table.c:
            for row in tx.execute(table.select().where(table.c.office == office)):
                found |= {each for each in row if isinstance(each, str) and CODE.fullmatch(each)}
    return found


def first_of_each(codes: Iterable[str]) -> list[str]:
    """One code of every shape: capitals and digits are what commands tell codes apart by."""
    shapes: dict[str, str] = {}
    for each in sorted(codes):
        shapes.setdefault(re.sub("[0-9]", "9", re.sub("[A-Z]", "A", each)), each)
    return list(shapes.values())


def _prepared(mine: Things) -> str:
    """The number of a warning that was approved, and that nobody sealed."""
    draft = mine.house.draft(None, [mine.phone], kind=NoticeKind.THREAT)
    mine.house.approve(mine.house.chief, draft)
    return verification_code(draft.content_hash)


async def _walk(folder: Path, only: Collection[str]) -> tuple[list[Row], list[str]]:
    store, vault = open_store(empty(folder / "qasid.db")), Vault(bytes(32))
    try:
        mine = settle(store, vault, "KA", own=True, telegram_id=IDS["contact"])
        house, line = mine.house, await Line(store, vault, START).open()
        mine.phone.read()  # else it stands to be rung for
        for name in (FORMER, *OFFICERS):
            by = house.by("W-01") if name == FORMER else officer(house, OFFICERS[name])
            await line.say(IDS[name], f"/start o_{house.as_(by, links.issue, house.now).code}")
        house.as_(house.chief, offices.follow, house.next_roster(remove=["W-01"]), house.now)
        for who in (IDS["stranger"], IDS["contact"], LOST):
            await line.say(who, "/start")
        walk, prepared = Walk(line, mine), _prepared(mine)
        alone = await walk.overview()
        theirs = settle(store, vault, "KB", own=False)
        together = await walk.overview()
        walk.check(alone == together, f"that another office came is told: {alone}, then {together}")
        own, all_theirs = (
            store.read_now(lambda tx, o=each.house.office: codes_of(tx, o)) for each in (mine, theirs)
        )
        walk.theirs = all_theirs - own
        walk.twins = {each: re.sub("[0-9]", "9", each[:-1]) + "9" for each in first_of_each(walk.theirs)}
        assert not set(walk.twins.values()) & (own | all_theirs), "a code that should be nowhere is somewhere"
        codes = [
            prepared,
            *dict.fromkeys([*first_of_each(own), OWN, mine.enrolled, mine.boarding]),
            *walk.twins,
            *walk.twins.values(),
            f"i_{b64u(mine.letter.secret.invitation)}",
        ]
        rows = [await walk.command(name, codes) for name in only or (*dispatch.PEOPLE, *dispatch.OFFICERS)]
        if any(row.command == "invite" for row in rows):
            walk.proposals()
        return rows, walk.wrong
    finally:
        store.close()


def walked(only: Collection[str] = ()) -> tuple[list[Row], list[str]]:
    """The rows (of these commands), and what is wrong; takes a few seconds."""
    with tempfile.TemporaryDirectory(prefix="qasid-roles-") as folder:
        return asyncio.run(_walk(Path(folder), only))
