"""Search: the results page, and the short list that appears while a reader types."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from webapp.markup import highlight
from webapp.markup_text import printable
from webapp.reading import search_queries
from webapp.reading.routes import fragment
from webapp.settings import setting

bp = Blueprint("search", __name__)
bp.add_app_template_filter(highlight, "highlight")

LIVE_RESULTS = 5
LAST_PAGE = 500


@bp.get("/search")
def results() -> str:
    """What was found for ?q=, in pages; without a question the form alone."""
    question, terms = _question()
    page = request.args.get("page", 1, type=int)
    limit = setting("ARTICLES_PER_PAGE")
    if not 1 <= page <= LAST_PAGE:
        abort(404)
    found = search_queries.search(terms, page=page, limit=limit)
    if page > 1 and not found.articles:
        abort(404)
    return render_template(
        "reading/search.html",
        question=question,
        terms=terms,
        articles=found.articles,
        count=found.count,
        page=page,
        has_more=page * limit < found.count and page < LAST_PAGE,
    )


@bp.get("/_fragments/search")
def live() -> Response:
    """The first few results, how many there are, and the way to all of them."""
    question, terms = _question()
    found = search_queries.search(terms, limit=LIVE_RESULTS)
    return fragment(
        "reading/_search.html", question=question, terms=terms, articles=found.articles, count=found.count
    )


def _question() -> tuple[str, list[str]]:
    """What was asked, as it may be shown again, and the words to look for."""
    question = " ".join(printable(request.args.get("q", "")[: search_queries.LONGEST]).split())
    return question, search_queries.terms_of(question)
