"""Lists of people: hostile lines, names, and that a run that was cut off invites nobody twice."""

from pathlib import Path

import pytest

from crypto.encoding import b64u
from desk import csvfile, people
from desk.batch import _register
from desk.errors import RelayError, UsageError
from tests.databases import content
from tests.desk.house import Office

GOOD = "Karima"


def listed(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "empty"),
        ("\u202egro.elpmaxe", "U\\+202E"),
        ("Ah\u2066mad", "U\\+2066"),
        ("Ah\u200bmad", "U\\+200B"),
        ("Ahmad\u200c", "U\\+200C"),
        ("Ah\ufeffmad", "U\\+FEFF"),
        ("Ahmad\x1b[2J", "U\\+001B"),
        ("Ahmad\nZia", "U\\+000A"),
        ("\U000e0041hmad", "U\\+E0041"),
        ("x" * 10_240, "10240 characters"),
        ("=HYPERLINK(1)", "formula"),
        ("@SUM(A1)", "formula"),
        ("a" + "\u0301\u0302" * 5, "heaps marks"),
    ],
)
def test_hostile_names_are_refused_by_what_is_wrong(name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        people.clean(name)


@pytest.mark.parametrize("name", ["علی‌رضا", "محمّد", "O’Brien-Zia 2"])
def test_real_names_pass(name: str) -> None:
    assert people.clean(f"  {name}   Zia ") == f"{name} Zia"


def test_every_bad_line_is_named_by_its_number(tmp_path: Path) -> None:
    text = (
        "name;note;alias\r\nKarima;Herat;\r\n\r\nAh\u200bmad;;\r\nkarima ;herat;\r\nKarima;Kabul;k-1\r\n"
        "Zia;;Z-1\r\nNoor;;Z-1\r\nJust one cell\r\nOmid;;H-7\r\n"
    )
    good, bad = csvfile.read(listed(tmp_path, b"\xef\xbb\xbf" + text.encode()))
    assert [(row.line, row.name, row.alias) for row in good] == [(2, "Karima", ""), (7, "Zia", "Z-1")]
    assert [each.line for each in bad] == [4, 5, 6, 8, 9, 10]
    assert "same person as line 2" in bad[1].why
    assert "same alias as line 7" in bad[3].why
    assert not any("mad" in each.why for each in bad)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("Karima\n", "does not name its columns"),
        ("name,passport\nKarima,P123\n", "column 2"),
        (b"name\nKar\xffima\n", "line 2"),
    ],
)
def test_what_is_no_list_is_refused_whole(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        csvfile.read(listed(tmp_path, text))


def test_an_open_quotation_mark_hides_no_line(tmp_path: Path) -> None:
    good, bad = csvfile.read(listed(tmp_path, 'name\nKarima\n"Zia\nNoor\nOmid\n'))
    assert [row.name for row in good] == ["Karima"]
    assert "nothing after it was read" in bad[-1].why


def test_what_is_written_again_runs_as_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    csvfile.write(path, ("name",), [("=1+1",), ("\t=1",), ("-2",), ("Zia",), ("'x",)])
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["name", "'=1+1", "'\t=1", "'-2", "Zia", "''x"]
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        csvfile.write(path, ("name",), [])


def test_a_list_is_invited_once_though_it_is_cut_off(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, pages = office.first, tmp_path / "letters"
    source = listed(tmp_path, "name,note\nAhmad,A\nAhmad,B\nZia,\n=bad,\n")
    ask = ("invite", "--from", str(source), "--out", str(pages))
    assert "line 5" in desk.no(*ask, "--yes", code="bad_lines", exit_code=2)
    desk.no(*ask, "--skip-bad", code="not_confirmed", exit_code=2)
    assert desk.state().people == {}
    assert len(desk.ok(*ask, "--check")["bad"]) == 1
    left = [1]

    def cut(*arguments: object) -> None:
        if not left[0]:
            raise RelayError(503, "down", "cut off")
        left[0] -= 1
        _register(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("desk.batch._register", cut)
        assert "1 of 3" in desk.no(*ask, "--skip-bad", "--yes", code="down")
    held = {b64u(letter.secret) for letter in desk.state().letters.values()}
    done = desk.ok(*ask, "--skip-bad", "--yes", "--list", str(tmp_path / "who.csv"))
    assert (done["made"], done["already"], done["pages"]) == (2, 1, 3)
    assert {b64u(letter.secret) for letter in desk.state().letters.values()} == held
    again = desk.ok(*ask, "--skip-bad", "--yes")
    assert (again["made"], again["already"], again["pages"]) == (0, 3, 0)
    assert sum(row["state"] == "open" for row in desk.ok("invitations")["invitations"]) == 3
    assert {page.stat().st_mode & 0o777 for page in pages.iterdir()} == {0o600}
    assert not any("Ahmad" in page.read_text() for page in pages.iterdir())
    who = (tmp_path / "who.csv").read_text(encoding="utf-8-sig")
    assert who.count("Ahmad") == 2
    assert b"Ahmad" not in content(office.house.folder / "qasid.db")
    book = desk.ok("people", "--forget", done["letters"][0]["alias"], "--yes")["people"]
    assert sorted(row["name"] for row in book) == ["Ahmad", "Zia"]
