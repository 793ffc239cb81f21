"""python-telegram-bot's handlers, wired to rules: one transaction does the effect, marks the update done, replies."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from limits import RateLimitItem
from telegram import Update
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from handlers.api.rates import ARMOUR_CHATS, Rates
from handlers.chat import (
    armour,
    attempts,
    buttons,
    conditions,
    consents,
    departures,
    documents,
    duty,
    households,
    notices,
    officers,
    people,
    proposing,
    report,
    threads,
)
from handlers.chat.officers import only_officers
from handlers.chat.turn import Turn
from handlers.clock import Clock
from handlers.offline import OfflinePage
from handlers.texts import resolve
from handlers.updates import DROPPED
from relay import accounts, inbox
from relay.unit import Store, Tx, Vault

Rule = Callable[[Turn], None]
Callback = Callable[[Update, Any], Coroutine[Any, Any, None]]

PEOPLE: dict[str, Rule] = {
    "start": people.start,
    "language": people.language,
    "help": people.help_,
    "verify": people.verify,
    "stop": people.stop,
    "relative": people.relative,
    "offline": people.offline,
}
OFFICERS: dict[str, officers.OfficerRule] = {
    "whoami": officers.whoami,
    "queue": officers.queue,
    "case": officers.case,
    "invite": proposing.invite,
    "departures": departures.listed,
    "departure": departures.departure,
    "quota": departures.quota,
    "board": departures.board,
    "standby": departures.standby,
    "notices": notices.notices,
    "approve": notices.approve,
    "lend": proposing.lend,
    "offer": proposing.offer,
    "cancel": proposing.cancel,
    "threat": proposing.threat,
    "outcome": proposing.outcome,
    "conditions": conditions.listed,
    "airport": conditions.routes,
    "threads": threads.threads,
    "office": officers.office,
    "staff": officers.staff,
    "audit": officers.log,
    "household": households.household,
    "fact": proposing.fact,
    "intent": proposing.intent,
    "vet": proposing.vet,
    "duty": duty.duty,
    "report": report.report,
    "notreached": attempts.notreached,
    "consents": consents.consents,
    "assign": proposing.assign,
    "offboard": proposing.offboard,
}


class Dispatch(Application[Any, Any, Any, Any, Any, Any]):
    """An Application that lets errors out: the lane tries the update again; a logged error would lose it."""

    async def process_error(
        self,
        update: object,  # noqa: ARG002 - the base class's signature
        error: Exception,
        job: Any = None,  # noqa: ANN401, ARG002
        coroutine: Any = None,  # noqa: ANN401, ARG002
    ) -> bool:
        raise error


class Chat:
    """The chat's rules over a store; `register` puts them into an Application."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        clock: Clock,
        done: Callable[[], None],
        *,
        rates: Rates | None = None,
        page: OfflinePage | None = None,
    ) -> None:
        """`done` is called after each update whose answers may now be sent; `page` is handed out on request."""
        self._store = store
        self._vault = vault
        self._clock = clock
        self._done = done
        self._rates = rates or Rates()
        self._page = page

    def register(self, application: Dispatch) -> None:
        """Commands, buttons, blocking, and last everything else that a person may send."""
        for name, rule in PEOPLE.items():
            application.add_handler(CommandHandler(name, self._callback(rule)))
        for name, command in OFFICERS.items():
            application.add_handler(
                CommandHandler(name, self._callback(only_officers(command, people.typed)))
            )
        application.add_handler(CallbackQueryHandler(self._callback(partial(buttons.press, OFFICERS))))
        application.add_handler(
            ChatMemberHandler(self._callback(people.membership), ChatMemberHandler.MY_CHAT_MEMBER)
        )
        # Of all that is no command, `strip` keeps the text of armour alone.
        enclosed = (filters.TEXT & ~filters.COMMAND) | filters.Document.ALL
        application.add_handler(MessageHandler(enclosed, self._callback(armour.taken, ARMOUR_CHATS)))
        application.add_handler(MessageHandler(filters.ALL, self._callback(people.typed)))

    def _callback(self, rule: Rule, limit: RateLimitItem | None = None) -> Callback:
        """`limit`: so often a chat may ask for it; the rule is told when it did more often."""

        async def run(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
            now = self._clock.now()
            chat, person, message, press = (
                update.effective_chat,
                update.effective_user,
                update.effective_message,
                update.callback_query,
            )
            if chat is None or person is None:
                return
            document = message.document if message else None
            often = limit is not None and not self._rates.allows(limit, str(chat.id))
            enclosed = await documents.text(document) if document and not often else None
            member = update.my_chat_member
            leaves = bool(member and member.new_chat_member.status == "kicked")
            language = resolve(person.language_code) if person.language_code else ""

            def unit(tx: Tx) -> None:
                if not inbox.done(tx, update.update_id, now):
                    return
                account = accounts.known(tx, self._vault, chat.id, now, language)
                if account.blocked and not leaves:
                    # Whoever writes can be written to, whatever Telegram said before: the news of it may be lost.
                    accounts.blocked(tx, account.id, False, now)
                    account = replace(account, blocked=False)
                turn = Turn(
                    tx=tx,
                    vault=self._vault,
                    account=account,
                    update_id=update.update_id,
                    now=now,
                    message_id=message.message_id if message else None,
                    arguments=tuple(context.args or ()),
                    data=(press.data or "") if press else "",
                    callback_id=press.id if press else "",
                    bot=context.bot.username,
                    blocked=leaves,
                    often=often,
                    text=(message.text if message else None) or "",
                    document=enclosed,
                    page=self._page,
                    rates=self._rates,
                )
                if DROPPED in turn.arguments:
                    turn.take_away()
                rule(turn)

            await self._store.write(unit)
            self._done()

        return run
