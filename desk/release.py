"""Sealing an approved notice, and the go that confirms it."""

from collections.abc import Callable, Collection
from functools import partial
from hashlib import sha256
from typing import Any, Final

from crypto.content import Kind, NoticePayload
from crypto.encoding import b64u
from crypto.envelope import HEADER_SIZE, Header, Urgency
from crypto.notice import Go, Notice, NoticeKind, OwnPart, Route, check_go
from crypto.roster import Role
from crypto.sealing import Recipient
from crypto.sealing import seal as seal_envelope
from desk import (
    approvals,
    cancellations,
    chains,
    conditions,
    contacts,
    drafts,
    movements,
    threats,
    uploads,
    urgent,
)
from desk.drafts import PURPOSES
from desk.errors import AlarmError, DeskError, RelayError, UsageError
from desk.movements import route_name
from desk.office import Desk, spoken_id
from desk.replies import replies, row_of
from desk.sealers import sealers
from desk.state import HeldNotice, Offer

Tick = Callable[[str, int, int], None]
#: Of answers that say nothing about the notice: too many requests, or nobody there.
PASSING: Final = (429, 502, 503, 504)


def _silent(_what: str, _done: int, _of: int) -> None:
    """No progress shown."""


def seal(desk: Desk, held: HeldNotice, release_at: int, tick: Tick = _silent) -> int:
    """Seals the approved notice to everybody it is for and hands it to the relay; bytes of the envelope.

    Interrupted after sealing, it goes on with what the relay has not got when it is called again.

    Raises DeskError when approvals, consents or keys are missing, or the roster has expired: then nothing is sealed
    for anybody.
    """
    desk.require(Role.COORDINATOR, "seal a notice")
    desk.check_current()
    notice = Notice.parse(held.notice)
    approvals.reopen(desk, held)
    if held.state not in ("draft", "sealing"):
        raise DeskError(
            f"The notice is {held.state} already.", "For a change draft a new version (--replaces)."
        )
    if held.manifest_parts:
        raise DeskError("The list of whom the notice is for has not arrived.", "Run `qasid-desk inbox`.")
    if not max(desk.now(), release_at) < notice.expires:
        raise UsageError("The notice would be over before it is released.", "Give an earlier --release-at.")
    approvals.collect(desk, held)
    approvals.check(desk, held)
    movement = _movement(desk, notice) if notice.kind.moves else None
    file = f"notice-{b64u(notice.notice)}-{notice.version}.envelope"
    resumed = held.state == "sealing"
    if not resumed:
        data = _envelope(desk, held, notice, tick)
        desk.home.put(file, data)
        held.envelope = Header.parse(data[:HEADER_SIZE]).envelope
        held.state, held.release_at = "sealing", release_at
        desk.save()
    data = desk.home.get(file)
    # Tried again after a lost answer: the relay may have this version already.
    if not (resumed and _taken(desk, notice)):
        _hand_over(desk, held, _body(held, notice, movement), data, tick)
    cancellations.give_way(desk, held, at_once=held.release_at <= desk.now())
    held.state = "scheduled"
    desk.save()
    desk.home.drop(file)
    return len(data)


def _hand_over(desk: Desk, held: HeldNotice, body: dict[str, Any], data: bytes, tick: Tick) -> None:
    """Uploads and schedules it. What breaks off goes on from there another time; what is refused is sealed anew."""
    try:
        if len(data) > uploads.PART:
            uploads.upload(desk, held.envelope, data, partial(tick, "uploading, bytes"))
            whole = {"upload": b64u(held.envelope), "digest": b64u(sha256(data).digest())}
            sealed: dict[str, Any] = {"uploaded": whole}
        else:
            sealed = {"envelope": b64u(data)}
        desk.relay.post("/notices", body | sealed)
    except RelayError as refused:
        if refused.status == 409 and _taken(desk, Notice.parse(held.notice)):
            return
        if refused.status not in PASSING:
            held.state = "draft"
            desk.save()
        raise


def _taken(desk: Desk, notice: Notice) -> bool:
    """Whether the relay has this version, and not withheld for want of another envelope."""
    return drafts.listed(desk, notice.notice).get(notice.version) not in (None, drafts.WITHHELD)


def go(desk: Desk, held: HeldNotice, valid_until: int, *, everyone: bool) -> list[str]:
    """Confirms the notice and opens its place, to those who accepted (or to everyone it was for); their aliases.

    Never to whom no seat is held for: they declined, or took a permission back, and others may have the seat.
    Raises DeskError when nobody can be told, or the roster has expired; AlarmError when the relay tampered with
    some of them, after the others were told.
    """
    desk.require(Role.COORDINATOR, "give the go")
    desk.check_current()
    notice = _scheduled(desk, held)
    if not desk.now() < valid_until <= notice.expires:
        raise UsageError(
            "The go would lapse at once, or outlive the notice.", "Give --valid-until in between."
        )
    if notice.kind.moves:
        conditions.check(desk, notice.movement)
    accepted, seated = replies(desk, held).accepted(), _seated(desk, held, notice)
    offers = [offer for offer in seated if everyone or offer.contact in accepted]
    if not offers:
        raise DeskError(
            "Nobody has accepted yet.", "See `qasid-desk notice answers`, or give --everyone.", "nobody"
        )
    wire = Go(
        desk.office,
        notice.notice,
        notice.version,
        notice.hash,
        held.place_key,
        valid_until,
        desk.device.device,
        desk.now(),
    ).sign(desk.keys.sign_seed)
    check_go(wire, notice, desk.roster, desk.now())
    recipients, told, alarms = _reachable(desk, offers)
    if alarms and not told:
        raise AlarmError(alarms, "Nobody was told. Tell your colleagues by another channel.")
    if not told:
        raise DeskError(
            "Nobody who accepted can be reached any more.", "See `qasid-desk contacts`.", "nobody"
        )
    data = urgent.seal(desk, notice, wire, recipients, kind=Kind.GO, expires=valid_until)
    desk.relay.post_bytes("/envelopes", data, f"for={b64u(notice.notice)}/{notice.version}")
    held.gone = True
    desk.save()
    if alarms:
        raise AlarmError(alarms, f"Told: {', '.join(told)}. Reach the others another way.")
    return told


def _seated(desk: Desk, held: HeldNotice, notice: Notice) -> list[Offer]:
    contacts_seated = set(row_of(desk, notice).many_octets("seated"))
    return [offer for offer in held.offers if offer.contact in contacts_seated or not notice.kind.moves]


def _scheduled(desk: Desk, held: HeldNotice) -> Notice:
    """The notice, when it has been sealed (here or by a colleague). Raises DeskError otherwise."""
    if held.state in ("cancelled", "replaced"):
        raise DeskError(f"The notice is {held.state}.", "See `qasid-desk notice list`.")
    notice = Notice.parse(held.notice)
    state = row_of(desk, notice).text("state")
    if state in ("cancelled", "replaced"):  # by a threat alert, or at a colleague's desk
        raise DeskError(f"The notice is {state}.", "See `qasid-desk notice list`.")
    return notice


def _envelope(desk: Desk, held: HeldNotice, notice: Notice, tick: Tick) -> bytes:
    views = {view.contact: view for view in contacts.refresh(desk)}
    owed: Collection[bytes] = ()
    if notice.kind is NoticeKind.THREAT:
        owed = threats.holders(desk, notice.route)
        threats.check(desk, held, list(views.values()))
    recipients: list[Recipient] = []
    faults: list[str] = []
    for number, offer in enumerate(held.offers, start=1):
        view = views.get(offer.contact)
        if view is None:
            raise DeskError(f"The relay no longer lists {offer.alias}.", "Nothing was sealed.", "no_contact")
        # What sends nobody anywhere has no seats: a phone would show "1 seat for you" below a cancellation.
        party = offer.party if notice.kind.moves else 0
        own = OwnPart(offer.alias, offer.offer, party, drafts.answer_by(notice, offer))
        if offer.contact in owed:  # whoever has no key left keeps nobody from hearing
            recipients += contacts.keys(desk, view, own)
            continue
        try:
            recipients += contacts.recipients(desk, view, PURPOSES, notice.expires, own)
        except AlarmError:
            raise
        except DeskError as fault:
            faults.append(fault.message)
        tick("checking keys and consents", number, len(held.offers))
    if faults:
        raise DeskError(
            " ".join(faults),
            "Nothing was sealed. Draft the notice again without them, or wait for them.",
            "not_all",
        )
    payload = NoticePayload(notice, tuple(held.approvals)).encode()
    urgency = Urgency.URGENT if notice.kind is not NoticeKind.ADVISORY else Urgency.ROUTINE
    inner = chains.compose(desk, Kind.NOTICE, notice.audience, spoken_id(), payload)
    return seal_envelope(
        inner,
        sender=desk.keys,
        recipients=recipients,
        now=desk.now(),
        expires=notice.expires,
        urgency=urgency,
        wrapper=sealers(partial(tick, f"sealing for {len(recipients)} devices")),
    )


def _body(held: HeldNotice, notice: Notice, movement: str | None) -> dict[str, Any]:
    return {
        "notice": b64u(notice.notice),
        "version": notice.version,
        "kind": int(notice.kind),
        "movement": movement,
        "route": int(notice.route),
        "content_hash": b64u(notice.hash),
        "approvals": [b64u(wire) for wire in held.approvals],
        "release_at": held.release_at,
        "answer_by": notice.answer_by,
        "expires": notice.expires,
        "offers": [
            {
                "contact": b64u(offer.contact),
                "offer": b64u(offer.offer),
                "party": offer.party,
                "standby": offer.standby or None,
                "hold_until": offer.hold_until or None,
            }
            for offer in held.offers
        ],
    }


def _movement(desk: Desk, notice: Notice) -> str:
    """Its id. Phones judge alerts by the notice's route, the relay by its movement's: they have to be the same."""
    row = movements.find(desk, notice.movement)
    route = Route(row.integer("route"))
    if notice.route not in (Route.NONE, route):
        raise DeskError(
            f"The notice says {route_name(notice.route)}, and its movement goes by {route_name(route)}.",
            "Draft it anew with the movement's --route.",
        )
    return b64u(row.octets("movement", 16))


def _reachable(desk: Desk, offers: list[Offer]) -> tuple[list[Recipient], list[str], str]:
    """Where to seal for those of `offers` who still consent and have keys; their aliases; alarms about others."""
    views = {view.contact: view for view in contacts.refresh(desk)}
    recipients: list[Recipient] = []
    told: list[str] = []
    alarms: list[str] = []
    for offer in offers:
        try:
            recipients += contacts.recipients(desk, views[offer.contact], PURPOSES, desk.now())
        except AlarmError as alarm:  # this one stays put; nobody else waits for it
            alarms.append(alarm.message)
            continue
        except (DeskError, KeyError):  # withdrew, or has no key left: the relay drops what waits for them
            continue
        told.append(offer.alias)
    return recipients, told, " ".join(alarms)
