"""Proposals over HTTP: what a device confirms may let notices out, so that the clock's job looks again at once."""

from crypto.encoding import b64u
from relay import proposals
from relay.auth import device_of
from relay.unit import Tx
from tests.flow.actors import Office
from tests.handlers.conftest import Api


async def propose(api: Api, office: Office) -> str:
    def unit(tx: Tx) -> bytes:
        who = device_of(tx, office.keys.record.device, api.clock.now())
        said = {"kind": "status", "subject": "AIR", "words": "open official 12h"}
        return proposals.propose(tx, who, api.clock.now(), **said)

    return b64u(await api.store.write(unit))


async def test_what_is_confirmed_is_looked_at_by_the_clock(api: Api) -> None:
    office = await api.office()
    wish = await propose(api, office)
    (shown,) = (await office.client.ok("GET", "/v1/proposals"))["proposals"]
    assert (shown["proposal"], shown["kind"], shown["subject"]) == (wish, "status", "AIR")
    assert "rescheduled" not in api.woken
    await office.client.ok("POST", f"/v1/proposals/{wish}", {"decision": "confirm"})
    assert "rescheduled" in api.woken
    (status,) = (await office.client.ok("GET", "/v1/board"))["statuses"]
    assert (status["status"], status["own"]) == ("open", True)
