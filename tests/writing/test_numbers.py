"""The numbers of an article and of the paper are those that were counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.factories import make_article, make_comment
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import VIEW, TallyDay, TallyHour
from webapp.writing import numbers

pytestmark = pytest.mark.both_databases


def counted(article_id: int, hours_ago: int, count: int, metric: str = VIEW) -> None:
    hour = clock.hour_of(clock.now() - timedelta(hours=hours_ago))
    with transaction():
        db.session.add(TallyHour(article_id=article_id, metric=metric, hour=hour, count=count))


def test_an_article_beside_the_usual(editor: Staff) -> None:
    now = clock.now()
    for number in range(5):
        other = make_article(f"Before {number}", published_at=now - timedelta(days=20 + number))
        counted(other.id, 24 * (19 + number), 10 * (number + 1))
        counted(other.id, 2, 500)  # Long after its first week: not compared.
    article = make_article("Ice", published_at=now - timedelta(days=2))
    counted(article.id, 30, 60)
    counted(article.id, 1, 30)
    counted(article.id, 5, 4, "mastodon")
    make_comment(article)
    figures = numbers.of_article(article)
    assert (figures.early, figures.usual, figures.times_the_usual) == (90, 30, "3.0")
    assert sum(figures.views) == 90 and len(figures.days) in (3, 4)
    assert figures.shares == {"mastodon": 4} and figures.comments == {"approved": 1}
    page = re.sub(r"\s+", " ", editor.get(f"/desk/articles/{article.id}/numbers").text)
    assert "3.0 times the usual 30 of the 30 articles before it" in page and "Mastodon" in page
    drawn = editor.get(f"/desk/articles/{article.id}/numbers.svg?theme=dark")
    assert drawn.mimetype == "image/svg+xml" and "<script" not in drawn.text
    assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]


def test_days_that_were_folded_count_as_well(editor: Staff) -> None:
    article = make_article("Old", published_at=clock.now() - timedelta(days=60))
    with transaction():
        day = clock.day_of(clock.now() - timedelta(days=45))
        db.session.add(TallyDay(article_id=article.id, metric=VIEW, day=day, count=7))
    assert sum(numbers.of_article(article).views) == 7


def test_the_paper(editor: Staff) -> None:
    first, second = make_article("Ice"), make_article("Wind")
    counted(first.id, 1, 5)
    counted(second.id, 30, 9)
    counted(second.id, 24 * 10, 100)
    counted(first.id, 2, 3, "x")
    figures, best = numbers.of_site(7)
    assert sum(figures.views) == 14 and figures.shares == {"x": 3}
    assert [(article.headline, count) for article, count in best] == [("Wind", 9), ("Ice", 5)]
    page = editor.get("/desk/numbers?days=7").text
    assert page.index("Wind") < page.index("Ice")
    assert editor.get("/desk/numbers?days=8").status_code == 404


def test_nothing_to_count_yet(editor: Staff, author: Staff) -> None:
    draft = make_article("Draft", status="draft", published_at=None)
    assert editor.get(f"/desk/articles/{draft.id}/numbers").status_code == 404
    assert author.get("/desk/numbers").status_code == 403
    assert "Nothing was read" in editor.get("/desk/numbers").text
