"""Drafting a notice and passing it to colleagues, sealed to the office's own epoch.

The draft says what; its audience list follows in the same thread, so that whoever approves sees for whom. The list
is checked against the audience commitment in the notice before anybody can approve.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from crypto.content import Draft, Inner, Kind, TextMessage
from crypto.encoding import b64u, unb64u
from crypto.errors import Malformed, Refused
from crypto.notice import NO_PLACE, Notice, NoticeKind, NoticeText, Route, audience
from crypto.record import ZERO_32
from crypto.roster import Role
from crypto.sealing import Recipient, open_place, seal_place
from desk import chains, contacts, outbox, plaintext, threats
from desk.answers import Answer
from desk.contacts import ContactView
from desk.errors import UsageError
from desk.lifetimes import MESSAGE_LIFE
from desk.office import Desk, spoken_id
from desk.state import HeldNotice, Offer

PART: Final = 150  # offers in one part of the list: below the 16 KiB a text may hold
MANIFEST: Final = "qasid audience"
WITHHELD: Final = "withheld"  # the relay's word for a notice that was due and that phones would have refused
STALE: Final = "phones"  # the relay's word for one that is scheduled and that not all could open any more
PURPOSES: Final = ("messages", "departures")


@dataclass(frozen=True)
class Form:
    """What the author decides. Times in unix seconds; 0 where a kind has none.

    `to` maps aliases to party sizes, `standby` those of them who wait for a seat to their class. `hold_until`: how long
    the others' seats are held for an answer, where that is not `answer_by`.
    """

    kind: NoticeKind
    movement: str
    route: Route
    departs_at: int
    report_from: int
    report_until: int
    answer_by: int
    expires: int
    place: str
    texts: tuple[NoticeText, ...]
    to: dict[str, int]
    standby: dict[str, int] = field(default_factory=dict)
    hold_until: int = 0


def key(notice: bytes, version: int) -> str:
    return f"{b64u(notice)}/{version}"


def draft(desk: Desk, form: Form, replaces: HeldNotice | None = None) -> HeldNotice:
    """Drafts a notice (or the next version of `replaces`) and queues it for the colleagues' desks.

    A threat alert is for whoever was sent a departure on its route, too.
    Raises DeskError when somebody it is for is not enrolled or has not consented, AlarmError on tampering,
    Malformed when its times or texts contradict each other.
    """
    desk.require(Role.COORDINATOR, "draft a notice")
    if form.standby and not form.kind.moves:
        raise UsageError("This notice offers no seats to wait for.", "Leave --standby out.")
    if form.hold_until:
        _check_hold(form, desk.now())
    if form.expires <= desk.now():
        raise UsageError("The notice would be over already.", "Give a later --expires.")
    views = contacts.refresh(desk)
    owed = _owed(desk, form, views)
    if not form.to and not owed:
        raise UsageError("The notice is for nobody.", "Name contacts with --to ALIAS or --to ALIAS:PARTY.")
    before = Notice.parse(replaces.notice) if replaces else None
    # Under its old id an offer goes on, whatever was answered; on another movement it is another offer.
    same = replaces is not None and before is not None and before.movement == form.movement
    kept = {offer.contact: offer.offer for offer in replaces.offers} if replaces and same else {}
    offers = []
    for alias, party in form.to.items():
        view = contacts.find(views, alias)
        if view.contact not in owed:
            contacts.recipients(desk, view, PURPOSES, form.expires)
        offer = kept.get(view.contact) or spoken_id()
        rank = form.standby.get(alias, 0)
        offers.append(Offer(view.contact, offer, party, view.alias, rank, 0 if rank else form.hold_until))
    named = {offer.contact for offer in offers}
    for contact, alias in owed.items():
        if contact not in named:
            offers.append(Offer(contact, kept.get(contact) or spoken_id(), 1, alias))
    notice_id = before.notice if before else spoken_id()
    version = max(listed(desk, notice_id), default=0) + 1 if before else 1
    salt, place_key, commit, sealed = secrets.token_bytes(32), bytes(32), ZERO_32, NO_PLACE
    if form.place:
        place_key = secrets.token_bytes(32)
        commit, sealed = seal_place(place_key, desk.office, notice_id, version, form.place)
    notice = Notice(
        salt=salt,
        office=desk.office,
        notice=notice_id,
        version=version,
        replaces=version - 1,
        kind=form.kind,
        movement=form.movement,
        route=form.route,
        departs_at=form.departs_at,
        report_from=form.report_from,
        report_until=form.report_until,
        answer_by=form.answer_by,
        expires=form.expires,
        audience=audience(salt, (offer.contact for offer in offers)),
        place_commit=commit,
        place_sealed=sealed,
        texts=form.texts,
    )
    held = HeldNotice(notice.encode(), place_key, form.place, desk.device.device, offers)
    _hand_round(desk, held, notice)
    desk.state.notices[key(notice_id, version)] = held
    desk.save()
    return held


def answer_by(notice: Notice, offer: Offer) -> int:
    """Until when this one is to answer: whoever gets a seat late has until the end."""
    return notice.expires if offer.standby else offer.hold_until or notice.answer_by


def listed(desk: Desk, notice: bytes) -> dict[int, str]:
    """The versions of a notice that the relay has, with their states; a draft that was never sealed is none.

    One that is scheduled and that phones could not open counts as withheld: it, too, is to be sealed anew.
    """
    rows = Answer(desk.relay.get("/notices")).many("notices")
    return {
        row.integer("version"): WITHHELD if row.plain().get("why") == STALE else row.text("state")
        for row in rows
        if row.octets("notice", 16) == notice
    }


def versions(desk: Desk, notice: bytes) -> list[HeldNotice]:
    """Every version of a notice at this desk, drafts among them, the newest first."""
    held = {Notice.parse(each.notice): each for each in desk.state.notices.values()}
    mine = [parsed for parsed in held if parsed.notice == notice]
    return [held[parsed] for parsed in sorted(mine, key=lambda each: -each.version)]


def _check_hold(form: Form, now: int) -> None:
    """Raises UsageError."""
    if not form.kind.moves:
        raise UsageError("This notice offers no seats to hold.", "Leave --hold-until out.")
    if not now < form.hold_until <= form.expires:
        raise UsageError(
            "Seats are held for some time, until the notice's end at most.", "Give another --hold-until."
        )


def _owed(desk: Desk, form: Form, views: list[ContactView]) -> dict[bytes, str]:
    if form.kind is not NoticeKind.THREAT:
        return {}
    return threats.reachable(desk, views, threats.holders(desk, form.route))


def _hand_round(desk: Desk, held: HeldNotice, notice: Notice) -> None:
    epoch = [Recipient(desk.roster.epoch(desk.now()))]
    thread, until = spoken_id(), desk.now() + MESSAGE_LIFE
    payload = Draft(notice, held.place_key, held.place).encode()
    outbox.queue(desk, chains.compose(desk, Kind.DRAFT, desk.office, thread, payload), epoch, until)
    parts = [held.offers[start : start + PART] for start in range(0, len(held.offers), PART)]
    for number, part in enumerate(parts, start=1):
        rows = [
            [
                b64u(offer.contact),
                b64u(offer.offer),
                offer.party,
                offer.alias,
                offer.standby,
                offer.hold_until,
            ]
            for offer in part
        ]
        manifest = {
            "kind": MANIFEST,
            "notice": b64u(notice.notice),
            "version": notice.version,
            "part": number,
            "of": len(parts),
            "offers": rows,
        }
        text = TextMessage(json.dumps(manifest, separators=(",", ":"))).encode()
        outbox.queue(desk, chains.compose(desk, Kind.TEXT, desk.office, thread, text), epoch, until)


def take(desk: Desk, payload: Draft, inner: Inner) -> None:
    """Keeps a colleague's draft.

    Raises Refused when it contradicts itself or a draft held already, or is worded as no honest desk lets it be:
    an approver would not see what they sign.
    """
    notice = payload.notice
    if notice.office != desk.office:
        raise Refused("the draft is another office's")
    if notice.has_place and open_place(payload.place_key, notice) != payload.place:
        raise Refused("the draft shows another place than it commits to")
    try:
        plaintext.check_notice(notice.texts, payload.place)
    except UsageError as trick:
        raise Refused(f"the draft is no plain text: {trick.message}") from trick
    desk.roster.standing(inner.sender, inner.sent_at, Role.COORDINATOR, slack=3600)
    name = key(notice.notice, notice.version)
    held = desk.state.notices.get(name)
    if held is not None and held.notice != notice.encode():
        if held.state != "draft" or held.author != inner.sender:
            raise Refused("there are two drafts of one notice and version")
        held = None  # its author thought better of it before it was sealed; approvals of the old one are void
    if held is None:
        fresh = HeldNotice(notice.encode(), payload.place_key, payload.place, inner.sender, [])
        desk.state.notices[name] = replace(fresh, manifest_parts=-1)


def take_manifest(desk: Desk, text: str, inner: Inner) -> bool:
    """Takes a part of a draft's audience list; False when the text is something else.

    Raises Refused for a list that is not its author's, or does not match the commitment in the notice.
    """
    try:
        manifest = json.loads(text)
        if not isinstance(manifest, dict) or manifest.get("kind") != MANIFEST:
            return False
        name = key(unb64u(manifest["notice"], 16), int(manifest["version"]))
        number, total = int(manifest["part"]), int(manifest["of"])
        rows = [
            Offer(unb64u(contact, 16), unb64u(offer, 16), int(party), str(alias), int(standby), int(hold))
            for contact, offer, party, alias, standby, hold in manifest["offers"]
        ]
    except Malformed:
        raise
    except (ValueError, TypeError, KeyError):
        return False
    held = desk.state.notices.get(name)
    if held is None or held.author != inner.sender:
        raise Refused("an audience list without its draft, or by somebody else")
    expected = 1 if held.manifest_parts == -1 else held.manifest_parts
    if number != expected or number > total:
        raise Refused("a part of the audience list is missing")
    offers = [*held.offers, *rows]
    notice = Notice.parse(held.notice)
    if number == total and audience(notice.salt, (offer.contact for offer in offers)) != notice.audience:
        raise Refused("the audience list is not the one the notice commits to")
    held.offers = offers
    held.manifest_parts = 0 if number == total else number + 1
    return True


def find(desk: Desk, word: str) -> HeldNotice:
    """The newest version of the notice with this id or beginning; `ID/2`, or its number, names a version.

    Raises UsageError.
    """
    name, _, version = word.partition("/")
    parsed = ((held, Notice.parse(held.notice)) for held in desk.state.notices.values())
    matching = [
        held
        for held, notice in parsed
        if (notice.code == name or b64u(notice.notice).startswith(name))
        and version in ("", str(notice.version))
    ]
    if not name or len({Notice.parse(held.notice).notice for held in matching}) != 1:
        raise UsageError(
            f"{word!r} names {'no' if not matching else 'more than one'} notice.",
            "See `qasid-desk notice list`; a colleague's draft arrives with the mail.",
        )
    return max(matching, key=lambda held: Notice.parse(held.notice).version)
