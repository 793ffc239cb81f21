"""Households: one of four, and the report that counts them all without telling of anybody."""

from __future__ import annotations

from typing import Any

from tests.story.tale import Tale
from tests.story.texts import NAMES


def a_household_of_four(tale: Tale) -> None:
    """The enrolled person, who guards two minors, and another adult."""
    tale.household = case = str(tale.first.run("case", "open", "K-4821")["alias"])
    tale.share(
        ("case", "member", "add", case),
        ("case", "member", "add", case, "--guardian", "1"),
        ("case", "member", "add", case, "--guardian", "1"),
        ("case", "needs", case, "--need", "infant", "--officer", "female", "--language", "fa-AF"),
        ("case", "fact", case, "identified", "yes"),
        ("case", "fact", case, "ready", "yes", "--estimated"),
        ("case", "intent", case, "wants"),
    )
    shown = tale.second.run("case", "show", case)
    first, *others = ((each["kind"], each["guardian"], each["contact"]) for each in shown["members"])
    tale.must(
        first == ("adult", None, "K-4821")
        and sorted(others, key=str) == [("adult", None, None), ("minor", 1, None), ("minor", 1, None)],
        "a household of four: K-4821, who guards two minors, and another adult",
    )
    said = {each["fact"]: (each["answer"], each["grade"]) for each in shown["facts"]}
    tale.must(
        (said["identified"], said["ready"]) == (("yes", "known"), ("yes", "estimated"))
        and said["documents"][0] == "unknown",
        "what is known, what is estimated and what nobody knows are told apart",
    )
    tale.must(shown["needs"] == ["infant"] and shown["intent"] == "wants", "with what it needs and wants")
    chat = tale.ask(tale.people["officer-1"], f"/household {case}")
    tale.must(
        "Adults: 2" in chat and "Minors: 2" in chat, "/household shows two adults and two minors, by code"
    )


def the_report_counts_everybody(tale: Tale) -> None:
    """Ten households: five are ready, one is thought to be, and of the others nothing is known."""
    desk, folder = tale.first, tale.stage.folder
    (folder / "people.csv").write_text("\n".join(("name", *NAMES)))
    letters = desk.run(
        "invite", "--from", str(folder / "people.csv"), "--out", str(folder / "letters.html"), "--yes"
    )["letters"]
    people = [tale.stranger, *(letter["alias"] for letter in letters)]
    opened = tale.share(*(("case", "open", alias) for alias in people))
    cases = [each["alias"] for each in opened]
    tale.share(*(("case", "fact", case, "ready", "yes") for case in cases[:5]))
    report = desk.run("report")
    count = _counts(report)
    tale.must(report["households"] == len(cases) + 1 == 10, "the report counts all ten households")
    tale.must(count["ready", "yes", "known"] == 5, "five are known to be ready, and that is shown")
    tale.must(
        {count["ready", "yes", "estimated"], count["ready", "unknown", None]} == {None},
        "one that is estimated to be, and four that nobody knows of, are under five: not shown",
    )
    tale.must(
        count["offered", "unknown", None] == 10 and count["offered", "no", "known"] == 0,
        "what nobody knows is ten unknown, and not ten times no",
    )
    identified = {number for (about, *_), number in count.items() if about == "identified"}
    tale.must(identified == {None}, "nine unknown would betray the one that is identified: not shown either")
    chat = tale.ask(tale.people["officer-1"], "/report")
    tale.must(
        "Open households: 10" in chat and "yes: 5 (" in chat and chat.count(": not shown") == _hidden(count),
        "/report shows the same numbers, and hides the same",
    )


def _counts(report: Any) -> dict[tuple[str, str, str | None], int | None]:
    return {
        (line["about"], cell["answer"], cell["grade"]): cell["count"]
        for line in report["lines"]
        for cell in line["cells"]
    }


def _hidden(count: dict[tuple[str, str, str | None], int | None]) -> int:
    return sum(number is None for number in count.values())
