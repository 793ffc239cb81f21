"""Letters carried by hand: the address is blocked, a page in a file seals and opens, the chat carries armour."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from tests import databases
from tests.story.page import Page
from tests.story.stage import REPOSITORY, until
from tests.story.tale import FILE_PIN, HOUR, Tale
from tests.story.texts import BY_HAND, WALKING

BUILT = REPOSITORY / "webapp" / "dist" / "offline.html"


def a_second_device_is_added(tale: Tale) -> None:
    phone, keys = tale.phone, tale.stage.folder / "keys"
    phone.home()
    phone.ask_for_page()
    once, again, twice = (
        desk.run("confirm", "K-4821", "--yes")["devices"][0] for desk in (tale.first, tale.first, tale.second)
    )
    tale.must(
        (once["outcome"], again["outcome"]) == ("waits for a second officer", "waits"),
        "asked for by the phone's signature; one officer agrees, and it is not enough",
    )
    tale.must((twice["first"], twice["outcome"]) == ("C-01", "added"), "a second officer agrees: it is")
    phone.save_keys(FILE_PIN, keys)
    tale.must(
        keys.read_text() and not phone.count("page-given"),
        "the phone gives its keys in a file under a PIN, and forgets them",
    )
    phone.home()
    tale.first.run("verify", "K-4821")


def the_bot_hands_out_a_page(tale: Tale) -> None:
    stage, person = tale.stage, tale.people["evacuee"]
    tale.write(person, "/offline")
    (shown,) = until("the page in the chat", lambda: _documents(tale))
    told = "".join(re.findall(r"^[0-9a-f ]{19}$", shown["body"], re.MULTILINE)).replace(" ", "")
    content = base64.b64decode(
        stage.ask(f"/control/users/{person}/document?message_id={shown['message_id']}")["content"]
    )
    tale.must(
        content == BUILT.read_bytes() and told == hashlib.sha256(content).hexdigest(),
        "the bot sends the page as a document, as it was built, and tells its number",
    )
    file = stage.folder / "offline.html"
    file.write_bytes(_curious(content) if tale.curious else content)
    tale.page = Page(tale.phone.playwright, stage.folder, "page")
    tale.page.begin(file)
    tale.page.bring(stage.folder / "keys", FILE_PIN)
    _alone(tale, "saved, it opens from the disk with the network off, and the keys in it")


def the_page_seals(tale: Tale) -> None:
    assert tale.page
    _paste(tale, tale.page.seal("moving", WALKING), "It is taken")
    tale.say("the page sealed a status; pasted in the chat, its armour was taken, and left the chat")
    if tale.drop:
        databases.behind(tale.stage.database, "delete from wraps")
    (found,) = until("a status at the desk", lambda: [m for m in _unread(tale) if m["kind"] == "status"])
    read = tale.first.run("read", str(found["id"]))
    tale.must(
        (read["status"], read["text"]) == ("moving", WALKING), "the desk opened it: moving, and the note"
    )
    _alone(tale, "and the page has asked nobody for anything")


def the_answer_opens_in_the_page(tale: Tale) -> None:
    page, person = tale.page, tale.people["evacuee"]
    assert page
    tale.first.run("reply", "K-4821", BY_HAND)
    _paste(tale, page.ask(), "These are your letters")
    letters = [m["body"] for m in tale.stage.chat(person) if m["body"].startswith("qasid1.")]
    tale.must(letters, "the desk replied; asked for by armour, the bot hands out its armour in the chat")
    page.put_in("\n".join(letters))
    tale.must(BY_HAND in page.read_thread(), "put into the page, the reply opens")
    _alone(tale, "and nobody was asked for anything")
    page.close()
    tale.stage.step(HOUR + 1)
    until("armour and page to leave the chat", lambda: not _armour(tale) and not _documents(tale))
    tale.say("an hour later neither letter nor page stands in the chat")


def _paste(tale: Tale, armour: str, answer: str) -> None:
    """Give armour to the bot in the chat, where it must not stay."""
    person = tale.people["evacuee"]
    tale.write(person, armour)
    until(f"the answer “{answer}”", lambda: any(answer in m["body"] for m in tale.stage.chat(person)))
    until("the armour to leave the chat", lambda: not any(m["mine"] for m in _armour(tale)))


def _alone(tale: Tale, what: str) -> None:
    assert tale.page
    strays = tale.page.strays + tale.page.trouble
    tale.must(not strays, f"{what} {strays[:3] or ''}".rstrip())


def _armour(tale: Tale) -> list[dict[str, Any]]:
    return [m for m in tale.stage.chat(tale.people["evacuee"]) if "qasid1." in m["body"]]


def _documents(tale: Tale) -> list[dict[str, Any]]:
    return [m for m in tale.stage.chat(tale.people["evacuee"]) if m.get("document")]


def _unread(tale: Tale) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = tale.first.run("inbox")["messages"]
    return messages


def _curious(page: bytes) -> bytes:
    """The same page, that lets somebody know when it is opened."""
    said, _, body = page.partition(b"<meta http-equiv")
    return said + body.partition(b"/>")[2].replace(b"<body>", b'<body><img src="http://127.0.0.1:9/">')
