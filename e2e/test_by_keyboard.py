"""A reader who has only a keyboard: every stop can be seen, and everything that matters is reached."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Come
from e2e.people import TIDE, TRAM, Commenter, Reader


@pytest.fixture
def reader(come: Come[Commenter]) -> Commenter:
    """Somebody at a desk, without a mouse."""
    return come(Commenter)


def shows_focus(page: Page) -> bool:
    """Whether what has the keyboard is drawn differently from when it has not: a ring, or an underline."""
    return page.evaluate(
        """() => {
          const element = document.activeElement;
          const look = (of) => {
            const style = getComputedStyle(of);
            return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor].join();
          };
          const around = element.closest("label, form, .search") ?? element;
          const focused = look(element) + look(around);
          element.blur();
          const plain = look(element) + look(around);
          element.focus();
          return focused !== plain;
        }"""
    )


def test_the_skip_link_leads_past_the_header(reader: Reader) -> None:
    reader.opens_article(TRAM)
    reader.presses("Tab")
    expect(reader.focused()).to_have_text("Skip to the text")
    expect(reader.focused()).to_be_in_viewport()
    reader.presses("Enter", "Tab")
    assert reader.focused().evaluate("element => Boolean(element.closest('main'))")


def test_every_stop_of_the_front_page_can_be_seen(reader: Reader) -> None:
    reader.opens("/")
    seen = 0
    for _ in range(60):
        reader.presses("Tab")
        if reader.focused().count() == 0:
            break
        assert shows_focus(reader.page), reader.focused().evaluate("element => element.outerHTML")
        seen += 1
    assert seen > 30


def test_searching_reading_and_answering(reader: Commenter) -> None:
    reader.opens("/")
    reader.tabs_to(reader.search_field)
    reader.page.keyboard.type("tram line")
    link = reader.page.get_by_role("search").get_by_role("link", name=TRAM)
    expect(link).to_be_visible()
    reader.tabs_to(link, at_most=5)
    reader.presses("Enter")
    reader.sees_headline(TRAM)

    reader.tabs_to(reader.share_bar.locator("summary"))
    reader.presses("Enter")
    expect(reader.share_bar.get_by_role("button", name="Reddit")).to_be_visible()

    question = reader.comment("which bench? asking for everybody")
    like = reader.like_button(question)
    before = int(question.get_attribute("data-like-count") or "")
    reader.tabs_to(like)
    reader.presses("Space")
    expect(question).to_have_attribute("data-like-count", str(before + 1))
    expect(like).to_be_focused()

    reader.tabs_to(question.get_by_role("link", name="Reply to gus"), at_most=5)
    reader.presses("Enter")
    expect(reader.text).to_be_focused()
    reader.page.keyboard.type("The green one.")
    reader.presses("Tab")
    expect(reader.name).to_be_focused()
    reader.page.keyboard.type("Lena")
    reader.presses("Tab")
    reader.page.keyboard.type("lena@post.example")
    reader.tabs_to(reader.form.get_by_role("button", name="Post reply"), at_most=6)
    reader.presses("Enter")
    reader.sees_waiting("The green one.")
    expect(reader.comment("The green one.")).to_be_focused()


def test_the_tabs_of_the_feed(reader: Reader) -> None:
    reader.opens_article(TIDE)
    expect(reader.feed_headlines().first).to_be_visible()
    reader.tabs_to(reader.tab("Latest"))
    reader.presses("ArrowRight", "Enter")
    expect(reader.tab("Trending")).to_have_attribute("aria-selected", "true")
    expect(reader.tab("Trending")).to_be_focused()
    reader.presses("Tab")
    reader.tabs_to(reader.feed_headlines().first, at_most=12)
    headline = reader.feed_headlines().first.inner_text()
    reader.presses("Enter")
    reader.sees_headline(headline)
