"""A video in an imported article asks nothing of its site before a reader clicks it, and then plays in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import Site

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old paper</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
<item><title>How a sluice works</title><link>https://old.example/2020/05/sluice/</link><dc:creator>mara</dc:creator>
<content:encoded><![CDATA[Watch the water.

https://www.youtube.com/watch?v=abc123DEF45

That was it.]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date>2020-05-01 10:00:00</wp:post_date>
<wp:post_date_gmt>2020-05-01 10:00:00</wp:post_date_gmt><wp:post_name>sluice</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>
"""


@pytest.fixture
def may_leave_for() -> tuple[str, ...]:
    """The only other site that may be asked, and only by the click."""
    return ("https://www.youtube-nocookie.com/",)


@pytest.fixture(scope="module")
def moved_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site with one imported article in place of the demonstration."""
    file: Path = tmp_path_factory.mktemp("export") / "export.xml"
    file.write_text(EXPORT, encoding="utf-8")
    site.command("import", "wordpress", str(file), "--yes")
    return site


def test_a_video_loads_on_a_click_and_not_before(moved_site: Site, page: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<!doctype html><title>Player</title>", content_type="text/html")

    page.route(lambda url: not url.startswith(moved_site.url), answer)
    page.goto(f"{moved_site.url}/2020/05/sluice/")
    card = page.get_by_role("link", name="Watch on YouTube")
    expect(card).to_have_attribute("href", "https://www.youtube.com/watch?v=abc123DEF45")
    expect(page.locator("[data-view-count='1']").first).to_be_attached()
    assert asked == []
    card.click()
    expect(page.locator("iframe.player")).to_be_visible()
    expect(card).to_be_hidden()
    assert asked == ["https://www.youtube-nocookie.com/embed/abc123DEF45?autoplay=1&dnt=1"]
