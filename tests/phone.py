"""A contact's phone without a screen: enrols, consents, writes, reads, answers, and checks all that PROTOCOL asks.

For tests and the story. It speaks to any relay (or any liar before it) over HTTP, keeps its state in memory, and
never accepts what a real phone would refuse: `refused` collects the reasons.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from crypto.addition import Addition
from crypto.attachment import SEALED_CHUNK, Attachment, Media, attachment_hash, count_of, token_hash
from crypto.card import Card, accept
from crypto.casefile import CaseFile, Field
from crypto.chunk import open_chunks, seal_chunks
from crypto.content import (
    Ask,
    Content,
    Inner,
    Kind,
    NoticePayload,
    OpenedReceipt,
    Status,
    StatusReport,
    TextMessage,
    check_chain,
    check_from_office,
)
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u, new_id, unb64u
from crypto.envelope import Envelope
from crypto.errors import CryptoError, Refused
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.letter import Letter, Secret
from crypto.notice import OwnPart
from crypto.number import comparison_number
from crypto.prekey import HolderKind
from crypto.record import ZERO_32
from crypto.roster import Entry, Pin, Roster, follow
from crypto.sealing import Recipient, open_envelope, seal
from crypto.statement import ALL, SHARING, Answer, Assent, Child, Consent, Reply, Wipe
from desk.client import Relay, Signer
from desk.clock import Clock
from tests.phonenotices import Notices

DAY = 86_400
LIFE = 30 * DAY


@dataclass
class Received:
    """A message that held. `gap`: something sent before it never came."""

    sender: str
    text: str
    at: int
    gap: bool
    envelope: bytes
    content_hash: bytes


class _Steps(Clock):
    def __init__(self, now: Callable[[], int]) -> None:
        super().__init__()
        self._now = now

    def now(self) -> int:
        return self._now()


@dataclass
class Phone:
    """One phone. `now` gives unix seconds; `transport` replaces the network."""

    url: str
    now: Callable[[], int]
    transport: httpx.BaseTransport | None = None
    language: str = "en"
    init_data: str = ""
    messages: list[Received] = field(default_factory=list)
    notices: Notices = field(default_factory=Notices)
    refused: list[str] = field(default_factory=list)
    receipts: set[bytes] = field(default_factory=set)  # envelopes opened here or, if ours, there
    asks: list[Ask] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    card: Card | None = None
    secret: Secret | None = None
    unverified: bool = False  # came without a letter, and no card of two officers has come
    compared: bool = False  # its owner read the number to the office, and it was the same

    def __post_init__(self) -> None:
        self.relay = Relay(self.url, _Steps(self.now), transport=self.transport)
        self.seen: set[bytes] = set()
        self.sent: Inner | None = None
        self.heard: dict[tuple[bytes, bytes], Inner] = {}
        self.counters: dict[str, int] = {}
        self.former: list[Entry] = []

    def close(self) -> None:
        self.relay.close()

    def connect(self) -> None:
        """Speaks to the relay anew, and signs as the device it is now."""
        self.relay.close()
        signer = Signer(self.record.device, self.keys.sign_seed)
        self.relay = Relay(self.url, _Steps(self.now), signer, self.transport)

    # -- beginning

    def read(self, letter: str) -> None:
        """Reads a letter (text or twelve words), meets the office and makes keys. Raises Refused or Malformed."""
        whole = Letter.from_text(letter) if letter.startswith("QASID1.") else None
        self.secret = whole.secret if whole else Secret.from_words(letter)
        answer = self.relay.get(f"/letters/{b64u(self.secret.invitation)}")
        checked = (whole or self.secret).check_slip(unb64u(answer["slip"]), unb64u(answer["tag"]))
        self.pin = Pin(checked.office, checked.min_version, checked.min_hash)
        self.roster: Roster | None = None
        self.follow()
        self.keys = DeviceKeys.generate(checked.office, OwnerKind.CONTACT, checked.contact)
        self.prekeys = [self._prekey(1)]
        self.connect()

    def enrol(self, letter: str) -> str:
        """Reads the letter and asks to be enrolled; the state the relay answers with."""
        self.read(letter)
        return self.ask()

    def refer(self, code: str) -> str:
        """Without a letter: asks the office of that code name, on the relay's word alone. Raises KeyError."""
        offices = {item["code"]: item["office"] for item in self.relay.get("/referral-offices")["offices"]}
        self.pin = Pin.genesis(unb64u(offices[code]))
        self.roster, self.unverified = None, True
        self.follow()
        self.keys = DeviceKeys.generate(self.pin.office, OwnerKind.CONTACT, new_id())
        self.prekeys = [self._prekey(1)]
        self.connect()
        body = {
            "office": b64u(self.pin.office),
            "device": b64u(self.record.encode()),
            "consent": b64u(self._consent("messages", given=True)),
            "prekeys": [b64u(pair.prekey.sign(self.keys.sign_seed)) for pair in self.prekeys],
            "init_data": self.init_data,
            "language": self.language,
        }
        return str(self.relay.post("/referrals", body)["state"])

    def ask(self) -> str:
        assert self.secret is not None
        mac = self.secret.enrol_mac(
            office=self.pin.office,
            roster_version=self.pin.version,
            contact=self.record.owner,
            device=self.record,
        )
        body = {
            "invitation": b64u(self.secret.invitation),
            "admit": b64u(self.secret.admit_token),
            "device": b64u(self.record.encode()),
            "mac": b64u(mac),
            "roster_version": self.pin.version,
            "prekeys": [b64u(pair.prekey.sign(self.keys.sign_seed)) for pair in self.prekeys],
            "init_data": self.init_data,
            "language": self.language,
        }
        return str(self.relay.post("/enrolments", body)["state"])

    def take_card(self) -> str:
        """Asks for the card and takes it when it holds; the state. Raises Refused for a forged one."""
        me = self.relay.get("/me")
        self.follow()
        if me.get("card"):
            card = Card.parse(unb64u(me["card"]))
            assert self.roster is not None
            accept(card, self.roster, self.record, self.card, self.former)
            if self.unverified:
                card.check_referral()
                if not self.compared:
                    raise Refused("the comparison number was not confirmed here")
            self.card, self.secret, self.unverified = card, None, False
        return str(me["state"])

    def second(self) -> "Phone":
        """Another device of the same person's, made here and asked for at the office."""
        made = Phone(self.url, self.now, self.transport, self.language)
        made.pin, made.roster, made.former = self.pin, self.roster, list(self.former)
        made.keys = DeviceKeys.generate(self.pin.office, OwnerKind.CONTACT, self.record.owner)
        made.prekeys = [made._prekey(1)]
        made.connect()
        self.relay.post("/card-changes", self.asking(made))
        return made

    def asking(self, made: "Phone", at: int | None = None) -> dict[str, object]:
        """What asks for that device."""
        assert self.card is not None
        own, seed = (self.pin.office, self.record.owner), made.keys.sign_seed
        at = at or max(self.now(), self.card.body.issued + 1)
        said = Addition(*own, self.record.device, made.record, at).sign(self.keys.sign_seed)
        return {
            "addition": b64u(said),
            "wipe": b64u(Wipe(*own, made.record.device, self.now()).sign(seed)),
            "prekeys": [b64u(pair.prekey.sign(seed)) for pair in made.prekeys],
        }

    @property
    def record(self) -> DeviceRecord:
        return self.keys.record

    @property
    def number(self) -> str:
        """The comparison number, as shown on the screen."""
        return " ".join(comparison_number(self.record))

    # -- statements

    def consent(self, purpose: str, *, given: bool = True) -> str:
        return self._say(self._consent(purpose, given=given))

    def share(self, to: bytes, group: str, *, given: bool = True) -> str:
        """Consents to a group of fields being passed on to another office, or takes it back."""
        return self._say(self._consent(SHARING, to, group, given=given))

    def assent(self, member: int, *, given: bool = True, child: Child = Child.AGREES) -> str:
        """Says for a minor in one's care whether one consents, and what they say; what stands then."""
        statement = Assent(
            self.pin.office, self.record.owner, self.record.device, member, given, child, 1, self.language,
            self._count(f"assent {member}"), self.now(),
        )  # fmt: skip
        wire = statement.sign(self.keys.sign_seed)
        return str(self.relay.post("/assents", {"assent": b64u(wire)})["state"])

    def _say(self, wire: bytes) -> str:
        return str(self.relay.post("/consents", {"consent": b64u(wire)})["state"])

    def _consent(self, purpose: str, to: bytes = b"", fields: str = ALL, *, given: bool) -> bytes:
        statement = Consent(
            self.pin.office, self.record.owner, self.record.device, purpose, to or self.pin.office, fields, 1,
            self.language, given, self._count(f"{purpose} {to.hex()} {fields}"), self.now(),
        )  # fmt: skip
        return statement.sign(self.keys.sign_seed)

    def answer(self, notice: bytes, version: int, reply: Reply, party: int | None = None) -> str:
        """Answers the offer in a notice; what became of the offer."""
        file = self.notices[notice, version]
        assert file.own is not None
        statement = Answer(
            self.pin.office, self.record.owner, self.record.device, file.own.offer, notice, version,
            file.notice.hash, reply, file.own.party if party is None else party, self._count("answer"), self.now(),
        )  # fmt: skip
        file.answer = statement.sign(self.keys.sign_seed)
        return str(self.relay.post("/answers", {"answer": b64u(file.answer)})["offer"])

    def wipe(self) -> None:
        wire = Wipe(self.pin.office, self.record.owner, self.record.device, self.now()).sign(
            self.keys.sign_seed
        )
        self.relay.post("/wipes", {"wipe": b64u(wire)})

    def renew_prekey(self) -> None:
        pair = self._prekey(self.prekeys[-1].prekey.sequence + 1)
        self.prekeys.append(pair)
        self.relay.post("/prekeys", {"prekeys": [b64u(pair.prekey.sign(self.keys.sign_seed))]})

    # -- writing

    def write(self, text: str) -> bytes:
        """Seals a text to the office's newest epoch and sends it; the envelope id."""
        return self.post(self.seal(Kind.TEXT, TextMessage(text).encode()))

    def report(self, status: Status, text: str = "") -> bytes:
        return self.post(self.seal(Kind.STATUS, StatusReport(status, text).encode()))

    def tell(self, **fields: str) -> bytes:
        """The case file: `identity_name="…"`; an empty text takes a field back."""
        told = [Field(code.replace("_", "-"), text) for code, text in sorted(fields.items())]
        return self.post(self.seal(Kind.CASE_FILE, CaseFile(1, tuple(told)).encode()))

    def attach(self, data: bytes, caption: str = "", **told: int) -> Attachment:
        """Sends a photograph, or with `seconds` a voice note: what the relay has not got of it, then its message."""
        media = Media.OGG_OPUS if "seconds" in told else Media.JPEG
        sizes = {"seconds": 0, "width": 0, "height": 0} | told
        named = Attachment(
            new_id(), secrets.token_bytes(32), media, len(data), count_of(len(data)), attachment_hash(data), **sizes,
            caption=caption,
        )  # fmt: skip
        told = {
            "count": named.count,
            "expires": self.now() + LIFE,
            "token_hash": b64u(token_hash(named.token)),
        }
        path = f"/attachments/{b64u(named.attachment)}"
        for n, chunk in enumerate(seal_chunks(named, self.pin.office, data)):
            self.relay.put_bytes(f"{path}/{n}", chunk, **told)
        self.post(self.seal(Kind.ATTACHMENT, named.encode()))
        return named

    def open(self, named: Attachment) -> bytes:
        """Fetches an attachment, checks it, and has the relay forget it. Raises Refused."""
        path, token = f"/attachments/{b64u(named.attachment)}", b64u(named.token)
        chunks = [
            self.relay.post_for_bytes(f"{path}/fetch", {"token": token, "n": n}, SEALED_CHUNK)
            for n in range(named.count)
        ]
        data = open_chunks(named, self.pin.office, chunks)
        self.relay.post(f"{path}/taken", {"token": token})
        return data

    def seal(self, kind: Kind, payload: bytes) -> bytes:
        """The next message as an envelope, not sent yet. Raises Refused when the office's roster has run out."""
        assert self.roster is not None
        last = self.sent
        inner = Inner(
            secrets.token_bytes(32), kind, self.record.device, self.pin.office, self.record.owner,
            last.counter + 1 if last else 1, last.hash if last else ZERO_32, self.now(),
            self.pin.version, self.pin.hash, payload,
        )  # fmt: skip
        epoch = self.roster.epoch(self.now())
        expires = min(self.now() + LIFE, epoch.delete_at)
        data = seal(inner, sender=self.keys, recipients=[Recipient(epoch)], now=self.now(), expires=expires)
        self.sent = inner
        return data

    def post(self, data: bytes) -> bytes:
        answer = self.relay.post_bytes("/envelopes", data)
        self._check_head(answer["roster"])
        return unb64u(answer["id"])

    # -- reading

    def fetch(self) -> int:
        """Takes what has come; how many envelopes held. What did not is in `refused`."""
        after, more, held = 0, True, 0
        while more:
            answer = self.relay.get("/mail", after=after, limit=20)
            self._check_head(answer["roster"])
            done = []
            for item in answer["items"]:
                after = max(after, item["seq"])
                data = unb64u(item["envelope"])
                try:
                    envelope = Envelope.parse(data)
                    held += self._take(envelope, data)
                    done.append(b64u(envelope.header.envelope))
                except CryptoError as wrong:
                    self.refused.append(str(wrong))
            if done:
                self.relay.post("/mail/ack", {"ids": done})
            more = answer["more"]
        return held

    def acknowledge(self) -> None:
        """Sends a sealed receipt for every message that has none yet."""
        for item in self.messages:
            if item.envelope not in self.receipts:
                self.post(self.seal(Kind.OPENED, OpenedReceipt(item.envelope, item.content_hash).encode()))
                self.receipts.add(item.envelope)

    def standing(self, notice: bytes, version: int) -> str:
        """What the screen says of it now."""
        return self.notices.standing(notice, version, self.roster, self.now())

    def place(self, notice: bytes, version: int) -> str:
        """The place, only while the notice stands confirmed; else empty."""
        return self.notices.place(notice, version, self.roster, self.now())

    # -- following

    def follow(self) -> None:
        """Follows the office's rosters to the relay's head. Raises Refused for a rollback, gap, fork."""
        while True:
            path = f"/offices/{b64u(self.pin.office)}/rosters"
            answer = self.relay.get(path, **{"from": self.pin.version})
            if answer["head"] < self.pin.version or not answer["rosters"]:
                raise Refused("the relay shows an older roster")
            before = self.pin
            for wire in answer["rosters"]:
                self.pin, roster = follow(self.pin, unb64u(wire))
                if self.roster is not None:
                    gone = [e for e in self.roster.entries if roster.entry(e.device.device) is None]
                    self.former += gone
                self.roster = roster
            if self.pin.version >= answer["head"]:
                return
            if self.pin == before:
                raise Refused("the relay withholds a roster")

    def _check_head(self, head: dict[str, object]) -> None:
        if int(str(head["version"])) > self.pin.version:
            self.follow()
        if (head["version"], head["hash"]) != (self.pin.version, b64u(self.pin.hash)):
            raise Refused("the relay answers under another roster than the one followed")

    def _take(self, envelope: Envelope, data: bytes) -> bool:
        header = envelope.header
        if header.envelope in self.seen:
            return False
        assert self.roster is not None
        if len(envelope.wraps) != 1:
            raise Refused("others' wraps were handed out")
        address = envelope.wraps[0].address
        pair = next((pair for pair in self.prekeys if pair.prekey.address == address), None)
        entry = self.roster.entry(header.sender)
        if pair is None or entry is None:
            raise Refused("not for this phone, or not from the office")
        opened = open_envelope(data, sender=entry.device, prekey=pair)
        check_from_office(opened.content, header, roster=self.roster, pin=self.pin, me=self.record)
        inner = opened.content.inner
        chain = (inner.sender, inner.thread)
        gap = not check_chain(inner, self.heard.get(chain))
        self._file(opened.content, entry, opened.own, header.envelope, gap=gap)
        self.heard[chain] = inner
        self.seen.add(header.envelope)
        return True

    def _file(
        self, content: Content, entry: Entry, own: OwnPart | None, envelope: bytes, *, gap: bool
    ) -> None:
        assert self.roster is not None
        inner = content.inner
        if self.unverified and inner.kind not in (Kind.TEXT, Kind.OPENED):
            raise Refused("an unverified office may write, and nothing else")
        payload = inner.read()
        if isinstance(payload, TextMessage):
            self.messages.append(
                Received(entry.role_code, payload.text, inner.sent_at, gap, envelope, inner.hash)
            )
        elif isinstance(payload, Ask):
            self.asks.append(payload)
        elif isinstance(payload, Attachment):
            self.attachments.append(payload)
        elif isinstance(payload, OpenedReceipt):
            self.receipts.add(payload.envelope)
        elif isinstance(payload, NoticePayload):
            self.notices.file(payload, own, envelope, roster=self.roster, now=self.now())
        elif inner.kind is Kind.GO:
            self.notices.confirm(inner.payload, self.roster, self.now())
        elif inner.kind is Kind.CANCEL:
            self.notices.call_off(inner.payload, self.roster)
        else:
            raise Refused("an office does not send this to a phone")

    def _prekey(self, sequence: int) -> PrekeyPair:
        now = self.now()
        return PrekeyPair.generate(
            self.record.office, HolderKind.DEVICE, self.record.device,
            sequence=sequence, created=now, seal_until=now + 30 * DAY, delete_at=now + 60 * DAY,
        )  # fmt: skip

    def _count(self, name: str) -> int:
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]
