"""Comments of an import: threads, states, dates, and what WordPress's data has of odd ones."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.publishing import exports
from tests.publishing.helpers import article, bring, comments, numbers
from webapp.database import db
from webapp.models import ArticleTotals, Comment, CommentKind, CommentStatus


def count(number: int) -> int:
    return db.session.get_one(ArticleTotals, article(number).id).comment_count


def test_states_and_kinds(app, tmp_path):
    report = bring(
        tmp_path,
        exports.item(
            1,
            exports.comment(1),
            exports.comment(2, approved="0"),
            exports.comment(3, approved="spam"),
            exports.comment(4, approved="trash"),
            exports.comment(5, approved="post-trashed"),
            exports.comment(6, type="pingback"),
            exports.comment(7, type="trackback"),
            exports.comment(8, type="comment"),
            exports.comment(9, type="order_note"),
            exports.comment(10, approved="odd"),
        ),
    )

    found = {each.imported_id: (each.kind, each.status) for each in comments(1)}
    assert found == {
        1: (CommentKind.comment, CommentStatus.approved),
        2: (CommentKind.comment, CommentStatus.held),
        3: (CommentKind.comment, CommentStatus.spam),
        4: (CommentKind.comment, CommentStatus.trashed),
        5: (CommentKind.comment, CommentStatus.trashed),
        6: (CommentKind.pingback, CommentStatus.approved),
        7: (CommentKind.trackback, CommentStatus.approved),
        8: (CommentKind.comment, CommentStatus.approved),
    }
    assert count(1) == 2
    assert numbers(report, "comment, approved") == (2, 2, 0, 0)
    assert numbers(report, "comment, trashed") == (2, 2, 0, 0)
    assert numbers(report, "pingback") == (1, 1, 0, 0)
    assert numbers(report, "comment of type order_note") == (1, 0, 0, 1)
    assert numbers(report, "comment in state odd") == (1, 0, 0, 1)


def test_a_moderator_sees_why_a_comment_waits(app, tmp_path):
    bring(tmp_path, exports.item(1, exports.comment(1, approved="0")))

    (verdict,) = comments(1)[0].verdicts
    assert verdict["reason"] == "It waited for a decision on the old site."


def test_a_commenter_comes_clean(app, tmp_path):
    bring(
        tmp_path,
        exports.item(
            1,
            exports.comment(
                1,
                author="Anne &amp; <b>Co</b>",
                author_email="Anne@Post.Example",
                author_url="javascript:alert(1)",
                content='Hello\n\nthere <script>alert(1)</script><a href="https://x.example">x</a>',
            ),
            exports.comment(2, author="", author_url="https://anne.example/"),
        ),
    )

    first, second = comments(1)
    assert (first.name, first.email, first.website) == ("Anne & Co", "anne@post.example", "")
    assert "<script" not in first.body_html
    assert 'rel="nofollow ugc noopener"' in first.body_html
    assert (second.name, second.website) == ("Anonymous", "https://anne.example/")
    # The old site kept network addresses; they are left behind.
    assert "192.0.2.7" not in str([vars(each) for each in comments(1)])


def test_threads_come_in_any_order(app, tmp_path):
    """The reply stands before its parent in the file; one answers what isn't there; two answer each other."""
    report = bring(
        tmp_path,
        exports.item(
            1,
            exports.comment(3, parent=2),
            exports.comment(2, parent=1),
            exports.comment(1),
            exports.comment(4, parent=99),
            exports.comment(5, parent=6),
            exports.comment(6, parent=5),
        ),
    )

    found = {each.id: each for each in comments(1)}
    assert [(each.id, each.depth) for each in comments(1)][:3] == [(1, 1), (2, 2), (3, 3)]
    assert (found[3].parent_id, found[3].root_id) == (2, 1)
    assert (found[4].parent_id, found[4].depth) == (None, 1)
    assert {found[5].parent_id, found[6].parent_id} in ({None, 5}, {None, 6})
    assert any("parent is not in the export" in note for note in report.notes)


def test_deep_threads_are_flattened_and_stay_in_order(app, tmp_path):
    chain = [
        exports.comment(number, parent=number - 1, date_gmt=f"2015-03-01 10:{number:02d}:00")
        for number in range(1, 10)
    ]
    report = bring(tmp_path, exports.item(1, *chain))

    assert [each.depth for each in comments(1)] == [1, 2, 3, 4, 5, 5, 5, 5, 5]
    assert [each.id for each in comments(1)] == list(range(1, 10))
    assert [each.parent_id for each in comments(1)] == [None, *range(1, 9)]
    assert any("below level 5" in note for note in report.notes)


def test_dates(app, tmp_path):
    none = "0000-00-00 00:00:00"
    bring(
        tmp_path,
        exports.item(
            1,
            exports.comment(1, date="2015-03-01 05:00:00", date_gmt=none),
            exports.comment(2, date=none, date_gmt=none),
            exports.comment(3, date_gmt="2999-01-01 00:00:00"),
            post_date="2015-03-01 04:00:00",
        ),
    )

    found = {each.id: each.created_at for each in comments(1)}
    assert found[1] == datetime(2015, 3, 1, 10, tzinfo=UTC)
    assert found[2] == datetime(2015, 3, 1, 9, tzinfo=UTC)
    # Nobody has written in the future.
    assert found[3] <= datetime.now(UTC)


def test_the_author_is_recognised_by_account_or_address(app, tmp_path):
    bring(
        tmp_path,
        exports.author("ann"),
        exports.item(
            1,
            exports.comment(1, user_id=1),
            exports.comment(2, author_email="Ann@old.example"),
            exports.comment(3),
        ),
    )

    assert {each.id: each.is_by_author for each in comments(1)} == {1: True, 2: True, 3: False}


def test_a_comment_longer_than_any_may_be(app, tmp_path):
    bring(tmp_path, exports.item(1, exports.comment(1, content="long words " * 8_000)))

    assert 60_000 < len(comments(1)[0].body_html) < 70_000


def test_comments_without_numbers_are_not_doubled(app, tmp_path):
    parts = (exports.item(1, exports.comment(0, content="One"), exports.comment(0, content="Two")),)
    bring(tmp_path, *parts)

    report = bring(tmp_path, *parts)

    assert numbers(report, "comment, approved") == (2, 0, 2, 0)
    assert len(comments(1)) == 2


def test_comments_on_media_files_are_reported(app, tmp_path):
    file = exports.attachment(5, "2015/03/pier.jpg").replace("</item>", exports.comment(1) + "</item>")

    report = bring(tmp_path, file)

    assert dict(report.tally("comment, approved").skipped) == {"it stands under a media file": 1}


@pytest.mark.both_databases
def test_five_thousand_comments_on_one_article(app, tmp_path):
    parts = [exports.comment(number, parent=number // 3) for number in range(5_000, 0, -1)]
    began = time.monotonic()

    report = bring(tmp_path, exports.item(1, *parts))

    assert numbers(report, "comment, approved") == (5_000, 5_000, 0, 0)
    assert count(1) == 5_000
    assert db.session.scalar(select(func.count(func.distinct(Comment.path)))) == 5_000
    orphans = select(func.count(Comment.id)).where(Comment.parent_id.is_(None))
    assert db.session.scalar(orphans) == 2
    # Far from quadratic, even on a busy machine.
    assert time.monotonic() - began < 120
