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
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crypto import request as signing
from crypto.encoding import b64u, new_id
from crypto.statement import Consent, Wipe
from crypto.vault import Vault
from handlers.api import hook as hooks
from handlers.api import problem
from handlers.api.build import api, build
from handlers.api.context import Context
from handlers.api.hook import SECRET_HEADER
from handlers.api.rates import Rates
from handlers.config import Settings
from handlers.intake import Intake
from handlers.profile import Hook
from relay import delivery, inbox, offices
from store.engine import open_store
from tests.databases import empty
from tests.flow.actors import Client, Office, Phone
from tests.handlers.conftest import TOKEN, SetClock

HOOK = Hook.of(TOKEN)


def named(value: str, **where: str) -> dict[str, object]:
    return {**where, "required": True, "schema": {"enum": [value]}}


def made_of(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": [*properties]}


def webhook() -> dict[str, object]:
    """Telegram's updates as it describes them, for the address that no description of ours names."""
    number, text = {"type": "integer"}, {"type": "string"}
    person = made_of(id=number, language_code=text)
    chat = made_of(id=number, type={"enum": ["private", "group"]})
    typed = {"anyOf": [text, {"enum": ["/start", "/case K-1", "qasid1.AAAA"]}]}
    message = made_of(message_id=number, chat=chat, text=typed, **{"from": person})
    file = made_of(file_name={"enum": ["a.qasid", "b"]}, file_size=number, file_id=text)
    document = made_of(message_id=number, chat=chat, document=file, **{"from": person})
    press = made_of(id=text, message=message, data=text, **{"from": person})
    status = made_of(status={"enum": ["kicked", "member", "left"]})
    member = made_of(chat=chat, new_chat_member=status, **{"from": person})
    update = {
        "anyOf": [
            made_of(update_id=number, message={"anyOf": [message, document]}),
            made_of(update_id=number, edited_message=message),
            made_of(update_id=number, callback_query=press),
            made_of(update_id=number, my_chat_member=member),
        ]
    }
    return {
        "parameters": [
            named(HOOK.path, name="path", **{"in": "path"}),
            named(HOOK.secret, name=SECRET_HEADER, **{"in": "header"}),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": update}}},
        "responses": {"200": {"description": "taken"}, "4XX": problem.RESPONSES["4XX"]},
    }


def described() -> dict[str, object]:
    told = api().openapi()
    return {**told, "paths": {**told["paths"], "/telegram/{path}": {"post": webhook()}}}


OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(described()).get_all_operations()]

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
        self.store = open_store(empty(database))
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
        intake = Intake(self.store, context.vault, self.clock, dispatch=None)  # what is taken, nobody handles
        app = build(context, app_dir=database.parent, extra=[hooks.router(HOOK, intake.take)])
        self.runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470")
        self.runner.run(self.settle())

    async def settle(self) -> None:
        await self.store.write(lambda tx: delivery.lead(tx, "here", self.clock.now()))
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
    made = House(path)
    yield made
    made.close()


def holds(case: schemathesis.Case, answer: httpx.Response) -> None:
    """No 5xx; status, media type, headers and body are among those that openapi.json names for this operation."""
    case.validate_response(answer, checks=CHECKS)


#: What is asked fits or does not, and neither says whether it is refused: of what fits rules refuse most, whoever asks,
#: so no positive_data_acceptance; and no negative_data_rejection, for Telegram's updates are taken whatever they hold,
#: and it knows no 413. Checks that ask again (ignored_auth, use_after_free) would ask unsigned: tests/roles does that.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
COMMON = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_breaks_the_relay(operation: APIOperation, house: House) -> None:
    @settings(max_examples=5, derandomize=True, phases=[Phase.generate], **COMMON)
    @given(operation.as_strategy(GenerationMode.POSITIVE))
    def ask(case: schemathesis.Case) -> None:
        holds(case, house.ask(case, next(house.turns)))

    ask()


#: An address alone leaves nothing that could not fit.
MODES = [(each, GenerationMode.POSITIVE) for each in OPERATIONS] + [
    (each, GenerationMode.NEGATIVE) for each in OPERATIONS if each.body or [*each.iter_parameters()]
]


def test_what_is_made_up_for_the_webhook_is_taken(house: House) -> None:
    """Else its walk would show nothing."""
    (operation,) = [each for each in OPERATIONS if each.path.startswith("/telegram/")]
    statuses = set()

    @settings(max_examples=20, derandomize=True, phases=[Phase.generate], **COMMON)
    @given(operation.as_strategy(GenerationMode.POSITIVE))
    def ask(case: schemathesis.Case) -> None:
        statuses.add(house.ask(case, house.office.client).status_code)

    ask()
    assert statuses == {200}
    assert house.store.read_now(lambda tx: inbox.pending(tx, Vault(bytes(32)), 1))


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
            holds(case, house.ask(case, who))

    ask()
