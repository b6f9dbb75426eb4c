"""The pages where reading is different: letters of twice the size, paper, another script, colours of one's own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from e2e.conftest import Come, Site
from e2e.people import TIDE, Account, Moderator, Reader
from e2e.test_accessibility import scrolls_sideways, see_everything

LONG = "/2026/11/one-district-four-thousand-heat-pumps-and-a-single-cold-night/"
PUBLIC = (
    "/",
    LONG,
    "/category/sea/",
    "/search?q=tide",
    "/contact",
    "/newsletter",
    "/archive",
    "/bookmarks",
    "/none",
)
DESK = (
    "/desk/articles", "/desk/media", "/desk/numbers", "/desk/newsletter", "/desk/menus", "/moderation",
    "/moderation/rules",
)  # fmt: skip
ADMIN = Account("wim@desk.example", "seven wells under the mill", "admin")


@pytest.fixture(scope="module")
def admin(site: Site) -> Account:
    site.make_account(ADMIN)
    return ADMIN


@pytest.fixture
def large_letters(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], site: Site, tmp_path: Path
) -> Iterator[Page]:
    """A phone whose browser is told to begin with 32 pixels where others have 16. (A preference is of a profile.)"""
    (tmp_path / "Default").mkdir()
    preferences = {"webkit": {"webprefs": {"default_font_size": 32}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences), encoding="utf-8")
    context = browser_type.launch_persistent_context(
        tmp_path, base_url=site.url, viewport={"width": 390, "height": 844}, **browser_type_launch_args
    )
    yield context.new_page()
    context.close()


def test_nothing_leaves_the_page_with_letters_of_twice_the_size(large_letters: Page) -> None:
    page = large_letters
    for path in PUBLIC:
        page.goto(path)
        see_everything(page)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
        assert not scrolls_sideways(page), path
    for named in ("Saved", "Menu"):
        assert (
            page.get_by_role("link", name=named)
            .or_(page.get_by_role("button", name=named))
            .first.is_visible()
        )


def test_nothing_leaves_the_desk_with_letters_of_twice_the_size(large_letters: Page, admin: Account) -> None:
    Moderator(large_letters, admin).signs_in()
    for path in DESK:
        answer = large_letters.goto(path)
        assert answer
        assert answer.status == 200, path
        see_everything(large_letters)
        assert not scrolls_sideways(large_letters), path


def test_an_article_on_paper(come: Come[Reader], site: Site) -> None:
    reader = come(Reader, color_scheme="dark")
    page = reader.page
    reader.opens(LONG)
    page.emulate_media(media="print")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    lightness = page.evaluate(f"{background}.match(/[\\d.]+/)[0]")
    assert float(lightness) > 0.9, page.evaluate(background)  # oklch(0.988 …), whatever the screen has
    for gone in ("Main menu", "Service"):
        expect(page.get_by_role("navigation", name=gone)).to_have_count(0)
    for selector in (".share-bar", ".thumb-bar", ".feed", "#reply", ".comment-acts", ".strip", ".search-box"):
        expect(page.locator(selector).first).not_to_be_visible()
    expect(page.get_by_text(site.url + LONG, exact=True)).to_be_visible()
    expect(page.locator(".comment-text").first).to_be_visible()


def test_the_addresses_of_links_are_on_paper(come: Come[Reader]) -> None:
    reader = come(Reader)
    reader.opens(LONG)
    reader.page.evaluate(
        """document.querySelector('.prose p').innerHTML = '<ul><li><a id="tides" href="https://tides.example/x">Tides</a></li></ul>'"""
    )
    written = "getComputedStyle(document.querySelector('#tides'), '::after').content"
    assert reader.page.evaluate(written) == "none"
    reader.page.emulate_media(media="print")
    assert "https://tides.example/x" in reader.page.evaluate(written)


def test_another_script_is_read_in_its_own_direction(come: Come[Reader], site: Site) -> None:
    reader = come(Reader)
    reader.opens_article(TIDE)
    path = reader.page.evaluate("location.pathname")
    headline, words = "رحلة الماء من الجبل إلى البحر", "نص قصير عن الأنهار، وعن الجسور التي تعبرها."
    with closing(
        sqlite3.connect(Path(site.environment["STANDFIRST_INSTANCE"]) / "standfirst.sqlite")
    ) as base:
        changed = (headline, words, f"<p>{words}</p>", reader.article_id)
        base.execute("UPDATE article SET headline = ?, standfirst = ?, body_html = ? WHERE id = ?", changed)
        base.execute(
            "UPDATE comment SET name = ?, body_html = ? WHERE article_id = ?", (words[:8], *changed[2:])
        )
        base.commit()
    site.command("cache", "clear")
    reader.opens(path)
    reader.sees_headline(headline)
    for selector in ("h1", ".standfirst", ".prose p", ".comment-text p"):
        text = reader.page.locator(selector).first
        assert text.evaluate(HANGS) == "right", selector
    # The short line above the standfirst begins where the words do.
    assert reader.page.locator(".standfirst").evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert not scrolls_sideways(reader.page)
    reader.opens("/")
    in_list = reader.main.get_by_role("link", name=headline).first
    assert (
        in_list.locator("xpath=ancestor-or-self::*[contains(@class,'headline')][1]").evaluate(HANGS)
        == "right"
    )
    english = reader.main.locator(".headline", has_text="tram line").first
    assert english.evaluate(HANGS) == "left"


HANGS = """(element) => {
  const lines = document.createRange();
  lines.selectNodeContents(element);
  const [line, box] = [lines.getClientRects()[lines.getClientRects().length - 1], element.getBoundingClientRect()];
  return box.right - line.right < line.left - box.left ? "right" : "left";
}"""
"""At which edge the last line of an element begins."""


def test_the_chosen_tab_is_seen_with_forced_colours(come: Come[Reader]) -> None:
    reader = come(Reader, forced_colors="active")
    reader.opens(LONG)
    colour = "(tab) => getComputedStyle(tab).borderBlockEndColor"
    chosen, other = (reader.feed.get_by_role("tab", name=name) for name in ("Latest", "Trending"))
    ground = reader.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert other.evaluate(colour) == ground
    assert chosen.evaluate(colour) != ground


SCHEMES = ("light", "dark")
SOFT = {
    "/": (".meta", ".rail li"),
    LONG: (".comment-time", ".thread + .thread"),
    "/moderation": (".queue-who", ".queue-row"),
    "/desk/articles": (".article-row .soft", ".article-row"),
}
"""What is quiet on a page: a line of text, and a hairline."""
STANDS_OUT = """(element, line) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  const lightness = (colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const parts = [...pen.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const style = getComputedStyle(element);
  const hairline = parseFloat(style.borderBlockEndWidth) ? style.borderBlockEndColor : style.borderBlockStartColor;
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  const [low, high] = [line ? hairline : style.color, ground].map(lightness).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""
"""The contrast of an element's letters, or of its hairline, on the page's ground."""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_quiet_stands_out_for_whoever_asks_for_contrast(
    come: Come[Moderator], admin: Account, scheme: str
) -> None:
    staff = come(Moderator, admin, contrast="more", color_scheme=scheme)
    staff.signs_in()
    for path, (words, line) in SOFT.items():
        staff.opens(path)
        see_everything(staff.page)
        assert staff.page.locator(words).first.evaluate(STANDS_OUT, False) >= 9, path
        assert staff.page.locator(line).first.evaluate(STANDS_OUT, True) >= 3, path


MOVES = """() => [...document.querySelectorAll("*")].flatMap((element) => [null, "::before", "::after"]
  .map((part) => [element.className || element.tagName, getComputedStyle(element, part)])
  .filter(([, style]) => style.animationName !== "none" || style.transitionDuration !== "0s"
    || style.scrollBehavior === "smooth")
  .map(([name]) => String(name)))"""
"""What would move by itself, or take its time."""


def test_nothing_moves_for_whoever_wants_no_motion(come: Come[Moderator], admin: Account) -> None:
    staff = come(Moderator, admin, reduced_motion="reduce")
    staff.signs_in()
    for path in SOFT:
        staff.opens(path)
        assert staff.page.evaluate(MOVES) == [], path


def test_without_motion_no_line_pretends_that_all_is_read(come: Come[Reader]) -> None:
    line = "getComputedStyle(document.body, '::before').content"
    moving, still = come(Reader), come(Reader, reduced_motion="reduce")
    for reader in (moving, still):
        reader.opens(LONG)
    assert moving.page.evaluate(line) == '""'
    assert still.page.evaluate(line) == "none"


def test_without_motion_the_sign_of_waiting_waits_as_well(come: Come[Reader]) -> None:
    reader = come(Reader, reduced_motion="reduce")
    reader.opens("/latest")
    more = reader.page.locator(".load-more").first
    more.evaluate("link => link.classList.add('htmx-request')")
    style = "link => [getComputedStyle(link).transitionDuration, getComputedStyle(link).transitionDelay]"
    assert more.evaluate(style) == ["0s", "0.15s"]
