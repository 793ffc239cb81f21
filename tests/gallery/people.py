"""What somebody who was given a letter, or who stumbles upon the bot, can say and hear."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from crypto.armour import Acknowledge, Fetch, Kind, Request, Upload, dress
from crypto.encoding import b64u, unix
from crypto.notice import verification_code
from handlers.api.rates import Rates
from handlers.offline import NAME
from relay import armour, codes, contacts, enrolments, notices, sponsors
from tests.gallery.dialogue import Programme
from tests.gallery.scene import Scene
from tests.relay.house import House, Phone

PEOPLE = Programme()
dialogue = PEOPLE.dialogue


@dialogue("start", "Start, without a letter")
async def start(scene: Scene) -> None:
    await scene.start()


@dialogue("letter", "Start, from the link in a letter")
async def letter(scene: Scene) -> None:
    await scene.start(f"i_{b64u(bytes(16))}")


@dialogue("language", "Another language (this one, in the end)")
async def language(scene: Scene) -> None:
    await scene.say("/language")
    await scene.press(
        {"en": "button-english", "fa-AF": "button-dari", "ps-AF": "button-pashto"}[scene.language]
    )


@dialogue("menu", "The list of commands")
async def menu(scene: Scene) -> None:
    await scene.start()
    scene.typing = "/"


@dialogue("help", "What there is, before and after silence")
async def help_(scene: Scene) -> None:
    await scene.say("/help")
    await scene.press("button-silence")
    await scene.press("button-help")


@dialogue("later", "An hour later: only the way into the app is left")
async def later(scene: Scene) -> None:
    await scene.start()
    await scene.say("/verify", "/stop")
    await scene.press("button-withdraw")
    await scene.pass_(hours=1, minutes=1)


@dialogue("verify", "Is this the right bot?")
async def verify(scene: Scene) -> None:
    await scene.say("/verify")


@dialogue("codes", "Does this notice still count? Yes, replaced, called off, unknown; and asked too often")
async def codes_(scene: Scene) -> None:
    house = scene.found()
    phone = house.enrolled("messages", "departures")
    first, second, third = (house.draft(None, [phone], release_at=house.now) for _ in range(3))
    for draft in (first, second, third):
        house.schedule(draft)
    house.write(notices.release_due, house.now)
    house.schedule(house.draft(None, [phone], notice=second.notice, version=2, offers=second.offers))
    house.cancel(third)
    for draft in (first, second, third):
        await scene.say(f"/verify {verification_code(draft.content_hash)}")
    with patch.object(codes, "MOST", 4):
        await scene.say("/verify 0000000000", "/verify 0000000000")


@dialogue("silence", "Silence, and signals again")
async def silence(scene: Scene) -> None:
    await scene.say("/stop")
    await scene.press("button-silence")
    await scene.press("button-signals")


@dialogue("withdraw", "Stop: withdraw")
async def withdraw(scene: Scene) -> None:
    await scene.say("/stop")
    await scene.press("button-withdraw")


@dialogue("erase", "Stop: erase")
async def erase(scene: Scene) -> None:
    await scene.say("/stop")
    await scene.press("button-erase")


@dialogue("typed", "Text, a file and an unknown command are deleted")
async def typed(scene: Scene) -> None:
    await scene.start()
    scene.me.say(None, "Sara, 4 people, at the gate")
    scene.me.send_document(None, b"%PDF", "passport.pdf", caption="Sara")
    scene.me.say(None, "/queue")
    await scene.settle()


@dialogue("offline", "The page for when the address is blocked: there is one, and there is none")
async def offline(scene: Scene) -> None:
    await scene.say("/offline")
    (scene.app_dir / NAME).write_text("<!doctype html>")
    await scene.say("/offline")


@dialogue("armour", "Letters without the app: handed in, fetched, too many for once, nothing more")
async def armour_(scene: Scene) -> None:
    house, phone = await _enrolled(scene)
    ids = [house.write_to(phone, quiet=True).id for _ in range(3)]
    await scene.paste(dress(Kind.UPLOAD, _signed(phone, Upload, phone.letter())))
    with patch.object(armour, "PAGE", 1):
        await scene.paste(dress(Kind.FETCH, _signed(phone, Fetch, bytes(16))))
    await scene.paste(dress(Kind.ACKNOWLEDGE, _signed(phone, Acknowledge, bytes([1] * 16), (ids[0],))))
    await scene.paste(
        dress(Kind.ACKNOWLEDGE, _signed(phone, Acknowledge, bytes([2] * 16), tuple(sorted(ids[1:]))))
    )


@dialogue(
    "armour-refused",
    "Letters without the app: a part, damaged, old, a letter, refused; another account; too often",
)
async def armour_refused(scene: Scene) -> None:
    house, phone = await _enrolled(scene)
    whole = dress(Kind.UPLOAD, _signed(phone, Upload, phone.letter()))
    again = dress(Kind.FETCH, _signed(phone, Fetch, bytes(16)))
    other = house.enrolled("messages")
    await scene.paste(whole[100:], whole[:-1], dress(Kind.ENVELOPE, phone.letter()), again, again)
    await scene.paste(dress(Kind.UPLOAD, _signed(other, Upload, other.letter())))
    phone.consent("messages", given=False)
    await scene.paste(whole)
    with patch.object(Rates, "allows", return_value=False):
        await scene.paste(whole)


def _signed(phone: Phone, request: type[Request], *rest: Any) -> bytes:
    return request(phone.device, unix(phone.house.now), *rest).sign(phone.keys.sign_seed)


async def _enrolled(scene: Scene) -> tuple[House, Phone]:
    """Long ago; what was said then is not in the picture."""
    await scene.start()
    house = scene.found()
    phone = house.invite(scene.me.id)
    phone.enrol(language=scene.language)
    house.as_(house.chief, enrolments.card, house.card(phone), phone.secret.invitation, house.now)
    phone.consent("messages", "departures")
    await scene.settle()
    return scene.now(house), phone


@dialogue("doorbell", "A message waits")
async def doorbell(scene: Scene) -> None:
    house, phone = await _enrolled(scene)
    house.write_to(phone)
    await scene.settle()


@dialogue("doorbell-urgent", "An urgent one after it rings again; one bell stands in the chat")
async def doorbell_urgent(scene: Scene) -> None:
    house, phone = await _enrolled(scene)
    house.write_to(phone)
    await scene.settle()
    await scene.pass_(minutes=20)
    scene.now(house).write_to(phone, urgent=True)
    await scene.settle()


@dialogue("doorbell-night", "At night it makes no sound")
async def doorbell_night(scene: Scene) -> None:
    house, phone = await _enrolled(scene)
    await scene.pass_(hours=11)
    scene.now(house).write_to(phone)
    await scene.settle()


@dialogue("doorbell-read", "Read in the app: the bell is gone")
async def doorbell_read(scene: Scene) -> None:
    house, phone = await _enrolled(scene)
    house.write_to(phone)
    await scene.settle()
    phone.read()
    scene.world.manual.advance(timedelta(minutes=5))
    await scene.settle()


@dialogue("wrong-link", "A link of an officer, used before: nothing is to be learnt from it")
async def wrong_link(scene: Scene) -> None:
    await scene.start("o_usedalready")


async def _linked(scene: Scene, house: House, phone: Phone) -> None:
    """The pictured person opens the link that an officer made for them."""
    alias = next(
        row.alias
        for row in house.as_(house.chief, contacts.listed, house.now)
        if row.contact == phone.contact
    )
    link = house.as_(house.chief, sponsors.invite, alias, house.now)
    await scene.start(f"s_{link.code}")


@dialogue("relative", "A relative abroad opens a link, and may be shown nothing")
async def relative(scene: Scene) -> None:
    house = scene.found()
    await _linked(scene, house, house.enrolled("messages"))
    await scene.press("button-relative")


@dialogue("relative-told", "A relative abroad asks about four who permit it")
async def relative_told(scene: Scene) -> None:
    house = scene.found()
    family = [house.enrolled("messages", "sponsor") for _ in range(4)]
    for phone in family[1:]:
        phone.send()
        await scene.pass_(days=4)
        scene.now(house)
    family[1].send()
    for phone in family:
        await _linked(scene, house, phone)
    await scene.pass_(hours=1)
    await scene.say("/relative")
