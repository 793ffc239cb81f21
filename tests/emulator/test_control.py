"""Control endpoints, the emulator as a process of its own, and as a thread."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from emulator import Bot, Telegram, User
from emulator.server import serve_in_thread


class Process:
    """`python -m emulator`, asked by HTTP."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-W", "error", "-m", "emulator", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.ready = json.loads(line)
        self.url = self.ready["url"]
        self.http = httpx.Client(base_url=self.url, trust_env=False)

    def post(self, path: str, **body: object) -> Any:
        answer = self.http.post(f"/control{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        return self.http.get(f"/control{path}").raise_for_status().json()

    def bot(self, method: str, **params: object) -> Any:
        return self.http.post(f"/bot{self.ready['bot']['token']}/{method}", json=params).json()

    def stop(self) -> tuple[int, str]:
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@pytest.fixture(scope="module")
def own() -> Iterator[Process]:
    process = Process(
        "--manual-clock", "2026-11-01T06:00:00", "--person", "Sara:fa", "--token", "123456:ABC-DEF"
    )
    yield process
    assert process.stop() == (0, "")


def test_a_conversation(own: Process) -> None:
    sara = own.ready["users"][0]["id"]
    assert own.get("/clock") == {"now": 1793512800.0}
    own.post(f"/users/{sara}/start", payload="letter")
    own.post(f"/users/{sara}/say", text="hello", bot="demo_bot")
    own.post(f"/users/{sara}/document", content=base64.b64encode(b"file").decode(), name="f.txt")
    updates = own.bot("getUpdates")["result"]
    assert [u["message"].get("text") for u in updates] == ["/start letter", "hello", None]
    number = updates[2]["message"]["message_id"]
    shown = own.get(f"/users/{sara}/document?message_id={number}&bot=demo_bot")
    assert (shown["name"], base64.b64decode(shown["content"])) == ("f.txt", b"file")
    assert own.http.get(f"/control/users/{sara}/document?message_id=1&bot=demo_bot").status_code == 404
    own.post(f"/users/{sara}/edit", message_id=updates[1]["message"]["message_id"], text="hello!")
    buttons = [[{"text": "Yes", "callback_data": "y"}, {"text": "App", "web_app": {"url": f"{own.url}/app"}}]]
    markup = {"inline_keyboard": buttons}
    assert own.bot("sendMessage", chat_id=sara, text="?", reply_markup=markup, disable_notification=True)[
        "ok"
    ]
    assert own.bot("sendMessage", chat_id=sara, text="?")["error_code"] == 429
    assert own.post("/clock", advance=1) == {"now": 1793512801.0}
    assert own.bot("sendMessage", chat_id=sara, text="!")["ok"]
    query = own.post(f"/users/{sara}/press", button="y")["result"]
    assert own.bot("answerCallbackQuery", callback_query_id=query, text="ok")["ok"]
    assert "#tgWebAppData=" in own.post(f"/users/{sara}/press", button="App")["result"]
    assert "#tgWebAppData=" in own.post(f"/users/{sara}/app", url="http://127.0.0.1/x")["url"]
    chat = own.get(f"/users/{sara}/chat?bot=demo_bot")
    assert [(m["body"], m["mine"], m["silent"]) for m in chat["messages"]] == [
        ("/start letter", True, False),
        ("hello!", True, False),
        ("", True, False),
        ("?", False, True),
        ("!", False, False),
    ]
    assert chat["toasts"][-1]["text"] == "ok"
    sends = own.get("/sends")
    assert [(send["chat_id"], send["silent"], send["outcome"] == "sent") for send in sends["sends"]] == [
        (sara, True, True), (sara, False, False), (sara, False, True),
    ]  # fmt: skip
    assert sends["refused"] == {"bot": 0, "chat": 1, "wait": 0, "injected": 0}
    assert len(own.get("/sends?after=2")["sends"]) == 1
    own.post(f"/users/{sara}/block")
    assert own.bot("sendMessage", chat_id=sara, text="!")["error_code"] == 403


def test_faults_limits_groups(own: Process) -> None:
    omid = own.post("/users", first_name="Omid", language_code="ps")["id"]
    own.post("/limits", overall=[1000, 1], private=[100, 1])
    own.post(f"/users/{omid}/start")
    assert own.post("/faults", refuse_every=2, retry_after=5)["refuse_every"] == 2
    assert own.bot("sendMessage", chat_id=omid, text="!")["ok"]
    assert own.bot("sendMessage", chat_id=omid, text="!")["parameters"] == {"retry_after": 5}
    cleared = own.http.delete("/control/faults").json()
    assert (cleared["refuse_every"], cleared["happened"]) == (0, {"refuse": 1})
    own.post("/clock", advance=5)
    assert own.bot("sendMessage", chat_id=omid, text="!")["ok"]
    group = own.post("/groups", title="Staff", creator=omid, bots=["demo_bot"])
    new = own.post(f"/groups/{group['id']}/migrate")
    refusal = own.bot("sendMessage", chat_id=group["id"], text="!")
    assert refusal["parameters"] == {"migrate_to_chat_id": new["id"]}
    own.post(f"/groups/{new['id']}/kick")
    assert own.bot("sendMessage", chat_id=new["id"], text="!")["error_code"] == 403
    last = own.bot("getUpdates", offset=-1)["result"][0]["update_id"]
    assert own.bot("getUpdates", offset=last + 1)["result"] == []
    assert own.post("/updates/redeliver", count=1) == {"result": 1}
    assert [u["update_id"] for u in own.bot("getUpdates", offset=last + 1)["result"]] == [last]
    assert own.post("/bots", username="second_bot")["token"]
    assert {bot["username"] for bot in own.get("/state")["bots"]} == {"demo_bot", "second_bot"}


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/users/5/say", {"text": "x"}, 404, "no person 5"),
        ("/users", {}, 400, "first_name"),
        ("/users", {"first_name": "x", "shoe_size": 42}, 400, "shoe_size"),
        ("/bots", {"token": "odd", "username": "x"}, 400, "a bot token looks like"),
        ("/groups", {"title": "x"}, 400, "creator is missing"),
        ("/groups/-5/migrate", {}, 404, "no such group"),
        ("/faults", {"refuse": 1}, 400, "no such fault: refuse"),
        ("/faults", [1], 400, "the body must be a JSON object"),
        ("/limits", {"overall": 5}, 400, "cannot unpack"),
    ],
)
def test_wrong_orders(own: Process, path: str, body: object, status: int, error: str) -> None:
    answer = own.http.post(f"/control{path}", json=body)
    assert answer.status_code == status
    assert error in answer.json()["error"]


def test_other_pages_are_kept_out(own: Process) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ):
        assert own.http.post("/control/clock", json={"advance": 1}, headers=headers).status_code == 403
    assert own.http.get("/control/state", headers={"Origin": own.url}).status_code == 200


def test_a_taken_port_and_a_wrong_token_are_told(own: Process) -> None:
    port = own.url.rpartition(":")[2]
    for arguments, words in (
        (["--port", port], "address already in use"),
        (["--token", "x"], "a bot token looks like"),
    ):
        command = [sys.executable, "-m", "emulator", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("emulator: ")
        assert words in done.stderr


def test_in_a_thread(telegram: Telegram, bot: Bot, sara: User) -> None:
    with serve_in_thread(telegram) as url, httpx.Client(trust_env=False) as http:
        sara.start(bot)
        send = {"chat_id": sara.id, "text": "hello"}
        assert http.post(f"{url}/bot{bot.token}/sendMessage", json=send).json()["ok"]
        assert sara.chat(bot).last().text == "hello"
        answer = http.post(f"{url}/control/clock", json={"advance": 1})
        assert answer.json() == {"now": telegram.clock.time()}
        with pytest.raises(OSError, match="address already in use"), serve_in_thread(telegram, int(url[-5:])):
            pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
