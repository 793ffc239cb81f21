"""`phrase`: the phrasebook of common replies."""

from typing import Annotated, Any

import typer
from rich.console import Console

from desk import phrases
from desk.commands.common import Json
from desk.voice import speaking, table
from words.catalogues import LANGUAGES

app = typer.Typer(no_args_is_help=True, help="Common replies in three languages, for `reply --phrase CODE`.")

Language = Annotated[str, typer.Option("--language", help="en, fa-AF (Dari) or ps-AF (Pashto).")]


@app.command("list")
def listed(*, language: Language = "en", as_json: Json = False) -> None:
    """All phrases of a language, by code.

    Each is neutral, tells nobody to set out or to fetch a paper, and may be sent as it stands.

    Example: qasid-desk phrase list --language ps-AF
    """
    with speaking(as_json=as_json) as voice:
        name = phrases.language(language)
        rows: list[dict[str, Any]] = [
            {"code": code, "text": phrases.phrase(code, name)} for code in phrases.codes()
        ]
        voice.result({"language": name, "phrases": rows}, lambda out: _table(out, name, rows))


@app.command("show")
def show(
    *, code: Annotated[str, typer.Argument(help="A code of `phrase list`.")], as_json: Json = False
) -> None:
    """One phrase in every language: you see what you send, also in a language you do not read.

    Example: qasid-desk phrase show stay
    """
    with speaking(as_json=as_json) as voice:
        texts = {name: phrases.phrase(code, name) for name in LANGUAGES}
        lines = "\n".join(f"{name:6} {text}" for name, text in texts.items())
        voice.result({"code": code, "texts": texts}, lambda out: out.print(lines, markup=False))


def _table(out: Console, name: str, rows: list[dict[str, Any]]) -> None:
    shown = table(f"Phrases ({name})", "code", "text")
    for row in rows:
        shown.add_row(row["code"], row["text"])
    out.print(shown)
