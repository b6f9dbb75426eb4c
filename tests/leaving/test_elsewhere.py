"""Leaving for WordPress, seen by our own importer; and as files for any server."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from tests.factories import make_article, make_author, make_category, make_comment, make_tag
from tests.leaving.test_round_trip import run
from webapp.database import db, transaction
from webapp.models import Address, Article, Author, Category, Comment, Media, Tag
from webapp.publishing.demonstration import load
from webapp.settings import store

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
            )
            for one in comments
        ],
    }


def _to_the_second(value: object) -> object:
    """WordPress keeps no parts of seconds."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


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
    )  # fmt: skip
    make_article("Not yet", slug="not-yet", status="draft", published_at=None)
    first = make_comment(article, "Is it thick?")
    second = make_comment(article, "Very.", parent=first)
    make_comment(article, "Thanks.", parent=second)
    make_comment(article, "Buy now.", status="spam")
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
    for name in ("authors", "categories", "tags", "media", "comments"):
        assert after[name] == before[name], name
    assert [row for row in after["articles"] if row[0] != "Not yet"] == [
        row for row in before["articles"] if row[0] != "Not yet"
    ]
    came = db.session.scalars(select(Article).where(Article.slug == "ice")).one()
    assert came.permalink == "/2026/11/ice/" and came.is_sticky
    assert re.sub(r"\s", "", came.body_html) == re.sub(r"\s", "", body)


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


def test_passwords_are_said_to_stay(app: Flask, tmp_path: Path) -> None:
    make_article("Locked", password="sesame")
    done = run(app, "export", "wordpress", str(tmp_path / "site.xml"))
    assert "1 articles leave as private ones" in done.output
    assert "<wp:status>private</wp:status>" in (tmp_path / "site.xml").read_text()


def test_the_public_site_as_files(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    store({"SITE_TITLE": "The Tide"})
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
