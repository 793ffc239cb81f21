"""All that stands in a house at one moment, to go back to it before each test: made once, it costs the next one little.

Only what lies in the house's folder and its database is kept, and the phones' memory; whoever changes anything else
of a house (its lie, say) sets it right.
"""

import copy
import shutil
from typing import Any

from tests import databases
from tests.desk.house import House
from tests.phone import Phone

DATABASE = "qasid.db"


class Kept:
    """A house as it stood when this was made; `restore` as often as one likes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._folder = house.folder.with_name(f"{house.folder.name}-kept")
        self._phones = [(phone, _memory(phone)) for phone in house.phones]
        shutil.copytree(house.folder, self._folder, ignore=_database)
        databases.copy(house.folder / DATABASE, self._folder / DATABASE)

    def restore(self) -> None:
        house = self._house
        house.lie, house.down = None, False
        for phone in house.phones:
            phone.close()
        house.phones[:] = [phone for phone, _ in self._phones]
        for phone, memory in self._phones:
            vars(phone).update(copy.deepcopy(memory))
            phone.connect()
        for path in house.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith(DATABASE):
                path.unlink()
        shutil.copytree(self._folder, house.folder, ignore=_database, dirs_exist_ok=True)
        databases.copy(self._folder / DATABASE, house.folder / DATABASE)


def _memory(phone: Phone) -> dict[str, Any]:
    wired = ("now", "transport", "relay")
    return copy.deepcopy({name: value for name, value in vars(phone).items() if name not in wired})


def _database(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith(DATABASE)}
