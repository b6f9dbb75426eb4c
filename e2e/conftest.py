"""A real site for each file of journeys: the production server over the demonstration, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Request,
    Response,
    WebError,
    expect,
)
from pytest_playwright import CreateContextCallback

from e2e import programs
from e2e.people import DESK, MODERATOR, Account, Reader

ROOT = Path(__file__).resolve().parent.parent
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
"""A reader's, since the browser's own names itself headless and would not be counted."""
TIMEOUT = 15_000
"""Milliseconds that a page may take for anything: two slow cores, and other journeys beside."""
SCRIPT_AT_ONCE = "Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', { get: () => [] })"
"""Makes a browser one that can't tell when it has painted, so that the site's script is part of loading a page:
journeys are quicker than people, and would press what it has not reached. (Most browsers: test_first_paint.py.)"""
_versions = count(140)


@dataclass(frozen=True)
class Site:
    """A running site: its origin, and how to use its command line."""

    url: str
    environment: dict[str, str]

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Runs `standfirst <arguments>` on this site and gives what it printed."""
        return programs.run(programs.COMMAND, *arguments, environment=self.environment, stdin=stdin)

    def make_account(self, account: Account) -> None:
        """Lets somebody of the newsroom sign in."""
        role = ("--role", account.role)
        self.command(
            "account", "create", account.email, *role, "--password-stdin", stdin=account.password + "\n"
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(instance: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "STANDFIRST_INSTANCE": str(instance),
        "STANDFIRST_BUILD_PICTURES": "0",
        "STANDFIRST_WORK": "0",
        "STANDFIRST_COMMENT_MIN_SECONDS": "0",
        "STANDFIRST_COMMENT_FLOOD_SECONDS": "0",
    }


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the demonstration and one moderator, which each site copies."""
    instance = tmp_path_factory.mktemp("prepared")
    environment = _environment(instance, 8000)
    programs.run(programs.PREPARE, environment=environment)
    Site("", environment).make_account(MODERATOR)
    return instance


@pytest.fixture(scope="module")
def host() -> str:
    """What the site is called. A file of journeys may say otherwise."""
    return "127.0.0.1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path, host: str) -> Iterator[Site]:
    """The demonstration, served by two workers, with one moderator who can sign in."""
    port = _free_port()
    instance = tmp_path_factory.mktemp("instance")
    shutil.copytree(prepared, instance, dirs_exist_ok=True)
    url = f"http://{host}:{port}"
    environment = {**_environment(instance, port), "STANDFIRST_SITE_URL": url}
    log = tmp_path_factory.mktemp("log") / "server.txt"
    process = programs.start(programs.SERVER, environment=environment, output=log)
    site = Site(url, environment)
    try:
        _wait_until_it_answers(site.url + "/healthz", process, log)
        yield site
    finally:
        process.terminate()
        process.join(30)
        process.close()


def _wait_until_it_answers(url: str, process: programs.Process, log: Path) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        assert process.is_alive(), log.read_text()
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)  # The server's own start is what is waited for; nothing tells when it is done.
        else:
            return
    raise AssertionError(f"{url} did not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that bin/test found, without the background requests that Chromium makes by itself.

    No name but this machine's is resolved, so nothing a journey does leaves it.
    """
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
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    return arguments


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    """Where the machine has it, the form of Chromium that draws no window: journeys take two thirds of the time."""
    shell = os.environ.get("STANDFIRST_TEST_SHELL")
    browser = launch_browser(executable_path=shell) if shell else launch_browser()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_browser(launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    """The browser that readers have, for journeys in which letters or requests have to be exactly its own."""
    browser = launch_browser()
    yield browser
    browser.close()


@pytest.fixture(autouse=True, scope="session")
def _patience() -> None:
    expect.set_options(timeout=TIMEOUT)


@pytest.fixture(scope="session")
def base_url() -> str:
    """None for all: each file's journeys have a site of their own. (The plugin's fixture warns with pytest 9.)"""
    return ""


@pytest.fixture
def may_leave_for() -> tuple[str, ...]:
    """Beginnings of addresses elsewhere that a journey's pages may ask for. A file of journeys may say otherwise."""
    return ()


@pytest.fixture
def new_context(
    new_context: CreateContextCallback, site: Site, may_leave_for: tuple[str, ...]
) -> Iterator[CreateContextCallback]:
    """Each context is another visitor, by cookies and by the name of the browser.

    Whatever a page reports as wrong fails the journey: console errors, policy violations, exceptions, dialogs,
    answers of 500 and more, requests to anybody else.
    """
    troubles: list[str] = []

    def create(**arguments: Any) -> BrowserContext:
        user_agent = USER_AGENT.format(version=next(_versions))
        context = new_context(**{"base_url": site.url, "user_agent": user_agent, **DESK, **arguments})
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(SCRIPT_AT_ONCE)
        _watch(context, troubles, (site.url + "/", *may_leave_for))
        return context

    yield create
    assert troubles == []


def _watch(context: BrowserContext, troubles: list[str], known: tuple[str, ...]) -> None:
    def console(message: ConsoleMessage) -> None:
        # Chromium logs each 4xx answer and each request without a line as errors; journeys look at those themselves.
        expected = ("the server responded with a status of 4", "ERR_INTERNET_DISCONNECTED", "Failed to fetch")
        if message.type == "error" and not any(words in message.text for words in expected):
            troubles.append(f"console: {message.text} ({message.location['url']})")

    def dialog(dialog: Dialog) -> None:
        troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def request(request: Request) -> None:
        if not request.url.startswith((*known, "data:", "blob:")):
            troubles.append(f"request: {request.url}")

    def response(response: Response) -> None:
        if response.status >= 500:
            troubles.append(f"{response.status}: {response.url}")

    context.on("console", console)
    context.on("dialog", dialog)
    context.on("request", request)
    context.on("response", response)

    context.on("weberror", lambda error: troubles.extend(_exception(error)))


def _exception(error: WebError) -> list[str]:
    # A transition that the browser itself breaks off has shown all that it had to show.
    is_transition = "Transition was aborted because of invalid state" in str(error.error)
    return [] if is_transition else [f"exception: {error.error}"]


Visitor = TypeVar("Visitor", bound=Reader)
Come = Callable[..., Visitor]


@pytest.fixture
def come(new_context: CreateContextCallback) -> Come[Any]:
    """`come(Commenter, **PHONE)`: somebody new in front of a browser of their own; staff may come with an `account`."""

    def come(kind: type[Visitor], account: Account | None = None, **arguments: Any) -> Visitor:
        return kind(new_context(**arguments).new_page(), *([account] if account else []))

    return come


@pytest.fixture
def reader(come: Come[Reader]) -> Reader:
    """Somebody at a desk."""
    return come(Reader)
