"""The printable letter: QR code, twelve words and instructions, in English and Dari, on one sheet."""

import html
import os
from functools import cache
from pathlib import Path
from typing import Final

import segno
from fluent.runtime import FluentBundle, FluentResource

from desk.letters import Invitation
from desk.times import show_time

LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"
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
    texts = _catalogue(language)
    values = {"bot": f"@{made.bot}" if made.bot else "—", "until": show_time(made.expires)}
    steps = "".join(f"<li>{_text(texts, f'letter-step-{step}', values)}</li>" for step in STEPS)
    return (
        f'<section lang="{language}" dir="{direction}"><h1>{_text(texts, "letter-title", values)}</h1>'
        f"<p>{_text(texts, 'letter-what', values)}</p><ol>{steps}</ol>"
        f'<p class="warn">{_text(texts, "letter-warning", values)}</p>'
        f"<p>{_text(texts, 'letter-until', values)}</p></section>"
    )


def _text(texts: FluentBundle, key: str, values: dict[str, str]) -> str:
    """A message with marked-up values. Raises KeyError for an unknown one, ValueError for a missing value."""
    message = texts.get_message(key)
    if message.value is None:
        raise KeyError(key)
    escaped = {name: f'<bdi dir="ltr">{html.escape(value)}</bdi>' for name, value in values.items()}
    text, errors = texts.format_pattern(message.value, escaped)
    if errors:
        raise ValueError(f"message {key}: {errors[0]}")
    return str(text)


@cache
def _catalogue(language: str) -> FluentBundle:
    # The <bdi> elements isolate what is put in; Fluent's own invisible marks would only be copied along.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource((LOCALES / language / "desk.ftl").read_text(encoding="utf-8")))
    return bundle
