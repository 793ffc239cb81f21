"""The printable letter: QR code, twelve words and instructions, in English and Dari, on one sheet."""

import html
import os
from pathlib import Path
from typing import Final

import segno

from desk.letters import Invitation
from words.catalogues import render as worded
from words.dates import moment

LANGUAGES: Final = (("en", "ltr"), ("fa-AF", "rtl"))
STEPS: Final = ("install", "open", "scan", "words", "compare", "destroy")
STYLE: Final = """
body{font:12pt/1.45 system-ui,sans-serif;max-width:19cm;margin:1cm auto;color:#000}
h1{font-size:16pt;margin:0 0 .3cm}section{margin:.5cm 0;border-top:1px solid #999;padding-top:.3cm}
.qr svg{width:6cm;height:6cm}.top{display:flex;gap:1cm;align-items:flex-start}
ol.words{columns:2;font:13pt/1.6 ui-monospace,monospace}.code{font:8pt ui-monospace,monospace;word-break:break-all}
.alias{font:10pt ui-monospace,monospace;text-align:right;margin:0}
.warn{font-weight:bold}article+article{break-before:page}@media print{body{margin:0}}
"""


def render(*letters: Invitation) -> str:
    """A whole HTML document that loads nothing from anywhere, one sheet for each letter. It holds their secrets."""
    title = letters[0].alias if len(letters) == 1 else f"{len(letters)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>"
        f"{''.join(_sheet(made) for made in letters)}</body></html>\n"
    )


def _sheet(made: Invitation) -> str:
    code = segno.make(made.text, error="m").svg_inline(scale=4, border=2)
    words = "".join(f"<li>{html.escape(word)}</li>" for word in made.words)
    parts = "".join(_instructions(language, direction, made) for language, direction in LANGUAGES)
    return (
        f'<article><p class="alias" dir="ltr">{html.escape(made.alias)}</p>'
        f'<div class="top"><div class="qr">{code}</div><ol class="words" dir="ltr">{words}</ol></div>'
        f'<p class="code" dir="ltr">{html.escape(made.text)}</p>{parts}</article>'
    )


def write(path: Path, *letters: Invitation) -> None:
    """Writes the page for its owner's eyes alone; never over another file (FileExistsError)."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(render(*letters))


def _instructions(language: str, direction: str, made: Invitation) -> str:
    values = {"bot": f"@{made.bot}" if made.bot else "—", "until": moment(made.expires, language)}
    # <bdi> isolates what is put in: a name in Latin letters, or a date in either script.
    escaped = {name: f"<bdi>{html.escape(value)}</bdi>" for name, value in values.items()}

    def say(key: str) -> str:
        return worded(language, "desk", f"letter-{key}", escaped)

    steps = "".join(f"<li>{say(f'step-{step}')}</li>" for step in STEPS)
    return (
        f'<section lang="{language}" dir="{direction}"><h1>{say("title")}</h1>'
        f"<p>{say('what')}</p><ol>{steps}</ol>"
        f'<p class="warn">{say("warning")}</p><p>{say("until")}</p></section>'
    )
