"""The page at `/`: a chat as a phone shows it. Served from these files, nothing remote.

`/` lists the people, `/?user=ID` opens one's phone (`&bot=name` where there are several bots); several tabs may be
open. phone.js draws the chat from the control endpoints whenever /page/events says that something changed;
miniapp.js is the client's side of a Mini App in an iframe.
"""

import asyncio
from importlib import resources

from aiohttp import web

from emulator.telegram import Telegram
from emulator.waiting import listening

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src http://127.0.0.1:* http://localhost:* https:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
FILES = {
    "/": ("index.html", "text/html"),
    "/page/phone.css": ("phone.css", "text/css"),
    "/page/phone.js": ("phone.js", "text/javascript"),
    "/page/miniapp.js": ("miniapp.js", "text/javascript"),
}
#: Seconds between two events: a broadcast need not redraw a phone for each message elsewhere.
PAUSE = 0.05


async def _file(request: web.Request) -> web.Response:
    name, kind = FILES[request.path]
    content = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return web.Response(text=content, content_type=kind, charset="utf-8", headers=headers)


def add_routes(app: web.Application, telegram: Telegram, closing: asyncio.Event) -> None:
    """Add the page, its files and its event stream; the stream ends when `closing` is set."""

    async def events(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await answer.prepare(request)
        async with listening(telegram.changed, telegram.closing) as changed:
            while not closing.is_set():
                changed.clear()
                await answer.write(b"data: changed\n\n")
                await changed.wait()
                await asyncio.sleep(PAUSE)
        return answer

    for path in FILES:
        app.router.add_get(path, _file)
    app.router.add_get("/page/events", events)
