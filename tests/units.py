"""systemd's units as docs/OPERATING.md has them installed: the text of a unit with that of its drop-in behind it."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = "/etc/systemd/system/"


@dataclass(frozen=True)
class Unit:
    """What the files of one unit say, one after the other."""

    text: str

    def listed(self, section: str, key: str) -> list[str]:
        """The values of a key that may be given several times; an empty one forgets those before it."""
        found: list[str] = []
        now = ""
        for line in re.sub(r"\\\n\s*", "", self.text).splitlines():
            name, _, value = line.partition("=")
            if line.startswith("["):
                now = line.strip("[] ")
            elif (now, name) == (section, key):
                found = [*found, value] if value else []
        return found

    @property
    def serves(self) -> bool:
        """Whether it is a process of the relay, which works on the database all the time."""
        return any(re.search(r"\bqasid serve\b", line) for line in self.listed("Service", "ExecStart"))

    def goes_with(self, other: str) -> bool:
        """Whether it ends with the other, and before the command that ended that one returns."""
        return all(
            f"{other}.service" in " ".join(self.listed("Unit", key)).split() for key in ("PartOf", "After")
        )


def installed(page: str, deploy: Path) -> dict[str, Unit]:
    """Every service that the page has put into systemd's folder, by name."""
    sources = {
        name: deploy / f"{name}.service"
        for line in re.findall(rf"^install .*{FOLDER}$", page, re.MULTILINE)
        for name in re.findall(r"deploy/([\w-]+)\.service", line)
    }
    copies = re.findall(rf"^cp {FOLDER}([\w-]+)\.service {FOLDER}([\w-]+)\.service$", page, re.MULTILINE)
    sources |= {new: sources[old] for old, new in copies}
    texts = {name: path.read_text(encoding="utf-8") for name, path in sources.items()}
    drop_in = rf"deploy/([\w.-]+) {FOLDER}([\w-]+)\.service\.d/"
    for file, name in re.findall(drop_in, page):
        if name in texts:
            texts[name] += "\n" + (deploy / file).read_text(encoding="utf-8")
    return {name: Unit(text) for name, text in texts.items()}


def ended(code: str) -> list[list[str]]:
    """The units that each command in here stops, restarts or disables."""
    found = re.findall(r"systemctl (?:stop|restart|disable)((?: [\w.-]+)+)", code)
    return [[word for word in words.split() if not word.startswith("-")] for words in found]


def left(words: list[str], units: dict[str, Unit]) -> set[str]:
    """The processes of the relay that go on after some of them were ended; none where it was not about the relay."""
    named = {word.removesuffix(".service") for word in words}
    running = {name for name, unit in units.items() if unit.serves}
    if not named & running:
        return set()
    return {name for name in running - named if not any(units[name].goes_with(other) for other in named)}
