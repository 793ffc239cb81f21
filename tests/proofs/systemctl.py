#!/usr/bin/python3
"""Stands in for systemd where none runs: starts and ends what a unit says, as its user, with its files.

Of a unit it reads what decides whether the commands work: User, EnvironmentFile, LoadCredential, StateDirectory, UMask,
WorkingDirectory, ExecStart, ExecStartPost, TimeoutStopSec. What it fences off, only systemd itself can.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from configparser import ConfigParser, SectionProxy
from pathlib import Path

UNITS = Path("/etc/systemd/system")
RUN = Path("/run")


def main(verb: str, *words: str) -> None:
    names = [word for word in words if not word.startswith("-")]
    now = verb in {"start", "stop"} or "--now" in words
    for name in names:
        unit = name if "." in name else f"{name}.service"
        parsed = read(unit)
        if now and unit.endswith(".service"):
            (start if verb in {"start", "enable"} else stop)(unit, parsed["Service"])


def read(unit: str) -> ConfigParser:
    parsed = ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(re.sub(r"\\\n\s*", "", (UNITS / unit).read_text()))
    return parsed


def start(unit: str, service: SectionProxy) -> None:
    user = service["User"]
    for folder in service.get("StateDirectory", "").split():
        path = Path("/var/lib", folder)
        path.mkdir(exist_ok=True)
        shutil.chown(path, user, user)
        path.chmod(int(service["StateDirectoryMode"], 8))
    held = {
        "user": user,
        "group": service["Group"],
        "extra_groups": [],
        "umask": int(service["UMask"], 8),
        "cwd": service["WorkingDirectory"],
        "env": environment(unit, service),
        "stdin": subprocess.DEVNULL,
    }
    if service["Type"] == "oneshot":
        for name in ("ExecStart", "ExecStartPost"):
            subprocess.run(command(service[name]), check=True, **held)
        return
    with (RUN / f"{unit}.log").open("ab") as log:
        process = subprocess.Popen(
            command(service["ExecStart"]), stdout=log, stderr=log, start_new_session=True, **held
        )
    (RUN / f"{unit}.pid").write_text(str(process.pid))


def environment(unit: str, service: SectionProxy) -> dict[str, str]:
    lines = Path(service["EnvironmentFile"]).read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    name, _, source = service["LoadCredential"].partition(":")
    credentials = RUN / "credentials" / unit
    shutil.rmtree(credentials, ignore_errors=True)
    credentials.mkdir(parents=True)
    for file in Path(source).iterdir():
        copy = credentials / f"{name}_{file.name}"
        shutil.copy(file, copy)
        shutil.chown(copy, service["User"])
        copy.chmod(0o400)
    return {**os.environ, **given, "CREDENTIALS_DIRECTORY": str(credentials)}


def command(line: str) -> list[str]:
    return shlex.split(line.replace("$$", "$").replace("%%", "%"))


def stop(unit: str, service: SectionProxy) -> None:
    file = RUN / f"{unit}.pid"
    if not file.exists():
        return
    pid = int(file.read_text())
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + float(service["TimeoutStopSec"])
    while running(pid):
        if time.monotonic() > deadline:
            sys.exit(f"{unit} did not leave within {service['TimeoutStopSec']} s")
        time.sleep(0.05)
    file.unlink()


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
