"""Figures: true after a day's work, and no label says of whom."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import AsyncMock

import httpx
import pytest

from crypto.encoding import b64u
from handlers.config import ConfigError, Settings
from handlers.profile import Hook
from handlers.rival import SIGNS
from handlers.vitals import TROUBLES
from handlers.watch import Watch
from relay import beats
from relay.backlog import REASONS
from store.errors import UnavailableError
from tests.flow.actors import Phone
from tests.flow.world import TOKEN, World, world

HOOK = Hook.of(TOKEN)
MARKER = "MARKER-4242"
#: All that may stand in a label besides routes.
WORDS = {
    "ring", "reply", "delete", "answer_callback", "sent", "later", "gone", "refused", "uncertain", "done", "failed",
    "seen", "unseen", "token_refused", "GET", "HEAD", "POST", "OPTIONS", "other", "/app", *REASONS, *beats.JOBS,
    *TROUBLES,
}  # fmt: skip
ROUTE = re.compile(r"/([a-z0-9_.-]+|\{[a-z_]+(:path)?\})?(/([a-z0-9_.-]+|\{[a-z_]+(:path)?\}))*")
NUMBER = re.compile(r"[0-9.]+(e[+-]?\d+)?|\+Inf|\d\.\d\.\d")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, metrics="127.0.0.1:0") as found:
        yield found


async def asked(town: World, path: str = "/metrics") -> httpx.Response:
    bound = town.house.watch._bound
    assert bound is not None
    host, port = bound.getsockname()
    async with httpx.AsyncClient() as http:
        return await http.get(f"http://{host}:{port}{path}")


async def scrape(town: World) -> str:
    answer = await asked(town)
    assert answer.status_code == 200
    return answer.text


def figure(page: str, name: str, **labels: str) -> float:
    for line in page.splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found and found[1] == f"qasid_{name}":
            given = dict(re.findall(r'(\w+)="([^"]*)"', found[2] or ""))
            if labels.items() <= given.items():
                return float(found[3])
    return 0.0


async def live(town: World) -> tuple[int, Phone]:
    """A person enrols, is written to and answers; strangers ask for what is nowhere."""
    office = await town.found()
    sara = town.person(MARKER, "en")
    sara.start(payload=MARKER)
    phone = await office.invite()
    await phone.enrol(sara.init_data(None))
    await office.send(phone)
    sara.say(None, f"/{MARKER}")
    await town.settle()
    await phone.read()
    await town.settle()
    for path in (
        f"/{MARKER}",
        f"/v1/letters/{MARKER}",
        f"/telegram/{HOOK.path}",
        f"/app/{MARKER}?{MARKER}={TOKEN}",
    ):
        await town.http.request("MARKERS", path)
        await town.http.get(path, headers={"X-Marker": MARKER})
    return sara.id, phone


async def test_a_days_work_in_figures_without_anybody_in_them(town: World) -> None:
    person, phone = await live(town)
    page = await scrape(town)
    assert "_created" not in page
    assert figure(page, "calls_total", kind="ring", outcome="sent") == 1
    assert figure(page, "calls_total", kind="reply", outcome="sent") >= 1
    assert figure(page, "http_answers_total", route="/v1/enrolments", method="POST", status="201") == 1
    assert (
        figure(page, "http_answers_total", route="/v1/letters/{invitation}", method="other", status="405")
        == 1
    )
    assert figure(page, "http_seconds_count", route="/v1/enrolments") >= 1
    assert figure(page, "job_runs_total", job="release", outcome="done") >= 1
    assert (figure(page, "led"), figure(page, "telegram", state="seen")) == (1, 1)
    assert figure(page, "disk_size_bytes") > figure(page, "disk_free_bytes") > 0
    assert page.count("qasid_trouble{") == len(TROUBLES)
    assert figure(page, "trouble", code="token_shared") == 0
    town.house.rival.seen(SIGNS)
    assert figure(await scrape(town), "trouble", code="token_shared") == 1

    labels = set(re.findall(r'"([^"]*)"', page))
    assert {
        label for label in labels if not (label in WORDS or ROUTE.fullmatch(label) or NUMBER.fullmatch(label))
    } == set()
    ids = (phone.contact, phone.keys.record.device, phone.office.id, phone.secret.invitation)
    secrets = [
        MARKER,
        TOKEN,
        HOOK.path,
        HOOK.secret,
        str(person),
        *map(b64u, ids),
        *(each.hex() for each in ids),
    ]
    assert [secret for secret in secrets if secret in page] == []
    assert (await asked(town, "/healthz")).status_code == 404
    for path in ("/metrics", "/v1/metrics", "/app/metrics"):
        assert "qasid_" not in (await town.http.get(path)).text


async def test_what_waits_and_no_more_once_it_does_not(town: World) -> None:
    town.telegram.faults.set(drop_every=1, methods={"sendMessage"})
    town.person("Sara", "en").start()
    await town.quiet()
    assert figure(await scrape(town), "outbox_waiting", kind="reply", reason="tried_again") == 1
    town.telegram.faults.clear()
    await town.settle(horizon=90)
    page = await scrape(town)
    assert "outbox_waiting{" not in page
    assert figure(page, "calls_total", kind="reply", outcome="sent") == 1


@pytest.mark.parametrize(
    "address", ["0.0.0.0:9470", "relay.example:9470", "9470", "127.0.0.1:x", "127.0.0.1:8470", ":1"]
)
def test_never_where_others_could_read_them(address: str) -> None:
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:9470"):
        Settings(metrics=address).check()


async def test_each_process_needs_its_own(town: World) -> None:
    bound = town.house.watch._bound
    assert bound is not None
    taken = town.settings.model_copy(update={"metrics": f"127.0.0.1:{bound.getsockname()[1]}"})
    with pytest.raises(ConfigError, match="QASID_METRICS"):
        Watch(taken, town.store, town.house.clock)


async def test_a_database_in_trouble_is_no_page_of_zeros(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = town.house.watch.metrics
    assert metrics is not None
    monkeypatch.setattr(town.store, "read", AsyncMock(side_effect=UnavailableError(MARKER)))
    answer = await asked(town)
    assert (answer.status_code, answer.text) == (503, "")
