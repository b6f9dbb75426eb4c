"""The demonstration as a newcomer meets it, and how it makes room for a real paper."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select, text

from tests.factories import make_account, make_comment
from tests.publishing.test_markdown_folder import write
from webapp import clock, create_app, paths, settings
from webapp.cli import cli
from webapp.database import db, transaction
from webapp.models import (
    VIEW,
    Account,
    Article,
    ArticleTotals,
    Comment,
    CommentLike,
    CommentStatus,
    DepthDay,
    ModerationEntry,
    ReferrerDay,
    ShareTotal,
    TallyDay,
    TallyHour,
)
from webapp.publishing import demonstration, emptiness

FOLDER = paths.demonstration_dir()


@pytest.fixture(scope="module")
def loaded_once(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demonstration in it, for the tests to copy: loading takes a second or two."""
    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copy(migrated_sqlite, folder / "standfirst.sqlite")
    app = create_app({"STANDFIRST_INSTANCE": str(folder), "STANDFIRST_SECRET_KEY": "a key for tests only"})
    demonstration.load(app)
    with app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def loaded(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Flask:
    """The application with the demonstration: a copy on SQLite, loaded anew on PostgreSQL."""
    if database:
        app = request.getfixturevalue("app")
        demonstration.load(app)
        return app
    shutil.copytree(request.getfixturevalue("loaded_once"), tmp_path, dirs_exist_ok=True)
    return request.getfixturevalue("app")


def articles() -> list[Article]:
    return list(db.session.scalars(select(Article).where(Article.kind == "article")))


def test_it_fills_an_empty_site_only(loaded: Flask) -> None:
    assert demonstration.is_loaded()
    assert not emptiness.is_empty()
    with pytest.raises(RuntimeError):
        demonstration.load(loaded)


@pytest.mark.both_databases
def test_there_is_something_of_everything(loaded: Flask) -> None:
    words = sorted(article.word_count for article in articles())
    assert len(words) >= 36
    assert words[0] <= 65
    assert words[-1] >= 4500
    assert any(article.lead_media_id is None for article in articles())
    assert any(
        "body-gallery" in article.body_html and "<table" in article.body_html for article in articles()
    )
    assert any("body-pull" in article.body_html and "note-1" in article.body_html for article in articles())
    assert any(article.appendix_html for article in articles())
    sections = select(func.count()).select_from(demonstration.Category)
    assert (db.session.scalar(sections) or 0) >= 7
    statuses = Counter(db.session.scalars(select(Comment.status)))
    assert statuses[CommentStatus.approved] >= 300
    assert statuses[CommentStatus.held] == 8
    assert (statuses[CommentStatus.spam], statuses[CommentStatus.trashed]) == (2, 1)


def test_every_link_in_a_text_leads_somewhere(loaded: Flask, client: FlaskClient) -> None:
    bodies = "".join(db.session.scalars(select(Article.body_html)))
    links = set(re.findall(r'href="(/[^"#]*)', bodies))
    assert len(links) >= 10
    assert "@piece" not in bodies
    for link in links:
        assert client.get(link).status_code == 200, link


def test_every_page_of_a_menu_is_there(loaded: Flask, client: FlaskClient) -> None:
    front = client.get("/").text
    for path in (
        "/about/",
        "/about/house-rules/",
        "/contact/",
        "/places/",
        "/category/sea/",
        "/how-we-count",
    ):
        assert f'href="{path}"' in front
        assert client.get(path).status_code == 200


def test_its_pictures_are_there_small_and_served(loaded: Flask, client: FlaskClient) -> None:
    media = list(db.session.scalars(select(demonstration.Media)))
    assert len(media) >= 16
    for picture in media:
        assert picture.width <= 1600
        assert picture.byte_size <= 120_000
        with client.get(picture.url) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    led = [picture for picture in media if "chart" not in picture.file]
    assert all(picture.alt and picture.caption and picture.credit for picture in led)


def test_every_picture_in_the_folder_is_used() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.md"))
    for path in (FOLDER / "pictures").iterdir():
        assert f"pictures/{path.name}" in texts
        with Image.open(path) as picture:
            assert picture.width == 1600


def test_it_looks_as_if_it_came_out_today(loaded: Flask, client: FlaskClient) -> None:
    now = clock.now()
    assert all(article.published_at and article.published_at <= now for article in articles())
    today = [
        article
        for article in articles()
        if article.published_at and now - article.published_at < timedelta(days=1)
    ]
    assert len(today) >= 10
    assert min(ago.published_at for ago in articles() if ago.published_at) < now - timedelta(days=31)
    newest = db.session.scalar(select(func.max(Comment.created_at)))
    assert newest is not None
    assert newest <= now


def test_discussions_are_lively_and_sound(loaded: Flask) -> None:
    comments = {comment.id: comment for comment in db.session.scalars(select(Comment))}
    assert max(comment.depth for comment in comments.values()) == 5
    most = Counter(comment.article_id for comment in comments.values()).most_common(1)[0][1]
    assert most >= 50
    for comment in comments.values():
        if comment.parent_id:
            parent = comments[comment.parent_id]
            assert parent.article_id == comment.article_id
            assert parent.created_at <= comment.created_at
            assert comment.path.startswith(parent.path)
            assert comment.root_id == parent.root_id
    assert sum(comment.is_by_author for comment in comments.values()) >= 10
    shown = Counter(c.article_id for c in comments.values() if c.status == CommentStatus.approved)
    totals = db.session.execute(select(ArticleTotals.article_id, ArticleTotals.comment_count))
    assert {article_id: number for article_id, number in totals if number} == shown
    likes = Counter(db.session.scalars(select(CommentLike.comment_id)))
    assert all(likes[comment.id] == comment.like_count for comment in comments.values())


def test_the_queue_says_why_each_one_is_held(loaded: Flask) -> None:
    held = list(db.session.scalars(select(Comment).where(Comment.status == CommentStatus.held)))
    rules = {verdict["rule"] for comment in held for verdict in comment.verdicts}
    assert rules == {"first_comment", "links", "moderation_words"}
    assert all(verdict["reason"] for comment in held for verdict in comment.verdicts)
    spam = list(db.session.scalars(select(Comment).where(Comment.status == CommentStatus.spam)))
    assert all(comment.verdicts[0]["rule"] == "disallowed_words" for comment in spam)
    logged = set(db.session.scalars(select(ModerationEntry.comment_id)))
    assert {comment.id for comment in held + spam} <= logged


def test_totals_are_the_sum_of_their_parts(loaded: Flask) -> None:
    counted: dict[int, Counter[str]] = {}
    for table in (TallyHour, TallyDay):
        for row in db.session.scalars(select(table)):
            kind = "views" if row.metric == VIEW else "shares"
            counted.setdefault(row.article_id, Counter())[kind] += row.count
    by_network: Counter[int] = Counter()
    for row in db.session.scalars(select(ShareTotal)):
        by_network[row.article_id] += row.count
    assert by_network == Counter({number: parts["shares"] for number, parts in counted.items()})
    for totals in db.session.scalars(select(ArticleTotals)):
        parts = counted.get(totals.article_id, Counter())
        assert (totals.view_count, totals.share_count) == (parts["views"], parts["shares"])
    assert db.session.scalar(select(func.count()).select_from(TallyDay)) or 0 > 0
    came = select(ReferrerDay.article_id, func.sum(ReferrerDay.count)).group_by(ReferrerDay.article_id)
    hosts = {number: count for number, count in db.session.execute(came)}  # noqa: C416 (rows are no pairs)
    assert hosts == {number: parts["views"] for number, parts in counted.items() if parts["views"]}
    reached = {row.depth for row in db.session.scalars(select(DepthDay))}
    assert reached == {25, 50, 75, 100}
    assert (db.session.scalar(select(func.max(TallyHour.hour))) or 0) <= clock.hour_of(clock.now())


def test_looking_and_liking_do_not_touch_it(loaded: Flask, client: FlaskClient) -> None:
    client.get("/")
    article = articles()[0]
    client.post(f"/articles/{article.id}/views")
    make_account()
    db.session.rollback()
    assert demonstration.is_untouched()


def test_a_reply_touches_it(loaded: Flask) -> None:
    make_comment(articles()[0])
    assert not demonstration.is_untouched()


def test_a_decision_touches_it(loaded: Flask) -> None:
    account = make_account()
    entry = ModerationEntry(
        comment_id=1, account_id=account.id, decision="hold", to_status="held", created_at=clock.now()
    )
    with transaction():
        db.session.add(entry)
    assert not demonstration.is_untouched()


@pytest.mark.both_databases
def test_removing_it_leaves_an_empty_site_with_its_staff(loaded: Flask) -> None:
    make_account("ines@desk.example")
    demonstration.remove()
    assert emptiness.is_empty()
    assert not demonstration.is_loaded()
    for table in (
        "comment",
        "media",
        "address",
        "tag",
        "menu_item",
        "tally_hour",
        "referrer_day",
        "imported_item",
        "moderation_entry",
    ):
        rows = select(func.count()).select_from(db.metadata.tables[table])
        assert db.session.scalar(rows) == 0, table
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1
    assert settings.setting("TIME_ZONE") == "UTC"
    assert not (Path(loaded.instance_path) / "media" / "demonstration").exists()


def test_a_first_import_replaces_it_when_asked_to(loaded: Flask, tmp_path: Path) -> None:
    write(tmp_path / "paper", "a.md", "headline: A paper of my own")
    command = ["import", "markdown", str(tmp_path / "paper")]
    refused = CliRunner().invoke(cli, command, obj=loaded)
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    assert len(articles()) > 1
    done = CliRunner().invoke(cli, [*command, "--yes"], obj=loaded)
    assert done.exit_code == 0
    db.session.rollback()
    assert [article.headline for article in articles()] == ["A paper of my own"]
    assert not demonstration.is_loaded()


def test_a_mistake_in_the_first_import_leaves_it_there(loaded: Flask, tmp_path: Path) -> None:
    write(tmp_path / "paper", "a.md", "headline: A\nkind: page\nparent: about")
    made = CliRunner().invoke(cli, ["import", "markdown", str(tmp_path / "paper"), "--yes"], obj=loaded)
    assert made.exit_code == 1
    assert "no page with the slug “about”" in made.stderr
    assert demonstration.is_untouched()


def test_a_touched_one_is_added_to(loaded: Flask, tmp_path: Path) -> None:
    make_comment(articles()[0])
    before = len(articles())
    write(tmp_path / "paper", "a.md", "headline: One more")
    made = CliRunner().invoke(cli, ["import", "markdown", str(tmp_path / "paper")], obj=loaded)
    assert made.exit_code == 0
    db.session.rollback()
    assert len(articles()) == before + 1


def test_progress_is_told_to_the_end(app: Flask) -> None:
    steps: list[tuple[int, int]] = []
    demonstration.load(app, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] >= 20
