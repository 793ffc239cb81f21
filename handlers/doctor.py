"""`qasid doctor`: everything around the relay that can be wrong, whether it runs or not; nothing is changed.

Each line says what to do where something is wrong. docs/OPERATING.md has more on each, by the same names.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from telegram import Bot, MenuButtonWebApp
from telegram.error import InvalidToken, TelegramError

from crypto.errors import CryptoError
from crypto.vault import Vault
from handlers import bundle, vitals
from handlers.api.phone import BUNDLE
from handlers.bundle import Bundle, BundleError
from handlers.clock import Clock
from handlers.config import ConfigError, Settings
from handlers.profile import COMMANDS, Hook, address
from handlers.sight import Sight
from handlers.vitals import BACKUP_OLD
from handlers.wire import AiohttpRequest
from relay import accounts, beats
from relay.errors import StoreError
from relay.unit import Store

#: What clocks may differ by; Telegram tells its own to the second, and after a round trip.
SKEW = timedelta(seconds=30)
#: An error of the webhook that long ago is over.
RECENT = timedelta(hours=1)
#: More than that many updates wait because nobody takes them.
MOST_PENDING = 100
FIRST = "Mend that first, then look again."


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do where it is not `ok`."""

    line: str
    ok: bool
    said: str
    advice: str = ""


async def examine(settings: Settings, clock: Clock, opened: Callable[[Settings], Store]) -> list[Finding]:
    """One finding for each line, in the order of docs/OPERATING.md. `opened` opens the database; raises ConfigError."""
    token, webhook, time, privacy = await _telegram(settings, clock)
    key, schema, backups = await _database(settings, clock, opened)
    return [token, webhook, time, key, _disk(settings), schema, _bundle(settings.app_dir), privacy, backups]


async def _telegram(settings: Settings, clock: Clock) -> tuple[Finding, Finding, Finding, Finding]:
    if settings.bot_token is None:
        return _unseen("QASID_BOT_TOKEN is not set.", "Get a token from @BotFather in Telegram.")
    secret, sight = settings.bot_token.get_secret_value(), Sight(clock)
    bot = Bot(secret, base_url=f"{settings.bot_api_url.rstrip('/')}/bot", request=AiohttpRequest(sight=sight))
    hook = None if settings.polling else Hook.of(secret)
    try:
        await bot.initialize()
        token = Finding("token", ok=True, said=f"Telegram knows it as @{bot.username}.")
        webhook = await _or_unanswered("webhook", _webhook(bot, settings, hook, clock.now()))
        privacy = await _or_unanswered("privacy", _privacy(bot, settings))
        return token, webhook, _time(sight), privacy
    except InvalidToken:
        return _unseen(
            "Telegram refuses it.",
            "Copy it again from @BotFather into QASID_BOT_TOKEN and restart the relay. Nobody exchanged it? Then "
            "somebody else did: see docs/OPERATING.md, The token was stolen.",
        )
    except TelegramError as error:
        return _unseen(
            f"Telegram does not answer ({type(error).__name__}).",
            f"Try curl -I {settings.bot_api_url} from here: if that fails too, it is the network, or a block.",
        )
    finally:
        await bot.shutdown()


def _unseen(said: str, advice: str) -> tuple[Finding, Finding, Finding, Finding]:
    """All that Telegram would have told."""
    token = Finding("token", ok=False, said=said, advice=advice)
    webhook, time, privacy = (
        _blind(line, "Telegram does not tell.") for line in ("webhook", "clock", "privacy")
    )
    return token, webhook, time, privacy


def _blind(line: str, said: str) -> Finding:
    return Finding(line, ok=False, said=said, advice=FIRST)


async def _or_unanswered(line: str, looking: Awaitable[Finding]) -> Finding:
    try:
        return await looking
    except TelegramError as error:
        return Finding(
            line, ok=False, said=f"No answer ({type(error).__name__}).", advice="Try again in a minute."
        )


async def _webhook(bot: Bot, settings: Settings, hook: Hook | None, now: datetime) -> Finding:
    info = await bot.get_webhook_info()
    again = (
        "A relay that runs puts that right within a minute (restart it if QASID_PUBLIC_URL changed). If it does not "
        "last, another relay uses this token: stop it. None of yours? See docs/OPERATING.md, The token was stolen."
    )
    if info.url != address(settings.public_url, hook):
        said = "It leads elsewhere." if info.url else "None is set."
        if not hook:
            said = "One is set, though this relay polls (QASID_POLLING): it gets no updates."
        return Finding("webhook", ok=False, said=said, advice=again)
    waits = f"{info.pending_update_count} updates wait"
    if info.last_error_date is not None and now - info.last_error_date < RECENT:
        said = f"Telegram could not call it at {info.last_error_date:%H:%M} UTC: {info.last_error_message}; {waits}."
        advice = f"Does {settings.public_url} answer from outside, with a valid certificate? What waits comes then."
        return Finding("webhook", ok=False, said=said, advice=advice)
    if info.pending_update_count > MOST_PENDING:
        return Finding(
            "webhook", ok=False, said=f"{waits}.", advice="Is the relay running? Its log says what keeps it."
        )
    return Finding(
        "webhook", ok=True, said=f"As it should be; {waits}." if hook else f"None, as it polls; {waits}."
    )


def _time(sight: Sight) -> Finding:
    if sight.ahead is None:
        return _blind("clock", "Telegram did not say what time it is.")
    seconds = round(-sight.ahead.total_seconds())
    if abs(sight.ahead) <= SKEW:
        return Finding("clock", ok=True, said=f"Within {abs(seconds)} s of Telegram's.")
    return Finding(
        "clock",
        ok=False,
        said=f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} Telegram's.",
        advice="Set the machine's clock by a time service (timedatectl set-ntp true): phones and desks are refused.",
    )


async def _privacy(bot: Bot, settings: Settings) -> Finding:
    if bot.bot.can_read_all_group_messages:
        said, advice = (
            "The bot may read groups.",
            "Send /setprivacy to @BotFather, choose this bot, then Enable.",
        )
        return Finding("privacy", ok=False, said=said, advice=advice)
    commands = {command.command for command in await bot.get_my_commands()}
    menu = await bot.get_chat_menu_button()
    leads = isinstance(menu, MenuButtonWebApp) and menu.web_app.url.startswith(settings.app_url)
    if commands == set(COMMANDS) and leads:
        return Finding("privacy", ok=True, said="No groups; commands and menu button are the relay's own.")
    said = "The menu button leads elsewhere." if not leads else "It shows other commands than the relay's."
    advice = "Restart the relay, which sets them. If that does not last, somebody else has the token."
    return Finding("privacy", ok=False, said=said, advice=advice)


async def _database(
    settings: Settings, clock: Clock, opened: Callable[[Settings], Store]
) -> tuple[Finding, Finding, Finding]:
    """Vault key, migrations and backups."""
    vault: Vault | None = None
    key = Finding("vault key", ok=True, said="It opens what it sealed.")
    try:
        vault = Vault.load(settings.vault_key_file)
    except CryptoError as error:
        key = Finding("vault key", ok=False, said="It cannot be used.", advice=_sentence(error))
    try:
        store = opened(settings)
    except ConfigError as error:
        schema = Finding("migrations", ok=False, said="The database cannot be used.", advice=_sentence(error))
        return (
            key if vault is None else _blind("vault key", "The database does not tell."),
            schema,
            _blind("backups", "The database does not tell."),
        )
    try:
        if vault is not None and not await store.read(lambda tx: accounts.readable(tx, vault)):
            key = Finding(
                "vault key",
                ok=False,
                said="It is another one than the database was sealed with.",
                advice=f"Copy the right one back to {settings.vault_key_file} from where it is kept. Never make a new "
                "one for an old database: nobody could be rung.",
            )
        schema = Finding("migrations", ok=True, said="The database is of this version.")
        return key, schema, _backups(await store.read(beats.backup_at), clock.now())
    except StoreError as error:
        schema = Finding("migrations", ok=False, said="The database fails.", advice=_sentence(error))
        return key, schema, _blind("backups", "The database does not tell.")
    finally:
        store.close()


def _backups(made: datetime | None, now: datetime) -> Finding:
    advice = "Run qasid backup make every night (deploy/qasid-backup.timer), and have its files fetched."
    if made is None:
        return Finding("backups", ok=False, said="None was made of this database.", advice=advice)
    hours = (now - made) // timedelta(hours=1)
    return Finding(
        "backups", ok=now - made <= BACKUP_OLD, said=f"The newest is {hours} hours old.", advice=advice
    )


def _disk(settings: Settings) -> Finding:
    folder = vitals.folder_of(settings)
    try:
        found = vitals.disk(folder)
    except OSError as error:
        return Finding("disk", ok=False, said=f"{folder}: {error.strerror}.", advice="Does the folder exist?")
    said = f"{found.free >> 20:,} MiB free of {found.total >> 20:,} where {folder} is."
    advice = "Make room: backups that were fetched, the journal. Never delete a database's -wal or -shm file."
    return Finding("disk", ok=not found.fills, said=said, advice=advice)


def _bundle(folder: Path) -> Finding:
    try:
        built = Bundle.read(folder / BUNDLE)
        altered = bundle.altered(built, folder)
    except BundleError as error:
        advice = "Install the relay anew, or name the built app with QASID_APP_DIR."
        return Finding("web bundle", ok=False, said=f"{folder / BUNDLE}: {error}.", advice=advice)
    if altered:
        return Finding(
            "web bundle",
            ok=False,
            said=f"Not as it was built: {', '.join(altered[:5])}.",
            advice="Take it for an attack until you know better: stop the relay, and see docs/OPERATING.md.",
        )
    return Finding("web bundle", ok=True, said=f"{len(built.files)} files as they were built; {built.hash}")


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
