"""/report: how many households there are, by what is known of them."""

from handlers.chat.officers import Nested, age, dropped
from handlers.chat.turn import VANISH, Turn
from relay import report as rules
from relay.auth import OfficerDevice
from relay.report import Cell, Line


def report(turn: Turn, officer: OfficerDevice) -> None:
    if dropped(turn, "/report"):
        return
    view = rules.make(turn.tx, officer, turn.now)
    params: Nested = {
        "count": {"key": "report-hidden"} if view.households is None else str(view.households),
        "then": [_line(turn, line) for line in view.lines],
    }
    turn.say("officer-report", params, vanish_after=VANISH)


def _line(turn: Turn, line: Line) -> Nested:
    if line.about == "intent":
        about, answers = {"key": "report-intent"}, "intent"
    else:
        about, answers = {"key": f"fact-{line.about}"}, "answer"
    cells = [
        {"key": "report-cell", "answer": _answer(cell, answers), "count": _count(turn, cell)}
        for cell in line.cells
    ]
    return {"key": "report-line", "fact": about, "answer": {"list": cells}}


def _answer(cell: Cell, answers: str) -> Nested:
    if cell.answer == "unknown":
        return {"key": "answer-unknown"}
    return {"key": f"{answers}-{cell.answer}{'-estimated' if cell.grade == 'estimated' else ''}"}


def _count(turn: Turn, cell: Cell) -> Nested | str:
    if cell.count is None:
        return {"key": "report-hidden"}
    if cell.as_of is None:
        return str(cell.count)
    return {"key": "report-dated", "count": str(cell.count), "age": age(cell.as_of, turn.now)}
