"""Two offices of one relay, somebody for every role in the first, and one thing of every kind in both."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from unittest.mock import patch

from crypto.attachment import SEALED_CHUNK, token_hash
from crypto.device import OwnerKind
from crypto.encoding import new_id, unix
from crypto.envelope import Address
from crypto.keys import DeviceKeys
from crypto.letter import Secret
from crypto.prekey import HolderKind
from crypto.record import ZERO_16, ZERO_32
from crypto.roster import Role
from crypto.statement import Reply
from crypto.vault import Vault
from relay import (
    answers,
    attachments,
    attempts,
    cardchanges,
    cases,
    contacts,
    enrolments,
    mailbox,
    movements,
    offices,
    outcomes,
    proposals,
    referrals,
    threads,
)
from relay import notices as notice_rules
from relay.attachments import Chunk, Ticket
from relay.disclosures import Passing
from relay.notices import Draft, Seat
from relay.outcomes import Outcome
from store.engine import Store
from tests.relay.house import START, House, Officer, Phone
from tests.relay.lending import Lending
from tests.relay.test_rule_cardchanges import asked

PEOPLE = ("stranger", "newcomer", "pending contact", "contact")
OFFICERS = {
    "coordinator": Role.COORDINATOR,
    "caseworker": Role.CASEWORKER,
    "liaison": Role.LIAISON,
    "auditor": Role.AUDITOR,
    "host": Role.HOST,
}
CONFIRMER = "confirmer"
"""A coordinator's phone that only confirms."""
PRINCIPALS = (*PEOPLE, *OFFICERS, CONFIRMER)


@dataclass
class Actor:
    """Somebody who asks. A stranger signs nothing; a newcomer's device is not known yet."""

    name: str
    mine: "Things"
    keys: DeviceKeys
    phone: Phone | None = None

    @property
    def house(self) -> House:
        return self.mine.house

    @property
    def known(self) -> bool:
        return self.name not in {"stranger", "newcomer"}

    @property
    def device(self) -> bytes:
        return self.keys.record.device


LABELS = {
    "house": "office",
    "phone": "contact",
    "waiting": "enrolment",
    "letter": "letter",
    "used_code": "admission code",
    "proposal": "proposal",
    "to_sign": "proposal",
    "idle": "movement",
    "draft": "notice",
    "mail": "envelope",
    "attachment": "attachment",
    "case": "case",
    "caseless": "contact",
    "spare": "contact",
    "enrolled": "contact",
    "asked": "envelope",
    "taken_back": "withdrawal",
    "unlettered": "referral",
    "renewed": "enrolment",
    "second": "further device",
    "lent": "loan",
    "offered": "loan",
    "borrowed": "loan",
    "returned": "loan",
    "called": "movement",
    "boarding": "contact",
    "missed": "contact",
}


@dataclass
class Things:
    """One of everything an office has; `own` to whoever asks. What a request reads of it is what it names."""

    own: bool
    house: House
    phone: Phone
    waiting: Phone
    letter: Phone
    used_code: str
    proposal: bytes
    #: One that takes keys.
    to_sign: bytes
    idle: bytes
    draft: Draft
    mail: bytes
    #: What an officer sent the contact.
    attachment: Ticket
    case: str
    #: The alias of a contact without a case.
    caseless: str
    #: Of another one, with a phone that waits.
    spare: str
    #: The alias of a contact whose phone was confirmed.
    enrolled: str
    #: Another office, which accepts this one, and its envelope that is to be passed on.
    ally: House
    asked: bytes
    #: What that office passed on to this one, and its contact took back.
    taken_back: bytes
    #: Somebody who came without a letter. The asker's office takes more of them, no other does.
    unlettered: Phone
    #: The new phone of the contact, which waits.
    renewed: Phone
    #: The second device of another contact, which waits.
    second: Phone
    #: Seats lent to the ally: nobody took them up; the ally gives some back.
    lent: Lending
    returned: Lending
    #: Seats the ally lends: to be taken up; taken up.
    offered: Lending
    borrowed: Lending
    #: A movement that was called; the alias of who has a seat on it, and of who did not come and was reached since.
    called: bytes
    boarding: str
    missed: str
    named: set[str] = field(default_factory=set)

    def __getattribute__(self, name: str) -> object:
        if name in LABELS:
            object.__getattribute__(self, "named").add(LABELS[name])
        return object.__getattribute__(self, name)


def settle(
    store: Store, vault: Vault, tag: str, *, own: bool, now: datetime = START, telegram_id: int | None = None
) -> Things:
    """Found an office in which everything there is happened once; codes and aliases begin with the tag."""
    house = House(store, vault, now)
    more = {"W-02": Role.CASEWORKER, "L-01": Role.LIAISON, "H-01": Role.HOST}
    house.officers += [house._officer(code, role) for code, role in more.items()]
    house.pocket("C-03")
    house.roster = house._roster(1, ZERO_32)
    code = house.write(offices.admit, house.now).code
    house.write(
        offices.register,
        code=code,
        roster=house.roster.sign(house.root.seed),
        prekeys=[pair.prekey.sign(house.chief.keys.sign_seed) for pair in house.prekeys],
        device=house.chief.device,
        now=house.now,
    )
    phone = house.invite(telegram_id, alias=f"{tag}-1001")
    phone.enrol(language="en")
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    phone.consent("messages", "departures")
    waiting = house.invite(alias=f"{tag}-1002")
    waiting.enrol()
    letter = house.invite(alias=f"{tag}-1003")
    idle = house.movement(5, f"{tag}-7")
    draft = house.draft(house.movement(5, f"{tag}-8"), [phone], release_at=house.now)
    house.schedule(draft)
    house.write(notice_rules.release_due, house.now)
    phone.send()
    with patch.object(cases.secrets, "randbelow", return_value=ord(tag[-1])):  # no two offices draw the same
        case = house.as_(house.chief, cases.open_, contact=f"{tag}-1001", now=house.now)
    house.as_(house.chief, cases.add_member, case, kind="adult", now=house.now)
    house.as_(house.chief, cases.add_member, case, kind="minor", guardian=1, now=house.now)
    ally = House(store, vault, now).register()
    for one, two in ((house, ally), (ally, house)):
        one.as_(one.chief, threads.accept, two.office, now)
    letter_to_us = ally.seal(ally.chief, [Address(HolderKind.EPOCH, ZERO_16, house.epoch.prekey.prekey)])
    asked = ally.as_(ally.chief, threads.send, house.office, letter_to_us, mediated=True, now=now).id
    phone.share(ally.office, "identity")
    taken_back = _taken_back(ally, house)
    renewed = house.invite(contact=phone.contact, alias="")
    renewed.enrol()
    renewed.card = phone.card
    house.as_(house.chief, referrals.open_, f"{tag}-OPEN", house.now)
    unlettered = house.unlettered()
    if not own:
        house.as_(house.chief, referrals.close, house.now)
    return Things(
        own=own,
        house=house,
        phone=phone,
        waiting=waiting,
        letter=letter,
        used_code=code,
        proposal=house.as_(
            house.chief, proposals.propose, house.now, kind="intent", subject=case, words="wants"
        ),
        to_sign=house.as_(house.chief, proposals.propose, house.now),
        idle=idle,
        draft=draft,
        mail=house.write_to(phone).id,
        attachment=_attached(house, phone),
        case=case,
        caseless=f"{tag}-1003",
        spare=f"{tag}-1002",
        enrolled=f"{tag}-1001",
        ally=ally,
        asked=asked,
        taken_back=taken_back,
        unlettered=unlettered,
        renewed=renewed,
        second=_second(house),
        **_loans(house, ally, f"{tag}-LENT"),
        **_called(house, f"{tag}-900"),
    )


def _attached(house: House, phone: Phone) -> Ticket:
    """An attachment of one chunk for the contact."""
    ticket = Ticket(new_id(), secrets.token_bytes(32))
    expires, hashed = house.now + timedelta(days=7), token_hash(ticket.token)
    chunk = Chunk(ticket.attachment, 0, bytes(SEALED_CHUNK), 1, expires, hashed, phone.contact)
    house.as_(house.chief, attachments.put, chunk, house.now)
    return ticket


def _second(house: House) -> Phone:
    first = house.enrolled("messages")
    page = replace(house.phone(first.secret, first.contact), card=first.card)
    asking = asked(house, first.keys, first.contact, page, at=unix(house.now) + 1)
    house.as_(first, cardchanges.ask, asking, house.now)
    return page


def _called(house: House, code: str) -> dict[str, bytes | str]:
    """Two accepted: one is about to board, the other did not come."""
    phones = [house.enrolled("messages", "departures") for _ in range(2)]
    draft = house.draft(house.movement(9, code), phones, release_at=house.now)
    house.schedule(draft)
    house.write(notice_rules.release_due, house.now)
    for phone in phones:
        house.as_(phone, answers.answer, phone.answer(draft, Reply.ACCEPT), house.now)
    chief, movement = house.chief, draft.movement
    house.as_(chief, movements.step, movement, "call", house.now)
    aliases = {view.contact: view.alias for view in house.as_(chief, contacts.listed, house.now)}
    boarding, missed = (aliases[phone.contact] for phone in phones)
    house.as_(chief, outcomes.record, movement, Outcome(missed, "no_show"), house.now)
    house.as_(chief, attempts.record, missed, way="person", outcome="reached", now=house.now)
    return {"called": movement, "boarding": boarding, "missed": missed}


def _loans(house: House, ally: House, code: str) -> dict[str, Lending]:
    """One in each state in which something can be done with it."""
    ours, theirs = house.movement(9, code), ally.movement(9, code)
    until = house.now + timedelta(hours=40)
    lent, returned = (Lending(house, ally, ours, 2, until).offer() for _ in range(2))
    offered, borrowed = (Lending(ally, house, theirs, 2, until).offer() for _ in range(2))
    returned.take_up().give_back(1)
    return {"lent": lent, "returned": returned, "offered": offered, "borrowed": borrowed.take_up()}


def _taken_back(ally: House, house: House) -> bytes:
    """The envelope of a disclosure that was read here and then taken back."""
    phone = ally.enrolled("messages")
    phone.share(house.office, "identity")
    letter = ally.seal(ally.chief, [Address(HolderKind.EPOCH, ZERO_16, house.epoch.prekey.prekey)])
    passing = Passing(phone.contact, ["identity"])
    sent = ally.as_(ally.chief, threads.send, house.office, letter, passing=passing, now=ally.now)
    house.as_(house.chief, mailbox.fetch, 0, 100, house.now)
    phone.share(house.office, "identity", given=False)
    return bytes(sent.id)


def neighbours(mine: Things) -> tuple[Things, Things]:
    """Another contact of the same office with what is theirs, and one that there is not."""
    house = mine.house
    phone = house.invite(alias="KA-1004")
    phone.enrol()
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    phone.consent("messages", "departures")
    phone.share(mine.ally.office, "identity")
    draft = house.draft(house.movement(5, "KA-OTHER"), [phone], release_at=house.now)
    house.schedule(draft)
    house.write(notice_rules.release_due, house.now)
    theirs = {"own": False, "named": set(), "attachment": _attached(house, phone)}
    neighbour = replace(mine, phone=phone, draft=draft, mail=house.write_to(phone).id, **theirs)
    secret = Secret.generate()
    nobody = house.phone(secret, secret.contact)
    blank = replace(draft, notice=new_id(), offers=[Seat(nobody.contact, new_id(), 1)])
    return neighbour, replace(
        mine,
        phone=nobody,
        draft=blank,
        mail=new_id(),
        own=False,
        named=set(),
        attachment=Ticket(new_id(), bytes(32)),
    )


def actors(mine: Things) -> list[Actor]:
    """One for each of PRINCIPALS, officers and contacts of the office that owns `mine`."""
    house = mine.house
    unknown = [DeviceKeys.generate(house.office, OwnerKind.CONTACT, new_id()) for _ in range(2)]
    people = [
        Actor("stranger", mine, unknown[0]),
        Actor("newcomer", mine, unknown[1]),
        Actor("pending contact", mine, mine.waiting.keys, mine.waiting),
        Actor("contact", mine, mine.phone.keys, mine.phone),
    ]
    roles = OFFICERS | {CONFIRMER: Role.CONFIRMER}
    return people + [Actor(name, mine, officer(house, role).keys) for name, role in roles.items()]


def officer(house: House, role: Role) -> Officer:
    """The last who has it: the first ones have done things already that would be harmless a second time."""
    return next(each for each in reversed(house.officers) if each.roles == role)
