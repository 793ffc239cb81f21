"""The bot's side of a chat without Telegram: updates go in as they come, answers are read where they wait."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest

from handlers.chat.dispatch import Chat, Dispatch
from handlers.texts import Texts
from handlers.updates import rebuild, strip
from handlers.wording import Wording
from relay import inbox
from relay.unit import Tx, Vault
from store.engine import Store
from store.tables import metadata
from tests.handlers.conftest import TOKEN, SetClock

OUTBOX = metadata.tables["outbox"]
ASKING = {("reply", "officer-asks-cancel"), ("reply", "officer-asks-threat")}
"""What other coordinators of the office hear of a proposal."""
ACCOUNTS = metadata.tables["accounts"]


class Offline(BaseRequest):
    """Telegram knows the bot, and answers nothing else."""

    read_timeout = 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, method: str, **_more: Any) -> tuple[int, bytes]:
        assert url.endswith("/getMe"), f"a rule asks Telegram itself: {method}"
        me = {"id": 123456789, "is_bot": True, "first_name": "bot", "username": "qasid_test_bot"}
        return 200, json.dumps({"ok": True, "result": me}).encode()


@dataclass
class Answer:
    key: str
    text: str
    #: What stands on the buttons, and behind them: signed anew each time.
    labels: list[str]
    buttons: list[str] = field(compare=False)
    #: Addresses that further buttons open.
    opens: list[str] = field(default_factory=list)


@dataclass
class Line:
    """A chat with each account; nothing of it is ever sent, so that the outbox holds what would be."""

    store: Store
    vault: Vault
    now: datetime
    wording: Wording = field(default_factory=lambda: Wording(Texts(), "https://relay.example/app/"))
    count: itertools.count = field(default_factory=lambda: itertools.count(1))

    async def open(self) -> "Line":
        self.clock = SetClock()
        self.clock.at = self.now
        builder = ApplicationBuilder().application_class(Dispatch).token(TOKEN)
        self.dispatch = (
            builder.request(Offline()).get_updates_request(Offline()).updater(None).job_queue(None).build()
        )
        await self.dispatch.initialize()
        Chat(self.store, self.vault, self.clock, lambda: None).register(self.dispatch)
        return self

    async def say(self, who: int, text: str) -> list[Answer]:
        return await self._update(who, {"message": self._message(who) | {"text": text}})

    async def press(self, who: int, data: str) -> list[Answer]:
        press = {"id": "1", "from": self._person(who), "message": self._message(who), "data": data}
        return await self._update(who, {"callback_query": press})

    async def _update(self, who: int, body: dict[str, Any]) -> list[Answer]:
        """Take it in, handle it, and hand over what the account is answered.

        Nobody else is written to, but for coordinators who are asked to sign.
        """
        kept = strip({"update_id": next(self.count), **body})
        assert kept is not None
        for taken in await self.store.write(lambda tx: self._taken(tx, kept)):
            await self.dispatch.process_update(rebuild(taken, self.dispatch.bot))
        return await self.store.read(lambda tx: self._said(tx, who))

    def _taken(self, tx: Tx, update: inbox.Update) -> list[inbox.Taken]:
        """What was said so far is as good as sent."""
        tx.execute(OUTBOX.delete())
        inbox.take(tx, self.vault, [update], self.now)
        return inbox.pending(tx, self.vault)

    def _said(self, tx: Tx, who: int) -> list[Answer]:
        (account,) = tx.execute(ACCOUNTS.select().where(ACCOUNTS.c.blind == self.vault.index(who)))
        rows = list(tx.execute(OUTBOX.select().order_by(OUTBOX.c.id)))
        others = {(row.kind, row.key) for row in rows if row.account != account.id} - ASKING
        assert not others, f"others hear of it: {others}"
        return [
            self._answer(row.key, json.loads(row.params))
            for row in rows
            if (row.kind, row.account) == ("reply", account.id)
        ]

    def _answer(self, key: str, params: dict[str, Any]) -> Answer:
        below = self.wording.keyboard("en", key, params)
        shown = [each for row in below.inline_keyboard for each in row] if below else []
        pressed = {each.text: each.callback_data for each in shown if isinstance(each.callback_data, str)}
        opens = [each.web_app.url for each in shown if each.web_app]
        return Answer(key, self.wording.text("en", key, params), [*pressed], [*pressed.values()], opens)

    def _message(self, who: int) -> dict[str, Any]:
        chat = {"id": who, "type": "private"}
        return {"message_id": next(self.count), "date": 0, "chat": chat, "from": self._person(who)}

    def _person(self, who: int) -> dict[str, Any]:
        return {"id": who, "is_bot": False, "first_name": "-", "language_code": "en"}
