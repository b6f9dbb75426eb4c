"""The editor of an article: its page, saving what was typed, publishing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from webapp import markup
from webapp.htmx import is_htmx
from webapp.markup_links import web_address
from webapp.models import Article, Change, WorkingCopy
from webapp.moderating.accounts import role_required
from webapp.site import current_site
from webapp.writing import actions, allowed, forms, lookups, presence, queries
from webapp.writing.fields import from_json

bp = Blueprint("editor", __name__)
ONE = "/desk/articles/<id:article_id>"
SAID = "desk"


@bp.get(ONE)
@role_required("author")
def edit(article_id: int) -> ResponseReturnValue:
    """An article in the editor, as it was saved last."""
    article = allowed.seen(article_id)
    presence.note(article_id, allowed.me())
    return _page(article, actions.copy_of(article))


@bp.post(ONE)
@role_required("author")
def save(article_id: int) -> ResponseReturnValue:
    """Keeps what was typed. 303 to the editor, or the state line (with HTMX); 409 with both texts when somebody
    saved in between; 422 with what is wrong. What was typed comes back with each of these."""
    article = allowed.written(article_id)
    copy = actions.copy_of(article)
    typed = forms.typed(request.form, from_json(copy.fields))
    presence.note(article_id, allowed.me())
    if typed.errors and not is_htmx():
        return _page(article, copy, typed, status=422)
    try:
        actions.save(article_id, typed.fields, typed.revision, by=allowed.me())
    except actions.Stale:
        return _conflict(article, typed)
    if is_htmx():
        return _state(article_id, actions.copy_of(article), typed.errors)
    flash("Saved.", SAID)
    return redirect(f"/desk/articles/{article_id}", code=303)


@bp.post(ONE + "/publication")
@role_required("editor")
def publish(article_id: int) -> ResponseReturnValue:
    """Publishes what was typed, now or at a time. 303 to the editor; 409 and 422 as for saving."""
    article = allowed.written(article_id)
    copy = actions.copy_of(article)
    typed = forms.typed(request.form, from_json(copy.fields))
    how = forms.publishing(request.form, lookups.zone(), is_live=article.is_live())
    typed.errors |= how.errors
    if not typed.fields.headline.strip():
        words = "An article needs a headline before it is published."
        typed.errors.setdefault("headline", words)
    if typed.errors:
        return _page(article, copy, typed, status=422)
    try:
        article = actions.publish(
            article_id,
            typed.fields,
            typed.revision,
            by=allowed.me(),
            change=how.change,
            note=how.note,
            at=how.at,
        )
    except actions.Stale:
        return _conflict(article, typed)
    except actions.NotNow as error:
        abort(409, description=f"{error} Nothing was changed.")
    flash("The time is set." if how.at else "Published: readers see it now.", SAID)
    return redirect(f"/desk/articles/{article_id}", code=303)


@bp.post(ONE + "/changes-end")
@role_required("author")
def drop_changes(article_id: int) -> ResponseReturnValue:
    """Forgets what was typed since readers saw it last. 409 when somebody saved in between."""
    article = allowed.written(article_id)
    try:
        actions.drop_changes(article_id, request.form.get("revision", 0, type=int), by=allowed.me())
    except actions.Stale:
        return _page(article, actions.copy_of(article), status=409)
    flash("The editor shows again what readers see.", SAID)
    return redirect(f"/desk/articles/{article_id}", code=303)


@bp.post(ONE + "/presence")
@role_required("author")
def here(article_id: int) -> ResponseReturnValue:
    """Says that somebody has the article open, and answers with the state line: who else does, what was saved."""
    article = allowed.seen(article_id)
    presence.note(article_id, allowed.me())
    copy = actions.copy_of(article)
    typed_on = request.form.get("revision", 0, type=int)
    if copy.revision > typed_on:
        return _state(article_id, copy, {}, revision=typed_on, is_stale=True)
    return _state(article_id, copy, {})


@bp.post("/desk/embeds")
@role_required("author")
def embed() -> ResponseReturnValue:
    """The card for a page of another site (`address`), as it will stand in the text. 422 for no address."""
    address = web_address(request.form.get("address", "").strip())
    if not address:
        abort(422, description="Paste the whole address of a page, such as https://video.example/watch.")
    return markup.clean_article(f'<iframe src="{escape(address)}"></iframe>')


def _state(
    article_id: int,
    copy: WorkingCopy,
    errors: dict[str, str],
    *,
    revision: int | None = None,
    is_stale: bool = False,
) -> ResponseReturnValue:
    fields = from_json(copy.fields)
    return make_response(
        render_template(
            "writing/_state.html",
            copy=copy,
            revision=copy.revision if revision is None else revision,
            is_stale=is_stale,
            errors=errors,
            others=queries.others_here(article_id, allowed.me()),
            words=markup.word_count(markup.plain_text(fields.body)),
            missing=queries.missing(queries.article(article_id) or abort(404)),
        ),
        409 if is_stale and request.path.endswith(str(article_id)) else 200,
    )


def _conflict(article: Article, typed: forms.Typed) -> ResponseReturnValue:
    """Both texts: what was typed stays in the form, what stands there is shown beside it."""
    copy = actions.copy_of(article)
    if is_htmx():
        return _state(article.id, copy, typed.errors, revision=typed.revision, is_stale=True)
    return _page(article, copy, typed, status=409, is_conflict=True)


def _page(
    article: Article,
    copy: WorkingCopy,
    typed: forms.Typed | None = None,
    *,
    status: int = 200,
    is_conflict: bool = False,
) -> ResponseReturnValue:
    account = allowed.me()
    fields = typed.fields if typed else from_json(copy.fields)
    shown = lookups.Shown(fields)
    text = markup.plain_text(fields.body)
    context: dict[str, Any] = {
        "article": article,
        "copy": copy,
        "fields": fields,
        "shown": shown,
        "raw": typed.raw if typed else {},
        "errors": typed.errors if typed else {},
        "revision": copy.revision if is_conflict or typed is None else typed.revision,
        "theirs": _theirs(copy, typed) if is_conflict and typed else None,
        "may_write": allowed.may_write(account, article),
        "may_publish": account.has_role("editor"),
        "is_live": article.is_live(),
        "others": queries.others_here(article.id, account),
        "versions": queries.versions(article.id),
        "missing": queries.missing(article),
        "changes": [one for one in Change if one != Change.first],
        "words": markup.word_count(text),
        "choices": lookups.choices(),
        "pages": lookups.pages(article.id) if article.kind == "page" else [],
        "zone": current_site().zone,
        "is_stale": False,
    }
    page = make_response(render_template("writing/editor.html", **context), status)
    page.headers["Vary"] = "Cookie"
    return page


def _theirs(copy: WorkingCopy, typed: forms.Typed) -> dict[str, Any]:
    """What somebody else saved, and how the texts differ: theirs crossed out, mine new."""
    from webapp.writing.differences import paragraphs

    other = from_json(copy.fields)
    named = {
        name: (getattr(other, name), getattr(typed.fields, name))
        for name in ("headline", "kicker", "standfirst", "excerpt", "slug")
    }
    return {
        "fields": other,
        "named": {name: pair for name, pair in named.items() if pair[0] != pair[1]},
        "pieces": paragraphs(markup.plain_text(other.body), markup.plain_text(typed.fields.body)),
    }
