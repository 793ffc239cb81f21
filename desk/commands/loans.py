"""`movement lend …`: seats of one office that another may offer to its own people."""

from typing import Annotated, Any

import typer
from rich.console import Console

from crypto.encoding import b64u
from desk import loans
from desk.commands.common import Json, Yes, at_desk
from desk.times import parse_time, show_time
from desk.voice import table

app = typer.Typer()

LoanId = Annotated[str, typer.Argument(metavar="LOAN", help="The loan's id or its beginning.")]


@app.command("lend")
def lend(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Your movement's code name.")],
    office: Annotated[str, typer.Argument(metavar="OFFICE", help="A pinned office, by its name here.")],
    seats: Annotated[int, typer.Argument(min=1, metavar="SEATS")],
    until: Annotated[
        str, typer.Option("--until", help="When unused seats come back; 2026-11-21T10:00+04:30, or +40h.")
    ],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Lend seats of your movement to another office, which must take them up.

    Example: qasid-desk movement lend AIR-07 FR 12 --until +40h
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        back = parse_time(until, desk.now())
        voice.confirm(f"Lend {office} {seats} seats on {code} until {show_time(back)}?", yes=yes)
        said = loans.lend(desk, code, office, seats, back)
        data = {"loan": b64u(said.loan), "seats": said.seats, "return_at": said.return_at}
        voice.result(
            data,
            lambda out: out.print(
                f"Lent. {office} takes them up with: qasid-desk movement borrow {data['loan']}",
                soft_wrap=True,
            ),
        )


@app.command("loans")
def listed(context: typer.Context, *, as_json: Json = False) -> None:
    """List seats lent and borrowed.

    Example: qasid-desk movement loans
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        rows = loans.listed(desk)
        voice.result({"loans": rows}, lambda out: _table(out, rows))


@app.command("borrow")
def borrow(context: typer.Context, *, loan: LoanId, yes: Yes = False, as_json: Json = False) -> None:
    """Take up seats that another office lends: they are yours to offer, to your people, with your notices.

    Example: qasid-desk movement borrow Qm3x --yes
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        voice.confirm("Take these seats up?", yes=yes)
        said = loans.borrow(desk, loan)
        data = {"loan": b64u(said.loan), "seats": said.seats, "return_at": said.return_at}
        until = show_time(said.return_at)
        voice.result(data, lambda out: out.print(f"{said.seats} seats are yours to offer until {until}."))


@app.command("return")
def give_back(
    context: typer.Context,
    *,
    loan: LoanId,
    seats: Annotated[int | None, typer.Argument(min=1, help="How many; left out, all that are left.")] = None,
    as_json: Json = False,
) -> None:
    """Offer borrowed seats back, which the lender must take.

    Example: qasid-desk movement return Qm3x 3
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        said = loans.give_back(desk, loan, seats)
        data = {"loan": b64u(said.loan), "seats": said.seats}
        voice.result(
            data,
            lambda out: out.print(
                f"{said.seats} seats go back once the lender takes them: "
                f"qasid-desk movement take-back {data['loan']}",
                soft_wrap=True,
            ),
        )


@app.command("take-back")
def take_back(context: typer.Context, *, loan: LoanId, as_json: Json = False) -> None:
    """Take back what the borrower returns.

    Example: qasid-desk movement take-back Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        given = loans.take_back(desk, loan)
        data = {"loan": b64u(given.loan), "seats": given.seats}
        voice.result(data, lambda out: out.print(f"{given.seats} seats are yours again."))


@app.command("unlend")
def withdraw(context: typer.Context, *, loan: LoanId, as_json: Json = False) -> None:
    """Withdraw a lend that nobody took up.

    Example: qasid-desk movement unlend Qm3x
    """
    with at_desk(context, as_json=as_json) as (voice, desk):
        loans.withdraw(desk, loan)
        voice.result({"loan": loan, "state": "withdrawn"}, lambda out: out.print("Withdrawn."))


def _table(out: Console, rows: list[dict[str, Any]]) -> None:
    shown = table(
        "Loans", "loan", "movement", "from", "to", "seats", "back", "offered back", "until", "state"
    )
    for row in rows:
        numbers = [str(row[name]) for name in ("seats", "back", "giving")]
        named = [row["loan"][:8], row["code"], row["lender"], row["borrower"]]
        shown.add_row(*named, *numbers, show_time(row["return_at"]), row["state"])
    out.print(shown)
