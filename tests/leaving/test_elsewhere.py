"""Leaving for WordPress, seen by our own importer; and as files for any server."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from tests.factories import make_article, make_author, make_category, make_comment, make_media, make_tag
from tests.leaving.test_round_trip import run
from webapp.database import db, transaction
from webapp.models import (
    Address,
    Article,
    ArticleTotals,
    Author,
    Category,
    Comment,
    Media,
    Menu,
    MenuItem,
    Tag,
)
from webapp.publishing.demonstration import load
from webapp.settings import setting, store

Row = tuple[object, ...]


def content() -> dict[str, list[Row]]:
    """What a reader could tell two sites apart by."""
    db.session.expire_all()
    articles = select(
        Article.headline, Article.standfirst, Article.slug, Article.published_at, Article.status, Article.kind
    )
    names = {one.id: one.headline for one in db.session.scalars(select(Article))}
    comments = list(db.session.scalars(select(Comment).order_by(Comment.id)))
    texts = {one.id: one.body_html for one in comments}
    return {
        "articles": sorted(
            (tuple(_to_the_second(value) for value in row) for row in db.session.execute(articles)), key=str
        ),
        "authors": sorted(tuple(row) for row in db.session.execute(select(Author.name, Author.slug))),
        "categories": sorted(tuple(row) for row in db.session.execute(select(Category.path, Category.name))),
        "tags": sorted(tuple(row) for row in db.session.execute(select(Tag.slug, Tag.name))),
        "media": sorted(tuple(row) for row in db.session.execute(select(Media.file, Media.alt))),
        "comments": [
            (
                names[one.article_id],
                one.name,
                one.status,
                one.body_html,
                texts.get(one.parent_id or 0, ""),
                _to_the_second(one.created_at),
                one.like_count,
            )
            for one in comments
        ],
        "numbers": sorted(
            (names[one.article_id], one.views_shown, one.shares_shown)
            for one in db.session.scalars(select(ArticleTotals))
        ),
        "menus": sorted(menus(), key=str),
    }


def menus() -> list[Row]:
    """Every menu with its place, and its items as they are read: order, labels, what each leads to and stands under."""
    found: list[Row] = []
    for menu in db.session.scalars(select(Menu)):
        items = db.session.scalars(
            select(MenuItem).where(MenuItem.menu_id == menu.id).order_by(MenuItem.position, MenuItem.id)
        ).all()
        order: dict[int | None, int] = {}
        lines: list[Row] = []
        names = {item.id: (item.label, _target(item)) for item in items}
        for item in items:
            order[item.parent_id] = order.get(item.parent_id, 0) + 1
            above = names.get(item.parent_id or 0)
            lines.append((str(above), order[item.parent_id], *names[item.id], item.description))
        found.append((menu.slug, menu.name, menu.location, tuple(sorted(lines, key=str))))
    return found


def _target(item: MenuItem) -> str:
    for model, number in ((Article, item.article_id), (Category, item.category_id), (Tag, item.tag_id)):
        if number:
            return f"{model.__tablename__} {db.session.get_one(model, number).slug}"
    return item.url


def _to_the_second(value: object) -> object:
    """WordPress keeps no parts of seconds."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def make_menu(slug: str, name: str, location: str | None, *links: dict[str, Any]) -> None:
    """`links`: the fields of each; `under` names the label of the one that it stands under."""
    with transaction():
        menu = Menu(slug=slug, name=name, location=location)
        db.session.add(menu)
        db.session.flush()
        made: dict[str, int] = {}
        for position, fields in enumerate(links):
            above = made.get(fields.pop("under", "no other"))
            item = MenuItem(menu_id=menu.id, position=position, parent_id=above, **fields)
            db.session.add(item)
            db.session.flush()
            made[item.label] = item.id


def emptied(app: Flask) -> None:
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.execute(delete(Address))
    db.session.expire_all()


@pytest.mark.both_databases
def test_a_site_goes_to_wordpress_and_comes_back(app: Flask, tmp_path: Path) -> None:
    store({"SITE_TITLE": "The Tide", "TIME_ZONE": "Europe/Dublin"})
    sea = make_category("Sea", slug="sea")
    harbours = make_category("Harbours", slug="harbours", parent=sea)
    mara, kofi = make_author("Mara", slug="mara"), make_author("Kofi", slug="kofi")
    body = "<p>Ice &amp; “water” &lt;b&gt; \U0001f600</p><ul><li>one</li></ul>"
    article = make_article(
        "Ice & <water>", body=body, slug="ice", permalink="/2026/11/ice/", authors=[mara, kofi],
        categories=[harbours, sea], tags=[make_tag("Ice", slug="ice")], standfirst="It came early.", is_sticky=True,
        view_count=41, imported_view_count=1000, share_count=3,
    )  # fmt: skip
    make_article("Not yet", slug="not-yet", status="draft", published_at=None)
    first = make_comment(article, "Is it thick?")
    second = make_comment(article, "Very.", parent=first)
    make_comment(article, "Thanks.", parent=second)
    make_comment(article, "Buy now.", status="spam")
    with transaction():
        first.like_count = 12
    before = content()
    file = tmp_path / "site.xml"
    done = run(app, "export", "wordpress", str(file))
    assert done.exit_code == 0, done.output
    root = ET.parse(file).getroot()
    assert root.find("channel/{http://wordpress.org/export/1.2/}wxr_version") is not None
    emptied(app)
    back = run(app, "import", "wordpress", str(file), "--yes")
    assert back.exit_code == 0, back.output
    after = content()
    drafts = [row for row in after["articles"] if row[0] == "Not yet"]
    assert [row[:3] for row in drafts] == [("Not yet", "", "not-yet")]
    for name in ("authors", "categories", "tags", "media", "comments", "numbers"):
        assert after[name] == before[name], name
    assert [row for row in after["articles"] if row[0] != "Not yet"] == [
        row for row in before["articles"] if row[0] != "Not yet"
    ]
    came = db.session.scalars(select(Article).where(Article.slug == "ice")).one()
    assert came.permalink == "/2026/11/ice/" and came.is_sticky
    assert re.sub(r"\s", "", came.body_html) == re.sub(r"\s", "", body)


@pytest.mark.both_databases
def test_menus_go_to_wordpress_and_come_back(app: Flask, tmp_path: Path) -> None:
    # Ours have the same numbers where WordPress has one row of them: a category, a tag, a menu; articles, files, items.
    sea, ice = make_category("Sea", slug="sea"), make_tag("Ice", slug="ice")
    make_media(file="2026/12/pier.jpg")
    piece = make_article("Ice", slug="ice-piece")
    page = make_article("About us", slug="about", kind="page")
    make_menu(
        "left", "In the footer", "main",
        {"label": "Fish & <chips>", "url": "/fish/?a=1#top", "description": "What we eat & why"},
        {"label": "", "category_id": sea.id, "under": "Fish & <chips>"},
        {"label": "Cold", "tag_id": ice.id, "under": "Fish & <chips>"},
        {"label": "Colder", "article_id": piece.id, "under": "Cold"},
        {"label": "", "article_id": page.id},
        {"label": "Shop", "url": "https://shop.example/?b=2&c=3"},
        {"label": "Nowhere", "url": "#"},
    )  # fmt: skip
    with transaction():
        last = db.session.scalars(select(MenuItem).where(MenuItem.label == "Shop")).one()
        last.position = -1
    make_menu("top-links", "Main menu", None, {"label": "Home", "url": "/"})
    before = content()
    file = tmp_path / "site.xml"
    assert run(app, "export", "wordpress", str(file)).exit_code == 0
    emptied(app)
    back = run(app, "import", "wordpress", str(file), "--yes")
    assert back.exit_code == 0, back.output
    after = content()
    assert after["menus"] == before["menus"]
    assert [row[2] for row in after["menus"]] == ["main", None]
    assert ("None", 1, "Shop", "https://shop.example/?b=2&c=3", "") in after["menus"][0][3]


def test_the_export_is_what_wordpress_reads(app: Flask, tmp_path: Path) -> None:
    """Terms share one row of numbers in WordPress, and so do all items; a menu's item names each of its fields."""
    sea, ice = make_category("Sea", slug="sea"), make_tag("Ice", slug="ice")
    make_media(file="2026/12/pier.jpg")
    piece = make_article("Ice", slug="ice-piece", view_count=7)
    comment = make_comment(piece)
    with transaction():
        comment.like_count = 2
    make_menu(
        "main", "Main", "main",
        {"label": "A", "tag_id": ice.id}, {"label": "B", "category_id": sea.id, "under": "A"},
        {"label": "C", "article_id": piece.id}, {"label": "D", "url": "/d/"},
    )  # fmt: skip
    file = tmp_path / "site.xml"
    assert run(app, "export", "wordpress", str(file)).exit_code == 0
    wp = "{http://wordpress.org/export/1.2/}"
    channel = ET.parse(file).getroot().find("channel")
    assert channel is not None
    numbers = {
        one.tag.removeprefix(wp): one.findtext(f"{wp}term_id")
        for one in channel
        if one.find(f"{wp}term_id") is not None
    }
    assert set(numbers) == {"category", "tag", "term"} and len(set(numbers.values())) == 3
    items = channel.findall("item")
    ids = [one.findtext(f"{wp}post_id") for one in items]
    assert len(set(ids)) == len(ids) == 6
    links = [one for one in items if one.findtext(f"{wp}post_type") == "nav_menu_item"]
    fields = [
        {m.findtext(f"{wp}meta_key"): m.findtext(f"{wp}meta_value") for m in one.findall(f"{wp}postmeta")}
        for one in links
    ]
    # WordPress's importer asks for every one of these.
    names = ("type", "menu_item_parent", "object_id", "object", "target", "classes", "xfn", "url")
    assert all(set(one) == {f"_menu_item_{name}" for name in names} for one in fields)
    told = [
        tuple(one[f"_menu_item_{name}"] for name in ("type", "object", "object_id", "url")) for one in fields
    ]
    assert told == [
        ("taxonomy", "post_tag", numbers["tag"], ""),
        ("taxonomy", "category", numbers["category"], ""),
        ("post_type", "post", str(piece.id), ""),
        ("custom", "custom", links[3].findtext(f"{wp}post_id"), setting("SITE_URL") + "/d/"),
    ]
    assert [one.findtext(f"{wp}menu_order") for one in links] == ["1", "2", "3", "4"]
    assert fields[1]["_menu_item_menu_item_parent"] == links[0].findtext(f"{wp}post_id")
    assert {one.find("category").get("nicename") for one in links} == {"main"}  # pyright: ignore[reportOptionalMemberAccess]
    text = file.read_text()
    assert "<wp:meta_key>views</wp:meta_key>\n<wp:meta_value>7</wp:meta_value>" in text
    assert (
        "<wp:commentmeta>\n<wp:meta_key>cld_like_count</wp:meta_key>\n<wp:meta_value>2</wp:meta_value>"
        in text
    )


EXPORT = Path(__file__).resolve().parents[3] / "shared/exports/theme-unit-test-data.xml"


@pytest.mark.skipif(not EXPORT.is_file(), reason=f"the shared export is not at {EXPORT}")
def test_a_real_sites_menus_go_on_as_they_came(app: Flask, tmp_path: Path) -> None:
    assert run(app, "import", "wordpress", str(EXPORT), "--yes").exit_code == 0
    before = content()
    assert any(row[3] for row in before["menus"])
    file = tmp_path / "site.xml"
    assert run(app, "export", "wordpress", str(file)).exit_code == 0
    emptied(app)
    assert run(app, "import", "wordpress", str(file), "--yes").exit_code == 0
    assert content()["menus"] == before["menus"]


def test_the_demonstration_goes_to_wordpress_and_comes_back(app: Flask, tmp_path: Path) -> None:
    load(app)
    before = content()
    file = tmp_path / "site.xml"
    assert run(app, "export", "wordpress", str(file)).exit_code == 0
    media = tmp_path / "uploads"
    shutil.copytree(Path(app.instance_path) / "media", media)
    emptied(app)
    back = run(app, "import", "wordpress", str(file), "--media", str(media), "--yes")
    assert back.exit_code == 0, back.output
    after = content()
    assert len(after["articles"]) == len(before["articles"])
    assert [row[:2] for row in after["articles"]] == [row[:2] for row in before["articles"]]
    assert len(after["comments"]) == len(before["comments"])
    assert after["categories"] == before["categories"] and after["tags"] == before["tags"]
    assert before["menus"] and after["menus"] == before["menus"]
    views = {row[0]: row[1] for row in before["numbers"]}
    assert any(views.values()) and {row[0]: row[1] for row in after["numbers"]} == views
    likes = [row[-1] for row in before["comments"]]
    assert any(likes) and [row[-1] for row in after["comments"]] == likes


def test_passwords_are_said_to_stay(app: Flask, tmp_path: Path) -> None:
    make_article("Locked", password="sesame")
    done = run(app, "export", "wordpress", str(tmp_path / "site.xml"))
    assert "1 article leaves as private" in done.output
    assert "<wp:status>private</wp:status>" in (tmp_path / "site.xml").read_text()


def test_the_public_site_as_files(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    store({"SITE_TITLE": "The Tide", "NEWSLETTER": "daily"})
    assert "newsletter-block" in client.get("/").text
    sea = make_category("Sea", slug="sea")
    article = make_article("Ice", permalink="/2026/11/ice/", categories=[sea])
    make_comment(article, "Is it thick?")
    make_comment(article, "Never seen.", status="held")
    make_article("Not yet", status="draft", published_at=None)
    make_article("Locked", password="sesame", body="<p>Behind a door.</p>", permalink="/locked/")
    done = run(app, "export", "static", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    root = tmp_path / "out"
    page = (root / "2026/11/ice/index.html").read_text()
    assert "Is it thick?" in page and "The tide came in at ten." in page
    assert "<form" not in page and "hx-" not in page and "<script src" not in page
    assert not re.search(r"data-later|/static/site\.[0-9a-f]+\.js", page), "no script of the site's is there"
    assert (
        (root / "index.html").is_file()
        and (root / "feed/index.xml").is_file()
        and (root / "sitemap.xml").is_file()
    )
    everything = "".join(
        one.read_text(errors="replace") for one in root.rglob("*") if one.suffix in (".html", ".xml")
    )
    for secret in ("Never seen.", "Not yet", "Behind a door."):
        assert secret not in everything
    for lively in ("newsletter-block", 'href="/newsletter"', 'href="/write-to-us"'):
        assert lively not in everything, "nobody would answer"
    # Whatever a page shows is there: styles, fonts, pictures, the pages that it links to.
    for address in set(re.findall(r'(?:href|src)="(/[^"?#]*)', page)):
        if address.startswith(("/search", "/sign-in", "/bookmarks", "/privacy")) or "/reply" in address:
            continue
        target = root / address.lstrip("/")
        assert target.is_file() or (target / "index.html").is_file() or (target / "index.xml").is_file(), (
            address
        )
    again = run(app, "export", "static", str(root))
    assert again.exit_code == 1 and "not an empty folder" in again.output
