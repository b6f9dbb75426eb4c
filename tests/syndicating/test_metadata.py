"""What pages say about themselves: canonical addresses, Open Graph, Twitter card, JSON-LD."""

from __future__ import annotations

import json
import re
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.factories import at, make_article, make_author, make_category, make_tag
from webapp import assets, clock, settings
from webapp.database import db, transaction
from webapp.models import Kind, Media
from webapp.security import IN_PAGE


def head(client: FlaskClient, path: str) -> dict[str, Any]:
    """Title, canonical address, meta elements by name or property, and JSON-LD, as a browser reads them."""
    answer = client.get(path)
    assert answer.status_code == 200
    tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
    metas: dict[str, list[str]] = {}
    for meta in tree.findall("head/meta"):
        name = meta.get("property") or meta.get("name")
        if name:
            metas.setdefault(name, []).append(meta.get("content"))
    data = [
        script.text for script in tree.findall("head/script") if script.get("type") == "application/ld+json"
    ]
    assert len(tree.findall(".//h1")) == 1, path
    return {
        "title": tree.findtext("head/title"),
        "canonical": [
            link.get("href") for link in tree.findall("head/link") if link.get("rel") == "canonical"
        ],
        "metas": metas,
        "graph": json.loads(data[0])["@graph"] if data else [],
        "text": answer.text,
    }


@pytest.fixture
def media() -> Media:
    made = Media(
        file="2013/pier.jpg",
        mime="image/jpeg",
        width=1200,
        height=800,
        alt='A "pier"',
        created_at=clock.now(),
    )
    with transaction():
        db.session.add(made)
    return made


def test_an_article(client: FlaskClient, media: Media) -> None:
    make_article(
        "The “long” pier",
        permalink="/2013/01/pier/",
        standfirst="It is 400 m long.",
        authors=[make_author("Bo", slug="bo"), make_author("Mia", slug="mia")],
        categories=[make_category("Sea", slug="sea")],
        tags=[make_tag("Tides", slug="tides"), make_tag("Ebb", slug="ebb")],
        lead_media=media,
        published_at=at("2026-01-02T03:04:05+00:00"),
        updated_at=at("2026-01-03T00:00:00+00:00"),
        comment_count=3,
    )
    found = head(client, "/2013/01/pier/")
    url = "http://localhost/2013/01/pier/"
    assert found["title"] == "The “long” pier – Standfirst"
    assert found["canonical"] == [url]
    expected = {
        "description": ["It is 400 m long."],
        "og:type": ["article"],
        "og:title": ["The “long” pier"],
        "og:description": ["It is 400 m long."],
        "og:url": [url],
        "og:site_name": ["Standfirst"],
        "og:image": ["http://localhost/media/2013/pier.jpg"],
        "og:image:width": ["1200"],
        "og:image:height": ["800"],
        "og:image:alt": ['A "pier"'],
        "article:published_time": ["2026-01-02T03:04:05+00:00"],
        "article:modified_time": ["2026-01-03T00:00:00+00:00"],
        "article:author": ["http://localhost/author/bo/", "http://localhost/author/mia/"],
        "article:section": ["Sea"],
        "article:tag": ["Tides", "Ebb"],
        "twitter:card": ["summary_large_image"],
    }
    assert {name: found["metas"].get(name) for name in expected} == expected
    article, crumbs = found["graph"]
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "The “long” pier"
    assert article["datePublished"] == "2026-01-02T03:04:05+00:00"
    assert article["dateModified"] == "2026-01-03T00:00:00+00:00"
    assert [author["name"] for author in article["author"]] == ["Bo", "Mia"]
    assert article["image"]["width"] == 1200
    assert article["publisher"]["name"] == "Standfirst"
    assert article["commentCount"] == 3
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Standfirst", "Sea", "The “long” pier"]
    assert [step["position"] for step in crumbs["itemListElement"]] == [1, 2, 3]


def test_times_stand_in_the_sites_zone(client: FlaskClient) -> None:
    settings.store({"TIME_ZONE": "Europe/Berlin"})
    make_article(permalink="/tides/", published_at=at("2026-07-02T03:04:05+00:00"))
    assert head(client, "/tides/")["metas"]["article:published_time"] == ["2026-07-02T05:04:05+02:00"]


def test_a_bare_article(client: FlaskClient) -> None:
    make_article("", permalink="/bare/", body="", authors=[], categories=[])
    found = head(client, "/bare/")
    assert found["metas"]["og:title"] == ["Untitled"]
    assert found["metas"]["og:image"][0].endswith(".png"), "drawn with its headline"
    assert "description" not in found["metas"]
    assert found["metas"]["twitter:card"] == ["summary_large_image"]
    assert "author" not in found["graph"][0]


def test_a_page_is_no_news(client: FlaskClient) -> None:
    make_article("About us", permalink="/about/", kind=Kind.page)
    found = head(client, "/about/")
    assert found["graph"][0]["@type"] == "WebPage"
    assert found["metas"]["og:type"] == ["website"]
    assert "article:published_time" not in found["metas"]


def test_an_article_may_name_another_canonical_address(client: FlaskClient) -> None:
    make_article(permalink="/copy/", canonical_url="https://first.example/original")
    assert head(client, "/copy/")["canonical"] == ["https://first.example/original"]


HOSTILE = [
    "</script><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "<!-- <script>",
    "]]> & &amp; 'quoted' “curly” \u2028\u2029",
    "\\u003c/script\\u003e",
]


@pytest.mark.parametrize("headline", HOSTILE)
def test_a_hostile_headline_harms_nothing(client: FlaskClient, headline: str) -> None:
    category = make_category(headline, slug="sea", description=headline)
    tag, author = make_tag(headline, slug="tides"), make_author(headline, slug="bo", bio=headline)
    make_article(
        headline, permalink="/odd/", standfirst=headline, categories=[category], tags=[tag], authors=[author]
    )
    found = head(client, "/odd/")
    expected = " ".join(headline.split())
    assert found["graph"][0]["headline"] == headline.strip()
    assert found["metas"]["og:title"] == [headline.strip()]
    assert " ".join(found["title"].split()) == f"{expected} – Standfirst"
    for path in ("/", "/odd/", "/category/sea/", "/tag/tides/", "/author/bo/", "/search?q=script"):
        answer = head(client, path)
        tree = html5lib.parse(answer["text"], namespaceHTMLElements=False)
        own = [script for script in tree.iter("script") if not (script.get("src") or script.get("type"))]
        assert [script.text for script in own] == [assets.asset_text(name) for name in IN_PAGE], path
        assert not [image for image in tree.iter("img") if image.get("onerror")], path


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_addresses_come_from_the_setting(client: FlaskClient, host: str) -> None:
    make_article(permalink="/tides/")
    for path in ("/", "/tides/", "/feed/", "/sitemap.xml"):
        assert host not in client.get(path, headers={"Host": host}).text


def test_titles_differ_from_page_to_page(client: FlaskClient) -> None:
    sea = make_category("Sea", slug="sea")
    make_article("Tides", permalink="/tides/", body="<p>a</p><!--nextpage--><p>b</p>", categories=[sea])
    make_article("Locked", permalink="/locked/", password="x")
    paths = [
        "/",
        "/tides/",
        "/tides/2/",
        "/locked/",
        "/category/sea/",
        "/2026/",
        "/archive",
        "/search",
        "/search?q=x",
    ]
    paths += ["/latest", "/trending", "/author/", "/how-we-count"]
    found = [re.search(r"<title>(.*?)</title>", client.get(path).text) for path in paths]
    titles = [match[1] for match in found if match]
    assert len(set(titles)) == len(paths)
