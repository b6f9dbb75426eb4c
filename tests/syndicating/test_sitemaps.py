"""Sitemaps and robots.txt."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from tests.factories import at, make_article, make_category
from webapp import clock
from webapp.models import Kind, Status

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def places(client: FlaskClient, path: str) -> dict[str, str | None]:
    """Each address of a sitemap with its date."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.mimetype == "application/xml"
    assert answer.text.startswith("<?xml")
    root = ET.fromstring(answer.data)
    return {
        entry.findtext("s:loc", None, NAMES) or "": entry.findtext("s:lastmod", None, NAMES) for entry in root
    }


@pytest.mark.both_databases
def test_the_index_leads_to_every_live_page(client: FlaskClient) -> None:
    sea = make_category("Sea", slug="sea")
    make_category("Empty", slug="empty")
    make_article(permalink="/tides/", categories=[sea], published_at=at("2026-01-02T03:04:05+00:00"))
    make_article(
        permalink="/caf%C3%A9/",
        published_at=at("2026-01-01T00:00:00+00:00"),
        updated_at=at("2026-02-01T00:00:00+00:00"),
    )
    make_article(id=5001, permalink="/late/", published_at=at("2026-01-03T00:00:00+00:00"))
    make_article(id=5002, permalink="/about/", kind=Kind.page)
    for status in (Status.draft, Status.private, Status.trashed, Status.unpublished):
        make_article(permalink=f"/{status}/", status=status)
    make_article(permalink="/secret/", password="x")
    make_article(permalink="/ahead/", published_at=clock.now() + timedelta(days=1))
    index = places(client, "/sitemap.xml")
    base = "http://localhost"
    assert list(index) == [
        f"{base}/sitemaps/categories.xml",
        f"{base}/sitemaps/articles-1.xml",
        f"{base}/sitemaps/articles-2.xml",
        f"{base}/sitemaps/pages-2.xml",
    ]
    assert index[f"{base}/sitemaps/articles-1.xml"] == "2026-02-01T00:00:00+00:00"
    found = {
        address: date for path in index for address, date in places(client, path.removeprefix(base)).items()
    }
    assert set(found) == {
        f"{base}{path}" for path in ("/", "/category/sea/", "/tides/", "/caf%C3%A9/", "/late/", "/about/")
    }
    assert found[f"{base}/tides/"] == "2026-01-02T03:04:05+00:00"
    for address in found:
        assert client.get(address.removeprefix(base)).status_code == 200


@pytest.mark.parametrize(
    "name", ["articles-0", "articles-9", "pages-1", "articles-99999999999999999999", "tags-1", "articles-x"]
)
def test_parts_that_are_not_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


@pytest.mark.both_databases
def test_news_of_two_days(client: FlaskClient) -> None:
    make_article("Tides & <time>", permalink="/new/", published_at=clock.now() - timedelta(hours=47))
    make_article("Old", permalink="/old/", published_at=clock.now() - timedelta(hours=49))
    make_article("Secret", permalink="/secret/", password="x")
    make_article("Page", permalink="/page-of-ours/", kind=Kind.page)
    root = ET.fromstring(client.get("/news-sitemap.xml").data)
    assert [entry.findtext("s:loc", None, NAMES) for entry in root] == ["http://localhost/new/"]
    assert root.findtext("s:url/n:news/n:title", None, NAMES) == "Tides & <time>"
    assert root.findtext("s:url/n:news/n:publication/n:name", None, NAMES) == "Standfirst"


def test_an_empty_site(client: FlaskClient) -> None:
    assert list(places(client, "/sitemap.xml")) == ["http://localhost/sitemaps/categories.xml"]
    assert list(places(client, "/news-sitemap.xml")) == []


def test_robots(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    for path in ("/_fragments/", "/search?", "/moderation"):
        assert f"Disallow: {path}" in lines
    assert "Sitemap: http://localhost/sitemap.xml" in lines


def test_sitemaps_of_wordpress_and_its_plugins(client: FlaskClient) -> None:
    for path in ("/wp-sitemap.xml", "/sitemap_index.xml"):
        assert client.get(path).headers["Location"] == "/sitemap.xml"
