"""What a comment will look like, before it is posted. Nothing is kept."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import ValidationError

from webapp.commenting import lookups
from webapp.commenting.forms import CommentForm, clean_body
from webapp.commenting.pages import Reply, discussion_for, reply_to, staff_account, writer_hash
from webapp.commenting.posting import LARGEST_FORM
from webapp.htmx import is_htmx
from webapp.models import Article, Comment
from webapp.reading.pages import render_article
from webapp.reading.unlock import is_unlocked

bp = Blueprint("preview", __name__)


@bp.post("/<path:permalink>/comments/preview")
def preview(permalink: str) -> ResponseReturnValue:
    """The text as readers would see it: with HTMX for its place above the buttons, else the page with form and preview.

    422 with a sentence where it cannot be shown.
    """
    article = lookups.article_at(permalink)
    if article is None or article.comments_hidden or not is_unlocked(article):
        abort(404, description="There is no article at this address, or it was taken down.")
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    form = CommentForm(request.form)
    html, problem = _cleaned(form)
    base = lookups.base_of(article)
    if is_htmx():
        page = render_template("commenting/_preview.html", base=base, html=html, problem=problem)
        return _private(make_response(page, 422 if problem else 200))
    form.account = staff_account()
    parent = _parent(article, form)
    reply = reply_to(article, parent, form)
    reply.preview = html
    form.body.errors = [problem] if problem else []
    return _private(_page(article, reply, parent, 422 if problem else 200))


def _cleaned(form: CommentForm) -> tuple[str, str]:
    """Safe HTML, or what is wrong with the text."""
    try:
        return clean_body(form.body.data)["html"], ""
    except ValidationError as error:
        return "", str(error)


def _parent(article: Article, form: CommentForm) -> Comment | None:
    """The comment answered, where the form names one that everybody sees."""
    try:
        form.validate_parent(form.parent)
    except ValidationError:
        return None
    return lookups.comment_for(form.clean["parent_id"] or 0, article.id, None)


def _page(article: Article, reply: Reply, parent: Comment | None, status: int) -> Response:
    page = lookups.page_of(parent, writer_hash()) if parent else 1
    found = discussion_for(article, reply=reply, page=page, focus=parent)
    return render_article(article, status=status, discussion=found)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
