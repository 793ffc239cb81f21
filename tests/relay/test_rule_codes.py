"""Whoever has a notice's number hears whether it still counts, and nothing else; nobody can try numbers out."""

from datetime import timedelta

import pytest

from crypto.notice import NoticeKind, verification_code
from relay import codes, notices, outbox
from tests.relay.house import House
from tests.relay.test_rule_clearances import scheduled
from tests.relay.test_rule_delivery import Courier, account
from tests.relay.test_rule_threats import alert


@pytest.fixture
def phone(house):
    return house.enrolled("messages", "departures")


def asked(house: House, draft) -> str:
    return house.read(codes.standing, verification_code(draft.content_hash), house.now)


def test_what_a_number_says_as_its_notice_goes_on(house, phone):
    draft = scheduled(house, phone)
    assert asked(house, draft) == "unknown", "what is to come is told to nobody"
    house.release()
    assert asked(house, draft) == "current"
    newer = house.draft(
        draft.movement, [phone], notice=draft.notice, version=2, kind=NoticeKind.CHANGE, offers=draft.offers
    )
    house.schedule(newer)
    assert (asked(house, draft), asked(house, newer)) == ("replaced", "unknown")
    house.release()
    assert (asked(house, draft), asked(house, newer)) == ("replaced", "current")
    house.cancel(newer)
    assert (asked(house, draft), asked(house, newer)) == ("cancelled", "cancelled")
    assert house.read(codes.standing, "0123456789", house.now) == "unknown"


def test_what_an_alert_voids_is_cancelled_for_whoever_asks(house, phone):
    draft = scheduled(house, phone)
    house.release()
    warning = alert(house, phone)
    house.schedule(warning)
    assert (asked(house, draft), asked(house, warning)) == ("cancelled", "current")


def test_what_is_over_counts_no_more_though_no_job_came_yet(house, phone):
    draft = scheduled(house, phone)
    house.release()
    house.now = draft.expires - timedelta(seconds=1)
    assert asked(house, draft) == "current"
    house.now = draft.expires
    assert asked(house, draft) == "unknown"
    house.write(notices.expire, house.now)
    assert asked(house, draft) == "unknown"


def test_of_two_with_one_number_the_one_that_sends_nobody_counts(house, phone):
    first = scheduled(house, phone)
    second = house.draft(house.movement(9, "M-2"), [phone], content_hash=first.content_hash)
    house.schedule(second)
    house.release()
    house.cancel(second)
    assert asked(house, first) == "cancelled"


def test_numbers_cannot_be_tried_out(house):
    """Said or not yet said, every answer counts; another account is told as before."""
    mine, theirs = account(house, 5), account(house, 6)
    for number in range(codes.MOST):
        assert not house.read(codes.asked_often, mine, house.now)
        house.write(outbox.reply, mine, f"code-{codes.WORDS[number % 4]}", {}, house.now, dedupe=str(number))
        if number % 2:
            Courier(house).run()
    assert house.read(codes.asked_often, mine, house.now)
    assert not house.read(codes.asked_often, theirs, house.now)
    house.pass_(hours=1)
    assert not house.read(codes.asked_often, mine, house.now)
