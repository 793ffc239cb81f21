"""The list of people to invite, as a CSV file: read whole and judged line by line before anything is done."""

import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk.errors import UsageError
from desk.people import FORMULA, clean, key

LARGEST: Final = 8 * 1024 * 1024
MOST: Final = 20_000
COLUMNS: Final = ("name", "note", "alias")
ALIAS: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,23}")


@dataclass(frozen=True)
class Row:
    line: int
    name: str
    note: str
    alias: str


@dataclass(frozen=True)
class Bad:
    """A line that cannot be used. `why` does not repeat what stands there."""

    line: int
    why: str


def read(path: Path) -> tuple[list[Row], list[Bad]]:
    """The good and the bad lines. Raises UsageError for a file that cannot be read as a list at all."""
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    good: list[Row] = []
    bad: list[Bad] = []
    columns: list[str] = []
    seen: dict[str, int] = {}
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells)
                continue
            if len(good) + len(bad) >= MOST:
                raise UsageError(f"The list has more than {MOST} lines.", "Split it.")
            try:
                row = _row(line, columns, cells)
                _note_seen(seen, row)
                good.append(row)
            except UsageError as wrong:
                bad.append(Bad(line, wrong.message))
    except csv.Error as broken:
        # From here on nothing is certain: a quotation mark that is never closed swallows the lines after it.
        bad.append(Bad(reader.line_num, f"cannot be read as CSV ({broken}); nothing after it was read"))
    if not columns:
        raise UsageError("The list is empty.", f"Its first line names the columns: {', '.join(COLUMNS)}.")
    return good, bad


def write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A CSV file for its owner's eyes alone (mode 0600), never over another; no cell can run as a formula."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(list(columns))
        writer.writerows([guarded(cell) for cell in row] for row in rows)


def guarded(cell: str) -> str:
    """A spreadsheet shows this as text, whatever it begins with."""
    return f"'{cell}" if cell[:1] in (*FORMULA, "\t", "\r", "\n", "'") and cell else cell


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as missing:
        raise UsageError(
            f"The list {path} cannot be read: {missing.strerror}.", "Name a CSV file."
        ) from missing
    if len(data) > LARGEST:
        raise UsageError(f"The list is larger than {LARGEST // 2**20} MiB.", "Split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise UsageError(
            f"The list is not UTF-8 text (line {line}).", "Save it as “CSV UTF-8” in your spreadsheet."
        ) from wrong


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _columns(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    unknown = [number for number, name in enumerate(names, 1) if name not in COLUMNS]
    if "name" not in names or unknown or len(set(names)) != len(names):
        what = (
            f"column {unknown[0]} has another name" if unknown else "“name” is missing, or one stands twice"
        )
        raise UsageError(
            f"The list's first line does not name its columns: {what}.",
            f"The columns are {', '.join(COLUMNS)}; only name is needed. Leave out everything else: "
            "what is not written down cannot be lost.",
        )
    return names


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        raise UsageError(f"has {len(cells)} cells; the first line names {len(columns)} columns")
    values = dict(zip(columns, cells, strict=True))
    note, alias = values.get("note", "").strip(), values.get("alias", "").strip()
    if alias and (not ALIAS.fullmatch(alias) or alias.startswith("H-")):
        raise UsageError("the alias is not up to 24 capitals, digits and dashes (H- is for households)")
    return Row(line, clean(values["name"]), clean(note, "the note") if note else "", alias)


def _note_seen(seen: dict[str, int], row: Row) -> None:
    names = [key(row.name, row.note)] + ([f"alias {row.alias}"] if row.alias else [])
    for name in names:
        if name in seen:
            what = "the same alias as" if name.startswith("alias ") else "the same person as"
            raise UsageError(f"{what} line {seen[name]}; tell two people of one name apart by the note")
    seen.update(dict.fromkeys(names, row.line))
