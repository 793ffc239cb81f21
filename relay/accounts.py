"""Telegram accounts: sealed ids, language, silence."""

from dataclasses import dataclass
from datetime import datetime

from relay import doorbells, outbox
from relay.errors import Kind, RelayError
from relay.unit import Tx, Vault
from store import accounts
from store import doorbells as visible_doorbells
from store import outbox as rows


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    language: str
    paused: bool
    blocked: bool


def known(tx: Tx, vault: Vault, telegram_id: int, now: datetime, language: str = "") -> Account:
    """The account of a Telegram id, made at first sight; the language holds until the person has one."""
    blinds = vault.indexes(telegram_id)
    row = accounts.by_blind(tx, blinds)
    if row is None:
        accounts.add(tx, *vault.entry(telegram_id), language, now)
        row = accounts.by_blind(tx, blinds)
    if row is None:
        raise RelayError("try_again", "the account could not be made now; try again", Kind.UNAVAILABLE)
    if language and not row.language:
        speak(tx, row.id, language)
    return Account(row.id, row.language or language, row.paused, row.blocked)


def readable(tx: Tx, vault: Vault) -> bool:
    """Whether this vault's key is the one that accounts were sealed with; True where there is none to tell by."""
    sealed = accounts.any_sealed(tx)
    try:
        return sealed is None or bool(vault.open_id(sealed))
    except ValueError:  # whatever is wrong with it: a vault's errors are of this kind
        return False


def speak(tx: Tx, account: int, language: str) -> None:
    """The person chose a language."""
    accounts.change(tx, account, language=language)


def pause(tx: Tx, account: int, paused: bool, now: datetime) -> None:
    """Silence, or an end to it: what is unread then rings."""
    accounts.change(tx, account, paused=paused)
    if not paused:
        wake(tx, account, now)


def blocked(tx: Tx, account: int, blocked: bool, now: datetime) -> None:
    """The person blocked the bot, or let it in again: what is unread then rings.

    What was to be deleted, and the doorbell that stands, can only go once they are back.
    """
    accounts.change(tx, account, blocked=blocked)
    if blocked:
        shown = visible_doorbells.visible(tx, account)
        if shown is not None and shown.message_id is not None:
            outbox.delete(tx, account, shown.message_id, now)
        visible_doorbells.hide(tx, [account])
        rows.drop_account(tx, account, now)
    else:
        rows.resume_deletions(tx, account)
        wake(tx, account, now)


def wake(tx: Tx, account: int, now: datetime) -> None:
    """Ring if anything is unread, as loudly as it is urgent."""
    if visible_doorbells.has_unread(tx, account, now):
        urgent = visible_doorbells.has_unread(tx, account, now, urgent=True)
        doorbells.ring(tx, {account: urgent}, now)
