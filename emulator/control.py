"""Control endpoints: what the library offers, for other processes. POST bodies and answers are JSON.

The `bot` in a body is a username or id, and may be left out when there is one. A refusal is {"error": …}: 400 for a
wrong order, 404 for someone or something that is not there. Times are unix seconds.

    GET  /control/state                    {"now", "bots", "users", "groups"}
    POST /control/bots                     {username, token?, first_name?, main_app_url?, reads_groups?}
                                           -> {id, username, token, …}
    POST /control/users                    {first_name, language_code?, last_name?, username?} -> {id, …}
    POST /control/groups                   {title, creator, bots: […], users: […]} -> {id, …}
    POST /control/groups/{id}/migrate      {} -> the new group
    POST /control/groups/{id}/kick         {bot?}
    GET  /control/users/{id}/chat?bot=     {"messages": [{message_id, body, mine, silent, buttons, …}], "menu_button",
                                           "commands", "started", "blocked", "action", "toasts", …}
    POST /control/users/{id}/say           {text, bot?, group?, reply_to?} -> message
    POST /control/users/{id}/paste         {text, bot?} -> the last message; a long text comes as several
    POST /control/users/{id}/start         {payload?, bot?} -> message
    POST /control/users/{id}/document      {content: base64, name?, caption?, bot?} -> message
    GET  /control/users/{id}/document?message_id=&bot=   {name, content: base64} of a document that stands in the chat
    POST /control/users/{id}/edit          {message_id, text, bot?} -> message
    POST /control/users/{id}/press         {button: text or callback_data, message_id?, bot?, group?}
                                           -> {"result": callback query id or address}
    POST /control/users/{id}/menu          {bot?} -> {"url"} of the menu button's Mini App
    POST /control/users/{id}/link          {start_param?, bot?} -> {"url"} of the main Mini App
    POST /control/users/{id}/app           {url, bot?} -> {"url"} with signed initData
    POST /control/users/{id}/allow         {bot?}: the bot may write first, as a Mini App may ask
    POST /control/users/{id}/block, …/unblock, …/deactivate   {bot?}
    GET  /control/clock                    {"now"}
    POST /control/clock                    {"advance": seconds} -> {"now"}; steps a real clock too
    GET, POST, DELETE /control/faults      the fields of Faults
    POST /control/updates/redeliver        {count, bot?} -> {"result": how many}
    POST /control/limits                   {"overall" | "paid" | "private" | "group": [count, seconds], "stars": count}
    GET  /control/sends?after=N            {"sends": [{at, method, bot, chat_id, outcome, message_id, silent, fault}],
                                           "refused"}
"""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass

from aiohttp import web

from emulator.chats import Chat, Message
from emulator.clock import SteppedClock
from emulator.people import User
from emulator.telegram import Telegram
from emulator.wire import Json


@dataclass
class Order:
    """One request to a control endpoint: the body, and what its path and query name."""

    telegram: Telegram
    method: str
    body: Json
    path: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def bot(self) -> str | int | None:
        name: str | int | None = self.body.get("bot", self.query.get("bot"))
        return name

    @property
    def user(self) -> User:
        return self.telegram.user(int(self.path["id"]))

    def group(self, number: int | None) -> Chat | None:
        """The group with this id; raises LookupError."""
        if number is not None and number not in self.telegram.groups:
            raise LookupError(f"no group {number}")
        return None if number is None else self.telegram.groups[number]


def state(order: Order) -> Json:
    telegram = order.telegram
    return {
        "now": telegram.clock.time(),
        "bots": [bot.json() for bot in telegram.bots.values()],
        "users": [user.json() for user in telegram.users.values()],
        "groups": [
            {**group.json(), "migrated": bool(group.migrated_to)} for group in telegram.groups.values()
        ],
    }


def add_bot(order: Order) -> Json:
    bot = order.telegram.add_bot(**order.body)
    return {**bot.json(), "token": bot.token}


def add_user(order: Order) -> Json:
    return order.telegram.add_user(**order.body).json()


def add_group(order: Order) -> Json:
    telegram, body = order.telegram, order.body
    bots = tuple(telegram.bot(name) for name in body.get("bots", ()))
    users = tuple(telegram.user(each) for each in body.get("users", ()))
    return telegram.add_group(body["title"], telegram.user(body["creator"]), bots=bots, users=users).json()


def change_group(order: Order) -> Json:
    group = order.telegram.groups.get(int(order.path["id"]))
    if group is None:
        raise LookupError("no such group")
    if order.path["change"] == "migrate":
        return order.telegram.migrate(group).json()
    order.telegram.kick(group, order.telegram.bot(order.bot))
    return group.json()


def message_json(message: Message) -> Json:
    """A message as a phone shows it: `body` is text or caption, `marks` its entities, `buttons` in reading order."""
    return {
        **message.json(),
        "mine": not message.from_bot,
        "silent": message.silent,
        "body": message.text,
        "marks": message.entities,
        "buttons": message.buttons,
        "keyboard": message.markup,
        "service": " ".join(message.service).replace("_", " "),
    }


def show_chat(order: Order) -> Json:
    """A private chat as a phone shows it."""
    bot, user = order.telegram.bot(order.bot), order.user
    chat = user.chat(bot)
    return {
        "user": user.json(),
        "bot": bot.json(),
        "description": bot.text("description", user.language_code),
        "messages": [message_json(message) for message in chat.visible()],
        "menu_button": user.menu_button(bot),
        "commands": user.commands(bot),
        "started": chat.started,
        "blocked": chat.blocked,
        "action": chat.action,
        "toasts": chat.toasts[-5:],
    }


def say(order: Order) -> Json:
    group = order.group(order.body.get("group"))
    reply_to = (group or order.user.chat(order.bot)).find(order.body.get("reply_to", 0))
    return message_json(order.user.say(order.bot, order.body["text"], group=group, reply_to=reply_to))


def paste(order: Order) -> Json:
    return message_json(order.user.paste(order.bot, order.body["text"]))


def start(order: Order) -> Json:
    return message_json(order.user.start(order.bot, order.body.get("payload", "")))


def document(order: Order) -> Json:
    body = order.body
    content = base64.b64decode(body["content"], validate=True)
    message = order.user.send_document(
        order.bot, content, body.get("name", "file.bin"), caption=body.get("caption", "")
    )
    return message_json(message)


def show_document(order: Order) -> Json:
    number = int(order.query["message_id"])
    message = order.user.chat(order.bot).find(number)
    if message is None or message.document is None:
        raise LookupError(f"no document {number} in this chat")
    return {"name": message.document.name, "content": base64.b64encode(message.document.content).decode()}


def edit(order: Order) -> Json:
    return message_json(order.user.edit(order.bot, order.body["message_id"], order.body["text"]))


def press(order: Order) -> Json:
    group = order.group(order.body.get("group"))
    button, message_id = order.body["button"], order.body.get("message_id")
    return {"result": order.user.press(order.bot, button, message_id, group=group)}


def menu(order: Order) -> Json:
    return {"url": order.user.open_menu(order.bot)}


def link(order: Order) -> Json:
    return {"url": order.user.open_link(order.bot, order.body.get("start_param", ""))}


def app(order: Order) -> Json:
    return {"url": order.user.open_app(order.bot, order.body["url"])}


def block(order: Order) -> Json:
    order.user.block(order.bot)
    return {}


def unblock(order: Order) -> Json:
    order.user.unblock(order.bot)
    return {}


def allow(order: Order) -> Json:
    order.user.allow_writing(order.bot)
    return {}


def deactivate(order: Order) -> Json:
    order.user.deactivated = True
    return {}


def clock(order: Order) -> Json:
    found = order.telegram.clock
    if "advance" in order.body:
        if not isinstance(found, SteppedClock):
            raise ValueError("this emulator's clock belongs to somebody else and cannot be stepped")
        found.advance(float(order.body["advance"]))
    return {"now": found.time()}


def faults(order: Order) -> Json:
    found = order.telegram.faults
    if order.method == "DELETE":
        found.clear()
    found.set(**order.body)
    return found.json()


def redeliver(order: Order) -> Json:
    return {"result": order.telegram.bot(order.bot).queue.redeliver(int(order.body["count"]))}


def limits(order: Order) -> Json:
    stars = order.body.pop("stars", None)
    if stars is not None:
        order.telegram.give_stars(int(stars))
    rates = {name: (int(count), float(seconds)) for name, (count, seconds) in order.body.items()}
    order.telegram.set_rates(**rates)
    return {}


def sends(order: Order) -> Json:
    after = int(order.query.get("after", 0))
    found = [asdict(send) for send in order.telegram.sends[after:]]
    return {"sends": found, "refused": order.telegram.count_refusals()}


Function = Callable[[Order], Json]
PERSON: tuple[Function, ...] = (
    say,
    paste,
    start,
    document,
    edit,
    press,
    menu,
    link,
    app,
    allow,
    block,
    unblock,
    deactivate,
)
ROUTES: list[tuple[str, str, Function]] = [
    ("GET", "/state", state),
    ("POST", "/bots", add_bot),
    ("POST", "/users", add_user),
    ("POST", "/groups", add_group),
    ("POST", r"/groups/{id:-\d+}/{change:migrate|kick}", change_group),
    ("GET", r"/users/{id:\d+}/chat", show_chat),
    ("GET", r"/users/{id:\d+}/document", show_document),
    *(("POST", rf"/users/{{id:\d+}}/{function.__name__}", function) for function in PERSON),
    ("GET", "/clock", clock),
    ("POST", "/clock", clock),
    ("GET", "/faults", faults),
    ("POST", "/faults", faults),
    ("DELETE", "/faults", faults),
    ("POST", "/updates/redeliver", redeliver),
    ("POST", "/limits", limits),
    ("GET", "/sends", sends),
]


def _answer(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status)


def _handler(telegram: Telegram, function: Function) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read() or b"{}")
            order = Order(telegram, request.method, body, request.match_info, request.query)
            if not isinstance(body, dict):
                return _answer(400, "the body must be a JSON object")
            with telegram.lock:
                return web.json_response(function(order))
        except KeyError as error:
            return _answer(400, f"{error.args[0]} is missing")
        except LookupError as error:
            return _answer(404, str(error))
        except (ValueError, TypeError, AttributeError) as error:
            return _answer(400, str(error))

    return handle


def add_routes(application: web.Application, telegram: Telegram) -> None:
    """Add /control/…"""
    for method, path, function in ROUTES:
        application.router.add_route(method, f"/control{path}", _handler(telegram, function))
