"""Erasing a person from the desk."""

import pytest

from desk.errors import RelayError
from tests.desk.house import Office


def test_at_the_relay_and_at_each_desk(office: Office) -> None:
    phone, alias = office.enrolled()
    phone.write("nobody else may read this")
    desk, colleague = office.first, office.second
    for each in (desk, colleague):
        each.ok("inbox")
    desk.ok("reply", alias, "nor what is answered")
    desk.ok("people", "--name", alias, stdin="Ahmad Zia\n")
    assert "--yes" in desk.no("erase", alias, code="not_confirmed", exit_code=2)
    assert desk.ok("erase", alias.lower(), "--yes") == {"alias": alias, "messages": 2}
    assert alias not in {row["alias"] for row in desk.ok("contacts")["contacts"]}
    kept = repr(desk.state())
    assert "nobody else may read this" not in kept
    assert "nor what is answered" not in kept
    assert "Ahmad Zia" not in kept
    assert alias not in kept
    with pytest.raises(RelayError, match="not known"):
        phone.write("is anybody there")
    # A colleague keeps what was opened, until it is erased there too.
    assert "nobody else may read this" in repr(colleague.state())
    assert colleague.ok("erase", alias, "--yes")["messages"] == 1
    assert "nobody else may read this" not in repr(colleague.state())
    assert "no contact" in desk.no("erase", alias, "--yes", code="no_contact")
