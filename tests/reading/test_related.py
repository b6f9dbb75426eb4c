"""What stands under an article as being like it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_article, make_category, make_comment, make_tag
from webapp import clock
from webapp.models import Article, Status
from webapp.reading.related import related as related_page

pytestmark = pytest.mark.both_databases


def related(article: Article, page: int = 1) -> list[str]:
    return [found.headline for found in related_page(article.id, page)[0]]


def test_a_rare_tag_weighs_more_than_a_common_one(app: Flask) -> None:
    common, rare = make_tag("News"), make_tag("Tide tables")
    article = make_article("This", tags=[common, rare])
    for number in range(6):
        make_article(f"Common {number}", tags=[common])
    make_article("Rare", tags=[rare], published_at=clock.now() - timedelta(days=400))
    assert related(article)[0] == "Rare"


def test_tags_come_before_the_category_and_the_category_before_nothing(app: Flask) -> None:
    sea, tag = make_category("Sea"), make_tag()
    article = make_article("This", tags=[tag], categories=[sea])
    make_article("Neighbour", categories=[sea])
    make_article("Tagged", tags=[tag], published_at=clock.now() - timedelta(days=9))
    make_article("Stranger", categories=[make_category("Energy")])
    assert related(article) == ["Tagged", "Neighbour"]


def test_pages_never_repeat_and_never_show_the_article_itself(app: Flask) -> None:
    tag, moment = make_tag(), clock.now() - timedelta(hours=3)
    article = make_article("This", tags=[tag], published_at=moment)
    for number in range(9):
        make_article(f"Like {number}", tags=[tag], published_at=moment)
    pages = [related_page(article.id, page) for page in (1, 2, 3)]
    shown = [found.headline for found_on_page, _ in pages for found in found_on_page]
    assert [len(found) for found, _ in pages] == [4, 4, 1]
    assert [more for _, more in pages] == [True, True, False]
    assert len(set(shown)) == 9 and "This" not in shown


def test_what_readers_may_not_see_is_not_related(app: Flask) -> None:
    tag = make_tag()
    article = make_article("This", tags=[tag])
    make_article("Draft", tags=[tag], status=Status.draft)
    make_article("Locked", tags=[tag], password="tide")
    make_article("Future", tags=[tag], published_at=clock.now() + timedelta(hours=1))
    assert related(article) == []


def test_the_fragment_has_a_pager_and_read_more_names_the_headline(client: FlaskClient) -> None:
    sea, tag = make_category("Sea"), make_tag()
    article = make_article("This", tags=[tag])
    like = [make_article(f"Like {number}", tags=[tag], categories=[sea]) for number in range(5)]
    make_comment(like[-1])
    text = client.get(f"/_fragments/related/{article.id}").get_data(as_text=True)
    assert text.strip().startswith('<section id="_related"')
    assert 'Read more<span class="visually-hidden">: Like 4</span>' in text
    assert "1 comment<" in text and ">Sea<" in text
    assert f'href="{article.permalink}?related=2#_related"' in text
    second = client.get(f"/_fragments/related/{article.id}?page=2").get_data(as_text=True)
    assert "Like 0" in second and 'rel="prev"' in second and 'rel="next"' not in second


@pytest.mark.parametrize("address", ["9999", "1?page=7", "1?page=0"])
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    make_article(id=1)
    assert client.get(f"/_fragments/related/{address}").status_code == 404


def test_without_script_the_pager_is_a_link_to_the_article(client: FlaskClient) -> None:
    tag = make_tag()
    article = make_article("This", tags=[tag])
    for number in range(5):
        make_article(f"Like {number}", tags=[tag])
    section = client.get(f"{article.permalink}?related=2").get_data(as_text=True).split('id="_related"')[1]
    assert re.findall(r"Read more<span[^>]*>: ([^<]+)<", section) == ["Like 0"]
