"""Related articles are worked out after publication, stored, and kept up when something changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_article, make_tag
from tests.statements import counted
from webapp import clock
from webapp.database import db
from webapp.models import Article, Status, article_related, article_relating, article_tag
from webapp.publishing.relating import relate_due, waiting
from webapp.reading.related import KEPT, related

pytestmark = pytest.mark.both_databases


def shown(article: Article) -> list[str]:
    db.session.expire_all()
    return [one.headline for one in related(article.id)[0]]


def stored(article: Article) -> list[int]:
    query = db.select(article_related.c.related_id).where(article_related.c.article_id == article.id)
    return list(db.session.scalars(query.order_by(article_related.c.position)))


def test_what_is_worked_out_is_stored_and_read_back_in_few_statements(app: Flask) -> None:
    tag = make_tag()
    article = make_article("This", tags=[tag])
    others = [make_article(f"Like {number}", tags=[tag]) for number in range(20)]
    assert waiting() == 21
    while relate_due():
        pass
    assert waiting() == 0
    assert stored(article) == [other.id for other in reversed(others)][:KEPT]
    with counted() as statements:
        related(article.id)
    assert len(statements) == 2


def test_a_new_article_appears_under_older_ones(app: Flask) -> None:
    tag = make_tag()
    old = make_article("Old", tags=[tag])
    relate_due()
    assert shown(old) == []
    make_article("New", tags=[tag])
    assert relate_due() == 1
    assert len(stored(old)) == 1 and shown(old) == ["New"]


def test_headlines_that_are_alike_come_first_among_equals(app: Flask) -> None:
    tag = make_tag()
    article = make_article("Harbour lights of the northern coast", tags=[tag])
    make_article(
        "Lights along the northern harbour", tags=[tag], published_at=clock.now() - timedelta(days=30)
    )
    make_article("Bread and butter", tags=[tag])
    relate_due()
    assert shown(article) == ["Lights along the northern harbour", "Bread and butter"]


def test_a_change_of_tags_or_status_or_headline_is_noticed(app: Flask) -> None:
    tag = make_tag()
    article, other = make_article("This"), make_article("Other", tags=[tag])
    relate_due()
    db.session.execute(db.insert(article_tag).values(article_id=article.id, tag_id=tag.id))
    db.session.commit()
    assert waiting() == 1
    relate_due()
    assert shown(article) == ["Other"]
    other.status = Status.unpublished
    db.session.commit()
    assert shown(article) == [], "what was taken down is gone at once"
    db.session.execute(db.delete(article_tag).where(article_tag.c.article_id == article.id))
    db.session.commit()
    relate_due()
    assert stored(article) == []


def test_a_scheduled_article_waits_for_its_time(app: Flask) -> None:
    article = make_article("Soon", status=Status.scheduled, published_at=clock.now() + timedelta(hours=1))
    assert relate_due() == 0
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert relate_due() == 1
    db.session.delete(article)
    db.session.commit()
    assert relate_due() == 0


def test_what_is_gone_waits_for_nothing(client: FlaskClient) -> None:
    article = make_article("This", tags=[make_tag()])
    db.session.delete(article)
    db.session.commit()
    assert relate_due() == 0
    assert db.session.scalars(db.select(article_relating)).all() == [article.id], "harmless, and small"
