"""However much somebody asks for: rings come before most of the answers, which are all kept, in order."""

import pytest

from relay import delivery, outbox
from tests.relay.house import House, Phone
from tests.relay.test_rule_delivery import BOTH, CHAT, Courier, account
from tests.relay.test_rule_repairs import keys


@pytest.fixture
def courier(house: House) -> Courier:
    return Courier(house)


@pytest.fixture(autouse=True)
def _soon_too_many(monkeypatch):
    monkeypatch.setattr(outbox, "MOST_REPLIES", 20)


@pytest.fixture
def phone(house: House) -> Phone:
    return house.enrolled(*BOTH, telegram_id=CHAT)


def ask(house: House, *wanted: str, chat: int = CHAT) -> None:
    """As often as named, unlike `say`, which says each once."""
    whom = account(house, chat)

    def unit(tx):
        for number, key in enumerate(wanted):
            outbox.reply(tx, whom, key, {}, house.now, dedupe=f"{chat}:{number}:{key}")

    house.write(unit)


def test_a_burst_is_answered_whole_and_in_order(house, courier):
    wanted = ["help", "language", "stop", "verify", "help"]
    ask(house, *wanted)
    assert keys(courier.run()) == wanted


def test_everything_asked_for_is_answered_but_rings_come_before_all_that_is_not_prompt(house, phone, courier):
    wanted = [f"k{number}" for number in range(18)]
    ask(house, *wanted, chat=9)
    ask(house, "other", chat=10)
    house.write_to(phone)
    sent = courier.run(limit=1)
    kinds = [claim.kind for claim in sent]
    assert keys([claim for claim in sent if claim.chat == 9]) == wanted
    assert kinds.index("ring") == outbox.PROMPT_REPLIES + 1


def test_what_is_asked_for_later_overtakes_nothing_in_its_chat(house, courier):
    wanted = [f"k{number}" for number in range(outbox.PROMPT_REPLIES + 4)]
    ask(house, *wanted)
    sent = [courier.claim()[0] for _ in range(1)]
    for claim in sent:
        courier.settle(claim, delivery.Sent(1))
    for _ in range(outbox.PROMPT_REPLIES):  # now fewer wait than would be prompt
        (claim,) = courier.claim()
        sent.append(claim)
        courier.settle(claim, delivery.Sent(1))
    ask(house, "late")
    assert keys([*sent, *courier.run()]) == [*wanted, "late"]


def test_no_account_has_more_answers_waiting_than_anybody_asks_for(house, courier):
    wanted = [f"k{number}" for number in range(outbox.MOST_REPLIES + 40)]
    ask(house, *wanted)
    ask(house, "other", chat=9)
    sent = courier.run()
    assert keys([claim for claim in sent if claim.chat == CHAT]) == wanted[-outbox.MOST_REPLIES :]
    assert keys([claim for claim in sent if claim.chat == 9]) == ["other"]


def test_an_older_answer_of_the_same_kind_gives_way_first(house, courier):
    """So that who pressed one button forty times still gets the letter's answer."""
    ask(house, "welcome-letter", *["help"] * (outbox.MOST_REPLIES + 20))
    assert keys(courier.run()) == ["welcome-letter", *["help"] * (outbox.MOST_REPLIES - 1)]


def test_what_is_on_its_way_is_not_touched(house, courier):
    ask(house, "first")
    (flying,) = courier.claim()
    ask(house, *["help"] * (outbox.MOST_REPLIES + 20))
    assert courier.settle(flying, delivery.Sent(1))
    assert len(courier.run()) == outbox.MOST_REPLIES


def test_every_few_turns_belong_to_urgent_rings(house, phone, courier):
    for person in range(12):
        ask(house, *["a", "b", "c"], chat=1000 + person)
        house.write(outbox.delete, account(house, 1000 + person), 7, house.now)
    house.write_to(phone, urgent=True)
    before = []
    for turn in range(delivery.SHARE):
        (claim,) = courier.claim(limit=1, turn=turn)
        before.append(claim.kind)
    assert before.count("ring") == 1


def test_a_turn_without_an_urgent_ring_is_anybodys(house, phone, courier):
    house.write_to(phone)
    ask(house, "a", chat=9)
    assert [courier.claim(limit=1, turn=0)[0].kind for _ in range(2)] == ["reply", "ring"]
