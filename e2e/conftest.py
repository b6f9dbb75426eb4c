"""A real site for each file of journeys: the production server over the demonstration, in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parent.parent
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""A reader's, since the browser's own names itself headless and would not be counted."""
STAFF_EMAIL, STAFF_PASSWORD = "ines@desk.example", "eleven kettles on a string"


@dataclass(frozen=True)
class Site:
    """A running site: its origin, and how to use its command line."""

    url: str
    environment: dict[str, str]

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Runs `standfirst <arguments>` on this site and gives what it printed."""
        command = [sys.executable, "-m", "webapp", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, input=stdin, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served by two workers, with one moderator who can sign in."""
    port = _free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "STANDFIRST_INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "STANDFIRST_COMMENT_MIN_SECONDS": "0",
        "STANDFIRST_COMMENT_FLOOD_SECONDS": "0",
    }
    log = tmp_path_factory.mktemp("log") / "server.txt"
    with log.open("w") as output:
        command = [sys.executable, "-m", "webapp.serving"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        site = Site(f"http://127.0.0.1:{port}", environment)
        try:
            _wait_until_it_answers(site.url + "/healthz", process, log)
            site.command(
                "account",
                "create",
                STAFF_EMAIL,
                "--role",
                "moderator",
                "--password-stdin",
                stdin=STAFF_PASSWORD + "\n",
            )
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)  # The server's own start is what is waited for; nothing tells when it is done.
        else:
            return
    raise AssertionError(f"{url} did not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that bin/test found, without the background requests that Chromium makes by itself."""
    arguments = {**browser_type_launch_args}
    if path := os.environ.get("STANDFIRST_TEST_BROWSER"):
        arguments["executable_path"] = path
    arguments["args"] = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return arguments


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], site: Site) -> dict[str, Any]:
    viewport = {"width": 1280, "height": 900}
    return {**browser_context_args, "base_url": site.url, "user_agent": USER_AGENT, "viewport": viewport}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """Whatever a page reports as wrong fails the journey: console errors, policy violations, exceptions, dialogs."""
    troubles: list[str] = []
    context.on("page", lambda page: _watch(page, troubles))
    context.set_default_timeout(10_000)
    yield context
    assert troubles == []


def _watch(page: Page, troubles: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        # Chromium logs each 4xx answer as an error; those are looked at by the journeys themselves.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            troubles.append(f"{page.url}: {message.text}")

    page.on("console", console)
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on(
        "dialog", lambda dialog: (troubles.append(f"{page.url}: dialog {dialog.message}"), dialog.dismiss())
    )
