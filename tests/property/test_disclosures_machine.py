"""However somebody permits and takes back: no other office gets, or goes on holding untold, what is not permitted."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crypto.encoding import unix
from crypto.statement import CONSENT_LIFE, Child
from crypto.vault import Vault
from relay import assents, cases, consent, disclosures, mailbox
from relay.disclosures import Passing
from tests.property.paths import MANY, lead
from tests.relay.house import House
from tests.relay.refusal import fails
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_disclosures import confirm
from tests.relay.test_rule_erasure import erase
from tests.relay.test_rule_threads import befriend, send

GROUPS = ("family", "identity")
GROUP = st.sampled_from(GROUPS)
WHICH = st.sampled_from([GROUPS[:1], GROUPS[1:], GROUPS])
LIFE = timedelta(seconds=CONSENT_LIFE)


class Disclosures(RuleBasedStateMachine):
    store = None

    @initialize()
    def start(self):
        self.house = House(self.store, Vault(bytes(32))).register()
        self.other = House(self.store, Vault(bytes(32))).register()
        befriend(self.house, self.other)
        self.come()
        self.end = self.house.now + timedelta(days=25)  # the rosters end soon after
        self.stands = {}  # group -> until when
        self.waiting = {}  # envelope -> groups, nobody has fetched it
        self.read = set()  # (envelope, group) the other office has, by a consent that stands
        self.told = {}  # (envelope, group) -> why it is to be destroyed
        self.gone = {}
        for group in GROUPS:  # most paths are short
            self.say(group, given=True, old=False)
        self.say_for_the_child(given=True, child=Child.AGREES, old=False)

    def come(self):
        """Somebody with a child in their care, for a year."""
        self.phone, self.child = (
            self.house.enrolled(),
            None,
        )  # what stands for the child: until when, and whether yes
        opened = {"contact": alias_of(self.house, self.phone), "now": self.house.now - LIFE}
        alias = self.house.as_(self.house.chief, cases.open_, **opened)
        minor = {"kind": "minor", "guardian": 1, "now": self.house.now - LIFE}
        assert self.house.as_(self.house.chief, cases.add_member, alias, **minor) == 2

    def permitted(self, group):
        return self.house.now < self.stands.get(group, self.house.now)

    def refusal(self, groups):
        if not all(map(self.permitted, groups)):
            return "no_consent"
        until, yes = self.child or (self.house.now, False)
        if "family" not in groups or (yes and self.house.now < until):
            return None
        return "assent_refused" if self.house.now < until else "assent_missing"

    def drop(self, group, reason):
        self.waiting = {id_: groups for id_, groups in self.waiting.items() if group not in groups}
        back = {pair for pair in self.read if pair[1] == group}
        self.told |= dict.fromkeys(back, reason)
        self.read -= back

    @rule(group=GROUP, given=st.sampled_from([True, True, False]), old=st.booleans())
    def say(self, group, given, old):
        """`old`: signed long ago, so that it lapses in a while."""
        self.house.pass_(minutes=1)
        ago = LIFE - timedelta(hours=3) if old and given else timedelta()
        self.house.now -= ago
        said = self.phone._stated("sharing", self.other.office, group, given)
        self.house.now += ago
        self.house.as_(self.phone, consent.record, said, self.house.now)
        if given:
            self.stands[group] = self.house.now - ago + LIFE
        else:
            self.stands.pop(group, None)
            self.drop(group, "withdrawn")

    @rule(given=st.sampled_from([True, True, False]), child=st.sampled_from(Child), old=st.booleans())
    def say_for_the_child(self, given, child, old):
        self.house.pass_(minutes=1)
        at = self.house.now - (LIFE - timedelta(hours=3) if old else timedelta())
        self.phone.assents(2, given=given, child=child, at=unix(at))
        yes = given and child is not Child.DECLINES
        self.child = (at + LIFE, yes)
        if not yes:
            self.drop("family", "withdrawn")

    @rule(groups=WHICH)
    def disclose(self, groups):
        passing = Passing(self.phone.contact, groups)
        if (refusal := self.refusal(groups)) is None:
            self.waiting[send(self.house, self.other, passing=passing)] = groups
        else:
            with fails(refusal):
                send(self.house, self.other, passing=passing)

    @rule()
    def fetch(self):
        """Any desk there; what it acknowledges nobody fetches again."""
        items = self.other.as_(self.other.chief, mailbox.fetch, 0, 100, self.other.now).items
        got = {bytes(item.envelope)[2:18] for item in items} - {id_ for id_, _ in self.read}
        assert got == set(self.waiting)
        for id_, groups in self.waiting.items():
            self.read |= {(id_, group) for group in groups}
        self.waiting = {}

    @rule()
    def acknowledge(self):
        for id_, group in sorted(self.told):
            confirm(self.other, id_, group if self.told[id_, group] != "erased" else "all")
        self.gone |= self.told
        self.told = {}

    @rule()
    def erase(self):
        """Somebody new comes then."""
        erase(self.house, self.phone)
        self.told |= dict.fromkeys((*self.read, *self.told), "erased")
        self.waiting, self.read, self.stands = {}, set(), {}
        self.gone = {pair: why for pair, why in self.gone.items() if why == "erased"}  # the others named them
        self.house.pass_(minutes=1)
        self.come()

    @rule(hours=st.sampled_from([1, 4]))
    def wait(self, hours):
        if self.house.now + timedelta(hours=hours) < self.end:
            self.house.pass_(hours=hours)
        self.house.write(consent.lapse, self.house.now)
        for group in [group for group in self.stands if not self.permitted(group)]:
            del self.stands[group]
            self.drop(group, "lapsed")
        self.house.write(assents.lapse, self.house.now)
        if self.child is not None and self.child[0] <= self.house.now:
            self.child = None
            self.drop("family", "lapsed")

    @invariant()
    def each_is_told_and_nobody_else_knows(self):
        if "told" not in vars(self):
            return
        self.other.now = self.house.now
        shown = self.other.as_(self.other.chief, disclosures.taken_back, self.other.now)
        assert {
            (each.envelope, each.fields): each.reason for each in shown if each.state == "withdrawn"
        } == self.told
        assert {(each.envelope, each.fields) for each in shown if each.state == "acknowledged"} == set(
            self.gone
        )
        late = self.house.as_(self.house.chief, disclosures.laggards)
        assert sum(each.waiting.count for each in late) == len(self.told)
        assert self.house.as_(self.house.chief, disclosures.taken_back, self.house.now) == []


@pytest.mark.parametrize("paths", MANY)
def test_nothing_is_passed_on_or_kept_untold_without_consent(store, paths):
    Disclosures.store = store
    lead(Disclosures, paths, steps=25)
