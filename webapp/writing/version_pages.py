"""The versions of an article for staff: each with what it changed, and the way back to it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from webapp.moderating.accounts import role_required
from webapp.writing import actions, allowed, queries
from webapp.writing.history import steps

bp = Blueprint("version_pages", __name__)
ONE = "/desk/articles/<id:article_id>/versions"


@bp.get(ONE)
@role_required("author")
def versions(article_id: int) -> ResponseReturnValue:
    """Every version that was published, the newest first."""
    article = allowed.seen(article_id)
    found = queries.versions(article_id)
    return render_template("writing/versions.html", article=article, steps=steps(found))


@bp.post(ONE + "/<id:number>/restoration")
@role_required("author")
def restore(article_id: int, number: int) -> ResponseReturnValue:
    """Puts a version into the editor, from which it can be published again."""
    allowed.written(article_id)
    try:
        actions.take_up(article_id, number, by=allowed.me())
    except NoResultFound:
        abort(404, description="There is no such version.")
    flash(f"Version {number} is in the editor. Publish it when it is right.", "desk")
    return redirect(f"/desk/articles/{article_id}", code=303)
