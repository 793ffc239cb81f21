"""Outbox rows into messages: a catalogue key with plain parameters becomes text and buttons at the last moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from handlers.texts import Texts

#: One fixed neutral phrase: whoever sees the phone learns nothing, and a duplicate is harmless.
DOORBELL = "doorbell"

LANGUAGE_ROWS = (
    ("button-dari", "language:fa-AF"),
    ("button-pashto", "language:ps-AF"),
    ("button-english", "language:en"),
)
STOP_ROWS = (
    ("button-silence", "stop:silence"),
    ("button-withdraw", "stop:withdraw"),
    ("button-erase", "stop:erase"),
)
#: Buttons below a message: catalogue key and callback data. The Open button comes first where OPENS has the key.
ROWS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "welcome": LANGUAGE_ROWS,
    "welcome-letter": LANGUAGE_ROWS,
    "language-question": LANGUAGE_ROWS,
    "stop-question": STOP_ROWS,
    "stop-silence": (("button-signals", "signals:on"),),
}
OPENS = frozenset(
    {
        DOORBELL, "welcome", "welcome-letter", "typed", "help", "language-set", "stop-silence", "stop-withdraw",
        "stop-erase", "signals-on",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """Renders for people; `app_url` is the Mini App's address."""

    texts: Texts
    app_url: str

    def text(self, language: str, key: str, params: Mapping[str, Any]) -> str:
        """The message with its nested messages filled in; raises KeyError for an unknown key."""
        beside = {"then", "buttons"}
        plain = {name: self._value(language, value) for name, value in params.items() if name not in beside}
        parts = [self.texts.render(language, key, plain)]
        parts += [self._value(language, part) for part in params.get("then", ())]
        return "\n\n".join(parts)

    def keyboard(self, language: str, key: str, params: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
        """One button per row, as wide as the chat: easy to hit, and right in both directions of writing."""
        rows = []
        if key in OPENS:
            open_app = WebAppInfo(self.open_url(str(params.get("invitation", ""))))
            rows.append(InlineKeyboardButton(self.texts.render(language, "button-open"), web_app=open_app))
        rows += [
            InlineKeyboardButton(self.texts.render(language, label), callback_data=data)
            for label, data in ROWS.get(key, ())
        ]
        rows += [
            InlineKeyboardButton(self._value(language, label), callback_data=data)
            for label, data in params.get("buttons", ())
        ]
        return InlineKeyboardMarkup([[row] for row in rows]) if rows else None

    def open_url(self, invitation: str = "") -> str:
        """The app's address; an invitation id (no secret) rides in the fragment, which no server sees.

        Telegram adds its own parameters behind a "?" in the fragment, so ours stand there too.
        """
        return f"{self.app_url}#?tgWebAppStartParam=i_{invitation}" if invitation else self.app_url

    def _value(self, language: str, value: object) -> str:
        if isinstance(value, Mapping):
            if "list" in value:
                between = str(value.get("between", "\n"))
                return between.join(self._value(language, each) for each in value["list"])
            return self.text(language, value["key"], {k: v for k, v in value.items() if k != "key"})
        return str(value)
