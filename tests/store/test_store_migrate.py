"""The schema's history fits the tables, on both databases, and refuses what it does not know."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError

from crypto.encoding import unix
from relay import audit, ledger
from store import allotments, migrate, offers, tables
from store.engine import backend, open_store
from store.errors import StoreError
from store.model import metadata
from tests.settings import REPOSITORY
from tests.store.filler import Filler


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return request.getfixturevalue("postgres_new")


def engine_of(url: str) -> Engine:
    """To make by hand what an older version left."""
    migrate._make_file(url)
    return migrate._engine(url)


@contextmanager
def closing_engine(url: str) -> Iterator[Engine]:
    engine = engine_of(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_no_revision_goes_back_and_the_decision_says_of_each_why():
    page = REPOSITORY / "docs" / "decisions" / "0006-databases-forwards-only.md"
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    held = list(ScriptDirectory.from_config(migrate._config()).walk_revisions())
    assert len(held) > 40
    assert sorted(named) == sorted(each.revision for each in held)
    assert [each.revision for each in held if hasattr(each.module, "downgrade")] == []


def set_version(url: str, version: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()


def test_migrations_make_exactly_the_tables_and_again_nothing(new_url):
    migrate.upgrade(new_url)
    migrate.upgrade(new_url)
    migrate.check(new_url)
    engine = engine_of(new_url)
    with engine.connect() as connection:
        assert set(connection.dialect.get_table_names(connection)) == tables.NAMES | {"alembic_version"}
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    open_store(new_url).close()


def test_the_newest_version_has_the_name_that_is_written_down():
    assert migrate._scripts().get_heads() == [migrate.head()]


def test_a_database_of_this_version_is_opened_without_alembic(new_url):
    migrate.upgrade(new_url)
    program = (
        "import sys; from store import migrate; from store.engine import open_store;"
        "migrate.upgrade(sys.argv[1]); store = open_store(sys.argv[1]);"
        "assert store.read_now(migrate.is_current); store.close();"
        "print(sorted({'alembic', 'sqlalchemy'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, new_url], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['sqlalchemy']"


def test_the_database_itself_refuses_illegal_states(new_url):
    """What is compared above leaves out check constraints and conditions of indexes: count them."""
    migrate.upgrade(new_url)
    engine = engine_of(new_url)
    checks = {
        constraint.name
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if "ck_" in str(constraint.name)
    }
    partial = {
        index.name
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            made = " ".join(
                row[0]
                for row in connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
            )
            conditional = {
                row[0]
                for row in connection.execute(
                    text("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE UNIQUE INDEX%WHERE%'")
                )
            }
        else:
            made = " ".join(
                row[0]
                for row in connection.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'c'"))
            )
            conditional = {
                row[0]
                for row in connection.execute(
                    text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%UNIQUE%WHERE%'")
                )
            }
    engine.dispose()
    assert len(checks) > 20
    assert {name for name in checks if name not in made} == set()
    assert conditional == partial
    assert {"uq_offers_live", "uq_doorbells_visible", "uq_outbox_ring", "uq_notices_live"} <= partial


#: Tables that a version filled from others.
DERIVED = {"audit_heads", "allotments", "contact_keys", "ledger"}


@pytest.mark.parametrize("seed", [7, *(pytest.param(each, marks=pytest.mark.prove) for each in range(5))])
def test_from_every_version_with_rows_in_every_table_to_this_one(new_url, seed):
    """Each table gets rows in the version that made it and in the next."""
    migrate._make_file(new_url)
    config, versions, filler = migrate._config(), migrate._scripts(), Filler(seed)

    def steps(revision: str, context: MigrationContext):
        for step in versions._upgrade_revs("head", revision):
            yield step
            filler.fill(context.connection)

    with closing_engine(new_url) as engine, engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin(), EnvironmentContext(config, versions, fn=steps):
            config.attributes["connection"] = connection
            versions.run_env()
        counted = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    migrate.check(new_url)
    lost = {
        name: (filler.rows[name], number) for name, number in counted.items() if number != filler.rows[name]
    }
    assert set(lost) <= DERIVED
    assert all(number > before for before, number in lost.values())
    assert set(counted) == tables.NAMES
    assert min(counted.values()) > 0


def test_two_at_once_make_one_database(new_url):
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(migrate.upgrade, new_url) for _ in range(2)]:
            done.result()
    migrate.check(new_url)


def test_a_database_is_new_until_it_holds_a_table_of_ours(new_url):
    assert migrate.is_new(new_url)
    assert migrate.is_new(new_url)
    with pytest.raises(StoreError, match="no database yet"):
        migrate.check(new_url)
    migrate.upgrade(new_url)
    assert not migrate.is_new(new_url)
    set_version(new_url, "0001")  # an older version is no reason to take its data for none
    assert not migrate.is_new(new_url)


def test_somebody_elses_table_makes_no_database_of_ours(new_url):
    with closing_engine(new_url) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE their_own (id INTEGER)"))
    assert migrate.is_new(new_url)


def test_whether_it_is_new_is_not_guessed_when_out_of_reach(tmp_path):
    with pytest.raises(StoreError, match="check its address"):
        migrate.is_new(f"postgresql://qasid@/none?host={tmp_path}")


def test_callback_ids_of_older_versions_are_forgotten(new_url):
    """They hold the Telegram id of whoever pressed, and stood in clear."""
    engine = engine_of(new_url)
    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.execute(
            text("INSERT INTO accounts VALUES (1, :b, :b, 'en', false, false, 1)"), {"b": b"x"}
        )
        payload = '{"callback": "250993797491281239", "data": "stop:silence", "kind": "press"}'
        inbox = "INSERT INTO inbox (update_id, account, payload, done, taken_at) VALUES "
        connection.execute(text(inbox + "(1, 1, :p, false, 1), (2, 1, NULL, true, 1)"), {"p": payload})
        row = (
            "INSERT INTO outbox (kind, account, priority, key, params, urgent, again, callback_id, due_at,"
            " not_before, expires_at, state, owner, fence, lease_until, tries, changed_at) VALUES"
            " ('answer_callback', 1, 0, '', '{}', false, false, '250993797491281239', 1, 1, 1, :s, '', 0, :l, 0, 1)"
        )
        for state, lease in (("waiting", None), ("claimed", 5), ("sent", None)):
            connection.execute(text(row), {"s": state, "l": lease})
    migrate.upgrade(new_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT state, callback_id, uncertain FROM outbox ORDER BY id")).all()
        left = connection.execute(text("SELECT payload FROM inbox ORDER BY seq")).scalars().all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("dropped", "", 0), ("dropped", "", 0), ("sent", "", 0)]
    assert left == ['{"data": "stop:silence", "kind": "press"}', None]


def test_an_older_audit_log_is_chained_as_it_stands(new_url):
    engine = engine_of(new_url)
    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "retention_sweeps")
        row = text(
            "INSERT INTO audit (office, at, event, role_code, subject) VALUES (:o, :at, :e, 'C-01', 'K-7')"
        )
        for number, office in enumerate([None, b"o" * 32, None, b"p" * 32, b"o" * 32]):
            connection.execute(row, {"o": office, "at": number * 1_000_000 + 7, "e": f"event_{number}"})
    engine.dispose()
    migrate.upgrade(new_url)
    store = open_store(new_url)
    try:
        reports = store.read_now(lambda tx: audit.verify(tx, {}))
        store.write_now(lambda tx: audit.happened(tx, "later", datetime.now(UTC), office=b"o" * 32))
        again = store.read_now(lambda tx: audit.verify(tx, {}))
    finally:
        store.close()
    assert [(report.office[:1], report.entries, report.wrong) for report in reports] == [
        (b"\0", 2, ""), (b"o", 2, ""), (b"p", 1, ""),
    ]  # fmt: skip
    assert [(report.entries, report.wrong) for report in again] == [(2, ""), (3, ""), (1, "")]


def test_devices_that_stood_before_have_their_officers_roles(new_url):
    engine = engine_of(new_url)
    config = migrate._config()
    o = {"o": b"o" * 32, "z": b"", "u": b"u" * 16}
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "sponsors")
        connection.execute(
            text(
                "INSERT INTO offices (office, version, hash, pin, mail_seq, created_at) VALUES (:o, 1, :z, :z, 0, 1)"
            ),
            o,
        )
        connection.execute(text("INSERT INTO officers VALUES (:o, :u, 'C-01', 3, true)"), o)
        device = text(
            "INSERT INTO devices (device, office, officer, record, sign_pk, state) VALUES (:d, :o, :u, :z, :z, :s)"
        )
        for number, state in enumerate(("standing", "removed")):
            connection.execute(device, o | {"d": bytes([number]), "s": state})
    migrate.upgrade(new_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT roles FROM devices")).scalars().all() == [3, 3]
    with engine.begin() as connection:
        connection.execute(text("UPDATE officers SET roles = 32"))
    for wrong in ("devices SET roles = NULL", "officers SET roles = 33"):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(text(f"UPDATE {wrong}"))
    engine.dispose()


def test_older_proposals_are_kept_and_other_kinds_still_refused(new_url):
    engine = engine_of(new_url)
    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "notices_withheld")
        named = {"o": b"o" * 32}
        connection.execute(text("INSERT INTO offices VALUES (:o, 1, :o, :o, 0, 1)"), named)
        connection.execute(text("INSERT INTO officers VALUES (:o, :o, 'C-01', 1, true)"), named)
        connection.execute(text("INSERT INTO proposals VALUES (:o, :o, :o, 'invite', 'open', 1, 2)"), named)
    migrate.upgrade(new_url)
    with engine.connect() as connection:
        (kept,) = connection.execute(text("SELECT kind, state, subject, words, expires_at FROM proposals"))
        assert tuple(kept) == ("invite", "open", "", "", 2)
        connection.execute(text("UPDATE proposals SET kind = 'fact', state = 'confirmed'"))
        for column in ("kind", "state"):
            with pytest.raises(IntegrityError), connection.begin_nested():
                connection.execute(text(f"UPDATE proposals SET {column} = 'else'"))
    engine.dispose()


def test_older_contacts_get_a_key_each(new_url):
    engine = engine_of(new_url)
    config = migrate._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "attempts")
        connection.execute(text("INSERT INTO offices VALUES (:o, 1, :o, :o, 0, 1)"), {"o": b"o" * 32})
        for name in (b"a", b"b"):
            row = text("INSERT INTO contacts VALUES (:o, :c, :a, 'invited', '', false, 1, NULL)")
            connection.execute(row, {"o": b"o" * 32, "c": name * 16, "a": name.decode()})
    migrate.upgrade(new_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT contact, secret FROM contact_keys ORDER BY contact")).all()
    engine.dispose()
    assert [bytes(row.contact) for row in found] == [b"a" * 16, b"b" * 16]
    assert {len(row.secret) for row in found} == {32}
    assert found[0].secret != found[1].secret


def test_older_movements_become_allotments_with_a_ledger_that_balances(new_url):
    engine = engine_of(new_url)
    config = migrate._config()
    office, movement = {"o": b"o" * 32}, {"o": b"o" * 32, "m": b"m" * 16}
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "sponsors")
        connection.execute(text("INSERT INTO offices VALUES (:o, 1, :o, :o, 0, 1)"), office)
        row = "INSERT INTO movements VALUES (:o, :m, 'M-1', 1, 9000000, 7, 3, 2, 'open')"
        connection.execute(text(row), movement)
        row = "INSERT INTO notices (office, notice, version, kind, movement, content_hash, release_at, answer_by,"
        row += " expires_at, state, changed_at) VALUES (:o, :m, 1, 1, :m, :m, 1, 5000000, 3, 'released', 4)"
        connection.execute(text(row), movement)
        for name, party, state in ((b"a", 3, "held"), (b"b", 2, "accepted"), (b"c", 4, "declined")):
            named = movement | {"c": name * 16, "a": name.decode(), "p": party, "s": state}
            contact = "INSERT INTO contacts (office, contact, alias, state, language, paused, created_at)"
            connection.execute(text(contact + " VALUES (:o, :c, :a, 'enrolled', '', false, 1)"), named)
            copy = (
                "INSERT INTO recipients (office, notice, version, contact, offer) VALUES (:o, :m, 1, :c, :c)"
            )
            connection.execute(text(copy), named)
            offer = "INSERT INTO offers VALUES (:o, :c, :m, :c, :p, :m, 1, :s, 5)"
            connection.execute(text(offer), named)
    engine.dispose()
    migrate.upgrade(new_url)
    store = open_store(new_url)
    try:
        (report,) = store.read_now(ledger.verify)
        (seats,) = store.read_now(lambda tx: allotments.of_office(tx, b"o" * 32))
        held = store.read_now(lambda tx: offers.live_on(tx, b"o" * 32, b"m" * 16))
        copies = store.read_now(lambda tx: tx.execute(text("SELECT count(*) FROM recipients")).scalar())
    finally:
        store.close()
    assert (report.code, report.entries, report.wrong) == ("M-1", 4, "")
    assert (seats.seats, seats.held, seats.confirmed, seats.total, seats.state) == (7, 3, 2, 7, "open")
    assert {(row.state, row.party, unix(row.hold_until)) for row in held} == {
        ("held", 3, 5),
        ("accepted", 2, 5),
    }
    assert copies == 3


def test_a_newer_database_is_left_alone(new_url):
    migrate.upgrade(new_url)
    set_version(new_url, "9999")
    for call in (migrate.check, migrate.upgrade, open_store):
        with pytest.raises(StoreError, match="newer version of Qasid"):
            call(new_url)


def test_an_older_database_is_to_be_upgraded(new_url):
    migrate.upgrade(new_url)
    set_version(new_url, "0001")
    with pytest.raises(StoreError, match="qasid migrate"):
        open_store(new_url)


def test_a_missing_database_says_what_to_do(new_url):
    with pytest.raises(StoreError, match="qasid migrate"):
        open_store(new_url)


def test_a_database_file_is_its_owners(tmp_path):
    url = f"sqlite:///{tmp_path / 'qasid.db'}"
    before = os.umask(0)
    try:
        migrate.upgrade(url)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "qasid.db").stat().st_mode) == 0o600
    with pytest.raises(StoreError, match="folder"):
        migrate.upgrade(f"sqlite:///{tmp_path / 'none' / 'qasid.db'}")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://root:hunter2@x/y", "rubbish hunter2", ""]
)
def test_other_addresses_are_refused_without_being_repeated(url):
    with pytest.raises(StoreError) as caught:
        backend(url)
    assert "hunter2" not in str(caught.value)


def test_a_server_out_of_reach_is_named_without_its_password(tmp_path):
    for call in (migrate.check, migrate.upgrade):
        with pytest.raises(StoreError, match="check its address") as caught:
            call(f"postgresql://qasid:hunter2@/none?host={tmp_path}")
        assert "hunter2" not in str(caught.value)


def test_something_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, this is no database at all." * 100)
    with pytest.raises(StoreError, match="cannot be used"):
        migrate.check(f"sqlite:///{tmp_path / 'letter.txt'}")
