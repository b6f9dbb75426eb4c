"""What a page waits for before it shows itself, in a browser as most readers have one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e.conftest import USER_AGENT, Site
from e2e.people import DESK, PHONE, TIDE, Reader

ASKED = """() => {
  const requests = performance.getEntriesByType("resource");
  const script = requests.find(({ name }) => /\\/site\\.[0-9a-f]+\\.js$/.test(name));
  return [performance.getEntriesByType("paint")[0].startTime, script.startTime];
}"""


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Reader]:
    """Somebody whose browser tells when it has painted, which other journeys' browsers do not."""
    context = browser.new_context(base_url=site.url, user_agent=USER_AGENT.format(version=137), **DESK)
    yield Reader(context.new_page())
    context.close()


def has_its_script(page: Page) -> None:
    page.wait_for_function("() => window.htmx")


def test_the_script_is_asked_for_once_the_page_is_painted(reader: Reader) -> None:
    reader.opens_article(TIDE)
    has_its_script(reader.page)
    painted, asked = reader.page.evaluate(ASKED)
    assert painted <= asked
    size = reader.page.get_by_role("button", name="Text size")
    size.click()
    expect(size).to_have_text("Text size: large")


def test_who_is_quicker_than_the_script_gets_there_as_without_one(reader: Reader) -> None:
    held: list[Route] = []
    reader.page.route("**/static/site.*.js", lambda route: held.append(route))  # noqa: PLW0108 (a built-in function takes no mark)
    reader.opens_article(TIDE)
    reader.search_field.fill("tram")
    reader.search_field.press("Enter")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("tram")
    assert held, "the script was asked for, and has not come"
    reader.page.unroute_all(behavior="ignoreErrors")
    reader.page.reload()
    has_its_script(reader.page)


def test_a_page_that_is_opened_again_has_its_script_again(reader: Reader) -> None:
    reader.opens("/category/sea/")
    has_its_script(reader.page)
    reader.main.get_by_role("heading", level=2).get_by_role("link").first.click()
    expect(reader.article).to_be_visible()
    has_its_script(reader.page)
    reader.page.go_back()
    has_its_script(reader.page)
    reader.page.reload()
    has_its_script(reader.page)


def test_a_page_is_not_laid_out_before_its_style_sheet_has_come(reader: Reader) -> None:
    page, held = reader.page, list[Route]()
    page.route("**/static/site.*.css", lambda route: held.append(route))  # noqa: PLW0108 (as above)
    page.goto("/category/sea/", wait_until="commit")
    page.wait_for_selector("footer", state="attached")
    assert page.evaluate("document.readyState") == "loading"
    held[0].continue_()
    page.wait_for_function("() => document.readyState == 'complete'")
    has_its_script(page)


def test_what_only_a_script_can_do_moves_nothing_when_it_comes(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, user_agent=USER_AGENT.format(version=137), **PHONE)
    reader, held = Reader(context.new_page()), list[Route]()
    reader.page.route("**/static/site.*.js", lambda route: held.append(route))  # noqa: PLW0108 (as above)
    reader.opens_article(TIDE)
    copy, save = (reader.share_bar.get_by_role("button", name=name) for name in ("Copy link", "Save"))
    reader.page.evaluate("() => document.fonts.ready.then(() => null)")
    before = copy.bounding_box(), save.bounding_box()
    assert all(before)
    reader.page.wait_for_function("() => document.querySelector('script[src]')")
    held[-1].continue_()
    has_its_script(reader.page)
    assert (copy.bounding_box(), save.bounding_box()) == before
    context.close()


def test_what_is_far_below_is_laid_out_when_a_reader_comes_near(reader: Reader) -> None:
    reader.opens_article(TIDE)
    shown = "() => document.querySelector('footer h2').checkVisibility({ contentVisibilityAuto: true })"
    assert not reader.page.evaluate(shown)
    reader.page.get_by_role("contentinfo").scroll_into_view_if_needed()
    reader.page.wait_for_function(shown)
