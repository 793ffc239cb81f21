"""`backup` and `restore`: a desk in one file, and a new device made from it."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from crypto.keys import DeviceKeys
from crypto.number import comparison_number
from crypto.roster import Pin
from desk import backup as backups
from desk import devices, grants, readmission
from desk.clock import Clock
from desk.commands.common import Json, QuickKdf, Yes, at_desk, cost, folder, office_root
from desk.errors import DeskError, UsageError
from desk.home import KEY_FILE, STATE_FILE, Home
from desk.medium import RootFile
from desk.office import Desk
from desk.passphrases import BACKUP, DESK, passphrase
from desk.state import State
from desk.times import show_age, show_time
from desk.voice import Voice, speaking

BackupFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The backup's file, best on another medium.")
]


def backup(
    context: typer.Context, *, file: BackupFile, quick: QuickKdf = False, as_json: Json = False
) -> None:
    """Write this desk's keys and everything it remembers into one file, under a passphrase of its own.

    The file is opened again and compared before it counts as written; it never replaces another. Whoever has it and
    its passphrase reads the office's mail: keep it as you keep the desk, and destroy it when a newer one is made.

    A copied folder is no backup: two copies of one device use the same counters, and phones then refuse both.

    Example: qasid-desk backup /media/usb/desk-2026-11-22.qasid-backup
    """
    with at_desk(context, as_json=as_json, online=False) as (voice, desk):
        if file.exists():
            raise UsageError(
                f"{file} exists already.", "A backup is never written over another file; choose a new name."
            )
        if not file.parent.is_dir():
            raise UsageError(f"There is no folder {file.parent}.", "Is the medium plugged in?")
        if file.parent.resolve() == desk.home.folder.resolve():
            raise UsageError("A backup in the desk's own folder is lost with it.", "Name another medium.")
        word = passphrase(BACKUP, "the backup (choose one)", new=True, ask=not as_json)
        if desk.home.opens_with(word):
            raise UsageError(
                "A backup has a passphrase of its own: who learns the desk's shall not have the backup too.",
                "Choose another.",
            )
        with voice.progress() as tick:
            made = backups.write(file, desk.state, word, cost(quick=quick), now=desk.now(), tick=tick)
        until = backups.opens_until(desk.state)
        data = {
            "file": str(file),
            "bytes": file.stat().st_size,
            "made_at": made.made_at,
            "opens_mail_until": until,
        }
        lasting = f" It opens mail of this office until {show_time(until)}." if until else ""
        voice.result(
            data,
            lambda out: out.print(
                f"{file}: {data['bytes']} bytes, opened again and compared.{lasting}\n"
                "Make another after every day with new contacts, and destroy this one then.",
                markup=False,
            ),
        )


def restore(
    context: typer.Context,
    *,
    file: BackupFile,
    stick: Annotated[
        Path | None,
        typer.Option(
            "--medium",
            help="The office root's medium, if it is yours: takes the new device in and the lost one out at once.",
            file_okay=False,
        ),
    ] = None,
    yes: Yes = False,
    quick: QuickKdf = False,
    as_json: Json = False,
) -> None:
    """Make a new device of the same officer from a backup, in a home where no desk lives yet.

    It knows what the desk knew when the backup was made. It is another device: the old one's counters and keys are
    never used again, so an old backup does no harm. What came in between is fetched as far as the relay still has
    it; the rest stands at your colleagues' desks.

    Then, like any new device: the holder of the root runs `roster add` with the request shown, you run `join`, and
    they run `roster remove` for the lost one. With --medium all of it is done here.

    Example: qasid-desk --home ./new restore /media/usb/desk-2026-11-22.qasid-backup
    """
    with speaking(as_json=as_json) as voice:
        place = folder(context)
        _check_free(place)
        backups.check(file)
        root = office_root(stick, ask=not as_json) if stick else None
        word = passphrase(BACKUP, "the backup", ask=not as_json)
        with voice.progress() as tick:
            made, state = backups.read(file, word, tick)
        now = Clock.for_relay(state.relay).now()
        held = _describe(made, state)
        if not as_json:
            voice.err.print(
                f"A backup of {held['role_code'] or 'a desk in no roster'}, {show_age(now - made.made_at)} old: "
                f"{held['contacts']} contacts, {held['messages']} messages, {held['unsent']} not sent then.",
                markup=False,
            )
        voice.confirm(
            "Is the old desk lost or out of use? (It is another device and must be removed from the roster.) Go on?",
            yes=yes,
        )
        home = Home.create(
            place, passphrase(DESK, "this desk (choose one)", new=True, ask=not as_json), cost(quick=quick)
        )
        desk = None
        try:
            home.save(backups.reborn(state, now))
            desk = Desk.open(home)
            removed = _readmit(voice, desk, root) if root else ""
            data = held | {
                "device": b64u(desk.device.device),
                "number": " ".join(comparison_number(desk.device)),
                "request": None if root else devices.request_of(desk).text(),
                "removed": removed or None,
                "roster": Pin.parse(desk.state.pin).version if desk.state.pin else None,
            }
            voice.result(data, lambda out: _show(out, data))
        finally:
            if desk is None:
                home.close()
            else:
                desk.close()


def _readmit(voice: Voice, desk: Desk, root: RootFile) -> str:
    try:
        removed = readmission.readmit(desk, root)
    except DeskError:
        voice.note(
            f"The new desk stands in {desk.home.folder} but not in the roster. Let a colleague add it "
            "(`device show` has its request), or delete that folder and restore again."
        )
        raise
    grants.give(desk)
    return removed


def _check_free(place: Path) -> None:
    if (place / KEY_FILE).exists() and not (place / STATE_FILE).exists():
        raise UsageError(
            f"{place} holds a key but no state: a restore was cut off there.",
            "Delete that folder, or name another with --home.",
        )
    if Home.exists(place):
        raise UsageError(
            f"There is a desk in {place} already; nothing was changed.", "Name another folder with --home."
        )


def _describe(made: backups.Manifest, state: State) -> dict[str, Any]:
    return {
        "made_at": made.made_at,
        "office": b64u(state.office),
        "role_code": backups.role_code(state) or None,
        "replaces": b64u(DeviceKeys.parse(state.device).record.device),
        "contacts": len(state.contacts),
        "messages": len(state.messages),
        "unsent": len(state.outbox),
        "letters": len(state.letters),
    }


def _show(out: Console, data: dict[str, Any]) -> None:
    if data["removed"]:
        out.print(
            f"This device is {data['role_code']} under roster {data['roster']}; {data['removed']} is removed.",
            markup=False,
        )
        out.print("Next: qasid-desk inbox, and invite anew whoever has not used their letter yet.")
    else:
        out.print("A new device. Give this request to the holder of the office root:\n", markup=False)
        out.print(data["request"], markup=False, soft_wrap=True)
        out.print(f"\nand read them this number, by another way:\n{data['number']}", markup=False)
        out.print(
            f"\nThen: qasid-desk join --roster VERSION:HASH (they will tell you),\n"
            f"and they: qasid-desk roster remove {data['replaces']}",
            markup=False,
            soft_wrap=True,
        )
    if data["unsent"]:
        out.print(
            f"{data['unsent']} messages had not been sent when the backup was made: they count as failed here; "
            "ask a colleague before you write again.",
            markup=False,
        )
