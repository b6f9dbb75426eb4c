"""What a reader may add to an article, each thing kept in the browser only."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from e2e.conftest import SCRIPT_AT_ONCE, USER_AGENT, Come, Site
from e2e.people import DESK, PHONE, TIDE, TRAM, WITHOUT_SCRIPT, Reader


@pytest.fixture
def on_article(reader: Reader) -> Reader:
    reader.opens_article(TIDE)
    return reader


def test_saved_articles(on_article: Reader, site: Site) -> None:
    reader = on_article
    save = reader.share_bar.get_by_role("button", name="Save")
    expect(save).to_have_attribute("aria-pressed", "false")
    save.click()
    saved = reader.share_bar.get_by_role("button", name="Saved")
    expect(saved).to_have_attribute("aria-pressed", "true")
    expect(reader.share_bar.get_by_role("status")).to_have_text("Saved in this browser.")
    assert reader.page.context.cookies() == []
    reader.page.reload()
    expect(saved).to_have_attribute("aria-pressed", "true")

    reader.page.get_by_role("link", name="Saved").click()
    reader.sees_headline("Saved articles")
    link = reader.main.get_by_role("link", name=TIDE)
    expect(link).to_be_visible()
    reader.main.get_by_role("button", name=f"Remove: {TIDE}").click()
    expect(link).to_have_count(0)
    expect(reader.main.get_by_text("Nothing is saved yet.")).to_be_visible()


def test_saved_in_one_tab_shows_in_another(on_article: Reader) -> None:
    list_page = on_article.page.context.new_page()
    list_page.goto("/bookmarks")
    on_article.share_bar.get_by_role("button", name="Save").click()
    expect(list_page.get_by_role("main").get_by_role("link", name=TIDE)).to_be_visible()


@pytest.mark.parametrize(
    "kept", ["not json", '{"a":1}', '[{"url":"javascript:alert(1)","headline":"x"}]', "[null]"]
)
def test_a_spoilt_list_harms_nothing(come: Come[Reader], kept: str) -> None:
    reader = come(Reader)
    reader.opens("/bookmarks")
    reader.page.evaluate("text => localStorage.setItem('bookmarks', text)", kept)
    reader.page.reload()
    expect(reader.main.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(reader.main.get_by_role("listitem")).to_have_count(0)


def test_saving_without_a_script_says_why_not(come: Come[Reader]) -> None:
    reader = come(Reader, **WITHOUT_SCRIPT)
    reader.opens("/bookmarks")
    expect(reader.main.get_by_text("Saving needs JavaScript")).to_be_visible()
    reader.opens_article(TIDE)
    expect(reader.page.get_by_role("button", name="Save")).to_be_hidden()


def font_size(page: Page) -> float:
    return page.evaluate("parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)")


def test_larger_text_stays_from_the_first_paint_on(on_article: Reader) -> None:
    reader = on_article
    button = reader.page.get_by_role("button", name=re.compile("^Text size"))
    before = font_size(reader.page)
    button.click()
    expect(button).to_have_text("Text size: large")
    large = font_size(reader.page)
    assert large > before * 1.1
    reader.page.add_init_script(
        """new MutationObserver((_, watcher) => {
            if (!document.body) return;
            window.sizeAtFirst = document.documentElement.dataset.textSize;
            watcher.disconnect();
        }).observe(document, { childList: true, subtree: true });"""
    )
    reader.opens_article(TRAM)
    assert reader.page.evaluate("window.sizeAtFirst") == "1"
    assert font_size(reader.page) == large
    for _ in range(3):
        button.click()
    expect(button).to_have_text("Text size: normal")
    assert font_size(reader.page) == before


def test_the_line_that_shows_how_far_one_has_read(on_article: Reader) -> None:
    def drawn() -> float:
        matrix = on_article.page.evaluate("getComputedStyle(document.body, '::before').transform")
        return 1.0 if matrix == "none" else float(matrix.removeprefix("matrix(").split(",")[0])

    assert drawn() < 0.05
    on_article.page.evaluate("document.querySelector('.share-block').scrollIntoView({ block: 'center' })")
    on_article.page.wait_for_function(
        "() => parseFloat(getComputedStyle(document.body, '::before').transform.slice(7)) > 0.9"
    )


def test_a_link_to_a_heading(come: Come[Reader]) -> None:
    reader = come(Reader, permissions=["clipboard-read", "clipboard-write"])
    reader.opens_article(TIDE)
    reader.brings_extras()
    heading = (
        reader.main.get_by_role("heading", level=2).filter(has=reader.page.locator(".heading-link")).first
    )
    button = heading.get_by_role("button")
    expect(button).to_have_accessible_name(re.compile("^Copy the link to: "))
    button.focus()
    reader.presses("Enter")
    expect(reader.share_bar.get_by_role("status")).to_have_text("Link copied.")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("#" + (heading.get_attribute("id") or "?"))
    assert reader.page.url.endswith(copied.rpartition("/")[2])


def test_pictures_in_full_size_by_keyboard(on_article: Reader) -> None:
    reader = on_article
    reader.brings_extras()
    first = reader.main.get_by_role("button", name=re.compile("^Enlarge")).first
    first.focus()
    reader.presses("Enter")
    dialog = reader.page.get_by_role("dialog", name="Picture")
    expect(dialog).to_be_visible()
    words = dialog.get_by_role("status")
    expect(words).to_contain_text("1 of 2.")
    reader.presses("ArrowRight")
    expect(words).to_contain_text("2 of 2.")
    reader.presses("ArrowRight")
    expect(words).to_contain_text("1 of 2.")
    reader.presses("Escape")
    expect(dialog).to_be_hidden()
    expect(first).to_be_focused()


@pytest.fixture
def goes_on(reader: Reader) -> Reader:
    """A reader of the tide article who has asked for the next one at its end."""
    reader.opens_article(TIDE)
    reader.brings_extras()
    button = reader.page.get_by_role("button", name="Go on with the next article")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    return reader


def test_the_next_article_comes_for_those_who_asked(goes_on: Reader) -> None:
    reader = goes_on
    counted: list[Request] = []
    reader.page.on("request", lambda request: counted.append(request) if "/views" in request.url else None)
    own = reader.page.url
    following = reader.page.locator("article.autoloaded").first
    expect(following).to_be_visible()
    expect(reader.page.get_by_role("heading", level=1)).to_have_count(1)
    following.locator("h2").first.evaluate("element => element.scrollIntoView()")
    link = following.locator("h2 a").first
    reader.page.wait_for_url("**" + (link.get_attribute("href") or ""))
    expect(reader.page).to_have_title(re.compile(re.escape(link.inner_text())))
    ids = reader.page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    reader.page.evaluate("window.scrollTo(0, 0)")
    reader.page.wait_for_url(own)
    expect(reader.page).to_have_title(re.compile(f"^{TIDE}"))
    assert counted == [], "a glance is no view"


def test_the_foot_of_the_page_stays_within_reach(goes_on: Reader) -> None:
    reader = goes_on
    articles = reader.page.locator("article.autoloaded")
    for number in (1, 2):
        expect(articles).to_have_count(number)
        reader.page.locator("[data-autoload]").scroll_into_view_if_needed()
    reader.page.get_by_role("contentinfo").scroll_into_view_if_needed()
    expect(reader.page.get_by_role("contentinfo")).to_be_in_viewport()
    expect(articles).to_have_count(2)


def test_nothing_comes_for_those_who_did_not_ask(on_article: Reader) -> None:
    on_article.brings_extras()
    on_article.page.locator("[data-autoload]").scroll_into_view_if_needed()
    on_article.page.wait_for_load_state("networkidle")
    expect(on_article.page.locator("article.autoloaded")).to_have_count(0)


def test_all_of_it_on_a_phone(come: Come[Reader]) -> None:
    reader = come(Reader, **PHONE)
    reader.opens_article(TIDE)
    for button in (
        reader.share_bar.get_by_role("button", name="Save"),
        reader.page.get_by_role("button", name="Text size"),
    ):
        expect(button).to_be_visible()
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44


def test_a_saved_article_can_be_read_without_network(browser: Browser, site: Site) -> None:
    # Not watched for errors as the others are: each thing that is not kept fails here, as it must.
    context = browser.new_context(base_url=site.url, user_agent=USER_AGENT.format(version=139), **DESK)
    context.add_init_script(SCRIPT_AT_ONCE)
    reader = Reader(context.new_page())
    reader.opens_article(TIDE)
    address = reader.page.url
    reader.share_bar.get_by_role("button", name="Save").click()
    reader.page.wait_for_function(
        """async () => {
          const worker = await navigator.serviceWorker.ready;
          const saved = await caches.open("saved");
          return worker.active.state === "activated" && (await saved.keys()).length === 1;
        }"""
    )
    reader.page.reload()
    context.set_offline(True)
    reader.page.goto(address)
    reader.sees_headline(TIDE)
    reader.page.goto("/category/sea/")
    reader.sees_headline("No connection")
    reader.main.get_by_role("link", name=TIDE).click()
    reader.sees_headline(TIDE)
    context.close()


def test_who_saves_nothing_has_no_worker(on_article: Reader) -> None:
    on_article.brings_extras()
    on_article.page.wait_for_load_state("networkidle")
    assert (
        on_article.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )


SUNFLOWER = "The sunflower that counts without numbers"


def test_a_footnote_stands_beside_its_line_where_there_is_room(come: Come[Reader]) -> None:
    reader = come(Reader, **DESK)
    reader.opens_article(SUNFLOWER)
    reader.brings_extras()
    beside = reader.page.locator(".margin-note")
    expect(beside).to_contain_text("The whole turn divided by the square of the golden ratio")
    # The text moves while its pictures come; the note goes with it.
    reader.page.wait_for_function(
        """() => {
          const mark = document.querySelector(".prose sup a").closest("p").getBoundingClientRect();
          const box = document.querySelector(".margin-note").getBoundingClientRect();
          return Math.abs(box.top - mark.top) < 20 && mark.left > box.right;
        }"""
    )
    reader.page.set_viewport_size({"width": 390, "height": 800})
    expect(beside).to_have_count(0)
    reader.page.get_by_role("article").get_by_role("link", name="1", exact=True).first.click()
    expect(reader.page.locator("#a-note-1")).to_be_in_viewport()


def test_a_long_table_is_sorted_by_its_heads(come: Come[Reader]) -> None:
    reader = come(Reader)
    reader.opens("/places/")
    reader.brings_extras()
    table = reader.main.get_by_role("table")
    first = table.get_by_role("row").nth(1)
    before = first.inner_text()
    height = table.get_by_role("columnheader", name="Metres above the sea")
    button = height.get_by_role("button")
    button.click()
    expect(height).to_have_attribute("aria-sort", "ascending")
    expect(first).to_contain_text("The Skerrow shelf")
    button.press("Enter")
    expect(height).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("Saddle Fell")
    table.get_by_role("button", name="People").click()
    table.get_by_role("button", name="People").click()
    expect(first).to_contain_text("190,000")
    expect(height).not_to_have_attribute("aria-sort", re.compile("."))
    table.get_by_role("button", name="Place").click()
    assert first.inner_text() == before


def test_a_short_table_stays_as_it_is(come: Come[Reader]) -> None:
    reader = come(Reader)
    reader.opens_article(SUNFLOWER)
    reader.brings_extras()
    expect(reader.page.locator(".heading-link").first).to_be_attached()
    expect(reader.main.get_by_role("table").get_by_role("button")).to_have_count(0)
