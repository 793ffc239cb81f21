"""What a manifest is written as: lines of a table, CSV, or machine-readable lines; and a file of it, which is noted."""

import csv
import io
import os
import re
from pathlib import Path
from typing import Final

from crypto.disclosure import Disclosure
from desk import csvfile, mrz, plaintext
from desk.errors import UsageError
from desk.manifests import LeftOut
from desk.mrz import Papers
from desk.office import Desk
from desk.rolls import Roll

FORMATS: Final = ("table", "csv", "mrz")
#: Which field each line of a paper is told in.
PAPERS: Final = {
    "kind": "papers-kind", "issuer": "papers-issuer", "surname": "papers-surname", "given": "papers-given",
    "number": "papers-number", "nationality": "papers-nationality", "birth": "papers-birth", "sex": "papers-sex",
    "expiry": "papers-expiry",
}  # fmt: skip
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")


def told(row: Disclosure) -> dict[str, str]:
    """By field, as it may be shown: another office's words steer no terminal and no spreadsheet."""
    return {field.code: plaintext.shown(field.text) for field in row.fields}


def csv_text(roll: Roll) -> str:
    """One line per person, UTF-8; no cell can run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["alias", *roll.body.fields])
    for row in roll.rows:
        cells = told(row)
        writer.writerow(
            [
                csvfile.guarded(cell)
                for cell in (row.alias, *(cells.get(code, "") for code in roll.body.fields))
            ]
        )
    return out.getvalue()


def mrz_lines(roll: Roll) -> tuple[dict[str, tuple[str, ...]], list[LeftOut]]:
    """By alias; and who is left out, and why."""
    found: dict[str, tuple[str, ...]] = {}
    out: list[LeftOut] = []
    for row in roll.rows:
        fields = {field.code: field.text for field in row.fields}
        missing = [code for code in PAPERS.values() if not fields.get(code, "").strip()]
        if missing and missing != [PAPERS["given"]]:
            out.append(LeftOut(row.alias, "not_told", f"not told: {', '.join(missing)}"))
            continue
        try:
            said = {name: fields.get(code, "").strip() for name, code in PAPERS.items()}
            found[row.alias] = mrz.lines(Papers(**said | {"kind": said["kind"].lower()}))
        except UsageError as why:
            out.append(LeftOut(row.alias, "unfit", why.message))
    return found, out


def write(desk: Desk, roll: Roll, path: Path, text: str, people: int) -> None:
    """Writes a file for its owner alone (mode 0600), never over another, once the relay has noted it by its name.

    This desk deletes it on the manifest's date. Raises UsageError for a name or place that cannot be.
    """
    if not _FILE.fullmatch(path.name):
        raise UsageError(
            "The file's name goes into the office's log.",
            "Name it in letters, digits, dots and dashes, at most 48; and let it name nobody.",
        )
    if path.exists():
        raise UsageError(
            f"{path} exists already.", "Nothing is written over another file; choose a new name."
        )
    desk.relay.post("/exports/files", {"name": path.name, "people": people})
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    # A spreadsheet knows UTF-8 by its mark; machine-readable lines bear none.
    encoding = "ascii" if text.isascii() else "utf-8-sig"
    with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
        file.write(text)
    desk.state.manifest_files[str(path.resolve())] = roll.body.destroy_by
    desk.save()
