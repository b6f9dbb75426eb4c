"""Answering a comment form: as a page or as a fragment, taken or refused, and nothing that was typed is lost."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from webapp import visitors
from webapp.commenting import cookies, lookups, queries
from webapp.commenting.actions import (
    Posted,
    Sender,
    fingerprint_of,
    post_comment,
    retried,
    retry_key_of,
)
from webapp.commenting.forms import CommentForm, filled_form
from webapp.commenting.pages import Reply, discussion_for, reply_to, staff_account, writer_hash
from webapp.commenting.refusals import Refused
from webapp.filters import day_and_clock, long_date
from webapp.htmx import is_htmx
from webapp.models import Account, Article, Comment
from webapp.moderating import plugs
from webapp.reading.pages import render_article
from webapp.security import is_same_origin
from webapp.settings import setting

LARGEST_FORM = 2 * 1024 * 1024
"""Bytes: room for a far too long text in any script, which comes back with a word about its length."""


def answer_post(permalink: str, article: Article | None) -> Response:
    """Takes or refuses the form of this request for an article; None: there is none at `permalink`."""
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    form = CommentForm(request.form)
    if article is None:
        return _unknown(permalink, form)
    form.account = staff_account()
    is_valid = form.validate()
    try:
        _refuse_foreign()
        posted = _earlier(article, form) if is_valid else None
        if posted is None:
            _refuse_closed(article)
            _refuse_invalid(article, form, is_valid=is_valid)
            return _take(article, form)
        return _taken(article, posted, form, writer_hash())
    except Refused as refused:
        return _refuse(article, form, refused)


def _earlier(article: Article, form: CommentForm) -> Posted | None:
    """A retry is answered like the first time, whatever has changed since."""
    fingerprint = fingerprint_of(article.id, form.draft())
    comment = retried(retry_key_of(form.form_key.data or "", fingerprint, visitors.visitor_hash()))
    return Posted(comment, is_retry=True) if comment else None


def _refuse_foreign() -> None:
    if not is_same_origin():
        raise Refused(
            403, "This form was sent from another site. Nothing was kept: read it before you send it here."
        )


def _refuse_closed(article: Article) -> None:
    closed = lookups.closed_now(article)
    if closed is None:
        return
    if closed.opens_at:
        raise Refused(
            403,
            f"Nobody of the newsroom is on duty. Comments are taken again from {day_and_clock(closed.opens_at)} on;"
            " your text is kept here.",
        )
    when = f" on {long_date(closed.at)}, {closed.days} days after the article appeared" if closed.at else ""
    raise Refused(
        403, f"This discussion was closed{when}. Your text is kept here, but cannot be posted any more."
    )


def _refuse_invalid(article: Article, form: CommentForm, *, is_valid: bool) -> None:
    problem = form.token_problem(article.id) or _session_problem(form.account)
    if problem:
        form.renew(article.id)
    if problem or not is_valid:
        raise Refused(422, problem)


def _session_problem(account: Account | None) -> str:
    """Staff send the token of their session along."""
    try:
        if account is not None:
            validate_csrf(request.form.get("csrf_token", ""))
    except ValidationError:
        return "This form is from before you signed in, or too old. Your text is kept: please send it again."
    return ""


def _take(article: Article, form: CommentForm) -> Response:
    writer = cookies.current_writer() or cookies.new_writer()
    sender = Sender(visitors.visitor_hash(), visitors.network_hash(), writer.hash, form.account)
    outside = [] if form.account else plugs.ask_all(_asked(article, form))
    posted = post_comment(article, form.draft(), sender, form.form_key.data or "", outside)
    if posted.is_retry:
        return _taken(article, posted, form, writer_hash())
    response = _taken(article, posted, form, writer.hash)
    cookies.keep_writer(response, writer)
    if form.account is None and form.remember.data:
        cookies.keep_details(response, form.details())
    elif form.account is None:
        cookies.forget_details(response)
    return response


def _asked(article: Article, form: CommentForm) -> plugs.Asked:
    draft = form.draft()
    return plugs.Asked(
        name=draft.name,
        website=draft.website,
        source=draft.source,
        permalink=setting("SITE_URL") + article.permalink,
        address=visitors.client_address(),
        proof=form.proof.data or "",
        browser=request.headers.get("User-Agent", "")[:500],
    )


def _taken(article: Article, posted: Posted, form: CommentForm, writer: str | None) -> Response:
    comment = posted.comment
    if not is_htmx():
        response = redirect(lookups.location_of(article, comment, writer), code=303)
    else:
        response = make_response(_taken_fragment(article, comment, form, writer), 201)
    return _private(response)


def _taken_fragment(article: Article, comment: Comment, form: CommentForm, writer: str | None) -> str:
    """The form, empty again, and the comment as it stands in the discussion, as far as this browser may see it."""
    shown, total = queries.shown_posted(article, comment, writer)
    if shown is not None:
        shown.is_fresh = True
    reply = reply_to(article)
    if form.remember.data and form.account is None:
        reply.form = filled_form(article.id, form.details())
    is_newest_first = "order=newest" in request.headers.get("HX-Current-URL", "")
    return render_template(
        "commenting/_reply.html",
        reply=reply,
        posted=shown,
        notice="" if shown else "Your comment has arrived and waits for a moderator.",
        total=total,
        is_newest_first=is_newest_first,
    )


def _refuse(article: Article, form: CommentForm, refused: Refused) -> Response:
    """The form as it was typed, where it stood, and what is wrong with it."""
    parent_id = None if refused.field == "parent" else form.clean.get("parent_id")
    parent = lookups.comment_for(parent_id, article.id, None) if parent_id else None
    _clear_trap(form)
    problem = str(refused)
    if refused.field == "name":
        form.name.errors, problem = [problem], ""
    reply = reply_to(article, parent, form, problem)
    if is_htmx():
        response = make_response(render_template("commenting/_reply.html", reply=reply), refused.status)
    else:
        page = lookups.page_of(parent, writer_hash()) if parent else 1
        found = discussion_for(article, reply=reply, page=page, focus=parent)
        response = render_article(article, status=refused.status, discussion=found)
    if refused.wait:
        response.headers["Retry-After"] = str(refused.wait)
    return _private(response)


def _unknown(permalink: str, form: CommentForm) -> Response:
    """Nobody lives at the address (any more): the text is given back."""
    _clear_trap(form)
    problem = "There is no article at this address, or it was taken down. Your text is here, so that you can copy it."
    reply = Reply(f"/{permalink}", form, problem=problem)
    template = "commenting/_reply.html" if is_htmx() else "commenting/unknown.html"
    return _private(make_response(render_template(template, reply=reply), 404))


def _clear_trap(form: CommentForm) -> None:
    form.subject.data = ""


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
