"""The desk's list of articles, and what is done to one as a whole."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.converters import id_from
from webapp.models import Account, Article, Kind, Status
from webapp.moderating.accounts import local_path, role_required, told
from webapp.writing import (
    actions,
    allowed,
    editor,
    lookups,
    number_pages,
    previews,
    public,
    queries,
    states,
    terms,
    version_pages,
)
from webapp.writing.queries import TABS, Filters

bp = Blueprint("writing", __name__)
for part in (editor, previews, version_pages, public, terms, number_pages):
    bp.register_blueprint(part.bp)

ONE = "/desk/articles/<id:article_id>"
SAID = "desk"


@bp.get("/desk/articles")
@role_required("author")
def articles() -> ResponseReturnValue:
    """One list (?tab=), narrowed by ?q=, author and category; after ?after=<keyset>."""
    me, tab = allowed.me(), request.args.get("tab", "work")
    if tab not in TABS:
        abort(404)
    wanted = Filters(
        request.args.get("q", "").strip()[:200],
        id_from(request.args.get("author", "")) or 0,
        id_from(request.args.get("category", "")) or 0,
    )
    if tab == "work" and not wanted.text:
        groups = queries.in_work(wanted, me)
    else:
        after = request.args.get("after", "")
        found, rest = queries.rows(tab if tab != "work" else "any", wanted, me, after=after)
        groups = [queries.Group("", tab, found, rest)] if found else []
    kept = {
        name: value for name, value in request.args.items() if name in ("q", "author", "category") and value
    }
    return render_template(
        "writing/articles.html",
        tab=tab,
        tabs=TABS,
        groups=groups,
        counts=queries.counts(me),
        wanted=wanted,
        kept=urlencode(kept),
        next_scheduled=queries.next_scheduled(),
        choices=lookups.choices() | {"authors": lookups.authors()},
        said=told(SAID),
    )


@bp.post("/desk/articles")
@role_required("author")
def create() -> ResponseReturnValue:
    """A new draft (`kind`: article, page), or the one of this account into which nothing was written yet."""
    me, kind = allowed.me(), Kind.page if request.form.get("kind") == "page" else Kind.article
    if kind == Kind.page and not me.has_role("editor"):
        abort(403, description="Pages are made by editors.")
    found = queries.untouched_draft(me, kind) or actions.create(me, kind).id
    return redirect(f"/desk/articles/{found}", code=303)


@bp.post(ONE + "/unpublication")
@role_required("editor")
def unpublish(article_id: int) -> ResponseReturnValue:
    """Takes an article down; its address answers 410 with the `note`."""
    note = request.form.get("note", "").strip()
    if len(note) > 500:
        abort(
            422, description=f"The note may have 500 characters; these are {len(note)}. Nothing was changed."
        )
    return _did(lambda me: states.unpublish(article_id, note, by=me), "is taken down")


@bp.post(ONE + "/time-end")
@role_required("editor")
def hold_back(article_id: int) -> ResponseReturnValue:
    """Takes away the time that was set for publishing."""
    return _did(lambda me: actions.hold_back(article_id, by=me), "waits again until somebody publishes it")


@bp.post(ONE + "/trash")
@role_required("author")
def trash(article_id: int) -> ResponseReturnValue:
    """Puts an article away; what readers saw is gone for them."""
    allowed.written(article_id)
    return _did(lambda me: states.trash(article_id, by=me), "is in the trash", to="/desk/articles")


@bp.post(ONE + "/restoration")
@role_required("author")
def restore(article_id: int) -> ResponseReturnValue:
    """Takes an article out of the trash."""
    allowed.seen(article_id)
    return _did(lambda me: states.restore(article_id, by=me), "is back from the trash")


@bp.post(ONE + "/deletion")
@role_required("editor")
def delete(article_id: int) -> ResponseReturnValue:
    """Deletes a draft in the trash for good. 409 for what readers have seen."""
    article = allowed.seen(article_id)
    try:
        states.purge_trash(article_id, by=allowed.me())
    except actions.NotNow as error:
        abort(409, description=str(error))
    flash(f"“{article.headline or 'Untitled'}” is deleted for good.", SAID)
    return redirect("/desk/articles?tab=trash", code=303)


@bp.post(ONE + "/copies")
@role_required("author")
def duplicate(article_id: int) -> ResponseReturnValue:
    """A new draft that says the same."""
    allowed.seen(article_id)
    made = states.duplicate(article_id, by=allowed.me())
    flash("This is a copy, a draft of its own.", SAID)
    return redirect(f"/desk/articles/{made.id}", code=303)


@bp.post(ONE + "/handover")
@role_required("author")
def hand_over(article_id: int) -> ResponseReturnValue:
    """Says that a draft waits to be read by an editor; `back`: that it does not any more."""
    allowed.written(article_id)
    back = bool(request.form.get("back"))
    words = "is yours to write again" if back else "waits to be read by an editor"
    return _did(lambda me: states.hand_over(article_id, by=me, back=back), words)


def _did(action: Callable[[Account], Article], words: str, to: str = "") -> ResponseReturnValue:
    try:
        article = action(allowed.me())
    except actions.NotNow as error:
        abort(409, description=f"{error} Nothing was changed.")
    flash(f"“{article.headline or 'Untitled'}” {words}.", SAID)
    default = (
        f"/desk/articles/{article.id}" if article.status != Status.trashed else "/desk/articles?tab=trash"
    )
    return redirect(local_path(request.form.get("next"), to or default), code=303)
