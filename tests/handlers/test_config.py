"""Settings that cannot work are refused with a sentence that says what to do, and without the value."""

import pytest

from handlers.config import ConfigError, Settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


def load(monkeypatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(f"QASID_{name.upper()}", value)
    return Settings.load()


def test_defaults_need_nothing(monkeypatch) -> None:
    settings = load(monkeypatch)
    assert settings.bot_token is None
    assert "127.0.0.1:8470" in settings.authorities


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"bot_token": TOKEN}, "QASID_PUBLIC_URL is missing"),
        ({"bot_token": TOKEN, "public_url": "http://relay.example"}, "must begin with https"),
        ({"bot_token": TOKEN, "public_url": "http://127.0.0.1:8470"}, "must begin with https"),
        ({"bot_token": TOKEN, "public_url": "relay.example"}, "is not an address"),
        ({"bot_token": TOKEN, "public_url": "ftp://relay.example"}, "is not an address"),
        ({"bot_token": TOKEN, "public_url": "https://relay.example/x"}, "bare address"),
        ({"bot_token": TOKEN, "public_url": "https://me:pw@relay.example"}, "bare address"),
        (
            {"bot_token": TOKEN, "public_url": "https://relay.example", "app_origin": "http://app.example"},
            "QASID_APP_ORIGIN must begin with https",
        ),
        (
            {
                "bot_token": TOKEN,
                "public_url": "https://relay.example",
                "app_origin": "https://app.example/x",
            },
            "QASID_APP_ORIGIN must be a bare address",
        ),
        (
            {"bot_token": "SECRETTOKEN", "public_url": "https://relay.example"},
            "does not look like a bot token",
        ),
        ({"bot_api_url": "http://bots.example"}, "must begin with https"),
        ({"port": "99999"}, "QASID_PORT"),
        ({"port": "SECRETPORT"}, "QASID_PORT"),
        ({"polling": "SECRETPERHAPS"}, "QASID_POLLING"),
        ({"broadcast_rate": "29"}, "QASID_BROADCAST_RATE"),
        ({"broadcast_rate": "1001"}, "QASID_BROADCAST_RATE"),
        ({"role": "SECRETROLE"}, "QASID_ROLE"),
        ({"role": "web"}, "a SQLite database is one process's"),
        ({"role": "worker", "database_url": "sqlite:////SECRET.db"}, "unset QASID_ROLE"),
    ],
)
def test_refused(monkeypatch, variables: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(monkeypatch, **variables)
    assert says in str(caught.value)
    assert "SECRET" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_phones_open_the_app_at_the_relay_or_where_else_it_is_served(monkeypatch) -> None:
    at_relay = load(monkeypatch, bot_token=TOKEN, public_url="https://relay.example/")
    assert at_relay.app_url == "https://relay.example/app/"
    assert load(monkeypatch, app_origin="https://App.example:443/").app_url == "https://app.example/app/"


def test_missing_address_says_how_to_get_one(monkeypatch) -> None:
    with pytest.raises(ConfigError, match=r"domain name.*deploy/Caddyfile"):
        load(monkeypatch, bot_token=TOKEN)


@pytest.mark.parametrize(
    "variables",
    [
        {"bot_token": TOKEN, "public_url": "https://relay.example"},
        {"bot_token": TOKEN, "public_url": "https://relay.example/"},
        {"bot_token": TOKEN, "public_url": "http://127.0.0.1:1", "bot_api_url": "http://localhost:2"},
        {"bot_token": TOKEN, "public_url": "https://relay.example", "bot_api_url": "http://[::1]:2"},
    ],
)
def test_accepted(monkeypatch, variables: dict[str, str]) -> None:
    settings = load(monkeypatch, **variables)
    assert settings.bot_token is not None
    assert TOKEN not in repr(settings)


def test_the_public_name_is_an_authority(monkeypatch) -> None:
    settings = load(monkeypatch, bot_token=TOKEN, public_url="https://Relay.Example")
    assert "relay.example" in settings.authorities


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://relay.example:443", "relay.example"),
        ("https://relay.example:443/", "relay.example"),
        ("https://relay.example:", "relay.example"),
        ("https://relay.example:8443", "relay.example:8443"),
        ("https://relay.example:80", "relay.example:80"),
        ("https://[2001:db8::443]", "[2001:db8::443]"),
    ],
)
def test_browsers_leave_the_usual_port_out(monkeypatch, url: str, host: str) -> None:
    assert load(monkeypatch, bot_token=TOKEN, public_url=url).authorities == {
        host,
        "127.0.0.1:8470",
        "localhost:8470",
    }


def test_its_own_names_have_the_form_that_clients_send(monkeypatch) -> None:
    assert load(monkeypatch, host="::1").authorities == {"[::1]:8470", "127.0.0.1:8470", "localhost:8470"}
    monkeypatch.delenv("QASID_HOST")
    assert load(monkeypatch, port="80").authorities == {"127.0.0.1", "localhost"}
