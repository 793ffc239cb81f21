"""getUpdates and webhooks."""

import ipaddress
import re
from dataclasses import replace
from urllib.parse import urlsplit

from emulator.botapi.call import Call
from emulator.bots import Webhook
from emulator.errors import bad_request, conflict
from emulator.wire import Json

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def get_updates(call: Call) -> list[Json]:
    """What is pending now; the server repeats this until the request's timeout ends."""
    if call.bot.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    call.bot.queue.allow(_kinds(call))
    limit = call.params.get("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    updates = call.bot.queue.take(call.params.get("offset", 0), limit, call.now)
    return [update.json() for update in call.telegram.faults.spoil(updates)]


def set_webhook(call: Call) -> bool:
    """Set or, with an empty url, remove the webhook. Only this machine's addresses are accepted, also http."""
    url = call.params.get("url", "")
    secret = call.params.get("secret_token", "")
    connections = call.params.get("max_connections", 40)
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= connections <= 100:
        connections = 40
    if url and not loopback(url):
        raise bad_request("bad webhook: this emulator only delivers to http://127.0.0.1 and http://localhost")
    call.bot.queue.allow(_kinds(call))
    if call.params.get("drop_pending_updates"):
        call.bot.queue.drop()
    call.bot.webhook = Webhook(url, secret, connections) if url else None
    if call.bot.poll and call.bot.webhook:
        call.bot.poll.end("setWebhook request")
    call.bot.webhook_changed.fire()
    return True


def delete_webhook(call: Call) -> bool:
    kept = {"url": "", "drop_pending_updates": call.params.get("drop_pending_updates")}
    return set_webhook(replace(call, params=kept))


def get_webhook_info(call: Call) -> Json:
    hook = call.bot.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.queue.pending),
    }
    if hook:
        info |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if hook.last_error_date is not None:
            info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    if call.bot.queue.allowed:
        info["allowed_updates"] = list(call.bot.queue.allowed)
    return info


def loopback(url: str) -> bool:
    """Whether an http or https address names this machine by a loopback address or as localhost."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"}:
            return False
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _kinds(call: Call) -> list[str] | None:
    kinds = call.params.get("allowed_updates")
    if kinds is not None and not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    return kinds


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
