"""Keeping other web pages out of control endpoints and page data: they could reach 127.0.0.1 through a browser."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from emulator.botapi.updates import loopback


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a foreign Host (DNS rebinding) and, but for the Bot API itself, a foreign Origin."""
    if not loopback(f"http://{request.host}"):
        raise web.HTTPForbidden(text="this emulator answers on 127.0.0.1 and localhost only")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host and not request.path.startswith("/bot"):
        raise web.HTTPForbidden(text="this emulator takes no orders from other pages")
    return await handler(request)
