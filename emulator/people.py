"""A person with a phone: everything someone can do in Telegram to a bot."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator import initdata
from emulator.bots import Bot
from emulator.chats import Chat, Message
from emulator.entities import detect
from emulator.wire import Json, Value

if TYPE_CHECKING:
    from emulator.telegram import Telegram

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
START_PARAM = re.compile(r"[A-Za-z0-9_-]{1,512}")


@dataclass
class User:
    """One person, made by `Telegram.add_user`. A `bot` is a Bot, a username, an id, or None for the only one."""

    telegram: "Telegram" = field(repr=False)
    id: int
    first_name: str
    language_code: str = "en"
    last_name: str = ""
    username: str = ""
    deactivated: bool = False

    def json(self) -> Json:
        """The Bot API User object."""
        optional = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value},
        }

    def chat(self, bot: Bot | str | int | None = None) -> Chat:
        """The private chat with a bot."""
        return self.telegram.private_chat(self.telegram.bot(bot), self)

    # --- writing

    def say(
        self,
        bot: Bot | str | int | None,
        text: str,
        *,
        group: Chat | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a text or command, privately or in a group; writing to a blocked bot unblocks it first."""
        if not text.strip() or len(text) > 4096:
            raise ValueError("a message has 1 to 4,096 characters")
        text = text.strip()
        return self._post(bot, group, text=text, entities=detect(text), reply_to=reply_to)

    def paste(self, bot: Bot | str | int | None, text: str) -> Message:
        """Send a text of any length as Telegram's clients do: cut into messages; returns the last of them."""
        messages = [self.say(bot, text[at : at + 4096]) for at in range(0, len(text), 4096)]
        if not messages:
            raise ValueError("there is nothing to send")
        return messages[-1]

    def start(self, bot: Bot | str | int | None = None, payload: str = "") -> Message:
        """Press Start, or open the deep link t.me/bot?start=payload."""
        if payload and not PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload has up to 64 of A-Z a-z 0-9 _ -")
        return self.say(bot, f"/start {payload}")

    def send_document(
        self, bot: Bot | str | int | None, content: bytes, name: str = "file.bin", *, caption: str = "",
        mime_type: str = "application/octet-stream",
    ) -> Message:  # fmt: skip
        """Send a file with an optional caption of up to 1,024 characters."""
        if len(caption) > 1024 or not content:
            raise ValueError("a document is not empty, its caption has up to 1,024 characters")
        document = self.telegram.new_document(content, name, mime_type)
        self.telegram.documents[document.file_id] = document
        return self._post(bot, None, text=caption, entities=detect(caption), document=document)

    def edit(self, bot: Bot | str | int | None, message: Message | int, text: str) -> Message:
        """Change the text of an own message; the bot gets edited_message. Raises LookupError if it is not there."""
        with self.telegram.lock:
            chat = self.chat(bot)
            found = chat.find(message if isinstance(message, int) else message.id)
            if found is None or found.from_bot:
                raise LookupError("no such message of one's own")
            found.text, found.entities = text.strip(), detect(text.strip())
            found.edited = self.telegram.clock.time()
            self._queue(bot, "edited_message", chat, found.json())
            chat.changed.fire()
            return found

    def _post(self, bot: Bot | str | int | None, group: Chat | None, **content: Value) -> Message:
        with self.telegram.lock:
            now = self.telegram.clock.time()
            if group is not None:
                message = group.post(self.json(), now, **content)
                self.telegram.tell(group, message)
                return message
            if self.chat(bot).blocked:
                self.unblock(bot)
            chat = self.chat(bot)
            chat.started = True
            message = chat.post(self.json(), now, **content)
            self._queue(bot, "message", chat, message.json())
            return message

    def _queue(self, bot: Bot | str | int | None, kind: str, chat: Chat, body: Json) -> None:
        self.telegram.bot(bot).queue.put(kind, chat.id, body, self.telegram.clock.time())

    def allow_writing(self, bot: Bot | str | int | None = None) -> None:
        """Let the bot write first, as a Mini App may ask; the bot gets a service message."""
        if not self.chat(bot).started:
            self._post(bot, None, service={"write_access_allowed": {"from_request": True}})

    # --- blocking

    def block(self, bot: Bot | str | int | None = None) -> None:
        """Stop the bot: it gets my_chat_member, and 403 from then on."""
        self._set_blocked(bot, blocked=True)

    def unblock(self, bot: Bot | str | int | None = None) -> None:
        """Let the bot write again."""
        self._set_blocked(bot, blocked=False)

    def _set_blocked(self, bot: Bot | str | int | None, *, blocked: bool) -> None:
        with self.telegram.lock:
            chat = self.chat(bot)
            if chat.blocked != blocked:
                chat.blocked = blocked
                old, new = ("member", "kicked") if blocked else ("kicked", "member")
                self.telegram.tell_membership(self.telegram.bot(bot), chat, self, old, new)
                chat.changed.fire()

    # --- pressing

    def press(
        self, bot: Bot | str | int | None, button: str | Json, message: Message | int | None = None,
        *, group: Chat | None = None,
    ) -> str:  # fmt: skip
        """Press an inline button named by its text or callback_data, on the newest message that has it.

        Returns the callback query's id, or the address to open for a web_app button (with initData) or a link.
        Raises LookupError if no visible message has it.
        """
        with self.telegram.lock:
            chat = group or self.chat(bot)
            wanted = message.id if isinstance(message, Message) else message
            for each in reversed(chat.visible()):
                if wanted not in {None, each.id}:
                    continue
                for found in each.buttons:
                    if found == button or button in {found["text"], found.get("callback_data")}:
                        return self._press(self.telegram.bot(bot), chat, each, found)
        raise LookupError("no such button is visible")

    def _press(self, bot: Bot, chat: Chat, message: Message, button: Json) -> str:
        if "web_app" in button:
            return self.open_app(bot, button["web_app"]["url"])
        if "url" in button:
            return str(button["url"])
        # Telegram's own name who pressed: the person's id and 32 bits of chance, in one signed 64-bit number.
        query_id = str((self.id << 32 | self.telegram.random.getrandbits(32)) & (1 << 63) - 1)
        self.telegram.callbacks[query_id] = (bot, chat, self.telegram.clock.time())
        body = {
            "id": query_id,
            "from": self.json(),
            "message": message.json(),
            "chat_instance": str(bot.id * 31 + chat.id),
            "data": button["callback_data"],
        }
        self._queue(bot, "callback_query", chat, body)
        return query_id

    # --- Mini Apps and menus

    def init_data(self, bot: Bot | str | int | None = None, **extra: str) -> str:
        """Freshly signed initData for this person."""
        found = self.telegram.bot(bot)
        user = {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            **({"username": self.username} if self.username else {}),
            "language_code": self.language_code,
            **({"allows_write_to_pm": True} if self.chat(found).started else {}),
        }
        return initdata.make(user, found.token, self.telegram.clock.time(), self.telegram.random, **extra)

    def open_app(self, bot: Bot | str | int | None, url: str) -> str:
        """The address a client opens for a web_app button or a menu button."""
        query_id = "AA" + self.telegram.random.randbytes(12).hex()
        return initdata.launch_url(url, self.init_data(bot, query_id=query_id))

    def open_menu(self, bot: Bot | str | int | None = None) -> str:
        """Open the menu button's Mini App; raises LookupError where the button shows commands."""
        button = self.menu_button(bot)
        if button["type"] != "web_app":
            raise LookupError("the menu button shows the commands")
        return self.open_app(bot, button["web_app"]["url"])

    def open_link(self, bot: Bot | str | int | None = None, start_param: str = "") -> str:
        """Open t.me/bot?startapp=start_param, the bot's main Mini App; raises LookupError if it has none."""
        found = self.telegram.bot(bot)
        if not found.main_app_url:
            raise LookupError("this bot has no main Mini App: add_bot(main_app_url=…)")
        if start_param and not START_PARAM.fullmatch(start_param):
            raise ValueError("a startapp parameter has up to 512 of A-Z a-z 0-9 _ -")
        extra = {"start_param": start_param} if start_param else {}
        data = self.init_data(found, chat_type="sender", chat_instance=str(found.id), **extra)
        return initdata.launch_url(found.main_app_url, data, start_param)

    def menu_button(self, bot: Bot | str | int | None = None) -> Json:
        """The MenuButton object this person sees."""
        return self.chat(bot).menu_button or self.telegram.bot(bot).menu_button

    def commands(self, bot: Bot | str | int | None = None) -> list[Json]:
        """The command list this person sees: the narrowest scope first, their language before none."""
        found = self.telegram.bot(bot)
        chat: dict[str, int | str] = {"type": "chat", "chat_id": self.id}
        for scope in (chat, {"type": "all_private_chats"}, {"type": "default"}):
            for language in (self.language_code[:2], ""):
                commands = found.commands.get((tuple(sorted(scope.items())), language))
                if commands is not None:
                    return commands
        return []
