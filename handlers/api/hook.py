"""Telegram's webhook: 200 only after the update is committed, so that what fails is sent again."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from handlers.api.problem import problem
from handlers.profile import Hook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


def router(hook: Hook, take: Callable[[list[Mapping[str, Any]]], Awaitable[None]]) -> APIRouter:
    """One path that only Telegram knows."""
    routes = APIRouter()

    # The path is a parameter, so that a log line that names the route does not tell it.
    @routes.post("/telegram/{path}", include_in_schema=False)
    async def update(path: str, request: Request) -> Response:
        if not hmac.compare_digest(path.encode(), hook.path.encode()):
            raise HTTPException(404)
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), hook.secret.encode()):
            return problem(403, "not_allowed", "Only Telegram may call this.")
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError):
            return problem(400, "malformed", "An update is JSON.")
        # Not an update at all: taking it again would not make it one.
        if isinstance(body, dict):
            await take([body])
        return Response(status_code=200)

    return routes
