"""However people give, take back, forget and change phones: nobody is reached for what they do not agree to now."""

from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from crypto.encoding import moment, unix
from crypto.envelope import split
from crypto.statement import CONSENT_LIFE, Consent
from crypto.vault import Vault
from relay import accounts, consent, contacts, delivery, enrolments, notices, post, sponsors
from relay.errors import RelayError
from relay.sponsors import SPONSOR
from tests.property.paths import MANY, lead
from tests.relay.house import House, Phone

PEOPLE = 2
PURPOSES = ("messages", "departures")
WHO = st.integers(0, PEOPLE - 1)
PURPOSE = st.sampled_from(PURPOSES)
LIFE = timedelta(seconds=CONSENT_LIFE)
GIVEN = st.sampled_from([True, True, False])
#: How long ago a statement was signed: just now, while the line was down, or nearly a year.
AGO = st.sampled_from([timedelta(), timedelta(), timedelta(hours=1), LIFE - timedelta(hours=9)])


class Person:
    """What the model holds of a contact: what stands, and what must lie at the relay for them."""

    def __init__(self, phone: Phone, chat: int) -> None:
        self.phone, self.chat = phone, chat
        self.relative = 0
        self.stands: dict[str, tuple[bool, datetime, datetime, Phone]] = {}  # given, at, signed at, by
        #: A phone that waits for its card, and what it said.
        self.waiting: Phone | None = None
        self.aside: dict[str, tuple[bool, datetime, datetime, Phone]] = {}
        self.mail: dict[bytes, tuple[str, datetime]] = {}  # envelope -> purpose, expires
        self.coming: dict[bytes, tuple[datetime, datetime]] = {}  # envelope -> when it is released, expires

    def agrees(self, purpose: str, until: datetime) -> bool:
        given, _, signed, _ = self.stands.get(purpose, (False, until, until, self.phone))
        return given and until < signed + LIFE

    def drop(self, purpose: str) -> None:
        if purpose == SPONSOR:
            return
        self.mail = {} if purpose == "messages" else {k: v for k, v in self.mail.items() if v[0] != purpose}
        self.coming = {}  # a notice needs both


class Consents(RuleBasedStateMachine):
    store = None

    @initialize()
    def start(self):
        self.house = House(self.store, Vault(bytes(32))).register()
        self.chats = 800_000_000 + int.from_bytes(self.house.office[:4], "big")
        self.end = self.house.now + timedelta(days=25)  # the roster ends soon after
        self.people = [
            Person(self.house.enrolled(telegram_id=self.chats + n), self.chats + n) for n in range(PEOPLE)
        ]
        for who, person in enumerate(self.people):
            view = self.house.as_(self.house.chief, contacts.one, person.phone.contact, self.house.now)
            link = self.house.as_(self.house.chief, sponsors.invite, view.alias, self.house.now)
            abroad = self.house.write(accounts.known, self.house.vault, person.chat + 2000, self.house.now)
            self.house.write(sponsors.bind, abroad.id, link.code, self.house.now)
            person.relative = abroad.id
            for purpose in PURPOSES:
                self.say(who, purpose, True, timedelta() if who else LIFE - timedelta(hours=9))

    @property
    def now(self) -> datetime:
        return self.house.now

    def attempt(self, allowed: bool, call, *args):
        outcome = "ok"
        try:
            call(*args)
        except RelayError as error:
            outcome = error.code
        assert outcome == ("ok" if allowed else "no_consent")

    def said(self, phone: Phone, purpose: str, given: bool, ago: timedelta) -> tuple:
        """A statement handed to the relay, as the model keeps it."""
        counter = phone.counters.get(purpose, 0) + 1
        phone.counters[purpose] = counter
        at = unix(self.now - ago)
        made = Consent(
            self.house.office,
            phone.contact,
            phone.device,
            purpose,
            self.house.office,
            "all",
            1,
            "en",
            given,
            counter,
            at,
        )
        self.house.as_(phone, consent.record, made.sign(phone.keys.sign_seed), self.now)
        return given, self.now, moment(at), phone

    @rule(who=WHO, purpose=PURPOSE, given=GIVEN, ago=AGO)
    def say(self, who, purpose, given, ago):
        self.house.pass_(minutes=1)
        person = self.people[who]
        before = person.stands.get(purpose)
        said = self.said(person.phone, purpose, given, ago)
        if given and before and not before[0] and before[3] is not person.phone and before[2] >= said[2]:
            return  # it was signed before another phone took it back
        person.stands[purpose] = said
        if not given:
            person.drop(purpose)

    @rule(who=WHO, given=GIVEN, ago=AGO)
    def permit_a_relative(self, who, given, ago):
        self.say(who, SPONSOR, given, ago)

    @rule(who=WHO)
    def relative_asks(self, who):
        person = self.people[who]
        told = self.house.write(sponsors.heard, person.relative, self.now)
        assert bool(told) == person.agrees(SPONSOR, self.now)

    @rule(who=WHO, purpose=PURPOSE, given=GIVEN, ago=AGO)
    def read_a_letter(self, who, purpose, given, ago):
        """Somebody has the letter for another phone, the person or a thief, and speaks before a card names it."""
        self.house.pass_(minutes=1)
        person = self.people[who]
        if person.waiting is None:
            person.waiting = self.house.invite(person.chat + 1000, contact=person.phone.contact)
            person.waiting.enrol()
        person.aside[purpose] = self.said(person.waiting, purpose, given, ago)

    @precondition(lambda self: any(person.waiting for person in self.people))
    @rule(who=WHO)
    def confirm(self, who):
        """The new phone takes the old one's place: what it said while it waited is the person's word."""
        person = self.people[who]
        if person.waiting is None:
            return
        new, person.waiting = person.waiting, None
        new.card = person.phone.card
        card = self.house.card(new, cosign=self.house.by("C-02"))
        self.house.as_(self.house.chief, enrolments.card, card, new.secret.invitation, self.now)
        person.phone, person.mail, person.coming = new, {}, {}  # sealed to keys that are not the person's now
        for purpose, later in person.aside.items():
            if purpose not in person.stands or person.stands[purpose][1] <= later[1]:
                person.stands[purpose] = later
                if not later[0]:
                    person.drop(purpose)
        person.aside = {}

    @precondition(lambda self: any(person.waiting for person in self.people))
    @rule(who=WHO)
    def refuse(self, who):
        person = self.people[who]
        if person.waiting is not None:
            self.house.as_(self.house.chief, enrolments.refuse, person.waiting.secret.invitation, self.now)
            person.waiting, person.aside = None, {}

    @rule(who=WHO)
    def office_writes(self, who):
        person = self.people[who]
        data = self.house.seal(self.house.chief, self.house.to(person.phone))
        upload = post.Upload(self.house.chief.device, data, self.now)
        self.attempt(person.agrees("messages", self.now), self.house.write, post.accept, upload)
        if person.agrees("messages", self.now):
            header = split(data).header
            person.mail[header.envelope] = ("messages", moment(header.expires))

    @rule(who=WHO)
    def person_writes(self, who):
        person = self.people[who]
        self.attempt(person.agrees("messages", self.now), person.phone.send)

    @rule(who=WHO, hours=st.sampled_from([6, 48]))
    def schedule(self, who, hours):
        """An advisory, released in an hour if they agree until it is over."""
        person, expires = self.people[who], self.now + timedelta(hours=hours)
        draft = self.house.draft(
            None, [person.phone], expires=expires, answer_by=expires - timedelta(hours=1)
        )
        allowed = all(person.agrees(purpose, expires) for purpose in PURPOSES)
        self.attempt(allowed, self.house.schedule, draft)
        if allowed:
            header = split(draft.envelope).header
            person.coming[header.envelope] = (draft.release_at, min(expires, moment(header.expires)))

    @rule(hours=st.sampled_from([2, 10]))
    def wait(self, hours):
        """The clock's job is done too: whoever has not taken anything back since gets their notice."""
        if self.now + timedelta(hours=hours) < self.end:
            self.house.pass_(hours=hours)
        self.house.write(notices.release_due, self.now)
        for person in self.people:
            for envelope, (at, expires) in list(person.coming.items()):
                if at <= self.now:
                    del person.coming[envelope]
                    person.mail[envelope] = ("departures", expires)
        self.ring()

    @rule()
    def sweep(self):
        """What lapsed counts as taken back."""
        self.house.write(consent.lapse, self.now)
        for person in self.people:
            for purpose, (given, _, signed, _) in list(person.stands.items()):
                if given and signed + LIFE <= self.now:
                    del person.stands[purpose]
                    person.drop(purpose)

    @rule(who=WHO)
    def read(self, who):
        person = self.people[who]
        assert set(person.phone.read()) == {
            k for k, (_, expires) in person.mail.items() if self.now < expires
        }
        person.mail = {}

    def ring(self):
        """What goes out now goes to those who agree now, and to all of them."""
        lead = self.house.write(delivery.lead, "one", self.now)
        claims = self.house.write(delivery.claim, self.house.vault, lead, self.now, limit=10)
        rung = {claim.chat for claim in claims if claim.kind == "ring"}
        for claim in claims:
            assert self.house.write(delivery.settle, claim, delivery.Later(self.now), self.now)
        for person in self.people:
            waits = any(
                self.now < expires and person.agrees(purpose, self.now)
                for purpose, expires in person.mail.values()
            )
            assert (person.chat in rung) <= waits

    @invariant()
    def what_stands_is_what_was_said(self):
        if not hasattr(self, "house"):
            return
        for person in self.people:
            view = self.house.as_(self.house.chief, contacts.one, person.phone.contact, self.now)
            assert {said.purpose: said.given for said in view.consents} == {
                purpose: given for purpose, (given, *_) in person.stands.items()
            }


@pytest.mark.parametrize("paths", MANY)
def test_nobody_is_reached_without_a_live_consent(store, paths):
    Consents.store = store
    lead(Consents, paths, steps=30)
