"""The front page, the news feed (latest and trending, as pages and as fragments) and related articles."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from webapp.converters import id_from
from webapp.models import Article, Category
from webapp.reading import queries, related, rules
from webapp.reading.keyset import Cursor
from webapp.sharing.queries import COMMENT_WEIGHT, SHARE_WEIGHT, Trending, trending
from webapp.sharing.rules import half_life_hours
from webapp.site import current_site

bp = Blueprint("reading", __name__)
bp.add_app_template_filter(rules.headline_of, "headline")

FRAGMENT_SECONDS = 60
"""How long a fragment may be kept; its relative times are kept true by the browser."""


@bp.get("/")
def front() -> str:
    """Lead, seconds, sections with rhythms of their own, the latest and what is trending."""
    ranked = trending(rules.TRENDING_HOURS, limit=rules.RANKED_LENGTH)
    composed, found = composed_front(row.article_id for row in ranked)
    return render_template("reading/front.html", front=composed, **_ranking(ranked, found))


def composed_front(more: Iterable[int] = ()) -> tuple[rules.Front, dict[int, Article]]:
    """The front page as it is now, and the articles on it and among `more`, by their ids."""
    sections = current_site().sections
    pinned = queries.pinned_ids()
    newest, by_section = queries.front_ids(sections)
    found = queries.cards(chain(pinned.values(), newest, *by_section.values(), more))
    composed = rules.compose_front(
        [found[i] for i in newest if i in found],
        [(section, [found[i] for i in by_section[section.id] if i in found]) for section in sections],
        {place: found[i] for place, i in pinned.items() if i in found},
    )
    return composed, found


@bp.get("/latest")
def latest_page() -> str:
    """The feed as a page of its own."""
    return render_template("reading/latest.html", **_latest(), in_page=True)


@bp.get("/_fragments/latest")
def latest_fragment() -> Response:
    """The feed's list, for the column beside an article (?current=<id>) and for "load more" (?after=<cursor>)."""
    return fragment("reading/_latest.html", **_latest(), in_page=False)


@bp.get("/trending")
def trending_page() -> str:
    """What is read, shared and discussed most in the last ?days= (1, 7 or 30), as a page of its own."""
    days = request.args.get("days", type=int)
    days = days if days in rules.TRENDING_DAYS else rules.TRENDING_HOURS // 24
    return render_template("reading/trending.html", **_trending(days), in_page=True)


@bp.get("/_fragments/trending")
def trending_fragment() -> Response:
    """The same list for the column beside an article."""
    return fragment("reading/_trending.html", **_trending(), in_page=False)


@bp.get("/_fragments/related/<id:article_id>")
def related_fragment(article_id: int) -> Response:
    """One page (?page=n) of what is like an article."""
    article = queries.cards([article_id]).get(article_id) or abort(404)
    return fragment("reading/_related.html", **related_context(article, _page_number("page")))


def fragment(template: str, **context: Any) -> Response:
    """Answers a fragment: kept for a minute, and no page for search engines."""
    response = make_response(render_template(template, **context))
    response.headers["Cache-Control"] = f"public, max-age={FRAGMENT_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def related_context(article: Article, page: int) -> dict[str, Any]:
    """What `reading/_related.html` takes. 404 for a page behind the last."""
    articles, has_more = related.related(article.id, page)
    if page > 1 and not articles:
        abort(404)
    return {"article": article, "related": articles, "related_page": page, "related_has_more": has_more}


def _latest() -> dict[str, Any]:
    category = _category()
    after = _cursor()
    current_id = request.args.get("current", type=id_from)
    leads = current_id is not None and category is None
    shown = queries.latest(category, after, without=current_id if leads else None)
    current = (
        queries.cards([current_id]).get(current_id)
        if leads and current_id is not None and not after
        else None
    )
    return {
        "articles": shown.articles,
        "next_cursor": shown.next,
        "current": current,
        **_feed(category, current_id),
    }


def _trending(days: int = rules.TRENDING_HOURS // 24) -> dict[str, Any]:
    category = _category()
    ranked = trending(24 * days, category, queries.FEED_LIMIT)
    return {
        **_ranking(ranked, queries.cards(row.article_id for row in ranked), 24 * days),
        "days": days,
        "spans": rules.TRENDING_DAYS,
        "usual_days": rules.TRENDING_HOURS // 24,
        **_feed(category, request.args.get("current", type=id_from)),
    }


def _ranking(
    ranked: list[Trending], found: dict[int, Article], hours: int = rules.TRENDING_HOURS
) -> dict[str, Any]:
    """The ranking as pairs of article and what was counted, and its window and method in words."""
    window = rules.window_in_words(hours)
    half_life = half_life_hours(hours)
    return {
        "ranked": [(found[row.article_id], row) for row in ranked if row.article_id in found],
        "window_words": window,
        "method": f"By views, shares (times {SHARE_WEIGHT}) and comments (times {COMMENT_WEIGHT}) in {window}; "
        f"what is {half_life} hours old counts half.",
    }


def _feed(category: Category | None, current_id: int | None) -> dict[str, Any]:
    offered = list(queries.feed_categories())
    if category and category.id not in {one.id for one in offered}:
        offered.append(category)
    return {"category": category, "feed_categories": offered, "current_id": current_id}


def _category() -> Category | None:
    slug = request.args.get("category", "")
    return (queries.category_by_slug(slug) or abort(404)) if slug else None


def _cursor() -> Cursor | None:
    text = request.args.get("after", "")
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        abort(404)


def _page_number(name: str) -> int:
    page = request.args.get(name, 1, type=int)
    return page if 1 <= page <= 1000 else abort(404)
