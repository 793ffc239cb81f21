"""An office with officers and phones, as the rules see them: real keys and statements, wraps of noise.

The relay cannot open a wrap, so that noise of the right size is all it can tell from a sealed one.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crypto.card import Card, CardBody, Evidence
from crypto.device import OwnerKind
from crypto.encoding import new_id, unix
from crypto.envelope import Address, Envelope, Form, Header, Urgency, Wrap, body_size, coarse, split
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys
from crypto.letter import Secret, Slip, admit_hash
from crypto.notice import Approval, Cancel, NoticeKind, Route
from crypto.prekey import HolderKind
from crypto.record import ZERO_16, ZERO_32
from crypto.roster import Entry, Removal, Role, Roster
from crypto.statement import ALL, SHARING, Answer, Assent, Child, Consent, Reply, Wipe
from crypto.vault import Vault
from relay import (
    approvals,
    assents,
    auth,
    conditions,
    consent,
    enrolments,
    invitations,
    movements,
    notices,
    offices,
    post,
    referrals,
)
from relay.notices import Draft, Seat
from store.engine import Store

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = 86_400


def b(number: int, size: int = 16) -> bytes:
    return number.to_bytes(size, "big")


@dataclass
class Officer:
    code: str
    roles: Role
    keys: DeviceKeys
    officer: bytes
    counter: int = 0

    @property
    def device(self) -> bytes:
        return self.keys.record.device


@dataclass
class Phone:
    house: "House"
    secret: Secret
    contact: bytes
    keys: DeviceKeys
    prekeys: list[PrekeyPair]
    telegram_id: int | None = None
    card: Card | None = None
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def device(self) -> bytes:
        return self.keys.record.device

    def form(self, **changes: Any) -> enrolments.Form:
        plain = {
            "invitation": self.secret.invitation,
            "admit": self.secret.admit_token,
            "record": self.keys.record.encode(),
            "mac": secrets.token_bytes(32),
            "roster_version": 1,
            "prekeys": [pair.prekey.sign(self.keys.sign_seed) for pair in self.prekeys],
            "language": "fa-AF",
            "telegram_id": self.telegram_id,
        }
        return enrolments.Form(**(plain | changes))

    def enrol(self, **changes: Any) -> enrolments.Submitted:
        return self.house.write(enrolments.submit, self.house.vault, self.form(**changes), self.house.now)

    def referral(self) -> referrals.Form:
        """What it sends to come without its letter."""
        wires = [pair.prekey.sign(self.keys.sign_seed) for pair in self.prekeys]
        said = self.statement("messages", True)
        return referrals.Form(
            self.house.office, self.keys.record.encode(), said, wires, "fa-AF", self.telegram_id
        )

    def statement(self, purpose: str, given: bool, counter: int | None = None) -> bytes:
        return self._stated(purpose, self.house.office, ALL, given, counter)

    def _stated(self, purpose: str, to: bytes, fields: str, given: bool, counter: int | None = None) -> bytes:
        chain = purpose if fields == ALL else f"{to.hex()} {fields}"
        used = self.counters.get(chain, 0) + 1 if counter is None else counter
        self.counters[chain] = used
        me = (self.house.office, self.contact, self.device)
        said = Consent(*me, purpose, to, fields, 1, "fa-AF", given, used, unix(self.house.now))
        return said.sign(self.keys.sign_seed)

    def share(self, to: bytes, *groups: str, given: bool = True) -> None:
        """Consent to these groups being passed on to the office `to`, or take it back."""
        for group in groups:
            said = self._stated(SHARING, to, group, given)
            self.house.as_(self, consent.record, said, self.house.now)

    def assents(self, member: int, *, given: bool = True, child: Child = Child.AGREES, **changed: Any) -> str:
        """Say for a minor in one's care whether one consents, and what they say; what stands then."""
        said = self.assent(member, given, child, **changed)
        return str(self.house.as_(self, assents.record, said, self.house.now))

    def assent(self, member: int, given: bool, child: Child, **changed: Any) -> bytes:
        chain = f"assent {member}"
        self.counters[chain] = self.counters.get(chain, 0) + 1
        me = (self.house.office, self.contact, self.device)
        at = unix(self.house.now)
        said = Assent(*me, member, given, child, 1, "fa-AF", self.counters[chain], at)
        return replace(said, **changed).sign(self.keys.sign_seed)

    def consent(self, *purposes: str, given: bool = True) -> None:
        for purpose in purposes:
            self.house.as_(self, consent.record, self.statement(purpose, given), self.house.now)

    def letter(self, **options: Any) -> bytes:
        """A letter to the office's epoch."""
        address = Address(HolderKind.EPOCH, ZERO_16, self.house.epoch.prekey.prekey)
        return self.house.seal(self, [address], **options)

    def send(self, **options: Any) -> post.Accepted:
        return self.house.write(post.accept, post.Upload(self.device, self.letter(**options), self.house.now))

    def mail(self, after: int = 0, limit: int = 50) -> post.Mail:
        return self.house.as_(self, post.mail, after, limit, self.house.now)

    def read(self) -> list[bytes]:
        """Fetch everything and say that it arrived; the ids."""
        ids = [split(item.envelope).header.envelope for item in self.mail(limit=100).items]
        self.house.as_(self, post.ack, ids, self.house.now)
        return ids

    def answer(self, draft: Draft, reply: Reply, *, party: int = 1, counter: int | None = None) -> bytes:
        used = self.counters.get("answer", 0) + 1 if counter is None else counter
        self.counters["answer"] = used
        offer = next((seat.offer for seat in draft.offers if seat.contact == self.contact), b(0))
        said = Answer(
            self.house.office,
            self.contact,
            self.device,
            offer,
            draft.notice,
            draft.version,
            draft.content_hash,
            reply,
            party,
            used,
            unix(self.house.now),
        )
        return said.sign(self.keys.sign_seed)

    def wipe(self) -> bytes:
        office = self.house.office
        return Wipe(office, self.contact, self.device, unix(self.house.now)).sign(self.keys.sign_seed)


class House:
    """One office: three coordinators, a caseworker, an auditor; everybody has one device."""

    def __init__(
        self, store: Store, vault: Vault, now: datetime = START, *, root: RootKeys | None = None
    ) -> None:
        self.store, self.vault, self.now = store, vault, now
        self.root = root or RootKeys.generate()
        self.office = self.root.office
        self.officers = [
            self._officer("C-01", Role.COORDINATOR),
            self._officer("C-02", Role.COORDINATOR),
            self._officer("C-03", Role.COORDINATOR),
            self._officer("W-01", Role.CASEWORKER),
            self._officer("A-01", Role.AUDITOR),
        ]
        self.epoch = self._pair(HolderKind.EPOCH, ZERO_16, 1)
        self.roster = self._roster(1, ZERO_32)
        self.prekeys = [self._device_prekey(self.chief.keys, 1)]

    @property
    def chief(self) -> Officer:
        return self.officers[0]

    def by(self, code: str) -> Officer:
        return next(officer for officer in self.officers if officer.code == code)

    def pocket(self, code: str) -> Officer:
        """A phone of this officer's that only confirms, in the next roster."""
        owner = self.by(code).officer
        keys = DeviceKeys.generate(self.office, OwnerKind.OFFICER, owner)
        self.officers.append(Officer(code, Role.CONFIRMER, keys, owner))
        return self.officers[-1]

    def pass_(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def write(self, rule: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return self.store.write_now(lambda tx: rule(tx, *args, **named))

    def read(self, rule: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return self.store.read_now(lambda tx: rule(tx, *args, **named))

    def as_(self, who: Officer | Phone, rule: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """The rule with this device's principal, in one transaction."""
        return self.store.write_now(
            lambda tx: rule(tx, auth.device_of(tx, who.device, self.now), *args, **named)
        )

    def register(self) -> "House":
        code = self.write(offices.admit, self.now).code
        self.write(
            offices.register,
            code=code,
            roster=self.roster.sign(self.root.seed),
            prekeys=[pair.prekey.sign(self.chief.keys.sign_seed) for pair in self.prekeys],
            device=self.chief.device,
            now=self.now,
        )
        return self

    def next_roster(self, *, remove: Sequence[str] = (), **changes: Any) -> bytes:
        """The following roster, signed; without these officers."""
        gone = [officer for officer in self.officers if officer.code in remove]
        self.officers = [officer for officer in self.officers if officer.code not in remove]
        removals = [Removal(o.device, unix(self.now), o.counter, ZERO_32) for o in gone]
        removals += self.roster.removals
        self.roster = self._roster(self.roster.version + 1, self.roster.hash, removals, **changes)
        return self.roster.sign(self.root.seed)

    def invite(self, telegram_id: int | None = None, contact: bytes | None = None, **options: Any) -> Phone:
        """A letter (of the chief, or `by` a role code), and the phone it is given to."""
        issuer = self.by(options.pop("by", self.chief.code))
        secret = Secret.generate()
        slip = Slip(self.office, self.roster.version, self.roster.hash, contact or secret.contact)
        named = {
            "invitation": secret.invitation,
            "admit_hash": admit_hash(secret.admit_token),
            "slip": slip.encode(),
            "tag": secret.slip_tag(slip),
            "expires": self.now + timedelta(days=7),
            "alias": "",
            "now": self.now,
        }
        self.as_(issuer, invitations.make, **(named | options))
        return self.phone(secret, contact or secret.contact, telegram_id)

    def unlettered(self, telegram_id: int | None = None) -> Phone:
        """A phone that came without a letter, and waits."""
        phone = self.phone(Secret.generate(), new_id(), telegram_id)
        self.write(referrals.ask, self.vault, phone.referral(), self.now)
        return phone

    def phone(self, secret: Secret, contact: bytes, telegram_id: int | None = None) -> Phone:
        keys = DeviceKeys.generate(self.office, OwnerKind.CONTACT, contact)
        return Phone(self, secret, contact, keys, [self._device_prekey(keys, 1)], telegram_id)

    def card(self, *phones: Phone, by: Officer | None = None, cosign: Officer | None = None) -> bytes:
        """A card that names these phones (of one contact)."""
        who = by or self.chief
        who.counter += 1
        held = next((phone.card for phone in phones if phone.card is not None), None)
        body = CardBody(
            self.office,
            phones[0].contact,
            1 if held is None else held.body.serial + 1,
            ZERO_32 if held is None else held.body.hash,
            who.device,
            who.counter,
            tuple(sorted((phone.keys.record for phone in phones), key=lambda record: record.device)),
            Evidence.LETTER if held is None else Evidence.TWO_OFFICERS,
            unix(self.now),
        )
        card = Card.issue(body, who.keys.sign_seed)
        if cosign is not None:
            card = card.cosign(cosign.device, cosign.keys.sign_seed)
        for phone in phones:
            phone.card = card
        return card.encode()

    def enrolled(self, *purposes: str, telegram_id: int | None = None) -> Phone:
        """A phone that went the whole way."""
        phone = self.invite(telegram_id)
        phone.enrol()
        self.as_(self.chief, enrolments.card, self.card(phone), phone.secret.invitation, self.now)
        phone.consent(*purposes)
        return phone

    def seal(
        self,
        sender: Officer | Phone,
        addresses: Sequence[Address],
        *,
        envelope: bytes | None = None,
        urgent: bool = False,
        bucket: int = 0,
        life: int = 7 * DAY,
        at: datetime | None = None,
    ) -> bytes:
        time = coarse(unix(at or self.now))
        header = Header(
            envelope or new_id(),
            sender.device,
            time,
            time + coarse(life),
            bucket,
            Urgency.URGENT if urgent else Urgency.ROUTINE,
            secrets.token_bytes(32),
        )
        noise = secrets.token_bytes
        wraps = [Wrap(address, noise(1088), noise(32), Form.BARE, noise(48)) for address in addresses]
        return Envelope(header, noise(body_size(bucket)), tuple(wraps)).encode()

    def to(self, *phones: Phone) -> list[Address]:
        return [Address(HolderKind.DEVICE, phone.device, phone.prekeys[-1].prekey.prekey) for phone in phones]

    def write_to(self, *phones: Phone, by: Officer | None = None, **options: Any) -> post.Accepted:
        """An officer's letter to these phones."""
        who = by or self.chief
        notice, quiet = options.pop("notice", None), options.pop("quiet", False)
        data = self.seal(who, self.to(*phones), **options)
        return self.write(post.accept, post.Upload(who.device, data, self.now, notice=notice, quiet=quiet))

    def movement(self, seats: int, code: str = "M-1", **changes: Any) -> bytes:
        """A movement, and the way is clear: all is green for three days."""
        plan = {"code": code, "route": Route.AIR, "departs_at": self.now + timedelta(days=3), "seats": seats}
        movement = self.as_(self.chief, movements.make, **(plan | changes), now=self.now).movement
        self.green(movement)
        return movement

    def green(self, movement: bytes, *names: str, days: float = 3) -> None:
        """What is named, or all of the list and, if nobody put it up, the route, is green by an official source."""
        holds = {"grade": "official", "expires": self.now + timedelta(days=days), "now": self.now}
        for name in names or conditions.BY_AIR:
            self.as_(self.chief, conditions.say, movement, condition=name, state="green", **holds)
        if not names and self.as_(self.chief, conditions.listed, movement, self.now).route:
            self.as_(self.chief, conditions.put_up, route=Route.AIR, status="open", **holds)

    def draft(self, movement: bytes | None, phones: Sequence[Phone], **changes: Any) -> Draft:
        """An approved, sealed come notice with one seat for each phone (or `party`)."""
        party = changes.pop("party", 1)
        by = changes.pop("approved_by", ["C-01", "C-02"])
        plain: dict[str, Any] = {
            "notice": new_id(),
            "version": 1,
            "kind": NoticeKind.COME if movement else NoticeKind.ADVISORY,
            "movement": movement,
            "content_hash": secrets.token_bytes(32),
            "release_at": self.now + timedelta(hours=1),
            "answer_by": self.now + timedelta(hours=24),
            "expires": self.now + timedelta(hours=48),
            "offers": [Seat(phone.contact, new_id(), party if movement else 0) for phone in phones],
        }
        plain |= changes
        if "envelope" not in plain:
            plain["envelope"] = self.seal(self.chief, self.to(*phones), urgent=True)
        if "approvals" not in plain:
            plain["approvals"] = self.approvals(plain, by)
        return Draft(**plain)

    def approvals(self, plain: dict[str, Any], by: Sequence[str | Officer]) -> list[bytes]:
        named = [self.by(who) if isinstance(who, str) else who for who in by]
        signers = sorted(named, key=lambda officer: officer.device)
        return [
            Approval(
                self.office,
                plain["notice"],
                plain["version"],
                plain["content_hash"],
                who.device,
                unix(self.now),
            ).sign(who.keys.sign_seed)
            for who in signers
        ]

    def schedule(self, draft: Draft) -> str:
        return self.as_(self.chief, notices.schedule, draft, self.now)

    def release(self) -> int:
        """Past the next release time, everything that is due goes out."""
        self.pass_(hours=1, minutes=1)
        return self.write(notices.release_due, self.now)

    def cancel(self, draft: Draft, envelope: bytes | None = None) -> None:
        said = Cancel(
            self.office, draft.notice, draft.version, draft.content_hash, 1, self.chief.device, unix(self.now)
        )
        signed = said.sign(self.chief.keys.sign_seed)
        named = {"cancel": signed, "envelope": envelope, "now": self.now}
        self.as_(self.chief, notices.cancel, draft.notice, draft.version, **named)

    def approve(self, who: Officer, draft: Draft) -> None:
        said = Approval(
            self.office, draft.notice, draft.version, draft.content_hash, who.device, unix(self.now)
        )
        self.as_(who, approvals.approve, said.sign(who.keys.sign_seed), self.now)

    def _officer(self, code: str, roles: Role) -> Officer:
        officer = new_id()
        return Officer(code, roles, DeviceKeys.generate(self.office, OwnerKind.OFFICER, officer), officer)

    def _roster(self, version: int, prev: bytes, removals: Sequence[Removal] = (), **changes: Any) -> Roster:
        now = unix(self.now)
        entries = [
            Entry(o.officer, o.code, o.roles, o.keys.record, now - DAY, now + 60 * DAY) for o in self.officers
        ]
        plain = {
            "office": self.office,
            "first": self.root.root,
            "successions": (),
            "version": version,
            "prev": prev,
            "issued": now,
            "expires": now + 30 * DAY,
            "entries": tuple(sorted(entries, key=lambda entry: entry.device.device)),
            "removals": tuple(sorted(removals, key=lambda removal: removal.device)),
            "epochs": (self.epoch.prekey,),
        }
        return Roster(**(plain | changes))

    def _pair(self, kind: HolderKind, holder: bytes, sequence: int) -> PrekeyPair:
        now = unix(self.now)
        times = {"created": now, "seal_until": now + 14 * DAY, "delete_at": now + 40 * DAY}
        return PrekeyPair.generate(self.office, kind, holder, sequence=sequence, **times)

    def _device_prekey(self, keys: DeviceKeys, sequence: int) -> PrekeyPair:
        return self._pair(HolderKind.DEVICE, keys.record.device, sequence)
