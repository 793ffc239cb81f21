"""Outbox rows into messages: a catalogue key with plain parameters becomes text and buttons at the last moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from handlers.texts import Texts
from words import dates

#: One fixed neutral phrase: whoever sees the phone learns nothing, and a duplicate is harmless.
DOORBELL = "doorbell"
#: The caption of the offline page, and what is said where there is none.
OFFLINE_PAGE = "offline-page"
NO_PAGE = "offline-none"

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
HELP_ROW = ("button-help", "show:help")
SIGNALS_ROW = ("button-signals", "signals:on")
#: Opens the app where permissions are given and taken back, and where a phone is erased.
PERMISSIONS_ROW = ("button-permissions", "app:settings")
HELP_ROWS = (
    PERMISSIONS_ROW,
    ("button-language", "show:language"),
    ("button-verify", "show:verify"),
    ("button-silence", "stop:silence"),
    ("button-stop", "show:stop"),
)
#: Buttons below a message: catalogue key and callback data, or app: and where in the app it opens, or page: and a page
#: beside the app.
#: The Open button comes first where OPENS has the key.
ROWS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "welcome": (*LANGUAGE_ROWS, HELP_ROW),
    "welcome-letter": (*LANGUAGE_ROWS, HELP_ROW),
    "typed": (HELP_ROW,),
    "help": HELP_ROWS,
    "help quiet": tuple(SIGNALS_ROW if row[1] == "stop:silence" else row for row in HELP_ROWS),
    "verify": (HELP_ROW,),
    "language-question": LANGUAGE_ROWS,
    "language-set": (HELP_ROW,),
    "stop-question": STOP_ROWS,
    "stop-silence": (SIGNALS_ROW, HELP_ROW),
    "stop-withdraw": (PERMISSIONS_ROW,),
    "stop-erase": (PERMISSIONS_ROW,),
    "relative-linked": (("button-relative", "show:relative"),),
}
OPENS = frozenset(
    {
        DOORBELL,
        "welcome",
        "welcome-letter",
        "typed",
        "help",
        "verify",
        "language-set",
        "stop-silence",
        "signals-on",
        "armour-refused",
        NO_PAGE,
    }
)


@dataclass(frozen=True)
class Wording:
    """Renders for people; `app_url` is the Mini App's address."""

    texts: Texts
    app_url: str

    def text(self, language: str, key: str, params: Mapping[str, Any]) -> str:
        """The message with its nested messages and dates filled in; raises KeyError for an unknown key."""
        beside = {"then", "buttons"}
        plain = {name: self._value(language, value) for name, value in params.items() if name not in beside}
        parts = [self.texts.render(language, key, plain)]
        parts += [self._value(language, part) for part in params.get("then", ())]
        return "\n\n".join(parts)

    def keyboard(self, language: str, key: str, params: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
        """One button per row, as wide as the chat: easy to hit, and right in both directions of writing."""
        named: list[tuple[object, str]] = []
        if key in OPENS:
            invitation = params.get("invitation")
            named.append(({"key": "button-open"}, f"app:{f'i_{invitation}' if invitation else ''}"))
        below = f"{key} quiet" if params.get("quiet") else key
        named += [({"key": label}, data) for label, data in ROWS.get(below, ())]
        named += params.get("buttons", ())
        rows = [[self._button(self._value(language, label), data)] for label, data in named]
        return InlineKeyboardMarkup(rows) if rows else None

    def _button(self, text: str, data: str) -> InlineKeyboardButton:
        kind, _, where = data.partition(":")
        if kind == "app":
            return InlineKeyboardButton(text, web_app=WebAppInfo(self.open_url(where)))
        if kind == "page":
            return InlineKeyboardButton(text, web_app=WebAppInfo(self.app_url + where))
        return InlineKeyboardButton(text, callback_data=data)

    def open_url(self, start: str = "") -> str:
        """The app's address; where it starts rides in the fragment, which no server sees. An invitation id is none.

        Telegram adds its own parameters behind a "?" in the fragment, so ours stand there too.
        """
        return f"{self.app_url}#?tgWebAppStartParam={start}" if start else self.app_url

    def _value(self, language: str, value: object) -> str:
        if isinstance(value, Mapping):
            if "moment" in value:
                return dates.moment(int(value["moment"]), language)
            if "list" in value:
                between = str(value.get("between", "\n"))
                return between.join(self._value(language, each) for each in value["list"])
            return self.text(language, value["key"], {k: v for k, v in value.items() if k != "key"})
        return str(value)
