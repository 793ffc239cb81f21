"""Armour through the chat: what a phone does when it reaches Telegram, and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from crypto.armour import Kind, dress, undress
from crypto.content import TextMessage
from crypto.encoding import unb64u
from crypto.envelope import split
from crypto.sealing import open_envelope
from emulator.clock import ManualClock
from emulator.people import User
from emulator.telegram import Telegram
from handlers.chat.dispatch import Dispatch
from handlers.texts import Texts
from relay import post
from relay.errors import Kind as ErrorKind
from relay.errors import RelayError
from relay.unit import Tx
from tests.databases import content
from tests.flow.actors import Office, Phone
from tests.flow.world import TOKEN, World, running, world

TEXTS = Texts()
WAITING = "SELECT count(*) FROM inbox WHERE payload IS NOT NULL"
LONG = "The bridge is closed. " * 400


def en(key: str, **params: str) -> str:
    return TEXTS.render("en", key, params)


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>phone</title>")
    return folder


@pytest.fixture
async def town(tmp_path: Path, app_dir: Path) -> AsyncIterator[World]:
    async with world(tmp_path, app_dir=app_dir) as found:
        yield found


async def meet(town: World) -> tuple[Office, User, Phone]:
    """An office, and somebody whose chat holds nothing but the greeting."""
    office = await town.found()
    sara = town.person("Sara", "en")
    sara.start()
    await town.settle()
    phone = await office.invite()
    await phone.enrol(sara.init_data(None))
    return office, sara, phone


async def at_the_office(office: Office, phone: Phone) -> list[str]:
    """What its device opens of all that has come."""
    items = (await office.client.ok("GET", "/v1/mail"))["items"]
    opened = [
        open_envelope(unb64u(each["envelope"]), sender=phone.keys.record, prekey=office.epoch)
        for each in items
    ]
    return [TextMessage.parse(each.content.inner.payload).text for each in opened]


def on_the_phone(office: Office, phone: Phone, armour: str) -> str:
    """What the phone opens of a letter copied out of the chat."""
    kind, data = undress(armour)
    assert kind is Kind.ENVELOPE
    opened = open_envelope(data, sender=office.keys.record, prekey=phone.prekey)
    return TextMessage.parse(opened.content.inner.payload).text


def handed_out(user: User) -> list[str]:
    """The armour that stands in the chat from the bot, in documents too; all of it can be copied or saved."""
    shown = [each for each in user.chat().visible() if each.from_bot]
    found = [each for each in shown if each.document or each.text.startswith("qasid1.")]
    assert not any(each.protected for each in found)
    assert {each.document.name for each in found if each.document} <= {"letter.qasid"}
    return [each.document.content.decode() if each.document else each.text for each in found]


def own(user: User) -> list[str]:
    return [each.text for each in user.chat().visible() if not each.from_bot and each.text != "/start"]


class TestThereAndBack:
    async def test_as_text(self, town: World) -> None:
        office, sara, phone = await meet(town)
        sara.say(None, phone.upload(phone.letter("I am well.")))
        await town.settle()
        assert town.texts(sara)[-1] == en("armour-taken")
        assert own(sara) == []
        assert await at_the_office(office, phone) == ["I am well."]
        await office.send(phone, "Stay where you are.")
        await office.send(phone, LONG)
        sara.say(None, phone.asking())
        await town.settle()
        short, long = handed_out(sara)
        assert len(short) <= 4096 < len(long)
        assert [on_the_phone(office, phone, each) for each in (short, long)] == ["Stay where you are.", LONG]
        assert town.texts(sara)[-1] == en("armour-letters")
        kept = [split(undress(each)[1]).header.envelope for each in (short, long)]
        sara.say(None, phone.keeping(*kept))
        await town.settle()
        assert (handed_out(sara), own(sara)) == ([], [])
        assert town.texts(sara)[-1] == en("armour-none")
        assert await phone.fetch() == []

    async def test_as_documents_and_in_parts(self, town: World) -> None:
        office, sara, phone = await meet(town)
        text = phone.upload(phone.letter("As a file."))
        folded = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
        sara.send_document(None, folded.encode(), "Letter.QASID", caption="for them")
        sara.paste(None, phone.upload(phone.letter(LONG)))
        await town.settle()
        assert await at_the_office(office, phone) == ["As a file.", LONG]
        assert own(sara) == []
        assert town.texts(sara)[-1] == en("armour-taken")

    async def test_letters_leave_the_chat_after_a_while(self, town: World) -> None:
        office, sara, phone = await meet(town)
        await office.send(phone)
        sara.say(None, phone.asking())
        await town.settle()
        assert len(handed_out(sara)) == 1
        town.manual.advance(3601)
        await town.settle()
        assert handed_out(sara) == []
        assert len(await phone.fetch()) == 1  # it waits on

    async def test_handed_in_twice_and_after_the_process_died(self, town: World) -> None:
        """The update is on disk before Telegram may forget it, and is dealt with once, whoever takes it up."""
        office, sara, phone = await meet(town)
        sara.say(None, phone.upload(phone.letter("Once.")))
        await town.settle()
        town.bot.queue.redeliver(1)
        await town.settle()
        assert await at_the_office(office, phone) == ["Once."]
        assert town.texts(sara).count(en("armour-taken")) == 1


class TestRefusals:
    async def test_what_a_person_is_told(self, town: World) -> None:
        office, sara, phone = await meet(town)
        whole, asked = phone.upload(phone.letter()), phone.asking()
        letter = dress(Kind.ENVELOPE, office.letter(phone))
        late = phone.upload(phone.letter())
        for text, key in (
            (whole[:-1], "armour-damaged"),
            ("qasid1.", "armour-damaged"),
            (whole[100:], "armour-part"),
            (letter, "armour-yours"),
            (asked, "armour-none"),
            (asked, "armour-late"),
        ):
            sara.say(None, text)
            await town.settle()
            assert (town.texts(sara)[-1], own(sara)) == (en(key), []), key
        for data in (b"\xff\xfe", b"qasid1.AAAA", b"A" * 200_000):
            sara.send_document(None, data, "x.qasid")
            await town.settle()
            assert (town.texts(sara)[-1], own(sara)) == (en("armour-damaged"), [])
        await phone.consent("messages", given=False)
        sara.say(None, phone.upload(phone.letter()))
        await town.settle()
        assert town.texts(sara)[-1] == en("armour-refused")
        town.manual.advance(3 * 86_400 + 1)
        sara.say(None, late)
        await town.settle()
        assert town.texts(sara)[-1] == en("armour-late")

    async def test_a_document_that_telegram_does_not_hand_over(self, town: World) -> None:
        _, sara, phone = await meet(town)
        sara.send_document(None, phone.upload(phone.letter()).encode(), "x.qasid")
        town.telegram.documents.clear()
        await town.settle()
        assert town.texts(sara)[-1] == en("armour-damaged")

    async def test_a_relay_that_is_busy_refuses_nothing(
        self, town: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        office, sara, phone = await meet(town)
        accept, busy = post.accept, iter([RelayError("try_again", "try again", ErrorKind.UNAVAILABLE), None])

        def at_last(tx: Tx, given: post.Upload) -> post.Accepted:
            if error := next(busy):
                raise error
            return accept(tx, given)

        monkeypatch.setattr(post, "accept", at_last)
        sara.say(None, phone.upload(phone.letter("At last.")))
        await town.settle()
        assert await at_the_office(office, phone) == ["At last."]
        assert town.texts(sara).count(en("armour-taken")) == 1

    async def test_another_account_hears_the_same_whatever_it_brings(self, town: World) -> None:
        """Nobody finds out whether a device is known; but who lost an account gets the letters all the same."""
        office, sara, phone = await meet(town)
        await office.send(phone)
        omid, stranger = town.person("Omid", "en"), await office.invite()
        used = phone.asking()
        for text in (
            phone.upload(phone.letter("From elsewhere.")),
            stranger.upload(stranger.letter()),
            stranger.asking(),
            used,
            used,
        ):
            omid.say(None, text)
            await town.settle()
            assert town.texts(omid)[-1] == en("armour-received")
        (handed,) = handed_out(omid)
        assert on_the_phone(office, phone, handed) == "Stay where you are."
        assert await at_the_office(office, phone) == ["From elsewhere."]
        assert handed_out(sara) == []

    async def test_asked_too_often(self, town: World, monkeypatch: pytest.MonkeyPatch) -> None:
        _, sara, phone = await meet(town)
        allowed = iter([True, False, False])  # the chat's, the device's, the chat's
        monkeypatch.setattr(town.house.rates, "allows", lambda *_: next(allowed))
        for _ in range(2):
            sara.say(None, phone.asking())
            await town.settle()
            assert town.texts(sara)[-1] == en("armour-often")


async def test_nothing_of_it_stays(town: World) -> None:
    """Neither in the database in clear, nor at all once it is dealt with."""
    office, sara, phone = await meet(town)
    handed, asked = phone.upload(phone.letter()), phone.asking()
    file = sara.send_document(None, phone.upload(phone.letter()).encode(), "x.qasid").document
    await office.send(phone)
    for text in (handed, asked):
        sara.say(None, text)
    await town.settle()
    (letter,) = handed_out(sara)
    lies = content(town.folder / "qasid.db")
    assert file is not None
    for secret in (handed, asked, letter, file.file_id):
        assert secret[20:60].encode() not in lies
    rows = await town.store.read(lambda tx: tx.exec_driver_sql("SELECT payload FROM inbox").all())
    assert {row.payload for row in rows} == {None}


async def test_the_process_dies_with_armour_in_its_inbox(
    tmp_path: Path, app_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Telegram was told to forget is dealt with by the next process; meanwhile it lies sealed."""
    manual = ManualClock()
    telegram = Telegram(manual, seed=7)
    bot = telegram.add_bot(TOKEN, "qasid_test_bot")
    asleep = asyncio.Event()

    async def die(*_: object) -> None:
        asleep.set()
        await asyncio.Event().wait()

    async with running(tmp_path, manual, telegram, bot, app_dir=app_dir) as town:
        office, sara, phone = await meet(town)
        handed = phone.upload(phone.letter("Before it died."))
        with monkeypatch.context() as until_then:
            until_then.setattr(Dispatch, "process_update", die)
            sara.say(None, handed)
            await asyncio.wait_for(asleep.wait(), 10)
        assert await town.store.read(lambda tx: tx.exec_driver_sql(WAITING).scalar()) == 1
        assert handed[20:60].encode() not in content(tmp_path / "qasid.db")
    async with running(tmp_path, manual, telegram, bot, app_dir=app_dir) as town:
        await town.settle()
        office.client.http = town.http
        assert await at_the_office(office, phone) == ["Before it died."]
        assert (town.texts(sara)[-1], own(sara)) == (en("armour-taken"), [])
        assert await town.store.read(lambda tx: tx.exec_driver_sql(WAITING).scalar()) == 0


class TestOfflinePage:
    async def test_comes_as_a_document_and_leaves_again(self, tmp_path: Path, app_dir: Path) -> None:
        page = b"<!doctype html><title>page</title>"
        (app_dir / "offline.html").write_bytes(page)
        async with world(tmp_path, app_dir=app_dir) as town:
            sara = town.person("Sara", "en")
            sara.say(None, "/offline")
            await town.settle()
            (shown,) = sara.chat().visible()
            assert shown.document is not None
            assert (shown.document.name, shown.document.content) == ("offline.html", page)
            assert not shown.protected, "it can be saved"
            hexadecimal = "".join(re.findall(r"^[0-9a-f ]{19}$", shown.text, re.MULTILINE))
            assert hexadecimal.replace(" ", "") == sha256(page).hexdigest()
            town.manual.advance(3601)
            await town.settle()
            assert sara.chat().visible() == []
            for _ in range(6):
                sara.say(None, "/offline")
            await town.settle()
            assert town.texts(sara)[-1] == en("armour-often")

    async def test_where_there_is_none(self, town: World) -> None:
        sara = town.person("Sara", "en")
        sara.say(None, "/offline")
        await town.settle()
        assert town.texts(sara) == [en("offline-none")]
