"""`search`: words in what this desk can open."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from desk import search as searching
from desk.commands.common import Json, at_desk
from desk.search import Hit
from desk.times import show_time
from desk.voice import table


def search(
    context: typer.Context,
    *,
    words: Annotated[
        list[str], typer.Argument(help="All of them must occur; - reads them from standard input.")
    ],
    limit: Annotated[int, typer.Option("--limit", help="Show at most so many.", min=1)] = 50,
    as_json: Json = False,
) -> None:
    """Find words in names, aliases, messages and places that this desk keeps. Nothing leaves the desk.

    Spelling is taken loosely: ي is ی and ك is ک, vowel signs, joiners and capitals do not count, ۱۲ is 12, and part
    of a word is enough. What you write on the command line may stay in your shell's history; standard input leaves
    no trace.

    Example: echo "karima herat" | qasid-desk search -
    """
    with at_desk(context, as_json=as_json, online=False) as (voice, desk):
        wanted = sys.stdin.read().split() if words == ["-"] else words
        hits = searching.search(desk, wanted)
        data = {"found": len(hits), "hits": [_plain(hit) for hit in hits[:limit]]}
        voice.result(data, lambda out: _show(out, hits, wanted, limit))


def _plain(hit: Hit) -> dict[str, Any]:
    return {
        "what": hit.what,
        "alias": hit.alias,
        "name": hit.name or None,
        "text": hit.text,
        "at": hit.at or None,
        "message": hit.number or None,
    }


def _show(out: Console, hits: list[Hit], words: list[str], limit: int) -> None:
    if not hits:
        out.print("Nothing found at this desk. A colleague's may know more.")
        return
    more = f", the first {limit} shown" if len(hits) > limit else ""
    shown = table(f"{len(hits)} found{more}", "what", "alias", "name", "text", "at")
    for hit in hits[:limit]:
        what = f"message {hit.number}" if hit.number else hit.what
        shown.add_row(what, hit.alias, hit.name, searching.excerpt(hit.text, words), show_time(hit.at))
    out.print(shown, markup=False)
