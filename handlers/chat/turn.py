"""One turn of a chat: what a rule may do with an update, inside the one transaction that also marks it done."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from handlers.api.rates import Rates
from handlers.offline import OfflinePage
from relay import buttons, outbox
from relay.accounts import Account
from relay.auth import OfficerDevice
from relay.unit import Tx, Vault

#: Officers' answers delete themselves: the chat of a seized phone should be empty.
VANISH = timedelta(minutes=10)


#: What a button says is short: a letter for each command that one can stand for.
LETTERS = {
    "whoami": "w", "queue": "q", "case": "c", "household": "h", "departures": "d", "office": "o", "staff": "s",
    "audit": "a", "duty": "y", "report": "r", "notreached": "n",
    "consents": "g", "airport": "l", "conditions": "k",
    "departure": "e", "quota": "u", "board": "b", "standby": "t", "notices": "i", "approve": "p",
}  # fmt: skip
COMMANDS = {letter: command for command, letter in LETTERS.items()}
NEXT = ">"


def join(command: str, argument: str, after: str) -> str:
    return LETTERS[command] + argument + (NEXT + after if after else "")


def split(says: str) -> tuple[str, str, str]:
    """The command, its argument, and behind what to go on."""
    argument, _, after = says[1:].partition(NEXT)
    return COMMANDS[says[0]], argument, after


@dataclass
class Turn:
    """An update with its transaction; `say` and its like queue rows in the outbox."""

    tx: Tx
    vault: Vault
    account: Account
    update_id: int
    now: datetime
    message_id: int | None = None
    arguments: tuple[str, ...] = ()
    #: Of a pressed button.
    data: str = ""
    #: Behind what the page begins, where a button asked for the next.
    after: str = ""
    callback_id: str = ""
    bot: str = ""
    blocked: bool = False
    #: Whether it was asked for too often to be done.
    often: bool = False
    #: What may be armour: the message's own text, and that of a document.
    text: str = field(default="", repr=False)
    document: str | None = field(default=None, repr=False)
    page: OfflinePage | None = None
    rates: Rates = field(default_factory=Rates)
    _said: int = field(default=0, init=False)

    def say(
        self,
        key: str,
        params: dict[str, Any] | None = None,
        *,
        dedupe: str = "",
        vanish_after: timedelta | None = None,
    ) -> None:
        """Answer with a message of the catalogue."""
        self._said += 1
        outbox.reply(
            self.tx,
            self.account.id,
            key,
            params or {},
            self.now,
            dedupe=dedupe or f"{self.update_id}:{self._said}:{key}",
            vanish_after=vanish_after,
        )

    def button(
        self,
        officer: OfficerDevice,
        label: str | dict[str, Any],
        command: str,
        argument: str = "",
        after: str = "",
    ) -> list[Any]:
        """One for the parameter "buttons" of what is said: it does what typing the command would."""
        says = join(command, argument, after)
        return [label, buttons.make(self.vault, self.account.id, officer, says, self.now)]

    def take_away(self) -> None:
        """Delete the person's own message from the chat."""
        if self.message_id is not None:
            outbox.delete(self.tx, self.account.id, self.message_id, self.now)

    def acknowledge(self, key: str = "") -> None:
        """Stop the pressed button's spinner; `key` names a short message shown above the chat."""
        if self.callback_id:
            dedupe = f"{self.update_id}:press"
            outbox.answer_callback(
                self.tx, self.vault, self.account.id, self.callback_id, self.now, key=key, dedupe=dedupe
            )
