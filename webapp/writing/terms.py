"""The desk's pages of categories and tags."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from webapp.converters import id_from
from webapp.markup import clean_text
from webapp.moderating.accounts import role_required, told
from webapp.writing import allowed, term_actions
from webapp.writing.term_actions import Taken

bp = Blueprint("terms", __name__)
TAGS, CATEGORIES = "/desk/tags", "/desk/categories"
SAID = "terms"
LONGEST = 190


@bp.get(CATEGORIES)
@role_required("editor")
def categories() -> ResponseReturnValue:
    """All categories, each with its form, and one for a new one."""
    return _categories()


@bp.post(CATEGORIES)
@role_required("editor")
def make_category() -> ResponseReturnValue:
    """A new category. 422 with what is wrong."""
    return _change(None)


@bp.post(CATEGORIES + "/<id:category_id>")
@role_required("editor")
def change_category(category_id: int) -> ResponseReturnValue:
    """Changes a category; its old address leads on. 422 with what is wrong."""
    return _change(category_id)


@bp.get(TAGS)
@role_required("editor")
def tags() -> ResponseReturnValue:
    """Tags by name, narrowed by ?q=, after ?after=<name>."""
    return _tags()


@bp.post(TAGS + "/<id:tag_id>")
@role_required("editor")
def rename_tag(tag_id: int) -> ResponseReturnValue:
    """Renames a tag. 422 for no name or one that another has."""
    name = clean_text(request.form.get("name", ""))
    if not 0 < len(name) <= LONGEST:
        return _tags(f"A tag has a name of at most {LONGEST} characters.", 422)
    try:
        tag = term_actions.rename_tag(tag_id, name, request.form.get("slug", "")[:LONGEST], by=allowed.me())
    except Taken as error:
        return _tags(str(error), 422)
    except NoResultFound:
        abort(404, description="This tag is not there any more.")
    flash(f"{tag.name}: saved. The old address leads to {tag.url}.", SAID)
    return redirect(TAGS, code=303)


@bp.post(TAGS + "/<id:tag_id>/merge")
@role_required("editor")
def merge(tag_id: int) -> ResponseReturnValue:
    """Merges a tag into another one, named in `into`. 422 where there is none."""
    wanted = clean_text(request.form.get("into", ""))
    found = (
        [tag for tag, _ in term_actions.tags(wanted)[0] if tag.name.lower() == wanted.lower()]
        if wanted
        else []
    )
    if not found or found[0].id == tag_id:
        return _tags(f"There is no other tag called “{wanted[:100]}”.", 422)
    try:
        into = term_actions.merge_tags(tag_id, found[0].id, by=allowed.me())
    except NoResultFound:
        abort(404, description="This tag is not there any more.")
    flash(f"Merged into {into.name}.", SAID)
    return redirect(TAGS, code=303)


@bp.post(TAGS + "/<id:tag_id>/deletion")
@role_required("editor")
def delete(tag_id: int) -> ResponseReturnValue:
    """Takes a tag off its articles and deletes it."""
    try:
        term_actions.delete_tag(tag_id, by=allowed.me())
    except NoResultFound:
        abort(404, description="This tag is not there any more.")
    flash("The tag is deleted.", SAID)
    return redirect(TAGS, code=303)


def _change(category_id: int | None) -> ResponseReturnValue:
    name, description = clean_text(request.form.get("name", "")), request.form.get("description", "").strip()
    if not 0 < len(name) <= LONGEST or len(description) > 2000:
        return _categories(
            f"A category has a name of at most {LONGEST} characters; a description at most 2000.", 422
        )
    try:
        made = term_actions.change_category(
            category_id,
            name=name,
            slug=request.form.get("slug", "")[:LONGEST],
            description=description,
            parent_id=id_from(request.form.get("parent", "")) or 0,
            position=max(-999, min(999, request.form.get("position", 0, type=int))),
            is_in_feed=bool(request.form.get("is_in_feed")),
            is_on_front=bool(request.form.get("is_on_front")),
            by=allowed.me(),
        )
    except Taken as error:
        return _categories(f"{error} Nothing was changed.", 422)
    except NoResultFound:
        abort(404, description="This category is not there any more.")
    flash(f"{made.name}: saved.", SAID)
    return redirect(CATEGORIES, code=303)


def _categories(problem: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "writing/categories.html",
        categories=term_actions.categories(),
        problem=problem,
        typed=request.form,
        said=told(SAID),
    )
    return make_response(page, status)


def _tags(problem: str = "", status: int = 200) -> ResponseReturnValue:
    question = request.args.get("q", "").strip()[:100]
    found, rest = term_actions.tags(question, request.args.get("after", "")[:200])
    page = render_template(
        "writing/tags.html", tags=found, rest=rest, question=question, problem=problem, said=told(SAID)
    )
    return make_response(page, status)
