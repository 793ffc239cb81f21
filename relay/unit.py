"""What the edges may ask of a store, and what the rules may ask of a vault."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from store.engine import Tx

__all__ = ["Store", "Tx", "Vault"]

T = TypeVar("T")
Item = TypeVar("Item")


class Store(Protocol):
    """Runs rules in transactions. A unit may run more than once, so its effects stay inside the transaction."""

    async def write(self, rule: Callable[[Tx], T]) -> T: ...

    async def read(self, rule: Callable[[Tx], T]) -> T: ...

    async def clear(self) -> None: ...

    async def gather(
        self, rule: Callable[[Tx, Sequence[Item]], Sequence[T | Exception]], item: Item
    ) -> T: ...

    def write_now(self, rule: Callable[[Tx], T]) -> T: ...

    def read_now(self, rule: Callable[[Tx], T]) -> T: ...

    async def aclose(self) -> None: ...

    def close(self) -> None: ...


class Vault(Protocol):
    """Encrypts Telegram ids at rest and finds them again by a blind index (crypto.vault)."""

    def seal_id(self, telegram_id: int) -> bytes: ...

    def open_id(self, sealed: bytes) -> int: ...

    def seal_press(self, callback_id: str) -> bytes: ...

    def open_press(self, sealed: bytes) -> str: ...

    def index(self, telegram_id: int) -> bytes: ...

    def tag(self, data: bytes) -> bytes: ...
