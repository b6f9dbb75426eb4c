"""The numbers of an article and of the paper are those that were counted."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.factories import make_article, make_comment
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import VIEW, DepthDay, ReferrerDay, SiteHour, TallyDay
from webapp.sharing import actions
from webapp.sharing.most_read import rank_most_read
from webapp.sharing.queries import today
from webapp.sharing.rules import OTHERS
from webapp.writing import numbers, reached

pytestmark = pytest.mark.both_databases


def counted(article_id: int, hours_ago: int, count: int, metric: str = VIEW) -> None:
    hour = clock.hour_of(clock.now() - timedelta(hours=hours_ago))
    with transaction():
        actions.add(article_id, metric, hour, count)


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


def came(article_id: int, days_ago: int, host: str, count: int) -> None:
    with transaction():
        db.session.add(ReferrerDay(article_id=article_id, day=today() - days_ago, host=host, count=count))


def read(article_id: int, days_ago: int, **counts: int) -> None:
    with transaction():
        for name, count in counts.items():
            depth = int(name.removeprefix("to_"))
            db.session.add(DepthDay(article_id=article_id, day=today() - days_ago, depth=depth, count=count))


def test_where_readers_of_an_article_came_from(editor: Staff) -> None:
    article, other = make_article("Ice"), make_article("Wind")
    for number in range(12):
        came(article.id, number, f"host-{number:02}.example", 20 - number)
    came(article.id, 40, "host-00.example", 20)
    came(article.id, 0, "", 50)
    came(article.id, 0, OTHERS, 4)
    came(other.id, 3, "host-00.example", 10)
    came(other.id, 3, "", 30)
    came(other.id, 31, "host-00.example", 1000)  # Too long ago to be usual.
    found = reached.of_article(article)
    assert found.views == sum(part.count for part in found.sources) == 248
    assert found.since == date(1970, 1, 1) + timedelta(days=today() - 40)
    assert [part.words for part in found.sources[:3]] == [
        "Direct or unknown",
        "host-00.example",
        "host-01.example",
    ]
    assert (found.sources[1].count, round(found.sources[1].share), found.sources[1].usual) == (40, 16, 25.0)
    assert len(found.sources) == 11
    assert (found.sources[-1].words, found.sources[-1].count, found.sources[-1].usual) == (
        "All others",
        34,
        0.0,
    )
    page = editor.get(f"/desk/articles/{article.id}/numbers").text
    assert "host-00.example" in page and "16 %" in page and "25 %" in page
    assert 'href="http://host-00.example' not in page and 'href="https://host-00.example' not in page


def test_how_far_an_article_is_read(editor: Staff) -> None:
    article, other = make_article("Ice"), make_article("Wind")
    came(article.id, 0, "", 80)
    read(article.id, 0, to_25=60, to_50=40, to_75=20)
    came(other.id, 2, "", 20)
    read(other.id, 2, to_25=10, to_50=10, to_75=10, to_100=10)
    found = reached.of_article(article)
    assert [(part.words, part.count, part.share, part.usual) for part in found.depths] == [
        ("A quarter", 60, 75.0, 50.0),
        ("Half", 40, 50.0, 50.0),
        ("Three quarters", 20, 25.0, 50.0),
        ("To the end", 0, 0.0, 50.0),
    ]
    page = editor.get(f"/desk/articles/{article.id}/numbers").text
    assert "Three quarters" in page and 'width="25.0"' in page


def test_the_paper_beside_the_days_before(editor: Staff) -> None:
    article, other = make_article("Ice"), make_article("Wind")
    came(article.id, 0, "news.example", 3)
    came(other.id, 6, "news.example", 1)
    came(other.id, 7, "news.example", 10)
    came(other.id, 36, "", 10)
    came(other.id, 37, "", 1000)
    found = reached.of_site(7)
    assert [(part.words, part.count, part.share, part.usual) for part in found.sources] == [
        ("news.example", 4, 100.0, 50.0)
    ]
    page = editor.get("/desk/numbers?days=7").text
    assert "news.example" in page and "the 30 days before" in page


def test_too_few_views_make_nothing_usual(editor: Staff) -> None:
    article, other = make_article("Ice"), make_article("Wind")
    came(article.id, 0, "news.example", 3)
    came(other.id, 0, "", 19)
    found = reached.of_article(article)
    assert not found.has_usual and found.sources[0].usual is None
    assert "Usual" not in editor.get(f"/desk/articles/{article.id}/numbers").text


def test_nobody_came_yet(editor: Staff) -> None:
    article = make_article("Ice")
    for path in ("/desk/numbers", f"/desk/articles/{article.id}/numbers"):
        assert editor.get(path).text.count("Nothing has been counted here yet.") == 2


def test_a_hostile_host_is_only_text(editor: Staff) -> None:
    article = make_article("Ice")
    came(article.id, 0, "<b>evil</b>.example", 3)
    page = editor.get(f"/desk/articles/{article.id}/numbers").text
    assert "<b>evil" not in page and "&lt;b&gt;evil" in page


def test_the_hours_of_the_paper_are_those_of_its_articles_added_up(app: object) -> None:
    first, second = make_article("Ice"), make_article("Wind")
    hour = clock.hour_of(clock.now())
    with transaction():
        for article, metric, count in (
            (first, VIEW, 1),
            (first, VIEW, 2),
            (second, VIEW, 4),
            (first, "x", 3),
        ):
            actions.add(article.id, metric, hour, count)
        actions.add(first.id, VIEW, hour - 1, 10)
    query = select(SiteHour.metric, SiteHour.hour, func.sum(SiteHour.count))
    rows = db.session.execute(query.group_by(SiteHour.metric, SiteHour.hour))
    assert sorted(tuple(row) for row in rows) == [(VIEW, hour - 1, 10), (VIEW, hour, 7), ("x", hour, 3)]


def test_hours_of_the_paper_go_when_those_of_its_articles_are_folded(app: object) -> None:
    article = make_article("Ice")
    counted(article.id, 24 * 40, 5)
    counted(article.id, 1, 2)
    actions.fold_hours_into_days()
    assert db.session.scalar(select(func.sum(SiteHour.count))) == 2


def test_what_was_read_most_is_kept_for_a_while(editor: Staff) -> None:
    first, second = make_article("Ice"), make_article("Wind")
    counted(first.id, 1, 5)
    assert rank_most_read() == 3 and rank_most_read() == 0
    counted(second.id, 1, 9)
    assert [(one.headline, count) for one, count in numbers.of_site(7)[1]] == [("Ice", 5)]
    assert sum(numbers.of_site(7)[0].views) == 14
    for minutes in (16, 200):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            if minutes == 16:
                assert rank_most_read() == 3
            assert [one.headline for one, _ in numbers.of_site(7)[1]] == ["Wind", "Ice"]
