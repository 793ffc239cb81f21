"""`notice`: from the draft to the go."""

from typing import Annotated, Any

import typer

from crypto.encoding import b64u
from crypto.notice import Notice
from desk import (
    approvals,
    cancellations,
    contacts,
    mail,
    release,
    replies,
)
from desk.answers import Answer
from desk.commands import drafting, noticeviews, tables
from desk.commands.common import Json, Yes, at_desk
from desk.errors import UsageError
from desk.office import Desk
from desk.standing import WORDS, standing
from desk.times import parse_time, show_moment

app = typer.Typer(
    no_args_is_help=True, help="Departure notices: draft, two approvals, seal ahead, go or cancel."
)
app.command("draft")(drafting.draft)
app.command("templates")(drafting.templated)
app.command("preview")(drafting.previewed)


@app.command("list")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List notices: drafts at this desk, and what the relay holds.

    Example: qasid-desk notice list
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        mail.fetch(desk)
        shown = {(row.text("notice"), row.integer("version")): row for row in _rows(desk)}
        rows = []
        for held in desk.state.notices.values():
            row = noticeviews.brief(held)
            at_relay = shown.get((row["notice"], row["version"]))
            if at_relay:
                row |= {"state": at_relay.text("state"), "counts": at_relay.one("counts").plain()}
                row["why"] = at_relay.plain().get("why")
                row["reviewed"] = approvals.reviewed(desk, held)
                changed = set(at_relay.many_octets("stale"))
                row["stale"] = sorted(offer.alias for offer in held.offers if offer.contact in changed)
            else:
                row |= {"counts": None, "why": None, "reviewed": None, "stale": []}
            notice = Notice.parse(held.notice)
            author = desk.roster.entry(held.author)
            row |= {
                "movement": notice.movement,
                "approvals": [code for _, code in approvals.officers(desk, held)],
                "author": author.role_code if author else None,
                "opened": len(held.opened),
            }
            rows.append(row)
        voice.result({"notices": rows}, lambda out: tables.notices(out, rows))


@app.command("show")
def show(context: typer.Context, *, notice: noticeviews.NoticeId, as_json: Json = False) -> None:
    """Show everything in a notice, for whom it is, and who approved it.

    Example: qasid-desk notice show Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        approvals.collect(desk, held)
        data = noticeviews.full(desk, held)
        voice.result(data, lambda out: tables.notice(out, data))


@app.command("approve")
def approve(
    context: typer.Context, *, notice: noticeviews.NoticeId, yes: Yes = False, as_json: Json = False
) -> None:
    """Read a notice and sign that exactly this may go out. A come or change takes two different coordinators.

    Example: qasid-desk notice approve Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        if not as_json:
            tables.notice(voice.err, noticeviews.full(desk, held))
        voice.confirm("Sign that exactly this may go out?", yes=yes)
        approvals.approve(desk, held)
        data = {
            "notice": noticeviews.brief(held)["notice"],
            "version": noticeviews.brief(held)["version"],
            "content_hash": b64u(Notice.parse(held.notice).hash),
            "approvals": noticeviews.approvals_of(desk, held),
            "complete": approvals.complete(desk, held),
        }
        codes = ", ".join(row["role_code"] for row in noticeviews.approvals_of(desk, held))
        rest = (
            "It can be sealed."
            if data["complete"]
            else "A second coordinator must approve at their own desk."
        )
        voice.result(data, lambda out: out.print(f"Approved by {codes}. {rest}", markup=False))


@app.command("review")
def review(
    context: typer.Context, *, notice: noticeviews.NoticeId, yes: Yes = False, as_json: Json = False
) -> None:
    """Note that you, a second coordinator, stand by a threat alert that one let go. Phones hear nothing of it.

    Example: qasid-desk notice review Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        if not as_json:
            tables.notice(voice.err, noticeviews.full(desk, held))
        voice.confirm("Sign that you stand by this alert?", yes=yes)
        approvals.review(desk, held)
        data = noticeviews.brief(held) | {"approvals": noticeviews.approvals_of(desk, held)}
        voice.result(data, lambda out: out.print("Reviewed. If it was wrong, draft what is to count now."))


@app.command("seal")
def seal(
    context: typer.Context,
    *,
    notice: noticeviews.NoticeId,
    release_at: Annotated[
        str | None, typer.Option("--release-at", help="When it goes out; left out, now.")
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Seal an approved notice to each person's phone and schedule it at the relay.

    Example: qasid-desk notice seal Qm3x --release-at +6h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        at = parse_time(release_at, desk.now()) if release_at else desk.now()
        if changed := contacts.new_phones(desk).keys() & {offer.alias for offer in held.offers}:
            voice.note(f"New phones: {', '.join(sorted(changed))}. See `qasid-desk verify` before you seal.")
        voice.confirm(f"Seal for {len(held.offers)} and release at {show_moment(at)}?", yes=yes)
        with voice.progress() as tick:
            size = release.seal(desk, held, at, tick)
        data = noticeviews.brief(held) | {"release_at": held.release_at, "bytes": size}
        voice.result(
            data,
            lambda out: out.print(
                f"Sealed for {data['recipients']}, {size} bytes. Released at {show_moment(held.release_at)}; "
                "until then `notice cancel` stops it."
            ),
        )


@app.command("go")
def go(
    context: typer.Context,
    *,
    notice: noticeviews.NoticeId,
    valid_until: Annotated[
        str | None,
        typer.Option("--valid-until", help="When it lapses; left out, the end of the report window."),
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Also to those who have not accepted.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Confirm a notice near its time: until this, phones say "not confirmed, stay put". Opens the place.

    Example: qasid-desk notice go Qm3x --valid-until +8h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        contents = Notice.parse(held.notice)
        default = contents.report_until or contents.expires
        until = parse_time(valid_until, desk.now()) if valid_until else default
        voice.confirm("People will set out on this. Is the way clear, and confirm it now?", yes=yes)
        told = release.go(desk, held, until, everyone=everyone)
        data = noticeviews.brief(held) | {"recipients": len(told), "told": told, "valid_until": until}
        voice.result(
            data, lambda out: out.print(f"Go for {', '.join(told)}, valid until {show_moment(until)}.")
        )


@app.command("cancel")
def cancel(
    context: typer.Context,
    *,
    notice: noticeviews.NoticeId,
    reason: Annotated[str, typer.Option("--reason", help="safety, changed or other.")] = "other",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Cancel a notice for good, with all its versions: what has not gone out stops, and those who were told are told.

    Example: qasid-desk notice cancel Qm3x --reason safety
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        if reason not in cancellations.REASONS:
            raise UsageError(
                f"There is no reason {reason!r}.", f"The reasons are {', '.join(cancellations.REASONS)}."
            )
        held = noticeviews.find(desk, notice)
        voice.confirm("Cancel this notice for good, all versions of it?", yes=yes)
        told = cancellations.cancel(desk, held, cancellations.REASONS[reason])
        data = noticeviews.brief(held) | {"recipients": len(told), "told": told}
        voice.result(
            data, lambda out: out.print(f"Cancelled; told: {', '.join(told) or 'nobody had to be'}.")
        )


@app.command("answers")
def answers(context: typer.Context, *, notice: noticeviews.NoticeId, as_json: Json = False) -> None:
    """Verify and show the signed answers. Silence is no answer. Ends with 1 when one does not verify.

    Example: qasid-desk notice answers Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        held = noticeviews.find(desk, notice)
        contacts.refresh(desk)
        found = replies.replies(desk, held)
        aliases = {offer.contact: offer.alias for offer in held.offers}
        rows: list[dict[str, Any]] = [
            {
                "alias": aliases[contact],
                "contact": b64u(contact),
                "answer": answer.answer.name.lower(),
                "party": answer.party,
                "at": answer.at,
            }
            for contact, answer in found.given.items()
        ]
        refused = [{"alias": alias, "why": why} for alias, why in found.refused]
        waiting = [offer.alias for offer in found.waiting]
        unacknowledged = [offer.alias for offer in found.unacknowledged]
        data = {
            "notice": noticeviews.brief(held)["notice"],
            "version": noticeviews.brief(held)["version"],
            "answers": rows,
            "waiting": waiting,
            "unacknowledged": unacknowledged,
            "refused": refused,
        }
        voice.result(data, lambda out: tables.answers(out, data))
        if refused:
            for row in refused if not as_json else []:
                voice.note(f"The answer shown for {row['alias']} was refused: {row['why']}.")
            raise typer.Exit(1)


@app.command("verify")
def verify(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="Ten digits, as somebody reads them to you.")],
    as_json: Json = False,
) -> None:
    """Say whether the notice with this number still counts: current, replaced, cancelled or unknown.

    Tell whoever calls this word and nothing else: the number may be in the wrong hands.

    Example: qasid-desk notice verify 4821733905
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        word = standing(desk, code)
        voice.result({"code": code, "standing": word}, lambda out: out.print(f"{WORDS[word]}", markup=False))


def _rows(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/notices")).many("notices")
