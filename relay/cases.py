"""Cases: households, under an alias of their own, as numbers and codes.

open → closed (arrived | withdrew | erased). The system never splits a household: members come and go by an
officer's command alone, and a case is closed whole.
"""

import secrets
from collections.abc import Collection
from datetime import datetime

from relay import audit, auth, casebook, verification
from relay.audit import Event
from relay.auth import Principal
from relay.errors import Kind, RelayError
from relay.unit import Tx
from store import assents, assignments, cases, marks, offers, outcomes, people, proposals, referrals

MOST_MEMBERS = 40
MOST_NUMBER = 255
"""Numbers are given once; this is the highest that a guardian's statement can name."""
KINDS = ("adult", "minor")
NEEDS = ("mobility", "medical", "infant", "interpreter", "escort")
OFFICERS = ("none", "female", "male")
LANGUAGES = ("", "en", "fa-AF", "ps-AF")
REASONS = ("arrived", "withdrew", "erased")


def open_(tx: Tx, who: Principal, *, contact: str, claim: str = "letter", now: datetime) -> str:
    """Open a case for a contact, by alias, who becomes its member 1; the case's alias. Its claim is made with it.

    Raises RelayError `not_allowed`, `malformed`, `contact_not_found`, `contact_taken`.
    """
    me = auth.officer(who, casebook.KEEPERS)
    casebook.among(claim, verification.REASONS["claim"], "the reason to claim")
    person = _contact(tx, me.office, contact)
    alias = ""
    while not alias or cases.case(tx, me.office, alias) or people.by_alias(tx, me.office, alias):
        alias = f"H-{secrets.randbelow(90000) + 10000}"
    cases.add(
        tx,
        office=me.office,
        alias=alias,
        state="open",
        preferred_officer="none",
        language="",
        numbered=1,
        opened_at=now,
    )
    cases.add_member(
        tx, office=me.office, alias=alias, member=1, kind="adult", contact=person, live=True, joined_at=now
    )
    offers.join_case(tx, me.office, person, alias)
    audit.note(tx, Event.CASE_OPENED, now, by=me, about=alias)
    verification.record(tx, me, alias, state="claimed", reason=claim, now=now)
    return alias


def add_member(
    tx: Tx,
    who: Principal,
    alias: str,
    *,
    kind: str,
    guardian: int | None = None,
    contact: str | None = None,
    now: datetime,
) -> int:
    """Add an adult, who may be a contact, or a minor with an adult of the case as guardian; the number.

    Raises RelayError `not_allowed`, `malformed`, `case_not_found`, `case_closed`, `too_many_members`,
    `guardian_not_found`, `contact_not_found`, `contact_taken`, `household_has_offer`.
    """
    me, row = casebook.opened(tx, who, alias)
    casebook.among(kind, KINDS, "a member")
    if (kind == "minor") != (guardian is not None) or (kind == "minor" and contact is not None):
        raise RelayError(
            "malformed",
            "a minor has a guardian and is no contact; an adult has no guardian",
            Kind.MALFORMED,
        )
    party = cases.members(tx, me.office, row.alias)
    if len(party) >= MOST_MEMBERS or row.numbered >= MOST_NUMBER:
        raise RelayError(
            "too_many_members", f"a case has at most {MOST_MEMBERS} members; open another", Kind.CONFLICT
        )
    if guardian is not None and not any(m.member == guardian and m.kind == "adult" for m in party):
        raise RelayError(
            "guardian_not_found",
            "a guardian is an adult member of the same case; add the adult first",
            Kind.CONFLICT,
        )
    person = None if contact is None else _contact(tx, me.office, contact)
    if person is not None:
        _join_offers(tx, me.office, row.alias, person)
    number = row.numbered + 1
    cases.change(tx, me.office, row.alias, numbered=number)
    cases.add_member(
        tx,
        office=me.office,
        alias=row.alias,
        member=number,
        kind=kind,
        guardian=guardian,
        contact=person,
        live=True,
        joined_at=now,
    )
    audit.note(tx, Event.MEMBER_ADDED, now, by=me, about=row.alias)
    return int(number)


def remove_member(tx: Tx, who: Principal, alias: str, member: int, now: datetime) -> None:
    """Take a member off who was there by mistake, or goes another way by their own wish.

    Raises RelayError `not_allowed`, `case_not_found`, `case_closed`, `member_not_found`, `guardian_needed`,
    `last_adult`.
    """
    me, row = casebook.opened(tx, who, alias)
    party = cases.members(tx, me.office, row.alias)
    gone = next((each for each in party if each.member == member), None)
    if gone is None:
        raise RelayError("member_not_found", "the case has no such member; show it anew", Kind.MISSING)
    if any(each.guardian == member for each in party):
        raise RelayError(
            "guardian_needed", "a minor of the case has this guardian; remove the minor first", Kind.CONFLICT
        )
    if gone.kind == "adult" and sum(each.kind == "adult" for each in party) == 1:
        raise RelayError("last_adult", "a case keeps one adult; close it instead", Kind.CONFLICT)
    assents.forget_member(tx, me.office, row.alias, member)
    cases.remove_member(tx, me.office, row.alias, member)
    if gone.contact is not None:
        offers.join_case(tx, me.office, gone.contact, None)
    audit.note(tx, Event.MEMBER_REMOVED, now, by=me, about=row.alias)


def set_needs(
    tx: Tx,
    who: Principal,
    alias: str,
    *,
    needs: Collection[str] | None = None,
    preferred_officer: str | None = None,
    language: str | None = None,
    now: datetime,
) -> None:
    """Say how the household is to be met; what is None stays. The needs given replace those before.

    Raises RelayError `not_allowed`, `malformed`, `case_not_found`, `case_closed`.
    """
    me, row = casebook.opened(tx, who, alias)
    changes = {}
    if preferred_officer is not None:
        changes["preferred_officer"] = casebook.among(preferred_officer, OFFICERS, "a preferred officer")
    if language is not None:
        changes["language"] = casebook.among(language, LANGUAGES, "a language")
    for need in needs or ():
        casebook.among(need, NEEDS, "a need")
    if needs is not None:
        cases.set_needs(tx, me.office, row.alias, set(needs))
    if changes:
        cases.change(tx, me.office, row.alias, **changes)
    audit.note(tx, Event.NEEDS_SET, now, by=me, about=row.alias)


def close(tx: Tx, who: Principal, alias: str, *, reason: str, now: datetime) -> None:
    """Close a case for good; `erased` destroys all but its alias and times, also of one that is closed already.

    Which entries of the log are about it, nobody can tell any more. The same again is harmless. Raises RelayError
    `not_allowed`, `malformed`, `case_not_found`, `case_closed`, `safety_check_open`.
    """
    casebook.among(reason, REASONS, "the reason to close")
    me, row = casebook.found(tx, who, alias)
    if row.reason == reason:
        return
    assents.forget_case(tx, me.office, row.alias)
    if reason != "erased":
        casebook.opened(tx, who, alias)
        if outcomes.checked_in(tx, me.office, row.alias):
            raise RelayError(
                "safety_check_open",
                "somebody of this household did not come, and nobody knows yet that they are all right",
                Kind.CONFLICT,
            )
        cases.retire(tx, me.office, row.alias)
    else:
        cases.forget(tx, me.office, row.alias)
        proposals.forget(tx, me.office, row.alias)
        cases.change(tx, me.office, row.alias, preferred_officer="none", language="", numbered=0)
    assignments.drop(tx, me.office, row.alias)
    cases.change(tx, me.office, row.alias, state="closed", reason=reason, closed_at=row.closed_at or now)
    audit.note(tx, Event.CASE_CLOSED, now, by=me, about=row.alias)
    if reason == "erased":  # now: the entry just made is under its mark, too
        marks.drop(tx, me.office, row.alias)


def _join_offers(tx: Tx, office: bytes, alias: str, contact: bytes) -> None:
    """A household has one live offer on a movement. Raises RelayError `household_has_offer`."""
    theirs = {row.movement for row in offers.live_of_case(tx, office, alias)}
    if any(row.movement in theirs for row in offers.live_of_contact(tx, office, contact)):
        raise RelayError(
            "household_has_offer",
            "they and this household each have an offer on one movement; leave one of them out of the notice first",
            Kind.CONFLICT,
        )
    offers.join_case(tx, office, contact, alias)


def _contact(tx: Tx, office: bytes, alias: str) -> bytes:
    """An own contact who is in no open case."""
    person = people.by_alias(tx, office, alias.upper())
    if person is None or person.state == "wiped" or referrals.referral(tx, office, person.contact):
        raise RelayError(
            "contact_not_found", "no contact has this code; list the contacts anew", Kind.MISSING
        )
    if cases.in_open_case(tx, office, person.contact):
        raise RelayError(
            "contact_taken",
            "this contact is in an open case already; close that, or add to it",
            Kind.CONFLICT,
        )
    return bytes(person.contact)
