"""The recovery sheet of an office's root: what to have and what to do, on one page. It holds no secret."""

import html
import os
from pathlib import Path
from typing import Final

from crypto.encoding import b64u
from desk import medium
from desk.medium import RootFile
from desk.times import show_time

STYLE: Final = """
body{font:11.5pt/1.45 system-ui,sans-serif;max-width:19cm;margin:1cm auto;color:#000}h1{font-size:16pt}
h2{font-size:12pt;margin:.5cm 0 .1cm;border-top:1px solid #999;padding-top:.3cm}code{font:10pt ui-monospace,monospace;
word-break:break-all}td{padding:.1cm .4cm .1cm 0;vertical-align:top}.fill{border-bottom:1px solid #000;width:9cm}
ol{margin:.1cm 0}@media print{body{margin:0}}
"""
BLANKS: Final = (
    f"Where {medium.ROOT_FILE} is kept",
    "Where its copy is kept",
    f"Where {medium.SUCCESSOR_FILE} is kept (another place)",
    "Who knows the media's passphrase",
    "Second person who knows it",
    "Where the desks' backups are kept",
    "Checked on (every three months: plug in, run roster renew)",
)
STEPS: Final = (
    (
        "An officer's device is lost or stolen",
        (
            "At a colleague's desk, at once: qasid-desk roster remove CODE-OR-DEVICE --medium FOLDER",
            "What was sealed until now may be read by the finder. Nothing sealed afterwards is.",
            "The officer takes a new machine and restores: qasid-desk restore FILE. It becomes a new device.",
            "The holder of the root compares the number and runs: qasid-desk roster add REQUEST",
        ),
    ),
    (
        "The office's only desk is lost",
        (
            "On a new machine, with the root's medium: qasid-desk restore FILE --medium FOLDER",
            "This takes the new device in and the lost one out, and begins a new epoch.",
            "Letters that nobody has used yet end with the lost device: invite these people anew.",
        ),
    ),
    (
        f"The root is lost ({medium.ROOT_FILE}), or somebody else may have it",
        (
            f"Fetch {medium.SUCCESSOR_FILE}. Nothing else is needed, and nothing else helps.",
            "At a desk: qasid-desk root succession --medium NEW-FOLDER --successor-medium FOLDER",
            "Then, the same day: qasid-desk roster renew --medium NEW-FOLDER. From then on the old root signs nothing.",
            "Copy both new files, bring them to their places, and print this sheet anew.",
        ),
    ),
    (
        "Root and successor are both lost",
        (
            "The office cannot be continued: its rosters end with the present one.",
            "Until then, write to every contact. Found a new office and give out new letters by hand.",
            "Ask nobody to type anything in “to keep access”: whoever does is a thief.",
        ),
    ),
    (
        "The holder of the root dies or leaves",
        (
            "The second person takes the medium and the passphrase, and runs: qasid-desk root succession",
            "Then qasid-desk roster remove for the devices of the one who left.",
        ),
    ),
)


def render(root: RootFile, now: int) -> str:
    """A whole HTML document that loads nothing from anywhere."""
    facts = (
        ("Office", b64u(root.office)),
        ("Root (public)", b64u(root.current.root_pk)),
        ("Successor (commitment)", b64u(root.current.successor_commit)),
        ("Successions so far", str(len(root.successions))),
        ("Printed", show_time(now)),
    )
    known = "".join(
        f"<tr><td>{html.escape(name)}</td><td><code>{html.escape(value)}</code></td></tr>"
        for name, value in facts
    )
    blanks = "".join(f'<tr><td>{html.escape(name)}</td><td class="fill"></td></tr>' for name in BLANKS)
    steps = "".join(
        f"<h2>{html.escape(title)}</h2><ol>{''.join(f'<li>{html.escape(step)}</li>' for step in each)}</ol>"
        for title, each in STEPS
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Recovery sheet</title><style>{STYLE}</style></head><body><h1>Recovery sheet of an office’s root</h1>"
        "<p>This sheet holds no secret. Fill it in by hand, never with the passphrase, and keep it apart from the "
        f"media.</p><table>{known}</table><table>{blanks}</table>{steps}</body></html>\n"
    )


def write(path: Path, root: RootFile, now: int) -> None:
    """Writes the page for its owner's eyes alone; never over another file (FileExistsError)."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(render(root, now))
