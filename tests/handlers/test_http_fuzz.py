"""Requests made up from openapi.json, signed by somebody who may ask: whatever they hold, none breaks the relay.

The short run is the same each time; the long one, of `make prove`, looks elsewhere each time.
"""

import asyncio
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis import APIOperation, GenerationMode

from crypto import request as signing
from crypto.encoding import b64u, new_id
from crypto.statement import Consent, Wipe
from crypto.vault import Vault
from handlers.api.build import api, build
from handlers.api.context import Context
from handlers.api.rates import Rates
from handlers.config import Settings
from relay import offices
from store.engine import open_store
from tests.databases import empty_sqlite
from tests.flow.actors import Client, Office, Phone
from tests.handlers.conftest import TOKEN, SetClock

OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(api().openapi()).get_all_operations()]

#: What is real here, as base64url: without it no request would come past the first look-up.
real = [b64u(bytes(16))]

schemathesis.openapi.format(
    "base64url",
    st.one_of(
        st.integers(0, 99).map(lambda number: real[number % len(real)]),
        st.sampled_from([16, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(b64u),
        st.binary(min_size=1, max_size=200).map(b64u),
    ),
)


class House:
    """A relay with an office and an enrolled phone, asked from one thread."""

    def __init__(self, database: Path) -> None:
        self.clock = SetClock()
        self.store = open_store(f"sqlite:///{database}")
        context = Context(
            store=self.store,
            vault=Vault(bytes(32)),
            clock=self.clock,
            rates=Rates(enabled=False),
            authorities=Settings().authorities,
            bot_token=SecretStr(TOKEN),
            demo=False,
            bot_name="qasid_test_bot",
            wake=lambda: None,
            rescheduled=lambda: None,
        )
        app = build(context, app_dir=database.parent)
        self.runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470")
        self.runner.run(self.settle())

    async def settle(self) -> None:
        admission = await self.store.write(lambda tx: offices.admit(tx, self.clock.now()))
        self.office = Office(self.http, self.unix)
        await self.office.found(admission.code)
        self.phone = await self.office.invite()
        await self.phone.enrol()
        self.waiting = await self.office.invite()
        await self.waiting.client.ok("POST", "/v1/enrolments", self.waiting.enrolment())
        await self.office.send(self.phone)
        self.clients = [self.office.client, self.phone.client, self.waiting.client]
        self.turns = cycle(self.clients)
        self.remember(self.office, self.phone)

    def unix(self) -> int:
        return int(self.clock.at.timestamp())

    def remember(self, office: Office, phone: Phone) -> None:
        device, now = phone.keys.record.device, self.unix()
        strange = Consent(
            office.id,
            phone.contact,
            device,
            "messages",
            office.id,
            "all",
            (1 << 32) - 1,
            "a\0b",
            True,
            9,
            now,
        )
        # A wipe of the phone that takes part would end it: this one is of the phone that waits.
        gone = Wipe(office.id, self.waiting.contact, self.waiting.keys.record.device, now)
        real[:] = [
            *map(
                b64u, (office.id, office.officer, office.keys.record.device, phone.contact, device, new_id())
            ),
            *map(b64u, (phone.secret.invitation, self.waiting.secret.invitation, self.waiting.contact)),
            b64u(office.roster.hash),
            b64u(office.roster.sign(office.root.seed)),
            b64u(phone.keys.record.encode()),
            b64u(phone.prekey.prekey.sign(phone.keys.sign_seed)),
            b64u(strange.sign(phone.keys.sign_seed)),
            b64u(gone.sign(self.waiting.keys.sign_seed)),
            b64u(office.letter(phone)),
            b64u(phone.letter()),
        ]

    def ask(self, case: schemathesis.Case, who: Client) -> httpx.Response:
        return self.runner.run(self.send(case, who))

    async def send(self, case: schemathesis.Case, who: Client) -> httpx.Response:
        given = case.as_transport_kwargs(base_url="http://127.0.0.1:8470")
        plain = {
            key: given[key]
            for key in ("method", "url", "params", "headers", "cookies", "json")
            if key in given
        }
        request = self.http.build_request(**plain, content=given.get("data"))
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        await request.aread()
        signed = signing.sign(
            who.keys.sign_seed, device=who.keys.record.device, method=request.method, authority=who.authority,
            path=path, query=query, body=request.content, created=self.unix(),
        )  # fmt: skip
        request.headers.update(signed)
        return await self.http.send(request)

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        self.runner.close()
        self.store.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    path = tmp_path_factory.mktemp("fuzz") / "qasid.db"
    empty_sqlite(path)
    made = House(path)
    yield made
    made.close()


def holds(answer: httpx.Response) -> None:
    """No 5xx; what is refused is refused in our form."""
    assert answer.status_code < 500, (answer.request.url.path, answer.text)
    if answer.is_error:
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"code", "message"}


COMMON = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_breaks_the_relay(operation: APIOperation, house: House) -> None:
    @settings(max_examples=5, derandomize=True, phases=[Phase.generate], **COMMON)
    @given(operation.as_strategy(GenerationMode.POSITIVE))
    def ask(case: schemathesis.Case) -> None:
        holds(house.ask(case, next(house.turns)))

    ask()


#: An address alone leaves nothing that could not fit.
MODES = [(each, GenerationMode.POSITIVE) for each in OPERATIONS] + [
    (each, GenerationMode.NEGATIVE) for each in OPERATIONS if each.body or [*each.iter_parameters()]
]


@pytest.mark.prove
@pytest.mark.parametrize(
    ("operation", "mode"), MODES, ids=[f"{mode.value} {each.label}" for each, mode in MODES]
)
def test_no_request_of_many_breaks_the_relay(
    operation: APIOperation, mode: GenerationMode, house: House
) -> None:
    """What fits the description, and what does not."""

    @settings(max_examples=100, **COMMON)
    @given(operation.as_strategy(mode))
    def ask(case: schemathesis.Case) -> None:
        for who in house.clients:
            holds(house.ask(case, who))

    ask()
