"""What readers see of an article's versions: when it changed, why, and every word of it."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from webapp.models import Article
from webapp.reading import address_queries
from webapp.reading.addresses import is_unlocked
from webapp.reading.redirects import moved
from webapp.writing import queries
from webapp.writing.history import steps

bp = Blueprint("public_versions", __name__)


@bp.get("/<path:permalink>/versions")
def versions(permalink: str) -> ResponseReturnValue:
    """Every version of an article that readers may see; 404 for one that has kept none."""
    article = _article(permalink)
    found = queries.versions(article.id)
    if not found:
        abort(404)
    if not is_unlocked(article):
        return moved(article.permalink, keep_query=False)
    page = make_response(render_template("writing/public_versions.html", article=article, steps=steps(found)))
    page.headers["X-Robots-Tag"] = "noindex"
    if article.is_protected:
        page.headers["Cache-Control"] = "private, no-store"
    return page


def _article(permalink: str) -> Article:
    paths = [f"/{permalink}/", f"/{permalink}"]
    owners = address_queries.owners(paths)
    for address, article in owners.values():
        if article is not None and address.kind == "permalink" and article.is_live():
            return article
    return abort(404)
