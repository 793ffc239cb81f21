"""docs/ROLES.md says what the relay does, nothing of another office shows, and an account alone changes nothing."""

import copy
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.roster import Role
from handlers import updates
from handlers.api.build import api, build
from handlers.chat import dispatch
from handlers.chat.turn import Turn
from relay import contacts, proposals
from relay.auth import OfficerDevice
from store import mail, people
from store import proposals as proposal_rows
from store.sql import first
from store.tables import metadata
from tests.roles import chat, table, walk
from tests.roles.__main__ import PAGE
from tests.roles.asks import ASKS
from tests.roles.cast import PRINCIPALS
from tests.roles.snapshot import CHATTING

AGAIN = "docs/ROLES.md says something else; if the change is meant, run make roles"


@pytest.fixture(scope="module")
def routes() -> tuple[list[walk.Row], list[str]]:
    return walk.walked()


@pytest.fixture(scope="module")
def commands() -> tuple[list[chat.Row], list[str]]:
    return chat.walked()


def served(routes: Iterable[Any]) -> Iterator[Any]:
    """Those of included routers, and of what is mounted, too."""
    for route in routes:
        within = getattr(route, "original_router", None) or getattr(route, "app", None)
        below = getattr(within, "routes", None)
        yield from [route] if below is None else served(below)


def test_every_request_is_walked_as_everybody(routes) -> None:
    rows, wrong = routes
    assert wrong == []
    assert {(row.route, row.what) for row in rows} == set(ASKS)
    assert {frozenset(row.granted) for row in rows} == {frozenset(PRINCIPALS)}


def test_no_route_is_left_out() -> None:
    """Every route that the app serves is in openapi.json or named on the page; every one there has its walk."""
    described = copy.deepcopy(api().openapi())
    assert walk.missing(described) == set(), "give it a request in tests/roles/asks.py"
    routes = list(served(build(None, app_dir=Path("none")).routes))  # nothing of the context is asked for
    visible = {
        (route.path, method.lower())
        for route in routes
        if route.include_in_schema
        for method in route.methods
    }
    assert visible == {(path, method) for path, item in described["paths"].items() for method in item}
    hidden = {route.path for route in routes if not route.include_in_schema}
    assert hidden == {"/", "/app/{path:path}", "/.well-known/qasid-webapp", "/openapi.json"}, (
        "say on the page who may ask for it"
    )
    described["paths"]["/v1/new"] = {"get": {}}
    del described["paths"]["/v1/pause"]
    assert walk.missing(described) == {"GET /v1/new", "POST /v1/pause"}


def test_the_page_is_what_the_walks_find(routes, commands) -> None:
    assert PAGE.read_text(encoding="utf-8") == table.document(routes[0], commands[0]), AGAIN


def test_every_command_is_walked_and_changes_nothing_for_anybody(commands) -> None:
    rows, wrong = commands
    assert wrong == []
    assert [row.command for row in rows] == [*dispatch.PEOPLE, *dispatch.OFFICERS]
    assert {name for name in metadata.tables if name in CHATTING} == set(CHATTING)


@pytest.mark.prove
class TestTheWalksFindWhatIsWrong:
    def test_a_rule_that_lets_in_too_many(self, monkeypatch, routes) -> None:
        monkeypatch.setattr(contacts, "VIEWERS", Role.COORDINATOR | Role.CASEWORKER | Role.HOST)
        rows, wrong = walk.walked(["GET /v1/contacts"])
        assert wrong == []
        assert table.of_routes(rows) not in PAGE.read_text(encoding="utf-8")
        assert rows[0].granted["host"]
        assert not next(row for row in routes[0] if row.route == "GET /v1/contacts").granted["host"]

    def test_a_query_that_forgets_the_office(self, monkeypatch) -> None:
        rows = metadata.tables["proposals"]
        monkeypatch.setattr(
            proposal_rows,
            "proposal",
            lambda tx, _office, id_: first(tx, rows.select().where(rows.c.proposal == id_)),
        )
        _, wrong = walk.walked(["POST /v1/proposals/{proposal}"])
        assert any("as coordinator" in each and "404" in each for each in wrong)

    def test_a_list_of_everybody(self, monkeypatch) -> None:
        rows = metadata.tables["contacts"]
        monkeypatch.setattr(people, "listed", lambda tx, _office: list(tx.execute(rows.select())))
        _, wrong = walk.walked(["GET /v1/contacts"])
        assert any("tells that another office came" in each for each in wrong)
        assert any("holds another office's" in each for each in wrong)

    def test_an_acknowledgement_for_others(self, monkeypatch) -> None:
        rows = metadata.tables["wraps"]
        monkeypatch.setattr(
            mail,
            "drop_own",
            lambda tx, _office, _device, ids: tx.execute(rows.delete().where(rows.c.envelope.in_(ids))),
        )
        _, wrong = walk.walked(["POST /v1/mail/ack"])
        assert any("of a neighbour it changes" in each and "wraps" in each for each in wrong)
        assert any("it changes another office's" in each and "wraps" in each for each in wrong)

    @pytest.fixture
    def bad_command(self, monkeypatch) -> Iterator[None]:
        """/bad KA-1001 silences a person."""

        def bad(turn: Turn, officer: OfficerDevice) -> None:
            person = people.by_alias(turn.tx, officer.office, turn.arguments[0])
            if person is not None:
                people.set_contact(turn.tx, officer.office, person.contact, paused=True)
            turn.say("officer-see-desk")

        monkeypatch.setitem(updates.COMMANDS, "bad", updates.re.compile(updates.ALIAS))
        monkeypatch.setitem(dispatch.OFFICERS, "bad", bad)

    @pytest.mark.usefixtures("bad_command")
    def test_a_command_that_acts(self) -> None:
        rows, wrong = chat.walked(["bad"])
        assert rows[0].granted["auditor"]
        assert any("/bad with" in each and "['contacts']" in each for each in wrong)

    def test_a_command_that_decides(self, monkeypatch) -> None:
        def bad(turn: Turn, officer: OfficerDevice) -> None:
            for each in proposals.listed(turn.tx, officer, turn.now):
                proposals.decide(turn.tx, officer, each.proposal, True, turn.now)
            turn.say("officer-see-desk")

        monkeypatch.setitem(dispatch.OFFICERS, "queue", bad)
        _, wrong = chat.walked(["invite", "queue"])
        assert any("proposals made in chat are" in each for each in wrong)
