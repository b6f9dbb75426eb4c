"""Reads of what was counted: an article's counters, shares by network, and what is trending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload, load_only

from webapp import clock
from webapp.database import db
from webapp.filters import in_zone
from webapp.models import (
    VIEW,
    Article,
    ArticleTotals,
    Category,
    Comment,
    CommentKind,
    CommentStatus,
    Kind,
    ShareTotal,
    TallyHour,
    TrendingList,
    article_listing,
)
from webapp.sharing.networks import NETWORKS
from webapp.sharing.rules import half_life_hours

RANKING_LIFE = timedelta(minutes=3)
"""A ranking that is older was left behind by a process that does not run any more."""
LONG_HOURS = 30 * 24
"""A window of so many hours is added up rarely (sharing.ranking), and its ranking lives longer."""
LONG_RANKING_LIFE = timedelta(hours=1)
SHARE_WEIGHT, COMMENT_WEIGHT = 3, 5
"""In trending, a share weighs as much as three views and an approved comment as much as five."""


@dataclass(frozen=True)
class Trending:
    """One article of the ranking with what was counted in the window."""

    article_id: int
    score: int
    view_count: int


EPOCH = date(1970, 1, 1)


def today() -> int:
    """Whole days since EPOCH on the paper's own clock."""
    return day_of(clock.now())


def day_of(moment: datetime) -> int:
    """The same of any moment."""
    return (in_zone(moment).date() - EPOCH).days


def live_article(article_id: int) -> Article | None:
    """The article with its lead picture, when readers may see it."""
    return db.session.scalars(_live_query(), {"article": article_id}).one_or_none()


@cache
def _live_query() -> Select[Article]:
    """Made once, and without the article's text: every reader's page asks when it is opened."""
    slim = load_only(
        Article.kind, Article.status, Article.headline, Article.published_at, Article.canonical_url,
        Article.password_hash, Article.lead_media_id, Article.path,
    )  # fmt: skip
    query = select(Article).where(Article.id == bindparam("article"), Article.live())
    return query.options(slim, joinedload(Article.lead_media))


def totals(article_id: int) -> ArticleTotals | None:
    """The totals as they stand now, from the database and not from the session."""
    return counters(article_id)[0]


def counters(article_id: int) -> tuple[ArticleTotals | None, dict[str, int]]:
    """The totals as they stand now, from the database and not from the session, and the shares by network."""
    found = db.session.execute(_counters_query(), {"article": article_id}).first()
    return (found.ArticleTotals, shares_in(found.shares or "")) if found else (None, {})


@cache
def _counters_query() -> Select[ArticleTotals, str]:
    lines = select(share_lines()).where(Article.id == bindparam("article")).correlate(None)
    query = select(ArticleTotals, lines.scalar_subquery().label("shares"))
    query = query.where(ArticleTotals.article_id == bindparam("article"))
    return query.execution_options(populate_existing=True)


def share_lines() -> SQLColumnExpression[str]:
    """For a query of articles: the shares of each by network, as one text for `shares_in`."""
    line = ShareTotal.network + ":" + func.cast(ShareTotal.count, String)
    lines = select(func.aggregate_strings(line, ",")).where(ShareTotal.article_id == Article.id)
    return func.coalesce(lines.correlate(Article).scalar_subquery(), "")


def shares_in(lines: str) -> dict[str, int]:
    """How often an article was shared here, by network in the order of NETWORKS; the values sum up to share_count.

    >>> shares_in("mastodon:3,x:1")
    {'x': 1, 'mastodon': 3}
    """
    found = dict(line.split(":") for line in lines.split(",")) if lines else {}
    return {network.name: int(found[network.name]) for network in NETWORKS if network.name in found}


def shares_by_network(article_id: int) -> dict[str, int]:
    """The same of one article, asked for by itself."""
    return shares_in(db.session.scalar(select(share_lines()).where(Article.id == article_id)) or "")


def trending(window_hours: int, category: Category | None = None, limit: int = 12) -> list[Trending]:
    """The ranking as `standfirst work` made it last, one read; without it, or when that is too long ago, made now."""
    number = category.id if category else 0
    made = db.session.get(TrendingList, (window_hours, number), populate_existing=True)
    life = LONG_RANKING_LIFE if window_hours >= LONG_HOURS else RANKING_LIFE
    if made is None or made.made_at < clock.now() - life:
        return ranked_now(window_hours, category, limit)
    return [Trending(*row) for row in made.ranking[:limit]]


def ranked_now(window_hours: int, category: Category | None = None, limit: int = 12) -> list[Trending]:
    """The open articles (live, no password) with the highest score in the last `window_hours`, in one statement.

    Best first. Score: views + 3 × shares + 5 × comments, each halved once for every quarter of the window that has
    passed since (whole steps, so that both databases compute the same integers). Ties: the newer article first.
    A category includes the ones below it.
    """
    scores = _scores(window_hours)
    query = (
        select(Article.id, scores.c.score, scores.c.views)
        .join(scores, scores.c.article_id == Article.id)
        .where(Article.live(), Article.kind == Kind.article, Article.password_hash.is_(None))
        .order_by(scores.c.score.desc(), Article.published_at.desc(), Article.id.desc())
        .limit(limit)
    )
    if category is not None:
        inside = select(article_listing.c.article_id).where(article_listing.c.above_id == category.id)
        query = query.where(Article.id.in_(inside))
    return [
        Trending(article_id, int(score), int(views)) for article_id, score, views in db.session.execute(query)
    ]


def _scores(window_hours: int) -> Subquery:
    now = clock.now()
    hour = clock.hour_of(now)
    step = half_life_hours(window_hours)
    views = case((TallyHour.metric == VIEW, TallyHour.count), else_=0)
    counted = select(
        TallyHour.article_id,
        (
            TallyHour.count
            * case((TallyHour.metric == VIEW, 1), else_=SHARE_WEIGHT)
            * _halving(TallyHour.hour, hour, step)
        ).label("points"),
        views.label("views"),
    ).where(TallyHour.hour > hour - window_hours)
    starts = [datetime.fromtimestamp((hour - step * n + 1) * 3600, tz=now.tzinfo) for n in range(1, 5)]
    commented = select(
        Comment.article_id,
        (literal(COMMENT_WEIGHT) * _halving_since(Comment.created_at, starts)).label("points"),
        literal(0).label("views"),
    ).where(
        Comment.status == CommentStatus.approved,
        Comment.kind == CommentKind.comment,
        Comment.created_at >= starts[-1],
    )
    both = union_all(counted, commented).subquery()
    return (
        select(
            both.c.article_id, func.sum(both.c.points).label("score"), func.sum(both.c.views).label("views")
        )
        .group_by(both.c.article_id)
        .subquery()
    )


def _halving(hour: SQLColumnExpression[int], now_hour: int, step: int) -> ColumnElement[int]:
    """8 in the newest quarter of the window, then 4, 2, 1."""
    return case(
        (hour > now_hour - step, 8), (hour > now_hour - 2 * step, 4), (hour > now_hour - 3 * step, 2), else_=1
    )


def _halving_since(moment: SQLColumnExpression[datetime], starts: list[datetime]) -> ColumnElement[int]:
    return case((moment >= starts[0], 8), (moment >= starts[1], 4), (moment >= starts[2], 2), else_=1)
