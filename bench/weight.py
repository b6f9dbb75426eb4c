"""What a first visit of a page costs: bytes as sent, requests, cookies. Counted, not timed, so a test may hold it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession

READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "fonts", "Image": "pictures"}
"""Chromium's word for what a request is for, and ours; whatever is not here is a fragment, the beacon or the like."""


@dataclass
class Weight:
    """Bytes by kind, headers of the answers included; how many requests; what should not be there."""

    bytes: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    """Addresses on other hosts that were asked for."""
    cookies: int = 0

    def kilobytes(self, kind: str) -> float:
        """In KB of 1024 bytes."""
        return self.bytes.get(kind, 0) / 1024

    @property
    def total(self) -> float:
        """In KB, pictures included."""
        return sum(self.bytes.values()) / 1024

    @property
    def request_count(self) -> int:
        """Everything that was asked for but pictures: fragments and the beacon count."""
        return sum(number for kind, number in self.requests.items() if kind != "pictures")


def first_visit(browser: Browser, url: str, device: dict[str, Any] | None = None) -> Weight:
    """Opens `url` as somebody who was never here, and waits until nothing more is asked for."""
    context = browser.new_context(user_agent=READER, **(device or PHONE))
    try:
        page = context.new_page()
        weight = Weight()
        _count(context.new_cdp_session(page), weight, urlsplit(url).netloc)
        page.goto(url)
        page.wait_for_load_state("networkidle")
        weight.cookies = len(context.cookies())
        return weight
    finally:
        context.close()


def _count(session: CDPSession, weight: Weight, host: str) -> None:
    kinds: dict[str, str] = {}

    def sent(event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme not in ("http", "https"):
            return
        if address.netloc != host:
            weight.elsewhere.append(event["request"]["url"])
        kind = KINDS.get(event.get("type", ""), "other")
        kinds[event["requestId"]] = kind
        weight.requests[kind] = weight.requests.get(kind, 0) + 1

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind is not None:
            weight.bytes[kind] = weight.bytes.get(kind, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
