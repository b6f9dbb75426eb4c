"""How a front page is put together, and what a text is made ready with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.models import Article, Category
from webapp.reading import rules


def category(number: int) -> Category:
    return Category(id=number, name=f"Section {number}", slug=f"section-{number}", path=f"section-{number}")


def article(number: int, *categories: Category) -> Article:
    published = datetime(2026, 12, 4, tzinfo=UTC) - timedelta(hours=number)
    made = Article(id=number, headline=f"Article {number}", excerpt="", published_at=published)
    made.categories = list(categories)
    return made


def ids(articles: list[Article]) -> list[int]:
    return [one.id for one in articles]


def test_an_empty_site_has_an_empty_front() -> None:
    front = rules.compose_front([], [(category(1), [])], {})
    assert (front.lead, front.seconds, front.rail, front.sections) == (None, [], [], [])


def test_one_article_leads_and_nothing_repeats_it() -> None:
    sea = category(1)
    only = article(1, sea)
    front = rules.compose_front([only], [(sea, [only])], {})
    assert front.lead is only
    assert (front.seconds, front.rail, front.sections) == ([], [], [])


def test_three_articles_need_no_list_of_the_latest() -> None:
    three = [article(n) for n in (1, 2, 3)]
    front = rules.compose_front(three, [], {})
    assert (ids(front.seconds), front.rail) == ([2, 3], [])


@pytest.mark.parametrize("count", [4, 12, 40, 100])
def test_every_article_has_one_place_beside_the_rail(count: int) -> None:
    sections = [category(n) for n in (1, 2, 3, 4)]
    articles = [article(n, sections[n % 4], sections[(n + 1) % 4]) for n in range(1, count + 1)]
    by_section = [(one, [a for a in articles if one in a.categories][:10]) for one in sections]
    front = rules.compose_front(articles, by_section, {})
    assert front.lead is not None
    placed = [front.lead.id, *ids(front.seconds), *ids(front.beside)]
    for section in front.sections:
        assert section.articles
        placed += ids(section.articles)
    assert len(placed) == len(set(placed))
    assert len(front.rail) == min(count, rules.RAIL_LENGTH)


def test_under_the_lead_stand_headlines_of_its_section_that_the_section_has_no_room_for() -> None:
    articles = [article(n, category(1)) for n in range(1, 10)]
    front = rules.compose_front(articles, [(category(1), articles)], {})
    assert (ids(front.sections[0].articles), ids(front.beside)) == ([4, 5, 6, 7], [8, 9])


def test_sections_take_the_rhythms_in_turn_as_far_as_they_have_articles() -> None:
    sections = [category(n) for n in range(1, 6)]
    sizes = (4, 4, 7, 4, 1)
    by_section = [
        (one, [article(100 * one.id + n, one) for n in range(size)])
        for one, size in zip(sections, sizes, strict=True)
    ]
    front = rules.compose_front([article(n) for n in (1, 2, 3, 4)], by_section, {})
    assert [section.rhythm for section in front.sections] == ["beacon", "four", "words", "beacon", "beacon"]


def test_the_rail_goes_by_time_even_where_a_sticky_article_leads() -> None:
    old = article(50)
    front = rules.compose_front([old, *(article(n) for n in range(1, 6))], [], {})
    assert front.lead is old
    assert ids(front.rail) == [1, 2, 3, 4, 5, 50]


def test_an_article_without_a_headline_is_called_by_its_beginning() -> None:
    named = Article(headline="  Tides ", excerpt="")
    nameless = Article(headline="", excerpt="One two three four five six seven eight nine")
    assert rules.headline_of(named) == "Tides"
    assert rules.headline_of(nameless) == "One two three four five six seven eight"
    assert rules.headline_of(Article(headline="", excerpt="")) == "Untitled"


def test_headings_get_ids_and_are_listed_from_three_on() -> None:
    html = '<h2>One &amp; only</h2><p>Text</p><h2 id="own">Two <em>too</em></h2><h2></h2>'
    marked, contents = rules.with_contents(html)
    assert contents == []
    marked, contents = rules.with_contents(html + "<h2>Three</h2>")
    assert contents == [
        rules.Heading("part-1", "One &amp; only"),
        rules.Heading("own", "Two too"),
        rules.Heading("part-4", "Three"),
    ]
    assert marked.startswith('<h2 id="part-1">One &amp; only</h2>')
    assert '<h2 id="own">Two <em>too</em></h2>' in marked


def test_tables_scroll_in_a_box_of_their_own_and_one_inside_another_does_not() -> None:
    inner = "<table><tr><td>x</td></tr></table>"
    html = rules.with_scrolling_tables(f"<p>a</p><table><tr><td>{inner}</td></tr></table><p>b</p>{inner}")
    assert html.count("table-scroll") == 2
    assert html.count("<div") == html.count("</div>")
    assert html.startswith("<p>a</p><div") and html.endswith("</table></div>")


@pytest.mark.parametrize(("hours", "words"), [(24, "the last 24 hours"), (168, "the last 7 days")])
def test_windows_in_words(hours: int, words: str) -> None:
    assert rules.window_in_words(hours) == words
