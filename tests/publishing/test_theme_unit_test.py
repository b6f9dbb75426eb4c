"""The real export that theme makers test with, brought whole and asked for through the site itself.

It lies beside the checkout and is no part of it, so these tests are skipped where it is missing.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.publishing.helpers import addresses, bring_file
from webapp import create_app
from webapp.database import db
from webapp.models import Article, ArticleTotals, Author, Category, Comment, Media, Menu, MenuItem, Tag
from webapp.publishing import wxr
from webapp.publishing.report import Report

EXPORT = Path(__file__).resolve().parents[3] / "shared/exports/theme-unit-test-data.xml"

pytestmark = pytest.mark.skipif(not EXPORT.is_file(), reason=f"the shared export is not at {EXPORT}")


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One site for all of these tests, since they only look: bringing the export takes seconds."""
    folder = tmp_path_factory.mktemp("theme")
    shutil.copy(migrated_sqlite, folder / "standfirst.sqlite")
    app = create_app({"STANDFIRST_INSTANCE": str(folder), "STANDFIRST_SITE_URL": "http://localhost"})
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def report(app: Flask) -> Report:
    return bring_file(EXPORT)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def items() -> list[wxr.Item]:
    return [record for record in wxr.read(EXPORT) if isinstance(record, wxr.Item)]


def approved(item: wxr.Item, *, mentions: bool) -> list[wxr.Comment]:
    return [
        comment
        for comment in item.comments
        if comment.approved == "1" and (comment.kind in ("pingback", "trackback")) == mentions
    ]


def test_everything_is_accounted_for(report, items):
    kinds = Counter(item.kind for item in items)
    assert {kind: report.tally(kind).found for kind in ("post", "page", "attachment")} == {
        kind: kinds[kind] for kind in ("post", "page", "attachment")
    }
    assert report.tally("menu item").found == kinds["nav_menu_item"]
    comments = sum(
        tally.found for kind, tally in report.rows if kind.startswith(("comment", "pingback", "trackback"))
    )
    assert comments == sum(len(item.comments) for item in items)
    assert db.session.scalar(select(func.count(Article.id))) == kinds["post"] + kinds["page"]
    assert db.session.scalar(select(func.count(Media.id))) == kinds["attachment"]
    assert db.session.scalar(select(func.count(MenuItem.id))) == kinds["nav_menu_item"]
    assert db.session.scalar(select(func.count(Menu.id))) == 6
    assert db.session.scalar(select(func.count(Author.id))) == 2
    tallied = {kind: report.tally(kind).brought for kind in ("category", "tag")}
    assert tallied == {
        "category": db.session.scalar(select(func.count(Category.id))),
        "tag": db.session.scalar(select(func.count(Tag.id))),
    }


def test_every_old_address_answers_as_the_report_says(report, client):
    found = addresses(report)
    assert len(found) > 350
    for address in found:
        parts = urlsplit(address.url)
        path = re.sub(r"^/{2,}", "/", parts.path) + (f"?{parts.query}" if parts.query else "")
        answer = client.get(path)
        assert answer.status_code in (address.status, 200 if "//" in parts.path else address.status), address
        if answer.status_code == 301:
            assert answer.location == address.leads_to, address


def test_everything_published_answers_at_its_old_path_with_its_comments(report, client, items):
    live = [item for item in items if item.kind in ("post", "page") and item.status == "publish"]
    assert len(live) == 77
    for item in live:
        answer = client.get(urlsplit(item.link).path.replace("//", "/"))
        assert answer.status_code == 200, item.link
        if item.password:
            assert "data-comment-count" not in answer.text
            continue
        shown = re.search(r'data-comment-count="(\d+)"', answer.text)
        assert shown, item.link
        assert int(shown[1]) == len(approved(item, mentions=False)), item.link


def test_drafts_and_scheduled_ones_answer_404(report, client, items):
    hidden = [item for item in items if item.kind in ("post", "page") and item.status != "publish"]
    assert {item.status for item in hidden} == {"draft", "future"}
    for item in hidden:
        parts = urlsplit(item.link)
        assert client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path).status_code == 404


def test_threads_stand_as_they_did(report, items):
    parents = {comment.id: comment.parent for item in items for comment in item.comments}
    rows = list(db.session.scalars(select(Comment).order_by(Comment.path)))
    assert {row.id for row in rows} == set(parents)
    for row in rows:
        assert row.parent_id == (parents[row.id] or None)
    totals = dict(db.session.execute(select(ArticleTotals.article_id, ArticleTotals.comment_count)).all())
    for item in items:
        if item.kind in ("post", "page"):
            assert totals[item.id] == len(approved(item, mentions=False))


def test_pages_stand_below_their_parents(report, items):
    parents = dict(db.session.execute(select(Article.id, Article.parent_id)).all())
    for item in items:
        if item.kind == "page":
            assert parents[item.id] == (item.parent or None)


def test_a_second_run_finds_everything_here(report):
    before = addresses(report)

    second = bring_file(EXPORT)

    assert sum(tally.brought for _, tally in second.rows) == 0
    assert addresses(second) == before
    assert addresses(report) == []
