"""A backup gives back everything, and nothing of anybody who was erased since, with whatever keys are left."""

import asyncio
import io
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto import archive
from crypto.archive import Kind, OfflineKey, Writer
from crypto.errors import CryptoError
from crypto.record import unrec
from crypto.statement import Reply
from crypto.vault import Vault
from relay import (
    accounts,
    answers,
    assignments,
    attempts,
    backup,
    belief,
    cases,
    claims,
    erasure,
    mailbox,
    outbox,
    proposals,
    referrals,
    retention,
    sponsors,
    wipe,
)
from store import migrate
from store.backup import scratch
from store.engine import Store, open_store
from store.model import metadata
from store.owners import PASSING, Owners
from tests import databases
from tests.relay.house import START, House, Phone
from tests.relay.refusal import fails
from tests.relay.test_rule_attachments import Sending
from tests.relay.test_rule_cases import alias_of
from tests.relay.test_rule_clearances import anew, follow, scheduled, why
from tests.relay.test_rule_delivery import Courier, officer_account
from tests.relay.test_rule_disclosures import disclose
from tests.relay.test_rule_erasure import everything
from tests.relay.test_rule_threads import befriend

OFFLINE = OfflineKey.generate()
CHAT = 4_100_000_007
RELATIVE = 1_000_000
"""What their account's number is further on."""


@dataclass
class Files:
    rows: bytes
    keys: bytes


@pytest.fixture
def target(request: pytest.FixtureRequest, database_url: str) -> Iterator[Store]:
    """An empty database of the other kind."""
    other = "postgres_url" if database_url.startswith("sqlite") else "sqlite_url"
    store = open_store(request.getfixturevalue(other))
    yield store
    store.close()


def make(house: House) -> Files:
    rows, keys = io.BytesIO(), io.BytesIO()

    def unit(tx):
        made = Writer(rows, Kind.ROWS, OFFLINE.public), Writer(keys, Kind.KEYS, OFFLINE.public)
        return backup.make(tx, *made, house.now)

    assert house.store.read_now(unit).total() > 0
    return Files(rows.getvalue(), keys.getvalue())


def read(files: Files, key: OfflineKey = OFFLINE) -> tuple[Iterator[bytes], Iterator[bytes]]:
    return (
        archive.read(io.BytesIO(files.rows), Kind.ROWS, key),
        archive.read(io.BytesIO(files.keys), Kind.KEYS, key),
    )


def restore(store: Store, files: Files, vault: Vault, key: OfflineKey = OFFLINE) -> backup.Restored:
    return store.write_now(lambda tx: backup.restore(tx, vault, *read(files, key), now=START))


def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return store.read_now(
        lambda tx: {
            name: sorted(tuple(row) for row in tx.execute(table.select()))
            for name, table in metadata.tables.items()
        }
    )


def opened(files: Files) -> list[list[bytes]]:
    """All that can be read with the offline key and the contacts' keys of today, value by value."""
    rows, keys = read(files)
    next(rows)
    secrets = {archive.mark(secret): secret for secret in list(keys)[1:]}
    found = [backup._opened(record, secrets)[0] for record in rows]
    return [unrec(each[0])[1:] for each in found if each is not None]


def stored(house: House) -> list[list[bytes]]:
    """The database, value by value, in the same form."""
    values = []
    for name, rows in everything(house).items():
        for row in rows:
            forms = (value if isinstance(value, bytes) else str(value).encode() for value in row.values())
            values.append([name.encode(), *forms])
    return values


def found(rows: list[list[bytes]], marks: dict[str, bytes], vault: Vault, chat: int) -> set[str]:
    """Which of the marks stand anywhere in these rows; `telegram` if any sealed id is this chat's."""
    seen = {name for _, *values in rows for value in values for name, mark in marks.items() if mark in value}
    for _, *values in rows:
        for value in values:
            for sealed in (value, value[1:]):
                try:
                    seen |= {"telegram"} if vault.open_id(sealed) == chat else set()
                except CryptoError:
                    continue
    return seen


def person(house: House, vault: Vault, chat: int) -> tuple[Phone, dict[str, bytes]]:
    """Somebody of whom there is everything, and what tells of them."""
    phone = house.enrolled("messages", "departures", telegram_id=chat)
    alias = alias_of(house, phone)
    house.as_(house.by("W-01"), attempts.record, alias, way="telephone", outcome="unanswered", now=house.now)
    case = house.as_(house.chief, cases.open_, contact=alias, now=house.now)
    house.as_(house.chief, cases.add_member, case, kind="minor", guardian=1, now=house.now)
    phone.assents(2)
    house.as_(house.chief, claims.take, alias, house.now)
    house.as_(house.chief, assignments.assign, alias, "W-01", house.now)
    house.as_(house.chief, proposals.propose, house.now, kind="invite", words=f"again {alias}")
    draft = house.draft(house.movement(4, f"M-{chat - CHAT}"), [phone])
    house.schedule(draft)
    house.release()
    phone.read()
    house.as_(phone, answers.answer, phone.answer(draft, Reply.DECLINE), house.now)
    phone.send()
    house.write_to(phone)
    passed_on = _passed_on(phone)
    photo, voice = Sending(house, house.chief, phone).all(), Sending(house, phone).all()
    relative = house.write(accounts.known, vault, chat + RELATIVE, house.now).id
    link = house.as_(house.chief, sponsors.invite, alias, house.now)
    house.write(sponsors.bind, relative, link.code, house.now)
    bodies = house.read(
        lambda tx: tx.execute(metadata.tables["envelopes"].select().order_by("accepted_at")).all()
    )
    theirs = [row.common for row in bodies if row.common and row.sender == phone.device]
    for_them = [row.common for row in bodies if row.common and row.sender == house.chief.device]
    marks = {
        "contact": phone.contact, "device": phone.device, "invitation": phone.secret.invitation,
        "alias": alias.encode(), "record": phone.keys.record.encode(), "blind": vault.index(chat),
        "relative": vault.index(chat + RELATIVE), "clear": str(chat).encode(),
        "from them": theirs[-1], "to them": for_them[-1],
        "photograph to them": photo.data[1][:99], "voice note of them": voice.data[0][-99:],
        "attachment": photo.ticket.attachment,
        "passed on": next(row.common for row in bodies if row.envelope == passed_on),
    }  # fmt: skip
    return phone, marks


def _passed_on(phone: Phone) -> bytes:
    """The envelope that passes something on of them; another was read there already."""
    house = phone.house
    partner = House(house.store, house.vault, house.now).register()
    befriend(house, partner)
    phone.share(partner.office, "identity")
    disclose(phone, partner, "identity")
    partner.as_(partner.chief, mailbox.fetch, 0, 100, partner.now)
    return disclose(phone, partner, "identity")


def test_after_erasing_nothing_of_the_person_is_left_anywhere(house, vault, database_url):
    other, _ = person(house, vault, CHAT + 5)
    phone, marks = person(house, vault, CHAT)
    del marks["clear"]  # it never stands anywhere
    everywhere = {*marks, "telegram"}
    house.write(
        outbox.reply, house.write(accounts.known, vault, 77, house.now).id, "k", {}, house.now, dedupe="x"
    )
    first = make(house)
    assert found(stored(house), marks, vault, CHAT) == everywhere
    assert found(opened(first), marks, vault, CHAT) == everywhere
    house.pass_(days=3)  # the come is over
    house.as_(house.by("C-01"), erasure.erase, alias_of(house, phone), house.now)
    house.write(retention.forget, house.now)
    marks["clear"] = str(CHAT).encode()
    assert found(stored(house), marks, vault, CHAT) == set()
    again = make(house)
    now = Files(first.rows, again.keys)
    assert found(opened(now), marks, vault, CHAT) == set()
    assert found(opened(again), marks, vault, CHAT) == set()
    assert any(other.contact in value for row in opened(now) for value in row)
    if database_url.startswith("sqlite"):
        asyncio.run(house.store.clear())
        content = databases.content(Path(database_url.removeprefix("sqlite:///")))
        assert not [name for name, mark in marks.items() if mark in content]
    assert backup.rehearse(*read(now)).erased == 1
    assert backup.rehearse(*read(again)).erased == 0


def test_everything_comes_back_as_it_was(house, vault, target):
    person(house, vault, CHAT)
    shared = house.enrolled("messages", telegram_id=CHAT)
    house.as_(house.chief, referrals.open_, "KABUL-2", house.now)
    house.unlettered(CHAT + 1)
    house.invite().enrol()
    house.write(belief.believed, house.now)
    before = rows_of(house.store)
    restored = restore(target, make(house), vault)
    kept = {name: rows for name, rows in before.items() if name not in PASSING}
    assert {name: rows for name, rows in rows_of(target).items() if rows} == {
        name: rows for name, rows in kept.items() if rows
    }
    assert (restored.erased, restored.made_at) == (0, house.now)
    assert restored.rows == {
        name: len(rows) for name, rows in kept.items() if rows and name != "contact_keys"
    }
    numbers = {row[0] for row in before["accounts"]}
    assert target.write_now(lambda tx: accounts.known(tx, vault, 5, house.now).id) not in numbers
    there = moved(house, target)
    shared.house = there
    there.write_to(shared)
    assert shared.read()


def test_going_back_a_version_brings_nobody_back_who_was_erased_since(house, vault, target, monkeypatch):
    """The backup is the older version's, the newest file of keys is the newer one's."""
    phone, marks = person(house, vault, CHAT)
    stays = house.enrolled("messages", telegram_id=CHAT + 9)
    before = make(house)
    house.pass_(days=3)
    house.as_(house.by("C-01"), erasure.erase, alias_of(house, phone), house.now)
    with monkeypatch.context() as newer:
        newer.setattr(migrate, "head", lambda: "newer")
        after = make(house)
    with fails("other_schema"):
        restore(target, after, vault)
    both = Files(before.rows, after.keys)
    assert found(opened(both), marks, vault, CHAT) == set()
    assert restore(target, both, vault).erased == 1
    assert [row[1] for row in rows_of(target)["contacts"]] == [stays.contact]


def moved(house: House, store: Store) -> House:
    """The same people at another relay."""
    there = copy(house)
    there.store = store
    return there


def test_what_was_scheduled_waits_for_another_letter(house, vault, target):
    """It may have been called off since, and people would set out on it."""
    phone = house.enrolled("messages", "departures")
    officer_account(house, chat=CHAT)
    draft = scheduled(house, phone)
    restore(target, make(house), vault)
    there = moved(house, target)
    phone.house = there
    follow(there)  # what a new roster mends is another reason
    there.release()
    assert (phone.mail().items, why(there)) == ([], [("withheld", "restored")])
    assert [claim.key for claim in Courier(there).run()] == ["officer-withheld"]
    there.schedule(anew(there, draft, [phone], ["C-01", "C-02"]))
    there.release()
    assert len(phone.mail().items) == 1


def test_who_shares_an_account_loses_nothing_with_the_other(house, vault, target):
    phone, _ = person(house, vault, CHAT)
    other = house.enrolled("messages", telegram_id=CHAT)
    first = make(house)
    house.pass_(days=3)
    house.as_(house.by("C-01"), erasure.erase, alias_of(house, phone), house.now)
    assert restore(target, Files(first.rows, make(house).keys), vault).erased == 1
    rows = rows_of(target)
    assert [row[3] for row in rows["links"]] == [other.contact]
    assert [vault.open_id(row[1]) for row in rows["accounts"]] == [CHAT]
    assert len(rows["case_members"]) == 2  # numbers stay in the household
    assert not any(phone.contact in member for member in rows["case_members"])
    assert rows["assents"] == []


def test_a_phone_that_wiped_itself_is_gone_from_backups_too(house, vault):
    phone, marks = person(house, vault, CHAT)
    first = make(house)
    house.write(wipe.wipe, phone.wipe(), house.now)
    again = make(house)
    kept = found(opened(Files(first.rows, again.keys)), marks, vault, CHAT)
    assert kept == set()
    assert backup.rehearse(*read(again)).erased == 0


def test_what_is_not_as_it_was_written_is_refused_and_leaves_nothing(house, vault, target, monkeypatch):
    person(house, vault, CHAT)
    good = make(house)
    middle = len(good.rows) // 2
    flipped = good.rows[:middle] + bytes([good.rows[middle] ^ 1]) + good.rows[middle + 1 :]
    house.pass_(hours=1)
    later = make(house)
    for wrong, says in (
        (Files(flipped, good.keys), "damaged"),
        (Files(good.rows[:-7], good.keys), "cut short"),
        (Files(good.rows, good.keys[:-7]), "cut short"),
        (Files(good.keys, good.keys), "not a backup"),
    ):
        with pytest.raises(CryptoError, match=says):
            restore(target, wrong, vault)
    with pytest.raises(CryptoError, match="another offline key"):
        restore(target, good, vault, OfflineKey.generate())
    with fails("older_keys"):
        restore(target, Files(later.rows, good.keys), vault)
    with fails("other_vault"):
        restore(target, good, Vault(bytes(32)))
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "head", lambda: "another")
        with fails("other_schema"):
            restore(target, good, vault)
    assert not any(rows_of(target).values())
    restore(target, Files(good.rows, later.keys), vault)
    before = rows_of(target)
    with fails("database_not_empty"):
        restore(target, good, vault)
    assert rows_of(target) == before


def test_the_memory_it_is_tried_in_knows_the_same_rules(house):
    """A row that refers to nothing does not pass."""
    with pytest.raises(Exception, match="illegal state"), scratch() as tx:
        tx.execute(metadata.tables["contact_keys"].insert().values(office=b"o", contact=b"c", secret=b"s"))


def test_no_row_of_a_person_counts_as_anybodys(house, vault):
    """A table to come with something of a person is right by itself, or fails here."""
    _, marks = person(house, vault, CHAT)
    del marks["to them"], marks["from them"], marks["passed on"], marks["clear"]

    def common(tx):
        owners, held = Owners(tx), set()
        for table in metadata.sorted_tables:
            for row in tx.execute(table.select()).mappings():
                ways = owners.of(table, row)
                forms = (value if isinstance(value, bytes) else str(value).encode() for value in row.values())
                if ways == frozenset([frozenset()]) and any(
                    mark in form for form in forms for mark in marks.values()
                ):
                    held.add(table.name)
        return held

    assert house.read(common) == set()
