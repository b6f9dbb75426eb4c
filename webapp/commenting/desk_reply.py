"""A moderator answers a comment from the queue: what waited is approved by that, and the answer stands under it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from webapp import visitors
from webapp.commenting import cookies, lookups
from webapp.commenting.actions import Sender, post_comment
from webapp.commenting.forms import clean_body
from webapp.commenting.refusals import Refused
from webapp.commenting.rules import Draft
from webapp.database import db, transaction
from webapp.htmx import is_htmx
from webapp.models import Account, Article, Comment, CommentStatus
from webapp.moderating import actions
from webapp.moderating.accounts import current_account, local_path, role_required

bp = Blueprint("desk_reply", __name__)
ADDRESS = "/moderation/comments/<id:comment_id>/reply"


@bp.get(ADDRESS)
@role_required("moderator")
def form(comment_id: int) -> ResponseReturnValue:
    """The form under the comment; without HTMX on a page of its own."""
    return _form(_comment(comment_id))


@bp.post(ADDRESS)
@role_required("moderator")
def reply(comment_id: int) -> ResponseReturnValue:
    """Approves the comment where it waits, and posts the answer as whoever is signed in. 4xx with the form."""
    comment = _comment(comment_id)
    account = current_account() or abort(401)
    try:
        clean = clean_body(request.form.get("body"))
        _post(comment, account, clean, request.form.get("form_key", ""))
    except ValidationError as error:
        return _form(comment, str(error), 422)
    except Refused as refused:
        return _form(comment, str(refused), refused.status)
    text = f"Your reply to {comment.name} stands in the discussion."
    if not is_htmx():
        return redirect(local_path(request.form.get("next")), code=303)
    return make_response(
        render_template("commenting/_desk_reply.html", comment=comment, said=text, body="", problem="")
    )


def _post(comment: Comment, account: Account, clean: dict[str, Any], form_key: str) -> None:
    article = db.session.get_one(Article, comment.article_id)
    draft = Draft(parent_id=comment.id, name=account.display_name, email=account.email, website="", **clean)
    # Staff like and edit by their own browser's cookie as readers do; a reply from the desk belongs to no browser.
    writer = cookies.current_writer() or cookies.new_writer()
    sender = Sender(visitors.visitor_hash(), visitors.network_hash(), writer.hash, account)
    with transaction():
        if comment.status != CommentStatus.approved:
            actions.decide([comment.id], actions.Decision.approval, by=account)
        post_comment(article, draft, sender, form_key or secrets.token_urlsafe(16))


def _comment(comment_id: int) -> Comment:
    comment = db.session.get(Comment, comment_id)
    article = lookups.article_of(comment_id)
    if comment is None or comment.is_withdrawn or article is None or comment.kind != "comment":
        abort(404, description=lookups.GONE)
    return comment


def _form(comment: Comment, problem: str = "", status: int = 200) -> ResponseReturnValue:
    template = "commenting/_desk_reply.html" if is_htmx() else "commenting/desk_reply.html"
    body = request.form.get("body", "")
    return make_response(
        render_template(template, comment=comment, problem=problem, body=body, said=""), status
    )
