"""A relay in the test's hand: the same HTTP interface, and it can be made to lie or to fail."""

from __future__ import annotations

import copy
import json
import mimetypes
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crypto.addition import Addition, check_addition
from crypto.attachment import SEALED_CHUNK, token_hash
from crypto.card import Card
from crypto.device import DeviceRecord
from crypto.encoding import b64u, unb64u
from crypto.envelope import Envelope
from crypto.errors import CryptoError
from crypto.letter import Letter, Slip, admit_hash, admits
from crypto.prekey import Prekey
from crypto.request import RequestSignature
from crypto.roster import Roster
from crypto.statement import Answer, Assent, Child, Consent, Wipe, check_statement
from handlers.api.phone import FOREVER, policy
from tests.browser.office import DAY, Office

DIST = Path(__file__).resolve().parents[2] / "webapp" / "dist"

HELD = {
    "alias": "KA-1041", "since": 1_795_000_000, "heard_at": 1_795_200_000, "language": "en", "paused": False,
    "telegram_linked": True, "phones": 1, "consents": [{}, {}], "incoming": 3, "outgoing": 2, "seats": 1,
    "answers": 1, "attempts": 2, "logged": 5, "passed_on": [], "assents": 2, "sponsors": 1, "attachments": 3,
    "attachment_bytes": 147_600,
    "household": {
        "people": 4, "intent": "wants", "needs": ["medical", "infant"], "checks": 2,
        "facts": [
            {"fact": "documents", "answer": "yes", "as_of": 1_795_200_000},
            {"fact": "ready", "answer": "no", "as_of": 1_795_200_000},
            {"fact": "offered", "answer": "unknown", "as_of": None},
        ],
    },
}  # fmt: skip


@dataclass
class Chunks:
    """A sealed attachment: what was told of it with each chunk, and those that are here."""

    told: dict[str, list[str]]
    data: dict[int, bytes] = field(default_factory=dict)
    taken: bool = False

    def unlock(self, token: str) -> None:
        if token_hash(unb64u(token)) != unb64u(self.told["token_hash"][0]):
            raise Problem(404, "attachment_unknown")


@dataclass
class Relay:
    """What it was given, and the switches that make it behave badly."""

    office: Office
    url: str = ""
    offset: int = 0
    #: Status answered to everything under /v1, or 0.
    fail: int = 0
    #: Status answered to one path alone, such as {"/v1/answers": 409}.
    refuse: dict[str, int] = field(default_factory=dict)
    reason: str = "made_to_refuse"
    #: Shown instead of the office's rosters.
    shown: list[Roster] | None = None
    letters: dict[bytes, tuple[Letter, Slip]] = field(default_factory=dict)
    device: DeviceRecord | None = None
    #: The person's second device, and what asked for it.
    second: DeviceRecord | None = None
    asked: Addition | None = None
    #: What the last enrolment said, for the doorbell.
    language: str = ""
    prekeys: list[Prekey] = field(default_factory=list)
    card: bytes | None = None
    frozen: bool = False
    mail: dict[bytes, bytes] = field(default_factory=dict)
    envelopes: dict[bytes, bytes] = field(default_factory=dict)
    posts: list[bytes] = field(default_factory=list)
    #: Ids of envelopes that a desk has.
    fetched: set[bytes] = field(default_factory=set)
    #: Which of them the phone asked about last.
    wanted: list[bytes] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    assents: list[Assent] = field(default_factory=list)
    #: Under which its office takes people without a letter; empty: it takes none.
    code: str = ""
    #: Why the office did not take who came without a letter.
    refused: str = ""
    #: Minors in the person's care, by number.
    minors: list[int] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    wipes: list[Wipe] = field(default_factory=list)
    attachments: dict[bytes, Chunks] = field(default_factory=dict)
    nonces: set[bytes] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    #: What waits for an officer's word.
    proposals: list[dict[str, Any]] = field(default_factory=list)
    #: What it says that it holds of the person.
    holdings: Any = field(default_factory=lambda: copy.deepcopy(HELD))
    #: Files of the app that were fetched.
    files: list[str] = field(default_factory=list)

    def now(self) -> int:
        return int(time.time()) + self.offset

    def invite(self) -> Letter:
        letter, slip = self.office.invite()
        self.letters[letter.secret.invitation] = (letter, slip)
        return letter

    def post(self, envelope: bytes) -> None:
        """Puts an envelope into the phone's mail."""
        self.mail[Envelope.parse(envelope).header.envelope] = envelope

    @property
    def phone(self) -> DeviceRecord:
        assert self.device is not None
        return self.device

    def owner_of(self, device: bytes) -> DeviceRecord:
        """The person's device of that id; the first one for any other."""
        return self.second if self.second and self.second.device == device else self.phone

    @property
    def prekey(self) -> Prekey:
        return self.prekeys[-1]

    @property
    def rosters(self) -> list[Roster]:
        return self.office.rosters if self.shown is None else self.shown

    def head(self) -> dict[str, Any]:
        head = self.rosters[-1]
        return {"version": head.version, "hash": b64u(head.hash)}


@cache
def _policy(dist: Path) -> str:
    """As the relay's, but for frames."""
    return policy((page.read_bytes() for page in dist.glob("*.html")), ("'none'",))


class Problem(Exception):  # noqa: N818 - an answer, not a fault
    """An error as the relay answers it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Ground(ThreadingHTTPServer):
    """One address for all tests; each puts a relay of its own there."""

    daemon_threads = True
    relay: Relay

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Phones hang up when they please; anything else is a fault of the test's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def carry(self, relay: Relay) -> Relay:
        relay.url = f"http://127.0.0.1:{self.server_port}"
        self.relay = relay
        return relay


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Ground
    #: Who signed the request.
    signer: DeviceRecord

    @property
    def relay(self) -> Relay:
        return self.server.relay

    def log_message(self, *_args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        if target.path.startswith("/app/"):
            self._file(target.path.removeprefix("/app/") or "index.html")
            return
        self.relay.requests.append(f"{self.command} {target.path}")
        try:
            status, answer = self._route(target.path, parse_qs(target.query), body)
        except Problem as problem:
            status, answer = problem.status, {"code": problem.code, "message": "no"}
        except CryptoError:
            status, answer = 400, {"code": "malformed", "message": "no"}
        if isinstance(answer, bytes):
            self._send(status, answer, "application/octet-stream")
            return
        self._send(status, json.dumps(answer).encode() if answer is not None else b"", "application/json")

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _file(self, name: str) -> None:
        path = DIST / name
        if not path.is_file():
            self._send(404, b"", "text/plain")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.relay.files.append(name)
        headers = {
            "Content-Security-Policy": _policy(DIST),
            "Cache-Control": FOREVER if name.startswith("assets/") else "no-cache",
        }
        self._send(200, path.read_bytes(), kind, **headers)

    def _signed(self, body: bytes) -> None:
        relay, target = self.relay, urlsplit(self.path)
        if relay.device is None:
            raise Problem(401, "unknown_device")
        signature = RequestSignature.parse(self.headers.items())
        self.signer = relay.owner_of(signature.device)
        try:
            signature.verify(
                self.signer.sign_pk,
                method=self.command,
                authority=self.headers["Host"],
                path=target.path,
                query=target.query,
                body=body,
                now=relay.now(),
            )
        except CryptoError:
            raise Problem(401, "bad_signature") from None
        if signature.nonce in relay.nonces:
            raise Problem(401, "replayed")
        relay.nonces.add(signature.nonce)

    def _route(self, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        relay = self.relay
        if relay.fail:
            raise Problem(relay.fail, "made_to_fail")
        if path in relay.refuse:
            raise Problem(relay.refuse[path], relay.reason)
        parts = path.removeprefix("/v1/").split("/")
        match [self.command, *parts]:
            case ["GET", "time" | "info" | "referral-offices" as name]:
                return 200, self._public(name)
            case ["GET", "offices", _, "rosters"]:
                start = int(query["from"][0])
                wires = [r.sign(relay.office.root.seed) for r in relay.rosters if r.version >= start]
                return 200, {"head": relay.rosters[-1].version, "rosters": [b64u(wire) for wire in wires]}
            case ["GET", "letters", invitation]:
                found = relay.letters.get(unb64u(invitation))
                if found is None:
                    raise Problem(404, "letter_not_found")
                letter, slip = found
                return 200, {"slip": b64u(slip.encode()), "tag": b64u(letter.secret.slip_tag(slip))}
            case ["POST", "wipes"]:
                wire = unb64u(json.loads(body)["wipe"])
                relay.wipes.append(check_statement(wire, Wipe, relay.owner_of(Wipe.peek(wire).device)))
                return 204, None
            case ["POST", "enrolments"]:
                return self._enrol(json.loads(body), body)
            case ["POST", "referrals"]:
                return self._refer(json.loads(body), body)
        self._signed(body)
        return self._own(parts, body) if parts[0] != "attachments" else self._attachment(parts, query, body)

    def _attachment(self, parts: list[str], query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        kept, name = self.relay.attachments, unb64u(parts[1])
        match [self.command, *parts[2:]]:
            case ["GET"]:
                return 200, {"have": sorted(kept[name].data) if name in kept else []}
            case ["PUT", n]:
                held = kept.setdefault(name, Chunks(query))
                if held.told != query or held.data.setdefault(int(n), body) != body:
                    raise Problem(409, "attachment_differs")
                assert len(body) == SEALED_CHUNK
                return 200, {"have": sorted(held.data)}
            case ["POST", act] if name in kept:
                form = json.loads(body)
                kept[name].unlock(form["token"])
                if act == "fetch":
                    return 200, kept[name].data[form["n"]]
                kept[name].taken = True
                return 204, None
        raise Problem(404, "attachment_unknown")

    def _public(self, name: str) -> dict[str, Any]:
        relay = self.relay
        offices = [{"office": b64u(relay.office.id), "code": relay.code}] if relay.code else []
        said: dict[str, dict[str, Any]] = {
            "time": {"now": relay.now()},
            "info": {"bot": "a_bot", "version": "0", "demo": True},
            "referral-offices": {"offices": offices},
        }
        return said[name]

    def _enrol(self, form: dict[str, Any], body: bytes) -> tuple[int, Any]:
        relay = self.relay
        found = relay.letters.get(unb64u(form["invitation"]))
        if found is None or not admits(unb64u(form["admit"]), admit_hash(found[0].secret.admit_token)):
            raise Problem(403, "letter_not_valid")
        device = DeviceRecord.parse(unb64u(form["device"]))
        letter, slip = found
        # The desk's check.
        letter.secret.check_enrol(
            unb64u(form["mac"]),
            office=relay.office.id,
            roster_version=form["roster_version"],
            contact=slip.contact,
            device=device,
        )
        known = relay.device == device
        relay.device = device
        self._signed(body)
        relay.language = form["language"]
        relay.prekeys = [Prekey.from_holder(unb64u(wire), device) for wire in form["prekeys"]]
        return 200 if known else 201, {"contact": b64u(device.owner), "state": "pending"}

    def _refer(self, form: dict[str, Any], body: bytes) -> tuple[int, Any]:
        relay = self.relay
        device = relay.device = DeviceRecord.parse(unb64u(form["device"]))
        self._signed(body)
        relay.consents.append(check_statement(unb64u(form["consent"]), Consent, device))
        relay.prekeys = [Prekey.from_holder(unb64u(wire), device) for wire in form["prekeys"]]
        return 201, {"contact": b64u(device.owner), "state": "pending", "expires": relay.now() + 30 * DAY}

    def _me(self) -> dict[str, Any]:
        relay = self.relay
        if relay.code:
            return self._unlettered()
        # The first phone gets whatever is there, a card of swapped keys too.
        known = relay.card is not None and self.signer == relay.phone
        named = known or (relay.card is not None and self.signer in Card.parse(relay.card).body.devices)
        state = "frozen" if relay.frozen else "enrolled" if named else "pending"
        card = b64u(relay.card) if relay.card and named else None
        return {"state": state, "card": card, "roster": relay.head()}

    def _unlettered(self) -> dict[str, Any]:
        relay = self.relay
        card = b64u(relay.card) if relay.card else None
        said = {
            "state": "pending",
            "card": card,
            "waits_until": relay.now() + 30 * DAY,
            "roster": relay.head(),
        }
        return said | {"state": "refused", "refused": relay.refused} if relay.refused else said

    def _mail(self) -> dict[str, Any]:
        items = [{"seq": n, "envelope": b64u(each)} for n, each in enumerate(self.relay.mail.values(), 1)]
        wanted = self.relay.wanted = [
            unb64u(each) for each in parse_qs(urlsplit(self.path).query).get("sent", [])
        ]
        fetched = [b64u(each) for each in wanted if each in self.relay.fetched]
        return {"items": items, "more": False, "fetched": fetched, "roster": self.relay.head()}

    def _minors(self) -> dict[str, Any]:
        said = {each.member: each for each in self.relay.assents}
        return {"minors": [_minor(member, said.get(member)) for member in self.relay.minors]}

    def _add(self, form: dict[str, Any]) -> None:
        relay = self.relay
        assert relay.card is not None
        held, now = Card.parse(relay.card), relay.now()
        relay.asked = check_addition(unb64u(form["addition"]), held, now)
        relay.second = relay.asked.record
        check_statement(unb64u(form["wipe"]), Wipe, relay.second)
        for each in form["prekeys"]:
            Prekey.from_holder(unb64u(each), relay.second).check_usable(now)

    def _own(self, parts: list[str], body: bytes) -> tuple[int, Any]:
        relay = self.relay
        shown = {
            "me": self._me,
            "mail": self._mail,
            "holdings": lambda: relay.holdings,
            "assents": self._minors,
            "proposals": lambda: {"proposals": relay.proposals},
        }
        said: dict[str, tuple[Any, list[Any], dict[str, str]]] = {
            "consents": (Consent, relay.consents, {"state": "given"}),
            "assents": (Assent, relay.assents, {"state": "agreed"}),
            "answers": (Answer, relay.answers, {"offer": "accepted"}),
        }
        match [self.command, *parts]:
            case ["GET", name] if name in shown:
                return 200, shown[name]()
            case ["POST", "mail", "ack"]:
                for name in json.loads(body)["ids"]:
                    relay.mail.pop(unb64u(name), None)
                return 204, None
            case ["POST", "envelopes"]:
                header = Envelope.parse(body).header
                if relay.envelopes.setdefault(header.envelope, body) != body:
                    raise Problem(409, "other_bytes")
                relay.posts.append(body)
                return 202, {"id": b64u(header.envelope), "accepted_at": relay.now(), "roster": relay.head()}
            case ["POST", name] if name in said:
                kind, kept, answer = said[name]
                wire = unb64u(json.loads(body)[kind.PURPOSE])
                kept.append(check_statement(wire, kind, relay.phone))
                return 200, answer
            case ["POST", "prekeys"]:
                made = [Prekey.from_holder(unb64u(wire), self.signer) for wire in json.loads(body)["prekeys"]]
                assert made[0].sequence > relay.prekey.sequence
                relay.prekeys += made
                return 204, None
            case ["POST", "card-changes"]:
                self._add(json.loads(body))
                return 204, None
            case ["POST", "pause" | "proposals", *decided]:
                relay.proposals = [each for each in relay.proposals if each["proposal"] not in decided]
                return 204, None
        raise Problem(404, "not_found")


def _minor(member: int, said: Assent | None) -> dict[str, Any]:
    if said is None:
        return {"member": member, "standing": "none", "given": None, "assent": None, "lapses_at": None}
    yes = "small" if said.assent is Child.TOO_SMALL else "agreed"
    standing = yes if said.permits else "declined"
    whole = {"given": said.given, "assent": said.assent, "lapses_at": said.lapses}
    return {"member": member, "standing": standing, **whole}


@contextmanager
def ground() -> Iterator[Ground]:
    """A server on loopback, on a port of its own."""
    server = Ground(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
