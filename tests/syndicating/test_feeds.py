"""Feeds of articles and comments: well-formed whatever stands in them, stable, and cheap to ask for again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import at, make_article, make_author, make_category, make_comment, make_tag
from tests.statements import counted
from webapp import clock, settings
from webapp.database import db, transaction
from webapp.models import Address, Article, Category, CommentKind, CommentStatus, Kind, Media, Status

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def rss(client: FlaskClient, path: str = "/feed/") -> list[Any]:
    """The items of an RSS feed."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.content_type == "application/rss+xml; charset=utf-8"
    return ET.fromstring(answer.data).findall("channel/item")


def atom(client: FlaskClient, path: str = "/feed/atom/") -> list[Any]:
    answer = client.get(path)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data).findall(f"{ATOM}entry")


def titles(items: list[Any]) -> list[str]:
    return [item.findtext("title") for item in items]


@pytest.mark.both_databases
def test_rss_carries_the_whole_article(client: FlaskClient) -> None:
    media = Media(
        file="2013/pier.jpg", mime="image/jpeg", width=8, height=8, byte_size=99, created_at=clock.now()
    )
    with transaction():
        db.session.add(media)
    make_article(
        "Tides & <time>",
        permalink="/2013/01/tides/",
        standfirst="A standfirst.",
        body='<p><a href="/about/">One</a> <img src="/media/x.jpg" alt=""></p><!--nextpage--><p>Two ]]&gt; three</p>',
        appendix="<p>Appendix</p>",
        authors=[make_author("Bo"), make_author("Mia")],
        categories=[make_category("Sea")],
        tags=[make_tag("Ebb")],
        lead_media=media,
        published_at=at("2026-01-02T03:04:05+00:00"),
    )
    [item] = rss(client)
    assert item.findtext("title") == "Tides & <time>"
    assert item.findtext("link") == "http://localhost/2013/01/tides/"
    assert item.findtext("description") == "A standfirst."
    assert item.findtext("pubDate") == "Fri, 02 Jan 2026 03:04:05 +0000"
    assert [name.text for name in item.findall(CREATOR)] == ["Bo", "Mia"]
    assert [category.text for category in item.findall("category")] == ["Sea", "Ebb"]
    assert item.find("enclosure").attrib == {
        "url": "http://localhost/media/2013/pier.jpg",
        "length": "99",
        "type": "image/jpeg",
    }
    content = item.findtext(CONTENT)
    assert 'href="http://localhost/about/"' in content
    assert 'src="http://localhost/media/x.jpg"' in content
    assert "Two ]]&gt; three" in content
    assert "Appendix" in content
    assert "nextpage" not in content


def test_atom_carries_the_same(client: FlaskClient) -> None:
    make_article(
        "Tides & <time>",
        permalink="/tides/",
        body="<p>Ten o'clock</p>",
        authors=[make_author("Bo"), make_author("Mia")],
        published_at=at("2026-01-02T03:04:05+00:00"),
        updated_at=at("2026-01-03T00:00:00+00:00"),
    )
    [entry] = atom(client)
    assert entry.findtext(f"{ATOM}title") == "Tides & <time>"
    assert entry.find(f"{ATOM}link").attrib["href"] == "http://localhost/tides/"
    assert entry.findtext(f"{ATOM}published") == "2026-01-02T03:04:05+00:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-01-03T00:00:00+00:00"
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Bo", "Mia"]
    assert "Ten o'clock" in entry.findtext(f"{ATOM}content")
    assert len(entry.findall(f"{ATOM}id")) == 1


def test_ids_survive_another_slug(client: FlaskClient) -> None:
    make_article(
        "Imported", permalink="/old/", imported_id=4711, published_at=clock.now() - timedelta(hours=2)
    )
    native = make_article("Native", permalink="/native/")
    first, second = rss(client)
    assert first.find("guid").attrib == {"isPermaLink": "false"}
    assert second.findtext("guid") == "http://localhost/?p=4711"
    assert first.findtext("guid") == f"tag:localhost,{clock.now():%Y-%m-%d}:article/{native.id}"
    assert [entry.findtext(f"{ATOM}id") for entry in atom(client)] == [
        item.findtext("guid") for item in (first, second)
    ]
    with transaction():
        address = db.session.scalars(select(Address).where(Address.article_id == native.id)).one()
        address.path, address.key = "/renamed/", "/renamed"
    assert rss(client)[0].findtext("guid") == first.findtext("guid")
    assert rss(client)[0].findtext("link") == "http://localhost/renamed/"


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/", "/comments/feed/", "/news-sitemap.xml"])
def test_what_xml_forbids_does_no_harm(client: FlaskClient, path: str) -> None:
    odd = "a\x00b\x0bc\x1fd\ufffee ]]> <!-- & 🌊 \u202e"
    article = make_article(
        "Fine", permalink="/odd/", authors=[make_author("Bo")], categories=[make_category("Sea")]
    )
    make_comment(article, "Fine.")
    values = {"headline": odd, "standfirst": odd, "body_html": f"<p>{odd}</p>"}
    with transaction():
        for name, value in values.items():
            setattr(db.session.get_one(Article, article.id), name, value)
    answer = client.get(path)
    ET.fromstring(answer.data)
    assert "]]&gt; &lt;!-- &amp; 🌊" in answer.text or path == "/comments/feed/"


@pytest.mark.both_databases
def test_a_feed_holds_the_newest_live_articles(client: FlaskClient) -> None:
    start = clock.now() - timedelta(hours=1)
    for number in range(25):
        make_article(f"A{number}", published_at=start - timedelta(minutes=number))
    make_article("Page", kind=Kind.page)
    make_article("Ahead", published_at=clock.now() + timedelta(minutes=5))
    make_article("Draft", status=Status.draft)
    make_article("Secret", password="x")
    assert titles(rss(client)) == [f"A{number}" for number in range(20)]


def test_each_list_has_feeds_of_its_own(client: FlaskClient) -> None:
    sea = make_category("Sea", slug="sea")
    deep = make_category("Deep", slug="deep", parent=sea)
    make_article(
        "Mine",
        categories=[deep],
        tags=[make_tag("Tides", slug="tides")],
        authors=[make_author("Bo", slug="bo")],
    )
    make_article("Yours")
    for base in ("/category/sea/", "/category/sea/deep/", "/tag/tides/", "/author/bo/"):
        assert titles(rss(client, f"{base}feed/")) == ["Mine"], base
        assert len(atom(client, f"{base}feed/atom/")) == 1
        page = client.get(base).text
        assert f'href="{base}feed/"' in page
        assert f'href="{base}feed/atom/"' in page
    channel = ET.fromstring(client.get("/category/sea/feed/").data).find("channel")
    assert channel is not None
    assert channel.findtext("title") == "Sea – Standfirst"
    assert channel.findtext("link") == "http://localhost/category/sea/"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/feed", "/feed/"),
        ("/feed/rss/", "/feed/"),
        ("/feed/rss2", "/feed/"),
        ("/feed/rdf/", "/feed/"),
        ("/feed/atom", "/feed/atom/"),
        ("/comments/feed", "/comments/feed/"),
        ("/comments/feed/rss2/", "/comments/feed/"),
        ("/category/sea/feed", "/category/sea/feed/"),
        ("/category/x/sea/feed/", "/category/sea/feed/"),
        ("/category/sea/feed/rss2/", "/category/sea/feed/"),
        ("/tides/feed", "/tides/feed/"),
        ("/tides/feed/rss2/", "/tides/feed/"),
        ("/tides/feed/atom", "/tides/feed/atom/"),
    ],
)
def test_a_feed_has_one_address(client: FlaskClient, path: str, place: str) -> None:
    make_category("Sea", slug="sea")
    make_article(permalink="/tides/")
    answer = client.get(path)
    assert answer.status_code == 301
    assert answer.headers["Location"] == place


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/", "/comments/feed/", "/sitemap.xml", "/robots.txt"])
def test_asking_again_costs_nothing(client: FlaskClient, path: str) -> None:
    empty = client.get(path)
    assert client.get(path, headers={"If-None-Match": empty.headers["ETag"]}).status_code == 304
    article = make_article()
    make_comment(article)
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    if "feed" in path:
        assert (
            client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
        )
        assert client.get(path, headers={"If-None-Match": empty.headers["ETag"]}).status_code == 200


def test_a_changed_article_changes_its_feed(client: FlaskClient) -> None:
    article = make_article("Before")
    etag = client.get("/feed/").headers["ETag"]
    with transaction():
        db.session.get_one(Article, article.id).headline = "After"
    answer = client.get("/feed/", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "After" in answer.text


@pytest.mark.both_databases
def test_comments_have_feeds(client: FlaskClient) -> None:
    tides = make_article("Tides", permalink="/tides/")
    other = make_article("Other", permalink="/other/")
    hidden = make_article("Hidden", comments_hidden=True)
    draft = make_article("Draft", status=Status.draft)
    start = clock.now() - timedelta(hours=1)
    first = make_comment(tides, "First & <b>best</b>", name="Ana", email="ana@post.example", created_at=start)
    make_comment(other, "Second", name="Ben", created_at=start + timedelta(minutes=1))
    for status in (CommentStatus.held, CommentStatus.spam, CommentStatus.trashed):
        make_comment(tides, f"Is {status}", status=status)
    make_comment(tides, "Mention", kind=CommentKind.pingback)
    make_comment(hidden, "Under what has no discussion")
    make_comment(draft, "Under a draft")
    assert titles(rss(client, "/comments/feed/")) == ["Ben on “Other”", "Ana on “Tides”"]
    [item] = rss(client, "/tides/feed/")
    assert item.findtext("link") == f"http://localhost/tides/comments/{first.id}"
    assert item.findtext("guid").endswith(f"#comment-{first.id}")
    assert "First & <b>best</b>" in item.findtext(CONTENT)
    for path in ("/comments/feed/", "/comments/feed/atom/", "/tides/feed/", "/tides/feed/atom/"):
        text = client.get(path).text
        assert "post.example" not in text
        assert "Is held" not in text
        assert "Under" not in text


def test_the_sites_own_words_and_address(client: FlaskClient) -> None:
    settings.store({"SITE_TITLE": "The <Morning> & Evening", "SITE_TAGLINE": "News & views"})
    channel = ET.fromstring(client.get("/feed/").data).find("channel")
    assert channel is not None
    assert channel.findtext("title") == "The <Morning> & Evening"
    assert channel.findtext("description") == "News & views"
    assert channel.findtext("link") == "http://localhost/"
    assert channel.find(f"{ATOM}link").attrib["href"] == "http://localhost/feed/"  # pyright: ignore


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["/feed/", "/category/sea/feed/", "/comments/feed/", "/tides/feed/"])
def test_a_feed_costs_the_same_however_long_it_is(client: FlaskClient, path: str) -> None:
    sea, bo, ebb = make_category("Sea", slug="sea"), make_author("Bo"), make_tag("Ebb")
    tides = make_article(permalink="/tides/", categories=[sea], authors=[bo], tags=[ebb])
    make_comment(tides)
    client.get(path)
    with counted() as few:
        client.get(path)
    for _ in range(8):
        shared = {"categories": [db.session.get_one(Category, sea.id)], "authors": [bo], "tags": [ebb]}
        make_comment(make_article(**shared))
        make_comment(tides)
    with counted() as many:
        client.get(path)
    assert len(many) == len(few) <= 7
