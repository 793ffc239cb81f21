"""Signed initData for Mini Apps, as the Bot API describes its validation.

`hash` is HMAC-SHA-256 over the sorted `key=value` lines of every other field (`signature` too) under the key
HMAC-SHA-256("WebAppData", token). `signature`, which third parties check against Telegram's own Ed25519 key, is 64
random bytes here: well formed and never valid.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from random import Random
from urllib.parse import quote, urlencode, urlsplit

from emulator.wire import Value

THEME = {
    "bg_color": "#ffffff",
    "secondary_bg_color": "#f1f1f4",
    "text_color": "#111111",
    "hint_color": "#707579",
    "link_color": "#0a67c2",
    "button_color": "#0a67c2",
    "button_text_color": "#ffffff",
    "header_bg_color": "#ffffff",
    "accent_text_color": "#0a67c2",
    "section_bg_color": "#ffffff",
    "section_header_text_color": "#0a67c2",
    "subtitle_text_color": "#707579",
    "destructive_text_color": "#c22f2f",
}
VERSION = "9.1"
PLATFORM = "weba"


def sign(fields: Mapping[str, str], token: str) -> str:
    """The `hash` (hex) of initData fields, which must not contain `hash` itself."""
    lines = "\n".join(f"{key}={value}" for key, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()


def make(user: Mapping[str, Value], token: str, auth_date: float, random: Random, **extra: str) -> str:
    """initData as a query string; `user` is a WebAppUser object, `extra` may carry query_id or start_param."""
    fields = {
        **extra,
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/"),
        "auth_date": str(int(auth_date)),
        "signature": base64.urlsafe_b64encode(random.randbytes(64)).rstrip(b"=").decode(),
    }
    return urlencode({**fields, "hash": sign(fields, token)}, quote_via=quote)


def launch_url(url: str, init_data: str, start_param: str = "") -> str:
    """The Mini App's address as a client opens it: launch parameters in the fragment.

    A fragment of the app's own stays in front of them; `start_param` is also a query parameter, as Telegram does it.
    """
    parts = urlsplit(url)
    launch = urlencode(
        {
            "tgWebAppData": init_data,
            "tgWebAppVersion": VERSION,
            "tgWebAppPlatform": PLATFORM,
            "tgWebAppThemeParams": json.dumps(THEME, separators=(",", ":")),
        },
        quote_via=quote,
    )
    query = "&".join(filter(None, (parts.query, start_param and f"tgWebAppStartParam={quote(start_param)}")))
    own = f"{parts.fragment}{'&' if '?' in parts.fragment else '?'}" if parts.fragment else ""
    return parts._replace(query=query, fragment=own + launch).geturl()
