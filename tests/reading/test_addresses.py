"""Permalinks, redirects, what is gone, attachment pages, and the forms of address that WordPress had."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import make_article, make_author, make_category, make_comment, make_tag
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Address, AddressKind, Media, Status, address_key
from webapp.reading.addresses import reserved

BODY = "<p>First part.</p><!--nextpage--><p>Second part.</p>"


def make_address(path: str, kind: AddressKind, **fields: Any) -> Address:
    address = Address(key=address_key(path), path=path, kind=kind, **{"target": "", **fields})
    with transaction():
        db.session.add(address)
    return address


def make_media(file: str = "2013/01/pier.jpg", **fields: Any) -> Media:
    media = Media(file=file, mime="image/jpeg", title="The pier", created_at=clock.now(), **fields)
    with transaction():
        db.session.add(media)
    return media


def get(client: FlaskClient, path: str, **options: Any) -> Any:
    """The client reads what follows two slashes as a host, so such a path is handed over as a server would do it."""
    if not path.startswith("//"):
        return client.get(path, **options)
    path, _, query = path.partition("?")
    return client.get("/", query_string=query, environ_overrides={"PATH_INFO": path}, **options)


def leads_to(client: FlaskClient, path: str) -> str:
    """Where a 301 leads; the address is always one of this site, without a host."""
    answer = get(client, path)
    assert answer.status_code == 301, (path, answer.status_code)
    return answer.headers["Location"]


def test_an_article_answers_at_its_permalink_alone(client: FlaskClient) -> None:
    make_article("Tides", permalink="/2013/01/tides/")
    page = client.get("/2013/01/tides/")
    assert page.status_code == 200
    assert "Tides" in page.text


@pytest.mark.parametrize(
    "path",
    ["/2013/01/tides", "/2013/01/TIDES/", "//2013//01/tides/", "/2013/01/tides///", "/2013/01/tides/1/"]
    + [f"/2013/01/tides/{ending}/" for ending in ("amp", "embed", "trackback", "comment-page-1")],
)
def test_other_forms_of_a_permalink_lead_to_it(client: FlaskClient, path: str) -> None:
    make_article(permalink="/2013/01/tides/")
    place = leads_to(client, path)
    if "//" in path:
        place = place if place == "/2013/01/tides/" else leads_to(client, place)
    assert place == "/2013/01/tides/"


def test_the_query_string_comes_along(client: FlaskClient) -> None:
    make_article(permalink="/tides/")
    assert leads_to(client, "/TIDES?from=mail&x=%C3%A9") == "/tides/?from=mail&x=%C3%A9"
    assert leads_to(client, "//tides/?a=1") == "/tides/?a=1"


def test_a_permalink_without_a_slash_at_the_end_keeps_that_form(client: FlaskClient) -> None:
    make_article(permalink="/news/tides.html", body=BODY)
    assert client.get("/news/tides.html").status_code == 200
    assert leads_to(client, "/news/tides.html/") == "/news/tides.html"
    assert client.get("/news/tides.html/2").status_code == 200
    assert leads_to(client, "/news/tides.html/2/") == "/news/tides.html/2"


@pytest.mark.parametrize("path", ["/caf%C3%A9/", "/caf%c3%a9/", "/café/"])
def test_letters_outside_ascii(client: FlaskClient, path: str) -> None:
    make_article("Coffee", permalink="/caf%c3%a9/")
    assert client.get(path).status_code == 200
    assert leads_to(client, "/CAFÉ") == "/caf%c3%a9/"
    assert leads_to(client, "/caf%25c3%25a9/") == "/caf%c3%a9/"


def test_two_slashes_never_lead_to_another_site(client: FlaskClient) -> None:
    assert leads_to(client, "//evil.example/x") == "/evil.example/x"
    assert client.get("/\\evil.example").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:81", "[::1"])
def test_a_made_up_host_header_changes_nothing(client: FlaskClient, host: str) -> None:
    article = make_article(permalink="/tides/")
    for path in ("/TIDES", f"/?p={article.id}", "//tides/", "/?s=sea", "/feed", "/page/1/"):
        assert get(client, path, headers={"Host": host}).headers["Location"].startswith("/")
    for path in ("/tides/", "/feed/", "/sitemap.xml", "/robots.txt", "/search?q=tides"):
        assert "evil.example" not in client.get(path, headers={"Host": host}).text


def test_pages_of_an_article(client: FlaskClient) -> None:
    make_article(permalink="/tides/", body=BODY)
    first, second = client.get("/tides/").text, client.get("/tides/2/").text
    assert "<p>First part.</p>" in first
    assert "<p>Second part.</p>" not in first
    assert "<p>Second part.</p>" in second
    assert 'rel="canonical" href="http://localhost/tides/2/"' in second
    assert leads_to(client, "/tides/2") == "/tides/2/"
    assert client.get("/tides/3/").status_code == 404
    assert client.get("/tides/0/").status_code == 404
    assert client.get("/tides/99999/").status_code == 404


def test_comment_pages_of_wordpress(client: FlaskClient) -> None:
    make_article(permalink="/tides/")
    assert leads_to(client, "/tides/comment-page-2/") == "/tides/comments/page/2"


@pytest.mark.parametrize("status", [Status.draft, Status.private, Status.trashed])
def test_what_readers_may_not_see_is_not_there(client: FlaskClient, status: Status) -> None:
    article = make_article("Hidden", permalink="/hidden/", status=status)
    for path in ("/hidden/", "/hidden", "/hidden/feed/", "/hidden/2/", f"/?p={article.id}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Hidden" not in answer.text


def test_a_scheduled_article_appears_when_its_time_has_come(client: FlaskClient) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    make_article(permalink="/later/", status=Status.scheduled, published_at=tomorrow)
    make_article(permalink="/now/", status=Status.scheduled)
    make_article(permalink="/dated-ahead/", status=Status.published, published_at=tomorrow)
    assert client.get("/later/").status_code == 404
    assert client.get("/dated-ahead/").status_code == 404
    assert client.get("/now/").status_code == 200


def test_what_was_taken_down_says_so(client: FlaskClient) -> None:
    make_article("Withdrawn", permalink="/withdrawn/", status=Status.unpublished)
    make_address("/old-campaign/", AddressKind.gone)
    for path in ("/withdrawn/", "/old-campaign/", "/OLD-campaign"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "taken down" in answer.text
        assert "Withdrawn" not in answer.text


def test_redirects_lead_to_live_articles_only(client: FlaskClient) -> None:
    article = make_article(permalink="/new/", body=BODY)
    draft = make_article(permalink="/draft/", status=Status.draft)
    make_address("/old/", AddressKind.redirect, article_id=article.id)
    make_address("/old-draft/", AddressKind.redirect, article_id=draft.id)
    assert leads_to(client, "/old") == "/new/"
    assert leads_to(client, "/old/2/?x=1") == "/new/2/?x=1"
    assert leads_to(client, "/old/feed/") == "/new/feed/"
    assert client.get("/old-draft/").status_code == 404


def test_redirects_to_paths_are_followed_to_their_end(client: FlaskClient) -> None:
    make_article(permalink="/here/")
    make_article(permalink="/unseen/", status=Status.draft)
    make_address("/a/", AddressKind.redirect, target="/b/")
    make_address("/b/", AddressKind.redirect, target="/here/")
    make_address("/c/", AddressKind.redirect, target="/search?q=tides")
    make_address("/d/", AddressKind.redirect, target="/unseen/")
    make_address("/e/", AddressKind.redirect, target="//evil.example/")
    assert leads_to(client, "/a/") == "/here/"
    assert leads_to(client, "/c/?x=1") == "/search?q=tides&x=1"
    assert client.get("/d/").status_code == 404
    assert leads_to(client, "/e/") == "/evil.example/"


def test_redirects_in_a_circle_are_not_followed(client: FlaskClient) -> None:
    make_address("/x/", AddressKind.redirect, target="/y/")
    make_address("/y/", AddressKind.redirect, target="/X")
    make_address("/self/", AddressKind.redirect, target="/self/")
    assert client.get("/x/").status_code == 404
    assert client.get("/self/").status_code == 404


def test_an_attachment_page_is_seen_with_its_article(client: FlaskClient) -> None:
    article = make_article("Tides", permalink="/tides/")
    draft = make_article(permalink="/draft/", status=Status.draft)
    for path, parent in (("/tides/pier/", article), ("/draft/pier/", draft), ("/pier/", None)):
        media = make_media(f"2013{path}pier.jpg", article_id=parent.id if parent else None, caption="At ebb")
        make_address(path, AddressKind.attachment, media_id=media.id)
    page = client.get("/tides/pier/")
    assert page.status_code == 200
    assert 'href="/tides/"' in page.text
    assert "At ebb" in page.text
    assert "/media/2013/tides/pier/pier.jpg" in page.text
    assert client.get("/pier/").status_code == 200
    assert leads_to(client, "/tides/pier") == "/tides/pier/"
    assert client.get("/draft/pier/").status_code == 404


def test_an_attachment_whose_file_was_missing_still_has_a_page(client: FlaskClient) -> None:
    media = make_media(is_missing=True)
    make_address("/pier/", AddressKind.attachment, media_id=media.id)
    page = client.get("/pier/")
    assert page.status_code == 200
    assert "missing" in page.text
    assert "<img" not in page.text


def test_unknown_addresses(client: FlaskClient) -> None:
    for path in (
        "/nothing",
        "/no/such/thing/",
        "/" + "x" * 3000,
        "/%00",
        "/%ff%fe/",
        "/" + "a/" * 500,
        "/%F0%9F%8C%8A/",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.text.count("<h1") == 1


def test_wrong_methods(client: FlaskClient) -> None:
    article = make_article(permalink="/tides/")
    for path in ("/tides/", "/search", "/2013/", "/feed/"):
        answer = client.post(path)
        assert answer.status_code == 405, path
        assert "GET" in answer.headers["Allow"]
    answer = client.get(f"/articles/{article.id}/views")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert client.post("/nothing").status_code == 404
    assert client.delete("/nothing").status_code == 404
    assert client.head("/tides/").status_code == 200


def test_old_numbers_lead_to_what_they_meant(client: FlaskClient) -> None:
    make_article(permalink="/imported/", imported_id=4711, body=BODY)
    native = make_article(permalink="/native/")
    media = make_media(imported_id=815)
    make_address("/imported/pier/", AddressKind.attachment, media_id=media.id)
    for name in ("p", "page_id"):
        assert leads_to(client, f"/?{name}=4711") == "/imported/"
        assert leads_to(client, f"/?{name}={native.id}") == "/native/"
    assert leads_to(client, "/?p=4711&page=2") == "/imported/2/"
    assert leads_to(client, "/?p=4711&cpage=3") == "/imported/comment-page-3/"
    assert leads_to(client, "/?p=4711&feed=rss2") == "/imported/feed/"
    assert leads_to(client, "/?attachment_id=815") == "/imported/pier/"
    assert leads_to(client, "/?p=815") == "/imported/pier/"


def test_wordpress_numbers_go_before_our_own(client: FlaskClient) -> None:
    native = make_article(permalink="/native/")
    make_article(permalink="/imported/", imported_id=native.id)
    assert leads_to(client, f"/?p={native.id}") == "/imported/"


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1e3", "99999999999999999999", "²", "1;drop"])
def test_numbers_that_are_none(client: FlaskClient, number: str) -> None:
    make_article(permalink="/tides/")
    assert client.get("/", query_string={"p": number}).status_code == 404
    assert client.get("/", query_string={"cat": number}).status_code == 404


def test_old_numbers_of_what_is_hidden(client: FlaskClient) -> None:
    make_article(permalink="/gone/", imported_id=5, status=Status.unpublished)
    assert client.get("/?p=5").status_code == 410
    assert client.get("/?p=6").status_code == 404


def test_other_questions_of_wordpress(client: FlaskClient) -> None:
    sea = make_category("Sea", slug="sea", imported_id=12)
    make_category("Deep", slug="deep", parent=sea, imported_id=13)
    make_tag("Tides", slug="tides")
    make_author(slug="mara", imported_id=7)
    expected = {
        "cat=12": "/category/sea/",
        "cat=13": "/category/sea/deep/",
        "cat=12&paged=2": "/category/sea/page/2/",
        "cat=12&feed=atom": "/category/sea/feed/atom/",
        "category_name=sea/deep": "/category/sea/deep/",
        "tag=tides": "/tag/tides/",
        "author=7": "/author/mara/",
        "author_name=mara": "/author/mara/",
        "s=low+tide%3F": "/search?q=low+tide%3F",
        "s=": "/search?q=",
        "feed=rss2": "/feed/",
        "feed=atom": "/feed/atom/",
        "feed=comments-rss2": "/comments/feed/",
        "m=201301": "/2013/01/",
        "m=2013": "/2013/",
        "m=20130105": "/2013/01/05/",
        "year=2013&monthnum=1": "/2013/01/",
        "paged=2": "/page/2/",
    }
    for question, place in expected.items():
        assert leads_to(client, f"/?{question}") == place, question
    for question in ("cat=99", "tag=none", "author=99", "m=x", "year=x"):
        assert client.get(f"/?{question}").status_code == 404, question
    for question in ("utm_source=mail", "p=", "paged=1", "paged=x", "feed=x"):
        assert client.get(f"/?{question}").status_code == 200, question


def test_what_the_site_itself_answers_is_reserved(client: FlaskClient) -> None:
    make_category("Sea", slug="sea")
    own = [
        "/",
        "/search",
        "/search/",
        "/Search",
        "//search",
        "/feed/",
        "/moderation",
        "/media/x.jpg",
        "/sitemap.xml",
    ]
    own += [
        "/articles/5/views",
        "/category/sea/",
        "/healthz",
        "/page/2/",
        "/static/site.css",
        "/archive/",
        "/latest",
    ]
    free = ["/about/", "/2013/", "/2013/01/", "/2013/01/05/", "/2013/01/tides/", "/category/", "/about/feed/"]
    free += ["/category/unknown/", "/tag/unknown/", "/author/unknown/", "/search-party/"]
    assert [path for path in own if not reserved(path)] == []
    assert [path for path in free if reserved(path)] == []


def test_an_article_costs_the_same_however_much_there_is(client: FlaskClient) -> None:
    from tests.statements import counted

    author, sea = make_author(), make_category("Sea")
    tags = [make_tag(f"Tag{number}") for number in range(4)]
    shared = {"authors": [author], "categories": [sea], "tags": tags}
    moments = [clock.now() - timedelta(hours=hour) for hour in range(20, 0, -1)]
    article = make_article(permalink="/tides/", published_at=moments[1], **shared)
    make_article(published_at=moments[0], **shared)
    make_article(published_at=moments[2], **shared)
    make_comment(article, "The first.")
    client.get("/tides/")
    with counted() as few:
        client.get("/tides/")
    for moment in moments[3:]:
        make_article(published_at=moment, **shared)
        make_comment(article, f"Comment of {moment}.")
    with counted() as many:
        client.get("/tides/")
    assert len(many) == len(few) <= 20
