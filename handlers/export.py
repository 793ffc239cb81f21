"""`qasid export-webapp`: the phone app as plain files, for a server that is not the relay."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from handlers.api import guard
from handlers.api.phone import BUNDLE, FOREVER, FRAMES, HEADERS, WELL_KNOWN, policy
from handlers.bundle import Bundle, BundleError, addressed


def export(source: Path, target: Path, relay: str) -> Bundle:
    """Write the build in `source` into the new folder `target`, its pages speaking to `relay`.

    Beside the files all that has to be sent with them: `_headers`, in the form that several hosts of static files read,
    and `headers.caddy`, which deploy/Caddyfile imports. Returns the build. Raises BundleError, having written nothing,
    when a file is not as it was built.
    """
    bundle = Bundle.read(source / BUNDLE)
    files = {path: _read(source / path, digest) for path, digest in bundle.files.items()}
    pages = {path: addressed(body, relay) for path, body in files.items() if path.endswith(".html")}
    listed = (source / BUNDLE).read_bytes()
    written = {f"app/{path}": body for path, body in (files | pages | {BUNDLE: listed}).items()}
    written[WELL_KNOWN.removeprefix("/")] = listed
    headers = _headers(policy(pages.values(), FRAMES, relay))
    written |= {"_headers": _listed(headers).encode(), "headers.caddy": _for_caddy(headers).encode()}
    try:
        target.mkdir(parents=True)
        for path, body in written.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(body)
        for each in (target, *target.rglob("*")):  # for a web server to read
            each.chmod(0o755 if each.is_dir() else 0o644)
    except OSError as error:
        raise BundleError(f"{target} has to be a new folder that can be written ({error.strerror})") from None
    return bundle


def _read(path: Path, digest: str) -> bytes:
    try:
        body = path.read_bytes()
    except OSError:
        body = b""
    if sha256(body).hexdigest() != digest:
        raise BundleError(f"{path.name} is not as it was built: build the app anew")
    return body


def _headers(content_security_policy: str) -> dict[str, dict[str, str]]:
    """What is sent where, by path; no header twice for one path."""
    everywhere = {name.decode(): value.decode() for name, value in guard.HEADERS}
    pages = {
        **everywhere,
        **HEADERS,
        "Content-Security-Policy": content_security_policy,
        "Strict-Transport-Security": guard.HTTPS_ALWAYS,
    }
    return {
        "/app/*": pages,
        "/app/assets/*": {"Cache-Control": FOREVER},
        WELL_KNOWN: {"Content-Type": "application/json"},
    }


def _listed(headers: Mapping[str, Mapping[str, str]]) -> str:
    lines = []
    for path, sent in headers.items():
        lines += [path, *(f"  {name}: {value}" for name, value in sent.items())]
    return "\n".join(lines) + "\n"


def _for_caddy(headers: Mapping[str, Mapping[str, str]]) -> str:
    lines = []
    for path, sent in headers.items():
        lines += [f"header {path} {{", *(f'\t{name} "{value}"' for name, value in sent.items()), "}"]
    return "\n".join(lines) + "\n"
