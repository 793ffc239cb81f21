"""What every endpoint needs, and who is asking: RFC 9421 signatures checked, nonces remembered with the effect."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import SecretStr

from crypto.encoding import moment, unix
from crypto.errors import CryptoError
from crypto.request import RequestSignature
from handlers.api.problem import ApiError
from handlers.api.rates import DEVICES, STRANGERS, Rates, counted_as
from handlers.clock import Clock
from relay import auth
from relay.auth import Principal
from relay.unit import Store, Tx, Vault

Result = TypeVar("Result")
Rest = ParamSpec("Rest")
OCTETS = "application/octet-stream"


@dataclass
class Context:
    """Shared by all requests; put together in handlers.app."""

    store: Store
    vault: Vault
    clock: Clock
    rates: Rates
    authorities: frozenset[str]
    bot_token: SecretStr | None
    demo: bool
    #: The bot's @name once Telegram has told it.
    bot_name: str | None
    #: Rows may be due in the outbox.
    wake: Callable[[], None]
    #: The release schedule changed.
    rescheduled: Callable[[], None]
    #: Whether Telegram answers.
    telegram_seen: Callable[[], bool] = lambda: True


# What the routes depend on waits for nothing and is async all the same: a plain function would be run in a thread.


async def context(request: Request) -> Context:
    """That of the relay which was asked; the guard has put it there."""
    return _context(request)


def _context(request: Request) -> Context:
    found: Context = request.state.context
    return found


Ctx = Annotated[Context, Depends(context)]


def address(request: Request) -> str:
    """The client's address, for counting only."""
    return counted_as(request.client.host) if request.client else "-"


@dataclass(frozen=True)
class Proof:
    """A parsed signature with the request it covers; `check` verifies it under a key, body apart."""

    signature: RequestSignature
    method: str
    authority: str
    path: str
    query: str
    body: bytes
    now: datetime

    @property
    def expires(self) -> datetime:
        return moment(self.signature.expires)

    def check(self, public: bytes) -> None:
        """Raises ApiError 401."""
        try:
            self.signature.verify_head(
                public,
                method=self.method,
                authority=self.authority,
                path=self.path,
                query=self.query,
                now=unix(self.now),
            )
        except CryptoError:
            raise _unsigned() from None


def claimed(request: Request, ctx: Context) -> Proof:
    """What the signature headers claim, before the body has come; raises ApiError 401 or 421."""
    host = request.headers.get("host", "").lower()
    if host not in ctx.authorities:
        raise ApiError(421, "wrong_address", "This relay does not go by the name in the Host header.")
    try:
        signature = RequestSignature.parse(request.headers.items())
    except CryptoError:
        ctx.rates.hit(STRANGERS, address(request))
        raise _unsigned() from None
    return Proof(
        signature,
        request.method,
        host,
        request.scope["raw_path"].decode("ascii", "replace"),
        request.scope["query_string"].decode("ascii", "replace"),
        b"",
        ctx.clock.now(),
    )


async def vouched(request: Request, ctx: Context, given: Proof) -> Principal:
    """The device that is known now and signed this head; raises ApiError or RelayError 401."""
    try:
        who: Principal = await ctx.store.look(auth.devices_of, (given.signature.device, given.now))
        given.check(who.sign_pk)
    except Exception:
        ctx.rates.hit(STRANGERS, address(request))
        raise
    return who


async def _taken(request: Request, ctx: Context, given: Proof) -> Proof:
    """Reads the (already limited) body, which is the one whose digest was signed; raises ApiError 401."""
    body = await request.body()
    try:
        given.signature.verify_body(body)
    except CryptoError:
        ctx.rates.hit(STRANGERS, address(request))
        raise _unsigned() from None
    return replace(given, body=body)


@dataclass(frozen=True)
class Signed:
    """A request whose signature holds for a device that is known now."""

    who: Principal
    proof: Proof
    _ctx: Context

    @property
    def now(self) -> datetime:
        return self.proof.now

    async def write(
        self, rule: Callable[Concatenate[Tx, Principal, Rest], Result], *args: Rest.args, **more: Rest.kwargs
    ) -> Result:
        """Run a rule for this principal; its nonce is spent in the same transaction."""
        result = await self._ctx.store.write(lambda tx: rule(tx, self._admitted(tx), *args, **more))
        self._ctx.wake()
        return result

    async def read(
        self, rule: Callable[Concatenate[Tx, Principal, Rest], Result], *args: Rest.args, **more: Rest.kwargs
    ) -> Result:
        """As `write`, for a rule that only looks: beside the writer, which a long look at many would hold up."""
        await self._ctx.store.write(self._admitted)
        device, now = self.proof.signature.device, self.now
        return await self._ctx.store.read(lambda tx: rule(tx, auth.device_of(tx, device, now), *args, **more))

    def _admitted(self, tx: Tx) -> Principal:
        """Who asks, as the relay knows them in this transaction; the nonce is spent in it."""
        signature = self.proof.signature
        return auth.admit(tx, signature.device, signature.nonce, self.proof.expires, self.now)


async def _check_stranger(request: Request) -> None:
    ctx = _context(request)
    request.state.proof = await _taken(request, ctx, claimed(request, ctx))


async def _check_caller(request: Request) -> None:
    ctx = _context(request)
    given = claimed(request, ctx)
    who = await vouched(request, ctx, given)
    ctx.rates.hit(DEVICES, given.signature.device.hex())
    request.state.signed = Signed(who, await _taken(request, ctx, given), ctx)


async def proof(request: Request) -> Proof:
    """A request with its own body, by a device the relay need not know; the route checks it under its key."""
    found: Proof = request.state.proof
    return found


async def signed(request: Request) -> Signed:
    """The signed request of a known device."""
    found: Signed = request.state.signed
    return found


def octets(request: Request) -> None:
    """Raises ApiError 415 unless the body is said to be bytes."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != OCTETS:
        raise ApiError(415, "unsupported_media_type", f"Send the envelope as {OCTETS}.")


CHECKS = {proof: _check_stranger, signed: _check_caller}


class CheckedRoute(APIRoute):
    """A route that checks who asks before anything of the body is parsed, and if need be before it is received.

    For those that take a Caller or a Stranger. Answers 401, 421 or 429.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's own, behind the check."""
        parse = super().get_route_handler()
        calls = [each.call for each in self.dependant.dependencies]
        check = next((CHECKS[call] for call in calls if call in CHECKS), None)
        if check is None:
            return parse

        async def handle(request: Request) -> Response:
            await check(request)
            return await parse(request)

        return handle


Caller = Annotated[Signed, Depends(signed)]
Stranger = Annotated[Proof, Depends(proof)]


def _unsigned() -> ApiError:
    return ApiError(
        401,
        "bad_signature",
        "The request is not signed as docs/PROTOCOL.md section 10 describes, or its time is off: ask GET /v1/time.",
    )
