"""How the bot presents itself at Telegram: menu button and commands, set at each start; the webhook, kept so."""

from dataclasses import dataclass

from telegram import Bot, BotCommand, MenuButtonWebApp, WebAppInfo

from crypto.encoding import b64u, mac
from handlers.updates import ALLOWED
from handlers.wording import Wording
from words.catalogues import LANGUAGES

#: In the menu; officers' commands are not advertised.
COMMANDS = ("start", "language", "help", "verify", "stop", "offline")
#: One label for everybody, whatever they read; "Open" has the same icon.
MENU_ICON = "📱"
#: Telegram knows two-letter languages only.
TWO_LETTERS = {"fa-AF": "fa", "ps-AF": "ps"}


@dataclass(frozen=True)
class Hook:
    """Where Telegram posts updates, and the secret it shows; both follow from the token."""

    path: str
    secret: str

    @classmethod
    def of(cls, token: str) -> "Hook":
        """The same for every process and start, and unknown to whoever does not have the token."""
        key = token.encode()
        return cls(b64u(mac("webhook path", key, b""))[:32], b64u(mac("webhook secret", key, b"")))


def address(public_url: str, hook: Hook | None) -> str:
    """Where Telegram is to post updates; empty for long polling."""
    return f"{public_url.rstrip('/')}/telegram/{hook.path}" if hook else ""


async def route(bot: Bot, *, public_url: str, hook: Hook | None) -> None:
    """Have updates come here; `hook` None for long polling. Raises TelegramError."""
    if hook is None:
        await bot.delete_webhook()
    else:
        await bot.set_webhook(
            address(public_url, hook),
            secret_token=hook.secret,
            allowed_updates=list(ALLOWED),
            max_connections=40,
        )


async def present(bot: Bot, wording: Wording) -> None:
    """Tell Telegram. Raises TelegramError."""
    for language in LANGUAGES:
        commands = [BotCommand(name, wording.text(language, f"command-{name}", {})) for name in COMMANDS]
        code = TWO_LETTERS.get(language, language)
        await bot.set_my_commands(commands, language_code=code)
        if language == LANGUAGES[0]:
            await bot.set_my_commands(commands)
    await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(MENU_ICON, WebAppInfo(wording.open_url())))
