"""What the Bot API answers when it refuses, and what a broken wire does."""

from emulator.wire import Json


class BotApiError(Exception):
    """A refusal: HTTP status and error_code `code`, the description, and optional ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def json(self) -> Json:
        """The body Telegram answers with."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ConnectionDropped(Exception):  # noqa: N818 - an event on the wire, injected on purpose
    """Injected: the connection broke before Telegram accepted anything."""


class AnswerLost(Exception):  # noqa: N818 - an event on the wire, injected on purpose
    """Injected: Telegram accepted the call, and its answer never comes."""


class WrongAnswer(Exception):  # noqa: N818 - an event on the wire, injected on purpose
    """Injected: what comes back is not Telegram's answer; `cut` ends the connection before the body's end."""

    def __init__(self, status: int, body: bytes, *, cut: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.cut = cut


def bad_request(text: str, **parameters: int) -> BotApiError:
    """400 with Telegram's prefix."""
    return BotApiError(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> BotApiError:
    """403 with Telegram's prefix."""
    return BotApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> BotApiError:
    """409 with Telegram's prefix."""
    return BotApiError(409, f"Conflict: {text}")


def too_many(seconds: int) -> BotApiError:
    """429: try again after `seconds`."""
    return BotApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
