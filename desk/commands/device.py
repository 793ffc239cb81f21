"""`device`, `join` and `init`: this machine as an officer's device."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u, new_id, unb64u
from crypto.errors import Malformed
from crypto.letter import Letter
from crypto.number import comparison_number
from crypto.officerinvitation import Carried
from crypto.roster import Role
from desk import devices, grants, mail, rostering
from desk.client import check_url
from desk.clock import Clock
from desk.commands.common import (
    Json,
    Medium,
    QuickKdf,
    RoleCode,
    Roles,
    Until,
    at_desk,
    code_from,
    cost,
    folder,
    office_root,
    text_from,
)
from desk.errors import UsageError
from desk.home import Home
from desk.office import Desk
from desk.passphrases import DESK, passphrase
from desk.times import parse_time, show_time
from desk.voice import speaking

app = typer.Typer(no_args_is_help=True, help="This machine as an officer's device.")

RelayUrl = Annotated[str, typer.Option("--relay", help="The relay's address, e.g. https://relay.example.org")]


def init(
    context: typer.Context,
    *,
    relay: RelayUrl,
    stick: Medium,
    role_code: RoleCode,
    code: Annotated[
        str,
        typer.Option(
            "--code",
            help="The one-time code that `qasid office admit` printed, its file, or - for standard input; "
            "left out, it is asked for, and stands in no history.",
        ),
    ] = "",
    roles: Roles = "coordinator,caseworker",
    until: Until = None,
    quick: QuickKdf = False,
    as_json: Json = False,
) -> None:
    """Begin an office: first device, first roster, first epoch; registers with the relay.

    Run it again if the relay could not be reached: it goes on where it stopped.

    Example: qasid-desk init --relay https://relay.example.org --medium /media/usb --role-code C-01
    """
    with speaking(as_json=as_json) as voice:
        given = rostering.parse_roles(roles)
        root = office_root(stick, ask=not as_json)
        home = _home(folder(context), check_url(relay), root.office, quick=quick, ask=not as_json)
        desk = Desk.open(home)
        try:
            if desk.state.registered:
                raise UsageError("This desk is registered already.", "See `qasid-desk status`.")
            desk.state.relay = check_url(relay)
            ends = rostering.until(desk, parse_time(until, desk.now()) if until else None)
            word = code_from(code, ask=not as_json)
            rostering.found(desk, root, rostering.Person(role_code, given, ends), word)
            entry, roster = desk.entry, desk.roster
            data = {
                "office": b64u(desk.office),
                "officer": b64u(entry.officer),
                "device": b64u(desk.device.device),
                "role_code": entry.role_code,
                "roles": role_names(entry.roles),
                "roster": {"version": roster.version, "hash": b64u(roster.hash)},
                "epoch": b64u(roster.epochs[-1].prekey),
            }
            voice.result(
                data,
                lambda out: out.print(
                    f"Office [bold]{data['office']}[/] stands at {desk.state.relay}.\n"
                    f"You are {entry.role_code}. Take the medium out and lock it away.\n\n"
                    "Next: qasid-desk device link (for the chat), qasid-desk invite"
                ),
            )
        finally:
            desk.close()


@app.command("new")
def new(
    context: typer.Context,
    *,
    relay: RelayUrl,
    office: Annotated[
        str, typer.Option("--office", help="The office id, 43 characters; compare it with a colleague.")
    ] = "",
    invitation: Annotated[
        str,
        typer.Option(
            "--invitation", help="File with the invitation of `roster invite`, or - for it on stdin."
        ),
    ] = "",
    officer: Annotated[
        str,
        typer.Option("--officer", help="Your officer id, when you have a device already (`device show`)."),
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write the request to this file.")] = None,
    quick: QuickKdf = False,
    as_json: Json = False,
) -> None:
    """Make keys on a second machine and print a request to be added to the roster.

    Send the request to the holder of the root by any way, and read the number to them over another one.

    An invitation (`roster invite`) brings the office id with it, and the request proves that it came from its holder.

    Example: qasid-desk device new --relay https://relay.example.org --office Zk…8A --out request.txt
    """
    with speaking(as_json=as_json) as voice:
        carried = Carried.from_text(text_from(invitation)) if invitation else None
        if carried is not None and officer:
            raise UsageError("An invitation is for a new officer.", "Leave --officer or --invitation out.")
        try:
            office_id = unb64u(office, 32) if office or carried is None else carried.invitation.office
            owner = unb64u(officer, 16) if officer else new_id()
        except Malformed as wrong:
            raise UsageError(
                "An office id has 43 characters, an officer id 22.", "Copy them whole."
            ) from wrong
        if carried is not None and carried.invitation.office != office_id:
            raise UsageError("The invitation is another office's.", "Ask who gave it to you.")
        if Home.exists(folder(context)):
            raise UsageError(
                f"There is a desk in {folder(context)} already.", "Name another folder with --home."
            )
        home = _home(
            folder(context), check_url(relay), office_id, officer=owner, quick=quick, ask=not as_json
        )
        desk = Desk.open(home)
        try:
            if carried is not None:
                desk.state.invitation = carried.text()
                desk.save()
            request = devices.request_of(desk).text()
            if out:
                out.write_text(request + "\n", encoding="ascii")
            data = _identity(desk) | {"request": request}
            voice.result(data, lambda out: _show_request(out, data))
        finally:
            desk.close()


@app.command("show")
def show(context: typer.Context, *, as_json: Json = False) -> None:
    """Show this device: its ids, comparison number and role.

    Example: qasid-desk device show
    """
    with at_desk(context, as_json=as_json, online=False) as (voice, desk):
        data: dict[str, Any] = _identity(desk) | {"relay": desk.state.relay}
        entry = desk.roster.entry(desk.device.device) if desk.state.roster else None
        newest = devices.newest_prekey(desk)
        data |= {
            "role_code": entry.role_code if entry else None,
            "roles": role_names(entry.roles) if entry else [],
            "stands": bool(entry and entry.stands(desk.now())),
            "prekey": newest and {"sequence": newest.prekey.sequence, "seal_until": newest.prekey.seal_until},
        }
        if entry is None:
            data["request"] = devices.request_of(desk).text()
        voice.result(data, lambda out: _show(out, data))


@app.command("link")
def link(context: typer.Context, *, as_json: Json = False) -> None:
    """Print a one-time link that binds your Telegram account to this office.

    Open it on your own phone. Chat commands can only look things up and propose; deciding stays here.

    Example: qasid-desk device link
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        answer = devices.link(desk)
        data = {"link": answer.text("link"), "expires": answer.integer("expires")}
        voice.result(
            data, lambda out: out.print(f"{data['link']}\nvalid until {show_time(answer.integer('expires'))}")
        )


@app.command("passphrase")
def change(context: typer.Context, *, quick: QuickKdf = False, as_json: Json = False) -> None:
    """Choose a new passphrase for this desk.

    Example: qasid-desk device passphrase
    """
    with at_desk(context, as_json=as_json, online=False) as (voice, desk):
        word = passphrase(
            "QASID_DESK_NEW_PASSPHRASE_FILE", "this desk (the new one)", new=True, ask=not as_json
        )
        desk.home.change_passphrase(word, cost(quick=quick))
        voice.result({"changed": True}, lambda out: out.print("The new passphrase holds from now on."))


def join(
    context: typer.Context,
    *,
    roster: Annotated[
        str,
        typer.Option("--roster", help="VERSION:HASH as `roster add` printed it, told you by a colleague."),
    ] = "",
    letter: Annotated[
        str,
        typer.Option(
            "--letter", help="Or: the file of one of the office's letters (QASID1.…), - for standard input."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Join the office after the holder of the root has added this device: follow its rosters, collect the epochs.

    Example: qasid-desk join --roster 2:hV3…kQ
    """
    with at_desk(context, as_json=as_json, online=False) as (voice, desk):
        if bool(roster) == bool(letter):
            raise UsageError("Give either --roster or --letter.", "`roster add` prints what to give.")
        pin = _letter(letter).pin if letter else devices.parse_roster_word(desk.office, roster)
        devices.join(desk, pin)
        report = mail.fetch(desk)
        data = {
            "office": b64u(desk.office),
            "device": b64u(desk.device.device),
            "role_code": desk.entry.role_code,
            "roles": role_names(desk.entry.roles),
            "roster": {"version": desk.pin.version, "hash": b64u(desk.pin.hash)},
            "epochs": len(desk.state.epochs),
        }
        missing = len(grants.missing(desk))
        voice.result(
            data,
            lambda out: out.print(
                f"You are {desk.entry.role_code} under roster {desk.pin.version}; {data['epochs']} epochs held"
                + (f", {missing} not granted yet (run `qasid-desk inbox` later)." if missing else ".")
            ),
        )
        for _, text in report.warnings:
            voice.note(text)


def _letter(given: str) -> Letter:
    if given.startswith("QASID1."):
        raise UsageError(
            "A letter is a secret: on a command line others at this machine can read it, and the shell keeps it.",
            "Give --letter the name of its file, or - and the letter on standard input.",
        )
    return Letter.from_text("".join(text_from(given).split()))


def role_names(roles: int) -> list[str]:
    return [role.name.lower() for role in Role if role & roles and role.name]


def _home(
    place: Path, relay: str, office: bytes, *, officer: bytes | None = None, quick: bool, ask: bool
) -> Home:
    """A new home with fresh keys; or, for an `init` that did not finish, the one that stands there."""
    if Home.exists(place):
        return Home.unlock(place, passphrase(DESK, "this desk", ask=ask))
    home = Home.create(
        place, passphrase(DESK, "this desk (choose one)", new=True, ask=ask), cost(quick=quick)
    )
    try:
        home.save(devices.new_state(relay, office, officer or new_id(), Clock.for_relay(relay).now()))
    except BaseException:
        home.close()
        raise
    return home


def _identity(desk: Desk) -> dict[str, Any]:
    return {
        "office": b64u(desk.office),
        "officer": b64u(desk.device.owner),
        "device": b64u(desk.device.device),
        "number": " ".join(comparison_number(desk.device)),
    }


def _show(out: Console, data: dict[str, Any]) -> None:
    for name in ("office", "officer", "device", "number", "relay", "request"):
        if name in data:
            out.print(f"{name:8} {data[name]}", markup=False, soft_wrap=True)
    if not data["role_code"]:
        out.print("In no roster yet: give the request to the holder of the office root, then `join`.")
    else:
        standing = "" if data["stands"] else " (its time is over: see `roster renew --extend`)"
        out.print(f"role     {data['role_code']}: {', '.join(data['roles'])}{standing}", markup=False)
    prekey = data["prekey"]
    good = f"good until {show_time(prekey['seal_until'])}" if prekey else "none; the next command makes one"
    out.print(f"prekey   {good}", markup=False)


def _show_request(out: Console, data: dict[str, Any]) -> None:
    out.print("Give this to the holder of the office root, by any way:\n", markup=False)
    out.print(data["request"], markup=False, soft_wrap=True)
    out.print("\nAnd read this number to them, by another way:", markup=False)
    out.print(data["number"], style="bold")
    out.print("\nThen: qasid-desk join --roster VERSION:HASH (they will tell you)", markup=False)
