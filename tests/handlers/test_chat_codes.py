"""A notice's number in the chat: one of four words, however it is typed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crypto.notice import verification_code
from crypto.vault import Vault
from handlers.updates import strip
from store.engine import open_store
from tests.databases import empty
from tests.relay.house import START, House
from tests.relay.test_rule_clearances import scheduled
from tests.roles.chatline import Line

STRANGER = 5_000_000_001


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    store = open_store(empty(tmp_path / "qasid.db"))
    try:
        yield await Line(store, Vault(bytes(32)), START).open()
    finally:
        store.close()


async def test_anybody_may_ask_and_hears_one_word(line: Line) -> None:
    house = House(line.store, line.vault, START).register()
    draft = scheduled(house, house.enrolled("messages", "departures"))
    code = verification_code(draft.content_hash)
    assert [each.key for each in await line.say(STRANGER, f"/verify {code}")] == ["code-unknown"]
    house.release()
    (said,) = await line.say(STRANGER, f"/verify {code}")
    assert said.key == "code-current"
    assert "M-1" not in said.text
    house.cancel(draft)
    spaced = f"{code[:3]} {code[3:6]}-{code[6:]}"
    persian = code.translate({ord("0") + digit: 0x06F0 + digit for digit in range(10)})
    for typed in (spaced, persian, f"\u200e{code}"):
        assert [each.key for each in await line.say(STRANGER, f"/verify {typed}")] == ["code-cancelled"]
    assert [each.key for each in await line.say(STRANGER, "/verify")] == ["verify"]


@pytest.mark.parametrize("typed", ["Kabul", "48217339", "48217339051", "4821733905 K-1", "4821733905x"])
def test_what_is_no_number_is_not_kept(typed: str) -> None:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 3, "chat": chat, "from": {"id": 7}, "text": f"/verify {typed}"}
    update = strip({"update_id": 1, "message": message})
    assert update is not None
    assert update.payload["text"] == "/verify …"
