"""The newsroom sees where readers came from and how far they read, and nothing else of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from e2e.conftest import USER_AGENT, Come, Site
from e2e.people import DESK, EDITOR, PHONE, TIDE, TRAM, Moderator, Reader
from e2e.test_accessibility import problems, scrolls_sideways


@pytest.fixture(scope="module", autouse=True)
def editor_account(site: Site) -> None:
    site.make_account(EDITOR)


def row(editor: Moderator, name: str) -> Locator:
    return editor.main.get_by_role("row").filter(
        has=editor.page.get_by_role("rowheader", name=name, exact=True)
    )


def number(editor: Moderator, name: str) -> int:
    return int(row(editor, name).get_by_role("cell").first.inner_text().replace(",", ""))


def reads_to(part: Locator) -> None:
    """Scrolls until a part of the text is in the middle of the screen, and lets the browser draw."""
    part.evaluate(
        """async (element) => {
          element.scrollIntoView({ block: "center", behavior: "instant" });
          for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        }"""
    )


PUT_ASIDE = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
  delete document.visibilityState;
}"""
"""What a browser says of a page whose tab is left for another one."""


@pytest.fixture
def come_and_go(launch_browser: Callable[..., Browser], site: Site) -> Iterator[Callable[..., Reader]]:
    """`come_and_go(**PHONE)`: a reader whose browser has its name from the start. What a page sends while it is left
    bears that name, and not the one that is given to a context: the browser's own, a program's."""
    browsers = []

    def come(**how: Any) -> Reader:
        name = USER_AGENT.format(version=101 + len(browsers))
        browser = launch_browser(args=["--no-sandbox", "--disable-gpu", f"--user-agent={name}"])
        browsers.append(browser)
        return Reader(browser.new_context(base_url=site.url, **how).new_page())

    yield come
    for browser in browsers:
        browser.close()


def shows(editor: Moderator, name: str, count: int) -> None:
    """The numbers say so, at once or when what was sent at the last moment has come in."""
    for _ in range(50):
        editor.page.reload()
        if row(editor, name).count() and number(editor, name) == count:
            return
    assert number(editor, name) == count


@pytest.mark.parametrize("how", [DESK, PHONE], ids=["desk", "phone"])
def test_a_reader_comes_reads_and_leaves(
    come: Come[Moderator], come_and_go: Callable[..., Reader], how: dict[str, Any]
) -> None:
    editor, reader = come(Moderator, account=EDITOR), come_and_go(**how)
    editor.opens_article(TRAM if how is DESK else TIDE)
    path, article_id = editor.page.url, editor.article_id
    editor.signs_in(f"/desk/articles/{article_id}/numbers")
    quarter, end = number(editor, "A quarter"), number(editor, "To the end")
    expect(row(editor, "news.example")).to_have_count(0)

    with reader.page.expect_response(re.compile(rf"/articles/{article_id}/views$")) as answer:
        reader.page.goto(path, referer="https://www.news.example/search?q=a+secret")
    assert answer.value.request.post_data == "from=www.news.example", "the host and nothing more"
    blocks = reader.main.locator(".prose > *").all()
    for block in blocks[: len(blocks) // 2]:
        reads_to(block)
    reader.opens("/")
    shows(editor, "A quarter", quarter + 1)
    assert number(editor, "news.example") == 1
    assert number(editor, "To the end") == end
    expect(editor.main.get_by_role("link", name="news.example")).to_have_count(0)

    views, _ = reader.counted(article_id)

    # Comes back and reads on: the same view, which has now got farther.
    with reader.expects_answer("/views"):
        reader.page.go_back()
    for block in reader.main.locator(".prose > *").all():
        reads_to(block)
    reader.opens("/")
    shows(editor, "To the end", end + 1)
    assert (number(editor, "A quarter"), number(editor, "news.example")) == (quarter + 1, 1)
    assert reader.page.context.cookies() == []
    reader.opens(path)
    assert reader.counted()[0] == views, "all of it was one view"


def test_a_page_that_is_put_aside_says_how_far_it_was_read_and_later_farther(reader: Reader) -> None:
    with reader.expects_answer("/views"):
        reader.opens_article(TRAM)
    said: list[str | None] = []
    reader.page.on("request", lambda one: said.append(one.post_data) if one.url.endswith("/depth") else None)
    blocks = reader.main.locator(".prose > *").all()
    for block in blocks[: len(blocks) // 2]:
        reads_to(block)
    with reader.expects_answer("/depth") as answer:
        reader.page.evaluate(PUT_ASIDE)
    assert answer.value.status == 204
    reader.page.evaluate(PUT_ASIDE)
    for block in blocks:
        reads_to(block)
    with reader.expects_answer("/depth"):
        reader.page.evaluate(PUT_ASIDE)
    assert said[0] in ("reached=25", "reached=50") and said[1:] == ["reached=100"]


def test_the_next_article_on_the_same_page_is_read_for_itself(reader: Reader) -> None:
    reader.opens_article(TIDE)
    reader.brings_extras()
    reader.page.get_by_role("button", name="Go on with the next article").click()
    following = reader.page.locator("article.autoloaded").first
    address = f"/articles/{following.get_attribute('data-article-id')}"
    with reader.page.expect_response(lambda response: response.url.endswith(f"{address}/views")) as counted:
        reads_to(following.locator(".prose > p").first)
    assert counted.value.request.post_data == f"from={urlsplit(reader.page.url).netloc}".replace(":", "%3A")
    for block in following.locator(".prose > *").all():
        reads_to(block)
    with reader.page.expect_response(lambda response: response.url.endswith(f"{address}/depth")) as depth:
        reader.page.evaluate(PUT_ASIDE)
    assert (depth.value.status, depth.value.request.post_data) == (204, "reached=100")


def test_whoever_jumps_to_the_discussion_has_not_read(come: Come[Reader]) -> None:
    reader = come(Reader)
    reader.opens_article(TRAM)
    path = reader.page.url
    reader.opens("/")
    said: list[str] = []
    reader.page.on("request", lambda request: said.append(request.url) if "/depth" in request.url else None)
    with reader.expects_answer("/views"):
        reader.page.goto(f"{path}#comments")
    expect(reader.page.locator("#comments")).to_be_in_viewport()
    reader.opens("/")
    reader.opens("/how-we-count")
    expect(reader.main.get_by_role("heading", name="How far an article is read")).to_be_visible()
    assert said == []


@pytest.mark.parametrize(
    "how", [{}, {"color_scheme": "dark"}, {**PHONE, "color_scheme": "dark"}], ids=["light", "dark", "phone"]
)
def test_the_pages_are_for_everybody(come: Come[Moderator], how: dict[str, object]) -> None:
    editor = come(Moderator, account=EDITOR, **how)
    editor.signs_in("/desk/numbers")
    for path in ("/desk/numbers", "/desk/numbers?days=30", "/desk/articles/2/numbers", "/how-we-count"):
        editor.opens(path)
        if path.startswith("/desk"):
            for name in ("Where readers came from", "How far they read"):
                part = editor.main.get_by_role("region", name=name)
                expect(part.get_by_role("columnheader", name="Usual")).to_be_visible()
        assert problems(editor.page) == [], path
        assert not scrolls_sideways(editor.page), path
