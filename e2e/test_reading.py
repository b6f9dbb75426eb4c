"""A reader opens the front page, reads an article, and looks for the next one."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from e2e.conftest import ROOT, Come, Site
from e2e.people import PHONE, TIDE, TRAM, Reader


@pytest.fixture
def on_article(reader: Reader) -> Reader:
    """A reader of the tram article, whose news feed has come."""
    reader.opens_article(TRAM)
    expect(reader.feed_headlines().first).to_have_text(TRAM)
    return reader


def headlines(links: Locator) -> list[str]:
    return [text.strip() for text in links.all_text_contents()]


def test_from_the_front_page_to_an_article(reader: Reader) -> None:
    assert reader.opens("/") == 200
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Standfirst")
    reader.main.get_by_role("heading", name=TIDE, level=2).get_by_role("link").click()
    reader.sees_headline(TIDE)
    expect(reader.page).to_have_title(re.compile(f"^{TIDE}"))
    expect(reader.article).to_contain_text("Mara Lindqvist")


def test_each_reader_is_counted_once(come: Come[Reader]) -> None:
    first, second = come(Reader), come(Reader)
    first.opens_article("Storing summer in sand")
    shown = int(first.article.get_attribute("data-view-count") or "")
    first.waits_for_views(shown + 1)
    with first.expects_answer("/views"):
        first.page.reload()
    first.sees_counted(views=shown + 1)

    second.opens_article("Storing summer in sand")
    second.waits_for_views(shown + 2)
    with second.expects_answer("/views"):
        second.page.reload()
    second.sees_counted(views=shown + 2)


def test_the_feed_comes_beside_the_article(on_article: Reader) -> None:
    reader = on_article
    expect(reader.feed).to_contain_text("You are reading this")
    expect(reader.feed_headlines()).to_have_count(13)
    assert len(set(headlines(reader.feed_headlines()))) == 13
    current = reader.feed.get_by_role("link", name=TRAM)
    expect(current).to_have_attribute("aria-current", "page")


def test_what_a_reader_points_at_is_fetched_once_and_before_the_click(on_article: Reader) -> None:
    reader = on_article
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    with reader.expects_answer("/_fragments/trending"):
        reader.tab("Trending").hover()
    expect(reader.tab("Latest")).to_have_attribute("aria-selected", "true")
    reader.tab("Trending").click()
    expect(reader.tab("Trending")).to_have_attribute("aria-selected", "true")
    assert asked.count("/_fragments/trending") == 1


def test_tabs_swap_the_list_and_nothing_else(on_article: Reader) -> None:
    reader = on_article
    latest, trending = reader.tab("Latest"), reader.tab("Trending")
    expect(latest).to_have_attribute("aria-selected", "true")
    reader.page.evaluate("document.title = 'the same document'")
    address = reader.page.url
    before = headlines(reader.feed_headlines())
    trending.click()
    expect(trending).to_have_attribute("aria-selected", "true")
    expect(latest).to_have_attribute("aria-selected", "false")
    expect(reader.feed).to_contain_text("How we count")
    assert headlines(reader.feed_headlines()) != before
    assert (reader.page.url, reader.page.title()) == (address, "the same document")
    panel = reader.page.get_by_role("tabpanel", name="Trending")
    expect(panel).to_have_count(1)
    reader.presses("ArrowLeft", "Enter")
    expect(latest).to_be_focused()
    expect(latest).to_have_attribute("aria-selected", "true")
    expect(reader.feed_headlines()).to_have_text(before)


def test_back_from_an_article_of_the_feed(on_article: Reader) -> None:
    reader = on_article
    reader.tab("Trending").click()
    expect(reader.tab("Trending")).to_have_attribute("aria-selected", "true")
    other = next(text for text in headlines(reader.feed_headlines()) if text != TRAM)
    reader.feed.get_by_role("link", name=other).click()
    reader.sees_headline(other)
    reader.page.go_back()
    reader.sees_headline(TRAM)
    selected = reader.page.get_by_role("tab", selected=True)
    expect(selected).to_have_count(1)
    # Whichever of the two stands selected after a page was kept or made anew, the list is that tab's.
    is_trending = selected.inner_text() == "Trending"
    expect(reader.feed.get_by_text(re.compile("counts half"))).to_have_count(int(is_trending))
    expect(reader.feed_headlines().first).to_be_visible()


def test_a_filter_shows_one_category(on_article: Reader) -> None:
    reader = on_article
    filters = reader.feed.get_by_role("navigation", name="Filter the feed")
    expect(filters.get_by_role("link", name="All")).to_have_attribute("aria-current", "true")
    filters.get_by_role("link", name="Energy").click()
    energy = filters.get_by_role("link", name="Energy")
    expect(energy).to_have_attribute("aria-current", "true")
    expect(energy).to_be_focused()
    items = reader.feed.get_by_role("tabpanel").get_by_role("listitem")
    expect(items.first).to_contain_text("Energy")
    assert all("Energy" in text for text in items.all_inner_texts())
    reader.tab("Trending").click()
    expect(reader.feed).to_contain_text("counts half")
    expect(filters.get_by_role("link", name="All")).to_have_attribute("aria-current", "true")


def test_load_more_adds_without_doubles_and_keeps_the_focus(reader: Reader) -> None:
    reader.opens("/latest")
    expect(reader.feed_headlines()).to_have_count(12)
    more = reader.page.get_by_role("link", name="Load more")
    more.focus()
    reader.presses("Enter")
    expect(reader.feed_headlines()).to_have_count(24)
    expect(reader.feed_headlines().nth(12)).to_be_focused()
    while more.count():
        shown = reader.feed_headlines().count()
        more.click()
        expect(reader.feed_headlines().nth(shown)).to_be_focused()
    articles = len(list((ROOT / "demonstration" / "articles").glob("*.md")))
    expect(reader.feed_headlines()).to_have_count(articles)
    assert len(set(headlines(reader.feed_headlines()))) == articles


def test_the_pager_of_related_articles(reader: Reader) -> None:
    reader.opens_article(TIDE)
    related = reader.page.get_by_role("region", name="Related articles")
    links = related.get_by_role("heading", level=3).get_by_role("link")
    first = headlines(links)
    assert 0 < len(first) <= 4
    pager = related.get_by_role("navigation", name="Related articles")
    pager.get_by_role("link", name="More like this").click()
    expect(pager.get_by_role("link", name="Back")).to_be_visible()
    assert not set(first) & set(headlines(links))
    expect(pager.locator(":focus")).to_have_count(1)
    pager.get_by_role("link", name="Back").click()
    expect(links).to_have_text(first)
    expect(pager.get_by_role("link", name="More like this")).to_be_focused()


def asked(requests: list[Request]) -> list[str]:
    return [parse_qs(urlsplit(request.url).query).get("q", [""])[0] for request in requests]


def is_live_search(request: Request) -> bool:
    return "/_fragments/search" in request.url


def test_results_while_typing(reader: Reader) -> None:
    reader.opens("/")
    requests: list[Request] = []
    reader.page.on("request", lambda request: requests.append(request) if is_live_search(request) else None)
    reader.search_field.press_sequentially("lighthouse")
    link = reader.page.get_by_role("search").get_by_role("link", name="The last keeper hands over the light")
    expect(link).to_be_visible()
    assert asked(requests)[-1] == "lighthouse"
    assert len(requests) < len("lighthouse") / 2, "it asks when the typing rests, not for each letter"
    expect(reader.page.get_by_role("search").get_by_role("status")).to_have_text(
        re.compile(r"^\d+ results?$")
    )
    link.click()
    reader.sees_headline("The last keeper hands over the light and keeps the log")


def test_the_last_words_win(reader: Reader) -> None:
    reader.opens("/")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    reader.page.route("**/_fragments/search?q=tide", hold)
    with reader.page.expect_request("**/_fragments/search?q=tide"):
        reader.search_field.fill("tide")
    reader.search_field.fill("loom")
    results = reader.page.get_by_role("search")
    expect(results.get_by_role("link", name="A loom, a laptop")).to_be_visible()
    for route in late:
        route.continue_()
    reader.page.wait_for_load_state("networkidle")
    expect(results.get_by_role("link", name="A loom, a laptop")).to_be_visible()
    expect(results.get_by_role("link", name=TIDE)).to_have_count(0)


def test_search_that_finds_nothing_and_escape(reader: Reader) -> None:
    reader.opens("/")
    reader.search_field.fill("zyzzyva")
    search = reader.page.get_by_role("search")
    expect(search.get_by_role("status")).to_have_text("No result")
    nothing = search.get_by_role("paragraph").filter(has_text="No result", visible=True)
    expect(nothing.first).to_be_visible()
    reader.search_field.fill("tram")
    expect(search.get_by_role("link", name=TRAM)).to_be_visible()
    reader.presses("Escape")
    expect(search.get_by_role("link", name=TRAM)).to_have_count(0)
    expect(reader.search_field).to_be_focused()


def test_enter_leads_to_the_page_of_results(reader: Reader) -> None:
    reader.opens("/")
    reader.search_field.fill("tram bridge")
    reader.presses("Enter")
    reader.page.wait_for_url("**/search?q=tram+bridge")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("tram bridge")
    expect(reader.results.get_by_role("link", name=TRAM)).to_be_visible()


def test_a_result_shows_where_the_word_stands(reader: Reader) -> None:
    reader.opens("/search?q=proposals")
    result = reader.results.get_by_role("article").filter(has_text="Surveyors finish the first full chart")
    expect(result.locator("mark")).to_have_text("Proposals")
    expect(result.get_by_role("paragraph").filter(has=reader.page.locator("mark"))).to_contain_text(
        "may be handed in at the counter"
    )


def test_what_is_trending_stands_beside_a_category(reader: Reader) -> None:
    reader.opens("/category/sea/")
    expect(reader.tab("Trending")).to_have_attribute("aria-selected", "true")
    filters = reader.feed.get_by_role("navigation", name="Filter the feed")
    expect(filters.get_by_role("link", name="Sea")).to_have_attribute("aria-current", "true")
    expect(reader.feed).to_contain_text("counts half")
    in_list = headlines(reader.page.get_by_role("list", name="Articles").get_by_role("heading", level=2))
    assert set(headlines(reader.feed_headlines())) <= set(in_list)
    filters.get_by_role("link", name="All").click()
    expect(reader.feed_headlines().filter(has_text="One district, four thousand heat pumps")).to_be_visible()
    reader.tab("Latest").click()
    expect(reader.feed_headlines().first).to_be_visible()
    assert reader.page.url.endswith("/category/sea/")


def test_the_menu_of_a_phone_by_keyboard(come: Come[Reader]) -> None:
    reader = come(Reader, **PHONE)
    reader.opens_article(TRAM)
    button = reader.page.get_by_role("button", name="Menu", exact=True)
    button.focus()
    reader.presses("Enter")
    close = reader.menu.get_by_role("button", name="Close the menu")
    expect(close).to_be_focused()
    expect(reader.menu.get_by_role("link", name="Harbours")).to_be_visible()
    reader.presses("Escape")
    expect(reader.menu).to_be_hidden()
    expect(button).to_be_focused()
    reader.presses("Enter")
    expect(close).to_be_focused()
    reader.tabs_to(reader.menu.get_by_role("link", name="Harbours"), at_most=10)
    reader.presses("Enter")
    reader.sees_headline("Harbours")


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def test_dark_stays_without_a_flash(reader: Reader) -> None:
    reader.opens("/")
    light = background(reader.page)
    switch = reader.page.get_by_role("button", name="Dark")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    dark = background(reader.page)
    assert dark != light
    # The theme as it is when the first element of the body comes, before anything is painted.
    reader.page.add_init_script(
        """new MutationObserver((_, watcher) => {
            if (!document.body) return;
            window.themeAtFirst = document.documentElement.dataset.theme;
            watcher.disconnect();
        }).observe(document, { childList: true, subtree: true });"""
    )
    reader.opens_article(TRAM)
    assert reader.page.evaluate("window.themeAtFirst") == "dark"
    assert background(reader.page) == dark
    switch.click()
    assert background(reader.page) == light


def test_a_dismissed_card_stays_away(reader: Reader) -> None:
    reader.opens_article(TRAM)
    card = reader.page.get_by_role("complementary", name="Next article")
    expect(card.get_by_role("link")).to_be_visible()
    card.get_by_role("button", name="Do not suggest the next article").click()
    expect(card).to_be_hidden()
    reader.opens_article(TIDE)
    expect(card).to_be_hidden()


def test_times_go_on_while_a_page_is_open(reader: Reader) -> None:
    reader.page.clock.install()
    reader.opens("/")
    time = reader.main.get_by_role("article").first.get_by_role("time")
    before = re.fullmatch(r"(\d+) hours? ago", time.inner_text())
    assert before
    reader.page.clock.fast_forward("02:00:00")
    expect(time).to_have_text(f"{int(before[1]) + 2} hours ago")


def test_a_page_that_is_not_there(reader: Reader, site: Site) -> None:
    assert reader.opens("/2020/01/never-written/") == 404
    expect(reader.page.get_by_role("heading", level=1)).to_be_visible()
    reader.main.get_by_role("link", name="Front page").click()
    expect(reader.page).to_have_url(site.url + "/")
