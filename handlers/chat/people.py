"""What a person can do in the chat. Nothing they write is kept; everything of weight happens in the app."""

from handlers.chat.officers import bound, menu
from handlers.chat.turn import Turn
from handlers.texts import LANGUAGES
from relay import accounts, links
from relay.errors import RelayError


def start(turn: Turn) -> None:
    """/start, /start i_<invitation>, /start o_<officer link code>."""
    payload = turn.arguments[0] if turn.arguments else ""
    if payload.startswith("i_"):
        turn.say("welcome-letter", {"invitation": payload.removeprefix("i_")})
        return
    if payload.startswith("o_"):
        try:
            role = links.bind(turn.tx, turn.account.id, payload.removeprefix("o_"), turn.now)
        except RelayError:
            pass  # a wrong or used code looks like no code at all
        else:
            turn.take_away()
            bound(turn, role)
            return
    elif payload:
        turn.take_away()
    turn.say("welcome")


def language(turn: Turn) -> None:
    turn.say("language-question")


def help_(turn: Turn) -> None:
    turn.say("help")
    menu(turn)


def verify(turn: Turn) -> None:
    turn.say("verify", {"bot": f"@{turn.bot}"})


def stop(turn: Turn) -> None:
    turn.say("stop-question")


def typed(turn: Turn) -> None:
    """Anything else: taken away, and answered once a minute with how to write safely."""
    turn.take_away()
    minute = int(turn.now.timestamp()) // 60
    turn.say("typed", dedupe=f"typed:{turn.account.id}:{minute}")


def press(turn: Turn) -> None:
    """A button below one of our messages."""
    kind, _, choice = turn.data.partition(":")
    if kind == "language" and choice in LANGUAGES:
        accounts.speak(turn.tx, turn.account.id, choice)
        turn.acknowledge()
        turn.say("language-set")
    elif kind == "stop" and choice in {"silence", "withdraw", "erase"}:
        # The chat can only silence: a hijacked Telegram account must not be able to remove somebody.
        accounts.pause(turn.tx, turn.account.id, True, turn.now)
        turn.acknowledge()
        turn.say(f"stop-{choice}")
    elif turn.data == "signals:on":
        accounts.pause(turn.tx, turn.account.id, False, turn.now)
        turn.acknowledge()
        turn.say("signals-on")
    else:
        turn.acknowledge()


def membership(turn: Turn) -> None:
    """The person blocked the bot, or came back."""
    accounts.blocked(turn.tx, turn.account.id, turn.blocked, turn.now)
