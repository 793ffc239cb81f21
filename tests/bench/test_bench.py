"""Every benchmark runs in miniature and says what it measured; what the figures are is no matter here."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from bench import growth, page, plot, release, sealing, storing, upload
from bench.__main__ import DOCS, main
from bench.delivery import _rates
from bench.families import FAMILIES
from bench.figure import Bench, Figure, interleaved
from bench.record import Record, kept

REPOSITORY = Path(__file__).resolve().parents[2]


def figure(samples: list[float], goal: float, *, at_most: bool = False) -> Figure:
    return Figure("a", "b", samples, goal, at_most=at_most)


class TestFigure:
    def test_median_decides(self) -> None:
        assert figure([0.1, 0.8, 0.9], 0.8).met
        assert not figure([0.1, 0.7, 0.9], 0.8).met
        assert figure([1.0, 2.0, 9.0], 2.0, at_most=True).met
        assert not figure([1.0, 2.1, 2.2], 2.0, at_most=True).met

    def test_nothing_measured_is_no_figure(self) -> None:
        with pytest.raises(ValueError, match="no samples"):
            figure([], 1.0)

    def test_sides_take_turns(self) -> None:
        order: list[str] = []
        interleaved(3, lambda _: order.append("ours") or 1.0, lambda _: order.append("limit") or 1.0)
        assert order == ["ours", "limit", "limit", "ours", "ours", "limit"]

    def test_rate_is_what_the_limit_needs_over_what_it_took(self) -> None:
        assert _rates([number / 30 for number in range(61)], 30) == pytest.approx([1.0, 1.0])
        assert _rates([number / 15 for number in range(61)], 30) == pytest.approx([0.5, 0.5])
        assert _rates([0.0, 1.0, 2.0], 30) == pytest.approx([1 / 30])


def test_storing_in_miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "QUICK", (1, 1, 2))
    assert all(0 < found.median < 10 for found in storing.BENCH.run(True, tmp_path))


def test_growth_in_miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "QUICK", (1, 2))
    monkeypatch.setattr(growth, "QUICK_SIZES", (2, 150))
    monkeypatch.setattr(growth, "PHONES", 2)
    (found,) = growth.BENCH.run(True, tmp_path)
    assert found.median > 0


def test_release_in_miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "QUICK", (1, 20, 10))
    assert all(found.median > 0 for found in release.BENCH.run(True, tmp_path))


def test_sealing_in_miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "QUICK", (1, 2, 201))
    monkeypatch.setattr(sealing, "_scaling", lambda *_: 2.0)
    assert all(found.median > 0 for found in sealing.BENCH.run(True, tmp_path))


def test_upload_in_miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "QUICK", (1, upload.PART_SIZE + 1))
    (found,) = upload.BENCH.run(True, tmp_path)
    assert found.median > 0


class TestRecord:
    @pytest.fixture
    def record(self) -> Record:
        figures = [figure([0.5, 0.7, 0.6], 0.8), figure([2.0], 3.0, at_most=True)]
        return Record.of(Bench("some", "some promise", lambda *_: figures), figures, quick=False)

    def test_is_read_as_it_was_written_and_names_no_machine(self, record: Record, tmp_path: Path) -> None:
        record.write(tmp_path)
        assert kept(tmp_path) == [record]
        text = (tmp_path / "some.json").read_text()
        assert platform.node() not in text
        assert str(REPOSITORY) not in text

    def test_the_same_figures_give_the_same_picture(self, record: Record, tmp_path: Path) -> None:
        first = plot.draw(record, tmp_path).read_bytes()
        assert first.startswith(b"\x89PNG")
        assert plot.draw(record, tmp_path).read_bytes() == first

    def test_the_page_names_what_falls_short(self, record: Record, tmp_path: Path) -> None:
        path = tmp_path / "page.md"
        path.write_text(f"before\n{page.BEGIN}old\n{page.END}after\n")
        page.renew(path, [record])
        text = path.read_text()
        assert text.startswith("before\n")
        assert text.endswith("after\n")
        assert "old" not in text
        assert f"- `some`: {page.UNKNOWN}" in text
        path.write_text("nothing")
        with pytest.raises(ValueError, match="between which"):
            page.renew(path, [record])


def test_the_page_has_the_figures_that_are_kept_and_each_shortfall_its_reason() -> None:
    records = kept(DOCS / "bench")
    assert {record.name for record in records} >= {each.name for each in FAMILIES.values() if not each.seldom}
    short = {record.name for record in records if not all(each.met for each in record.figures)}
    assert short <= page.REASONS.keys()
    assert page.made(records) in (DOCS / "BENCH.md").read_text()
    assert not any(record.quick for record in records)


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["store,nothing"])
    assert "broadcast" in capsys.readouterr().err


def test_the_help_names_every_family(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in FAMILIES)


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_every_family_measures(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", *FAMILIES, "--quick", "--into", str(tmp_path)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=580)
    assert done.returncode == 0, done.stdout
    assert {path.stem for path in tmp_path.glob("*.json")} == set(FAMILIES)
    assert {path.stem for path in tmp_path.glob("*.png")} == set(FAMILIES)
