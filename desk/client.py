"""The relay over HTTP: JSON in and out, every request signed by this device (PROTOCOL section 10)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from crypto import request as signing
from desk.clock import Clock, is_loopback
from desk.errors import DeskError, RelayError, UnreachableError, UsageError

TRIES = 4
LONGEST_WAIT = 10
TOLERATED_SKEW = 30


def check_url(url: str) -> str:
    """The relay's base address without a trailing slash. Raises UsageError unless https, or http on loopback."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{url!r} is no relay address.", "Give it as https://relay.example.org")
    if parts.scheme == "http" and not is_loopback(url):
        raise UsageError("A relay is reached over https only.", "Plain http is for a relay on this machine.")
    return url.rstrip("/")


@dataclass(frozen=True)
class Signer:
    """The device that signs the requests."""

    device: bytes
    seed: bytes


class Relay:
    """One relay. Paths are given without `/v1`; answers are decoded JSON objects ({} for an empty answer)."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        signer: Signer | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = check_url(url)
        self.skew = 0
        self._clock = clock
        self._signer = signer
        self._sleep = sleep
        # A proxy from the environment has no business between a desk and its own machine.
        local = is_loopback(url)
        tls = (
            urlsplit(url).scheme == "https"
        )  # reading the certificates takes a while, and http has no use for them
        self._http = httpx.Client(transport=transport, timeout=30, trust_env=not local, verify=tls)

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """Raises RelayError when refused, UnreachableError when there is no answer."""
        return self._call("GET", path, query, b"", "")

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The body as JSON. Raises RelayError when refused, UnreachableError when there is no answer."""
        content = httpx.Request("POST", "http://-", json=body or {}).content
        return self._call("POST", path, {}, content, "application/json")

    def post_bytes(self, path: str, body: bytes, query: str = "") -> dict[str, Any]:
        """One envelope. Raises as `post`."""
        pairs = dict(item.split("=", 1) for item in query.split("&") if item)
        return self._call("POST", path, pairs, body, "application/octet-stream")

    def put_bytes(self, path: str, body: bytes, **query: str | int) -> dict[str, Any]:
        """Part of an envelope, or of an attachment. Raises as `post`."""
        return self._call("PUT", path, query, body, "application/octet-stream")

    def post_for_bytes(self, path: str, body: dict[str, Any], size: int) -> bytes:
        """What is answered with so many bytes. Raises as `post`, and DeskError when it is not."""
        content = httpx.Request("POST", "http://-", json=body).content
        answer = self._ask("POST", path, {}, content, "application/json")
        if len(answer.content) != size:
            raise _strange()
        return answer.content

    def _call(
        self, method: str, path: str, query: dict[str, Any], body: bytes, content_type: str
    ) -> dict[str, Any]:
        return _object(self._ask(method, path, query, body, content_type))

    def _ask(
        self, method: str, path: str, query: dict[str, Any], body: bytes, content_type: str
    ) -> httpx.Response:
        url = f"{self.url}/v1{path}" + (f"?{urlencode(query, safe='/')}" if query else "")
        answer = self._patiently(method, url, body, content_type)
        if answer.status_code == 401 and self._signer is not None:
            before = self.skew
            self.learn_time()
            if self.skew != before:
                answer = self._patiently(method, url, body, content_type)
        if answer.is_success:
            return answer
        raise _error(answer)

    def _patiently(self, method: str, url: str, body: bytes, content_type: str) -> httpx.Response:
        """Asks again after a 429 or 503 that names a short wait; everything here may be asked twice."""
        for _ in range(TRIES - 1):
            answer = self._send(method, url, body, content_type)
            wait = answer.headers.get("retry-after", "")
            if answer.status_code not in (429, 503) or not wait.isdigit() or int(wait) > LONGEST_WAIT:
                return answer
            self._sleep(int(wait))
        return self._send(method, url, body, content_type)

    def learn_time(self) -> int | None:
        """The relay's time in unix seconds, None when it does not tell; signs by it from now on when ours differs.

        Raises UnreachableError.
        """
        try:
            answer = self._http.get(f"{self.url}/v1/time")
        except httpx.TransportError as broken:
            raise UnreachableError(self.url) from broken
        now = _object(answer).get("now") if answer.is_success else None
        if not isinstance(now, int):
            return None
        skew = now - self._clock.now()
        # So far off a signature may fail by it.
        if abs(skew - self.skew) > TOLERATED_SKEW:
            self.skew = skew
        return now

    def _send(self, method: str, url: str, body: bytes, content_type: str) -> httpx.Response:
        request = self._http.build_request(method, url, content=body)
        if content_type:
            request.headers["content-type"] = content_type
        if self._signer is not None:
            path, _, query = request.url.raw_path.decode("ascii").partition("?")
            request.headers.update(
                signing.sign(
                    self._signer.seed,
                    device=self._signer.device,
                    method=method,
                    authority=request.headers["host"],
                    path=path,
                    query=query,
                    body=body,
                    created=self._clock.now() + self.skew,
                )
            )
        try:
            return self._http.send(request)
        except httpx.TransportError as broken:
            raise UnreachableError(self.url) from broken


def _object(answer: httpx.Response) -> dict[str, Any]:
    if not answer.content:
        return {}
    try:
        value = answer.json()
    except ValueError:
        value = ""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _strange()
    return value


def _strange() -> DeskError:
    return DeskError(
        "The relay's answer is not what a relay answers.",
        "Is the address right? A proxy or portal may stand in between.",
        "bad_answer",
    )


def _error(answer: httpx.Response) -> RelayError:
    try:
        value = answer.json()
        return RelayError(answer.status_code, str(value["code"]), str(value["message"]))
    except (ValueError, KeyError, TypeError):
        return RelayError(answer.status_code, "unknown", f"it answered with status {answer.status_code}.")
