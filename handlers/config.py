"""What the operator decides, read from QASID_* environment variables and checked before anything starts.

Secrets may stand in files instead, so that no list of processes shows them: each named like its variable, in the
folder that CREDENTIALS_DIRECTORY names (systemd sets it for LoadCredential=).
"""

import os
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from relay.pacing import FREE, PAID
from relay.terms import USUAL, Terms

Role = Literal["both", "web", "worker"]
TELEGRAM = "https://api.telegram.org"
#: Beside the packages, in a work tree as where it is installed.
APP_DIR = Path(__file__).resolve().parent.parent / "webapp" / "dist"
DEFAULT_PORTS = {"http": 80, "https": 443}
CREDENTIALS = "CREDENTIALS_DIRECTORY"
PREFIX = "QASID_"


class ConfigError(Exception):
    """The settings cannot work as they are; the message says what to change."""


class Settings(BaseSettings):
    """QASID_HOST, QASID_PORT, … ; `Settings.load` also checks that they fit together."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, hide_input_in_errors=True)

    bot_token: SecretStr | None = Field(
        default=None,
        description="The bot's token, from @BotFather. Without it `qasid run` is a demonstration.",
    )
    public_url: str = Field(
        default="",
        description="The relay's public address, like https://relay.example.org: requests are signed over its name.",
    )
    app_origin: str = Field(
        default="",
        description="Where phones open the app, if not at the relay; `qasid export-webapp` makes the files. Changed "
        "later, everybody enrols anew.",
    )
    database_url: str = Field(
        default="sqlite:///var/qasid.db",
        description="The database: sqlite:////path/to/file (four slashes where the path begins at the root), or "
        "postgresql://user:password@host/name.",
    )
    vault_key_file: Path = Field(
        default=Path("var/vault.key"),
        description="The key that seals Telegram ids at rest. It is in no backup of the database: keep a copy apart.",
    )
    host: str = Field(
        default="127.0.0.1", description="The address to listen on; the reverse proxy in front speaks https."
    )
    port: int = Field(
        default=8470, ge=0, le=65535, description="The port to listen on; 0 takes any free one."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses of the reverse proxy, comma-separated: its X-Forwarded-For is believed. One that is "
        "not named here makes all people share one rate limit.",
    )
    polling: bool = Field(
        default=False, description="Fetch updates from Telegram instead of being called by it (no webhook)."
    )
    app_dir: Path = Field(
        default=APP_DIR, description="The built phone app, if another one than was installed with the relay."
    )
    broadcast_rate: int = Field(
        default=FREE,
        ge=FREE,
        le=PAID,
        description="Messages a second. More than 30 needs Paid Broadcasts, which @BotFather turns on: what goes over "
        "30 in a second costs 0.1 Telegram Stars a message, out of the bot's balance. Telegram demands 10,000 Stars "
        "there (its FAQ says 100,000, and as many people a month). Without them it refuses what goes over 30, and "
        "everything waits each time.",
    )
    role: Role = Field(
        default="both",
        description="Where several processes share a PostgreSQL, what this one does: `web` answers phones, desks and "
        "Telegram; `worker` delivers, handles what was taken in and keeps the times, one of them at a time leading.",
    )
    metrics: str = Field(
        default="",
        description="Where figures for Prometheus are shown, as 127.0.0.1:9470: this machine only. Off without it.",
    )
    alert_url: SecretStr | None = Field(
        default=None,
        description="A webhook (https) that is told codes when something goes wrong: when it begins, each hour, and "
        "when it is over. Of several processes each that has it tells.",
    )
    retain_handled: int = Field(
        default=USUAL.handled.days,
        ge=2,
        le=90,
        description="Days for which it is known which updates came, which messages went out and what was proposed. "
        "Two at least: for a day Telegram may hand in an update again.",
    )
    retain_strangers: int = Field(
        default=USUAL.strangers.days,
        ge=1,
        le=365,
        description="Days for which the chat of somebody is known who wrote to the bot and belongs to no office.",
    )
    retain_missives: int = Field(
        default=USUAL.missives.days,
        ge=30,
        le=365,
        description="Days for which it is known that something went between offices, and that what was taken back is "
        "destroyed there. Thirty at least: an office that looks in once a month still learns it.",
    )
    retain_uploads: int = Field(
        default=USUAL.uploads.days,
        ge=1,
        le=14,
        description="Days in which what is sent in parts must be whole. One at least: on a bad line it takes hours.",
    )
    log_json: bool = Field(default=False, description="Write the log as JSON, one object a line.")
    bot_api_url: str = Field(
        default=TELEGRAM, description="Another Bot API server than Telegram's own; http on this machine only."
    )
    clock_file: Path | None = Field(
        default=None,
        description="A file with seconds to add to the machine's time: for stories and tests on the emulator alone.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic calls it by these names
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A file before a variable: an image's defaults are variables."""
        return init_settings, file_secret_settings, env_settings

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Read the environment; raises ConfigError naming the variable (never its value)."""
        try:
            settings = cls(_secrets_dir=os.environ.get(CREDENTIALS), **overrides)  # type: ignore[arg-type,call-arg]
        except ValidationError as error:
            wrong = "; ".join(f"{variable(str(e['loc'][0]))}: {e['msg']}" for e in error.errors())
            raise ConfigError(f"a setting is not valid: {wrong}") from None
        settings.check()
        return settings

    def check(self) -> None:
        """Raises ConfigError when the settings do not fit together."""
        if self.role != "both" and self.database_url.startswith("sqlite"):
            raise ConfigError(
                f"QASID_ROLE={self.role} is for several processes on one PostgreSQL; a SQLite database is one "
                "process's, which does everything: unset QASID_ROLE, or set QASID_DATABASE_URL=postgresql://…"
            )
        _check_url("QASID_BOT_API_URL", self.bot_api_url, http_allowed=is_loopback(self.bot_api_url))
        if self.clock_file and self.bot_token and not is_loopback(self.bot_api_url):
            raise ConfigError(
                "QASID_CLOCK_FILE sets another time than the machine's, for stories and tests on the emulator alone: "
                "unset it to run with Telegram."
            )
        self._check_watching()
        if self.bot_token is None:
            return
        if not _looks_like_token(self.bot_token.get_secret_value()):
            raise ConfigError(
                "QASID_BOT_TOKEN does not look like a bot token (digits, a colon, 35 characters or so): "
                "copy it again from @BotFather."
            )
        if not self.public_url:
            raise ConfigError(
                "QASID_PUBLIC_URL is missing. Telegram opens the phone app, and calls the relay, at a public "
                "https address. Get a domain name, point it at this machine, run Caddy with deploy/Caddyfile "
                "(it fetches the certificate by itself), then set QASID_PUBLIC_URL=https://your.domain"
            )
        local = is_loopback(self.public_url) and is_loopback(self.bot_api_url)
        _check_url("QASID_PUBLIC_URL", self.public_url, http_allowed=local)
        if self.app_origin:
            _check_url(
                "QASID_APP_ORIGIN", self.app_origin, http_allowed=local and is_loopback(self.app_origin)
            )

    def _check_watching(self) -> None:
        if self.metrics:
            host, port = self.metrics_address
            if not is_loopback(f"http://{_bracketed(host)}") or (port == self.port and port):
                raise ConfigError(
                    "QASID_METRICS is an address of its own, of this machine alone: write it like 127.0.0.1:9470"
                )
        url = self.alert_url.get_secret_value() if self.alert_url else ""
        if url and not _is_hidden(url):
            raise ConfigError(
                "QASID_ALERT_URL must be an https address (plain http only on this machine): copy it anew from the "
                "service that is to be told."
            )

    @property
    def metrics_address(self) -> tuple[str, int]:
        """Host and port for the figures; raises ConfigError."""
        host, colon, port = self.metrics.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65535:
            raise ConfigError("QASID_METRICS is no host and port: write it like 127.0.0.1:9470")
        return host.strip("[]"), int(port)

    @property
    def serves(self) -> bool:
        """Whether phones, desks and Telegram may ask this process."""
        return self.role != "worker"

    @property
    def works(self) -> bool:
        """Whether this process may deliver, handle updates and keep the times."""
        return self.role != "web"

    @property
    def app_url(self) -> str:
        """Where phones open the app."""
        return f"{origin(self.app_origin) or self.public_url.rstrip('/')}/app/"

    @property
    def retention(self) -> Terms:
        """How long what is over is still known."""
        return Terms(
            handled=timedelta(days=self.retain_handled),
            strangers=timedelta(days=self.retain_strangers),
            missives=timedelta(days=self.retain_missives),
            uploads=timedelta(days=self.retain_uploads),
        )

    @property
    def authorities(self) -> frozenset[str]:
        """Host headers this relay answers to: its public name and its own loopback names."""
        own = {f"http://{_bracketed(name)}:{self.port}" for name in (self.host, "127.0.0.1", "localhost")}
        return frozenset({authority(url) for url in (self.public_url, *own)} - {""})


def variables() -> list[str]:
    """The names of all settings, as environment variables."""
    return [variable(name) for name in Settings.model_fields]


def variable(field: str) -> str:
    """The environment variable of one setting."""
    return PREFIX + field.upper()


def authority(url: str) -> str:
    """What clients send as Host for this address: lower case, without the scheme's own port (RFC 9421 2.2.3)."""
    parts = urlsplit(url)
    return parts.netloc.lower().removesuffix(":").removesuffix(f":{DEFAULT_PORTS.get(parts.scheme)}")


def origin(url: str) -> str:
    """The address as browsers name its origin; empty for none."""
    return f"{urlsplit(url).scheme}://{authority(url)}" if url else ""


def checked_origin(name: str, url: str) -> str:
    """The origin of an address that `name` gave; empty for none. Raises ConfigError."""
    try:
        if url:
            _check_url(name, url, http_allowed=is_loopback(url))
        return origin(url)
    except ValueError:
        raise ConfigError(f"{name} is not an address: write it like https://your.domain") from None


def is_loopback(url: str) -> bool:
    """Whether the address can only mean this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_hidden(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
        )
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _check_url(name: str, url: str, *, http_allowed: bool) -> None:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise ConfigError(f"{name} is not an address: write it like https://your.domain")
    if parts.scheme == "http" and not http_allowed:
        raise ConfigError(
            f"{name} must begin with https:// (http is read by everybody on the way). "
            "deploy/Caddyfile gets a certificate by itself."
        )
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ConfigError(f"{name} must be a bare address without path: write it like https://your.domain")


def _looks_like_token(token: str) -> bool:
    number, colon, secret = token.partition(":")
    return (
        bool(colon)
        and number.isdigit()
        and len(secret) >= 20
        and secret.replace("_", "").replace("-", "").isalnum()
    )
