"""Old addresses lead where they did: permalinks of every form, renamed slugs, collisions, and the report of it all."""

from __future__ import annotations

import pytest

from tests.factories import make_article, make_media
from tests.publishing import exports
from tests.publishing.helpers import addresses, article, bring, bring_file
from webapp.database import transaction
from webapp.models import AddressKind
from webapp.publishing import addresses as given
from webapp.publishing import wordpress_links
from webapp.publishing.report import Report

SITE = exports.SITE


def leads(report: Report) -> dict[str, tuple[str, int]]:
    """Where each old address leads, and with which answer."""
    return {each.url.removeprefix(SITE): (each.leads_to, each.status) for each in addresses(report)}


def check(client, report: Report) -> None:
    """Asks the site itself: the report says what a reader gets."""
    for address in addresses(report):
        answer = client.get(address.url.removeprefix(SITE))
        assert answer.status_code == address.status, address
        if answer.status_code == 301:
            assert answer.location == address.leads_to


@pytest.mark.parametrize(
    "path",
    [
        "/2015/03/01/pier/",
        "/2015/03/pier",
        "/pier/",
        "/world/pier.html",
        "/archives/7",
        "/%ce%b1%ce%b2/",
        "/a/b/c/d/",
    ],
)
def test_permalinks_of_any_form(app, client, tmp_path, path):
    report = bring(tmp_path, exports.item(7, link=SITE + path))

    assert article(7).permalink == path
    assert client.get(path).status_code == 200
    assert leads(report)[path] == (path, 200)
    assert leads(report)["/?p=7"] == (path, 301)
    check(client, report)


def test_a_site_without_permalinks(app, client, tmp_path):
    report = bring(
        tmp_path,
        exports.item(7, link=f"{SITE}/?p=7", post_name="pier"),
        exports.item(8, kind="page", link=f"{SITE}/?page_id=8", post_name="about"),
        exports.item(9, link=f"{SITE}/?p=9", status="draft"),
    )

    assert article(7).permalink == "/2015/03/pier/"
    assert article(8).permalink == "/about/"
    assert leads(report)["/?p=7"] == ("/2015/03/pier/", 301)
    assert leads(report)["/?page_id=8"] == ("/about/", 301)
    assert leads(report)["/?p=9"] == ("", 404)
    check(client, report)


def test_links_that_are_odd(app, tmp_path):
    bring(
        tmp_path,
        exports.item(1, link=f"{SITE}//2015//03/doubled/"),
        exports.item(2, link=f"{SITE}/2015/03/café/"),
        exports.item(3, link="https://elsewhere.example/away/", post_name="away"),
        exports.item(4, link="http://[broken", post_name="broken"),
        exports.item(5, link="", post_name="none"),
        exports.item(6, link=f"{SITE}/" + "x" * 1_200 + "/"),
        exports.item(7, link=f"{SITE}/", kind="page", post_name="front-page"),
        exports.item(8, link="http://WWW.old.example/2015/03/www/"),
        exports.item(9, link="", post_name="", title="Spring tide!"),
    )

    paths = {number: article(number).permalink for number in range(1, 10)}
    assert paths[1] == "/2015/03/doubled/"
    assert paths[2] == "/2015/03/caf%C3%A9/"
    assert paths[3] == "/2015/03/away/"
    assert paths[4] == "/2015/03/broken/"
    assert paths[5] == "/2015/03/none/"
    assert 900 < len(paths[6]) <= 1_000
    assert paths[7] == "/front-page/"
    assert paths[8] == "/2015/03/www/"
    assert paths[9] == "/2015/03/spring-tide/"


def test_a_site_in_a_folder_of_its_host(app, client, tmp_path):
    text = exports.export(exports.item(7, link="https://old.example/blog/pier/")).replace(
        SITE + "<", SITE + "/blog<"
    )
    path = tmp_path / "folder.xml"
    path.write_text(text, encoding="utf-8")
    report = bring_file(path)

    assert report.source == "old.example/blog"
    assert article(7).permalink == "/blog/pier/"
    assert client.get("/blog/pier/").status_code == 200


def test_addresses_of_the_site_itself_are_not_taken(app, client, tmp_path):
    report = bring(
        tmp_path,
        exports.item(1, kind="page", link=f"{SITE}/search/"),
        exports.item(2, kind="page", link=f"{SITE}/moderation/"),
        exports.item(3, kind="page", link=f"{SITE}/feed/"),
    )

    assert [article(number).permalink for number in (1, 2, 3)] == ["/search-2/", "/moderation-2/", "/feed-2/"]
    moved = {each.url.removeprefix(SITE): (each.leads_to, each.note) for each in report.changed_addresses}
    assert moved["/search/"] == ("/search-2/", "this address is the site's own")
    assert client.get("/search-2/").status_code == 200


def test_addresses_of_other_articles_are_not_taken(app, client, tmp_path):
    make_article("Ours", permalink="/2015/03/pier/")

    report = bring(
        tmp_path,
        exports.item(1, link=f"{SITE}/2015/03/Pier/"),
        exports.item(2, link=f"{SITE}/2015/03/pier"),
    )

    assert article(1).permalink == "/2015/03/Pier-2/"
    assert article(2).permalink == "/2015/03/pier-3"
    notes = {each.url.removeprefix(SITE): each.note for each in addresses(report)}
    assert notes["/2015/03/Pier/"] == "another one has this address"


def test_slugs_and_dates_of_before_redirect(app, client, tmp_path):
    report = bring(
        tmp_path,
        exports.item(1, post_name="pier", meta={"_wp_old_slug": "old-pier", "_wp_old_date": "2014-12-31"}),
    )

    assert leads(report)["/2015/03/old-pier/"] == ("/2015/03/pier/", 301)
    assert leads(report)["/2014/12/pier/"] == ("/2015/03/pier/", 301)
    assert client.get("/2015/03/old-pier/").location == "/2015/03/pier/"
    check(client, report)


def test_what_is_not_public_is_said(app, client, tmp_path):
    report = bring(
        tmp_path,
        exports.item(1, status="private"),
        exports.item(2, status="trash"),
        exports.item(
            3, status="future", post_date="2999-01-01 00:00:00", post_date_gmt="2999-01-01 00:00:00"
        ),
        exports.item(4, post_password="enter"),
    )

    notes = {each.url.removeprefix(SITE): (each.status, each.note) for each in addresses(report)}
    assert notes["/2015/03/post-1/"] == (404, "the article is private")
    assert notes["/2015/03/post-2/"] == (404, "the article is trashed")
    assert notes["/2015/03/post-3/"] == (404, "the article is scheduled")
    assert notes["/2015/03/post-4/"] == (200, "asks for its password")
    check(client, report)


def test_lists_keep_their_addresses(app, client, tmp_path):
    report = bring(
        tmp_path,
        exports.author("ann"),
        exports.category(1, "world"),
        exports.category(2, "reefs", parent="world"),
        exports.tag(3, "sea"),
        exports.item(1, exports.label("reefs"), exports.label("sea", domain="post_tag")),
    )

    found = leads(report)
    for path in ("/author/ann/", "/category/world/", "/category/world/reefs/", "/tag/sea/"):
        assert found[path] == (path, 200)
    check(client, report)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/2013/01/05/pier/", "/{year}/{month}/{day}/{slug}/"),
        ("/2013/01/pier", "/{year}/{month}/{slug}"),
        ("/pier/", "/{slug}/"),
        ("/7/pier/", "/{id}/{slug}/"),
        ("/world/pier/", "/{category}/{slug}/"),
        ("/2014/01/pier/", ""),
        ("/archives/7", ""),
        ("/", ""),
    ],
)
def test_the_form_of_permalinks_is_recognised(path, rule):
    from datetime import datetime

    assert wordpress_links.permalink_rule(path, "pier", datetime(2013, 1, 5), 7) == rule  # noqa: DTZ001


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("https://www.old.example/a/?q=1#b", "/a/?q=1#b"),
        ("http://old.example", "/"),
        ("/a//b", "/a//b"),
        ("#", "#"),
        ("?p=7", "/?p=7"),
        ("https://x.example/", "https://x.example/"),
        ("//x.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://old.example//evil.example/", "/evil.example/"),
        ("http://[", ""),
    ],
)
def test_addresses_in_menus(url, local):
    site = wordpress_links.OldSite(SITE, {"old.example"})
    assert site.local(url) == local


def test_what_stood_where_the_site_itself_answers_finds_another_place(app):
    """Below /media/ and the like no number makes an address free: it does not look for one for ever."""
    one, other = make_media(), make_media()
    with transaction():
        first = given.claim("/media/press/", AddressKind.attachment, media_id=one.id)
        second = given.claim("/media/press/", AddressKind.attachment, media_id=other.id)
    assert (first, second) == ("/archived/media/press/", "/archived/media/press-2/")
