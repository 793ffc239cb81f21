"""A notice as officers see it, and how a command names one."""

from typing import Annotated, Any

import typer

from crypto.encoding import b64u
from crypto.notice import Approval, Notice
from desk import approvals, drafts, mail, preview
from desk.forms import describe
from desk.office import Desk
from desk.state import HeldNotice
from words.catalogues import LANGUAGES

NoticeId = Annotated[
    str,
    typer.Argument(metavar="ID", help="The notice's id, its beginning or its number; ID/2 names a version."),
]


def find(desk: Desk, word: str) -> HeldNotice:
    """The newest version of a notice. Mail is fetched first: a colleague may have drafted the next one."""
    mail.fetch(desk)
    return drafts.find(desk, word)


def brief(held: HeldNotice) -> dict[str, Any]:
    notice = Notice.parse(held.notice)
    return {
        "notice": b64u(notice.notice),
        "version": notice.version,
        "kind": notice.kind.name.lower(),
        "content_hash": b64u(notice.hash),
        "recipients": len(held.offers),
        "state": held.state,
    }


def approvals_of(desk: Desk, held: HeldNotice) -> list[dict[str, str]]:
    rows = []
    for wire in held.approvals:
        device = Approval.peek(wire).device
        entry = desk.roster.entry(device)
        rows.append({"device": b64u(device), "role_code": entry.role_code if entry else ""})
    return rows


def previews(held: HeldNotice) -> list[dict[str, Any]]:
    """In every language that the app speaks."""
    return [{"language": language, "lines": preview.lines(held, language)} for language in LANGUAGES]


def full(desk: Desk, held: HeldNotice) -> dict[str, Any]:
    author = desk.roster.entry(held.author)
    return describe(held) | {
        "state": held.state,
        "author": author.role_code if author else None,
        "approvals": approvals_of(desk, held),
        "complete": approvals.complete(desk, held),
        "audience_known": not held.manifest_parts,
        "previews": previews(held),
    }
