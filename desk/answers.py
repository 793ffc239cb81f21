"""Reading the relay's JSON: every value is checked for its type before anything believes it."""

from typing import Any, TypeAlias

from crypto.encoding import unb64u
from crypto.errors import Malformed
from desk.errors import DeskError

Json: TypeAlias = Any


class Answer:
    """A JSON object of the relay's. Each getter raises DeskError when the value is missing or of another type."""

    def __init__(self, value: Json) -> None:
        if not isinstance(value, dict):
            raise _bad("object")
        self._value: dict[str, Any] = value

    def text(self, name: str, default: str | None = None) -> str:
        value = self._value.get(name, default)
        if not isinstance(value, str):
            raise _bad(name)
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        value = self._value.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _bad(name)
        return value

    def integers(self, name: str) -> list[int]:
        items = self._list(name)
        if not all(isinstance(item, int) and not isinstance(item, bool) for item in items):
            raise _bad(name)
        return items

    def truth(self, name: str) -> bool:
        value = self._value.get(name)
        if not isinstance(value, bool):
            raise _bad(name)
        return value

    def octets(self, name: str, length: int | None = None) -> bytes:
        try:
            return unb64u(self.text(name), length)
        except Malformed:
            raise _bad(name) from None

    def maybe_octets(self, name: str) -> bytes:
        """Empty when null or missing."""
        return b"" if self._value.get(name) is None else self.octets(name)

    def many_octets(self, name: str) -> list[bytes]:
        try:
            return [unb64u(item) for item in self._list(name)]
        except (Malformed, TypeError, AttributeError):
            raise _bad(name) from None

    def many_texts(self, name: str) -> list[str]:
        items = self._list(name)
        if not all(isinstance(item, str) for item in items):
            raise _bad(name)
        return items

    def many(self, name: str) -> list["Answer"]:
        return [Answer(item) for item in self._list(name)]

    def one(self, name: str) -> "Answer":
        return Answer(self._value.get(name))

    def maybe_one(self, name: str) -> "Answer | None":
        return None if self._value.get(name) is None else self.one(name)

    def plain(self) -> dict[str, Any]:
        return self._value

    def _list(self, name: str) -> list[Any]:
        value = self._value.get(name)
        if not isinstance(value, list):
            raise _bad(name)
        return value


def _bad(name: str) -> DeskError:
    return DeskError(
        f"The relay's answer has no proper {name!r}.",
        "Relay and desk may be of different versions; nothing was changed here.",
        "bad_answer",
    )
