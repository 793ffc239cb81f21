"""initData: what Telegram signed for our bot, fresh; everything else is told apart and refused."""

import hashlib
import hmac
import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import initdata
from crypto.errors import CryptoError, Malformed, Refused
from crypto.initdata import InitData, check, make
from tests.vectors.world import NOW

TOKEN = "123456:a token that is none"
USER = {"id": 279058397, "first_name": "نام", "language_code": "fa", "is_bot": False}
FIELDS = {
    "auth_date": str(NOW),
    "query_id": "AAF",
    "signature": "3rd-party",
    "start_param": "i_abc",
    "user": json.dumps(USER, ensure_ascii=False),
}
GOOD = make(FIELDS, TOKEN)


def test_what_telegram_made_is_read() -> None:
    assert check(GOOD, TOKEN, now=NOW + 3600) == InitData(279058397, NOW, "i_abc", "fa", "AAF")
    assert "279058397" not in repr(check(GOOD, TOKEN, now=NOW))


def test_the_hash_is_the_documented_one() -> None:
    """As core.telegram.org/bots/webapps gives it, written out here once more with other calls."""
    lines = [f"{key}={FIELDS[key]}" for key in sorted(FIELDS)]
    key = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()
    tag = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    percent = "&".join(f"{key}={quote(value, safe='')}" for key, value in {**FIELDS, "hash": tag}.items())
    assert check(percent, TOKEN, now=NOW).user_id == 279058397


def test_the_signature_field_belongs_to_the_string() -> None:
    without = {key: value for key, value in FIELDS.items() if key != "signature"}
    tag = dict(pair.split("=") for pair in make(without, TOKEN).split("&"))["hash"]
    with pytest.raises(Refused):
        check(urlencode({**FIELDS, "hash": tag}), TOKEN, now=NOW)
    assert check(make(without, TOKEN), TOKEN, now=NOW).user_id


@pytest.mark.parametrize(
    ("now", "ends"), [(NOW + 3600, None), (NOW + 3601, Refused), (NOW - 60, None), (NOW - 61, Refused)]
)
def test_age_is_limited_both_ways(now: int, ends: type[CryptoError] | None) -> None:
    if ends is None:
        assert check(GOOD, TOKEN, now=now)
    else:
        with pytest.raises(ends, match="open it anew"):
            check(GOOD, TOKEN, now=now)


def test_another_bots_data_is_refused() -> None:
    with pytest.raises(Refused):
        check(GOOD, TOKEN + "x", now=NOW)


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("0123456789abcdefXYZ%&=+"))
def test_no_character_can_be_changed(at: int, other: str) -> None:
    changed = GOOD[:at] + other + GOOD[at + 1 :]
    # Another spelling of the same percent escape, or of the hash, is the same data.
    if changed.lower() != GOOD.lower():
        with pytest.raises(CryptoError):
            check(changed, TOKEN, now=NOW)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "hash",
        "auth_date=1",
        "hash=zz",
        "hash=" + "ab" * 31,
        "hash=" + " ab" * 32,
        GOOD + "&user=x",
        GOOD + "&hash=" + "00" * 32,
        "user=%ff&hash=" + "00" * 32,
        "user=\ud800&hash=" + "00" * 32,
        "x=" + "y" * 9000,
    ],
)
def test_what_is_no_init_data_is_malformed(data: str) -> None:
    with pytest.raises(Malformed):
        check(data, TOKEN, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"user": "{}"},
        {"user": "[]"},
        {"user": "null"},
        {"user": "not json"},
        {"user": '{"id": "279058397"}'},
        {"user": '{"id": true}'},
        {"user": '{"id": 0}'},
        {"user": '{"id": -5}'},
        {"user": '{"id": 1.5}'},
        {"user": '{"id": 99999999999999999999}'},
        {"user": "[" * 4000},
        {"auth_date": ""},
        {"auth_date": "now"},
        {"auth_date": "-1"},
        {"auth_date": "١٢٣"},
        {"auth_date": "9" * 13},
    ],
    ids=lambda changed: str(changed)[:40],
)
def test_rightly_signed_nonsense_is_malformed(changed: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        check(make(FIELDS | changed, TOKEN), TOKEN, now=NOW)


def test_a_strange_language_is_left_out() -> None:
    for language in ("\\ud800", "زبان"):
        user = f'{{"id": 5, "language_code": "{language}"}}'
        assert check(make(FIELDS | {"user": user}, TOKEN), TOKEN, now=NOW).language_code == ""
    assert (
        check(make(FIELDS | {"user": '{"id": 5, "language_code": 7}'}, TOKEN), TOKEN, now=NOW).language_code
        == ""
    )


@given(st.text(max_size=300))
def test_noise_is_malformed_or_refused(text: str) -> None:
    with pytest.raises(CryptoError):
        check(text, TOKEN, now=NOW)


def test_the_comparison_is_the_constant_time_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def equal(a: bytes, b: bytes) -> bool:
        seen.append(len(a))
        return hmac.compare_digest(a, b)

    monkeypatch.setattr(initdata, "equal", equal)
    check(GOOD, TOKEN, now=NOW)
    assert seen == [32]
