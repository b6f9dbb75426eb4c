"""The addresses of a discussion: its pages, its comments, its form and its likes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.commenting import actions, cookies, desk_reply, flags, lookups, news, own, preview, queries
from webapp.commenting.pages import discussion_for, writer_hash
from webapp.commenting.posting import answer_post
from webapp.commenting.rules import ORDERS
from webapp.commenting.writers import writer_for
from webapp.htmx import is_htmx
from webapp.models import Article, Comment
from webapp.reading.pages import render_article
from webapp.reading.unlock import is_unlocked
from webapp.security import answers_foreign

bp = Blueprint("commenting", __name__)
bp.register_blueprint(own.bp)
bp.register_blueprint(flags.bp)
bp.register_blueprint(desk_reply.bp)
bp.register_blueprint(news.bp)
bp.register_blueprint(preview.bp)

COMMENT = "<id:comment_id>"
MORE_REPLIES = 200
MOST_REPLIES = 5000


@bp.before_app_request
def reply_links_of_wordpress() -> Response | None:
    """Leads ?replytocom=ID to the page with the form under that comment."""
    number = request.args.get("replytocom", 0, type=int) if request.method == "GET" else 0
    if not 0 < number < 2**31:
        return None
    article = lookups.article_of(number)
    if article is None or lookups.comment_for(number, article.id, None) is None:
        return None
    return redirect(f"{lookups.base_of(article)}/comments/{number}/reply#reply", code=301)


@bp.post("/<path:permalink>/comments")
@answers_foreign
def post(permalink: str) -> ResponseReturnValue:
    """Takes a comment: 303 to it, or the page again with the form as it was typed. With HTMX the fragment."""
    article = lookups.article_at(permalink)
    return answer_post(permalink, article if article and is_unlocked(article) else None)


@bp.get("/<path:permalink>/comments")
def discussion_start(permalink: str) -> ResponseReturnValue:
    """Nothing stands at the form's own address: leads to the discussion."""
    return redirect(f"{_article(permalink).permalink}#comments", code=302)


@bp.get("/<path:permalink>/comments/page/<int(max=100000):number>")
def discussion_page(permalink: str, number: int) -> ResponseReturnValue:
    """A page (from 1) of the discussion under its article; ?order= newest or liked, ?show= a comment at any rate."""
    article = _article(permalink)
    order = request.args.get("order", "oldest")
    show = request.args.get("show", 0, type=int)
    if order not in ORDERS or number < 1:
        abort(404)
    if number == 1 and order == "oldest" and not show:
        return redirect(article.permalink, code=301)
    focus = lookups.comment_for(show, article.id, writer_hash()) if 0 < show < 2**31 else None
    return _page(article, is_listed=order == "oldest" and not show, page=number, order=order, focus=focus)


@bp.get(f"/<path:permalink>/comments/{COMMENT}")
def comment_permalink(permalink: str, comment_id: int) -> ResponseReturnValue:
    """Leads to the comment on the page where it stands."""
    article = _article(permalink)
    comment = lookups.comment_for(comment_id, article.id, writer_hash()) or abort(404)
    return redirect(lookups.location_of(article, comment, writer_hash()), code=302)


@bp.get(f"/<path:permalink>/comments/{COMMENT}/reply")
def reply_form(permalink: str, comment_id: int) -> ResponseReturnValue:
    """The whole page with the form under a comment."""
    article = _article(permalink)
    comment = lookups.comment_for(comment_id, article.id, None) or abort(404)
    if lookups.closed_now(article):
        return redirect(lookups.location_of(article, comment, writer_hash()), code=302)
    return _page(article, is_listed=False, page=lookups.page_of(comment, writer_hash()), focus=comment)


@bp.get(f"/<path:permalink>/comments/thread/{COMMENT}")
def thread_page(permalink: str, comment_id: int) -> ResponseReturnValue:
    """One thread with many of its replies (?replies=)."""
    article = _article(permalink)
    comment = lookups.comment_for(comment_id, article.id, writer_hash()) or abort(404)
    return _page(article, is_listed=False, thread_id=comment.root_id, replies=_replies())


@bp.get(f"/_fragments/threads/{COMMENT}")
def thread_fragment(comment_id: int) -> ResponseReturnValue:
    """The same thread for the page that shows its beginning."""
    article = _article_of(comment_id)
    comment = lookups.comment_for(comment_id, article.id, writer_hash()) or abort(404)
    discussion = discussion_for(article, thread_id=comment.root_id, replies=_replies())
    if discussion is None or not discussion.threads:
        abort(404)
    response = make_response(
        render_template("commenting/_thread.html", item=discussion.threads[0], discussion=discussion)
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get(f"/comments/{COMMENT}/likes")
def like_form(comment_id: int) -> ResponseReturnValue:
    """The same as a page with a button, for browsers whose script does not do it in the discussion itself."""
    article = _article_of(comment_id)
    comment = lookups.comment_for(comment_id, article.id, None) or abort(404)
    item = queries.shown_alone(comment, writer_hash()) or abort(404)
    page = render_template("commenting/like.html", item=item, base=lookups.base_of(article))
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.post(f"/comments/{COMMENT}/likes")
def like(comment_id: int) -> ResponseReturnValue:
    """Likes a comment, or takes that back: 303 to it, with HTMX the comment. 404 where it cannot be seen."""
    article = _article_of(comment_id)
    writer = writer_for("likes")
    comment = actions.like(comment_id, writer.hash) or abort(404, description=lookups.GONE)
    response = _liked(article, comment, writer.hash)
    cookies.keep_writer(response, writer)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _liked(article: Article, comment: Comment, writer: str) -> Response:
    if not is_htmx():
        return redirect(lookups.location_of(article, comment, writer), code=303)
    item = queries.shown_alone(comment, writer)
    can_reply = lookups.closed_now(article) is None
    base = lookups.base_of(article)
    return make_response(
        render_template("commenting/_comment.html", item=item, base=base, can_reply=can_reply)
    )


def _article(permalink: str) -> Article:
    """The article at a path that has a discussion this reader may see; leads to its own address from another."""
    article = lookups.article_at(permalink)
    if article is None or article.comments_hidden or article.path is None:
        abort(404)
    if not is_unlocked(article):
        abort(redirect(article.permalink, code=302))
    if article.is_protected:
        cookies.mark_private()
    base = lookups.base_of(article)
    if request.method == "GET" and not lookups.is_base(article, permalink):
        rest = request.full_path.removeprefix(f"/{permalink}").removesuffix("?")
        abort(redirect(base + rest, code=301))
    return article


def _article_of(comment_id: int) -> Article:
    article = lookups.article_of(comment_id)
    if article is None or article.comments_hidden or not is_unlocked(article):
        abort(404, description=lookups.GONE)
    return article


def _page(article: Article, *, is_listed: bool, **wanted: Any) -> ResponseReturnValue:
    discussion = discussion_for(article, **wanted) or abort(404)
    response = render_article(article, discussion=discussion)
    if not is_listed:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _replies() -> int:
    number = request.args.get("replies", MORE_REPLIES, type=int)
    return min(max(number, 1), MOST_REPLIES)
