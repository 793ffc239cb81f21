"""The "no one behind" report, fit to be passed on."""

from fastapi import APIRouter

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Time, View
from relay import report

router = APIRouter(tags=["cases"], route_class=CheckedRoute)


class Cell(View):
    """`count` null: hidden. `as_of`: the day of the oldest information in it."""

    answer: str
    grade: str | None
    count: int | None
    as_of: Time | None


class Line(View):
    about: str
    cells: list[Cell]


class Report(View):
    households: int | None
    lines: list[Line]


@router.get("/v1/report")
async def show(caller: Caller) -> Report:
    """Open households by each fact and by intent; counts under 5, and what would betray them, are hidden."""
    return Report.model_validate(await caller.write(report.make, caller.now))
