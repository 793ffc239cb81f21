"""An office with two coordinators, played in the test's own process with the real cryptography."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace

from crypto.attachment import Attachment
from crypto.card import Card, CardBody, Evidence
from crypto.content import Ask, Inner, Kind, NoticePayload, OpenedReceipt, TextMessage
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import new_id
from crypto.envelope import Urgency
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys
from crypto.letter import Letter, Secret, Slip
from crypto.notice import (
    NO_PLACE,
    Approval,
    Cancel,
    Go,
    Notice,
    NoticeKind,
    NoticeText,
    OwnPart,
    Route,
    audience,
)
from crypto.prekey import HolderKind, Prekey
from crypto.record import ZERO_32
from crypto.roster import Entry, Role, Roster
from crypto.sealing import Opened, Recipient, open_envelope, seal, seal_place

DAY = 86_400
ROLES = Role.COORDINATOR | Role.CASEWORKER


@dataclass
class Draft:
    """A notice with the key of its place."""

    notice: Notice
    place_key: bytes


@dataclass
class Office:
    """Roots, two coordinators, rosters and epochs; what a desk would hold."""

    now: int = field(default_factory=lambda: int(time.time()))
    root: RootKeys = field(default_factory=RootKeys.generate)

    def __post_init__(self) -> None:
        self.id = self.root.office
        self.officers = [DeviceKeys.generate(self.id, OwnerKind.OFFICER, new_id()) for _ in range(2)]
        self.officers.sort(key=lambda keys: keys.record.device)
        self.epoch = PrekeyPair.generate(
            self.id,
            HolderKind.EPOCH,
            sequence=1,
            created=self.now - DAY,
            seal_until=self.now + 10 * DAY,
            delete_at=self.now + 60 * DAY,
        )
        self.rosters = [self._roster(1, ZERO_32)]
        self._links: dict[tuple[bytes, bytes], tuple[int, bytes]] = {}

    def _roster(self, version: int, prev: bytes) -> Roster:
        entries = tuple(
            Entry(keys.record.owner, f"C-0{n}", ROLES, keys.record, self.now - DAY, self.now + 90 * DAY)
            for n, keys in enumerate(self.officers, 1)
        )
        return Roster(
            office=self.id,
            first=self.root.root,
            successions=(),
            version=version,
            prev=prev,
            issued=self.now - 3600 + version,
            expires=self.now + 20 * DAY,
            entries=entries,
            removals=(),
            epochs=(self.epoch.prekey,),
        )

    @staticmethod
    def clock() -> int:
        return int(time.time())

    @property
    def head(self) -> Roster:
        return self.rosters[-1]

    def wires(self, start: int = 1) -> list[bytes]:
        return [roster.sign(self.root.seed) for roster in self.rosters if roster.version >= start]

    def renew(self) -> None:
        """The next roster."""
        self.rosters.append(self._roster(self.head.version + 1, self.head.hash))

    def renew_short(self) -> None:
        """The next roster, which runs out in a day."""
        self.renew()
        self.rosters[-1] = replace(self.head, expires=self.now + DAY)

    def take_on(self, device: DeviceRecord) -> None:
        """The next roster, in which an officer's phone may confirm what is proposed."""
        self.renew()
        entry = Entry(device.owner, "C-01", Role.CONFIRMER, device, self.now - DAY, self.now + 90 * DAY)
        entries = sorted((*self.head.entries, entry), key=lambda each: each.device.device)
        self.rosters[-1] = replace(self.head, entries=tuple(entries))

    def rival(self) -> Roster:
        """Another roster of the head's version, signed by the same root."""
        return replace(self.head, issued=self.head.issued + 1)

    def invite(self) -> tuple[Letter, Slip]:
        secret = Secret.generate()
        letter = Letter(secret, self.id, self.head.version, self.head.hash)
        return letter, Slip(self.id, self.head.version, self.head.hash, secret.contact)

    def certify(self, device: DeviceRecord, counter: int = 1, evidence: Evidence = Evidence.LETTER) -> Card:
        certifier = self.officers[0]
        body = CardBody(
            self.id,
            device.owner,
            1,
            ZERO_32,
            certifier.record.device,
            counter,
            (device,),
            evidence,
            self.now,
        )
        return Card.issue(body, certifier.sign_seed)

    def add(self, held: Card, device: DeviceRecord) -> Card:
        """The next card, with this device as well, by both coordinators."""
        certifier, second = self.officers
        last = held.body
        body = replace(
            last,
            serial=last.serial + 1,
            prev=last.hash,
            counter=last.counter + 1,
            devices=last.with_device(device),
            evidence=Evidence.OLD_DEVICE,
            issued=self.clock(),
        )
        return Card.issue(body, certifier.sign_seed).cosign(second.record.device, second.sign_seed)

    def _inner(
        self, officer: DeviceKeys, kind: Kind, recipient: bytes, thread: bytes, payload: bytes
    ) -> Inner:
        counter, prev = self._links.get((officer.record.device, thread), (0, ZERO_32))
        inner = Inner(
            nonce=secrets.token_bytes(32),
            kind=kind,
            sender=officer.record.device,
            recipient=recipient,
            thread=thread,
            counter=counter + 1,
            prev=prev,
            sent_at=self.now,
            roster_version=self.head.version,
            roster_hash=self.head.hash,
            payload=payload,
        )
        self._links[officer.record.device, thread] = (counter + 1, inner.hash)
        return inner

    def _seal(self, officer: DeviceKeys, inner: Inner, prekey: Prekey, own: OwnPart | None = None) -> bytes:
        return seal(
            inner,
            sender=officer,
            recipients=[Recipient(prekey, own)],
            now=self.now,
            expires=self.now + 5 * DAY,
            urgency=Urgency.ROUTINE,
        )

    def write(self, device: DeviceRecord, prekey: Prekey, text: str) -> bytes:
        """A sealed reply to that phone; it lives for five days."""
        officer = self.officers[0]
        inner = self._inner(officer, Kind.TEXT, device.owner, device.owner, TextMessage(text).encode())
        return self._seal(officer, inner, prekey)

    def ask(self, device: DeviceRecord, prekey: Prekey, about: Ask) -> bytes:
        """A sealed question to that phone: may this be passed on?"""
        inner = self._inner(self.officers[0], Kind.ASK, device.owner, device.owner, about.encode())
        return self._seal(self.officers[0], inner, prekey)

    def attach(self, device: DeviceRecord, prekey: Prekey, about: Attachment) -> bytes:
        """A sealed message to that phone that names an attachment."""
        inner = self._inner(self.officers[0], Kind.ATTACHMENT, device.owner, device.owner, about.encode())
        return self._seal(self.officers[0], inner, prekey)

    def acknowledge(self, device: DeviceRecord, prekey: Prekey, read: Opened) -> bytes:
        """A sealed receipt for what the phone sent."""
        receipt = OpenedReceipt(read.header.envelope, read.content.inner.hash).encode()
        inner = self._inner(self.officers[0], Kind.OPENED, device.owner, device.owner, receipt)
        return self._seal(self.officers[0], inner, prekey)

    def skip(self, device: DeviceRecord) -> None:
        """Writes a message that never arrives."""
        self._inner(self.officers[0], Kind.TEXT, device.owner, device.owner, TextMessage("lost").encode())

    def open(self, envelope: bytes, sender: DeviceRecord) -> Opened:
        return open_envelope(envelope, sender=sender, prekey=self.epoch)

    def draft(
        self,
        contact: bytes,
        *,
        version: int = 1,
        notice: bytes | None = None,
        place: str = "Gate 3, by the blue door",
    ) -> Draft:
        salt, key, name = secrets.token_bytes(32), secrets.token_bytes(32), notice or new_id()
        commit, sealed = seal_place(key, self.id, name, version, place)
        start = self.now + 2 * DAY
        texts = (
            NoticeText(
                "en", "You and your family", "Water", "Weapons", "Any paper with your name", "Be ready."
            ),
            NoticeText("fa-AF", "شما و خانوادهٔ تان", "آب", "سلاح", "هر سند با نام تان", "آماده باشید."),
            NoticeText(
                "ps-AF", "تاسو او ستاسو کورنۍ", "اوبه", "وسله", "هر سند چې ستاسو نوم لري", "چمتو اوسئ."
            ),
        )
        made = Notice(
            salt=salt,
            office=self.id,
            notice=name,
            version=version,
            replaces=version - 1,
            kind=NoticeKind.COME if version == 1 else NoticeKind.CHANGE,
            movement="AIR-07",
            route=Route.AIR,
            departs_at=start + 4 * 3600,
            report_from=start,
            report_until=start + 3600,
            answer_by=self.now + DAY,
            expires=start + 3600,
            audience=audience(salt, [contact]),
            place_commit=commit,
            place_sealed=sealed,
            texts=texts,
        )
        return Draft(made, key)

    def alert(self, contact: bytes, route: Route = Route.AIR) -> Draft:
        """A threat alert; it has no place."""
        plain = self.draft(contact).notice
        bare = {"place_commit": ZERO_32, "place_sealed": NO_PLACE, "movement": ""}
        return Draft(replace(plain, kind=NoticeKind.THREAT, route=route, **bare), ZERO_32)

    def approve(self, notice: Notice, officers: list[DeviceKeys] | None = None) -> tuple[bytes, ...]:
        return tuple(
            Approval(self.id, notice.notice, notice.version, notice.hash, keys.record.device, self.now).sign(
                keys.sign_seed
            )
            for keys in officers or self.officers
        )

    def announce(self, draft: Draft, prekey: Prekey, approvals: tuple[bytes, ...] | None = None) -> bytes:
        """The sealed notice, by default approved by both coordinators."""
        notice = draft.notice
        payload = NoticePayload(notice, self.approve(notice) if approvals is None else approvals).encode()
        inner = self._inner(self.officers[0], Kind.NOTICE, notice.audience, notice.notice, payload)
        own = OwnPart("K-4821", new_id(), 3, notice.answer_by)
        return self._seal(self.officers[0], inner, prekey, own)

    def go(self, draft: Draft, prekey: Prekey, valid_for: int = 3 * DAY) -> bytes:
        notice, officer = draft.notice, self.officers[1]
        wire = Go(
            self.id,
            notice.notice,
            notice.version,
            notice.hash,
            draft.place_key,
            self.now + valid_for,
            officer.record.device,
            self.now,
        ).sign(officer.sign_seed)
        inner = self._inner(officer, Kind.GO, notice.audience, notice.notice, wire)
        return self._seal(officer, inner, prekey)

    def cancel(self, draft: Draft, prekey: Prekey) -> bytes:
        notice, officer = draft.notice, self.officers[1]
        wire = Cancel(
            self.id, notice.notice, notice.version, notice.hash, 1, officer.record.device, self.now
        ).sign(officer.sign_seed)
        inner = self._inner(officer, Kind.CANCEL, notice.audience, notice.notice, wire)
        return self._seal(officer, inner, prekey)
