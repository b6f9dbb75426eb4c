"""axe finds nothing on any page, in any of its states, and no page scrolls sideways on the narrowest phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.conftest import Come, Site
from e2e.people import PHONE, TIDE, TRAM, Commenter, Moderator, Reader

SCRIPT = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}
PAGES = {
    "front page": "/",
    "latest": "/latest",
    "latest of a category": "/latest?category=energy",
    "trending": "/trending",
    "category": "/category/sea/",
    "tag": "/tag/tides/",
    "author": "/author/mara-lindqvist/",
    "month": "/2026/11/",
    "archive": "/archive",
    "search": "/search?q=tide",
    "search without result": "/search?q=zyzzyva",
    "empty search": "/search",
    "a page with a long table": "/places/",
    "saved articles": "/bookmarks",
    "no connection": "/offline",
    "about": "/about/",
    "how we count": "/how-we-count",
    "how we moderate": "/how-we-moderate",
    "your data": "/privacy",
    "sign in": "/sign-in",
    "write to us": "/write-to-us",
    "forgotten password": "/sign-in/forgotten",
    "not found": "/2020/01/never-written/",
}
DARK = {"color_scheme": "dark"}


def problems(page: Page) -> list[str]:
    """What axe finds, as lines: the rule, and where.

    A bar that stays in view covers a part of what scrolls below it, wherever it happens to stand; what is found only
    at one place of the page is no fault.
    """
    page.wait_for_load_state("networkidle")
    see_everything(page)
    found = judged(page)
    if found:
        page.mouse.wheel(0, 61)
        page.evaluate("new Promise(requestAnimationFrame)")
        again = {line[:150] for line in judged(page)}
        found = [line for line in found if line[:150] in again or not line.startswith("target-size")]
    return found


def see_everything(page: Page) -> None:
    """Goes down the page and back, so that what is laid out late has the size that a reader would find."""
    page.evaluate(
        """async () => {
          const at = scrollY;
          for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
            scrollTo({ top: y, behavior: "instant" });
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          }
          scrollTo({ top: at, behavior: "instant" });
        }"""
    )
    page.wait_for_load_state("networkidle")


def judged(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    # Of what passes only one element is named, and nothing of it leaves the browser: writing all of it down took longer
    # than looking.
    return page.evaluate(
        """async (rules) => {
          const found = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
          return found.violations.flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${(node.failureSummary ?? "").slice(0, 200)}`));
        }""",
        RULES,
    )


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("how", [{}, DARK, NARROW], ids=["desk", "dark", "narrow"])
def test_every_page(come: Come[Reader], how: dict[str, object]) -> None:
    reader = come(Reader, **how)
    for name, path in PAGES.items():
        reader.opens(path)
        assert problems(reader.page) == [], name
        assert not scrolls_sideways(reader.page), name


@pytest.mark.parametrize("how", [{}, DARK, NARROW], ids=["desk", "dark", "narrow"])
@pytest.mark.parametrize("headline", [TRAM, TIDE], ids=["tram", "tide"])
def test_articles(come: Come[Reader], how: dict[str, object], headline: str) -> None:
    reader = come(Reader, **how)
    reader.opens_article(headline)
    # Down to the end once, so that everything that comes late is there.
    reader.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert problems(reader.page) == []
    assert not scrolls_sideways(reader.page)
    like = reader.page.locator("[data-like]").first.get_attribute("href")
    reader.opens(like or "")
    assert problems(reader.page) == []


@pytest.mark.parametrize("how", [{}, PHONE], ids=["desk", "phone"])
def test_states_of_an_article(come: Come[Commenter], how: dict[str, object]) -> None:
    commenter = come(Commenter, **how)
    commenter.opens_article(TRAM)
    steps: dict[str, Callable[[], object]] = {
        "more networks": lambda: commenter.share_bar.locator("summary").click(),
        "trending tab": lambda: commenter.tab("Trending").click(),
        "reply form": lambda: commenter.answers(commenter.comment("which bench? asking for everybody")),
        "errors": commenter.hands_in,
        "posted and held": lambda: commenter.posts(
            f"Under the eye of axe, {len(how)}.", "Ada", "ada@post.example"
        ),
        "newest first": lambda: commenter.page.get_by_role("link", name="Newest").click(),
    }
    for name, step in steps.items():
        step()
        assert problems(commenter.page) == [], name
        assert not scrolls_sideways(commenter.page), name


def test_a_picture_in_full_size_and_larger_text(come: Come[Reader]) -> None:
    reader = come(Reader)
    reader.opens_article(TIDE)
    for _ in range(3):
        reader.page.get_by_role("button", name=re.compile("^Text size")).click()
    assert problems(reader.page) == []
    assert not scrolls_sideways(reader.page)
    reader.main.get_by_role("button", name=re.compile("^Enlarge")).first.click()
    expect(reader.page.get_by_role("dialog", name="Picture")).to_be_visible()
    assert problems(reader.page) == []


def test_the_menu_and_the_live_search(come: Come[Reader]) -> None:
    reader = come(Reader, **PHONE)
    reader.opens("/")
    reader.page.get_by_role("button", name="Menu", exact=True).click()
    expect(reader.menu).to_be_visible()
    assert problems(reader.page) == []
    desk = come(Reader)
    desk.opens("/")
    desk.search_field.fill("tide")
    expect(desk.page.get_by_role("search").get_by_role("link", name=TIDE)).to_be_visible()
    assert problems(desk.page) == []
    desk.search_field.fill("zyzzyva")
    expect(desk.page.get_by_role("search").get_by_role("status")).to_have_text("No result")
    assert problems(desk.page) == []


@pytest.mark.parametrize("how", [{}, DARK, PHONE], ids=["desk", "dark", "phone"])
def test_the_newsroom(come: Come[Moderator], how: dict[str, object]) -> None:
    moderator = come(Moderator, **how)
    moderator.opens("/moderation")
    moderator.page.get_by_label("E-mail").fill("nobody@desk.example")
    moderator.page.get_by_label("Password").fill("wrong")
    moderator.presses("Enter")
    expect(moderator.page.get_by_role("alert")).to_be_visible()
    assert problems(moderator.page) == [], "sign-in with an error"
    moderator.signs_in()
    for path in (
        "/moderation",
        "/moderation?status=approved",
        "/moderation?q=zyzzyva",
        "/moderation/log",
        "/moderation/rules",
        "/moderation/numbers",
    ):
        moderator.opens(path)
        assert problems(moderator.page) == [], path
        assert not scrolls_sideways(moderator.page), path


def test_the_queue_in_use(come: Come[Moderator]) -> None:
    moderator = come(Moderator)
    moderator.signs_in()
    moderator.presses("j", "x")
    expect(moderator.page.get_by_role("form", name="Ticked comments")).to_be_visible()
    assert problems(moderator.page) == [], "ticked"
    moderator.presses("x", "?")
    expect(moderator.keys).to_be_visible()
    assert problems(moderator.page) == [], "keys"
    moderator.presses("Escape", "t")
    moderator.sees_note("Trashed")
    assert problems(moderator.page) == [], "decided"
    moderator.presses("u")
    moderator.sees_note("Taken back")


def test_fingers_find_everything_on_a_phone(come: Come[Reader], site: Site) -> None:
    reader = come(Reader, **PHONE)
    for path in ("/", "/category/sea/", "/search?q=tide", "/sign-in"):
        reader.opens(path)
        assert too_small(reader.page) == [], path
    reader.opens_article(TRAM)
    assert too_small(reader.page) == []


def too_small(page: Page) -> list[str]:
    """Controls under 24 by 24 pixels, links inside running text left out (WCAG 2.5.8)."""
    page.wait_for_load_state("networkidle")
    return page.evaluate(
        """() => {
          const inText = "p, .prose, .honeypot, .skip-link, .visually-hidden, h1, h2, h3, h4, figcaption, dd";
          return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, textarea")]
            .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
            .filter((element) => !element.closest(inText))
            .map((element) => [element, (element.closest("label") ?? element).getBoundingClientRect()])
            .filter(([, box]) => box.width && box.height && (box.width < 23.5 || box.height < 23.5))
            .map(([element, box]) => `${element.outerHTML.slice(0, 120)} ${box.width}x${box.height}`);
        }"""
    )


def test_the_bar_for_the_thumb_gives_way_to_a_keyboard(come: Come[Commenter]) -> None:
    commenter = come(Commenter, **PHONE)
    commenter.opens_article(TRAM)
    bar = commenter.page.locator(".thumb-bar")
    expect(bar).to_be_visible()
    commenter.text.focus()
    expect(bar).to_be_hidden()
