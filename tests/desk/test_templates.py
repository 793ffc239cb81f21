"""Templates of notices: no wording that harms; filled whole or not at all; shown before anybody signs."""

import re
import unicodedata
from types import SimpleNamespace

import pytest

from crypto.encoding import unb64u
from crypto.notice import NoticeKind, Route
from desk import plaintext, preview, templates
from desk.commands import drafting
from desk.errors import UsageError
from desk.forms import Sheet
from desk.state import HeldNotice
from desk.templates import LONGEST, TEMPLATES, TIMES
from tests.desk.house import Office
from tests.desk.test_notices import COUNT, only
from tests.desk.test_phrases import MONEY, NEVER
from words.catalogues import LANGUAGES, source, variables
from words.dates import moment

AT = 1_795_234_500
AHEAD = dict.fromkeys(TIMES, AT)
FILLED = {"luggage": "20", "days": "2", "hours": "9", "facts": "آب", "source": "رادیو", "danger": "دود"}
ENGLISH = {"en:facts": "Water", "en:source": "radio", "en:danger": "smoke"}


def filled(name: str) -> templates.Texts:
    wanted = templates.places(name)
    given = (FILLED | ENGLISH).items()
    return templates.fill(
        name, AHEAD, {key: text for key, text in given if key.removeprefix("en:") in wanted}
    )


def held(office: Office, name: str) -> HeldNotice:
    return next(each for key, each in office.first.state().notices.items() if key.startswith(name))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_worded_as_it_may_be(name: str) -> None:
    texts = filled(name)
    assert {frozenset(words) for words in texts.values()} == {frozenset(texts["en"])}
    assert "message" in texts["en"]
    if name in ("air", "land"):
        assert set(texts["en"]) == set(templates.WORDS)
    for language, words in texts.items():
        text = "\n".join(words.values())
        fee = re.search(r"-fee = (.+)", source(language, "notices")).group(1)
        assert not re.search(NEVER[language], text, re.IGNORECASE)
        assert not re.search(MONEY[language], text.replace(fee, ""), re.IGNORECASE)
        assert (fee in text) == (name not in ("advisory", "threat"))
        assert len(text) < 1000
        if language != "en":
            assert not re.search("[A-Za-z0-9]", text)
            strong = [next(c for c in line if c.isalpha()) for line in text.splitlines()]
            assert {unicodedata.bidirectional(letter) for letter in strong} == {"AL"}
    if TEMPLATES[name].kind is NoticeKind.ADVISORY:
        assert not re.search(
            r"^(go|come|leave|move|set out|stay)\b", texts["en"]["message"], re.IGNORECASE | re.MULTILINE
        )
    if TEMPLATES[name].kind.moves:
        assert "The choice is yours" in texts["en"]["message"]
        assert "no pass" in texts["en"]["message"]
        assert "Set out only when this page says “Confirmed”" in texts["en"]["message"]


def test_the_catalogue_words_nothing_but_templates() -> None:
    keys = {re.fullmatch(r"([a-z]+)-([a-z]+)", key).groups() for key in variables("en", "notices")}
    assert {name for name, _ in keys} == set(TEMPLATES)
    assert {word for _, word in keys} <= set(templates.WORDS)


def test_dates_and_digits_are_the_languages_own() -> None:
    texts = filled("air")
    for language in LANGUAGES:
        assert moment(AT, language) in texts[language]["message"]
    assert "20 kg" in texts["en"]["bring"]
    assert "۲۰ کیلو" in texts["fa-AF"]["bring"]
    assert "۲۰ کیلو" in texts["ps-AF"]["bring"]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("air", {}, "leaves open: en:luggage, fa-AF:luggage, ps-AF:luggage"),
        ("air", {"luggage": "  "}, "leaves open: en:luggage"),
        ("threat", {"en:danger": "smoke", "ps-AF:danger": "لوګی"}, "leaves open: fa-AF:danger."),
        ("air", {"luggage": "20", "gate": "3"}, "no place for gate"),
        ("air", {"luggage": "20", "de:luggage": "20"}, "no place for de:luggage"),
        ("air", {"luggage": "20", "departs_at": "soon"}, "no place for departs_at"),
        ("safety", {"luggage": "20"}, "no place for luggage"),
        ("bus", {}, "no template 'bus'"),
        ("threat", {"danger": "x" * (LONGEST + 1)}, "at most 500"),
        ("threat", {"danger": "x" * 10_000}, "10000 characters"),
        ("threat", {"danger": "a\nb"}, r"U\+000A"),
    ],
)
def test_what_is_missing_unknown_or_too_long_is_refused(name: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        templates.fill(name, AHEAD, given)


def test_a_time_the_notice_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="tells answer_by") as refused:
        templates.fill("reminder", AHEAD | {"answer_by": 0}, {})
    assert refused.value.hint == "Give --answer-by."


TRICKS = [
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    *"\u200b\u2060\ufeff\u00ad\u3164",
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda letter: f"U+{ord(letter):04X}")
def test_what_is_invisible_or_turns_the_text_is_refused_wherever_it_stands(trick: str) -> None:
    text = f"smoke {trick}ekoms"
    with pytest.raises(UsageError, match=f"U\\+{ord(trick):04X}") as refused:
        templates.fill("threat", AHEAD, {"danger": text})
    assert "smoke" not in refused.value.message
    for sheet in (
        Sheet({"kind": "threat", "expires": str(AT)}, {"en": {"message": text}}),
        Sheet({"kind": "threat", "expires": str(AT), "place": text}, {"en": {"message": "smoke"}}),
    ):
        with pytest.raises(UsageError, match=f"U\\+{ord(trick):04X}"):
            sheet.form(AT - 60)


def test_a_joiner_stands_between_letters_alone() -> None:
    assert templates.fill("threat", AHEAD, {"danger": "دود می‌آید"})["fa-AF"]["message"].startswith(
        "خطر: دود می‌آید\n"
    )
    with pytest.raises(UsageError, match=r"U\+200C"):
        templates.fill("threat", AHEAD, {"danger": "دود \u200c می"})


def test_ten_kilobytes_of_written_text_are_refused() -> None:
    sheet = Sheet({"kind": "threat", "expires": str(AT)}, {"fa-AF": {"message": "آ" * 5000}})
    with pytest.raises(UsageError, match="message in fa-AF has 10000 bytes; at most 4096"):
        sheet.form(AT - 60)


def test_a_template_decides_kind_and_route() -> None:
    sheet = Sheet(dict.fromkeys(TIMES, str(AT)) | {"movement": "AIR-1", "expires": str(AT)})
    sheet.filling("air", ["luggage=20"])
    form = sheet.form(AT - 60)
    assert (form.kind, form.route) == (NoticeKind.COME, Route.AIR)
    for template, values, said in (
        ("air", {"route": "LAND-PK"}, "for the routes AIR"),
        ("land", {}, "for the routes LAND-PK, LAND-UZ, LAND-TJ"),
        ("reminder", {"kind": "come"}, "of kind advisory"),
        ("bus", {}, "no template"),
    ):
        with pytest.raises(UsageError, match=said):
            Sheet(dict(values)).filling(template, [])
    with pytest.raises(UsageError, match="no template to fill"):
        Sheet().filling("", ["luggage=20"])
    with pytest.raises(UsageError, match="fills nothing"):
        Sheet().filling("air", ["luggage"])


def test_a_terminal_asks_and_a_number_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"hours, in en": "9", "days, in en": "2", "danger, in en": "smoke", "danger, in fa-AF": "دود",
               "danger, in ps-AF": "لوګی"}  # fmt: skip
    asked: list[str] = []

    def prompt(question: str, **_: object) -> str:
        asked.append(question)
        return answers[question]

    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    land, threat = Sheet(template="land"), Sheet(template="threat")
    drafting._ask(land)
    drafting._ask(threat)
    assert land.fill == {"days": "2", "hours": "9"}
    assert threat.fill == {"en:danger": "smoke", "fa-AF:danger": "دود", "ps-AF:danger": "لوګی"}
    assert len(asked) == 5


def come(office: Office, *aliases: str, fill: str = "luggage=20") -> str:
    code, desk = f"TPL-{next(COUNT):02}", office.first
    office.movement(code, "--seats", "6", desk=desk)
    times = {
        "departs-at": "+60h",
        "report-from": "+50h",
        "report-until": "+54h",
        "answer-by": "+36h",
        "expires": "+54h",
    }
    options = [part for name, value in times.items() for part in (f"--{name}", value)]
    to = [part for alias in aliases for part in ("--to", f"{alias}:2")]
    made = desk.ok("notice", "draft", "--template", "air", "--fill", fill, "--movement", code, *options, *to,
                   "--place", "North gate")  # fmt: skip
    return str(made["notice"])


def test_from_a_template_to_the_phone_and_its_change(office: Office) -> None:
    phone, alias = office.enrolled()
    name = come(office, alias)
    shown = office.second.ok("notice", "preview", name)["previews"]
    assert [each["language"] for each in shown] == list(LANGUAGES)
    assert shown == office.second.ok("notice", "show", name)["previews"]
    for each in shown:
        assert "North gate" not in "".join(each["lines"])
    before = office.second.human("notice", "approve", name, "--yes")
    assert all(line in before for each in shown for line in each["lines"])
    office.first.ok("notice", "approve", name, "--yes")
    office.first.ok("notice", "seal", name, "--yes")
    office.house.release()
    notice = phone.notices[only(phone)].notice
    assert [text.language for text in notice.texts] == list(LANGUAGES)
    assert notice.texts[1].message in "\n".join(shown[1]["lines"])
    office.first.ok(
        "notice", "draft", "--replaces", name, "--template", "change", "--text", "en:bring=Nothing"
    )
    changed = preview.lines(held(office, f"{name}/2"), "en")
    assert changed[0] == "Changed departure"
    assert f"The departure has changed. It is now planned: {moment(notice.departs_at, 'en')}." in changed
    assert "Bring: Nothing" in changed
    assert "بکس" in "\n".join(preview.lines(held(office, f"{name}/2"), "fa-AF"))


def test_a_reminder_goes_out_as_information(office: Office) -> None:
    phone, alias = office.enrolled()
    made = office.first.ok("notice", "draft", "--template", "reminder", "--departs-at", "+60h", "--answer-by", "+20h",
                           "--expires", "+24h", "--to", alias)  # fmt: skip
    office.first.ok("notice", "approve", made["notice"], "--yes")
    office.first.ok("notice", "seal", made["notice"], "--yes")
    office.house.release()
    key = only(phone)
    assert (key[0], phone.standing(*key)) == (unb64u(made["notice"]), "information")
    own = phone.notices[key].own
    assert own is not None
    assert (own.alias, own.party) == (alias, 0)
    assert preview.lines(held(office, made["notice"]), "en")[:2] == [
        "Information",
        "This informs you. It does not tell you to move.",
    ]


def test_a_refused_draft_is_nobodys_and_says_why(office: Office) -> None:
    _, alias = office.enrolled()
    before = set(office.first.state().notices)
    threat = ["notice", "draft", "--template", "threat", "--expires", "+6h", "--to", alias]
    said = office.first.no(*threat, "--fill", "danger=\u202esmoke", code="usage", exit_code=2)
    assert "U+202E" in said
    assert "smoke" not in said
    said = office.first.no(*threat, code="usage", exit_code=2)
    assert "--fill NAME=TEXT" in said
    assert set(office.first.state().notices) == before
    listed = {row["template"]: row for row in office.first.ok("notice", "templates")["templates"]}
    assert listed["land"] == {
        "template": "land", "kind": "come", "routes": ["LAND-PK", "LAND-UZ", "LAND-TJ"], "times": ["departs_at"],
        "fill": ["days", "hours"],
    }  # fmt: skip
    office.first.no("notice", "preview", "nowhere", code="usage", exit_code=2)


def test_a_desk_that_checks_nothing_fools_no_colleague(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, alias = office.enrolled()
    with monkeypatch.context() as dishonest:
        dishonest.setattr(plaintext, "check", lambda *_, **__: None)
        made = office.first.ok("notice", "draft", "--kind", "threat", "--expires", "+6h", "--to", alias,
                               "--text", "en:message=Stay\u202e\x1b[2J")  # fmt: skip
    assert "names no notice" in office.second.no(
        "notice", "approve", made["notice"], "--yes", code="usage", exit_code=2
    )


def test_a_file_names_a_template_and_fills_it(office: Office) -> None:
    _, alias = office.enrolled()
    path = office.house.folder / "threat.json"
    path.write_text(
        '{"template": "threat", "fill": {"en:danger": "smoke", "danger": "دود"}, "expires": "+6h", '
        f'"texts": [{{"language": "en", "leave": "The market"}}], "to": [{{"alias": "{alias}"}}]}}'
    )
    made = office.first.ok("notice", "draft", "--file", str(path))
    assert made["kind"] == "threat"
    assert {"Danger: smoke", "Leave behind: The market"} <= set(
        preview.lines(held(office, made["notice"]), "en")
    )
    assert "خطر: دود" in preview.lines(held(office, made["notice"]), "ps-AF")
    assert office.first.ok("notice", "preview", made["notice"], "--language", "ps-AF")["previews"][0][
        "lines"
    ][1:2]
    office.first.no("notice", "preview", made["notice"], "--language", "de", code="usage", exit_code=2)
    path.write_text('{"fill": ["danger"], "template": "threat"}')
    office.first.no("notice", "draft", "--file", str(path), code="usage", exit_code=2)
