"""Fetching the office's mail: open, verify, keep, and only then acknowledge (the relay deletes it at that)."""

from dataclasses import dataclass, field
from typing import Final

from crypto.attachment import Attachment
from crypto.casefile import CaseFile
from crypto.content import (
    Ask,
    Content,
    Grant,
    Inner,
    Kind,
    OpenedReceipt,
    StatusReport,
    TextMessage,
    check_from_contact,
    check_from_office,
)
from crypto.content import Draft as DraftPayload
from crypto.device import DeviceRecord, OwnerKind
from crypto.encoding import b64u
from crypto.envelope import Envelope, Urgency
from crypto.errors import CryptoError, Refused
from crypto.handover import Handover
from crypto.keys import PrekeyPair
from crypto.manifest import Manifest, ManifestPart
from crypto.missive import is_missive
from crypto.prekey import Address
from crypto.sealing import Opened, open_sealed
from crypto.statement import Answer as Reply
from crypto.statement import check_statement
from desk import (
    casefiles,
    chains,
    contacts,
    disclosures,
    drafts,
    grants,
    manifests,
    messages,
    partners,
    referrals,
    takeovers,
    threads,
)
from desk.answers import Answer
from desk.errors import DeskError, UnreachableError
from desk.following import check_head
from desk.office import READS_MAIL, Desk
from desk.state import HeldHandover, HeldMissive, Message

PAGE: Final = 20
FROM_UNVERIFIED: Final = frozenset({Kind.TEXT, Kind.STATUS, Kind.OPENED})
STATUS_NAMES: Final = {1: "safe", 2: "need help", 3: "moving", 4: "ready to travel", 5: "cannot travel"}
ANSWER_NAMES: Final = {1: "accept", 2: "decline", 3: "help"}


@dataclass
class Report:
    """What a fetch brought. `waiting` counts mail sealed to an epoch that was not granted yet."""

    new: list[Message] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    waiting: int = 0
    granted: int = 0
    missives: list[HeldMissive] = field(default_factory=list)  # of other offices, and colleagues' to them


class _WaitingError(Exception):
    """The key for this mail is not here yet; it stays at the relay."""


def fetch(desk: Desk) -> Report:
    """Everything waiting for this device. What cannot be opened stays at the relay and is named in the report."""
    report = Report()
    _pass(desk, report)
    if report.granted and report.waiting:  # the grant came after the mail it opens
        report.waiting = 0
        _pass(desk, report)
    takeovers.answer(desk)
    if desk.state.partners and desk.entry.roles & READS_MAIL and disclosures.destroy_taken_back(desk):
        report.warnings.append(
            ("taken_back", "Somebody took back what another office passed on: qasid-desk file taken-back")
        )
    if count := sum(not held.read for held in report.missives):
        report.warnings.append(("threads", f"{count} messages of other offices: qasid-desk thread list"))
    return report


def _pass(desk: Desk, report: Report) -> None:
    pairs = {pair.prekey.address: pair for pair in desk.pairs()}
    after, more, refreshed = 0, True, False
    while more:
        answer = Answer(desk.relay.get("/mail", after=after, limit=PAGE))
        check_head(desk, answer.one("roster"))
        done: list[bytes] = []
        for item in answer.many("items"):
            after = max(after, item.integer("seq"))
            data = item.octets("envelope")
            try:
                envelope = Envelope.parse(data)
                if not refreshed and _sender(desk, envelope.header.sender) is None:
                    contacts.refresh(desk)  # a colleague may have enrolled them meanwhile
                    if desk.entry.roles & READS_MAIL:
                        referrals.listed(desk)
                    refreshed = True
                _take(desk, report, envelope, data, pairs)
            except _WaitingError:
                report.waiting += 1
                continue
            except CryptoError as refused:
                _refuse(desk, report, data, str(refused))
                continue
            done.append(envelope.header.envelope)
        more = answer.truth("more")
        desk.save()
        if done:
            desk.relay.post("/mail/ack", {"ids": [b64u(value) for value in done]})


def _take(
    desk: Desk, report: Report, envelope: Envelope, data: bytes, pairs: dict[Address, PrekeyPair]
) -> None:
    header = envelope.header
    name = b64u(header.envelope)
    if name in desk.state.seen:
        return  # our own copy, or one kept before its acknowledgement got through
    if len(envelope.wraps) != 1:
        raise Refused("the relay handed out wraps that are not ours")
    address = envelope.wraps[0].address
    pair = pairs.get(address)
    if pair is None:
        raise _WaitingError
    sender = _sender(desk, header.sender)
    if sender is None:
        _take_missive(desk, report, data, pair)
        return
    sealed = open_sealed(data, sender=sender[0], prekey=pair)
    entry = desk.roster.entry(header.sender)
    if entry is not None and is_missive(sealed.content):
        _file_missive(desk, report, threads.take(desk, sealed, entry, None))
        desk.state.seen[name] = pair.prekey.delete_at
        return
    opened = Opened(sealed.header, Content.parse(sealed.content), sealed.own)
    undo = chains.Undo(desk, opened.content.inner)
    try:
        _file(desk, report, opened, sender)
    except CryptoError:
        undo.apply()
        raise
    desk.state.seen[name] = pair.prekey.delete_at
    desk.state.refused.pop(name, None)


def _take_missive(desk: Desk, report: Report, data: bytes, pair: PrekeyPair) -> None:
    """From nobody of this office's: from an officer of a pinned one, or to be refused."""
    device = Envelope.parse(data).header.sender
    try:
        found = partners.sender(desk, device)
        if found is None:
            for held in desk.state.partners.values():  # they may have a new officer
                partners.refresh(desk, held)
            found = partners.sender(desk, device)
        if found is None:
            raise Refused("nobody in the roster, among the certified contacts or of a pinned office sent it")
        held, entry = found
        sealed = open_sealed(data, sender=entry.device, prekey=pair)
        _file_missive(desk, report, threads.take(desk, sealed, entry, held))
    except UnreachableError:
        raise
    except DeskError as wrong:  # about that office; what others wrote must still come through
        raise Refused(wrong.message) from wrong
    desk.state.seen[b64u(sealed.header.envelope)] = pair.prekey.delete_at
    desk.state.refused.pop(b64u(sealed.header.envelope), None)


def _file_missive(desk: Desk, report: Report, kept: HeldMissive) -> None:
    report.missives.append(kept)
    payload = threads.read(kept).read()
    if isinstance(payload, Manifest):
        manifests.settle(desk, payload)
    if kept.gap:
        who = f"{kept.role_code} of {partners.called(desk, threads.read(kept).office)}"
        text = f"Something {who} sent before message {kept.id} has not come (yet)."
        report.warnings.append(("gap", text))


def _file(desk: Desk, report: Report, opened: Opened, sender: tuple[DeviceRecord, str]) -> None:
    record, alias = sender
    if record.owner_kind is OwnerKind.CONTACT:
        check_from_contact(opened.content, opened.header, sender=record, pin=desk.pin)
        message = _message(desk, opened)
        message.party, message.contact = alias, record.owner
        message.unverified = referrals.sender(desk, record.device) is not None
        if message.unverified and opened.content.inner.kind not in FROM_UNVERIFIED:
            raise Refused("somebody unverified may write, and nothing else")
        _from_contact(desk, report, message, opened.content.inner, record)
    else:
        entry = check_from_office(
            opened.content, opened.header, roster=desk.roster, pin=desk.pin, me=desk.device
        )
        takeovers.meet(desk, opened.content.inner)
        message = _message(desk, opened)
        message.party = entry.role_code
        _from_colleague(desk, report, message, opened.content.inner)


def _sender(desk: Desk, device: bytes) -> tuple[DeviceRecord, str] | None:
    entry = desk.roster.entry(device)
    if entry is not None:
        return entry.device, entry.role_code
    return contacts.sender_record(desk, device) or referrals.sender(desk, device)


def _refuse(desk: Desk, report: Report, data: bytes, why: str) -> None:
    name = b64u(data[2:18])
    desk.state.refused[name] = why
    report.warnings.append(
        ("not_opened", f"An envelope ({name[:8]}…) was not opened: {why}. It stays at the relay.")
    )


def _message(desk: Desk, opened: Opened) -> Message:
    """An unfilled message; its sender's chain moves on."""
    inner = opened.content.inner
    place = chains.receive(desk, inner)
    return Message(
        id=0,
        envelope=opened.header.envelope,
        sender=inner.sender,
        party="",
        contact=b"",
        own=False,
        kind=inner.kind.name.lower(),
        text="",
        status="",
        thread=inner.thread,
        content_hash=inner.hash,
        sent_at=inner.sent_at,
        received_at=desk.now(),
        gap=place is chains.Place.GAP,
        late=place is chains.Place.LATE,
        urgent=opened.header.urgency is Urgency.URGENT,
    )


def _keep(desk: Desk, report: Report, message: Message) -> None:
    takeovers.supersede(desk, message)
    message.id = desk.state.next_message
    desk.state.next_message += 1
    desk.state.messages.append(message)
    report.new.append(message)
    if message.gap:
        text = f"Something {message.party} sent before message {message.id} has not come (yet)."
        report.warnings.append(("gap", text))


def _from_contact(desk: Desk, report: Report, message: Message, inner: Inner, record: DeviceRecord) -> None:
    payload = inner.read()
    if isinstance(payload, OpenedReceipt):
        _receipt(desk, payload, record.owner)
        return
    if isinstance(payload, TextMessage):
        message.text = payload.text
    elif isinstance(payload, StatusReport):
        message.text, message.status = payload.text, STATUS_NAMES[payload.status]
    elif isinstance(payload, Reply):
        reply = check_statement(inner.payload, Reply, record)
        message.status, message.about = ANSWER_NAMES[reply.answer], reply.notice
    elif isinstance(payload, CaseFile):
        casefiles.take(desk, record.owner, payload, inner.sent_at)
        message.text = casefiles.told(payload)
    elif isinstance(payload, Attachment):
        message.text, message.attachment = payload.caption, inner.payload
    _keep(desk, report, message)


def _receipt(desk: Desk, receipt: OpenedReceipt, contact: bytes) -> None:
    for message in desk.state.messages:
        if (message.envelope, message.content_hash) == (receipt.envelope, receipt.content_hash):
            if message.own and message.contact == contact:
                message.receipt = "opened"
            return
    for notice in desk.state.notices.values():
        if notice.envelope == receipt.envelope and b64u(contact) not in notice.opened:
            notice.opened.append(b64u(contact))


def _from_colleague(desk: Desk, report: Report, message: Message, inner: Inner) -> None:
    payload = inner.read()
    if isinstance(payload, Grant):
        report.granted += grants.take(desk, payload)
    elif isinstance(payload, DraftPayload):
        drafts.take(desk, payload, inner)
        message.about = payload.notice.notice
        message.text = f"draft of notice {b64u(payload.notice.notice)}, version {payload.notice.version}"
        _keep(desk, report, message)
    elif isinstance(payload, Handover):
        _report_handover(report, takeovers.take(desk, payload, inner))
    elif isinstance(payload, ManifestPart):
        _take_manifest(desk, report, message.party, payload, inner)
    elif isinstance(payload, OpenedReceipt):
        _colleague_read(desk, report, message.party, inner, payload)
    elif isinstance(payload, Ask):
        _from_colleague_to(desk, report, message, inner, messages.asked(payload))
    elif isinstance(payload, Attachment):
        message.attachment = inner.payload
        _from_colleague_to(desk, report, message, inner, payload.caption)
    elif isinstance(payload, TextMessage):
        if inner.recipient == desk.office and drafts.take_manifest(desk, payload.text, inner):
            return
        _from_colleague_to(desk, report, message, inner, payload.text)


def _take_manifest(desk: Desk, report: Report, party: str, part: ManifestPart, inner: Inner) -> None:
    if manifests.take(desk, part, inner):
        name = b64u(part.manifest)[:8]
        text = f"{party} proposes a manifest by name: qasid-desk manifests show {name}"
        report.warnings.append(("manifest", text))


def _colleague_read(desk: Desk, report: Report, party: str, inner: Inner, receipt: OpenedReceipt) -> None:
    if takeovers.arrived(desk, inner):
        report.warnings.append(("handover", f"{party}'s desk has all that was handed over to it."))
    for held in desk.state.messages:
        if (held.envelope, held.content_hash) == (receipt.envelope, receipt.content_hash):
            held.read, held.receipt = True, party


def _from_colleague_to(desk: Desk, report: Report, message: Message, inner: Inner, text: str) -> None:
    to = desk.state.contacts.get(b64u(inner.recipient))
    message.party += f" to {to.alias}" if to else ""
    message.contact, message.text = inner.recipient if to else b"", text
    message.read = to is not None  # what a colleague wrote to a contact waits for nobody here
    _keep(desk, report, message)


def _report_handover(report: Report, held: HeldHandover) -> None:
    if held.complete_at:
        text = f"{held.role_code} has handed over {len(held.contacts)} people to you: qasid-desk handover"
    else:
        text = f"{held.role_code} hands over people to you: {len(held.came)} of {held.parts} parts are here."
    report.warnings.append(("handover", text))
