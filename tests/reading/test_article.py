"""The page of an article: what a reader finds on it, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.conftest import Browser
from tests.factories import at, make_article, make_author, make_category, make_comment, make_media, make_tag
from tests.statements import counted
from webapp import clock
from webapp.database import db
from webapp.models import Article, Kind, ShareTotal, Status
from webapp.publishing.relating import relate_all
from webapp.settings import store


def page(client: FlaskClient, article: Article, ending: str = "") -> str:
    response = client.get(article.permalink + ending)
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    assert text.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    return text


def test_the_numbers_stand_at_the_article_as_plain_figures(client: FlaskClient) -> None:
    article = make_article(view_count=1000, share_count=400, imported_view_count=50, imported_share_count=27)
    make_comment(article)
    text = page(client, article)
    tag = re.search(r"<article data-article-id[^>]*>", text)
    assert tag is not None
    assert dict(re.findall(r'data-([a-z-]+)="(\d+)"', tag[0])) == {
        "article-id": str(article.id),
        "view-count": "1050",
        "share-count": "427",
        "comment-count": "1",
        "imported-view-count": "50",
        "imported-share-count": "27",
    }
    assert "<b>1.1k</b> views" in text


def test_published_and_updated_are_both_shown(client: FlaskClient) -> None:
    store({"TIME_ZONE": "Europe/London"})
    article = make_article(
        published_at=at("2025-12-04T06:40:00+00:00"), updated_at=at("2025-12-04T09:12:00+00:00")
    )
    text = page(client, article)
    assert ">December 4, 2025, 06:40</time>" in text
    assert re.search(r'Updated <time datetime="2025-12-04T09:12:00\+00:00"[^>]*>09:12</time>', text)


@pytest.mark.parametrize(("words", "shown"), [(60, "<b>1 min</b> read"), (3375, "<b>15 min</b> read")])
def test_reading_time(client: FlaskClient, words: int, shown: str) -> None:
    assert shown in page(client, make_article(body=f"<p>{'word ' * words}</p>"))


def test_an_empty_body_has_no_reading_time_and_its_page_works(client: FlaskClient) -> None:
    text = page(client, make_article("", body=""))
    assert "min</b> read" not in text
    assert "<h1>Untitled</h1>" in text


def test_the_byline_names_all_authors_and_the_category(client: FlaskClient) -> None:
    authors = [make_author(name, slug=name.lower()) for name in ("Ada", "Ben", "Cyd")]
    text = page(client, make_article(authors=authors, categories=[make_category("Sea", slug="sea")]))
    line = re.sub(r"<[^>]+>", "", text.split('class="byline-names">')[1].split("</p>")[0])
    assert line == "By Ada, Ben and Cyd in Sea"
    assert text.count('class="author-box"') == 3
    assert 'href="/author/ada/"' in text and 'href="/category/sea/"' in text


def test_the_author_box_needs_no_bio_and_asks_nobody_for_a_portrait(client: FlaskClient) -> None:
    text = page(client, make_article(authors=[make_author("Ada Lovelace", bio="")]))
    assert "author-bio" not in text
    assert 'aria-hidden="true">AL</span>' in text
    assert "gravatar" not in text


def test_the_lead_picture_has_size_words_and_credit(client: FlaskClient) -> None:
    media = make_media(
        width=1640, height=1093, alt="A pier at low water", caption="The pier.", credit="Photo: Ada"
    )
    text = page(client, make_article(lead_media=media))
    figure = text.split('<figure class="lead-picture')[1].split("</figure>")[0]
    assert 'alt="A pier at low water"' in figure
    assert 'width="1640" height="1093"' in figure and 'loading="lazy"' not in figure
    assert "The pier." in figure and "Photo: Ada" in figure


def test_a_missing_picture_leaves_no_broken_box(client: FlaskClient) -> None:
    text = page(client, make_article(lead_media=make_media(is_missing=True)))
    assert "<figure" not in text


def test_neighbours_go_by_time_with_ties_in_order_and_skip_what_is_not_listed(client: FlaskClient) -> None:
    moment = clock.now() - timedelta(hours=5)
    first, second, third = (make_article(name, published_at=moment) for name in ("One", "Two", "Three"))
    make_article("Draft", published_at=moment, status=Status.draft)
    make_article("Locked", published_at=moment, password="tide")
    assert near(page(client, second)) == {"prev": first.permalink, "next": third.permalink}
    assert near(page(client, first)) == {"next": second.permalink}
    assert near(page(client, third)) == {"prev": second.permalink}


def near(text: str) -> dict[str, str]:
    block = text.partition('<nav class="near"')[2].partition("</nav>")[0]
    return {rel: href for href, rel in re.findall(r'href="([^"]+)" rel="(prev|next)"', block)}


def test_the_card_names_the_next_article_and_can_be_sent_away(client: FlaskClient) -> None:
    old = make_article("Old", published_at=clock.now() - timedelta(days=1))
    make_article("New & bold")
    card = page(client, old).split('class="margin next-card"')[1].split("</aside>")[0]
    assert "New &amp; bold" in card and "data-dismiss-card" in card


def test_tags_lead_to_their_archives(client: FlaskClient) -> None:
    text = page(client, make_article(tags=[make_tag("Tides", slug="tides"), make_tag("Moon", slug="moon")]))
    assert re.findall(r'href="(/tag/[^"]+)" rel="tag"', text) == ["/tag/tides/", "/tag/moon/"]
    assert 'class="tags"' not in page(client, make_article())


def test_the_pages_of_a_long_article(client: FlaskClient) -> None:
    article = make_article(
        body="<p>First part</p><!--nextpage--><p>Second part</p>", appendix="<p>Imprint</p>"
    )
    first, second = page(client, article), page(client, article, "2/")
    assert "<p>First part</p>" in first and "<p>Second part</p>" not in first and "Imprint" not in first
    assert "<p>Second part</p>" in second and "<p>First part</p>" not in second and "Imprint" in second
    assert f'href="{article.permalink}2/"' in first and f'href="{article.permalink}"' in second
    assert client.get(article.permalink + "3/").status_code == 404
    # How far it is read is told of the whole article.
    assert 'data-page="1" data-pages="2"' in first and 'data-page="2" data-pages="2"' in second
    assert "data-pages" not in page(client, make_article())


def test_a_page_has_a_discussion_but_no_neighbours_and_no_date(client: FlaskClient) -> None:
    make_article("An article")
    about = make_article("About us", kind=Kind.page, published_at=clock.now() - timedelta(hours=2))
    text = page(client, about)
    assert f'data-article-id="{about.id}"' in text
    assert 'class="near"' not in text and 'id="_related"' not in text and "byline-names" not in text


def test_the_feed_comes_by_htmx_and_is_a_plain_link_without_it(client: FlaskClient) -> None:
    article = make_article()
    aside = page(client, article).split('<aside class="feed"')[1].split("</aside>")[0]
    assert f'hx-get="/_fragments/latest?current={article.id}"' in aside
    assert 'href="/latest">Latest articles</a>' in aside


def test_headings_are_listed_and_tables_scroll(client: FlaskClient) -> None:
    body = "<h2>One</h2><p>a</p><h2>Two</h2><table><tr><td>1</td></tr></table><h2>Three</h2>"
    text = page(client, make_article(body=body))
    assert '<a href="#part-2">Two</a>' in text and '<h2 id="part-2">Two</h2>' in text
    assert '<div class="table-scroll"' in text


@pytest.mark.both_databases
def test_a_page_with_everything_is_made_of_six_statements(client: Browser) -> None:
    lead = make_media()
    make_media(file="2026/12/in-text.jpg", rendition="done")
    category, author, tag = make_category(), make_author(), make_tag()
    body = '<p>One.</p><figure><img src="/media/2026/12/in-text.jpg" alt="A boat" width="1200" height="800"></figure>'
    shared = {"categories": [category], "authors": [author], "tags": [tag]}
    article = make_article(body=body, lead_media_id=lead.id, share_count=3, **shared)
    for _ in range(6):
        make_article(**shared)
    for number in range(30):
        make_comment(article, f"Number {number}.", is_pinned=number == 7)
    make_comment(article, "Elsewhere.", kind="pingback")
    db.session.add(ShareTotal(article_id=article.id, network="mastodon", count=3))
    db.session.commit()
    relate_all()
    client.remembers = True
    path = article.permalink
    client.get(path)
    with counted() as statements:
        text = client.get(path).text
    assert len(statements) <= 6, statements
    assert 'alt="A boat"' in text and "Pinned by the newsroom" in text and "More like this" in text


def test_an_article_costs_the_same_with_few_and_with_many_of_everything(client: FlaskClient) -> None:
    category, author, tag = make_category(), make_author(), make_tag()
    article = make_article(categories=[category], authors=[author], tags=[tag])
    for _ in range(3):
        make_article(categories=[category], authors=[author], tags=[tag])
    make_comment(article)
    with counted() as few:
        page(client, article)
    for _ in range(20):
        make_article(categories=[category], authors=[author], tags=[tag, make_tag()])
        make_comment(article)
    with counted() as many:
        page(client, article)
    assert len(many) == len(few)
