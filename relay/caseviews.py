"""What officers see of households; that they looked is logged."""

from dataclasses import dataclass
from datetime import datetime

from relay import audit, auth, casebook, facts, minors, verification
from relay.audit import Event
from relay.auth import Principal
from relay.facts import FactView, IntentView
from relay.unit import Tx
from relay.verification import CheckView, Verification
from store import assents, cases
from store.sql import Found

PAGE = 500


@dataclass(frozen=True, slots=True)
class MemberView:
    """`assent`: of a minor alone, what stands (one of minors.STANDINGS)."""

    member: int
    kind: str
    guardian: int | None
    contact: str | None  # an alias
    assent: str | None


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case in a list. `intent` is None until somebody asked."""

    alias: str
    state: str
    reason: str | None
    opened_at: datetime
    closed_at: datetime | None
    preferred_officer: str
    language: str
    adults: int
    minors: int
    contacts: list[str]  # aliases
    facts: list[FactView]
    intent: str | None
    verification: Verification


@dataclass(frozen=True, slots=True)
class CaseView(CaseItem):
    """One case whole, with what was said before; every history in its order."""

    members: list[MemberView]
    needs: list[str]
    facts_before: list[FactView]
    intents: list[IntentView]
    checks: list[CheckView]


def show(tx: Tx, who: Principal, alias: str, now: datetime) -> CaseView:
    """One case. Raises RelayError `not_allowed`, `case_not_found`."""
    me, row = casebook.found(tx, who, alias)
    (item,) = _items(tx, me.office, [row], now)
    audit.note(tx, Event.CASE_READ, now, by=me, about=row.alias)
    named = (me.office, row.alias, row.alias)
    plain = {name: getattr(item, name) for name in CaseItem.__dataclass_fields__}
    return CaseView(
        **plain,
        members=_members(tx, row, now),
        needs=sorted(cases.needs(tx, me.office, row.alias)),
        facts_before=[facts.fact_view(each) for each in _said(tx, "facts", *named)],
        intents=[IntentView(each.intent, each.role_code, each.at) for each in _said(tx, "intents", *named)],
        checks=[
            CheckView(each.state, each.reason, each.role_code, each.at)
            for each in _said(tx, "checks", *named)
        ],
    )


def listed(
    tx: Tx, who: Principal, now: datetime, *, after: str = "", limit: int = PAGE, closed: bool = False
) -> list[CaseItem]:
    """The office's open cases after an alias, by alias, at most `limit`; with the closed ones if wanted.

    Raises RelayError `not_allowed`.
    """
    me = auth.officer(who, casebook.KEEPERS)
    rows = cases.listed(tx, me.office, after, min(limit, PAGE), closed=closed)
    audit.note(tx, Event.CASES_LISTED, now, by=me)
    return _items(tx, me.office, rows, now) if rows else []


def _items(tx: Tx, office: bytes, rows: list[Found], now: datetime) -> list[CaseItem]:
    named = (office, rows[0].alias, rows[-1].alias)
    parties, people = cases.parties(tx, *named), cases.people(tx, *named)
    said = {of: cases.history(tx, of, *named) for of in cases.HISTORIES}
    items = []
    for row in rows:
        intents = said["intents"].get(row.alias, [])
        items.append(
            CaseItem(
                row.alias,
                row.state,
                row.reason,
                row.opened_at,
                row.closed_at,
                row.preferred_officer,
                row.language,
                parties.get((row.alias, "adult"), 0),
                parties.get((row.alias, "minor"), 0),
                people.get(row.alias, []),
                facts.current(said["facts"].get(row.alias, [])),
                intents[-1].intent if intents else None,
                verification.standing(said["checks"].get(row.alias, []), now),
            )
        )
    return items


def _members(tx: Tx, case: Found, now: datetime) -> list[MemberView]:
    said = {each.member: each for each in assents.last_of_case(tx, case.office, case.alias)}
    members = []
    for row in cases.members(tx, case.office, case.alias):
        assent = minors.standing(said.get(row.member), now) if row.kind == "minor" else None
        members.append(MemberView(row.member, row.kind, row.guardian, row.person, assent))
    return members


def _said(tx: Tx, of: str, office: bytes, first: str, last: str) -> list[Found]:
    return cases.history(tx, of, office, first, last).get(first, [])
