"""Before anything is read: is the body too large, or large and from a stranger?

Every request is given its relay's context, and every answer the headers that keep a page in its place.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.api.context import Context, claimed, vouched
from handlers.api.problem import ApiError, expected, problem
from relay import auth
from relay.errors import RelayError, StoreError

#: One officer envelope to a large office: body bucket 7 and some thousand wraps would be 2 MiB.
MOST = 4 * 1024 * 1024
#: Without a look at who asks. What a route takes from known devices alone is received after its check.
FROM_STRANGERS = 1024 * 1024
KIB = 1024
NOTICES = "/v1/notices"
#: Where less is enough; the longest matching prefix counts.
LIMITS = {
    NOTICES: 64 * 1024 * 1024,  # one wrap for each of up to tens of thousands of recipients
    "/v1/": FROM_STRANGERS,
    "/v1/envelopes": MOST,
    "/v1/attachments/": 32 * KIB,  # a sealed chunk
    # These are parsed before the key that signed them is known; each holds one of what it is for, and 20 prekeys.
    "/v1/offices": 64 * KIB,
    "/v1/enrolments": 64 * KIB,
    "/v1/referrals": 64 * KIB,
    "/v1/wipes": 4 * KIB,
    "/telegram/": FROM_STRANGERS,
}
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
#: Where the app's own files do not say otherwise: an answer is kept by nobody, and is no page.
ANSWERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
HTTPS_ALWAYS = "max-age=31536000; includeSubDomains"


class Guard:
    """ASGI middleware; answers 413 from Content-Length alone, or as soon as too much has come.

    More than FROM_STRANGERS is received only under a signature that holds: for the headers, with the body's digest
    among them. That the body has this digest is checked, with all else, once it is there.
    """

    def __init__(self, app: ASGIApp, context: Context, *, https: bool) -> None:
        self._app = app
        self._context = context
        hsts = ((b"strict-transport-security", HTTPS_ALWAYS.encode()),) if https else ()
        self._headers = (*HEADERS, *ANSWERS, *hsts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["context"] = self._context
        limit, refusal = await _allowed(Request(scope))
        if refusal is not None:
            await refusal(scope, receive, send)
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
                extra = [(name, value) for name, value in self._headers if name not in present]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self._app(scope, counted, guarded)
        if taken > limit and not started:
            await _too_large(limit)(scope, receive, send)


def limit_of(path: str) -> int:
    """The most bytes a body may have at this path."""
    fitting = [prefix for prefix in LIMITS if path.startswith(prefix)]
    return LIMITS[max(fitting, key=len)] if fitting else 0


async def _allowed(request: Request) -> tuple[int, ASGIApp | None]:
    """How large this request's body may become, and the answer if it is refused at once."""
    limit = limit_of(request.scope["path"])
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > limit:
        return limit, _too_large(limit)
    if limit > FROM_STRANGERS:
        if int(declared) <= FROM_STRANGERS and "transfer-encoding" not in request.headers:
            return FROM_STRANGERS, None
        try:
            await _admit(request)
        except (ApiError, RelayError, StoreError) as error:
            return limit, expected(error)
    return limit, None


async def _admit(request: Request) -> None:
    """Raises ApiError, RelayError or StoreError unless a device that may send much here has signed the headers."""
    context = request.state.context
    who = await vouched(request, context, claimed(request, context))
    if isinstance(who, auth.ContactDevice) and not request.url.path.startswith(NOTICES):
        auth.contact(who)
    else:
        auth.officer(who)


def _too_large(limit: int) -> ASGIApp:
    return problem(413, "too_large", f"At most {limit} bytes are taken here.", {"Connection": "close"})
