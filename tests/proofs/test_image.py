"""Where no container engine can build the image: its install and start commands, run one by one in a clean root.

The Dockerfile itself is read, so what is proved is what is written there. The image as such is **not** built here, and
the base is Debian's own Python, not the image's.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator.server import serve_in_thread
from emulator.telegram import Telegram
from tests.proofs import cleanroot, figures
from tests.story.stage import free_port, until

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]
DOCKERFILE = cleanroot.REPOSITORY / "Dockerfile"


@dataclass(frozen=True)
class Instruction:
    name: str
    text: str


def instructions() -> list[Instruction]:
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [Instruction(*line.split(None, 1)) for line in lines if line.strip()]


def copy(root: Path, clone: Path, arguments: str) -> None:
    words = arguments.split()
    if words[0].startswith("--from="):
        base, words = root, words[1:]
    else:
        base = clone
    *sources, target = words
    into = root / target.lstrip("/") if target.startswith("/") else root / "src" / target
    for source in sources:
        path = base / source.lstrip("/")
        if path.is_dir():
            if path.resolve() != into.resolve():
                shutil.copytree(path, into, dirs_exist_ok=True, symlinks=True)
        else:
            into.mkdir(parents=True, exist_ok=True) if target.endswith("/") else None
            shutil.copy(path, into)


def test_the_dockerfile_is_linted() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    subprocess.run([str(hadolint), str(DOCKERFILE)], check=True)


def test_the_images_commands_install_and_start_the_relay() -> None:
    clone = cleanroot.clone()
    root = cleanroot.BASE
    for folder in ("src", "opt", "data"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir()
    python = root / "usr" / "bin" / "python"
    python.unlink(missing_ok=True)
    python.symlink_to("python3")
    environment: dict[str, str] = {}
    ran = 0
    for step in instructions():
        if step.name == "COPY":
            copy(root, clone, step.text)
        elif step.name == "ENV":
            environment |= dict(pair.split("=", 1) for pair in step.text.split())
        elif step.name == "RUN" and not step.text.startswith("useradd"):
            exports = "".join(f"export {name}={value}\n" for name, value in environment.items())
            (root / "step.sh").write_text(f"set -eo pipefail\n{exports}{step.text}\n", encoding="utf-8")
            process = cleanroot.start("bash /step.sh", user="root", cwd="/src")
            output, _ = process.communicate(timeout=900)
            assert process.returncode == 0, f"{step.text}\n{output[-3000:]}"
            ran += 1
    assert ran >= 3, "the Dockerfile was not understood"
    path = environment.pop("PATH").replace("$PATH", "/usr/bin:/bin")
    entry = json.loads(next(step.text for step in instructions() if step.name == "ENTRYPOINT"))
    command = json.loads([step.text for step in instructions() if step.name == "CMD"][-1])
    run_as(root, environment, path, " ".join(entry + command))


def run_as(root: Path, environment: dict[str, str], path: str, command: str) -> None:
    """Start the relay as the ordinary user against the emulator, and wait until it answers."""
    subprocess.run(["chroot", str(root), "chown", "-R", f"{cleanroot.USER}:", "/data"], check=True)
    telegram = Telegram()
    bot = telegram.add_bot(username="image_bot")
    port = free_port()
    with serve_in_thread(telegram) as api:
        given = environment | {
            "QASID_HOST": "127.0.0.1",
            "QASID_PORT": str(port),
            "QASID_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "QASID_BOT_TOKEN": bot.token,
            "QASID_BOT_API_URL": api,
            "QASID_POLLING": "1",
        }
        settings = " ".join(f"{name}={value}" for name, value in given.items())
        process = cleanroot.start(f"env PATH={path} {settings} {command}", cwd="/data")
        try:
            until("the relay to come up", lambda: answers(process, port), timeout=60)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/app/", timeout=10) as page:
                assert "<title>" in page.read().decode(), "the image does not carry the phone app"
        finally:
            process.kill()
            process.communicate()
    figures.note(
        "image", "every RUN and the start command work in a clean root; the image itself was not built here"
    )


def answers(process: subprocess.Popen[str], port: int) -> bool:
    if process.poll() is not None:
        pytest.fail(f"the relay ended:\n{process.communicate()[0]}")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
