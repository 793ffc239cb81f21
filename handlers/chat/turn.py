"""One turn of a chat: what a rule may do with an update, inside the one transaction that also marks it done."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from relay import outbox
from relay.accounts import Account
from relay.unit import Tx, Vault

#: Officers' answers delete themselves: the chat of a seized phone should be empty.
VANISH = timedelta(minutes=10)


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
    callback_id: str = ""
    bot: str = ""
    blocked: bool = False
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
