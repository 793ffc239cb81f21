"""A request that would be granted, for every route: as anybody would send it who held all it takes but the right.

Each is made for whoever asks (signed statements inside carry the asker's own signature) and of things that are the
asker's own office's, another office's, or nowhere. A route without one fails the walk.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from crypto import initdata
from crypto.attachment import SEALED_CHUNK
from crypto.card import Card, CardBody, Evidence
from crypto.device import OwnerKind
from crypto.disclosure import Acknowledgement
from crypto.encoding import b64u, new_id, unix
from crypto.envelope import Address
from crypto.keys import DeviceKeys
from crypto.letter import Secret, Slip, admit_hash
from crypto.loan import Lend
from crypto.manifest import ManifestApproval
from crypto.notice import Approval, Cancel, NoticeKind
from crypto.prekey import HolderKind
from crypto.record import ZERO_16, ZERO_32
from crypto.signature import Signable
from crypto.statement import Answer, Assent, Child, Consent, Reply, Wipe
from relay import offices
from relay.notices import Draft
from tests.handlers.conftest import TOKEN
from tests.relay.house import DAY, House
from tests.relay.test_rule_cardchanges import asked
from tests.roles.cast import Actor, Things


@dataclass
class Ask:
    """`as_` signs instead of a newcomer, whose first request this is."""

    path: str
    body: dict[str, Any] | bytes | None = None
    as_: DeviceKeys | None = None


Maker = Callable[[Actor, Things], Ask]
ASKS: dict[tuple[str, str], Maker] = {}
"""By route and, where it does several things, which of them."""


def asks(route: str, what: str = "") -> Callable[[Maker], Maker]:
    def put(maker: Maker) -> Maker:
        ASKS[route, what] = maker
        return maker

    return put


def plain(*routes: str) -> None:
    """Routes that take nothing."""
    for route in routes:
        method, path = route.split(" ")
        ASKS[route, ""] = lambda _me, _it, method=method, path=path: Ask(
            path, {} if method == "POST" else None
        )


plain(
    "GET /v1/time",
    "GET /v1/info",
    "GET /healthz",
    "GET /readyz",
    "GET /v1/me",
    "GET /v1/consents",
    "GET /v1/devices",
)
plain(
    "GET /v1/card-changes",
    "GET /v1/enrolments",
    "GET /v1/invitations",
    "GET /v1/contacts",
    "GET /v1/proposals",
    "GET /v1/mail",
)
plain("GET /v1/card-changes", "GET /v1/duty", "GET /v1/report", "GET /v1/assignments", "GET /v1/not-reached")
plain("GET /v1/unrung")
plain("GET /v1/assents", "GET /v1/claims", "GET /v1/escalations", "GET /v1/holdings")
plain("GET /v1/referral-offices", "GET /v1/referrals", "POST /v1/referral-offices/close")
plain("GET /v1/movements", "GET /v1/notices", "GET /v1/audit", "GET /v1/cases", "POST /v1/telegram-links")
plain("GET /v1/partners", "GET /v1/disclosures", "GET /v1/withdrawals", "GET /v1/duplicates")
plain("GET /v1/sponsors", "GET /v1/board", "GET /v1/loans", "GET /v1/rollovers", "GET /v1/safety-checks")


@asks("POST /v1/attempts/{alias}")
def attempt(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/attempts/{it.caseless}", {"way": "telephone", "outcome": "unanswered"})


@asks("GET /v1/attempts/{alias}")
def attempts(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/attempts/{it.caseless}")


@asks("POST /v1/assignments")
def assign(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/assignments", {"alias": it.case, "role_code": "W-02"})


@asks("POST /v1/sponsors")
def sponsor(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/sponsors", {"contact": it.enrolled})


@asks("POST /v1/sponsors/end")
def end_sponsors(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/sponsors/end", {"contact": it.enrolled})


@asks("POST /v1/duty")
def duty(_me: Actor, _it: Things) -> Ask:
    return Ask("/v1/duty", {"on": False})


@asks("GET /v1/offices/{office}/rosters")
def rosters(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/offices/{b64u(it.house.office)}/rosters")


@asks("GET /v1/letters/{invitation}")
def slip(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/letters/{b64u(it.letter.secret.invitation)}")


@asks("POST /v1/offices")
def register(me: Actor, it: Things) -> Ask:
    """With a good code; of other offices, with the one they used."""
    fresh = House(me.house.store, me.house.vault, me.house.now)
    code = me.house.write(offices.admit, me.house.now).code if it.own else it.used_code
    body = {
        "code": code,
        "roster": b64u(fresh.roster.sign(fresh.root.seed)),
        "prekeys": [b64u(pair.prekey.sign(fresh.chief.keys.sign_seed)) for pair in fresh.prekeys],
    }
    return Ask("/v1/offices", body, as_=fresh.chief.keys)


@asks("POST /v1/enrolments")
def enrol(_me: Actor, it: Things) -> Ask:
    """With a letter; of other offices, with its number but not its secret."""
    form = it.letter.form()
    body = {
        "invitation": b64u(form.invitation),
        "admit": b64u(form.admit if it.own else ZERO_32),
        "device": b64u(form.record),
        "mac": b64u(form.mac),
        "roster_version": form.roster_version,
        "prekeys": [b64u(wire) for wire in form.prekeys],
    }
    return Ask("/v1/enrolments", body, as_=it.letter.keys)


@asks("POST /v1/referrals")
def refer(me: Actor, it: Things) -> Ask:
    """Without a letter, from a Telegram account; of other offices, that take nobody."""
    contact, at = new_id(), unix(me.house.now)
    keys = DeviceKeys.generate(it.house.office, OwnerKind.CONTACT, contact)
    said = Consent(
        it.house.office,
        contact,
        keys.record.device,
        "messages",
        it.house.office,
        "all",
        1,
        "fa-AF",
        True,
        1,
        at,
    )
    pair = it.house._pair(HolderKind.DEVICE, keys.record.device, 1)
    body = {
        "office": b64u(it.house.office),
        "device": b64u(keys.record.encode()),
        "consent": b64u(said.sign(keys.sign_seed)),
        "prekeys": [b64u(pair.prekey.sign(keys.sign_seed))],
        "init_data": initdata.make({"user": '{"id":4711}', "auth_date": str(at)}, TOKEN),
    }
    return Ask("/v1/referrals", body, as_=keys)


@asks("POST /v1/referral-offices")
def take_open(_me: Actor, _it: Things) -> Ask:
    return Ask("/v1/referral-offices", {"code": "NEW-1"})


@asks("POST /v1/referrals/{contact}/vouch")
def vouch(me: Actor, it: Things) -> Ask:
    body = CardBody(
        it.house.office, it.unlettered.contact, 1, ZERO_32, me.device, 2000, (it.unlettered.keys.record,),
        Evidence.NUMBER, unix(me.house.now),
    )  # fmt: skip
    wire = Card.issue(body, me.keys.sign_seed).encode()
    return Ask(f"/v1/referrals/{b64u(it.unlettered.contact)}/vouch", {"card": b64u(wire)})


@asks("POST /v1/referrals/{contact}/refuse")
def turn_away(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/referrals/{b64u(it.unlettered.contact)}/refuse", {"reason": "unknown"})


@asks("POST /v1/wipes")
def wipe(me: Actor, it: Things) -> Ask:
    said = Wipe(it.house.office, *_self(me, it), unix(me.house.now))
    return Ask("/v1/wipes", {"wipe": b64u(said.sign(me.keys.sign_seed))})


@asks("POST /v1/prekeys")
def prekeys(me: Actor, it: Things) -> Ask:
    holder = me.device if it.own else it.phone.device
    pair = it.house._pair(HolderKind.DEVICE, holder, 2)
    return Ask("/v1/prekeys", {"prekeys": [b64u(pair.prekey.sign(me.keys.sign_seed))]})


@asks("POST /v1/consents")
def consent(me: Actor, it: Things) -> Ask:
    at = unix(me.house.now)
    said = Consent(
        it.house.office, *_self(me, it), "messages", it.house.office, "all", 1, "fa-AF", True, 9, at
    )
    return Ask("/v1/consents", {"consent": b64u(said.sign(me.keys.sign_seed))})


@asks("POST /v1/assents")
def assent(me: Actor, it: Things) -> Ask:
    about = (it.house.office, *_self(me, it))
    said = Assent(*about, 3, True, Child.AGREES, 1, "fa-AF", 1, unix(me.house.now))
    return Ask("/v1/assents", {"assent": b64u(said.sign(me.keys.sign_seed))})


@asks("POST /v1/pause")
def pause(_me: Actor, _it: Things) -> Ask:
    return Ask("/v1/pause", {"paused": True})


@asks("POST /v1/rosters")
def roster(_me: Actor, it: Things) -> Ask:
    following = it.house._roster(2, it.house.roster.hash)
    return Ask("/v1/rosters", {"roster": b64u(following.sign(it.house.root.seed))})


@asks("POST /v1/invitations")
def invite(me: Actor, it: Things) -> Ask:
    return _invitation(me, it.house, new_id())


@asks("POST /v1/invitations", "to a known contact")
def invite_again(me: Actor, it: Things) -> Ask:
    """Whoever is known elsewhere is new here, and nothing tells."""
    return _invitation(me, me.house, it.phone.contact, "" if it.own else "N-1")


@asks("POST /v1/invitations/{invitation}/void")
def void(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/invitations/{b64u(it.letter.secret.invitation)}/void", {})


@asks("POST /v1/enrolments/{invitation}/refuse")
def refuse(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/enrolments/{b64u(it.waiting.secret.invitation)}/refuse", {})


@asks("POST /v1/card-changes")
def add_device(me: Actor, it: Things) -> Ask:
    """A further device of the contact's, as whoever has keys for it would ask."""
    record = me.keys.record
    contact = record.owner if record.owner_kind is OwnerKind.CONTACT else it.phone.contact
    asking = asked(me.house, me.keys, contact, at=unix(me.house.now) + 1)
    wires = [b64u(wire) for wire in asking.prekeys]
    body = {"addition": b64u(asking.addition), "wipe": b64u(asking.wipe), "prekeys": wires}
    return Ask("/v1/card-changes", body)


@asks("POST /v1/card-changes/{contact}/vouch")
def vouch_change(me: Actor, it: Things) -> Ask:
    """For the second device of a contact, as the first officer."""
    last = it.second.card
    assert last is not None
    devices = last.body.with_device(it.second.keys.record)
    body = CardBody(
        it.house.office, it.second.contact, 2, last.body.hash, me.device, 3001, devices,
        Evidence.OLD_DEVICE, unix(me.house.now),
    )  # fmt: skip
    wire = Card.issue(body, me.keys.sign_seed).encode()
    return Ask(f"/v1/card-changes/{b64u(it.second.contact)}/vouch", {"card": b64u(wire)})


@asks("POST /v1/card-changes/{contact}/refuse")
def refuse_change(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/card-changes/{b64u(it.second.contact)}/refuse", {})


@asks("POST /v1/enrolments/{invitation}/vouch")
def vouch_again(me: Actor, it: Things) -> Ask:
    """For the new phone of a contact, as the first officer."""
    last = it.renewed.card
    assert last is not None
    body = CardBody(
        it.house.office, it.renewed.contact, 2, last.body.hash, me.device, 3000, (it.renewed.keys.record,),
        Evidence.NUMBER, unix(me.house.now),
    )  # fmt: skip
    wire = Card.issue(body, me.keys.sign_seed).encode()
    return Ask(f"/v1/enrolments/{b64u(it.renewed.secret.invitation)}/vouch", {"card": b64u(wire)})


@asks("POST /v1/cards", "for a contact")
def card(me: Actor, it: Things) -> Ask:
    return _card(me, it, None)


@asks("POST /v1/cards", "as the answer to an enrolment")
def card_by_letter(me: Actor, it: Things) -> Ask:
    return _card(me, me.mine, it.waiting.secret.invitation)


@asks("GET /v1/contacts/{contact}")
def one(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/contacts/{b64u(it.phone.contact)}")


@asks("POST /v1/proposals/{proposal}")
def decide(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/proposals/{b64u(it.proposal)}", {"decision": "confirm"})


@asks("POST /v1/proposals/{proposal}", "of what a desk signs")
def decide_at_desk(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/proposals/{b64u(it.to_sign)}", {"decision": "confirm"})


@asks("POST /v1/claims")
def claim(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/claims", {"contact": it.caseless})


@asks("POST /v1/claims/{alias}/release")
def release_claim(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/claims/{it.caseless}/release", {})


@asks("POST /v1/erasures")
def erase(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/erasures", {"contact": it.caseless})


@asks("POST /v1/merges")
def merge(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/merges", {"keep": it.caseless, "end": it.spare})


@asks("POST /v1/cases")
def open_case(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/cases", {"contact": it.caseless})


@asks("POST /v1/cases/{alias}/members", "a contact")
def join(me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/cases/{me.mine.case}/members", {"kind": "adult", "contact": it.caseless})


CASE: dict[str, dict[str, Any]] = {
    "members": {"kind": "minor", "guardian": 1},
    "members/{member}/remove": {},
    "needs": {"needs": ["infant"]},
    "facts": {"fact": "ready", "answer": "no"},
    "intents": {"intent": "unsure"},
    "checks": {"step": "confirm", "reason": "papers"},
    "close": {"reason": "arrived"},
}
"""What is done to a case, by the end of its path."""


@asks("GET /v1/cases/{alias}")
def show(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/cases/{it.case}")


for end, form in CASE.items():

    @asks(f"POST /v1/cases/{{alias}}/{end}")
    def keep(_me: Actor, it: Things, end: str = end, form: dict[str, Any] = form) -> Ask:
        return Ask(f"/v1/cases/{it.case}/{end.format(member=2)}", form)


@asks("POST /v1/movements")
def move(me: Actor, _it: Things) -> Ask:
    departs = unix(me.house.now) + 3 * DAY
    return Ask("/v1/movements", {"code": "M-NEW", "route": 1, "departs_at": departs, "seats": 10})


@asks("POST /v1/movements/{movement}/cancel")
def call_off(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/cancel", {})


@asks("GET /v1/movements/{movement}/conditions")
def go_or_no_go(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/conditions")


@asks("POST /v1/movements/{movement}/conditions")
def condition(_me: Actor, it: Things) -> Ask:
    said = {"condition": "permit", "state": "red", "grade": "official"}
    return Ask(f"/v1/movements/{b64u(it.idle)}/conditions", said)


@asks("GET /v1/movements/{movement}/composition")
def made_up_of(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/composition")


@asks("POST /v1/movements/{movement}/composition")
def composition(_me: Actor, it: Things) -> Ask:
    said = {"party": "FRA", "stage": "boarded", "people": 11}
    return Ask(f"/v1/movements/{b64u(it.idle)}/composition", said)


@asks("GET /v1/compositions")
def compositions(_me: Actor, _it: Things) -> Ask:
    return Ask("/v1/compositions?departed=0")


@asks("POST /v1/board")
def status(me: Actor, _it: Things) -> Ask:
    said = {"route": 1, "status": "limited", "grade": "official", "expires": unix(me.house.now) + DAY}
    return Ask("/v1/board", said)


@asks("POST /v1/movements/{movement}/step")
def call_forward(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/step", {"step": "call"})


@asks("GET /v1/movements/{movement}/standby")
def waits(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/standby")


@asks("GET /v1/movements/{movement}/silent")
def silent(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/silent")


@asks("POST /v1/movements/{movement}/outcomes")
def outcome(_me: Actor, it: Things) -> Ask:
    body = {"alias": it.boarding, "outcome": "boarded"}
    return Ask(f"/v1/movements/{b64u(it.called)}/outcomes", body)


@asks("GET /v1/movements/{movement}/board")
def board(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/movements/{b64u(it.idle)}/board")


@asks("POST /v1/safety-checks/{alias}/close")
def close_check(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/safety-checks/{it.missed}/close", {})


@asks("POST /v1/loans")
def lend(me: Actor, it: Things) -> Ask:
    now, own = unix(me.house.now), me.mine
    said = Lend(me.house.office, own.ally.office, it.idle, 1, now + DAY, new_id(), me.device, now)
    return _signed("/v1/loans", said, me)


@asks("POST /v1/loans/borrow")
def borrow(me: Actor, it: Things) -> Ask:
    return _signed("/v1/loans/borrow", replace(it.offered.borrowing(), device=me.device), me)


@asks("POST /v1/loans/return")
def give_back(me: Actor, it: Things) -> Ask:
    return _signed("/v1/loans/return", replace(it.borrowed.giving(1), device=me.device), me)


@asks("POST /v1/loans/take-back")
def take_back(me: Actor, it: Things) -> Ask:
    given = it.returned.giving(1)
    return _signed("/v1/loans/take-back", replace(it.returned.taking(given), device=me.device), me)


@asks("POST /v1/loans/{loan}/withdraw")
def unlend(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/loans/{b64u(it.lent.loan)}/withdraw", {})


@asks("POST /v1/approvals")
def approve(me: Actor, it: Things) -> Ask:
    draft, at = it.draft, unix(me.house.now)
    said = Approval(me.house.office, draft.notice, draft.version + 1, draft.content_hash, me.device, at)
    return Ask("/v1/approvals", {"approval": b64u(said.sign(me.keys.sign_seed))})


@asks("GET /v1/approvals")
def approved(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/approvals?notice={b64u(it.draft.notice)}")


@asks("GET /v1/threats/{route}/holders")
def holders(_me: Actor, _it: Things) -> Ask:
    return Ask("/v1/threats/0/holders")


@asks("POST /v1/notices", "on a movement")
def schedule(me: Actor, it: Things) -> Ask:
    return _notice(me, me.house.draft(it.idle, [me.mine.phone], envelope=_sealed(me, me.mine)))


@asks("POST /v1/notices", "to a contact")
def schedule_for(me: Actor, it: Things) -> Ask:
    return _notice(me, me.house.draft(me.mine.idle, [it.phone], envelope=_sealed(me, it)))


@asks("POST /v1/notices", "a change")
def schedule_change(me: Actor, it: Things) -> Ask:
    named = {"notice": it.draft.notice, "version": 2, "kind": NoticeKind.CHANGE}
    draft = me.house.draft(me.mine.idle, [me.mine.phone], envelope=_sealed(me, me.mine), **named)
    return _notice(me, draft)


@asks("PUT /v1/attachments/{attachment}/{n}")
def attach(me: Actor, it: Things) -> Ask:
    told = f"count=1&expires={unix(me.house.now) + DAY}&token_hash={b64u(bytes(32))}"
    whose = "" if me.phone else f"&contact={b64u(it.phone.contact)}"
    return Ask(f"/v1/attachments/{b64u(new_id())}/0?{told}{whose}", bytes(SEALED_CHUNK))


@asks("GET /v1/attachments/{attachment}")
def attached(_me: Actor, _it: Things) -> Ask:
    return Ask(f"/v1/attachments/{b64u(new_id())}")


@asks("POST /v1/attachments/{attachment}/fetch")
def fetch_attachment(_me: Actor, it: Things) -> Ask:
    ticket = it.attachment
    return Ask(f"/v1/attachments/{b64u(ticket.attachment)}/fetch", {"token": b64u(ticket.token), "n": 0})


@asks("POST /v1/attachments/{attachment}/taken")
def take_attachment(_me: Actor, it: Things) -> Ask:
    ticket = it.attachment
    return Ask(f"/v1/attachments/{b64u(ticket.attachment)}/taken", {"token": b64u(ticket.token)})


@asks("PUT /v1/uploads/{upload}/{start}")
def upload(_me: Actor, _it: Things) -> Ask:
    return Ask(f"/v1/uploads/{b64u(new_id())}/0", b"the first of it")


@asks("GET /v1/uploads/{upload}")
def uploaded(_me: Actor, _it: Things) -> Ask:
    return Ask(f"/v1/uploads/{b64u(new_id())}")


@asks("POST /v1/notices/{notice}/{version}/cancel")
def cancel(me: Actor, it: Things) -> Ask:
    draft = it.draft
    said = Cancel(me.house.office, draft.notice, 1, draft.content_hash, 1, me.device, unix(me.house.now))
    return Ask(f"/v1/notices/{b64u(draft.notice)}/1/cancel", {"cancel": b64u(said.sign(me.keys.sign_seed))})


@asks("POST /v1/answers")
def answer(me: Actor, it: Things) -> Ask:
    draft = it.draft
    contact = (me.phone or me.mine.phone).contact
    said = Answer(
        me.house.office, contact, me.device, draft.offers[0].offer, draft.notice, 1, draft.content_hash,
        Reply.ACCEPT, 1, 1, unix(me.house.now),
    )  # fmt: skip
    return Ask("/v1/answers", {"answer": b64u(said.sign(me.keys.sign_seed))})


@asks("POST /v1/envelopes", "to an office")
def write_in(me: Actor, it: Things) -> Ask:
    return Ask(
        "/v1/envelopes", me.house.seal(me, [Address(HolderKind.EPOCH, ZERO_16, it.house.epoch.prekey.prekey)])
    )


@asks("POST /v1/envelopes", "to a contact")
def write_out(me: Actor, it: Things) -> Ask:
    return Ask("/v1/envelopes", me.house.seal(me, me.house.to(it.phone)))


@asks("POST /v1/envelopes", "to an officer")
def write_over(me: Actor, it: Things) -> Ask:
    address = Address(HolderKind.DEVICE, it.house.chief.device, it.house.prekeys[0].prekey.prekey)
    return Ask("/v1/envelopes", me.house.seal(me, [address]))


@asks("POST /v1/envelopes", "about a notice (its go)")
def go(me: Actor, it: Things) -> Ask:
    about = f"{b64u(it.draft.notice)}/1"
    return Ask(f"/v1/envelopes?for={about}", me.house.seal(me, me.house.to(me.mine.phone)))


@asks("POST /v1/partners")
def befriend(_me: Actor, it: Things) -> Ask:
    """Of others' offices as of none: it is noted, and nothing told."""
    return Ask("/v1/partners", {"office": b64u(_partner(it).office)})


@asks("POST /v1/partners/{office}/end")
def estrange(_me: Actor, it: Things) -> Ask:
    return Ask(f"/v1/partners/{b64u(_partner(it).office)}/end", {})


@asks("POST /v1/partners/{office}/envelopes", "a message")
def missive(me: Actor, it: Things) -> Ask:
    return _missive(me, _partner(it), "?mediated=yes")


@asks("POST /v1/partners/{office}/envelopes", "what was done with one of theirs")
def decided(me: Actor, it: Things) -> Ask:
    return _missive(me, me.mine.ally, f"?about={b64u(it.asked)}&state=returned")


@asks("POST /v1/partners/{office}/envelopes", "what a contact consented to")
def pass_on(me: Actor, it: Things) -> Ask:
    return _missive(me, me.mine.ally, f"?contact={b64u(it.phone.contact)}&fields=identity")


@asks("POST /v1/withdrawals")
def acknowledge(me: Actor, it: Things) -> Ask:
    said = Acknowledgement(me.house.office, it.taken_back, "identity", me.device, unix(me.house.now))
    return Ask("/v1/withdrawals", {"acknowledgement": b64u(said.sign(me.keys.sign_seed))})


@asks("POST /v1/exports/headcounts")
def headcount(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/exports/headcounts", {"movement": b64u(it.idle), "people": 12})


@asks("POST /v1/exports/manifests")
def manifest(me: Actor, it: Things) -> Ask:
    offices, at = (me.house.office, me.mine.ally.office), unix(me.house.now)
    said = ManifestApproval(*offices, it.idle, bytes(32), 7, ("identity-name",), me.device, at)
    signers = me.house.officers[:2]
    wires = [replace(said, device=who.device).sign(who.keys.sign_seed) for who in signers]
    return Ask("/v1/exports/manifests", {"approvals": [b64u(wire) for wire in wires]})


@asks("POST /v1/exports/files")
def written(_me: Actor, _it: Things) -> Ask:
    return Ask("/v1/exports/files", {"name": "air-07.csv", "people": 7})


@asks("POST /v1/mail/ack")
def ack(_me: Actor, it: Things) -> Ask:
    return Ask("/v1/mail/ack", {"ids": [b64u(it.mail)]})


def _signed(path: str, said: Signable, me: Actor) -> Ask:
    return Ask(path, {"signed": b64u(said.sign(me.keys.sign_seed))})


def _partner(it: Things) -> House:
    return it.ally if it.own else it.house


def _missive(me: Actor, to: House, query: str) -> Ask:
    data = me.house.seal(me, [Address(HolderKind.EPOCH, ZERO_16, to.epoch.prekey.prekey)])
    return Ask(f"/v1/partners/{b64u(to.office)}/envelopes{query}", data)


def _self(me: Actor, it: Things) -> tuple[bytes, bytes]:
    """A contact and device: the asker's own, or those of `it`."""
    if it.own and me.phone is not None:
        return me.phone.contact, me.device
    return it.phone.contact, me.device if it.own else it.phone.device


def _invitation(me: Actor, house: House, contact: bytes, alias: str = "") -> Ask:
    secret = Secret.generate()
    letter = Slip(house.office, 1, house.roster.hash, contact)
    body = {
        "invitation": b64u(secret.invitation),
        "admit_hash": b64u(admit_hash(secret.admit_token)),
        "slip": b64u(letter.encode()),
        "tag": b64u(secret.slip_tag(letter)),
        "expires": unix(me.house.now + timedelta(days=7)),
        "alias": alias,
    }
    return Ask("/v1/invitations", body)


def _card(me: Actor, it: Things, invitation: bytes | None) -> Ask:
    body = CardBody(
        it.house.office, it.waiting.contact, 1, ZERO_32, me.device, 1000, (it.waiting.keys.record,), Evidence.LETTER,
        unix(me.house.now),
    )  # fmt: skip
    wire = Card.issue(body, me.keys.sign_seed).encode()
    return Ask("/v1/cards", {"card": b64u(wire), "enrolment": invitation and b64u(invitation)})


def _sealed(me: Actor, it: Things) -> bytes:
    return me.house.seal(me, me.house.to(it.phone), urgent=True)


def _notice(me: Actor, draft: Draft) -> Ask:
    body = {
        "notice": b64u(draft.notice),
        "version": draft.version,
        "kind": int(draft.kind),
        "movement": draft.movement and b64u(draft.movement),
        "content_hash": b64u(draft.content_hash),
        "approvals": [b64u(wire) for wire in draft.approvals],
        "release_at": unix(draft.release_at),
        "answer_by": unix(draft.answer_by),
        "expires": unix(draft.expires),
        "offers": [
            {"contact": b64u(seat.contact), "offer": b64u(seat.offer), "party": seat.party}
            for seat in draft.offers
        ],
        "envelope": b64u(draft.envelope),
    }
    return Ask("/v1/notices", body)
