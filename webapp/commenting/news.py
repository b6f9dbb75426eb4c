"""How many comments have come while somebody reads: one number, asked for now and then by open pages."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.commenting import lookups, queries
from webapp.reading.unlock import is_unlocked

bp = Blueprint("news", __name__)


@bp.get("/_fragments/articles/<id:article_id>/new-comments")
def new_comments(article_id: int) -> ResponseReturnValue:
    """A link to the comments beyond the ?seen= that the page counts; empty where there are none."""
    article = lookups.article_with(article_id)
    if article is None or article.comments_hidden or not is_unlocked(article):
        abort(404)
    seen = request.args.get("seen", 0, type=int)
    count = max(0, queries.total_of(article) - seen)
    url = f"{lookups.base_of(article)}/comments/page/1?order=newest"
    response = make_response(render_template("commenting/_new_comments.html", count=count, url=url))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
