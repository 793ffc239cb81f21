"""`roster`: who may act for the office."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from crypto.number import comparison_number
from crypto.officerinvitation import OfficerInvitation
from crypto.roster import Roster
from desk import devices, grants, rostering
from desk.commands.common import Json, Medium, RoleCode, Roles, Until, Yes, at_desk, office_root, text_from
from desk.commands.device import role_names
from desk.devices import DeviceRequest
from desk.errors import UsageError
from desk.office import Desk
from desk.rostering import Person
from desk.times import parse_time, show_time
from desk.voice import Voice, table

app = typer.Typer(
    no_args_is_help=True, help="Who may act for the office, and under which keys it is written to."
)


@app.command("show")
def show(context: typer.Context, *, as_json: Json = False) -> None:
    """Show the roster this desk follows. Compare version and hash with a colleague's.

    Example: qasid-desk roster show
    """
    with at_desk(context, as_json=as_json, lenient=True) as (voice, desk):
        data = _describe(desk, desk.roster)
        voice.result(data, lambda out: _tables(out, data))


@app.command("invite")
def invite(
    context: typer.Context,
    *,
    role_code: RoleCode,
    roles: Roles,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Sign an invitation for a new officer (coordinators): role code, roles and end of time are settled in it.

    It holds a week, for one desk; `roster add` shows it and refuses it a second time. Whoever reads it can ask to be
    that officer: hand it over in person or by a safe way, and go on comparing the device number.

    Example: qasid-desk roster invite --role-code C-03 --roles coordinator --until +180d
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        ends = rostering.until(desk, parse_time(until, desk.now()) if until else None)
        carried = rostering.invite(desk, Person(role_code, rostering.parse_roles(roles), ends))
        data = {"invitation": carried.text(), "role_code": role_code, "expires": carried.invitation.expires}
        voice.result(
            data,
            lambda out: out.print(
                f"{data['invitation']}\n\n"
                f"For {role_code}, until {show_time(carried.invitation.expires)}. In a file, there:\n"
                f"  qasid-desk device new --relay {desk.state.relay} --invitation FILE",
                soft_wrap=True,
                markup=False,
            ),
        )


@app.command("add")
def add(
    context: typer.Context,
    *,
    request: Annotated[
        str, typer.Argument(help="The device request: its text, its file, or - for standard input.")
    ],
    stick: Medium,
    role_code: RoleCode = "",
    roles: Roles = "",
    confirm_only: Annotated[
        bool,
        typer.Option(
            "--confirm-only", help="A phone of an officer's: it confirms proposals, and does nothing else."
        ),
    ] = False,
    until: Until = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Add an officer's device (needs the root medium) and grant it the epochs it may read.

    A request that rests on an invitation (`roster invite`) brings role code, roles and end of time with it; that of a
    phone which only confirms (`--confirm-only`) needs none of them. Compare the number shown with the one the officer
    reads to you: who adds a stranger's keys opens the mail to them.

    Example: qasid-desk roster add request.txt --role-code C-02 --roles coordinator,caseworker --medium /media/usb
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        asked = DeviceRequest.from_text(
            request if request.startswith(devices.REQUEST) else text_from(request)
        )
        invitation = rostering.invited(desk, asked)
        if confirm_only:
            person = _pocket(desk, asked, until, plain=not (role_code or roles))
        elif invitation is None:
            person = _person(desk, role_code, roles, until)
        else:
            person = _invited(voice, desk, invitation, plain=not (role_code or roles or until))
        role_code = person.role_code
        if not as_json:
            voice.err.print(f"Device number: {' '.join(comparison_number(asked.record))}", style="bold")
        voice.confirm(f"Add this device as {role_code} ({_duties(role_names(person.roles))})?", yes=yes)
        roster = rostering.add(desk, office_root(stick, ask=not as_json), asked, person)
        if invitation is not None:
            rostering.use(desk, invitation)
        given = _grant(voice, desk, {asked.record.device: asked.prekey})
        data = {
            "roster": _head(roster),
            "join": f"{roster.version}:{b64u(roster.hash)}",
            "device": b64u(asked.record.device),
            "number": " ".join(comparison_number(asked.record)),
            "role_code": role_code,
            "invited": invitation is not None,
            "granted": given,
        }
        voice.result(
            data,
            lambda out: out.print(
                f"{role_code} stands in roster {roster.version}. "
                + (
                    f"Send to the phone:\n\n  {data['join']}"
                    if confirm_only
                    else f"Tell them:\n\n  qasid-desk join --roster {data['join']}"
                ),
                soft_wrap=True,
            ),
        )


def _pocket(desk: Desk, asked: DeviceRequest, until: str | None, *, plain: bool) -> Person:
    if not plain:
        raise UsageError(
            "A phone that only confirms is its officer's, whatever their roles.",
            "Leave --role-code and --roles out.",
        )
    return rostering.pocket(desk, asked, parse_time(until, desk.now()) if until else None)


def _person(desk: Desk, role_code: str, roles: str, until: str | None) -> Person:
    if not (role_code and roles):
        raise UsageError(
            "This request rests on no invitation: say as whom it is added.", "Give --role-code and --roles."
        )
    ends = rostering.until(desk, parse_time(until, desk.now()) if until else None)
    return Person(role_code, rostering.parse_roles(roles), ends)


def _invited(voice: Voice, desk: Desk, invitation: OfficerInvitation, *, plain: bool) -> Person:
    if not plain:
        raise UsageError(
            "The invitation says who this is, which roles they have, and for how long.",
            "Leave --role-code, --roles and --until out.",
        )
    issuer = desk.roster.entry(invitation.issuer)
    voice.note(
        f"Invited by {issuer.role_code if issuer else ''} as {invitation.role_code} "
        f"({', '.join(role_names(invitation.roles))}), until {show_time(invitation.not_after)}; "
        "the request proves that it holds the invitation."
    )
    return Person(invitation.role_code, invitation.roles, rostering.until(desk, invitation.not_after))


@app.command("remove")
def remove(
    context: typer.Context,
    *,
    device: Annotated[
        str, typer.Argument(help="A device id or its beginning, or a role code for all its devices.")
    ],
    stick: Medium,
    last_counter: Annotated[
        int | None,
        typer.Option(
            "--last-counter",
            help="Last contact card of that device to trust (default: all verified here).",
            min=0,
        ),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Remove a device (needs the root medium) and begin a new epoch at once.

    A lost or stolen device keeps what it could read before; nothing sealed from now on opens there.

    Example: qasid-desk roster remove C-02 --medium /media/usb
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        matched = rostering.matching(desk.roster, device)
        what = ", ".join(f"{entry.role_code} {b64u(entry.device.device)}" for entry in matched)
        voice.confirm(f"Remove {what}? The device can never come back.", yes=yes)
        roster, gone = rostering.remove(desk, office_root(stick, ask=not as_json), device, last_counter)
        given = _grant(voice, desk)
        data = {
            "roster": _head(roster),
            "device": b64u(gone[0].device.device),
            "removed": [b64u(entry.device.device) for entry in gone],
            "epoch": b64u(roster.epochs[-1].prekey),
            "granted": given,
        }
        voice.result(
            data,
            lambda out: out.print(
                f"Removed {what}. Roster {roster.version}, new epoch, {given} colleagues granted."
            ),
        )


@app.command("renew")
def renew(
    context: typer.Context,
    *,
    stick: Medium,
    new_epoch: Annotated[
        bool, typer.Option("--new-epoch", help="Begin a new epoch though the last is younger.")
    ] = False,
    extend: Annotated[
        str, typer.Option("--extend", help="A role code or device whose time is to last until --until.")
    ] = "",
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Issue the next roster: valid for another month, with a new epoch when the last is a week old.

    Do it weekly. Phones write to the newest epoch, so old mail closes as epochs end.

    Example: qasid-desk roster renew --medium /media/usb
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        before = {epoch.prekey for epoch in desk.roster.epochs}
        ends = rostering.until(desk, parse_time(until, desk.now()) if until else None)
        root = office_root(stick, ask=not as_json)
        roster = rostering.renew(desk, root, new_epoch=new_epoch, extend=extend, ends=ends)
        given = _grant(voice, desk)
        fresh = [epoch.prekey for epoch in roster.epochs if epoch.prekey not in before]
        data = {"roster": _head(roster), "epoch": b64u(fresh[0]) if fresh else None, "granted": given}
        voice.result(
            data,
            lambda out: out.print(
                f"Roster {roster.version}, valid until {show_time(roster.expires)}"
                + (f"; new epoch, {given} colleagues granted." if fresh else "; no new epoch was due.")
            ),
        )


def _grant(voice: Voice, desk: Desk, fresh: dict[bytes, bytes] | None = None) -> int:
    """Grants what is owed; what the relay does not take now is sent with the next command."""
    given = grants.give(desk, fresh)
    if desk.state.grants_due or desk.state.outbox:
        voice.note("A colleague is still to be granted epochs; the next command here does it.")
    return given


def _duties(roles: list[str]) -> str:
    return "confirms only" if roles == ["confirmer"] else ", ".join(roles)


def _head(roster: Roster) -> dict[str, Any]:
    return {"version": roster.version, "hash": b64u(roster.hash)}


def _describe(desk: Desk, roster: Roster) -> dict[str, Any]:
    held = {pair.prekey.prekey for pair in desk.pairs()}
    return {
        "office": b64u(roster.office),
        **_head(roster),
        "issued": roster.issued,
        "expires": roster.expires,
        "current": roster.current(desk.now()),
        "entries": [
            {
                "device": b64u(entry.device.device),
                "officer": b64u(entry.officer),
                "role_code": entry.role_code,
                "roles": role_names(entry.roles),
                "not_before": entry.not_before,
                "not_after": entry.not_after,
                "mine": entry.device == desk.device,
            }
            for entry in roster.entries
        ],
        "removals": [
            {"device": b64u(gone.device), "removed_at": gone.removed_at, "last_counter": gone.last_counter}
            for gone in roster.removals
        ],
        "epochs": [
            {
                "epoch": b64u(epoch.prekey),
                "sequence": epoch.sequence,
                "created": epoch.created,
                "seal_until": epoch.seal_until,
                "delete_at": epoch.delete_at,
                "held": epoch.prekey in held,
            }
            for epoch in roster.epochs
        ],
    }


def _tables(out: Console, data: dict[str, Any]) -> None:
    out.print(f"Office  {data['office']}\nRoster  {data['version']}:{data['hash']}", soft_wrap=True)
    out.print(f"Valid   until {show_time(data['expires'])}\n")
    people = table("Devices", "role", "roles", "device", "until")
    for entry in data["entries"]:
        mark = " (this one)" if entry["mine"] else ""
        people.add_row(
            entry["role_code"] + mark,
            _duties(entry["roles"]),
            entry["device"],
            show_time(entry["not_after"]),
        )
    out.print(people)
    if data["removals"]:
        gone = table("Removed", "device", "at")
        for row in data["removals"]:
            gone.add_row(row["device"], show_time(row["removed_at"]))
        out.print(gone)
    keys = table("Epochs", "number", "since", "sealed to until", "destroyed at", "key here")
    for epoch in data["epochs"]:
        keys.add_row(
            str(epoch["sequence"]),
            show_time(epoch["created"]),
            show_time(epoch["seal_until"]),
            show_time(epoch["delete_at"]),
            "yes" if epoch["held"] else "no",
        )
    out.print(keys)
