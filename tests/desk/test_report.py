"""The report at the desk."""

from rich.console import Console

from desk.commands.report import ABOUT, _show
from tests.desk.house import Office


def test_the_report_at_the_desk(office: Office) -> None:
    desk = office.first
    data = desk.ok("report")
    assert [line["about"] for line in data["lines"]] == list(ABOUT)
    assert data["households"] is None  # fewer than 5
    assert {cell["count"] for line in data["lines"] for cell in line["cells"]} == {None}
    out = Console(record=True, width=120)
    _show(out, data)
    assert "hidden (under 5)" in out.export_text()
