"""What a mediator does with the requests of other offices: passes them on, holds them, or returns them.

What became of a request is read off the messages: the last word of its mediator, and nothing after a final one.
"""

from typing import Final

from crypto.encoding import b64u
from crypto.missive import (
    Missive,
    MissiveKind,
    Original,
    Outcome,
    Paraphrase,
    Reason,
    Request,
    SignedMissive,
    Verdict,
)
from desk import partners, threads
from desk.errors import DeskError, UsageError
from desk.office import READS_MAIL, Desk
from desk.state import HeldMissive, HeldPartner

VERDICTS: Final = {
    Verdict.PASSED_ON: "passed on",
    Verdict.PARAPHRASED: "paraphrased",
    Verdict.HELD: "held",
    Verdict.RETURNED: "returned",
}
REASONS: Final = {
    "unclear": Reason.UNCLEAR,
    "wording": Reason.WORDING,
    "not-now": Reason.NOT_NOW,
    "not-accepted": Reason.NOT_ACCEPTED,
    "no-channel": Reason.NO_CHANNEL,
}


def outcome(desk: Desk, missive: Missive) -> Outcome | None:
    """What its mediator did with a request: the last word, and nothing after a final one."""
    last: Outcome | None = None
    for said in map(threads.read, threads.standing(desk)):
        if said.kind is not MissiveKind.OUTCOME or (said.office, said.to) != (missive.to, missive.office):
            continue
        payload = Outcome.parse(said.payload)
        if payload.about == missive.hash and (last is None or last.verdict is Verdict.HELD):
            last = payload
    return last


def waiting(desk: Desk) -> list[HeldMissive]:
    """Requests to this office that are neither passed on nor returned, oldest first."""
    found = []
    for held in desk.state.missives:
        missive = threads.read(held)
        if missive.kind is MissiveKind.REQUEST and missive.to == desk.office:
            said = outcome(desk, missive)
            if said is None or said.verdict is Verdict.HELD:
                found.append(held)
    return found


def pass_on(desk: Desk, number: int, text: str = "", *, own_words: bool = False) -> list[HeldMissive]:
    """Encloses the signed original, or gives one's own words for it, marked so; and tells its author which."""
    if own_words and not text.strip():
        raise UsageError("The paraphrase is empty.", "Give the text, or write it to standard input.")
    held, missive, request = _request(desk, number)
    author = partners.pinned(desk, missive.office)
    to = partners.pinned(desk, request.to)
    if not partners.accepted(desk).get(request.to):
        raise DeskError(
            f"{to.name} and this office have not both accepted each other.",
            "Nothing was sent. Agree with them, or `qasid-desk mediate return … --reason no-channel`.",
            "no_partner",
        )
    query = f"about={b64u(held.envelope)}&state=passed_on"
    if own_words:
        payload = Paraphrase(missive.office, missive.hash, text).encode()
        kind, verdict = MissiveKind.PARAPHRASE, Verdict.PARAPHRASED
    else:
        signed = SignedMissive(missive, held.proof)
        payload = Original(held.envelope, held.commitment, signed).encode()
        kind, verdict = MissiveKind.FORWARD, Verdict.PASSED_ON
    sent = threads.queue(desk, to, kind, missive.thread, payload, query=query)
    return [sent, _tell(desk, author, missive, verdict)]


def hold(desk: Desk, number: int) -> HeldMissive:
    """Tells the author that it is held: it can still be passed on or returned."""
    held, missive, _ = _request(desk, number)
    if outcome(desk, missive) is not None:
        raise DeskError("This message is held already.", "Pass it on or return it.", "already_decided")
    query = f"about={b64u(held.envelope)}&state=held"
    return _tell(desk, partners.pinned(desk, missive.office), missive, Verdict.HELD, query=query)


def give_back(desk: Desk, number: int, reason: str) -> HeldMissive:
    """Returns it to its author with a reason of REASONS."""
    held, missive, _ = _request(desk, number)
    if reason not in REASONS:
        raise UsageError(f"{reason!r} is no reason.", f"Give one of {', '.join(REASONS)}.")
    query = f"about={b64u(held.envelope)}&state=returned"
    author = partners.pinned(desk, missive.office)
    return _tell(desk, author, missive, Verdict.RETURNED, reason=REASONS[reason], query=query)


def _tell(
    desk: Desk,
    author: HeldPartner,
    missive: Missive,
    verdict: Verdict,
    *,
    reason: Reason = Reason.NONE,
    query: str = "",
) -> HeldMissive:
    payload = Outcome(missive.hash, verdict, reason).encode()
    return threads.queue(desk, author, MissiveKind.OUTCOME, missive.thread, payload, query=query)


def _request(desk: Desk, number: int) -> tuple[HeldMissive, Missive, Request]:
    desk.require(READS_MAIL, "mediate")
    for held in waiting(desk):
        if held.id == number:
            missive = threads.read(held)
            return held, missive, Request.parse(missive.payload)
    raise UsageError(f"No message {number} waits to be passed on.", "See `qasid-desk mediate list`.")
