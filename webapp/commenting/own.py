"""The addresses at which writers change or withdraw their own comments."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.commenting import changing, lookups, queries
from webapp.commenting.forms import EditForm
from webapp.commenting.pages import writer_hash
from webapp.commenting.refusals import Refused
from webapp.htmx import is_htmx
from webapp.models import Article, Comment
from webapp.reading.unlock import is_unlocked

bp = Blueprint("own", __name__)

COMMENT = "<id:comment_id>"


@bp.get(f"/comments/{COMMENT}/edit")
def edit_form(comment_id: int) -> ResponseReturnValue:
    """The own comment as a form; 404 for everybody else, and when the time is over."""
    article, comment = _own(comment_id)
    if not changing.time_left(comment):
        abort(404, description="A comment can be changed for a few minutes only. That time is over.")
    return _form(article, comment, comment.body_source)


@bp.get(f"/comments/{COMMENT}")
def comment_fragment(comment_id: int) -> ResponseReturnValue:
    """The own comment as it stands, for whoever leaves its form; without HTMX leads to it."""
    article, comment = _own(comment_id)
    return _shown(article, comment)


@bp.post(f"/comments/{COMMENT}/edit")
def edit(comment_id: int) -> ResponseReturnValue:
    """Keeps new words: 303 to the comment, with HTMX the comment; 4xx with the form and what was typed."""
    article, comment = _own(comment_id, however=True)
    form = EditForm(request.form)
    typed = form.body.data or ""
    if not form.validate():
        return _form(article, comment, typed, str(form.body.errors[0]), 422)
    clean = form.clean
    try:
        changed = changing.edit_comment(comment_id, writer_hash() or "", **clean)
    except Refused as refused:
        return _form(article, comment, typed, str(refused), refused.status)
    return _shown(article, changed)


@bp.post(f"/comments/{COMMENT}/withdrawal")
def withdraw(comment_id: int) -> ResponseReturnValue:
    """Takes a comment back: 303 to the discussion, with HTMX a word in its place."""
    article, comment = _own(comment_id)
    try:
        changing.withdraw_comment(comment_id, writer_hash() or "")
    except Refused as refused:
        return _form(article, comment, comment.body_source, str(refused), refused.status)
    if not is_htmx():
        return _private(redirect(f"{article.permalink}#comments", code=303))
    total = queries.total_of(article)
    return _private(make_response(render_template("commenting/_withdrawn.html", total=total)))


def _own(comment_id: int, *, however: bool = False) -> tuple[Article, Comment]:
    """The own comment. `however`: even one that a moderator has removed, since its new words must not be lost."""
    comment = changing.own_comment(comment_id, writer_hash(), however=however)
    article = lookups.article_of(comment_id)
    if comment is None or article is None or article.comments_hidden or not is_unlocked(article):
        abort(404, description="There is no comment of yours here, or it was decided on in the meantime.")
    return article, comment


def _form(article: Article, comment: Comment, typed: str, problem: str = "", status: int = 200) -> Response:
    """The form with what was typed: in the comment's place, or without HTMX on a page of its own."""
    template = "commenting/_edit.html" if is_htmx() else "commenting/edit.html"
    page = render_template(
        template,
        comment_id=comment.id,
        base=lookups.base_of(article),
        body=typed,
        minutes_left=changing.time_left(comment),
        problem=problem,
    )
    return _private(make_response(page, status))


def _shown(article: Article, comment: Comment) -> Response:
    if not is_htmx():
        return _private(redirect(lookups.location_of(article, comment, writer_hash()), code=303))
    item = queries.shown_alone(comment, writer_hash()) or abort(404)
    item.is_fresh = True
    return _private(
        make_response(
            render_template(
                "commenting/_comment.html",
                item=item,
                base=lookups.base_of(article),
                can_reply=lookups.closed_now(article) is None,
                total=queries.total_of(article),
            )
        )
    )


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
