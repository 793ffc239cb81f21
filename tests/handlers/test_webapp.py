"""`qasid verify-webapp`: takes what is served as it should be, and names what is not."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Callable
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from handlers import cli, webapp
from handlers.api.build import build
from handlers.bundle import Bundle, BundleError, groups, parse_hash
from handlers.export import export
from handlers.webapp import Report, WebappError

SITE = "https://relay.example"
MAP = '<script type="importmap">{"integrity":{}}</script>'
HEAD = """<!doctype html><html lang="en"><meta content="connect-src 'self'; img-src 'self'">"""
FILES = {
    "index.html": f'{HEAD}{MAP}<link rel="icon" href="data:,"><script src="./assets/first-1.js"></script>',
    "officer.html": HEAD + '<script src="./assets/first-1.js"></script>',
    "assets/first-1.js": "export {};",
    "assets/first-2.css": "p{}",
}
HSTS = {"strict-transport-security": "max-age=31536000"}


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    bundle = Bundle({name: sha256(text.encode()).hexdigest() for name, text in FILES.items()})
    (folder / "bundle.json").write_text(json.dumps({"hash": bundle.hash, "files": bundle.files}))
    return folder


@pytest.fixture
def own(app_dir: Path) -> Bundle:
    return Bundle.read(app_dir / "bundle.json")


class Endless(httpx.AsyncByteStream):
    """Goes on for ever: quickly, or not at all."""

    def __init__(self, part: bytes) -> None:
        self._part = part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            if not self._part:
                await asyncio.Event().wait()
            yield self._part


Change = Callable[[httpx.Response], Any]


class Site(httpx.AsyncBaseTransport):
    """The relay's own web edge, which answers otherwise for some paths."""

    def __init__(self, folder: Path, frames: tuple[str, ...] = (), **changes: Change) -> None:
        # Of the context, which the files need nothing of, there is none.
        self._relay = httpx.ASGITransport(build(None, app_dir=folder, frames=frames))  # type: ignore[arg-type]
        self.changes: dict[str, Change] = changes
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = await self._relay.handle_async_request(request)
        answer.headers.update(HSTS)
        change = self.changes.get(request.url.path.removeprefix("/app/") or "index.html")
        found = change(answer) if change else None
        return found if isinstance(found, httpx.Response) else answer


async def verify(site: Site, expected: Bundle | str, address: str = SITE) -> Report:
    return await webapp.verify(address, expected, transport=site)


def body(text: str) -> Change:
    return lambda old: httpx.Response(200, headers=_bare(old), text=text)


def _bare(old: httpx.Response) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in old.headers.items()
        if name not in {"content-length", "content-encoding"}
    ]


def headers(**changed: str | None) -> Change:
    def change(answer: httpx.Response) -> None:
        for name, value in changed.items():
            answer.headers.pop(name.replace("_", "-"), None)
            if value is not None:
                answer.headers[name.replace("_", "-")] = value

    return change


def policy(old: str, new: str) -> Change:
    def change(answer: httpx.Response) -> None:
        said = answer.headers["content-security-policy"]
        assert old in said
        answer.headers["content-security-policy"] = said.replace(old, new)

    return change


@pytest.mark.parametrize("address", [SITE, f"{SITE}/", f"{SITE}/app/", f"{SITE}/app/officer.html"])
async def test_the_build_is_taken_wherever_one_asks(app_dir: Path, own: Bundle, address: str) -> None:
    site = Site(app_dir)
    assert await verify(site, own, address) == Report(f"{SITE}/app/", own.hash, (), ())
    assert {request.url.path for request in site.asked} >= {
        f"/app/{name}" for name in FILES if name != "index.html"
    }
    assert {request.headers["user-agent"][:8] for request in site.asked} == {"Mozilla/"}
    assert (await verify(site, own.hash, address)).faults == ()


def moved(_old: httpx.Response) -> httpx.Response:
    return httpx.Response(302, headers={"location": "https://evil.example/[/]"})


def endless(part: bytes) -> Change:
    return lambda old: httpx.Response(200, headers=_bare(old), stream=Endless(part))


def hangs_up(_old: httpx.Response) -> None:
    raise httpx.ReadError("gone")


EVIL = FILES["index.html"] + "<script src='https://evil.example/x.js'></script><script>1</script>"


@pytest.mark.parametrize(
    ("path", "change", "faults"),
    [
        ("assets/first-1.js", body("export {}; "), ["assets/first-1.js: differs (11 bytes"]),
        ("officer.html", body(FILES["officer.html"] + " "), ["officer.html: differs"]),
        (
            "index.html",
            body(EVIL),
            [
                "index.html: differs",
                "index.html: names 'https://evil.example/x.js', which the build does not",
                "index.html: names a script of its own, which the build does not",
            ],
        ),
        ("assets/first-2.css", lambda _: httpx.Response(404), ["assets/first-2.css: missing (status 404)"]),
        (
            "assets/first-1.js",
            moved,
            ["assets/first-1.js: leads elsewhere, to 'https://evil.example/[/]'"],
        ),
        ("assets/first-1.js", endless(b"x" * 65_536), ["assets/first-1.js: sends more than 4 MiB"]),
        ("assets/first-1.js", endless(b""), ["assets/first-1.js: has not come to an end"]),
        ("assets/first-1.js", hangs_up, ["assets/first-1.js: cannot be fetched (gone)"]),
        ("assets/first-1.js", headers(content_encoding="gzip, gzip"), ["assets/first-1.js: is packed"]),
        (
            "assets/first-1.js",
            headers(content_type="text/plain"),
            ["assets/first-1.js: is sent as 'text/plain'"],
        ),
        ("officer.html", headers(referrer_policy=None), ["officer.html: header referrer-policy is None"]),
        (
            "officer.html",
            headers(link="<https://evil.example>"),
            ["officer.html: header link leads elsewhere"],
        ),
        (
            "index.html",
            policy("connect-src 'self'", "connect-src *"),
            [f"index.html: header {webapp.POLICY} is not as it should be: connect-src says '*'"],
        ),
        (
            "index.html",
            policy("trusted-types 'none'; frame-ancestors", "frame-ancestors http://127.0.0.1"),
            [
                f"index.html: header {webapp.POLICY} is not as it should be: frame-ancestors says",
                f"index.html: header {webapp.POLICY} is not as it should be: trusted-types is missing",
            ],
        ),
        ("bundle.json", lambda _: httpx.Response(404), ["bundle.json: missing (status 404)"]),
        ("bundle.json", body("[]"), ["bundle.json: it lists no files"]),
        (webapp.WELL_KNOWN, body("{}"), [f"{webapp.WELL_KNOWN}: says otherwise than bundle.json"]),
    ],
)
async def test_what_is_not_as_built_is_named(
    app_dir: Path, own: Bundle, monkeypatch: pytest.MonkeyPatch, path: str, change: Change, faults: list[str]
) -> None:
    if "come to an end" in faults[0]:
        monkeypatch.setattr(webapp, "PATIENCE", 1)  # the other files have to come in it
    report = await verify(Site(app_dir, **{path: change}), own)
    assert len(report.faults) == len(faults), report.faults
    for found, said in zip(report.faults, faults, strict=True):
        assert found.startswith(said)
        assert found.isprintable()


async def test_another_build_is_told_by_its_files(app_dir: Path, own: Bundle) -> None:
    """Consistent in itself, so that a hash alone is enough to tell."""
    (app_dir / "assets" / "more.js").write_text("evil()")
    more = Bundle({**own.files, "assets/more.js": sha256(b"evil()").hexdigest()})
    (app_dir / "bundle.json").write_text(json.dumps({"hash": more.hash, "files": more.files}))
    assert (await verify(Site(app_dir), own)).faults == ("assets/more.js: extra, the build has no such file",)
    by_hash = await verify(Site(app_dir), own.hash)
    assert by_hash.faults == (f"bundle.json: lists another build, with the hash {more.hash}",)
    assert (await verify(Site(app_dir), more.hash)).faults == ()


async def test_a_list_that_lies_helps_nobody(app_dir: Path, own: Bundle) -> None:
    (app_dir / "assets" / "first-1.js").write_text("evil()")
    for expected in (own, own.hash):
        (fault,) = (await verify(Site(app_dir), expected)).faults
        assert fault.startswith("assets/first-1.js: differs")
    with pytest.raises(WebappError, match="nothing to compare"):
        await verify(Site(app_dir, **{"bundle.json": body("{}")}), own.hash)


async def test_a_demonstration_may_be_framed_by_its_own_machine(app_dir: Path, own: Bundle) -> None:
    site = Site(app_dir, frames=("http://127.0.0.1:8471",))
    local = await verify(site, own, "http://127.0.0.1:8470")
    assert local.faults == ()
    assert "http, not https" in local.warnings[0]
    assert len((await verify(site, own)).faults) == 2
    unsafe = await verify(Site(app_dir, **{"index.html": headers(strict_transport_security=None)}), own)
    assert (unsafe.faults, len(unsafe.warnings)) == ((), 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (moved, "leads elsewhere"),
        (lambda _: httpx.Response(308, headers={"location": "http://relay.example/app/"}), "leads elsewhere"),
        (lambda _: httpx.Response(308, headers={"location": "/app/"}), "from one address to the next"),
        (lambda _: httpx.Response(308, headers={"location": "https://[/"}), "leads elsewhere"),
        (lambda _: httpx.Response(502), "status 502"),
        (lambda _: httpx.Response(304), "status 304"),
        (hangs_up, "cannot be fetched"),
        (endless(b"x" * 65_536), "sends more"),
    ],
)
async def test_where_nothing_can_be_compared(app_dir: Path, own: Bundle, change: Change, says: str) -> None:
    with pytest.raises(WebappError, match=says) as raised:
        await verify(Site(app_dir, **{"index.html": change}), own)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    "address", ["", "relay.example", "ftp://relay.example", "https://", "https://a@relay.example", "https://[", "https://a:b",
                "https://relay.example/?q", "https://relay.example/#f"],
)  # fmt: skip
async def test_what_is_no_address(own: Bundle, address: str) -> None:
    with pytest.raises(WebappError, match="write it like https://"):
        await webapp.verify(address, own)


@pytest.mark.parametrize(
    "text",
    [b"", b"\xff", b"[" * 100_000, b"{}", b'{"files": {}}', b'{"files": []}', b" " * 300_000,
     b'{"hash": "00", "files": {"index.html": "00"}}', b'{"files": {"index.html": 7}}',
     *(json.dumps({"files": {path: "0" * 64}}).encode()
       for path in ("", "/", "../x", "a/../x", "https://x", "a\x1b", "//x", ".vite/x", "a?b", "index.html"))],
)  # fmt: skip
def test_what_lists_no_build(text: bytes) -> None:
    with pytest.raises(BundleError):
        Bundle.parse(text)


def test_a_hash_is_said_in_digits_and_understood() -> None:
    whole = sha256(b"").hexdigest()
    assert groups(whole).startswith("58288 50242 ")
    assert len(groups(whole).split()) == 16
    for said in (whole, whole.upper(), groups(whole), groups(whole).replace(" ", "-")):
        assert parse_hash(said) == whole
    for wrong in ("", whole[:-1], f"{whole}0", "99999" * 16, "xyz"):
        with pytest.raises(BundleError):
            parse_hash(wrong)


RELAY = "https://relay.example"


def sent_with(folder: Path) -> dict[str, dict[str, str]]:
    """The headers for each pattern of paths, as a host of static files understands `_headers`."""
    found: dict[str, dict[str, str]] = {}
    where = ""
    for line in (folder / "_headers").read_text().splitlines():
        name, _, value = line.strip().partition(": ")
        if line.startswith(" "):
            found[where][name] = value
        else:
            found[where := line] = {}
    return found


class Static(httpx.AsyncBaseTransport):
    """Plain files, sent with what stands in `_headers`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._headers = sent_with(folder)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        file = self._folder / path.strip("/") / ("index.html" if path.endswith("/") else "")
        if not file.is_file():
            return httpx.Response(404)
        sent = {"Content-Type": mimetypes.guess_type(file.name)[0] or ""}
        for where, headers in self._headers.items():
            if fnmatch(path, where):
                sent |= headers
        return httpx.Response(200, headers=sent, content=file.read_bytes())


async def test_the_app_from_an_origin_of_its_own(app_dir: Path, own: Bundle, tmp_path: Path) -> None:
    """The same build with the same hash, whose pages name their relay and may ask it."""
    target = tmp_path / "static"
    assert export(app_dir, target, RELAY) == own
    assert (target / "app" / "assets").stat().st_mode & 0o777 == 0o755
    caddy = (target / "headers.caddy").read_text()
    for line in (target / "_headers").read_text().splitlines():
        name, _, value = line.strip().partition(": ")
        assert (f'\t{name} "{value}"' if value else f"header {line} {{") in caddy.splitlines()
    at = "https://app.example"
    assert await webapp.verify(at, own, relay=RELAY, transport=Static(target)) == Report(
        f"{at}/app/", own.hash, (), ()
    )
    for relay, says in (
        ("https://other.example", "does not speak to https://other.example"),
        ("", "differs"),
    ):
        faults = (await webapp.verify(at, own, relay=relay, transport=Static(target))).faults
        assert any(fault.startswith(f"index.html: {says}") for fault in faults)
    assert "index.html: names another relay, 'https://relay.example', which the build does not" in faults
    page = target / "app" / "officer.html"
    page.write_text(page.read_text() + " ")
    (fault,) = (await webapp.verify(at, own, relay=RELAY, transport=Static(target))).faults
    assert fault.startswith("officer.html: differs")
    faults = (await webapp.verify(SITE, own, relay=RELAY, transport=Site(app_dir))).faults
    assert "index.html: does not speak to https://relay.example" in faults


def test_what_cannot_be_exported(app_dir: Path, tmp_path: Path) -> None:
    for relay in ("", 'https://a"b', "relay.example", "https://a/b"):
        with pytest.raises(BundleError, match="no relay's address"):
            export(app_dir, tmp_path / "static", relay)
    with pytest.raises(BundleError, match="has to be a new folder"):
        export(app_dir, tmp_path, RELAY)
    (app_dir / "assets" / "first-1.js").write_text("evil()")
    with pytest.raises(BundleError, match=r"first-1\.js is not as it was built"):
        export(app_dir, tmp_path / "static", RELAY)
    assert not (tmp_path / "static").exists()


def test_the_command_line(app_dir: Path, own: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit codes 0, 1, 2; the build is that of QASID_APP_DIR, of --manifest or of --hash."""
    site = Site(app_dir)
    real = webapp.verify
    monkeypatch.setattr(webapp, "verify", lambda *given, **named: real(*given, **named, transport=site))

    def run(*arguments: str, **environment: str) -> tuple[int, str]:
        result = CliRunner().invoke(
            cli.app, ["verify-webapp", *arguments], env={"COLUMNS": "200", **environment}
        )
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    manifest = str(app_dir / "bundle.json")
    for code, said in (
        run(SITE, QASID_APP_DIR=str(app_dir), QASID_PORT="nonsense"),
        run(SITE, "--manifest", manifest),
        run(SITE, "--hash", groups(own.hash)),
    ):
        assert (code, own.hash in said, groups(own.hash) in said) == (0, True, True)
    assert run(SITE, "--manifest", manifest, "--hash", own.hash)[0] == 2
    assert run(SITE, "--hash", "7")[0] == 2
    assert run(SITE, "--manifest", "nowhere")[0] == 2
    assert run("nonsense", "--manifest", manifest)[0] == 2
    assert run(SITE, "--manifest", manifest, "--relay", "https://[")[0] == 2
    site.changes["assets/first-1.js"] = body("evil()")
    code, said = run(SITE, "--manifest", manifest)
    assert (code, "assets/first-1.js: differs" in said, "does not serve the build" in said) == (1, True, True)


def test_the_command_line_exports(app_dir: Path, own: Bundle, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(
            cli.app, ["export-webapp", *arguments], env={"QASID_APP_DIR": str(app_dir)}
        )
        return found.exit_code, found.output.replace("\n", " ")

    static = str(tmp_path / "static")
    for relay, says in (
        ("nonsense", "is not an address"),
        ("http://relay.example", "must begin with https://"),
    ):
        code, said = run(static, "--relay", relay)
        assert (code, says in said) == (2, True)
    code, said = run(static, "--relay", "https://Relay.example:443/")
    assert (code, own.hash in said) == (0, True)
    assert 'data-relay="https://relay.example"' in (tmp_path / "static" / "app" / "index.html").read_text()
    code, said = run(static, "--relay", RELAY)
    assert (code, "has to be a new folder" in said) == (2, True)
