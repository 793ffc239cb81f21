"""Waiting for the emulator's state, in an event loop and beside one."""

from threading import Thread

import pytest

from emulator import Bot, Telegram, User, until, wait_until


async def test_until(telegram: Telegram, bot: Bot, sara: User) -> None:
    thread = Thread(target=sara.start, args=(bot,))
    thread.start()
    await until(telegram, lambda: sara.chat(bot).visible())
    thread.join()
    with pytest.raises(TimeoutError):
        await until(telegram, lambda: False, seconds=0.01)


def test_wait_until(telegram: Telegram, bot: Bot, sara: User) -> None:
    thread = Thread(target=sara.start, args=(bot,))
    thread.start()
    wait_until(telegram, lambda: sara.chat(bot).visible())
    thread.join()
    with pytest.raises(TimeoutError):
        wait_until(telegram, lambda: False, seconds=0.01)
