"""Telegram itself: bots, people, chats, groups, and the Bot API on top. Synchronous; each call holds a lock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from random import Random
from threading import RLock

from emulator import botapi
from emulator.bots import Bot
from emulator.chats import Chat, Document, Message
from emulator.clock import Clock, RealClock
from emulator.errors import BotApiError
from emulator.faults import Faults
from emulator.limits import MESSAGES_A_STAR, Limits, Rate
from emulator.people import User
from emulator.waiting import Signal
from emulator.wire import Value

TOKEN = re.compile(r"(\d{3,16}):[A-Za-z0-9_-]{6,64}")


@dataclass(frozen=True)
class Send:
    """One attempt to send at `at` (unix seconds): `outcome` is "sent" or the refusal's description.

    `fault`: what became of the answer to one that was sent, if it was none (see faults.py).
    """

    at: float
    method: str
    bot: str
    chat_id: int | str
    outcome: str
    message_id: int | None = None
    silent: bool = False
    fault: str = ""

    @property
    def sent(self) -> bool:
        return self.outcome == "sent"


class Telegram:
    """The state machine. `seed` makes ids repeatable; `faults` and a bot's `limits` may change at any time."""

    def __init__(self, clock: Clock | None = None, *, seed: int | None = None) -> None:
        self.clock: Clock = clock or RealClock()
        self.random = Random(seed)  # noqa: S311 - ids of an emulator
        self.lock = RLock()
        self.faults = Faults()
        self.changed = Signal()
        self.bots_changed = Signal()
        self.closing = Signal()
        self.bots: dict[str, Bot] = {}
        self.users: dict[int, User] = {}
        self.groups: dict[int, Chat] = {}
        self.documents: dict[str, Document] = {}
        self.callbacks: dict[str, tuple[Bot, Chat, float]] = {}
        self.sends: list[Send] = []
        self._private: dict[tuple[int, int], Chat] = {}
        self._user_ids = count(7_000_000_001 + self.random.randrange(10_000_000))
        self._group_ids = count(4_000_001)

    # --- who there is

    def add_bot(
        self,
        token: str = "",
        username: str = "demo_bot",
        first_name: str = "",
        *,
        main_app_url: str = "",
        reads_groups: bool = False,
        limits: Limits | None = None,
    ) -> Bot:
        """Register a bot; without a token one is made up. Raises ValueError for a bad or taken token."""
        token = token or f"{self.random.randrange(10**9, 10**10)}:AA{self.random.randbytes(16).hex()}"
        match = TOKEN.fullmatch(token)
        if match is None:
            raise ValueError("a bot token looks like 123456:ABC-DEF")
        if token in self.bots or any(bot.username == username for bot in self.bots.values()):
            raise ValueError(f"there is already a bot @{username} or one with this token")
        bot = Bot(
            int(match[1]), token, username, first_name or username, self.random, limits or Limits(),
            main_app_url, reads_groups,
        )  # fmt: skip
        bot.queue.comes_again = self.faults.redelivers
        self.bots[token] = bot
        self.bots_changed.fire()
        self.changed.fire()
        return bot

    def add_user(
        self, first_name: str, language_code: str = "en", *, last_name: str = "", username: str = ""
    ) -> User:
        """A new person, who knows no bot yet."""
        user = User(self, next(self._user_ids), first_name, language_code, last_name, username)
        self.users[user.id] = user
        self.changed.fire()
        return user

    def add_group(
        self, title: str, creator: User, *, bots: tuple[Bot, ...] = (), users: tuple[User, ...] = ()
    ) -> Chat:
        """A new basic group; its bots get the message that tells of it."""
        with self.lock:
            numbers = count(1)
            chat = Chat(
                -next(self._group_ids), "group", {"title": title}, lambda: next(numbers), self.changed
            )
            chat.members = {creator.id, *(user.id for user in users), *(bot.id for bot in bots)}
            chat.admins = {creator.id}
            self.groups[chat.id] = chat
            self.tell(
                chat, chat.post(creator.json(), self.clock.time(), service={"group_chat_created": True})
            )
            return chat

    def bot(self, name: str | int | Bot | None = None) -> Bot:
        """A bot by username or id; the only one without a name. Raises LookupError."""
        if isinstance(name, Bot):
            return name
        found = [
            bot
            for bot in self.bots.values()
            if name is None or str(name).lstrip("@") in {bot.username, str(bot.id)}
        ]
        if len(found) != 1:
            raise LookupError(f"no bot @{name}" if name else f"there are {len(found)} bots: name one")
        return found[0]

    def user(self, user_id: int) -> User:
        """A person by id. Raises LookupError."""
        if user_id not in self.users:
            raise LookupError(f"no person {user_id}")
        return self.users[user_id]

    def new_document(
        self, content: bytes, name: str, mime_type: str = "application/octet-stream"
    ) -> Document:
        """A file with new ids; known to getFile once a message carries it."""
        return Document(
            "BQ" + self.random.randbytes(20).hex(), self.random.randbytes(8).hex(), name, mime_type, content
        )

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """The private chat of the two, made when first asked for."""
        key = (bot.id, user.id)
        if key not in self._private:
            header = {k: v for k, v in user.json().items() if k in {"first_name", "last_name", "username"}}
            self._private[key] = Chat(user.id, "private", header, bot.new_message_id, self.changed)
        return self._private[key]

    def migrate(self, group: Chat) -> Chat:
        """Turn a basic group into a supergroup: a new id, the old one refuses, service messages in both."""
        with self.lock:
            numbers = count(1)
            new = Chat(
                -1_000_000_000_000 + group.id, "supergroup", group.header, lambda: next(numbers), self.changed
            )
            new.members, new.admins = set(group.members), set(group.admins)
            self.groups[new.id] = new
            group.migrated_to = new
            creator = self._owner(group).json()
            now = self.clock.time()
            self.tell(group, group.post(creator, now, service={"migrate_to_chat_id": new.id}))
            self.tell(new, new.post(creator, now, service={"migrate_from_chat_id": group.id}))
            return new

    def kick(self, group: Chat, bot: Bot) -> None:
        """Remove a bot from a group; it is told by my_chat_member and gets 403 from then on."""
        with self.lock:
            group.members.discard(bot.id)
            group.admins.discard(bot.id)
            group.kicked.add(bot.id)
            self.tell_membership(bot, group, self._owner(group), "member", "kicked")

    def _owner(self, group: Chat) -> User:
        return next(self.users[number] for number in group.admins if number in self.users)

    # --- what bots hear

    def tell(self, chat: Chat, message: Message, kind: str = "message") -> None:
        """Queue a group message for its bots; in privacy mode only commands, replies and service messages."""
        for bot in self.bots.values():
            replied = message.reply_to is not None and message.reply_to.sender["id"] == bot.id
            readable = bot.reads_groups or message.service or replied or message.text.startswith("/")
            if bot.id in chat.members and readable and message.sender["id"] != bot.id:
                bot.queue.put(kind, chat.id, message.json(), self.clock.time())

    def tell_membership(self, bot: Bot, chat: Chat, user: User, old: str, new: str) -> None:
        """Queue a my_chat_member update: `user` changed the bot's status in `chat`."""
        member = {"user": bot.json()}
        until = {"until_date": 0}
        body = {
            "chat": chat.json(),
            "from": user.json(),
            "date": int(self.clock.time()),
            "old_chat_member": {**member, "status": old, **(until if old == "kicked" else {})},
            "new_chat_member": {**member, "status": new, **(until if new == "kicked" else {})},
        }
        bot.queue.put("my_chat_member", chat.id, body, self.clock.time())

    # --- the Bot API

    def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, Value] | None = None,
        files: Mapping[str, Document] | None = None,
    ) -> Value:
        """Run one Bot API method and return its `result`.

        Raises BotApiError for a refusal; for injected faults ConnectionDropped (before it is accepted), AnswerLost
        (after), or WrongAnswer (either).
        getUpdates answers at once here; waiting is the server's.
        """
        with self.lock:
            bot = self.authorize(token)
            name, function = botapi.find(method)
            fault = self.faults.next(name)
            try:
                if fault == "refuse":
                    raise bot.limits.refuse(self.faults.retry_after, self.clock.time())
                self.faults.before(fault)
                call = botapi.prepare(self, bot, name, params or {}, files or {})
                result = function(call)
            except BotApiError as error:
                self._log(name, bot, (params or {}).get("chat_id", ""), error.description)
                raise
            if call.posted:
                self._log(name, bot, call.posted.chat.id, "sent", call.posted, fault=fault)
            self.faults.after(fault)
            return result

    def _log(
        self,
        method: str,
        bot: Bot,
        chat_id: int | str,
        outcome: str,
        message: Message | None = None,
        *,
        fault: str = "",
    ) -> None:
        if method in botapi.SENDING:
            number, silent = (message.id, message.silent) if message else (None, False)
            at = self.clock.time()
            self.sends.append(Send(at, method, bot.username, chat_id, outcome, number, silent, fault))

    def authorize(self, token: str) -> Bot:
        """The bot of this token; raises 401."""
        bot = self.bots.get(token)
        if bot is None:
            raise BotApiError(401, "Unauthorized")
        if bot.logged_out:
            raise BotApiError(400, "Logged out")
        return bot

    def count_refusals(self) -> dict[str, int]:
        """Refusals by limits and injected ones, over all bots: bot, chat, wait, injected."""
        total: dict[str, int] = {"bot": 0, "chat": 0, "wait": 0, "injected": 0}
        for bot in self.bots.values():
            for reason, number in bot.limits.refused.items():
                total[reason] += number
        return total

    def set_rates(self, **rates: tuple[int, float]) -> None:
        """Change overall, paid, private or group rates of all bots to (count, seconds)."""
        for bot in self.bots.values():
            bot.limits.set(**{name: Rate(*rate) for name, rate in rates.items()})

    def give_stars(self, stars: int) -> None:
        """All bots have Paid Broadcasts on, and so many Telegram Stars to pay for them."""
        for bot in self.bots.values():
            bot.limits.payable = stars * MESSAGES_A_STAR


def worst_window(sends: list[Send], seconds: float = 1.0) -> int:
    """The most sends that any window of `seconds` held."""
    times = sorted(send.at for send in sends if send.sent)
    worst = first = 0
    for last, time in enumerate(times):
        while time - times[first] >= seconds:
            first += 1
        worst = max(worst, last - first + 1)
    return worst
