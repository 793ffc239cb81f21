"""A clean root: Debian with python3, its venv, make and git, and nothing else, entered as an ordinary user.

Needs root (for chroot and mounts) and `debootstrap`. The base is built once and kept; each proof works on a fresh
clone of HEAD in a fresh home.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BASE = Path(os.environ.get("QASID_CLEAN_ROOT", REPOSITORY / ".cache" / "clean-root"))
OUTPUT = REPOSITORY / ".cache" / "clean-root.log"
PACKAGES = "python3,python3-venv,make,git,ca-certificates"
USER = "newcomer"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class CleanRootError(Exception):
    """The clean root cannot be had here; the message says what to do."""


def prepare() -> Path:
    """Build the base root once; return its path. Raises CleanRootError when this machine cannot."""
    if (BASE / "ready").exists():
        return BASE
    if os.geteuid() != 0:
        raise CleanRootError("A clean root needs chroot and mounts: run this part as root.")
    if shutil.which("debootstrap") is None:
        raise CleanRootError("Install debootstrap first (Debian: apt-get install debootstrap).")
    shutil.rmtree(BASE, ignore_errors=True)
    BASE.mkdir(parents=True)
    suite = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(BASE)]
    done = subprocess.run(suite, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CleanRootError(f"debootstrap failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    # The machine's own resolver and certificates, so that the package registries can be reached from inside.
    for name in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        source = Path("/") / name
        if source.exists():
            shutil.copy(source, BASE / name)
    _enter("root", f"useradd --create-home {USER}", timeout=60)
    (BASE / "ready").touch()
    return BASE


def clone() -> Path:
    """Clone HEAD into a fresh home inside the root; return the clone's path as seen from outside."""
    home = prepare() / "home" / USER
    target = home / "qasid"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(target)], check=True)
    _enter("root", f"chown -R {USER}: /home/{USER}", timeout=60)
    return target


def fresh(target: Path) -> Path:
    """A root of its own in this new folder: the base, and nothing of what other proofs did there; return it."""
    base = prepare()
    target.mkdir(parents=True)
    emptied = ("home", "opt", "src", "data", "srv", "tmp", "proc", "dev", "sys", "var/cache")
    leaving = " ".join(f"--exclude='./{folder}/*'" for folder in emptied)
    subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"tar -C '{base}' {leaving} -cf - . | tar -C '{target}' -xpf -"],
        check=True,
    )
    (target / "home" / USER).mkdir()
    subprocess.run(["chroot", str(target), "chown", f"{USER}:", f"/home/{USER}"], check=True)
    return target


def start(
    command: str, *, user: str = USER, cwd: str = f"/home/{USER}/qasid", root: Path | None = None
) -> subprocess.Popen[str]:
    """Start a shell command inside the root, as `user`; output is one text stream. It ends with its process group."""
    base = root or BASE
    home = "/root" if user == "root" else f"/home/{user}"
    script = (
        # No exec: this shell must stay root to die with its parent, and everything inside with it.
        f'mount -t proc proc "{base}/proc" && mount --bind /dev "{base}/dev" && '
        # Where processes share semaphores: as everywhere, anybody's.
        f'mount -t tmpfs -o mode=1777 tmpfs "{base}/dev/shm" && '
        f'chroot "{base}" setpriv --reuid={user} --regid={user} --init-groups '
        f"env -i HOME={home} PATH={PATH} LANG=C.UTF-8 "
        f'sh -c "cd {cwd} && exec {command}"; exit $?'
    )
    return subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script],
        stdin=subprocess.PIPE if root else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    )


def run(command: str, *, timeout: float) -> str:
    """Run a command inside the root to its end. Raises AssertionError with its last output when it fails."""
    process = start(command)
    try:
        output, _ = process.communicate(timeout=timeout)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    if process.returncode != 0:
        # Whole, for what ran side by side is not last.
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(output, encoding="utf-8")
    assert process.returncode == 0, (
        f"{command!r} in the clean root ended with {process.returncode}; {OUTPUT} has it all:\n{output[-4000:]}"
    )
    return output


def _enter(user: str, command: str, *, timeout: float) -> None:
    process = start(command, user=user, cwd="/")
    output, _ = process.communicate(timeout=timeout)
    if process.returncode != 0:
        raise CleanRootError(f"{command!r} failed in the clean root:\n{output}")
