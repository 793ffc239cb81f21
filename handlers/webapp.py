"""`qasid verify-webapp`: does a server hand out the build it should? Asked as a phone asks, and believed in nothing."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import httpx

from handlers.api import guard
from handlers.api.phone import BUNDLE, FRAMES, HEADERS, WELL_KNOWN, policy
from handlers.bundle import Bundle, BundleError, unaddressed
from handlers.config import is_loopback

#: The largest file of the app is far below.
MOST = 4 * 1024 * 1024
#: Seconds for one file, however slowly it comes.
PATIENCE = 60
AT_ONCE = 6
HOPS = 3
INDEX = "index.html"
POLICY = "Content-Security-Policy"
#: As a phone says it, so that a server cannot tell by this whom it answers.
ASKED_AS = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/150.0.0.0 Mobile Safari/537.36",
    "Accept": "*/*",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip",
}
EVERYWHERE = {name.decode(): value.decode() for name, value in guard.HEADERS}
#: Headers by which a server makes a phone go or tell elsewhere, whatever the page says.
LEADING_AWAY = ("refresh", "link", "speculation-rules", "report-to", "reporting-endpoints", "nel")
KINDS = {
    ".html": {"text/html"},
    ".js": {"text/javascript", "application/javascript"},
    ".css": {"text/css"},
}
#: Attributes by which a page names what it loads or where it leads.
NAMING = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background"}


class WebappError(Exception):
    """Nothing could be compared; the message says why, and what to do."""


class Unfit(Exception):  # noqa: N818 - an answer, not a fault of ours
    """An answer that cannot be one of the app's files; the message says what it does instead."""


@dataclass(frozen=True)
class Report:
    """What was found: `hash` is that of the build compared with. Served is that build where there are no faults."""

    folder: str
    hash: str
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()


async def verify(
    address: str,
    expected: Bundle | str,
    *,
    relay: str = "",
    transport: httpx.AsyncBaseTransport | None = None,
) -> Report:
    """Compare what is served with a build, or with the hash of one. Raises WebappError.

    `relay` is the origin that the pages speak to, where they are served from another.
    """
    _check(address)
    async with httpx.AsyncClient(transport=transport, headers=ASKED_AS, timeout=20) as client:
        folder = await _folder(client, address)
        served, faults = await _listed(client, folder)
        if isinstance(expected, Bundle):
            build = expected
        elif served is None:
            raise WebappError(
                f"{folder}{BUNDLE} lists no build, so a hash has nothing to compare: use --manifest."
            )
        elif served.hash != expected:
            wrong = f"{BUNDLE}: lists another build, with the hash {served.hash}"
            return Report(folder, expected, (wrong,), ())
        else:
            build = served
        found = await _fetched(client, folder, build, relay)
    faults += [f"{path}: {found[path]}" for path in sorted(found) if isinstance(found[path], str)]
    answers = {path: answer for path, answer in found.items() if isinstance(answer, Answer)}
    faults += _differing(folder, build, answers)
    if served is not None:
        faults += [
            f"{path}: extra, the build has no such file" for path in sorted({*served.files} - {*build.files})
        ]
    faults += _headers(build, answers, relay=relay, local=is_loopback(address))
    return Report(folder, build.hash, tuple(faults), _warnings(folder, answers))


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or parts.username is not None:
        raise WebappError("That is not the address of a web app: write it like https://relay.example")


async def _get(client: httpx.AsyncClient, url: str) -> Answer:
    """One answer, as it is. Raises Unfit."""
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE), client.stream("GET", url) as answer:
            # Packed once, a small answer unpacks to something bounded; packed twice it does not.
            if answer.headers.get("content-encoding", "identity").lower() not in {"identity", "gzip"}:
                raise Unfit("is packed in a way that was not asked for")
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MOST:
                    raise Unfit(f"sends more than {MOST // 1024**2} MiB")
    except TimeoutError:
        raise Unfit(f"has not come to an end after {PATIENCE} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unfit(f"cannot be fetched ({str(error) or type(error).__name__})") from None
    return Answer(answer.status_code, answer.headers, bytes(body))


async def _folder(client: httpx.AsyncClient, address: str) -> str:
    """Where the pages are, after redirects within the same origin. Raises WebappError."""
    url = address if urlsplit(address).path.strip("/") else urljoin(address, "/app/")
    for _hop in range(HOPS):
        try:
            answer = await _get(client, url)
        except Unfit as unfit:
            raise WebappError(f"{url} {unfit}.") from None
        if answer.status == 200:
            return urljoin(url, "./")
        target = answer.headers.get("location")
        if not 300 <= answer.status < 400 or target is None:
            raise WebappError(f"{url} answers with status {answer.status}: is this the app's address?")
        try:
            url = urljoin(url, target)
            same = url.isprintable() and _origin(url) == _origin(address)
        except ValueError:
            same = False
        if not same:
            raise WebappError(f"{address} leads elsewhere, to {url!r}: ask for that, if you trust it.")
    raise WebappError(f"{address} leads from one address to the next.")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


async def _listed(client: httpx.AsyncClient, folder: str) -> tuple[Bundle | None, list[str]]:
    """The build that the server says it serves, and what is wrong with saying so."""
    try:
        answer = await _get(client, f"{folder}{BUNDLE}")
        if answer.status != 200:
            return None, [f"{BUNDLE}: missing (status {answer.status})"]
        served = Bundle.parse(answer.body)
    except (Unfit, BundleError) as error:
        return None, [f"{BUNDLE}: {error}"]
    try:
        known = await _get(client, urljoin(folder, WELL_KNOWN))
    except Unfit as unfit:
        return served, [f"{WELL_KNOWN}: {unfit}"]
    other = known.status == 200 and known.body != answer.body
    return served, [f"{WELL_KNOWN}: says otherwise than {BUNDLE}"] if other else []


async def _fetched(
    client: httpx.AsyncClient, folder: str, build: Bundle, relay: str
) -> dict[str, Answer | str]:
    """The answer for each file of the build, or what is wrong with it."""

    turns = asyncio.Semaphore(AT_ONCE)

    async def fetched(path: str) -> Answer | str:
        try:
            async with turns:
                # Phones ask for the folder: that is what has to be the first page.
                answer = await _get(client, folder if path == INDEX else f"{folder}{path}")
        except Unfit as unfit:
            return str(unfit)
        if 300 <= answer.status < 400:
            return f"leads elsewhere, to {answer.headers.get('location', 'nowhere')!r}"
        if answer.status != 200:
            return f"missing (status {answer.status})"
        if not relay or not path.endswith(".html"):
            return answer
        plain = unaddressed(answer.body, relay)
        return f"does not speak to {relay}" if plain is None else replace(answer, body=plain)

    answers = await asyncio.gather(*(fetched(path) for path in build.files))
    return dict(zip(build.files, answers, strict=True))


def _differing(folder: str, build: Bundle, answers: Mapping[str, Answer]) -> list[str]:
    faults = []
    for path in sorted(answers):
        if answers[path].digest == build.files[path]:
            continue
        faults.append(f"{path}: differs ({len(answers[path].body)} bytes, SHA-256 {answers[path].digest})")
        if path.endswith(".html"):
            strange = _strange(answers[path].body, folder, build.files)
            faults += [f"{path}: names {name}, which the build does not" for name in strange]
    return faults


def _strange(page: bytes, folder: str, files: Iterable[str]) -> list[str]:
    """What a page names that is no file of the build."""
    names = _Names()
    names.feed(page.decode(errors="replace"))
    own = {f"{folder}{path}" for path in files} | {folder}
    return sorted({repr(name) for name in names.found if _resolved(folder, name) not in own} | names.beyond)


def _resolved(folder: str, name: str) -> str:
    try:
        return urljoin(folder, name.strip())
    except ValueError:
        return name


class _Names(HTMLParser):
    """Everything a page names in its attributes; what stands in the page itself (data:, #) leads nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.beyond: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            inside = value is None or (tag == "link" and value == "data:,") or value.startswith("#")
            if name in NAMING and not inside:
                self.found.add(str(value))
        said = dict(attrs)
        if tag == "html" and "data-relay" in said:
            self.beyond.add(f"another relay, {said['data-relay']!r}")
        if tag == "script" and "src" not in said and said.get("type") != "importmap":
            self.beyond.add("a script of its own")


def _headers(build: Bundle, answers: Mapping[str, Answer], *, relay: str, local: bool) -> list[str]:
    """What is wrong with the headers by which the browser keeps the app in its place."""
    faults = []
    pages = {path: answer for path, answer in answers.items() if path.endswith(".html")}
    for path, answer in sorted(answers.items()):
        for name, value in ({**EVERYWHERE, **HEADERS} if path in pages else EVERYWHERE).items():
            said = answer.headers.get(name)
            if said != value:
                faults.append(f"{path}: header {name} is {said!r}, not {value!r}")
        faults += [
            f"{path}: header {name} leads elsewhere" for name in LEADING_AWAY if name in answer.headers
        ]
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in KINDS.get(PurePosixPath(path).suffix, {kind}):
            faults.append(f"{path}: is sent as {kind!r}")
    whole = {path for path in build.files if path.endswith(".html")}
    if all(path in pages and pages[path].digest == build.files[path] for path in whole):
        wanted = policy((pages[path].body for path in whole), FRAMES, relay)
        faults += [
            f"{path}: header {POLICY} {wrong}"
            for path in sorted(whole)
            for wrong in _loosened(pages[path].headers.get(POLICY, ""), wanted, local=local)
        ]
    return faults


def _loosened(said: str, wanted: str, *, local: bool) -> list[str]:
    """Where the policy is another than it should be. A demonstration's may let its own machine show it in a frame."""
    found, due = _directives(said), _directives(wanted)
    wrong = []
    for name in sorted({*found, *due}):
        sources = found.get(name)
        if local and name == "frame-ancestors" and sources is not None:
            sources = {source for source in sources if not is_loopback(source)}
        if sources != due.get(name):
            shown = "is missing" if sources is None else f"says {' '.join(sorted(sources))!r}"
            wrong.append(f"is not as it should be: {name} {shown}")
    return wrong


def _directives(text: str) -> dict[str, set[str]]:
    """Of one name, browsers take the first."""
    found: dict[str, set[str]] = {}
    for directive in text.split(";"):
        name, *sources = directive.split() or [""]
        if name:
            found.setdefault(name.lower(), set(sources))
    return found


def _warnings(folder: str, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    if folder.startswith("http:"):
        return ("http, not https: whoever is on the way can change what phones get.",)
    bare = any("strict-transport-security" not in answer.headers for answer in answers.values())
    return (
        ("Strict-Transport-Security is not sent: a first visit by http can be led elsewhere.",)
        if bare
        else ()
    )
