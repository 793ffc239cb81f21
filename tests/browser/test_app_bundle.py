"""The page runs the build it names and nothing else, and says which build that is."""

from __future__ import annotations

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from handlers.bundle import Bundle, groups
from handlers.export import export
from tests.browser.fakerelay import DIST, Relay
from tests.browser.office import Office
from tests.browser.phone import Phone
from tests.desk.house import House
from tests.handlers.test_webapp import sent_with

#: Names of vocabularies, and of the library in what a developer reads: nothing is asked of them.
NAMES = {"www.w3.org"}


def test_the_build_names_no_other_host() -> None:
    texts = {
        path.name: path.read_text() for path in DIST.rglob("*") if path.suffix in {".js", ".html", ".css"}
    }
    assert len(texts) > 20
    for name, text in texts.items():
        hosts = set(re.findall(r"(?:https?|wss?):(?:\\?/){2}([\w.-]+)", text)) | set(
            re.findall(r"[\"'`(]//([\w-]+\.[\w.-]+)", text)
        )
        assert hosts <= NAMES, name
        assert "telegram.org" not in text
        assert "sourceMappingURL" not in text


def test_help_shows_the_number_of_the_build_that_was_loaded(enrolled: Phone) -> None:
    enrolled.tap("open-help")
    enrolled.sees("bundle", groups(Bundle.read(DIST / "bundle.json").hash))


def _changed(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.body() + b"\n")


@pytest.fixture
def stranger(context: BrowserContext, relay: Relay) -> Page:
    return context.new_page()


@pytest.mark.parametrize("part", ["first-*.js", "first-*.css"])
def test_what_the_page_names_runs_only_as_it_was_built(stranger: Page, relay: Relay, part: str) -> None:
    said: list[str] = []
    stranger.on("console", lambda message: said.append(message.text))
    stranger.route(f"**/assets/{part}", _changed)
    stranger.goto(f"{relay.url}/app/")
    stranger.wait_for_load_state("networkidle")
    assert [text for text in said if "integrity" in text]
    stranger.unroute_all(behavior="ignoreErrors")
    if part.endswith("js"):
        expect(stranger.get_by_test_id("screen-language")).to_have_count(0)


class Plain(SimpleHTTPRequestHandler):
    """Plain files from an origin of their own, with the pages' headers."""

    sent: dict[str, str]

    def end_headers(self) -> None:
        for name, value in self.sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Quiet."""


def test_the_app_from_an_origin_of_its_own_asks_its_relay(context: BrowserContext, tmp_path: Path) -> None:
    static = tmp_path / "static"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Plain, directory=str(static))) as server:
        own = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        with House(tmp_path, app_origin=own) as house:
            export(DIST, static, house.url)
            Plain.sent = sent_with(static)["/app/*"]
            phone = Phone(context, own).open()
            phone.speak()
            with phone.page.expect_response(lambda answer: "/v1/letters/" in answer.url) as asked:
                phone.give_letter(Office().invite()[0].text())
            assert asked.value.url.startswith(house.url)
            # A signed request is asked for beforehand; its refusal can be read, so that it was let through.
            signed = """async ([url, headers]) => (await (await fetch(url, {method: "POST", headers})).json()).code"""
            headers = {
                "Content-Type": "application/json",
                "Content-Digest": "x",
                "Signature": "x",
                "Signature-Input": "x",
            }
            assert phone.page.evaluate(signed, [f"{house.url}/v1/consents", headers]) == "bad_signature"
            elsewhere = [fault for fault in phone.faults if "request elsewhere" in fault]
            assert elsewhere != []
            assert all(f"request elsewhere: {house.url}/v1/" in fault for fault in elsewhere)
            assert elsewhere == phone.faults
        server.shutdown()


def test_a_part_that_comes_later_runs_only_as_it_was_built(context: BrowserContext, relay: Relay) -> None:
    phone = Phone(context, relay.url)
    phone.page.route("**/assets/core-*.js", _changed)
    phone.open().speak()
    phone.give_letter(relay.invite().text())
    phone.until(lambda: any("integrity" in fault for fault in phone.faults), "the changed part is refused")
    expect(phone.page.get_by_test_id("screen-who")).to_have_count(0)
    phone.page.unroute_all(behavior="ignoreErrors")
