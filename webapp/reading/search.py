"""Search: the results page, and the short list that appears while a reader types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, render_template, request

from webapp.markup import highlight
from webapp.markup_text import printable
from webapp.reading import archive_queries, passages, queries, search_queries
from webapp.reading.routes import fragment
from webapp.reading.search_queries import Filters, Term
from webapp.settings import setting

bp = Blueprint("search", __name__)
bp.add_app_template_filter(highlight, "highlight")

LIVE_RESULTS = 5
LIVE_RANKED = 500
"""While a reader types, so many of the newest matches are enough."""
LAST_PAGE = 500
TIMES = {0: "any time", 7: "the last week", 31: "the last month", 366: "the last year"}


@bp.get("/search")
def results() -> str:
    """What was found for ?q=, in pages; without a question the form alone.

    ?category= and ?author= (slugs) and ?days= narrow.
    """
    question, terms = _question()
    page = request.args.get("page", 1, type=int)
    limit = setting("ARTICLES_PER_PAGE")
    if not 1 <= page <= LAST_PAGE:
        abort(404)
    wanted = _filters()
    found = search_queries.search(terms, wanted, page=page, limit=limit)
    if page > 1 and not found.articles:
        abort(404)
    return render_template(
        "reading/search.html",
        question=question,
        terms=[term.text for term in terms],
        found_articles=found,
        passages=passages.of(found.articles, [term.text for term in terms]),
        page=page,
        has_more=page * limit < found.count and page < LAST_PAGE,
        wanted=wanted,
        times=TIMES,
        categories=queries.all_categories() if terms else [],
        better=_better(question, wanted) if terms and not found.count else "",
        address=_address(question, wanted),
    )


@bp.get("/_fragments/search")
def live() -> Response:
    """The first few results, how many there are, and the way to all of them."""
    question, terms = _question()
    found = search_queries.search(terms, limit=LIVE_RESULTS, most=LIVE_RANKED)
    return fragment(
        "reading/_search.html", question=question, terms=[term.text for term in terms], found_articles=found
    )


def _question() -> tuple[str, list[Term]]:
    """What was asked, as it may be shown again, and the terms to look for."""
    question = " ".join(printable(request.args.get("q", "")[: search_queries.LONGEST]).split())
    return question, search_queries.terms_of(question)


def _filters() -> Filters:
    """What the address narrows by; a slug that nobody has is as if it were not there."""
    category = queries.category_by_slug(request.args.get("category", "")[:200])
    slug = request.args.get("author", "")[:200]
    author = archive_queries.author_by_slug(slug) if slug else None
    days = request.args.get("days", 0, type=int)
    return Filters(category, author, days if days in TIMES else 0)


def _better(question: str, wanted: Filters) -> str:
    better = search_queries.better_spelling(question)
    terms = search_queries.terms_of(better)
    # The better words are whole ones, and those are found in no time. Only else beginnings are looked for as well.
    whole = [replace(term, is_exact=True) for term in terms]
    return better if any(search_queries.finds(some, wanted) for some in (whole, terms)) else ""


def _address(question: str, wanted: Filters) -> str:
    """This search's address, to which a page's number is added."""
    asked: dict[str, Any] = {"q": question}
    if wanted.category:
        asked["category"] = wanted.category.slug
    if wanted.author:
        asked["author"] = wanted.author.slug
    if wanted.days:
        asked["days"] = wanted.days
    return f"/search?{urlencode(asked, quote_via=quote)}"
