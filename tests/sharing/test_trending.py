"""Trending ranks by what happened lately, the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import make_article, make_category, make_comment
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Status
from webapp.sharing import actions
from webapp.sharing.queries import trending
from webapp.sharing.rules import half_life_hours

pytestmark = pytest.mark.both_databases


def happened(article_id: int, metric: str, hours_ago: float, count: int) -> None:
    with transaction():
        actions.add(article_id, metric, clock.hour_of(clock.now() - timedelta(hours=hours_ago)), count)


def test_shares_and_comments_weigh_more_than_views(app: Flask) -> None:
    viewed, shared, discussed, quiet = (
        make_article(name) for name in ("viewed", "shared", "discussed", "quiet")
    )
    happened(viewed.id, "view", 0, 4)
    happened(shared.id, "x", 0, 2)
    make_comment(discussed)
    ranked = trending(24)
    assert [row.article_id for row in ranked] == [shared.id, discussed.id, viewed.id]
    assert [row.view_count for row in ranked] == [0, 0, 4]
    assert quiet.id not in {row.article_id for row in ranked}


def test_what_happened_a_half_life_ago_weighs_half(app: Flask) -> None:
    fresh, old = make_article("fresh"), make_article("old")
    happened(fresh.id, "view", 0, 10)
    happened(old.id, "view", half_life_hours(24) + 1, 19)
    assert [row.article_id for row in trending(24)] == [fresh.id, old.id]
    happened(old.id, "view", half_life_hours(24) + 1, 2)
    assert [row.article_id for row in trending(24)] == [old.id, fresh.id]


def test_what_is_older_than_the_window_does_not_count(app: Flask) -> None:
    article = make_article()
    happened(article.id, "view", 25, 500)
    assert trending(24) == []
    assert [row.article_id for row in trending(7 * 24)] == [article.id]


def test_only_live_articles_trend_and_a_category_includes_those_below_it(app: Flask) -> None:
    science = make_category("Science")
    stars = make_category("Stars", parent=science)
    inside = make_article("inside", categories=[stars])
    outside = make_article("outside", categories=[make_category("Sea")])
    draft = make_article("draft", status=Status.draft)
    for article in (inside, outside, draft):
        happened(article.id, "view", 0, 3)
    db.session.expire_all()
    assert {row.article_id for row in trending(24)} == {inside.id, outside.id}
    assert [row.article_id for row in trending(24, science)] == [inside.id]
