"""Deciding from a mail: a signed link shows one held comment to whoever holds it, and a POST decides, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from webapp.database import db
from webapp.models import Account, Comment, CommentStatus
from webapp.moderating import actions
from webapp.settings import setting

bp = Blueprint("signed_links", __name__)
LIFE = timedelta(days=7)
OFFERED = {"approval": "Approve", "trash": "Reject"}


@dataclass(frozen=True)
class Link:
    """What a link says: the comment, who may decide, and the entry of the log that it was made after."""

    comment_id: int
    account_id: int
    entry_id: int


def link_for(comment: Comment, account: Account, entry_id: int) -> str:
    """The whole address with which `account` may decide on a comment that has not moved since `entry_id`."""
    token = _signer().dumps([comment.id, account.id, entry_id])
    return f"{setting('SITE_URL')}/decide/{token}"


@bp.get("/decide/<token>")
def show(token: str) -> ResponseReturnValue:
    """The comment with two buttons. Programs that follow links in mail decide nothing by that."""
    comment, _, problem, status = _read(token)
    return _page(status, comment=comment if not problem else None, problem=problem, done="")


@bp.post("/decide/<token>")
def decide(token: str) -> ResponseReturnValue:
    """Approves or rejects. 410 for a link that is over, 409 when somebody has decided meanwhile."""
    comment, account, problem, status = _read(token)
    if problem or comment is None or account is None:
        return _page(status, comment=None, problem=problem, done="")
    name = request.form.get("decision", "")
    if name not in OFFERED:
        abort(422, description="Approve or reject?")
    outcome = actions.decide([comment.id], actions.Decision(name), by=account, expected=CommentStatus.held)
    if not outcome.changed:
        return _page(409, comment=None, problem="Somebody was faster. Nothing was changed.", done="")
    done = (
        "It is approved: everybody can read it." if name == "approval" else "It is rejected and in the trash."
    )
    return _page(200, comment=None, problem="", done=done)


def _read(token: str) -> tuple[Comment | None, Account | None, str, int]:
    """The comment and who decides, or what is wrong with the link, with a status for HTTP."""
    try:
        link = Link(*_signer().loads(token, max_age=int(LIFE.total_seconds())))
    except SignatureExpired:
        return None, None, "This link is more than seven days old. Sign in and look into the queue.", 410
    except (BadSignature, TypeError):
        return None, None, "This link was changed on its way. Copy it whole from the mail.", 404
    account = db.session.get(Account, link.account_id)
    query = select(Comment).where(Comment.id == link.comment_id, ~Comment.is_withdrawn)
    comment = db.session.scalar(query.options(joinedload(Comment.article)))
    if account is None or account.is_disabled or not account.has_role("moderator") or comment is None:
        return None, None, "This comment is not there any more, or you may not decide on it any more.", 410
    last = actions.last_entries([comment.id]).get(comment.id)
    if comment.status != CommentStatus.held or (last is not None and last.id != link.entry_id):
        what = f"{actions.who(last)} has decided on this comment, or it was changed, since the mail was sent."
        return None, None, f"{what} Nothing was changed.", 409
    return comment, account, "", 200


def _page(status: int, **context: object) -> Response:
    response = make_response(render_template("moderating/decide.html", offered=OFFERED, **context), status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="decide-from-mail")
