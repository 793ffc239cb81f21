"""A relative abroad in the chat: the link, the question, and the one answer to everybody who may be shown nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crypto.vault import Vault
from relay import sponsors
from store.engine import open_store
from store.tables import metadata
from tests.databases import empty
from tests.relay.house import START, House
from tests.relay.test_rule_cases import alias_of
from tests.roles.chatline import Line

RELATIVE, STRANGER, CONTACT = 5_000_000_001, 5_000_000_002, 5_000_000_003
PLAIN = ("kind", "key", "params", "priority", "vanish_seconds", "state", "due_at", "not_before", "expires_at")


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    store = open_store(empty(tmp_path / "qasid.db"))
    try:
        yield await Line(store, Vault(bytes(32)), START).open()
    finally:
        store.close()


def queued(line: Line) -> list[tuple[object, ...]]:
    """What is to be said and deleted, but whom to."""
    outbox = metadata.tables["outbox"]
    rows = line.store.read_now(lambda tx: list(tx.execute(outbox.select().order_by(outbox.c.id))))
    return [tuple(getattr(row, name) for name in PLAIN) for row in rows]


async def test_a_link_and_what_is_told_by_it(line: Line) -> None:
    house = House(line.store, line.vault, START).register()
    phone = house.enrolled("messages", telegram_id=CONTACT)
    code = house.as_(house.chief, sponsors.invite, alias_of(house, phone), house.now).code
    wrong = await line.say(STRANGER, f"/start s_{'A' * 22}")
    assert wrong == await line.say(STRANGER, "/start")
    (linked,) = await line.say(RELATIVE, f"/start s_{code}")
    assert (linked.key, linked.labels) == ("relative-linked", ["👂 Ask for news"])
    assert "1" in linked.text
    assert ("delete", "", "{}") in [row[:3] for row in queued(line)], "the link is taken out of the chat"
    assert await line.say(STRANGER, f"/start s_{code}") == wrong, "a used one is none"

    nothing = await line.say(STRANGER, "/relative")
    before = queued(line)
    assert [each.text for each in nothing] == ["👂 Nothing may be shown."]
    for who in (RELATIVE, CONTACT):
        assert await line.say(who, "/relative") == nothing
        assert queued(line) == before
    assert await line.press(RELATIVE, linked.buttons[0]) == nothing

    phone.consent("sponsor")
    phone.send()
    (told,) = await line.say(RELATIVE, "/relative")
    assert told.text == "👂 Last heard of:\n\n1\n🕰 Within two days"
    assert not told.labels
    assert {row[4] for row in queued(line) if row[0] == "reply"} == {3600}
    assert await line.press(RELATIVE, linked.buttons[0]) == [told]
    assert await line.say(STRANGER, "/relative") == nothing
    assert alias_of(house, phone) not in linked.text + told.text
    phone.consent("sponsor", given=False)
    assert await line.say(RELATIVE, "/relative") == nothing
    assert queued(line) == before
