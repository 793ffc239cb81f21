"""What officers can ask and propose. What they type is deleted at once; only the answers are in the pictures."""

from datetime import timedelta

from crypto.encoding import new_id
from crypto.envelope import Address
from crypto.keys import RootKeys
from crypto.notice import NoticeKind, Route, verification_code
from crypto.prekey import HolderKind
from crypto.statement import Reply
from relay import (
    answers,
    attempts,
    auth,
    board,
    cases,
    conditions,
    daily,
    enrolments,
    facts,
    integrity,
    mailbox,
    movements,
    notices,
    offices,
    outcomes,
    proposals,
    verification,
)
from relay import threads as rules
from relay.notices import Draft, Seat
from relay.outcomes import Outcome
from store.tables.offices import prekeys
from tests.gallery.dialogue import Programme
from tests.gallery.scene import NOON, Scene
from tests.relay.house import House, Phone
from tests.relay.lending import Lending
from tests.relay.test_rule_disclosures import disclose
from tests.relay.test_rule_threads import befriend

OFFICERS = Programme()


def dialogue(name: str, title: str):
    return OFFICERS.dialogue(name, title, officers=True)


async def _at_work(scene: Scene, code: str = "C-01") -> House:
    house = scene.found()
    await scene.officer(house, code)
    return house


def _contact(house: House, alias: str = "K-4821") -> Phone:
    phone = house.invite(alias=alias)
    phone.enrol(language="en")
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    phone.consent("messages", "departures")
    return phone


def _household(house: House, contact: str = "K-4821") -> str:
    house.invite(alias=contact)
    alias = house.as_(house.chief, cases.open_, contact=contact, now=house.now)
    house.as_(house.chief, cases.add_member, alias, kind="adult", now=house.now)
    return str(alias)


@dialogue("bound", "The account is linked to a device")
async def bound(scene: Scene) -> None:
    house = scene.found()
    await scene.bind(house, "C-01")


@dialogue("coordinator", "A coordinator: who am I, what waits")
async def coordinator(scene: Scene) -> None:
    house = await _at_work(scene)
    frozen, waiting = house.invite(alias="K-1001"), house.invite(alias="K-1002")
    for phone in (frozen, waiting, house.phone(frozen.secret, frozen.contact)):
        phone.enrol()
    _contact(house).send()
    house.as_(house.chief, proposals.propose, house.now)
    await scene.pass_(minutes=95)
    await scene.say("/whoami", "/queue")


@dialogue("caseworker", "A caseworker: nothing waits")
async def caseworker(scene: Scene) -> None:
    await _at_work(scene, "W-01")
    await scene.say("/whoami", "/queue", "/audit")


@dialogue("liaison", "A liaison")
async def liaison(scene: Scene) -> None:
    await _at_work(scene, "L-01")
    await scene.say("/whoami", "/departures", "/queue")


@dialogue("auditor", "An auditor")
async def auditor(scene: Scene) -> None:
    await _at_work(scene, "A-01")
    await scene.say("/whoami", "/queue")


@dialogue("host", "Who only runs the relay is not told of cases")
async def host(scene: Scene) -> None:
    await _at_work(scene, "H-01")
    await scene.say("/whoami", "/office", "/case K-4821")


@dialogue("buttons", "An officer's help; each button counts once")
async def buttons(scene: Scene) -> None:
    house = await _at_work(scene)
    _contact(house).send()
    await scene.pass_(minutes=50)
    await scene.say("/help")
    await scene.press("button-queue")
    await scene.press("button-queue")


@dialogue("queue", "Who waits longest, page by page, and one of them")
async def queue(scene: Scene) -> None:
    house = await _at_work(scene)
    for number in range(1, 9):
        _contact(house, f"K-{number:04}").send()
        house.pass_(minutes=7)
    await scene.pass_(hours=2)
    await scene.say("/queue")
    await scene.press("button-next")
    await scene.tap("📁 K-0008")


@dialogue("duty", "On duty and off")
async def duty(scene: Scene) -> None:
    await _at_work(scene)
    await scene.say("/duty off", "/duty on")


@dialogue("case", "A contact, with offers; and a code that there is not")
async def case(scene: Scene) -> None:
    house = await _at_work(scene)
    phone = _contact(house)
    house.schedule(house.draft(house.movement(5, "KBL-1"), [phone], release_at=house.now))
    house.write(notices.release_due, house.now)
    phone.send()
    await scene.pass_(hours=30)
    await scene.say("/case K-4821", "/case K-1")


@dialogue("invite", "A letter is proposed; the desk makes it")
async def invite(scene: Scene) -> None:
    await _at_work(scene)
    await scene.say("/invite")


@dialogue("departures", "Departures, more than a message holds, and what was held back")
async def departures(scene: Scene) -> None:
    house = await _at_work(scene)
    phone = _contact(house)
    for number in range(1, 13):
        house.movement(40 + number, f"KBL-{number:02}")
    house.schedule(house.draft(house.movement(40, "KBL-00"), [phone], party=4, release_at=house.now))
    house.write(notices.release_due, house.now)
    await _withheld(scene, house)
    await scene.pass_(hours=24, minutes=1)  # the reminder has deleted itself
    await scene.say("/departures")


@dialogue("departure", "One departure in numbers, whose seats they are, and a step that is proposed")
async def departure(scene: Scene) -> None:
    await _filled(scene, await _at_work(scene))
    await scene.say("/departure AIR-07", "/quota AIR-07", "/departure AIR-07 call")


@dialogue("board", "Who is to go, and who went; what became of somebody is proposed")
async def board_(scene: Scene) -> None:
    house = await _at_work(scene)
    draft = await _filled(scene, house)
    house.as_(house.chief, movements.step, draft.movement, "call", house.now)
    await scene.say("/outcome AIR-07 K-4821 not-lifted")
    house.as_(house.chief, outcomes.record, draft.movement, Outcome("K-4821", "boarded", 3, 1, 0), house.now)
    await scene.say("/board AIR-07")


@dialogue("called-off", "An office called off a departure on which this one has seats")
async def called_off(scene: Scene) -> None:
    house = await _at_work(scene)
    north = House(house.store, house.vault, house.now, root=RootKeys(bytes(32), bytes(32))).register()
    befriend(north, house)
    movement = north.movement(40, "AIR-07")
    Lending(north, house, movement, 12, house.now + timedelta(hours=40)).offer().take_up()
    house.schedule(house.draft(movement, [_contact(house)], party=4))
    north.as_(north.chief, movements.cancel, movement, house.now)
    await scene.pass_(minutes=1)


@dialogue("standby", "Who waits for a seat, in the order of calling")
async def standby(scene: Scene) -> None:
    house = await _at_work(scene)
    phones = [_contact(house, f"K-{number:04}") for number in range(1, 9)]
    seats = [
        Seat(phone.contact, new_id(), 1 + number % 3, standby=1 + number)
        for number, phone in enumerate(phones)
    ]
    house.schedule(house.draft(house.movement(1, "AIR-07"), phones, offers=seats))
    await scene.pass_(minutes=40)
    await scene.say("/standby AIR-07")


@dialogue(
    "notices",
    "Notices by their numbers: held back, to go out, and out; and copies that are to be sealed again",
)
async def notices_(scene: Scene) -> None:
    house = await _at_work(scene)
    await _filled(scene, house)
    phone = _contact(house, "K-4823")
    waits = {"content_hash": bytes([2]) * 32, "release_at": house.now + timedelta(hours=5)}
    house.schedule(house.draft(None, [phone], **waits))
    movement = house.movement(3, "UZ-02")
    house.as_(house.chief, conditions.say, movement, **RED, now=house.now)
    house.schedule(house.draft(movement, [phone], content_hash=bytes([3]) * 32, release_at=house.now))
    house.write(notices.release_due, house.now)
    gone = prekeys.update().where(prekeys.c.device == phone.device).values(delete_at=house.now)
    house.write(lambda tx: tx.execute(gone))
    await scene.pass_(minutes=20)
    await scene.say("/notices")


@dialogue(
    "approve", "What takes a key is made at the desk: to approve, to warn, to call off, to offer, to lend"
)
async def approve(scene: Scene) -> None:
    house = await _at_work(scene)
    await _filled(scene, house)
    phone = _contact(house, "K-4823")
    warning = house.draft(None, [phone], kind=NoticeKind.THREAT, content_hash=bytes([4]) * 32)
    house.approve(house.by("C-02"), warning)
    await scene.pass_(minutes=20)
    number = verification_code(warning.content_hash)
    await scene.say(
        "/approve", f"/threat {number}", "/cancel AIR-07", "/offer AIR-07 K-4823", "/lend AIR-07 5"
    )


@dialogue("asked-to-sign", "What colleagues propose to stop, and a warning that one officer alone signed")
async def asked_to_sign(scene: Scene) -> None:
    house = await _at_work(scene)
    await _filled(scene, house)
    colleague = house.read(auth.device_of, house.by("C-02").device, house.now)
    warning = house.draft(
        None, [_contact(house, "K-4823")], kind=NoticeKind.THREAT, content_hash=bytes([5]) * 32,
        approved_by=["C-02"], route=Route.LAND_PK, release_at=house.now,
    )  # fmt: skip
    house.approve(house.by("C-02"), warning)
    number = verification_code(warning.content_hash)
    for kind, subject in (("cancel", "AIR-07"), ("threat", number)):
        house.write(proposals.propose, colleague, house.now, kind=kind, subject=subject)
    house.schedule(warning)
    await scene.pass_(minutes=3)


RED = {"condition": "permit", "state": "red", "grade": "official"}


async def _filled(scene: Scene, house: House) -> Draft:
    """AIR-07: seats of two offices, somebody who accepted, somebody who has not answered; its notice is out."""
    north = House(house.store, house.vault, house.now, root=RootKeys(bytes(32), bytes(32))).register()
    befriend(house, north)
    phones = [_contact(house, alias) for alias in ("K-4821", "K-4822")]
    movement = house.movement(40, "AIR-07")
    Lending(house, north, movement, 12, house.now + timedelta(hours=40)).offer().take_up()
    changes = {"content_hash": bytes([1]) * 32, "party": 4, "release_at": house.now}
    draft = house.draft(movement, phones, **changes)
    house.schedule(draft)
    house.write(notices.release_due, house.now)
    house.as_(phones[0], answers.answer, phones[0].answer(draft, Reply.ACCEPT, party=4), house.now)
    await scene.pass_(minutes=1)
    return draft


@dialogue(
    "conditions", "Whether the way is clear: a movement's list, what is proposed, and news of what is red"
)
async def conditions_(scene: Scene) -> None:
    house = await _at_work(scene)
    phone = _contact(house)
    draft = house.draft(house.movement(40, "AIR-07"), [phone], party=4)
    house.schedule(draft)
    await scene.say(
        "/conditions AIR-08", "/conditions AIR-07", "/conditions AIR-07 permit green official 12h"
    )
    said = {"condition": "airport", "state": "red", "grade": "media", "now": house.now}
    house.as_(house.by("C-02"), conditions.say, draft.movement, **said)
    await scene.pass_(minutes=1)
    await scene.say("/conditions AIR-07")


@dialogue("daily", "In the morning: what waits, in numbers")
async def daily_(scene: Scene) -> None:
    house = await _at_work(scene)
    house.movement(40, "AIR-07")
    house.invite().enrol()
    # Before the beat comes by itself: where it stands among the others is no matter, and once a day is enough.
    morning = NOON.replace(hour=2, minute=30)
    house.write(daily.tell, house.read(daily.reports, morning), morning)
    await scene.pass_(minutes=1)


@dialogue(
    "integrity", "Seats or logs are not what was written: coordinators and host administrators are told"
)
async def integrity_(scene: Scene) -> None:
    house = await _at_work(scene)
    faults = [integrity.Fault("ledger", house.office), integrity.Fault("audit", house.office)]
    house.write(integrity.tell, faults, house.now)
    await scene.pass_(minutes=1)


@dialogue("routes", "The board of routes, and a way of which hardly anything is known")
async def routes(scene: Scene) -> None:
    house = await _at_work(scene)
    await scene.say("/airport")
    plan = {"code": "UZ-01", "route": Route.LAND_UZ, "departs_at": house.now + timedelta(days=3), "seats": 6}
    movement = house.as_(house.chief, movements.make, **plan, now=house.now).movement
    await scene.say("/conditions UZ-01")
    longer = {"expires": house.now + timedelta(days=2), "now": house.now}
    soon = longer | {"expires": house.now + timedelta(minutes=2)}
    for condition, grade, said in (
        ("medical", "rumour", longer),
        ("weather", "partner", longer),
        ("permit", "official", soon),
    ):
        house.as_(
            house.chief, conditions.say, movement, condition=condition, state="green", grade=grade, **said
        )
    other = House(house.store, house.vault, house.now).register()
    for who, route, status in (
        (house, Route.AIR, "discussion"),
        (house, Route.LAND_PK, "limited"),
        (house, Route.LAND_TJ, "technical"),
        (other, Route.LAND_UZ, "closed"),
    ):
        who.as_(who.chief, conditions.put_up, route=route, status=status, grade="official", **longer)
    house.as_(house.chief, board.say, route=Route.AIR, status="open", grade="rumour", **longer)
    await scene.pass_(minutes=3)
    await scene.say("/airport", "/conditions UZ-01")
    draft = house.draft(movement, [_contact(house)], release_at=scene.now(house).now)
    house.schedule(draft)
    house.write(notices.release_due, house.now)
    await scene.pass_(minutes=1)


async def _withheld(scene: Scene, house: House) -> None:
    """A notice is due whose second approval does not stand any more."""
    phone = _contact(house, "K-4822")
    draft = house.draft(house.movement(3, "LAND-1"), [phone], approved_by=["C-01", "C-03"])
    house.schedule(draft)
    house.as_(house.chief, offices.follow, house.next_roster(remove=["C-03"]), house.now)
    await scene.pass_(hours=1, minutes=1)
    scene.now(house).write(notices.release_due, house.now)
    await scene.settle()


@dialogue("withheld", "A notice that was due was held back: coordinators are told")
async def withheld(scene: Scene) -> None:
    await _withheld(scene, await _at_work(scene))


@dialogue("household", "A household in numbers and codes")
async def household(scene: Scene) -> None:
    house = await _at_work(scene)
    alias = _household(house)
    named = {"now": house.now}
    house.as_(house.chief, cases.add_member, alias, kind="minor", guardian=1, **named)
    needs = {"needs": ["infant", "medical"], "preferred_officer": "female", "language": scene.language}
    house.as_(house.chief, cases.set_needs, alias, **needs, **named)
    for fact, answer, grade in (("requested", "yes", "known"), ("ready", "no", "estimated")):
        said = {"fact": fact, "answer": answer, "grade": grade, "as_of": house.now - timedelta(hours=5)}
        house.as_(house.chief, facts.record, alias, **said, **named)
    house.as_(house.chief, facts.intend, alias, intent="wants", **named)
    house.as_(house.chief, verification.take, alias, step="confirm", reason="papers", **named)
    await scene.say(f"/household {alias}")


@dialogue("propose", "A fact, a wish and a check are proposed; nothing has changed yet")
async def propose(scene: Scene) -> None:
    house = await _at_work(scene)
    alias = _household(house)
    await scene.say(f"/fact {alias} ready yes", f"/intent {alias} wants", f"/vet {alias} papers")


@dialogue("assign", "Who looks after whom, and who leaves: proposed, too")
async def assign(scene: Scene) -> None:
    house = await _at_work(scene)
    await scene.say(f"/assign {_household(house)} W-02", "/offboard W-01")


@dialogue("refused", "What cannot be now, and what is no code")
async def refused(scene: Scene) -> None:
    house = await _at_work(scene)
    alias = _household(house)
    house.as_(house.chief, cases.close, alias, reason="arrived", now=house.now)
    await scene.say(f"/fact {alias} ready yes", "/household H-1", "/vet H-4821 Sara, at the gate")


@dialogue("report", "Households by what is known of them; small counts are not shown")
async def report(scene: Scene) -> None:
    house = await _at_work(scene)
    for number in range(1, 14):
        alias = _household(house, f"K-{number:04}")
        said = {
            "fact": "ready",
            "answer": "yes" if number < 8 else "no",
            "grade": "known",
            "as_of": house.now,
        }
        house.as_(house.chief, facts.record, alias, **said, now=house.now)
        if number > 5:
            house.as_(house.chief, facts.intend, alias, intent="wants", now=house.now)
    await scene.pass_(hours=3)
    await scene.say("/report")


@dialogue("notreached", "Whom nobody reached")
async def notreached(scene: Scene) -> None:
    house = await _at_work(scene)
    for alias in ("K-4821", "K-4822"):
        _contact(house, alias)
        for way in ("telephone", "relative"):
            house.as_(house.chief, attempts.record, alias, way=way, outcome="unanswered", now=house.now)
    await scene.pass_(hours=26)
    await scene.say("/notreached")


@dialogue("threads", "Messages between offices, as counts and ages")
async def threads(scene: Scene) -> None:
    house = await _at_work(scene)
    partner = House(house.store, house.vault, house.now).register()
    for one, other in ((house, partner), (partner, house)):
        one.as_(one.chief, rules.accept, other.office, house.now)
    for mediated in (True, False):
        sealed = partner.seal(
            partner.chief, [Address(HolderKind.EPOCH, bytes(16), house.epoch.prekey.prekey)]
        )
        partner.as_(partner.chief, rules.send, house.office, sealed, mediated=mediated, now=house.now)
    await scene.pass_(hours=3)
    await scene.say("/threads")


@dialogue("consents", "What was taken back, and which office has not acknowledged it")
async def consents(scene: Scene) -> None:
    house = await _at_work(scene)
    same = RootKeys(bytes(32), bytes(32))  # for its id stands in the picture
    north = House(house.store, house.vault, house.now, root=same).register()
    befriend(house, north)
    for owner, reader in ((house, north), (north, house)):
        phone = owner.enrolled("messages")
        phone.share(reader.office, "identity")
        disclose(phone, reader, "identity")
        reader.as_(reader.chief, mailbox.fetch, 0, 100, reader.now)
        phone.share(reader.office, "identity", given=False)
    await scene.pass_(hours=26)
    await scene.say("/consents")


@dialogue("office", "The office and its officers")
async def office(scene: Scene) -> None:
    house = await _at_work(scene)
    _contact(house)
    await scene.say("/office", "/staff")


@dialogue("audit", "The log: its newest entries, and no entry")
async def audit(scene: Scene) -> None:
    house = await _at_work(scene)
    alias = _household(house)
    house.as_(house.chief, facts.intend, alias, intent="unsure", now=house.now)
    _contact(house, "K-4822")
    await scene.say("/case K-4822", f"/vet {alias}", "/audit", "/audit K-9")
