"""The loopback HTTP server: the Bot API, files, control endpoints and the page.

    async with serve(telegram) as url: ...          # in this event loop
    with serve_in_thread(telegram) as url: ...      # beside tests of other processes

aiohttp rather than FastAPI: it parses multipart, can break a connection on purpose, and is a dependency already.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from email.utils import formatdate
from threading import Thread

from aiohttp import web

from emulator import botapi, control, page
from emulator.bots import Bot, Poll
from emulator.chats import Document
from emulator.errors import AnswerLost, BotApiError, ConnectionDropped, WrongAnswer, bad_request, conflict
from emulator.guard import guard
from emulator.telegram import Telegram
from emulator.waiting import Signal, listening
from emulator.webhook import push_all
from emulator.wire import Json, Value

#: Bytes a request may have: Telegram's 50 MB upload and its form around it.
BODY_LIMIT = 52 * 1024 * 1024
#: Longest wait of getUpdates, in seconds.
LONGEST_POLL = 50
TELEGRAM = web.AppKey("telegram", Telegram)
CLOSING = web.AppKey("closing", asyncio.Event)


def application(telegram: Telegram) -> web.Application:
    """The web application; webhooks are pushed while it runs."""
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[guard])
    app[TELEGRAM] = telegram
    app[CLOSING] = asyncio.Event()
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", bot_api)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", download)
    control.add_routes(app, telegram)
    page.add_routes(app, telegram, app[CLOSING])
    app.cleanup_ctx.append(_webhooks)
    return app


async def _webhooks(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(push_all(app[TELEGRAM]))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def bot_api(request: web.Request) -> web.StreamResponse:
    """One Bot API call; the injected faults of the wire happen here."""
    telegram = request.app[TELEGRAM]
    token, method = request.match_info["token"], request.match_info["method"]
    if delay := telegram.faults.delay():
        await asyncio.sleep(delay)
    try:
        params, files = await _read(request, telegram)
        if method.lower() == "getupdates":
            result = await _long_poll(request.app, token, params)
        else:
            result = telegram.call(token, method, params, files)
        answer = web.json_response({"ok": True, "result": result})
        answer.headers["Date"] = formatdate(telegram.clock.time(), usegmt=True)
    except BotApiError as error:
        answer = web.json_response(error.json(), status=error.code)
    except ConnectionDropped:
        if request.transport:
            request.transport.abort()
        return web.Response()
    except AnswerLost:
        await request.app[CLOSING].wait()  # cancelled when the bot gives up
        return web.Response()
    except WrongAnswer as wrong:
        return await _wrong(request, wrong)
    if delay := telegram.faults.delay():
        await asyncio.sleep(delay)
    return answer


async def _wrong(request: web.Request, wrong: WrongAnswer) -> web.StreamResponse:
    kind = "text/html" if wrong.body.startswith(b"<") else "application/json"
    if not wrong.cut:
        return web.Response(status=wrong.status, body=wrong.body, content_type=kind)
    half = web.StreamResponse(status=wrong.status)
    half.content_type, half.content_length = kind, 2 * len(wrong.body)
    await half.prepare(request)
    await half.write(wrong.body)
    if request.transport:
        request.transport.close()
    return half


async def _read(request: web.Request, telegram: Telegram) -> tuple[Json, dict[str, Document]]:
    """Parameters and files of a request: query, and a JSON, form or multipart body."""
    params: Json = dict(request.query)
    files: dict[str, Document] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except (ValueError, RecursionError):
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object: expected an Object")
        params |= body
    elif request.can_read_body:
        try:
            form = await request.post()
        except ValueError:
            raise bad_request("can't parse the form") from None
        except web.HTTPRequestEntityTooLarge:
            raise BotApiError(413, "Request Entity Too Large") from None
        for name, value in form.items():
            if isinstance(value, web.FileField):
                files[name] = telegram.new_document(value.file.read(), value.filename, value.content_type)
            else:
                params[name] = value
    return params, files


async def _long_poll(app: web.Application, token: str, params: Mapping[str, Value]) -> Value:
    """getUpdates: wait for something up to `timeout` seconds, in real time or on the clock, whichever ends first."""
    telegram = app[TELEGRAM]
    bot = telegram.authorize(token)
    poll = Poll()
    with telegram.lock:
        if bot.poll:
            bot.poll.end("other getUpdates request; make sure that only one bot instance is running")
        bot.poll = poll
    try:
        return await _waited(app, bot, poll, params)
    finally:
        if bot.poll is poll:
            bot.poll = None


async def _waited(app: web.Application, bot: Bot, poll: Poll, params: Mapping[str, Value]) -> Value:
    telegram = app[TELEGRAM]
    checked = botapi.prepare(telegram, bot, "getUpdates", params, {}).params
    seconds = min(max(checked.get("timeout", 0), 0), LONGEST_POLL)
    ends = telegram.clock.time() + seconds
    loop = asyncio.get_running_loop()
    real_end = loop.time() + seconds
    closing = app[CLOSING]
    sleeper = asyncio.create_task(telegram.clock.sleep(seconds))
    async with listening(bot.queue.changed, poll.wake, telegram.closing) as event:
        sleeper.add_done_callback(lambda _: event.set())
        try:
            while True:
                event.clear()
                if poll.ended_by:
                    raise conflict(f"terminated by {poll.ended_by}")
                result = telegram.call(bot.token, "getUpdates", params)
                left = real_end - loop.time()
                if result or left <= 0 or telegram.clock.time() >= ends or closing.is_set():
                    return result
                try:
                    async with asyncio.timeout(left):
                        await event.wait()
                except TimeoutError:
                    continue
        finally:
            sleeper.cancel()


async def download(request: web.Request) -> web.Response:
    """A file's content under the path that getFile gave."""
    telegram = request.app[TELEGRAM]
    try:
        telegram.authorize(request.match_info["token"])
    except BotApiError as error:
        return web.json_response(error.json(), status=error.code)
    for document in telegram.documents.values():
        if document.file_path == request.match_info["path"]:
            return web.Response(body=document.content, content_type="application/octet-stream")
    return web.json_response(BotApiError(404, "Not Found").json(), status=404)


@asynccontextmanager
async def serve(telegram: Telegram, port: int = 0) -> AsyncIterator[str]:
    """Serve on 127.0.0.1 in the running event loop; yields the address without a trailing slash."""
    app = application(telegram)
    # No access log: request lines carry tokens.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        app[CLOSING].set()
        telegram.closing.fire()
        await runner.cleanup()


@contextmanager
def serve_in_thread(telegram: Telegram, port: int = 0) -> Iterator[str]:
    """Serve from a thread with an event loop of its own; yields the address. Raises OSError for a taken port."""
    ready: Future[str] = Future()
    stop = Signal()

    async def run() -> None:
        async with serve(telegram, port) as url, listening(stop) as stopped:
            ready.set_result(url)
            await stopped.wait()

    def target() -> None:
        try:
            asyncio.run(run())
        except OSError as error:
            ready.set_exception(error)

    thread = Thread(target=target, name="emulator", daemon=True)
    thread.start()
    try:
        yield ready.result()
    finally:
        stop.fire()
        thread.join()
