"""Articles with a password: asking for it, and remembering in a signed cookie that a reader knew it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from webapp import occurrences, visitors
from webapp.htmx import answer, is_htmx
from webapp.models import Article
from webapp.passwords import is_password
from webapp.reading import address_queries
from webapp.settings import setting

bp = Blueprint("unlock", __name__)

COOKIE_SECONDS = 10 * 24 * 3600
WINDOW_SECONDS = 15 * 60
TRIES = 8
"""Wrong passwords that a visitor may try for an article in a window, and those that a whole network may."""
NETWORK_TRIES = 60
LONGEST_PASSWORD = 1000
PRIVATE = "private, no-store"


def is_unlocked(article: Article) -> bool:
    """Whether this reader may see the article's text: it asks for no password, or the right one was given."""
    if article.password_hash is None:
        return True
    try:
        known = _serializer().loads(request.cookies.get(_cookie(article), ""), max_age=COOKIE_SECONDS)
    except BadSignature:
        return False
    return known == _fingerprint(article)


def ask(article: Article) -> Response:
    """The page that asks for the password and says nothing about the article but its headline."""
    response = make_response(render_template("reading/unlock.html", article=article, error=""))
    response.headers["Cache-Control"] = PRIVATE
    return response


@bp.get("/articles/<id:article_id>/unlock")
def unlock_page(article_id: int) -> BaseResponse:
    """Who comes back to the form's own address is led to the article."""
    return redirect(_article(article_id).permalink, code=303)


@bp.post("/articles/<id:article_id>/unlock")
def unlock(article_id: int) -> ResponseReturnValue:
    """Takes the password: 303 to the article with a cookie, 422 when it is wrong, 429 after too many tries."""
    article = _article(article_id)
    if article.password_hash is None:
        return redirect(article.permalink, code=303)
    wait = _wait(article)
    if wait:
        minutes = max(1, round(wait / 60))
        words = f"Too many tries. Wait {minutes} {'minute' if minutes == 1 else 'minutes'}, then try again."
        refused = _refuse(article, words, 429)
        refused.headers["Retry-After"] = str(wait)
        return refused
    if not is_password(article.password_hash, request.form.get("password", "")[:LONGEST_PASSWORD]):
        return _refuse(article, "This is not the password. Capital letters count.", 422)
    occurrences.forget("unlock", _visitor(article))
    return _let_in(article)


def _article(article_id: int) -> Article:
    article = address_queries.article_by_id(article_id)
    return article if article and article.is_live() and article.path else abort(404)


def _let_in(article: Article) -> BaseResponse:
    response = make_response("", 204) if is_htmx() else redirect(article.permalink, code=303)
    if is_htmx():
        response.headers["HX-Redirect"] = article.permalink
    response.headers["Cache-Control"] = PRIVATE
    response.set_cookie(
        _cookie(article),
        _serializer().dumps(_fingerprint(article)),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=setting("SITE_URL").startswith("https://"),
    )
    return response


def _refuse(article: Article, error: str, status: int) -> BaseResponse:
    response = answer(
        fragment=lambda: render_template("reading/_unlock.html", article=article, error=error),
        page=lambda: render_template("reading/unlock.html", article=article, error=error),
        status=status,
    )
    response.headers["Cache-Control"] = PRIVATE
    return response


def _wait(article: Article) -> int:
    """Seconds to wait before the next try, 0 when it may be made now. Counts this one."""
    waits = [0]
    for key, limit in ((_visitor(article), TRIES), (_network(article), NETWORK_TRIES)):
        count, left = occurrences.hit("unlock", key, WINDOW_SECONDS)
        if count > limit:
            waits.append(left)
    return max(waits)


def _visitor(article: Article) -> str:
    return f"{article.id}:{visitors.visitor_hash()}"


def _network(article: Article) -> str:
    return f"{article.id}:network:{visitors.network_hash()}"


def _cookie(article: Article) -> str:
    return f"standfirst_unlocked_{article.id}"


def _fingerprint(article: Article) -> str:
    """Another one when the password changes, so that old cookies open nothing."""
    return visitors.fixed("unlock", str(article.id), article.password_hash or "")


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="unlock")
