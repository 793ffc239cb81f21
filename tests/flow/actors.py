"""An office and a phone as far as the relay is concerned: real keys, real signatures, real envelopes."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

from crypto import armour
from crypto import request as signing
from crypto.card import Card, CardBody, Evidence
from crypto.content import Inner, Kind, TextMessage
from crypto.device import OwnerKind
from crypto.encoding import b64u, new_id, unb64u
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys
from crypto.letter import Secret, Slip, admit_hash
from crypto.prekey import HolderKind, Prekey
from crypto.record import ZERO_16, ZERO_32
from crypto.roster import Entry, Role, Roster
from crypto.sealing import Recipient, seal
from crypto.statement import Consent

DAY = 86_400
ROLES = Role.COORDINATOR | Role.CASEWORKER


@dataclass
class Client:
    """Signs requests as one device. `now` gives unix seconds."""

    http: httpx.AsyncClient
    keys: DeviceKeys
    now: Any
    authority: str = "127.0.0.1:8470"

    async def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | bytes | None = None,
        *,
        seed: bytes | None = None,
        headers: dict[str, str] | None = None,
        tamper: bytes | None = None,
    ) -> httpx.Response:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        plain, _, query = path.partition("?")
        signed = signing.sign(
            seed or self.keys.sign_seed,
            device=self.keys.record.device,
            method=method,
            authority=self.authority,
            path=plain,
            query=query,
            body=data,
            created=self.now(),
        )
        sent = data if tamper is None else tamper
        return await self.http.request(
            method, path, content=sent, headers={"content-type": kind, **signed, **(headers or {})}
        )

    async def ok(self, method: str, path: str, body: dict[str, Any] | bytes | None = None) -> dict[str, Any]:
        answer = await self.call(method, path, body)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else {}


@dataclass
class Office:
    """One office with one officer device; `found` registers it."""

    http: httpx.AsyncClient
    now: Any
    authority: str = "127.0.0.1:8470"
    root: RootKeys = field(default_factory=RootKeys.generate)
    roles: Role = ROLES

    def __post_init__(self) -> None:
        self.id = self.root.office
        self.officer = new_id()
        self.keys = DeviceKeys.generate(self.id, OwnerKind.OFFICER, self.officer)
        self.client = Client(self.http, self.keys, self.now, self.authority)
        self.counter = 0

    async def found(self, code: str) -> None:
        now = self.now()
        self.epoch = PrekeyPair.generate(
            self.id,
            HolderKind.EPOCH,
            ZERO_16,
            sequence=1,
            created=now,
            seal_until=now + 20 * DAY,
            delete_at=now + 40 * DAY,
        )
        self.prekey = prekey(self.keys, now)
        self.roster = Roster(
            self.id,
            self.root.root,
            (),
            1,
            ZERO_32,
            now,
            now + 29 * DAY,
            self.entries(),
            (),
            (self.epoch.prekey,),
        )
        body = {
            "code": code,
            "roster": b64u(self.roster.sign(self.root.seed)),
            "prekeys": [b64u(self.prekey.prekey.sign(self.keys.sign_seed))],
        }
        await self.client.ok("POST", "/v1/offices", body)

    def entries(self) -> tuple[Entry, ...]:
        """Who stands in the first roster."""
        now = self.now()
        return (Entry(self.officer, "C-01", self.roles, self.keys.record, now - 1, now + 300 * DAY),)

    async def invite(self) -> "Phone":
        """A letter, in the hands of somebody with a new phone."""
        secret = Secret.generate()
        slip = Slip(self.id, 1, self.roster.hash, secret.contact)
        body = {
            "invitation": b64u(secret.invitation),
            "admit_hash": b64u(admit_hash(secret.admit_token)),
            "slip": b64u(slip.encode()),
            "tag": b64u(secret.slip_tag(slip)),
            "expires": self.now() + 14 * DAY,
            "alias": "",
        }
        alias = (await self.client.ok("POST", "/v1/invitations", body))["alias"]
        return Phone(self, secret, alias)

    async def confirm(self, phone: "Phone") -> None:
        """Certify the phone's device."""
        self.counter += 1
        body = CardBody(
            self.id, phone.contact, 1, ZERO_32, self.keys.record.device, self.counter, (phone.keys.record,),
            Evidence.LETTER, self.now(),
        )  # fmt: skip
        card = Card.issue(body, self.keys.sign_seed)
        await self.client.ok(
            "POST", "/v1/cards", {"card": b64u(card.encode()), "enrolment": b64u(phone.secret.invitation)}
        )

    def letter(self, phone: "Phone", text: str = "Stay where you are.") -> bytes:
        return message(self.keys, phone.contact, [phone.prekey.prekey], self, text, thread=phone.contact)

    async def send(self, phone: "Phone", text: str = "Stay where you are.") -> bytes:
        """A sealed message to the phone; its envelope id."""
        answer = await self.client.ok("POST", "/v1/envelopes", self.letter(phone, text))
        return unb64u(answer["id"])


@dataclass
class Phone:
    """Somebody's phone, made from a letter."""

    office: Office
    secret: Secret
    alias: str

    def __post_init__(self) -> None:
        self.contact = self.secret.contact
        self.keys = DeviceKeys.generate(self.office.id, OwnerKind.CONTACT, self.contact)
        self.prekey = prekey(self.keys, self.office.now())
        self.client = Client(self.office.http, self.keys, self.office.now, self.office.authority)
        self.counter = 0

    def enrolment(self, init_data: str = "", language: str = "en") -> dict[str, Any]:
        mac = self.secret.enrol_mac(
            office=self.office.id, roster_version=1, contact=self.contact, device=self.keys.record
        )
        return {
            "invitation": b64u(self.secret.invitation),
            "admit": b64u(self.secret.admit_token),
            "device": b64u(self.keys.record.encode()),
            "mac": b64u(mac),
            "roster_version": 1,
            "prekeys": [b64u(self.prekey.prekey.sign(self.keys.sign_seed))],
            "init_data": init_data,
            "language": language,
        }

    async def enrol(self, init_data: str = "", language: str = "en") -> None:
        """Enrol, be confirmed by the office, and consent to messages."""
        await self.client.ok("POST", "/v1/enrolments", self.enrolment(init_data, language))
        await self.office.confirm(self)
        await self.consent("messages", given=True)

    async def consent(self, purpose: str, *, given: bool) -> None:
        await self.client.ok("POST", "/v1/consents", {"consent": b64u(self.statement(purpose, given=given))})

    def statement(self, purpose: str, *, given: bool) -> bytes:
        self.counter += 1
        statement = Consent(
            self.office.id, self.contact, self.keys.record.device, purpose, self.office.id, "all", 1,
            "fa-AF", given, self.counter, self.office.now(),
        )  # fmt: skip
        return statement.sign(self.keys.sign_seed)

    def letter(self, text: str = "I am well.") -> bytes:
        return message(
            self.keys, self.office.id, [self.office.epoch.prekey], self.office, text, thread=self.contact
        )

    def upload(self, data: bytes) -> str:
        """Armour that hands an envelope in."""
        return self._armour(armour.Kind.UPLOAD, armour.Upload(*self._now(), data))

    def asking(self) -> str:
        """Armour that asks for what waits."""
        return self._armour(armour.Kind.FETCH, armour.Fetch(*self._now(), new_id()))

    def keeping(self, *kept: bytes) -> str:
        """Armour that acknowledges these envelopes."""
        said = armour.Acknowledge(*self._now(), new_id(), tuple(sorted(kept)))
        return self._armour(armour.Kind.ACKNOWLEDGE, said)

    def _armour(self, kind: armour.Kind, request: armour.Request) -> str:
        return armour.dress(kind, request.sign(self.keys.sign_seed))

    def _now(self) -> tuple[bytes, int]:
        return self.keys.record.device, self.office.now()

    async def fetch(self) -> list[dict[str, Any]]:
        return list((await self.client.ok("GET", "/v1/mail"))["items"])

    async def read(self) -> list[dict[str, Any]]:
        """Fetch, and say that it arrived."""
        items = await self.fetch()
        ids = [b64u(unb64u(each["envelope"])[2:18]) for each in items]
        await self.client.ok("POST", "/v1/mail/ack", {"ids": ids})
        return items


def prekey(keys: DeviceKeys, now: int, sequence: int = 1) -> PrekeyPair:
    return PrekeyPair.generate(
        keys.record.office, HolderKind.DEVICE, keys.record.device,
        sequence=sequence, created=now, seal_until=now + 20 * DAY, delete_at=now + 40 * DAY,
    )  # fmt: skip


def message(
    keys: DeviceKeys, recipient: bytes, prekeys: list[Prekey], office: Office, text: str, *, thread: bytes
) -> bytes:
    inner = Inner(
        secrets.token_bytes(32), Kind.TEXT, keys.record.device, recipient, thread, 1, ZERO_32, office.now(), 1,
        office.roster.hash, TextMessage(text).encode(),
    )  # fmt: skip
    recipients = [Recipient(each) for each in prekeys]
    return seal(inner, sender=keys, recipients=recipients, now=office.now(), expires=office.now() + 7 * DAY)
