"""Letters for a whole list: who has one already gets no second, so that a run that was cut off may be run again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto.encoding import b64u, unb64u
from crypto.letter import Secret
from desk import letters, people
from desk.csvfile import Bad, Row
from desk.errors import DeskError, RelayError, UnreachableError
from desk.letters import Invitation
from desk.office import Desk

#: Letters between two saves: a save writes the whole state.
CHUNK: Final = 100

Tick = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """`open` maps lines to letters that wait for their reader, new or from an earlier run."""

    made: int = 0
    already: int = 0
    enrolled: int = 0
    open: dict[int, Secret] = field(default_factory=dict)
    aliases: dict[int, str] = field(default_factory=dict)
    refused: list[Bad] = field(default_factory=list)


def invite(desk: Desk, rows: Sequence[Row], life: int, tick: Tick) -> Outcome:
    """A letter for everybody who has none. Each name is on disk, with its letter's secret, before the relay hears.

    Raises UnreachableError or DeskError in the middle; what was made stands, and the same list again goes on.
    """
    outcome = Outcome()
    todo = _sort(desk, rows, outcome)
    tick("inviting", 0, len(todo))
    done = 0
    for chunk in _chunks(todo):
        for row in chunk:
            if row.line not in outcome.open:
                outcome.open[row.line] = secret = letters.prepare(desk, row.alias, life)
                people.put(desk, secret.contact, row.name, row.note)
        desk.save()
        try:
            for row in chunk:
                _register(desk, outcome, row)
                done += 1
                tick("inviting", done, len(todo))
        except (RelayError, UnreachableError) as broken:
            raise DeskError(
                f"{broken.message} {done} of {len(todo)} letters were made.",
                "Run the same command again: it goes on where it stopped, and invites nobody twice.",
                broken.code,
            ) from broken
        finally:
            desk.save()
    for line, secret in outcome.open.items():
        outcome.aliases[line] = desk.state.letters[b64u(secret.invitation)].alias
    return outcome


def _sort(desk: Desk, rows: Sequence[Row], outcome: Outcome) -> list[Row]:
    """Who is still to be invited: first those whose letter the relay has not heard of, then those without one."""
    found, aliases = _Known(desk), people.aliases(desk)
    unheard, fresh = [], []
    for row in rows:
        contact, secret = found.of(row)
        if secret is not None:
            outcome.open[row.line] = secret
            if found.registered(secret):
                outcome.already += 1
            else:
                unheard.append(row)
        elif contact:
            outcome.enrolled += 1
            outcome.aliases[row.line] = aliases.get(contact, "")
        else:
            fresh.append(row)
    return unheard + fresh


def opened(desk: Desk, secrets: Iterable[Secret]) -> list[Invitation]:
    """The letters as they are handed over."""
    bot = letters.bot_name(desk)
    return [letters.opened(desk, secret, bot) for secret in secrets]


def write_pages(folder: Path, made: Sequence[Invitation], tick: Tick) -> int:
    """One page for each letter, named by alias, in a folder for its owner's eyes alone; those there already stay.

    How many were written. A page is whole or not there: one that a cut left half written is written anew.
    """
    from desk import page  # noqa: PLC0415  # the catalogues take a third of a command's start

    folder.mkdir(mode=0o700, exist_ok=True)
    written = 0
    for number, each in enumerate(made, 1):
        target = folder / f"{each.alias}-{b64u(each.invitation)[:6]}.html"
        if not target.exists():
            half = target.with_suffix(".part")
            half.unlink(missing_ok=True)
            page.write(half, each)
            half.replace(target)
            written += 1
        tick("writing pages", number, len(made))
    return written


def _register(desk: Desk, outcome: Outcome, row: Row) -> None:
    secret = outcome.open[row.line]
    try:
        letters.register(desk, secret)
        outcome.made += 1
    except RelayError as refused:
        if b64u(secret.invitation) not in desk.state.letters:
            del outcome.open[row.line]
            people.forget(desk, secret.contact)
        if refused.code not in ("alias_taken", "alias_reserved"):
            raise
        outcome.refused.append(Bad(row.line, f"the alias {row.alias} is in use; choose another, or none"))


class _Known:
    """Who of this desk's address book is enrolled, or has a letter that still admits them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._states = {row.text("invitation"): row.text("state") for row in letters.listed(desk)}
        self._letters = {b64u(held.contact): Secret(held.secret) for held in desk.state.letters.values()}
        self._people: dict[str, list[str]] = {}
        for contact, person in desk.state.people.items():
            self._people.setdefault(people.key(person.name, person.note), []).append(contact)

    def of(self, row: Row) -> tuple[str, Secret | None]:
        """The contact id, empty for somebody to invite; with the letter that waits for them."""
        for contact in self._people.get(people.key(row.name, row.note), []):
            secret = self._letters.get(contact)
            if contact in self._desk.state.contacts or (secret and self._state(secret) == "used"):
                return contact, None
            if secret and self._state(secret) in ("open", ""):
                return contact, secret
            people.forget(self._desk, unb64u(contact))  # that letter admits nobody any more
        return "", None

    def registered(self, secret: Secret) -> bool:
        return bool(self._state(secret))

    def _state(self, secret: Secret) -> str:
        held = self._desk.state.letters.get(b64u(secret.invitation))
        if held is None or held.expires <= self._desk.now():
            return "expired"
        return self._states.get(b64u(secret.invitation), "")


def _chunks(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
