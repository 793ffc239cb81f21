"""Chats and their messages, as Telegram keeps them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from emulator.waiting import Signal
from emulator.wire import Json, Value


@dataclass(frozen=True)
class Document:
    """An uploaded file; `file_id` belongs to one bot, `file_path` is what its download link ends with."""

    file_id: str
    unique_id: str
    name: str
    mime_type: str
    content: bytes = field(repr=False)

    @property
    def file_path(self) -> str:
        return f"documents/{self.unique_id}"

    def json(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_size": len(self.content),
        }


@dataclass
class Message:
    """One message; `sender` is a Bot API User. Deleted ones stay for counting, but are seen nowhere."""

    id: int
    chat: "Chat"
    sender: Json
    date: float
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    silent: bool = False
    markup: Json | None = None
    document: Document | None = None
    reply_to: "Message | None" = None
    service: Json = field(default_factory=dict)
    edited: float | None = None
    deleted: bool = False
    protected: bool = False

    @property
    def from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons in reading order."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def json(self, *, deep: bool = True) -> Json:
        """The Bot API Message; a replied-to message inside carries no further one."""
        body: Json = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.json(),
            "date": int(self.date),
            **self.service,
        }
        if self.edited is not None:
            body["edit_date"] = int(self.edited)
        prefix = "caption" if self.document else "text"
        if self.document:
            body["document"] = self.document.json()
        if self.text:
            body[prefix] = self.text
        if self.entities:
            body[f"{prefix}_entities" if self.document else "entities"] = self.entities
        if "inline_keyboard" in (self.markup or {}):
            body["reply_markup"] = self.markup
        if self.protected:
            body["has_protected_content"] = True
        if self.reply_to and deep:
            body["reply_to_message"] = self.reply_to.json(deep=False)
        return body


@dataclass
class Chat:
    """A private chat of one bot and one person (with the person's id), or a group (negative ids)."""

    id: int
    type: str
    header: Json
    new_id: Callable[[], int]
    changed: Signal
    #: Private: whether the person ever started the bot, and whether they blocked it.
    started: bool = False
    blocked: bool = False
    #: Groups: ids of the people and bots in it, and of those who may delete others' messages.
    members: set[int] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)
    kicked: set[int] = field(default_factory=set)
    migrated_to: "Chat | None" = None
    menu_button: Json | None = None
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    #: The last thing the bot said it was doing, and answers to button presses, for the page and for tests.
    action: str = ""
    toasts: list[Json] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return self.type == "private"

    def known_to(self, bot_id: int) -> bool:
        """Whether a bot has this chat: started by its person, or a group it is in."""
        return self.started if self.private else bot_id in self.members

    def json(self) -> Json:
        return {"id": self.id, "type": self.type, **self.header}

    def post(self, sender: Json, date: float, **content: Value) -> Message:
        """Add a message at the end."""
        message = Message(self.new_id(), self, sender, date, **content)
        self.messages[message.id] = message
        self.action = ""
        self.changed.fire()
        return message

    def find(self, message_id: int) -> Message | None:
        """The message with this id, unless it was deleted."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.changed.fire()

    def visible(self) -> list[Message]:
        """What a person sees in this chat now, oldest first."""
        return list(self._seen())

    def last(self) -> Message:
        """The newest visible message; raises LookupError in an empty chat."""
        seen = self.visible()
        if not seen:
            raise LookupError("nothing is visible in this chat")
        return seen[-1]

    def _seen(self) -> Iterator[Message]:
        return (message for message in self.messages.values() if not message.deleted)
