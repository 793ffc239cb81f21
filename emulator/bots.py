"""A bot as Telegram knows it: its token, settings, queue of updates and limits."""

from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TypeAlias

from emulator.limits import Limits
from emulator.updates import UpdateQueue
from emulator.waiting import Signal
from emulator.wire import Json

#: Scope as sorted pairs, language code or "".
CommandsKey: TypeAlias = tuple[tuple[tuple[str, int | str], ...], str]


@dataclass
class Webhook:
    """Where updates are posted, and how the last attempt went."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str = ""


@dataclass
class Poll:
    """A getUpdates request that waits; `ended_by` names the request that ended it (409)."""

    wake: Signal = field(default_factory=Signal)
    ended_by: str = ""

    def end(self, by: str) -> None:
        self.ended_by = by
        self.wake.fire()


@dataclass
class Bot:
    """One bot; made by `Telegram.add_bot`."""

    id: int
    token: str = field(repr=False)
    username: str
    first_name: str
    random: Random
    limits: Limits = field(default_factory=Limits)
    #: Set at BotFather: the Mini App that `?startapp=` opens.
    main_app_url: str = ""
    #: Set at BotFather: whether it reads everything in groups (privacy mode off).
    reads_groups: bool = False
    webhook: Webhook | None = None
    poll: Poll | None = None
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    commands: dict[CommandsKey, list[Json]] = field(default_factory=dict)
    #: name, description and short_description by language code or "".
    profile: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Sent when the webhook was set, changed or removed.
    webhook_changed: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.queue = UpdateQueue(self.random)
        numbers = count(1)
        self.new_message_id = lambda: next(numbers)
        self.logged_out = False

    def json(self) -> Json:
        """The Bot API User object, as in messages."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.text("name", ""),
            "username": self.username,
        }

    def text(self, field: str, language_code: str) -> str:
        """The name, description or short_description for a language ("" where none is set)."""
        texts = self.profile.get(field, {})
        return texts.get(language_code[:2]) or texts.get("", self.first_name if field == "name" else "")
