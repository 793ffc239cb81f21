"""One call of a Bot API method, and what its parameters name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.bots import Bot
from emulator.chats import Chat, Document, Message
from emulator.errors import bad_request, forbidden
from emulator.wire import Json

if TYPE_CHECKING:
    from emulator.telegram import Telegram


@dataclass
class Call:
    """`params` are checked and converted; an uploaded file stands in them as "attach://name" and in `uploads`."""

    telegram: "Telegram"
    bot: Bot
    params: Json
    uploads: Mapping[str, Document]
    #: What a sending method posted, for the log.
    posted: Message | None = None

    @property
    def now(self) -> float:
        return self.telegram.clock.time()

    def chat(self, chat_id: int | str | None = None) -> Chat:
        """The chat under `chat_id` (default: the parameter) as the bot knows it; raises 400 or 403.

        People have no public address: "@name" is found for no private chat, as at Telegram.
        """
        chat_id = self.params.get("chat_id") if chat_id is None else chat_id
        if chat_id is None:
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str):
            raise bad_request("chat not found")
        if chat_id in self.telegram.users:
            return self.telegram.private_chat(self.bot, self.telegram.users[chat_id])
        if any(bot.id == chat_id for bot in self.telegram.bots.values()):
            raise forbidden("bot can't send messages to bots")
        group = self.telegram.groups.get(chat_id)
        if group is None or self.bot.id not in group.members | group.kicked:
            raise bad_request("chat not found")
        if group.migrated_to:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=group.migrated_to.id
            )
        return group

    def writable(self) -> Chat:
        """The chat, if the bot may write there now; raises 400 or 403."""
        chat = self.chat()
        if chat.private:
            if self.telegram.users[chat.id].deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif self.bot.id in chat.kicked:
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        return chat

    def outgoing(self) -> tuple[Chat, Callable[[], None]]:
        """The chat to send to now, and the function that counts the send; raises 400, 403 or 429."""
        chat = self.writable()
        paid = self.params.get("allow_paid_broadcast", False)
        return chat, self.bot.limits.admit(chat.id, self.now, paid=paid)

    def message(self, purpose: str) -> Message:
        """The message that chat_id and message_id name; raises 400 "message to <purpose> not found"."""
        if "inline_message_id" in self.params:
            raise bad_request("MESSAGE_ID_INVALID")
        chat = self.chat()
        if "message_id" not in self.params:
            raise bad_request("message identifier is not specified")
        found = chat.find(self.params["message_id"])
        if found is None or not chat.known_to(self.bot.id):
            raise bad_request(f"message to {purpose} not found")
        return found
