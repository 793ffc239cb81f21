"""A bad line and a slow phone, both emulated by Chromium, and all that the phone asked for meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.story.phone import Phone

BANDWIDTH = 50_000 / 8  # bytes a second, each way
ROUND_TRIP = 2.0  # seconds
SLOWDOWN = 4  # of the processor


@dataclass
class Asked:
    """One request over the line, in seconds of the browser's clock."""

    name: str
    began: float
    ended: float = float("inf")


class Line:
    """What stands between this phone's page and everybody else from now on.

    Chromium adds the round trip to each request, and lets all bytes through at the pace of the line. It knows no
    handshakes: a connection that has to be made first costs another round trip, and TLS one more.
    """

    def __init__(self, phone: Phone) -> None:
        self._asked: dict[str, Asked] = {}
        self._cdp = phone.context.new_cdp_session(phone.page)
        self._cdp.on("Network.requestWillBeSent", self._begun)
        self._cdp.on("Network.requestServedFromCache", self._cached)
        self._cdp.on("Network.responseReceived", self._answered)
        self._cdp.on("Network.loadingFinished", self._ended)
        self._cdp.send("Network.enable")
        self._cdp.send("Performance.enable")
        pace = {"downloadThroughput": BANDWIDTH, "uploadThroughput": BANDWIDTH}
        self._cdp.send(
            "Network.emulateNetworkConditions", {"offline": False, "latency": ROUND_TRIP * 1000, **pace}
        )
        self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})

    def reset(self) -> None:
        """Forget what was asked for."""
        self._asked.clear()

    def one_after_another(self, last: str) -> list[str]:
        """The longest row of requests, up to the newest to `last`, of which each began when the one before was over."""
        row = [
            max((each for each in self._asked.values() if each.name == last), key=lambda asked: asked.began)
        ]
        while before := [each for each in self._asked.values() if each.ended <= row[0].began]:
            row.insert(0, max(before, key=lambda asked: asked.began))
        return [each.name for each in row]

    def computing(self) -> float:
        """Seconds that the page's main thread has been busy since it was opened."""
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    def _begun(self, event: dict[str, Any]) -> None:
        name = event["request"]["url"].partition("?")[0].rsplit("/", 1)[-1]
        self._asked[event["requestId"]] = Asked(name or "page", event["timestamp"])

    def _cached(self, event: dict[str, Any]) -> None:
        self._asked.pop(event["requestId"], None)

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self._asked.pop(event["requestId"], None)

    def _ended(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._asked:
            self._asked[event["requestId"]].ended = event["timestamp"]
