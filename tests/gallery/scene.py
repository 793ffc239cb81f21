"""A stage for one dialogue: a real relay over the emulated Telegram, an office, and a clock that nothing else moves."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from crypto.roster import Role
from emulator.clock import ManualClock
from emulator.people import User
from emulator.telegram import Telegram
from handlers.texts import Texts
from relay import cases, invitations, links, proposals
from tests.flow.world import TOKEN, World, running
from tests.gallery.dice import Dice
from tests.relay.house import House

#: Half past one in the afternoon in Kabul.
NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TELEGRAM = {"en": "en", "fa-AF": "fa", "ps-AF": "ps"}
#: Besides those of tests/relay/house.py.
MORE = {"W-02": Role.CASEWORKER, "L-01": Role.LIAISON, "H-01": Role.HOST}
#: Modules that draw codes which stand in a chat.
DRAWS: tuple[ModuleType, ...] = (cases, invitations, proposals)


@contextmanager
def heard() -> Iterator[dict[str, set[str]]]:
    """The catalogue's keys as they are rendered, each with its texts."""
    found: dict[str, set[str]] = {}
    plain = Texts.render

    def render(texts: Texts, language: str, key: str, params: dict | None = None) -> str:
        text = plain(texts, language, key, params)
        found.setdefault(key, set()).add(text)
        return text

    with patch.object(Texts, "render", render):
        yield found


@dataclass
class Scene:
    """One person's chat, and what may happen around it. `me` is whose phone is pictured."""

    world: World
    language: str
    me: User
    rendered: dict[str, set[str]]
    commands: set[str] = field(default_factory=set)
    #: What stands in the field for writing.
    typing: str = ""

    async def settle(self, horizon: float = 20.0) -> None:
        self.world.house.delivery.wake()
        await self.world.settle(horizon=horizon)

    async def pass_(self, **span: float) -> None:
        self.world.manual.advance(timedelta(**span))
        await self.settle()

    async def say(self, *texts: str) -> None:
        for text in texts:
            self.me.say(None, text)
            if text.startswith("/"):
                self.commands.add(text[1:].split()[0])
            await self.settle()

    async def paste(self, *texts: str) -> None:
        for text in texts:
            self.me.paste(None, text)
            await self.settle()

    async def start(self, payload: str = "") -> None:
        self.me.start(payload=payload)
        self.commands.add("start")
        await self.settle()

    async def press(self, key: str) -> None:
        """The button with this label of the catalogue."""
        await self.tap(Texts().render(self.language, key))

    async def tap(self, label: str) -> None:
        self.me.press(None, label)
        await self.settle()

    # -- an office

    def found(self) -> House:
        """An office with somebody for every role; its clock is the world's."""
        house = House(self.world.store, self.world.house.vault, self.world.manual.now())
        house.officers += [house._officer(code, role) for code, role in MORE.items()]
        house.roster = house._roster(1, bytes(32))
        return house.register()

    def now(self, house: House) -> House:
        house.now = self.world.manual.now()
        return house

    async def officer(self, house: House, code: str) -> None:
        """The pictured person is this officer; the greeting has deleted itself since."""
        await self.bind(house, code)
        await self.pass_(minutes=11)
        self.now(house)

    async def bind(self, house: House, code: str) -> None:
        link = house.as_(house.by(code), links.issue, house.now)
        await self.start(f"o_{link.code}")

    # -- what is seen

    @property
    def app_dir(self) -> Path:
        """Where the app lies: nothing, unless the dialogue puts something there."""
        folder = self.world.settings.app_dir
        assert folder is not None
        return folder

    def shown(self) -> set[str]:
        """Keys of the catalogue that stand in the picture."""
        chat = self.me.chat()
        seen = [each.text for each in chat.visible() if each.from_bot]
        seen += [button["text"] for each in chat.visible() for button in each.buttons]
        seen.append(self.me.menu_button().get("text", ""))
        seen += [each["text"] for each in chat.toasts[-1:]]
        if self.typing.startswith("/"):
            seen += [each["description"] for each in self.me.commands()]
        whole = "\n".join(seen)
        return {key for key, texts in self.rendered.items() if any(text in whole for text in texts)}


@asynccontextmanager
async def stage(language: str) -> AsyncIterator[tuple[Scene, str]]:
    """A scene at noon, and the page's address."""
    with tempfile.TemporaryDirectory(prefix="qasid-gallery-") as folder, ExitStack() as patches:
        for module in DRAWS:
            patches.enter_context(patch.object(module, "secrets", Dice()))
        rendered = patches.enter_context(heard())
        manual = ManualClock(NOON)
        telegram = Telegram(manual, seed=7)
        bot = telegram.add_bot(TOKEN, "qasid_example_bot", "Qasid")
        app_dir = Path(folder) / "app"  # whatever was built here is in no picture
        app_dir.mkdir()
        async with running(Path(folder), manual, telegram, bot, app_dir=app_dir) as world:
            me = telegram.add_user("Sara", TELEGRAM[language])
            yield Scene(world, language, me, rendered), world.settings.bot_api_url
