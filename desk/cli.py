"""`qasid-desk`: the officer's client. The keys live here; the relay only ever gets ciphertext."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands import (
    assign,
    attachments,
    attempt,
    backup,
    cardchanges,
    cases,
    compositions,
    conditions,
    contacts,
    device,
    duplicates,
    duty,
    erasure,
    files,
    handover,
    inbox,
    letters,
    loans,
    log,
    manifests,
    mediation,
    movements,
    notices,
    offices,
    outcomes,
    people,
    phrases,
    queue,
    referrals,
    report,
    root,
    roster,
    search,
    sponsors,
    status,
    threads,
    unrung,
)

app = typer.Typer(
    name="qasid-desk",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with local values could show keys
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def main_options(
    home: Annotated[  # read from the context by the commands
        Path | None,
        typer.Option("--home", help="The desk's folder (or QASID_DESK_HOME).", file_okay=False),
    ] = None,
) -> None:
    """The officer's desk of Qasid: keys, letters, mail and notices of an office.

    A day: qasid-desk status, then inbox, read 12, reply K-4821, confirm.
    A beginning: root init, init, invite. A second officer: device new, join.

    Every command takes --json. Exit codes: 0 done, 1 refused, 2 not understood. The passphrase is asked for, or
    read from the file that QASID_DESK_PASSPHRASE_FILE names.
    """


app.add_typer(root.app, name="root")
app.command("init")(device.init)
app.add_typer(device.app, name="device")
app.add_typer(roster.app, name="roster")
app.command("join")(device.join)
app.command("invite")(letters.invite)
app.command("invitations")(letters.invitations)
app.command("people")(people.people)
app.command("confirm")(contacts.confirm)
app.command("drop-device")(cardchanges.drop_device)
app.command("contacts")(contacts.listed)
app.command("verify")(contacts.verify)
app.command("next")(queue.next_)
app.add_typer(referrals.app, name="referrals")
app.command("inbox")(inbox.inbox)
app.command("read")(inbox.read)
app.command("reply")(inbox.reply)
app.add_typer(attachments.app, name="attachment")
app.add_typer(phrases.app, name="phrase")
app.command("search")(search.search)
app.add_typer(cases.app, name="case")
movements.app.add_typer(loans.app)
movements.app.add_typer(outcomes.app)
app.add_typer(movements.app, name="movement")
app.add_typer(compositions.app, name="composition")
app.add_typer(conditions.app, name="condition")
app.add_typer(conditions.routes, name="route")
app.add_typer(notices.app, name="notice")
app.add_typer(outcomes.safety, name="safety")
app.add_typer(files.app, name="file")
app.command("manifest")(manifests.manifest)
app.add_typer(manifests.app, name="manifests")
app.command("erase")(erasure.erase)
app.command("duplicates")(duplicates.listed)
app.command("merge")(duplicates.merge)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("assign")(assign.assign)
app.command("handover")(handover.handover)
app.command("attempt")(attempt.attempt)
app.command("not-reached")(attempt.not_reached)
app.command("unrung")(unrung.unrung_)
app.add_typer(sponsors.app, name="sponsor")
app.command("duty")(duty.duty)
app.add_typer(offices.app, name="office")
app.add_typer(threads.app, name="thread")
app.add_typer(mediation.app, name="mediate")
app.command("report")(report.report)
app.command("audit")(log.audit)
app.command("status")(status.status)


def main() -> None:
    """The console script."""
    app()
