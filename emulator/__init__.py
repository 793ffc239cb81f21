"""Telegram on loopback, for newcomers, tests and benchmarks.

    from emulator import ManualClock, Telegram, until
    from emulator.server import serve

    telegram = Telegram(ManualClock())                  # or Telegram() in real time
    bot = telegram.add_bot("123456:ABC-DEF", "demo_bot")
    sara = telegram.add_user("Sara", "fa")
    async with serve(telegram) as url:                  # http://127.0.0.1:<port>
        ...                                             # point a bot at f"{url}/bot" and f"{url}/file/bot"
        sara.say(bot, "/start")                         # bot=None means the only one
        await until(telegram, lambda: sara.chat(bot).last().from_bot)
        sara.chat(bot).visible()                        # what she sees; [-1].text, .silent, .buttons
        sara.press(bot, "Open")                         # callback query id, or the Mini App's signed address
        telegram.sends                                  # every attempt to send, refused ones too
        telegram.faults.set(refuse_every=7)             # see faults.py
        bot.limits.refused                              # 429s by reason

`python -m emulator --port 8081` runs it as a process of its own; control.py has its endpoints.
It refuses what Telegram refuses. The one leniency: web_app buttons and webhooks may use http on this machine.
"""

from emulator.bots import Bot
from emulator.chats import Chat, Document, Message
from emulator.clock import Clock, ManualClock, RealClock
from emulator.errors import AnswerLost, BotApiError, ConnectionDropped, WrongAnswer
from emulator.faults import Faults
from emulator.limits import Limits, Rate
from emulator.people import User
from emulator.telegram import Send, Telegram
from emulator.waiting import until, wait_until

__all__ = [
    "AnswerLost", "Bot", "BotApiError", "Chat", "Clock", "ConnectionDropped", "Document", "Faults", "Limits",
    "ManualClock", "Message", "Rate", "RealClock", "Send", "Telegram", "User", "WrongAnswer", "until", "wait_until",
]  # fmt: skip
