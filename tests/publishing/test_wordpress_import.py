"""Bringing an export in: who and what comes along, on both databases, again, and after an interruption."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.factories import make_article, make_comment
from tests.publishing import exports
from tests.publishing.helpers import addresses, article, bring, bring_file, comments, numbers
from webapp import settings
from webapp.database import db
from webapp.models import (
    Address,
    Article,
    Author,
    Category,
    Comment,
    ImportRun,
    Kind,
    Status,
    Tag,
    article_author,
    article_category,
    article_tag,
)
from webapp.passwords import is_password
from webapp.publishing import wordpress, wordpress_articles

both_databases = pytest.mark.both_databases


def joined(table, target, article_id: int) -> list[str]:
    query = select(target.slug).join(table).where(table.c.article_id == article_id).order_by(table.c.position)
    return list(db.session.scalars(query))


@both_databases
def test_an_article_comes_whole(app, tmp_path):
    bring(
        tmp_path,
        exports.author("ann", "Ann Archer", "ann@old.example"),
        exports.category(3, "world", "World"),
        exports.tag(4, "sea", "Sea"),
        exports.item(
            7,
            exports.label("world"),
            exports.label("sea", domain="post_tag"),
            title="Fish &amp; <em>Chips</em>",
            content="<p>The boats are out.</p>",
            excerpt="A <b>short</b> word.",
            post_date="2015-03-01 04:00:00",
            is_sticky=1,
            comment_status="closed",
            meta={"post_subtitle": "What the sea gives."},
        ),
    )

    brought = article(7)
    assert brought.id == 7
    assert (brought.kind, brought.status) == (Kind.article, Status.published)
    assert (brought.headline, brought.standfirst) == ("Fish & Chips", "What the sea gives.")
    assert (brought.excerpt, brought.body_html.strip()) == ("A short word.", "<p>The boats are out.</p>")
    assert brought.published_at == datetime(2015, 3, 1, 9, tzinfo=UTC)
    assert (brought.is_sticky, brought.comments_open) == (True, False)
    assert brought.permalink == "/2015/03/post-7/"
    assert joined(article_author, Author, 7) == ["ann"]
    assert joined(article_category, Category, 7) == ["world"]
    assert joined(article_tag, Tag, 7) == ["sea"]
    author = db.session.scalars(select(Author)).one()
    assert (author.name, author.email) == ("Ann Archer", "ann@old.example")


def test_title_tagline_zone_and_permalinks_come_along(app, tmp_path):
    bring(
        tmp_path,
        exports.item(1, post_date="2015-03-01 04:00:00"),
        exports.item(2, post_date="2015-03-01 04:00:00"),
    )

    assert settings.setting("SITE_TITLE") == "Old Paper"
    assert settings.setting("SITE_TAGLINE") == "News since 1901"
    assert settings.setting("TIME_ZONE") == "America/New_York"
    assert settings.setting("PERMALINKS") == "/{year}/{month}/{slug}/"


def test_what_the_newsroom_has_set_stays(app, tmp_path):
    settings.store({"SITE_TITLE": "Our Paper"})

    report = bring(tmp_path, exports.item(1))

    assert settings.setting("SITE_TITLE") == "Our Paper"
    assert any("Old Paper" in note for note in report.notes)


def test_statuses(app, tmp_path):
    future = {"post_date": "2999-01-01 00:00:00", "post_date_gmt": "2999-01-01 00:00:00"}
    none = "0000-00-00 00:00:00"
    bring(
        tmp_path,
        exports.item(1),
        exports.item(2, status="draft", post_date_gmt=none, link=f"{exports.SITE}/?p=2"),
        exports.item(3, status="pending", link=f"{exports.SITE}/?p=3"),
        exports.item(4, status="future", **future),
        exports.item(5, status="private"),
        exports.item(6, status="trash"),
        exports.item(7, status="publish", **future),
        exports.item(8, status="publish", post_date=none, post_date_gmt=none),
        exports.item(9, status="archived"),
    )

    found = {each.imported_id: each.status for each in db.session.scalars(select(Article))}
    assert found == {
        1: Status.published,
        2: Status.draft,
        3: Status.draft,
        4: Status.scheduled,
        5: Status.private,
        6: Status.trashed,
        7: Status.scheduled,
        8: Status.published,
        9: Status.draft,
    }
    live = set(db.session.scalars(select(Article.imported_id).where(Article.live())))
    assert live == {1, 8}
    # The export's own date stands in for the one that is missing.
    assert article(8).published_at == datetime(2015, 5, 5, 12, tzinfo=UTC)
    assert article(2).published_at is None


def test_a_password_is_hashed(app, tmp_path):
    bring(tmp_path, exports.item(1, post_password="enter"))

    brought = article(1)
    assert brought.is_protected
    assert "enter" not in (brought.password_hash or "")
    assert is_password(brought.password_hash or "", "enter")


@both_databases
def test_pages_nest_wherever_their_parents_stand(app, tmp_path):
    bring(
        tmp_path,
        exports.item(12, kind="page", post_parent=11, link=f"{exports.SITE}/a/b/c/"),
        exports.item(11, kind="page", post_parent=10, link=f"{exports.SITE}/a/b/"),
        exports.item(10, kind="page", menu_order=4, link=f"{exports.SITE}/a/"),
        exports.item(20, kind="page", post_parent=21),
        exports.item(21, kind="page", post_parent=20),
    )

    assert (article(12).parent_id, article(11).parent_id, article(10).parent_id) == (11, 10, None)
    assert article(12).permalink == "/a/b/c/"
    assert article(10).menu_order == 4
    # Two pages that stand below each other would never end: one of them stands at the top.
    assert {article(20).parent_id, article(21).parent_id} in ({None, 20}, {None, 21})


def test_a_page_whose_discussion_is_closed_and_empty_shows_none(app, tmp_path):
    bring(
        tmp_path,
        exports.item(1, kind="page", comment_status="closed"),
        exports.item(2, exports.comment(5), kind="page", comment_status="closed"),
        exports.item(3, kind="page"),
    )

    assert [article(number).comments_hidden for number in (1, 2, 3)] == [True, False, False]


def test_categories_with_parents_in_any_order_and_in_circles(app, tmp_path):
    bring(
        tmp_path,
        exports.category(1, "reefs", parent="sea"),
        exports.category(2, "sea", parent="world"),
        exports.category(3, "world"),
        exports.category(4, "hen", parent="egg"),
        exports.category(5, "egg", parent="hen"),
        exports.category(6, "%ce%b1%ce%b2", "ΑΒ"),
        exports.item(
            1, exports.label("reefs"), exports.label("unlisted", "Unlisted"), exports.label("%CE%B1%CE%B2")
        ),
    )

    paths = {category.slug: category.path for category in db.session.scalars(select(Category))}
    assert paths["reefs"] == "world/sea/reefs"
    assert paths["unlisted"] == "unlisted"
    assert paths["αβ"] == "αβ"
    assert {paths["hen"], paths["egg"]} == {"egg", "egg/hen"}
    assert joined(article_category, Category, 1) == ["reefs", "unlisted", "αβ"]


def test_the_primary_category_comes_first(app, tmp_path):
    bring(
        tmp_path,
        exports.category(1, "a"),
        exports.category(2, "b"),
        exports.item(1, exports.label("a"), exports.label("b"), meta={"_yoast_wpseo_primary_category": 2}),
    )

    assert joined(article_category, Category, 1) == ["b", "a"]


def test_authors_by_name_guests_and_strangers(app, tmp_path):
    report = bring(
        tmp_path,
        exports.author("ann", "Ann Archer"),
        exports.item(1, creator="Ann Archer"),
        exports.item(2, creator=">ann"),
        exports.item(3, creator="stranger"),
        exports.item(
            4,
            exports.label("cap-guest", "Gus Guest", domain="author"),
            exports.label("cap-ann", "ann", domain="author"),
        ),
    )

    assert numbers(report, "author") == (3, 3, 0, 0)
    bylines = [joined(article_author, Author, number) for number in (1, 2, 3, 4)]
    assert bylines == [["ann"], ["ann"], ["stranger"], ["guest", "ann"]]


@both_databases
def test_a_second_run_doubles_nothing(app, tmp_path):
    parts = (
        exports.author("ann"),
        exports.category(3, "world"),
        exports.tag(4, "sea"),
        exports.term(9, "nav_menu", "main"),
        exports.attachment(5, "2015/03/pier.jpg"),
        exports.item(1, exports.label("world"), exports.comment(1), exports.comment(2, parent=1)),
        exports.item(2, kind="page"),
        exports.menu_item(6, "main", "Sea", url=f"{exports.SITE}/tag/sea/"),
    )
    first = bring(tmp_path, *parts)
    before, list_before = rows(), addresses(first)

    second = bring(tmp_path, *parts)

    assert rows() == before
    for kind, tally in first.rows:
        assert (tally.found, tally.brought) == (second.tally(kind).found, tally.found), kind
        assert (second.tally(kind).brought, second.tally(kind).already_here) == (0, tally.found), kind
    assert addresses(second) == list_before


def rows() -> dict[str, int]:
    """How many rows each table has, but for the list of imports."""
    names = [name for name in db.metadata.tables if name not in ("import_run", "sqlite_sequence")]
    return {
        name: db.session.scalar(select(func.count()).select_from(db.metadata.tables[name])) or 0
        for name in names
    }


def test_what_has_changed_here_is_left_alone_and_new_comments_come(app, tmp_path):
    bring(tmp_path, exports.item(1, exports.comment(1), title="Old"))
    article(1).headline = "Edited here"
    db.session.commit()

    report = bring(
        tmp_path, exports.item(1, exports.comment(1), exports.comment(2, parent=1), title="Changed there")
    )

    assert article(1).headline == "Edited here"
    assert numbers(report, "comment, approved") == (2, 1, 1, 0)
    first, second = comments(1)
    assert (second.parent_id, second.depth, second.root_id) == (first.id, 2, first.id)
    assert article_totals(1).comment_count == 2


def article_totals(number: int):
    from webapp.models import ArticleTotals

    return db.session.get_one(ArticleTotals, article(number).id)


def test_what_was_removed_here_does_not_come_back(app, tmp_path):
    parts = (
        exports.author("ann"),
        exports.tag(4, "sea"),
        exports.item(1, exports.comment(1)),
        exports.item(2),
    )
    bring(tmp_path, *parts)
    for row in (article(1), *db.session.scalars(select(Tag))):
        db.session.delete(row)
    db.session.commit()

    report = bring(tmp_path, *parts)

    assert numbers(report, "post") == (2, 0, 1, 1)
    assert numbers(report, "tag") == (1, 0, 0, 1)
    assert numbers(report, "comment, approved") == (1, 0, 1, 0)
    assert {each.imported_id for each in db.session.scalars(select(Article))} == {2}


@both_databases
def test_an_interrupted_import_goes_on_where_it_was(app, tmp_path, monkeypatch):
    parts = [exports.item(number, exports.comment(number)) for number in range(1, 11)]
    path = exports.write(tmp_path, *parts)
    monkeypatch.setattr(wordpress, "_BATCH", 3)
    whole, calls = wordpress_articles._write_comments, []

    def stop_in_the_middle(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        whole(*args)

    monkeypatch.setattr(wordpress_articles, "_write_comments", stop_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        bring_file(path)
    # The batch that was under way is gone whole; the two before it stay whole.
    assert db.session.scalar(select(func.count(Article.id))) == 6
    assert db.session.scalar(select(func.count(Comment.id))) == 6
    db.session.rollback()

    report = bring_file(path)

    assert numbers(report, "post") == (10, 4, 6, 0)
    assert db.session.scalar(select(func.count(Comment.id))) == 10
    runs = list(db.session.scalars(select(ImportRun).order_by(ImportRun.id)))
    assert [run.finished_at is not None for run in runs] == [False, True]


@both_databases
def test_numbers_that_are_taken_here_are_not_taken_away(app, tmp_path):
    ours = make_article()
    native = make_comment(ours, "Ours")

    bring(
        tmp_path,
        exports.item(ours.id, exports.comment(native.id, content="Theirs"), exports.comment(native.id + 1)),
    )

    brought = article(ours.id)
    assert brought.id != ours.id
    ids = {comment.body_source: comment.id for comment in comments(ours.id)}
    assert ids[f"Comment {native.id + 1}"] == native.id + 1
    assert ids["Theirs"] > native.id + 1
    assert db.session.get_one(Comment, native.id).body_source == "Ours"


@both_databases
def test_new_rows_get_numbers_above_the_kept_ones(app, tmp_path):
    bring(tmp_path, exports.item(500, exports.comment(900)), exports.item(40))

    assert article(40).id == 40
    ours = make_article()
    assert ours.id > 500
    assert make_comment(ours).id > 900


@both_databases
def test_numbers_too_large_to_keep(app, tmp_path):
    bring(tmp_path, exports.item(3_000_000_000, exports.comment(4_000_000_000), title="Large"))

    brought = db.session.scalars(select(Article)).one()
    assert (brought.headline, brought.imported_id) == ("Large", None)
    assert brought.id < 1_000_000_000
    assert make_article().id < 1_000_000_000


@both_databases
def test_two_sites_into_one(app, tmp_path):
    bring(tmp_path, exports.author("ann"), exports.item(1, exports.comment(1), title="First"))
    text = exports.export(
        exports.author("ann", "Ann Other", "ann@other.example"),
        exports.item(1, exports.comment(1), title="Second"),
    )
    path = tmp_path / "other.xml"
    path.write_text(text.replace("old.example", "other.example"), encoding="utf-8")

    report = bring_file(path)

    assert numbers(report, "post") == (1, 1, 0, 0)
    headlines = {each.headline: each.permalink for each in db.session.scalars(select(Article))}
    assert headlines == {"First": "/2015/03/post-1/", "Second": "/2015/03/post-1-2/"}
    assert {each.slug for each in db.session.scalars(select(Author))} == {"ann", "ann-2"}
    assert any(each.note == "another one has this address" for each in addresses(report))


def test_an_item_named_twice_comes_once(app, tmp_path):
    report = bring(tmp_path, exports.item(1, title="One"), exports.item(1, exports.comment(3), title="Two"))

    assert numbers(report, "post") == (2, 1, 0, 1)
    assert numbers(report, "comment, approved") == (1, 0, 0, 1)
    assert article(1).headline == "One"


def test_other_types_are_skipped_with_their_reason(app, tmp_path):
    report = bring(
        tmp_path,
        exports.item(1, kind="revision", status="inherit"),
        exports.item(2, kind="wp_block"),
        exports.item(3, exports.comment(8), kind="product"),
        exports.item(4, status="auto-draft"),
        exports.term(5, "post_format", "post-format-aside"),
    )

    assert dict(report.tally("revision").skipped) == {"an older version of another item": 1}
    assert dict(report.tally("product").skipped) == {"this type has no place here": 1}
    assert dict(report.tally("comment, approved").skipped) == {"its item was not brought": 1}
    assert numbers(report, "post") == (1, 0, 0, 1)
    assert numbers(report, "term of post_format") == (1, 0, 0, 1)
    assert db.session.scalar(select(func.count(Address.id))) == 0


def test_terms_that_stand_only_among_the_terms(app, tmp_path):
    bring(tmp_path, exports.term(1, "category", "world"), exports.term(2, "post_tag", "sea"))

    assert list(db.session.scalars(select(Category.slug))) == ["world"]
    assert list(db.session.scalars(select(Tag.slug))) == ["sea"]


def test_views_and_shares_stand_apart(app, tmp_path):
    report = bring(
        tmp_path,
        exports.item(1, meta={"post_views_count": 1234, "_facebook_shares": 30, "_twitter_shares": 12}),
        exports.item(2, meta={"views": 7, "_total_shares": 5}),
        exports.item(3),
    )

    totals = [article_totals(number) for number in (1, 2, 3)]
    assert [(row.imported_view_count, row.imported_share_count) for row in totals] == [
        (1234, 42),
        (7, 5),
        (0, 0),
    ]
    assert [row.view_count for row in totals] == [0, 0, 0]
    assert totals[0].imported_before == datetime(2015, 5, 5, 12, tzinfo=UTC)
    assert totals[2].imported_before is None
    assert any("post_views_count (1 article)" in note for note in report.notes)


def test_invented_shares_are_named_and_left_out(app, tmp_path):
    parts = []
    for number, views in enumerate((1200, 3400, 560, 7800), 1):
        total = views // 5
        meta = {
            "post_views_count": views,
            "total_shares": total,
            "facebook_shares": round(total * 0.4),
            "twitter_shares": round(total * 0.25),
        }
        parts.append(exports.item(number, meta=meta))

    report = bring(tmp_path, *parts)

    assert [article_totals(number).imported_share_count for number in (1, 2, 3, 4)] == [0, 0, 0, 0]
    assert article_totals(1).imported_view_count == 1200
    (note,) = [note for note in report.notes if "invented" in note]
    assert "20.0% of the views" in note
    assert "Facebook" in note


def test_emoji_and_right_to_left(app, tmp_path):
    bring(tmp_path, exports.item(1, exports.comment(1, content="מים 🌊"), title="שלום 🌊", content="مرحبا"))

    assert article(1).headline == "שלום 🌊"
    assert "مرحبا" in article(1).body_html
    assert "מים 🌊" in comments(1)[0].body_html
