"""HTTP for python-telegram-bot on aiohttp: its httpx slows down under concurrency (encode/httpx#3215)."""

import json
from datetime import timedelta
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from handlers.sight import Sight

#: Telegram answers within a second or two; a person is waiting behind every request.
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
#: What Telegram says of a request itself: wrong, no such token, not allowed, not there, somebody else polls.
DECISIONS = frozenset({400, 401, 403, 404, 409})
TOO_MANY = 429
#: A gateway that passed the request on and heard nothing usable. Telegram's own front says so by a page of nginx's, and
#: what was behind it may have sent the message all the same.
PASSED_ON = frozenset({502, 504})
#: The longest wait that is taken at its word: after it Telegram is asked again.
LONGEST_WAIT = timedelta(days=1)


class UnreachedError(NetworkError):
    """The request was not carried out: no connection came about, or somebody else answered it in Telegram's place."""


class FailedError(NetworkError):
    """5xx: whether it was carried out is unknown."""


class TooManyError(TelegramError):
    """429: `seconds` is how long to wait; None when it does not say, or nothing that can be used."""

    def __init__(self, seconds: int | None) -> None:
        super().__init__(type(self).__name__)
        self.seconds = seconds

    @property
    def wait(self) -> timedelta | None:
        """How long, at most LONGEST_WAIT; None when it does not say."""
        longest = int(LONGEST_WAIT.total_seconds())
        return None if self.seconds is None else timedelta(seconds=min(self.seconds, longest))


class AiohttpRequest(BaseRequest):
    """Errors carry only a type name: aiohttp's messages hold the URL, and the URL holds the token."""

    def __init__(
        self, connections: int = 256, read_seconds: float = READ_SECONDS, *, sight: Sight | None = None
    ) -> None:
        """`sight` is told of every request, and of every answer that is Telegram's own."""
        self._connections = connections
        self._read_seconds = read_seconds
        self._sight = sight
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_seconds

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0917 - the base class's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp has no separate one
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - nor one for the pool
    ) -> tuple[int, bytes]:
        """Status and body, either 2xx or a decision in Telegram's own words.

        Raises TooManyError; UnreachedError when not carried out; FailedError, TimedOut or NetworkError when that is
        unknown.
        """
        if self._session is None:
            raise UnreachedError("NotInitialized")
        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=_seconds(connect_timeout, CONNECT_SECONDS),
            sock_read=_seconds(read_timeout, self._read_seconds),
        )
        if self._sight is not None:
            self._sight.asked()
        try:
            async with self._session.request(
                method, url, data=_form(request_data), timeout=timeout, allow_redirects=False
            ) as answer:
                status, date, body = answer.status, answer.headers.get("Date"), await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnreachedError(type(error).__name__) from None
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if self._sight is not None and _is_own(status, body):
            self._sight.answered(status, date)
        if not 200 <= status < 300:
            _judge(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's answer (PTB's own function would log what is none, and trust any JSON).

        Raises UnreachedError for a page, which somebody shows in Telegram's place; NetworkError for anything else.
        """
        answer = _object(payload)
        if answer is not None and (answer.get("ok") is False or "result" in answer):
            return answer
        raise UnreachedError("Page") if _is_page(payload) else NetworkError("BrokenAnswer")


def _is_own(status: int, body: bytes) -> bool:
    """Whether Telegram is there and well; by its first bytes, for this is asked of every answer."""
    return (200 <= status < 300 or status in DECISIONS or status == TOO_MANY) and body.startswith(b'{"ok"')


def _judge(status: int, body: bytes) -> None:
    """Raises what a status other than 2xx means, unless Telegram itself decided so: a filter has statuses, too.

    After a 5xx it is unknown what was done: whoever repeats a send for it, with no end, sends it as often. Pages are
    another's word, but for those of a gateway.
    """
    answer = _object(body)
    if status == TOO_MANY:
        parameters = answer.get("parameters") if answer else None
        seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
        raise TooManyError(seconds if type(seconds) is int and seconds > 0 else None)
    if status >= 500 and (status in PASSED_ON or not _is_page(body)):
        raise FailedError(f"Status{status}")
    own = answer is not None and answer.get("ok") is False and isinstance(answer.get("description"), str)
    if not own or status not in DECISIONS:
        raise UnreachedError(f"Status{status}")


def _is_page(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


def _object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None if that is not what it holds."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _form(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData()
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _seconds(given: object, default: float) -> float:
    return float(given) if isinstance(given, int | float) else default
