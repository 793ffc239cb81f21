"""What a person can do in the chat. Nothing they write is kept; everything of weight happens in the app.

Phones are searched: what a person types goes at once, and answers after a while. The way into the app stays.
"""

from datetime import timedelta
from typing import Any

from handlers.api.rates import PAGES
from handlers.chat.officers import bound, menu
from handlers.chat.turn import Turn
from handlers.updates import DROPPED
from handlers.wording import NO_PAGE, OFFLINE_PAGE
from relay import accounts, codes, links, sponsors
from relay.errors import RelayError
from words.catalogues import LANGUAGES

#: Long enough for somebody who reads slowly, or is not alone just now.
VANISH = timedelta(hours=1)


def start(turn: Turn) -> None:
    """/start, /start i_<invitation>, /start o_<officer link code>, /start s_<relative's link code>."""
    payload = turn.arguments[0] if turn.arguments else ""
    if payload:
        turn.take_away()
    if payload.startswith("i_"):
        turn.say("welcome-letter", {"invitation": payload.removeprefix("i_")})
        return
    kind, code = payload[:2], payload[2:]
    try:
        if kind == "o_":
            bound(turn, links.bind(turn.tx, turn.account.id, code, turn.now))
            return
        if kind == "s_":
            number = sponsors.bind(turn.tx, turn.account.id, code, turn.now)
            turn.say("relative-linked", {"number": str(number)})
            return
    except RelayError:
        pass  # a wrong or used code looks like no code at all
    turn.say("welcome")


def language(turn: Turn) -> None:
    _answer(turn, "language-question")


def help_(turn: Turn) -> None:
    _answer(turn, "help", {"quiet": turn.account.paused})
    menu(turn)


def verify(turn: Turn) -> None:
    """Whether this is the right bot; with a notice's number, whether that notice still counts."""
    code = "".join(turn.arguments)
    if not code or turn.arguments == (DROPPED,):
        _answer(turn, "verify", {"bot": f"@{turn.bot}"})
    elif codes.asked_often(turn.tx, turn.account.id, turn.now):
        _answer(turn, "code-often")
    else:
        _answer(turn, f"code-{codes.standing(turn.tx, code, turn.now)}")


def stop(turn: Turn) -> None:
    _answer(turn, "stop-question")


def relative(turn: Turn) -> None:
    """When whoever permits it was last heard of. With nothing to tell, everybody gets the same answer."""
    told = sponsors.heard(turn.tx, turn.account.id, turn.now)
    if told:
        then = [{"key": f"relative-{each.word}", "number": str(each.number)} for each in told]
        _answer(turn, sponsors.NEWS, {"then": then})
    else:
        _answer(turn, sponsors.NOTHING)


def offline(turn: Turn) -> None:
    """The app as one file, for whoever cannot reach its address; it leaves the chat like an answer."""
    page = turn.page.read() if turn.page else None
    if page is None:
        _answer(turn, NO_PAGE)
    elif not turn.rates.allows(PAGES, str(turn.account.id)):
        _answer(turn, "armour-often")
    else:
        _answer(turn, OFFLINE_PAGE, {"hash": page.hash})


def typed(turn: Turn) -> None:
    """Anything else: taken away, and answered once a minute with how to write safely."""
    turn.take_away()
    minute = int(turn.now.timestamp()) // 60
    turn.say("typed", dedupe=f"typed:{turn.account.id}:{minute}", vanish_after=VANISH)


#: What a button may ask for, as its command does.
ASKED = {"language": language, "help": help_, "verify": verify, "stop": stop, "relative": relative}


def press(turn: Turn) -> None:
    """A button below one of our messages."""
    kind, _, choice = turn.data.partition(":")
    if kind == "language" and choice in LANGUAGES:
        accounts.speak(turn.tx, turn.account.id, choice)
        turn.acknowledge()
        _answer(turn, "language-set")
    elif kind == "stop" and choice in {"silence", "withdraw", "erase"}:
        # The chat can only silence: a hijacked Telegram account must not be able to remove somebody.
        accounts.pause(turn.tx, turn.account.id, True, turn.now)
        turn.acknowledge()
        _answer(turn, f"stop-{choice}")
    elif turn.data == "signals:on":
        accounts.pause(turn.tx, turn.account.id, False, turn.now)
        turn.acknowledge()
        _answer(turn, "signals-on")
    elif kind == "show" and choice in ASKED:
        turn.acknowledge()
        ASKED[choice](turn)
    else:
        turn.acknowledge()


def membership(turn: Turn) -> None:
    """The person blocked the bot, or came back."""
    accounts.blocked(turn.tx, turn.account.id, turn.blocked, turn.now)


def _answer(turn: Turn, key: str, params: dict[str, Any] | None = None) -> None:
    """Say something that deletes itself, and delete the command that asked for it; a button's message stays."""
    if not turn.callback_id:
        turn.take_away()
    turn.say(key, params, vanish_after=VANISH)
