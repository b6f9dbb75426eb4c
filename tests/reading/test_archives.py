"""Archives by category, tag, author and date: what they list, in which order, and how they go on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories import at, make_article, make_author, make_category, make_tag
from tests.statements import counted
from webapp import clock, settings
from webapp.database import db, transaction
from webapp.models import Address, AddressKind, Category, Kind, Status, Tag

LINK = re.compile(r'<h2 class="headline"><a href="/([^"]+)/">')


def listed(page: str) -> list[str]:
    """The slugs of the articles of a list, in their order."""
    return LINK.findall(page)


def make_many(count: int, **fields: object) -> list[str]:
    """Articles a1, a2, …, each a minute older than the one before."""
    start = clock.now() - timedelta(hours=1)
    for number in range(1, count + 1):
        make_article(slug=f"a{number}", published_at=start - timedelta(minutes=number), **fields)
    return [f"a{number}" for number in range(1, count + 1)]


def move(path: str, target: str) -> None:
    with transaction():
        db.session.add(Address(key=path.rstrip("/"), path=path, kind=AddressKind.redirect, target=target))


@pytest.mark.both_databases
def test_a_category_lists_its_articles_and_those_below_it(client: FlaskClient) -> None:
    science = make_category("Science", slug="science", description="What we <know>.")
    stars = make_category("Stars", slug="stars", parent=science)
    dwarfs = make_category("Dwarfs", slug="dwarfs", parent=stars)
    make_category("Science fiction", slug="science_fiction")
    other = make_category("Other", slug="scienceXstars")
    make_article(slug="top", categories=[science], published_at=at("2026-01-03T09:00+00:00"))
    make_article(slug="deep", categories=[dwarfs, stars], published_at=at("2026-01-02T09:00+00:00"))
    make_article(slug="elsewhere", categories=[other])
    page = client.get("/category/science/")
    assert page.status_code == 200
    assert listed(page.text) == ["top", "deep"]
    assert listed(client.get("/category/science/stars/dwarfs/").text) == ["deep"]
    assert "What we &lt;know&gt;." in page.text
    assert page.text.count("<h1") == 1
    assert "<title>Science – Standfirst</title>" in page.text
    assert 'rel="canonical" href="http://localhost/category/science/"' in page.text
    assert 'href="/category/science/feed/"' in page.text
    assert 'href="/category/science/feed/atom/"' in page.text


def test_a_nested_category_says_what_is_above_it(client: FlaskClient) -> None:
    science = make_category("Science", slug="science")
    make_category("Stars", slug="stars", parent=science)
    text = client.get("/category/science/stars/").text
    assert '<a href="/category/science/">Science</a>' in text
    assert "BreadcrumbList" in text


@pytest.mark.parametrize(
    "path",
    ["/category/stars/", "/category/wrong/stars/", "/category/science/stars", "/category/SCIENCE/Stars/"],
)
def test_a_category_has_one_address(client: FlaskClient, path: str) -> None:
    make_category("Stars", slug="stars", parent=make_category("Science", slug="science"))
    answer = client.get(path + "?x=1")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/category/science/stars/?x=1"


def test_letters_outside_ascii_in_a_slug(client: FlaskClient) -> None:
    make_category("Café", slug="café")
    assert client.get("/category/caf%C3%A9/").status_code == 200
    assert client.get("/category/CAF%C3%A9").headers["Location"] == "/category/caf%C3%A9/"


def test_tags_and_authors(client: FlaskClient) -> None:
    make_article(
        slug="mine",
        tags=[make_tag("Ebb & flow", slug="tides")],
        authors=[make_author("Bo", slug="bo", bio="A sailor.")],
    )
    make_article(slug="yours")
    tag, author = client.get("/tag/tides/").text, client.get("/author/bo/").text
    assert listed(tag) == listed(author) == ["mine"]
    assert "<h1>Ebb &amp; flow</h1>" in tag
    assert "A sailor." in author
    assert client.get("/tag/Tides").headers["Location"] == "/tag/tides/"
    assert client.get("/author/BO/").headers["Location"] == "/author/bo/"


@pytest.mark.parametrize(
    "path", ["/category/none/", "/category/a/b/", "/tag/none/", "/author/none/", "/tag/none/feed/"]
)
def test_unknown_lists(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_renamed_lists_lead_to_their_new_address(client: FlaskClient) -> None:
    make_category("Sea", slug="sea")
    make_tag("Tides", slug="tides")
    move("/category/water/", "/category/sea/")
    move("/tag/ebb/", "/tag/tides/")
    assert client.get("/category/water/").headers["Location"] == "/category/sea/"
    assert client.get("/category/water/page/3/").headers["Location"] == "/category/sea/"
    assert client.get("/category/water/feed/").headers["Location"] == "/category/sea/feed/"
    assert client.get("/tag/ebb?x=1").headers["Location"] == "/tag/tides/?x=1"


def test_an_empty_list_says_so(client: FlaskClient) -> None:
    make_category("Sea", slug="sea")
    page = client.get("/category/sea/")
    assert page.status_code == 200
    assert "Nothing has appeared here yet." in page.text
    assert 'content="noindex, follow"' in page.text


@pytest.mark.both_databases
def test_only_live_articles_are_listed(client: FlaskClient) -> None:
    sea = make_category("Sea", slug="sea")
    make_article(slug="live", categories=[sea])
    make_article(slug="page", categories=[sea], kind=Kind.page)
    make_article(slug="ahead", categories=[sea], published_at=clock.now() + timedelta(hours=1))
    for status in (Status.draft, Status.private, Status.trashed, Status.unpublished):
        make_article(slug=status, categories=[sea], status=status)
    assert listed(client.get("/category/sea/").text) == ["live"]


@pytest.mark.both_databases
def test_a_list_goes_on_by_keyset(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 4})
    slugs = make_many(10, categories=[make_category("Sea", slug="sea")])
    found: list[str] = []
    path: str | None = "/category/sea/"
    while path:
        page = client.get(path).text
        found += listed(page)
        older = re.search(r'class="load-more" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else None
        # What appears meanwhile moves nothing.
        make_article(slug=f"new-{len(found)}", categories=[db.session.get_one(Category, 1)])
    assert found == slugs


@pytest.mark.both_databases
def test_articles_of_the_same_moment_keep_their_order(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 2})
    moment = at("2026-01-01T00:00:00.123456+00:00")
    for number in range(5):
        make_article(
            slug=f"a{number}", published_at=moment, tags=[db.session.get(Tag, 1) or make_tag(slug="tides")]
        )
    first = client.get("/tag/tides/").text
    rest = re.search(r'href="(/tag/tides/\?after=[^"]+)"', first)
    assert rest
    assert listed(first) + listed(client.get(rest[1]).text) == ["a4", "a3", "a2", "a1"]


def test_more_of_a_list_as_a_fragment(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 2})
    sea, tides, bo = make_category("Sea", slug="sea"), make_tag(slug="tides"), make_author(slug="bo")
    make_many(5, categories=[sea], tags=[tides], authors=[bo])
    month = f"{clock.now() - timedelta(hours=1):%Y-%m}"
    for page in ("/category/sea/", "/tag/tides/", "/author/bo/", f"/{month.replace('-', '/')}/"):
        link = re.search(
            r'hx-get="([^"]+)"[^>]*hx-select="([^"]+)"', client.get(page).text.replace("\n", " ")
        )
        assert link, page
        answer = client.get(link[1].replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.text.lstrip().startswith('<div id="_archive">')
        assert listed(answer.text) == ["a3", "a4"]
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert 'id="archive-list-more"' in answer.text
    assert client.get("/_fragments/archive?category=none").status_code == 404
    assert client.get("/_fragments/archive?date=2026-99").status_code == 404
    assert client.get("/_fragments/archive?date=x").status_code == 404
    assert client.get("/_fragments/archive?date=1-2-3-4").status_code == 404
    assert listed(client.get("/_fragments/archive").text) == ["a1", "a2"]


@pytest.mark.parametrize("cursor", ["x", "1", "1.2.3", "-", "9" * 30 + ".1", "1.-1", "%00", "²."])
def test_a_cursor_that_is_none(client: FlaskClient, cursor: str) -> None:
    make_category("Sea", slug="sea")
    assert client.get(f"/category/sea/?after={cursor}").status_code == 404
    assert client.get(f"/_fragments/archive?category=sea&after={cursor}").status_code == 404


@pytest.mark.both_databases
def test_numbered_pages_of_wordpress(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 2})
    make_many(5, categories=[make_category("Sea", slug="sea")])
    second = client.get("/category/sea/page/2/").text
    assert listed(second) == ["a3", "a4"]
    assert "<title>Sea, page 2 – Standfirst</title>" in second
    assert 'rel="canonical" href="http://localhost/category/sea/page/2/"' in second
    assert 'href="/category/sea/?after=' in second
    assert listed(client.get("/category/sea/page/3/").text) == ["a5"]
    assert client.get("/category/sea/page/4/").status_code == 404
    assert client.get("/category/sea/page/999999999999999999999/").status_code == 404
    assert client.get("/category/sea/page/1/").headers["Location"] == "/category/sea/"
    assert client.get("/category/wrong/sea/page/2").headers["Location"] == "/category/sea/page/2/"


@pytest.mark.both_databases
def test_numbered_pages_of_several_categories_show_each_article_once(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 2})
    sea = make_category("Sea", slug="sea")
    tides, ships = (make_category(name, slug=name.lower(), parent=sea) for name in ("Tides", "Ships"))
    start = clock.now() - timedelta(hours=1)
    where = ([sea], [tides, ships], [ships], [sea, ships], [tides], [sea, tides, ships], [tides])
    for number, categories in enumerate(where, start=1):
        make_article(slug=f"a{number}", published_at=start - timedelta(minutes=number), categories=categories)
    pages = [listed(client.get(f"/category/sea/page/{number}/").text) for number in (2, 3, 4)]
    assert pages == [["a3", "a4"], ["a5", "a6"], ["a7"]]


def test_the_front_pages_list_by_number(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 2})
    make_many(5)
    second = client.get("/page/2/").text
    assert listed(second) == ["a3", "a4"]
    assert 'href="/page/3/"' in second
    assert 'hx-get="/_fragments/archive?after=' in second
    assert client.get("/page/1/").headers["Location"] == "/"
    assert client.get("/page/4/").status_code == 404


@pytest.mark.both_databases
def test_dates_are_cut_in_the_sites_own_zone(client: FlaskClient) -> None:
    settings.store({"TIME_ZONE": "America/New_York"})
    make_article(slug="eve", published_at=at("2014-01-01T04:59:59+00:00"))
    make_article(slug="new-year", published_at=at("2014-01-01T05:00:00+00:00"))
    make_article(slug="summer", published_at=at("2014-07-01T03:59:59+00:00"))
    assert listed(client.get("/2013/").text) == ["eve"]
    assert listed(client.get("/2013/12/31/").text) == ["eve"]
    assert listed(client.get("/2014/").text) == ["summer", "new-year"]
    assert listed(client.get("/2014/01/01/").text) == ["new-year"]
    assert listed(client.get("/2014/06/").text) == ["summer"]
    assert "<h1>June 2014</h1>" in client.get("/2014/06/").text
    assert "<h1>January 1, 2014</h1>" in client.get("/2014/01/01/").text


@pytest.mark.parametrize(
    "path",
    [
        "/2013/13/",
        "/2013/00/",
        "/2013/02/30/",
        "/2013/1/0/",
        "/0000/",
        "/2013/99999999999999999999/",
        "/2013/-1/",
    ],
)
def test_impossible_dates(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/0001/", "/9999/", "/9999/12/", "/9999/12/31/"])
def test_dates_at_the_ends_of_time(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (200, 404)


def test_dates_have_one_form(client: FlaskClient) -> None:
    assert client.get("/2013/1/").headers["Location"] == "/2013/01/"
    assert client.get("/2013/1/5").headers["Location"] == "/2013/01/05/"
    assert client.get("/2013").headers["Location"] == "/2013/"
    assert client.post("/2013/01/").status_code == 405


def test_a_permalink_goes_before_a_date(client: FlaskClient) -> None:
    make_article("By number", permalink="/2013/")
    make_article("Of a month", permalink="/2014/05/")
    make_article(permalink="/2015/", status=Status.draft)
    assert "By number" in client.get("/2013/").text
    assert "Of a month" in client.get("/2014/05/").text
    assert client.get("/2014/5/").headers["Location"] == "/2014/05/"
    assert "<h1>The year 2015</h1>" in client.get("/2015/").text


@pytest.mark.both_databases
def test_all_months(client: FlaskClient) -> None:
    assert "Nothing has been published yet." in client.get("/archive").text
    settings.store({"TIME_ZONE": "Asia/Tokyo"})
    for moment in ("2013-01-31T15:30+00:00", "2013-02-10T00:00+00:00", "2011-12-31T00:00+00:00"):
        make_article(published_at=at(moment))
    make_article(published_at=at("2012-06-01T00:00+00:00"), status=Status.draft)
    text = client.get("/archive").text
    found = re.findall(r'<a href="(/\d{4}/\d\d/)">(\w+)<.*?(\d+ articles?)</span></li>', text)
    assert found == [("/2013/02/", "February", "2 articles"), ("/2011/12/", "December", "1 article")]
    assert re.findall(r'<a href="(/\d{4}/)">', text) == ["/2013/", "/2011/"]


@pytest.mark.both_databases
def test_a_list_costs_the_same_however_long_it_is(client: FlaskClient) -> None:
    parent = make_category("Science", slug="science")
    stars = make_category("Stars", slug="stars", parent=parent)
    paths = ("/category/science/stars/", "/tag/tides/", "/author/bo/", f"/{clock.now():%Y}/", "/archive")
    shared = {"categories": [stars], "tags": [make_tag(slug="tides")], "authors": [make_author(slug="bo")]}
    make_article(**shared)
    before = {}
    for path in paths:
        client.get(path)
        with counted() as sent:
            client.get(path)
        before[path] = len(sent)
    make_many(15, **shared)
    make_article(password="x", **shared)
    for path in paths:
        with counted() as sent:
            client.get(path)
        assert len(sent) == before[path] <= 8, path
