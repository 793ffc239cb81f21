"""Every benchmark runs in miniature and says what it measured; what the figures are is no matter here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import release, sealing, storing, upload
from bench.__main__ import BENCHES, main
from bench.delivery import _rates
from bench.figure import Figure, interleaved

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
    (found,) = storing.BENCH.run(True, tmp_path)
    assert 0 < found.median < 10


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


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "broadcast" in capsys.readouterr().err


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_every_benchmark_measures(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    command = [sys.executable, "-m", "bench", "--quick", "--json", str(kept)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout
    assert set(json.loads(kept.read_text())["results"]) == {bench.name for bench in BENCHES}
