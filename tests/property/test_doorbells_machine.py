"""However mail, reading, silence, blocking and failing sends interleave: one bell for what is unread, else none."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from relay import accounts, delivery, doorbells
from relay.delivery import Claim, Gone, Later, Refused, Sent, Uncertain
from tests.property.paths import ON_EITHER, lead

CHAT = 800_000_001


class Bells(RuleBasedStateMachine):
    """One chat with two people on one phone; the model is what stands in the chat."""

    street = None

    @initialize()
    def start(self):
        self.house = self.street.house()
        self.phones = [self.house.enrolled("messages", telegram_id=CHAT) for _ in range(2)]
        self.account = self.house.write(accounts.known, self.house.vault, CHAT, self.house.now).id
        self.chat: set[int] = set()
        self.unread = [0, 0]
        self.flying: list[Claim] = []
        self.paused = self.blocked = False
        self.strays: set[int] = set()  # sent, but the relay never heard so: nobody will delete them
        self.messages = 0
        self.loud_due = False
        self.rests = False  # a ring that was refused, ever longer

    def teardown(self):
        if hasattr(self, "house"):
            self.house.store.close()

    def lead(self):
        return self.house.write(delivery.lead, "one", self.house.now)

    def claim(self) -> list[Claim]:
        return self.house.write(delivery.claim, self.house.vault, self.lead(), self.house.now, limit=10)

    def send(self, claim: Claim) -> int | None:
        """What Telegram does with it."""
        if claim.kind == "delete":
            self.chat.discard(claim.message_id)
            return None
        self.chat.discard(claim.replaces)
        self.messages += 1
        self.chat.add(self.messages)
        if not claim.silent:
            self.loud_due = False
        return self.messages

    @rule(who=st.integers(0, 1), urgent=st.booleans())
    def letter(self, who, urgent):
        self.house.write_to(self.phones[who], urgent=urgent)
        self.unread[who] += 1
        self.loud_due |= urgent and not self.paused

    @rule(who=st.integers(0, 1))
    def read(self, who):
        self.phones[who].read()
        self.unread[who] = 0
        self.loud_due &= any(self.unread)

    @rule(who=st.integers(0, 1))
    def fetch_in_vain(self, who):
        """Served, but the answer is lost."""
        self.phones[who].mail(limit=100)

    @rule(paused=st.booleans())
    def silence(self, paused):
        self.house.write(accounts.pause, self.account, paused, self.house.now)
        self.paused = paused
        self.loud_due &= not paused

    @rule()
    def take(self):
        self.flying += self.claim()

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "sent", "later", "lost", "refused", "gone"]))
    def settle(self, data, outcome):
        claim = data.draw(st.sampled_from(self.flying))
        self.flying.remove(claim)
        if outcome == "later":
            done = Later(self.house.now + timedelta(seconds=1))
        elif outcome == "lost":
            # It arrived, but the answer did not: the next try makes a copy nobody knows to delete.
            self.strays |= {self.send(claim)}
            done = Uncertain()
        elif outcome == "refused":
            self.chat.discard(claim.replaces)  # deleted for it before
            self.rests |= claim.kind == "ring"
            done = Refused("bad_request")
        elif outcome == "gone":
            self.blocked = True
            self.strays |= self.chat  # in a chat that is closed to us
            done = Gone()
        else:
            done = Sent(self.send(claim))
        assert self.house.write(delivery.settle, claim, done, self.house.now)

    @rule()
    def come_back(self):
        """The person writes: they can be written to again."""
        self.blocked = False
        self.house.write(accounts.blocked, self.account, False, self.house.now)

    @precondition(lambda self: self.flying)
    @rule()
    def crash(self):
        """The process dies with claims in flight, some of them sent."""
        for claim in self.flying[::2]:
            self.strays |= {self.send(claim)}
        self.flying.clear()
        self.house.pass_(minutes=1)
        self.house.write(delivery.requeue, self.house.now)

    @rule(hours=st.sampled_from([0.1, 9, 24]))
    def wait(self, hours):
        if self.flying:
            return
        self.house.pass_(hours=hours)
        self.beat()

    def beat(self):
        """What the server does every five minutes."""
        self.house.write(delivery.mend, self.house.now)
        self.house.write(doorbells.renew, self.house.read(doorbells.old, self.house.now), self.house.now)
        needless = self.house.read(doorbells.needless, self.house.now)
        self.house.write(doorbells.clear, needless, self.house.now)
        missed = self.house.read(doorbells.missed, self.house.now)
        self.house.write(doorbells.ring, missed, self.house.now)

    @rule()
    def drain(self):
        """Let everything go out: then the chat must be right."""
        for claim in self.flying:
            assert self.house.write(delivery.settle, claim, Sent(self.send(claim)), self.house.now)
        self.flying.clear()
        self.house.now += timedelta(minutes=6) + (delivery.REFUSED_MOST_REST if self.rests else timedelta())
        self.rests = False
        self.beat()
        while claims := self.claim():
            for claim in claims:
                assert self.house.write(delivery.settle, claim, Sent(self.send(claim)), self.house.now)
        if not any(self.unread):
            assert self.chat <= self.strays
        elif not self.paused and not self.blocked:
            assert len(self.chat - self.strays) == 1
            assert not self.loud_due

    @invariant()
    def never_two_bells_but_for_strays(self):
        if hasattr(self, "house"):
            assert len(self.chat - self.strays) <= 1


@pytest.mark.parametrize(("either_street", "paths"), ON_EITHER, indirect=["either_street"])
def test_one_bell_for_what_is_unread_and_none_for_what_is_read(either_street, paths):
    Bells.street = either_street
    lead(Bells, paths, steps=30)
