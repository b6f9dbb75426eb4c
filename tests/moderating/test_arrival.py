"""What is kept when a comment arrives."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_article
from tests.moderating.reading_back import comment_count, entries_of
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Article, Comment, CommentStatus
from webapp.moderating.actions import record_arrival
from webapp.moderating.verdicts import Verdict

LINKS = Verdict("links", CommentStatus.held, "3 links; a comment with more than 1 waits.")


def arriving(article: Article, status: str, **fields: str) -> Comment:
    comment = Comment(
        article_id=article.id,
        name="Hana",
        body_source="",
        body_html="",
        created_at=clock.now(),
        status=status,
        **fields,
    )
    db.session.add(comment)
    db.session.flush()
    return comment


def test_verdicts_and_the_first_entry_are_kept(app: Flask):
    article = make_article()
    with transaction():
        comment = arriving(article, "held")
        record_arrival(comment, [LINKS])
    assert comment.verdicts == [LINKS.as_json()]
    (entry,) = entries_of(comment)
    assert (entry.decision, entry.from_status, entry.to_status) == ("arrival", None, "held")
    assert (entry.account_id, entry.reason) == (None, LINKS.reason)
    assert comment_count(article) == 0


@pytest.mark.parametrize(("kind", "count"), [("comment", 1), ("pingback", 0)])
def test_what_passes_is_counted_at_once(app: Flask, kind: str, count: int):
    article = make_article()
    with transaction():
        record_arrival(arriving(article, "approved", kind=kind), [])
    assert comment_count(article) == count


def test_an_arrival_cannot_be_undone(ines):
    with transaction():
        comment = arriving(make_article(), "held")
        entry = record_arrival(comment, [LINKS])
    assert ines.post(f"/moderation/entries/{entry.id}/undo").status_code == 409
    page = ines.get("/moderation/log").text
    assert "A rule" in page
    assert LINKS.reason in page
    assert "/undo" not in page


def test_what_fails_later_leaves_nothing(app: Flask):
    article = make_article()

    def fail() -> None:
        with transaction():
            record_arrival(arriving(article, "approved"), [])
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert comment_count(article) == 0
