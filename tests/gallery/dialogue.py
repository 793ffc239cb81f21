"""A dialogue: what somebody does and is told, played on a stage of its own, so that no picture depends on another."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.gallery.scene import Scene

Play = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Dialogue:
    name: str
    title: str
    play: Play
    officers: bool = False


class Programme(dict[str, Dialogue]):
    """The dialogues by name, in the order in which they were written down."""

    def dialogue(self, name: str, title: str, *, officers: bool = False) -> Callable[[Play], Play]:
        def add(play: Play) -> Play:
            assert name not in self, f"two dialogues are called {name}"
            self[name] = Dialogue(name, title, play, officers)
            return play

        return add
