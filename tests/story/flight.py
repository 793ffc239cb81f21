"""The second act: a flight with twelve seats, from the first condition to whoever was left behind.

Relay, Telegram, desks and clock are as in the first act: processes of their own, and a file that says what time it is.
Phones have no screen, so that half a week is soon told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crypto.encoding import unb64u
from crypto.statement import Reply
from tests.phone import Phone
from tests.story import dump
from tests.story.stage import Desk, Stage, StoryError, until
from tests.story.tale import DOORBELL, HOUR, Say

GATE = "the blue gate behind the bakery"
BRING = "two litres of water and the children's papers"
NAMES = {"A": "Parwana Rahimi", "B": "Jawad Sultani", "C": "Mirwais Popal"}
PASSPORT = {
    "papers_kind": "passport",
    "papers_issuer": "AFG",
    "papers_surname": "Rahimi",
    "papers_given": "Parwana",
    "papers_number": "P0471133",
    "papers_nationality": "AFG",
    "papers_birth": "1988-03-14",
    "papers_sex": "F",
    "papers_expiry": "2031-03-14",
}
SECRETS = (GATE, BRING, *NAMES.values(), "P0471133")
CONDITIONS = ("security", "airport", "permit", "carrier", "reception")
OFFICIAL = ("--source", "official", "--for", "70h")


@dataclass
class Household:
    """Who is reached, and how many go together."""

    alias: str
    phone: Phone
    person: int
    case: str = ""

    def versions(self) -> list[tuple[bytes, int]]:
        return sorted(self.phone.notices.files, key=lambda key: key[1])

    def standing(self, notice: str, version: int) -> str:
        self.phone.fetch()
        return self.phone.standing(unb64u(notice), version)

    def answer(self, notice: str, version: int, reply: Reply) -> str:
        self.phone.fetch()
        return self.phone.answer(unb64u(notice), version, reply)


@dataclass
class Flight:
    """The cast of the second act."""

    stage: Stage
    say: Say
    desks: dict[str, Desk] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    homes: dict[str, Household] = field(default_factory=dict)
    officer: int = 0
    notice: str = ""
    theirs: str = ""

    @property
    def first(self) -> Desk:
        return self.desks["host-1"]

    @property
    def second(self) -> Desk:
        return self.desks["host-2"]

    @property
    def north(self) -> Desk:
        return self.desks["north-1"]

    def must(self, true: object, what: str) -> None:
        """Say what was verified, or end the story."""
        if not true:
            raise StoryError(f"not so: {what}")
        self.say(what)

    # -- helpers

    def desk(self, name: str) -> Desk:
        desk = self.desks[name] = self.stage.desk(name)
        return desk

    def found(self, name: str, code: str) -> None:
        """An office with two coordinators, at the desks name-1 and name-2."""
        first, second, medium = self.desk(f"{name}-1"), self.desk(f"{name}-2"), self.stage.medium(name)
        first.run("root", "init", "--medium", str(medium), "--quick-kdf")
        begun = first.run(
            "init", "--relay", self.stage.url, "--code", self.stage.admit(), "--medium", str(medium),
            "--role-code", f"{code}-01", "--quick-kdf",
        )  # fmt: skip
        self.offices[name] = begun["office"]
        new = second.run(
            "device", "new", "--relay", self.stage.url, "--office", begun["office"], "--quick-kdf"
        )
        added = first.run(
            "roster", "add", new["request"], "--role-code", f"{code}-02", "--roles", "coordinator,caseworker",
            "--medium", str(medium), "--yes",
        )  # fmt: skip
        second.run("join", "--roster", added["join"])
        first.run("inbox")
        second.run("inbox")

    def enrol(self, name: str, desk: Desk, party: int) -> Household:
        """A household of this many, one of whom has a phone and permits messages and departures."""
        letter = desk.run("invite")
        person = self.stage.person(name, "en")
        self.stage.act(person, "start", payload=f"i_{letter['invitation']}")
        phone = Phone(self.stage.url, self.stage.now, init_data=self.stage.init_data(person))
        phone.enrol(letter["text"])
        desk.run("confirm", "--yes")
        if phone.take_card() != "enrolled":
            raise StoryError(f"{name} was not enrolled")
        for purpose in ("messages", "departures"):
            phone.consent(purpose)
        home = self.homes[name] = Household(letter["alias"], phone, person)
        home.case = desk.run("case", "open", home.alias)["alias"]
        for _ in range(party - 1):
            desk.run("case", "member", "add", home.case)
        return home

    def rings(self, name: str) -> list[dict[str, Any]]:
        chat = self.stage.chat(self.homes[name].person)
        return [message for message in chat if DOORBELL in message["body"]]

    def draft(self, desk: Desk, *options: str, **times: int) -> str:
        """A notice drafted here, and approved here and at the second coordinator's desk; its id."""
        said = [
            part for name, hours in times.items() for part in (f"--{name.replace('_', '-')}", f"+{hours}h")
        ]
        made = desk.run("notice", "draft", *options, *said)
        desk.run("notice", "approve", made["notice"], "--yes")
        colleague = self.desks[desk.name.replace("-1", "-2")]
        if not colleague.run("notice", "approve", made["notice"], "--yes")["complete"]:
            raise StoryError("two coordinators' approvals are not enough")
        return str(made["notice"])

    def state(self, desk: Desk, notice: str) -> tuple[str, str | None]:
        rows = [row for row in desk.run("notice", "list")["notices"] if row["notice"] == notice]
        newest = max(rows, key=lambda row: row["version"])
        return newest["state"], newest["why"]

    def seats(self, desk: Desk, code: str = "AIR-07") -> tuple[int, int, int]:
        row = next(row for row in desk.run("movement", "list")["movements"] if row["code"] == code)
        return row["seats"], row["held"], row["confirmed"]

    # -- the steps

    def two_offices_and_four_households(self) -> None:
        self.found("host", "C")
        self.found("north", "N")
        cards = {name: self.desks[f"{name}-1"].run("office", "card") for name in ("host", "north")}
        for desk, other, called in (
            ("host-1", "north", "North"), ("host-2", "north", "North"), ("north-1", "host", "Host"),
        ):  # fmt: skip
            self.desks[desk].run("office", "pin", cards[other]["card"], "--name", called, "--yes")
        self.officer = self.stage.person("officer", "en")
        link = self.first.run("device", "link")["link"]
        self.stage.act(self.officer, "start", payload=link.partition("start=")[2])
        for name, desk, party in (("A", self.first, 4), ("B", self.first, 3), ("C", self.first, 3)):
            self.enrol(name, desk, party)
        self.enrol("D", self.north, 2)
        self.say(
            "two offices that accept each other; three households of four, three and three, and one of two"
        )

    def twelve_seats_for_two_offices(self) -> None:
        self.first.run("movement", "new", "AIR-07", "--route", "AIR", "--departs-at", "+60h", "--seats", "12")
        lent = self.first.run("movement", "lend", "AIR-07", "North", "5", "--until", "+40h", "--yes")
        self.must(self.seats(self.first)[0] == 12, "lent with one signature, no seat has moved")
        self.north.run("movement", "borrow", lent["loan"], "--yes")
        self.must(
            (self.seats(self.first)[0], self.seats(self.north)[0]) == (7, 5),
            "with both signatures twelve seats are seven and five",
        )

    def more_offers_than_seats_are_refused(self) -> None:
        a, b, c = (self.homes[name].alias for name in "ABC")
        plan = ("--template", "air", "--fill", "luggage=10", "--movement", "AIR-07", "--route", "AIR")
        times = {"departs_at": 60, "report_from": 50, "report_until": 54, "answer_by": 36, "expires": 54}
        words = (*plan, "--place", GATE, "--text", f"en:bring={BRING}")
        greedy = self.draft(self.first, *words, "--to", f"{a}:4", "--to", f"{b}:3", "--to", f"{c}:3", **times)
        refused = self.first.refused("notice", "seal", greedy, "--yes")
        self.must(
            refused["code"] == "seats_short", "ten offers for seven seats are refused, and nothing is held"
        )
        split = self.first.refused("notice", "draft", *words, "--to", f"{b}:4", "--expires", "+54h")
        self.must(split["code"] != "", "a party larger than its household is not drafted")
        self.notice = self.draft(
            self.first, *words, "--to", f"{a}:4", "--to", f"{b}:3", "--standby", f"{c}:3@2", **times
        )
        self.first.run("notice", "seal", self.notice, "--release-at", "+1h", "--yes")
        d = self.homes["D"].alias
        self.theirs = self.draft(self.north, *plan, "--place", GATE, "--to", f"{d}:2", **times)
        self.north.run("notice", "seal", self.theirs, "--release-at", "+1h", "--yes")
        self.must(
            (self.seats(self.first), self.seats(self.north)) == ((7, 7, 0), (5, 2, 0)),
            "seven and two seats are held; the third household waits in class 2",
        )

    def nothing_goes_out_before_the_way_is_clear(self) -> None:
        for condition in CONDITIONS[1:]:
            self.first.run("condition", "set", "AIR-07", condition, "green", *OFFICIAL)
        self.first.run("condition", "set", "AIR-07", "security", "red", "--source", "media")
        self.first.run("route", "set", "AIR", "limited", *OFFICIAL)
        self.stage.step(HOUR + 60)
        until("the notices to be withheld", lambda: self.state(self.first, self.notice)[0] == "withheld")
        until("the guest's, too", lambda: self.state(self.north, self.theirs) == ("withheld", "conditions"))
        self.must(
            not self.rings("A") and not self.homes["A"].phone.fetch(), "security is red: nothing went out"
        )
        told = until("the coordinator to hear of it", lambda: self._told("The way is not clear"))
        self.must("security: red" in told and GATE not in told, "the coordinator's chat says what is missing")
        found = self.first.run("condition", "set", "AIR-07", "security", "green", *OFFICIAL)
        self.must(found["clear"], "everything is green by an official source")
        until(
            "the release by the scheduled job", lambda: self.state(self.first, self.notice)[0] == "released"
        )
        until("the guest's release", lambda: self.state(self.north, self.theirs)[0] == "released")
        for name in "ABD":
            until(f"a bell for {name}", lambda name=name: self.rings(name))
        self.must(not self.rings("C"), "released by itself; who waits for a seat hears nothing yet")

    def one_declines_and_who_waits_is_called(self) -> None:
        a, b, c = (self.homes[name] for name in "ABC")
        self.must(a.standing(self.notice, 1) == "unconfirmed", "phones say: not confirmed, stay put")
        self.must(a.answer(self.notice, 1, Reply.ACCEPT) == "accepted", "the first household accepts")
        self.must(
            b.answer(self.notice, 1, Reply.DECLINE) == "declined", "the second declines, without penalty"
        )
        until("a bell for who waited", lambda: self.rings("C"))
        self.must(
            c.standing(self.notice, 1) == "unconfirmed" and self.seats(self.first) == (7, 3, 4),
            "the third got the three seats in the same moment, and its phone the notice",
        )
        self.must(c.answer(self.notice, 1, Reply.ACCEPT) == "accepted", "and accepts")

    def who_is_silent_is_reminded_and_asked(self) -> None:
        self.homes["D"].phone.fetch()
        until("the bell to go with what it rang for", lambda: not self.rings("D"))
        self.stage.step(11 * HOUR + 10)
        until("a reminder", lambda: self.rings("D"))
        silent = self.north.run("movement", "silent", "AIR-07")["silent"]
        self.must(
            [row["alias"] for row in silent] == [self.homes["D"].alias],
            "24 hours before the time to answer is over the bell rang again; the worklist names the silent",
        )
        self.must(self.homes["D"].answer(self.theirs, 1, Reply.ACCEPT) == "accepted", "they answer: yes")

    def seats_nobody_needs_come_home(self) -> None:
        loan = self.north.run("movement", "loans")["loans"][0]["loan"]
        self.north.run("movement", "return", loan, "1")
        self.first.run("movement", "take-back", loan)
        self.must(self.seats(self.north)[0] == 4, "one seat went back with both signatures")
        self.stage.step(28 * HOUR)
        until("the rest to come home", lambda: self.seats(self.north)[0] == 2)
        self.must(self.seats(self.first) == (10, 0, 7), "and what nobody held by the clock: ten and two")

    def the_time_changes_inside_six_hours(self) -> None:
        self.stage.step(5 * HOUR)  # 45 hours after the first word, five before people report
        a, c = self.homes["A"], self.homes["C"]
        times = {"report_from": 6, "report_until": 9, "answer_by": 6, "expires": 9}
        again = self.draft(self.first, "--replaces", self.notice, *self._whom("A", "C"), **times)
        self.first.run("notice", "seal", again, "--yes")
        until("the change to be out", lambda: self.state(self.first, again)[0] == "released")
        self.must(
            a.standing(self.notice, 2) == "unconfirmed"
            and a.phone.standing(unb64u(self.notice), 1) == "replaced",
            "the change took the old one's place on the phone, and waits for its own go",
        )
        self.must(a.answer(self.notice, 2, Reply.ACCEPT) == "accepted", "one household acknowledges it")
        c.phone.fetch()
        silent = [row["alias"] for row in self.first.run("movement", "silent", "AIR-07")["silent"]]
        self.must(silent == [c.alias], "the other is on the worklist: somebody must reach them")
        self.first.run("attempt", c.alias, "telephone", "reached")
        self.must(
            c.answer(self.notice, 2, Reply.ACCEPT) == "accepted",
            "called by an officer, they acknowledge, too",
        )

    def the_go_waits_for_the_airport(self) -> None:
        self.stage.step(4 * HOUR)
        self.first.run("condition", "set", "AIR-07", "airport", "red", "--source", "partner")
        refused = self.first.refused("notice", "go", self.notice, "--yes")
        self.must(refused["code"] == "not_clear", "the airport is red: no go can be given")
        self.first.run(
            "condition", "set", "AIR-07", "airport", "green", "--source", "official", "--for", "9h"
        )
        told = self.first.run("notice", "go", self.notice, "--yes")["told"]
        self.north.run("notice", "go", self.theirs, "--yes")
        a, c, d = (self.homes[name] for name in "ACD")
        self.must(sorted(told) == sorted([a.alias, c.alias]), "green again, the go reaches who has a seat")
        self.must(
            a.standing(self.notice, 2) == "confirmed" and a.phone.place(unb64u(self.notice), 2) == GATE,
            "confirmed, and the place is open",
        )
        self.must(d.standing(self.theirs, 1) == "confirmed", "and the partner's people have theirs")
        number = self.first.run("notice", "show", self.notice)["code"]
        said = self.stage.person("somebody", "en")
        self.stage.act(said, "say", text=f"/verify {number}")
        until("an answer about the notice's number", lambda: self._said(said, "counts as it is"))
        self.say("whoever asks with its number hears: it counts")

    def boarded_and_left_behind(self) -> None:
        a, c, d = (self.homes[name].alias for name in "ACD")
        self.stage.step(6 * HOUR)
        self.first.run("movement", "call", "AIR-07")
        self.first.run("movement", "outcome", a, "AIR-07", "boarded", "--yes")
        self.first.run("movement", "outcome", c, "AIR-07", "not-lifted", "--yes")
        self.north.run("movement", "outcome", d, "AIR-07", "boarded", "--yes")
        self.first.run("movement", "depart", "AIR-07", "--yes")
        self.first.run("movement", "arrive", "AIR-07")
        rows = self.first.run("movement", "board", "AIR-07")["offices"]
        own = next(row for row in rows if row["boarded"] is not None)
        self.must(
            (own["accepted"], own["boarded"], own["not_lifted"]) == (7, 4, 3),
            "four boarded; three were called and not lifted",
        )
        again = self.first.run("movement", "rollovers")["rollovers"]
        self.must(
            [row["alias"] for row in again] == [c], "who was left behind goes first, without registering anew"
        )
        self.first.run("movement", "new", "AIR-08", "--route", "AIR", "--departs-at", "+60h", "--seats", "2")
        times = {"departs_at": 60, "report_from": 50, "report_until": 54, "answer_by": 36, "expires": 54}
        b = self.homes["B"].alias
        plan = ("--template", "air", "--fill", "luggage=10", "--movement", "AIR-08", "--route", "AIR")
        made = self.draft(self.first, *plan, "--standby", f"{b}:2@1", "--standby", f"{c}:2@9", **times)
        self.first.run("notice", "seal", made, "--release-at", "+20h", "--yes")
        order = [
            (row["alias"], row["rank"]) for row in self.first.run("movement", "standby", "AIR-08")["standby"]
        ]
        self.must(order[0] == (c, 0), "in the next flight's published order they stand before class 1")

    def who_was_on_it(self) -> None:
        a = self.homes["A"]
        hidden = self.first.run("manifest", "AIR-07", "--for", "outsider")
        self.must(hidden["parties"] is None, "an outsider gets a headcount, and counts under five are hidden")
        a.phone.tell(identity_name=NAMES["A"], **PASSPORT)
        self.homes["C"].phone.tell(identity_name=NAMES["C"])
        for group in ("identity", "papers"):
            a.phone.share(unb64u(self.offices["north"]), group)
        for desk in (self.first, self.second):
            desk.run("inbox")
        made = self.first.run("manifest", "AIR-07", "--for", "North", "--fields", "identity-name", "--yes")
        sent = self.second.run("manifests", "approve", made["manifest"], "--called", "Northland", "--yes")
        self.must(
            sent["state"] == "sent",
            "a second officer signed a manifest by name, for a partner they consent to",
        )
        self.north.run("inbox")
        got = json.dumps(self.north.run("manifests", "show", made["manifest"]), ensure_ascii=False)
        self.must(
            NAMES["A"] in got and NAMES["C"] not in got,
            "it names who permitted it to that office, and nobody else",
        )
        for party, people in (("AFG", "258"), ("FRA", "11"), ("NLD", "3")):
            self.first.run("composition", "set", "AIR-07", party, "boarded", people)
        self.first.run("composition", "set", "AIR-07", "linked", "boarded", "--unknown")
        self.first.run("composition", "set", "AIR-07", "total", "boarded", "330", "--approximate")
        shared = {
            cell["party"]: cell
            for cell in self.first.run("composition", "show", "AIR-07", "--shared")["cells"]
        }
        self.must(
            shared["AFG"]["people"] == 258
            and shared["NLD"]["people"] is None
            and shared["linked"]["people"] is None,
            "the composition report: 258 of one country, three hidden, linked persons unknown and not 0",
        )

    def the_books_balance_and_say_nothing(self) -> None:
        self.must("balances" in self.stage.operate("ledger", "verify"), "the seat ledger balances")
        self.stage.operate("audit", "verify")
        self.stage.stop_relay()
        kept = b"".join(dump.files(self.stage).values())
        found = [each for each in SECRETS if any(way in kept for way in dump.spellings(each.encode()))]
        self.must(
            not found and b"AIR-07" in kept,
            "database and log hold its code, and no place, name or text of any notice",
        )

    def _told(self, words: str) -> str:
        return next((m["body"] for m in self.stage.chat(self.officer) if words in m["body"]), "")

    def _said(self, person: int, words: str) -> bool:
        return any(words in message["body"] for message in self.stage.chat(person))

    def _whom(self, *names: str) -> tuple[str, ...]:
        parties = {"A": 4, "B": 3, "C": 3}
        return tuple(part for name in names for part in ("--to", f"{self.homes[name].alias}:{parties[name]}"))


STEPS: tuple[Callable[[Flight], None], ...] = (
    Flight.two_offices_and_four_households,
    Flight.twelve_seats_for_two_offices,
    Flight.more_offers_than_seats_are_refused,
    Flight.nothing_goes_out_before_the_way_is_clear,
    Flight.one_declines_and_who_waits_is_called,
    Flight.who_is_silent_is_reminded_and_asked,
    Flight.seats_nobody_needs_come_home,
    Flight.the_time_changes_inside_six_hours,
    Flight.the_go_waits_for_the_airport,
    Flight.boarded_and_left_behind,
    Flight.who_was_on_it,
    Flight.the_books_balance_and_say_nothing,
)


@contextmanager
def boarding(folder: Path, say: Say) -> Iterator[Flight]:
    """Everything up: emulator and relay."""
    stage = Stage(folder)
    flight = Flight(stage, say)
    try:
        stage.start_emulator()
        stage.start_relay()
        yield flight
    finally:
        for home in flight.homes.values():
            home.phone.close()
        stage.close()
