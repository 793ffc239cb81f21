"""Before anything is read: is the body too large? And on every answer: the headers that keep a page in its place."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.api.problem import problem

#: One officer envelope to a large office: body bucket 7 and some thousand wraps would be 2 MiB.
MOST = 4 * 1024 * 1024
#: Where less is enough; the longest matching prefix counts.
LIMITS = {
    "/v1/notices": 64 * 1024 * 1024,  # one wrap for each of up to tens of thousands of recipients
    "/v1/": 1024 * 1024,
    "/v1/envelopes": MOST,
    "/telegram/": 1024 * 1024,
}
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware; answers 413 from Content-Length alone, or as soon as too much has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await _too_large(limit)(scope, receive, send)
            return
        taken = 0
        started = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # The application sees a client that has gone, whatever it makes of that is replaced below.
            return {"type": "http.disconnect"} if taken > limit else message

        async def guarded(message: Message) -> None:
            nonlocal started
            if taken > limit and not started:
                return
            if message["type"] == "http.response.start":
                started = True
                present = {name for name, _ in message["headers"]}
                extra = [(name, value) for name, value in HEADERS if name not in present]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        try:
            await self._app(scope, counted, guarded)
        except ClientDisconnect:
            if taken <= limit:
                raise
        if taken > limit and not started:
            await _too_large(limit)(scope, receive, send)


def limit_of(path: str) -> int:
    """The most bytes a body may have at this path."""
    fitting = [prefix for prefix in LIMITS if path.startswith(prefix)]
    return LIMITS[max(fitting, key=len)] if fitting else 0


def _too_large(limit: int) -> ASGIApp:
    return problem(413, "too_large", f"At most {limit} bytes are taken here.", {"Connection": "close"})
