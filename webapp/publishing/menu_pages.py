"""The desk's pages of the menus."""

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

from webapp.models import Menu
from webapp.moderating.accounts import own_account, role_required, told
from webapp.publishing import menu_tree, menus
from webapp.publishing.front import offered
from webapp.reading import queries, search_queries
from webapp.site import current_site

bp = Blueprint("menu_pages", __name__)
ADDRESS = "/desk/menus"
ONE = ADDRESS + "/<id:menu_id>"
SAID = "menus"
MOVED = {
    "up": "Moved up.",
    "down": "Moved down.",
    "in": "It stands below the entry before it.",
    "out": "It stands one level higher.",
    "remove": "Taken out; what stood below it took its place.",
}
GONE = "A colleague has taken this out meanwhile."


@bp.get(ADDRESS)
@role_required("editor")
def all_menus() -> ResponseReturnValue:
    """Every menu and where it stands."""
    return _list()


@bp.post(ADDRESS)
@role_required("editor")
def make() -> ResponseReturnValue:
    """Makes a menu. 422 with the form for what is wrong."""
    try:
        menu = menus.make(request.form.get("name", ""), _location(), by=own_account())
    except menus.Unusable as wrong:
        return _list(422, str(wrong))
    flash(f"“{menu.name}” is made. Add its entries.", SAID)
    return redirect(f"{ADDRESS}/{menu.id}", code=303)


@bp.get(ONE)
@role_required("editor")
def one(menu_id: int) -> ResponseReturnValue:
    """A menu with its entries."""
    return _one(_menu(menu_id))


@bp.post(ONE)
@role_required("editor")
def change(menu_id: int) -> ResponseReturnValue:
    """Renames and places it. 422 for what is wrong."""
    menu = _menu(menu_id)
    try:
        menus.change(menu_id, request.form.get("name", ""), _location(), by=own_account())
    except menus.Unusable as wrong:
        return _one(menu, 422, {"name": str(wrong)})
    except menus.Gone:
        abort(404, description=GONE)
    flash("Saved.", SAID)
    return redirect(f"{ADDRESS}/{menu_id}", code=303)


@bp.post(ONE + "/deletion")
@role_required("editor")
def remove(menu_id: int) -> ResponseReturnValue:
    """Deletes it with its entries, once `sure` is ticked."""
    menu = _menu(menu_id)
    if not request.form.get("sure"):
        return _one(menu, 422, {"sure": "Nothing was deleted: tick that you are sure."})
    name = menu.name
    try:
        menus.remove(menu_id, by=own_account())
    except menus.Gone:
        abort(404, description=GONE)
    flash(f"“{name}” is deleted.", SAID)
    return redirect(ADDRESS, code=303)


@bp.post(ONE + "/entries")
@role_required("editor")
def add(menu_id: int) -> ResponseReturnValue:
    """Adds an entry (`to` and `label`) at the end. 422 for what is wrong."""
    menu = _menu(menu_id)
    try:
        menus.add(menu_id, request.form.get("to", ""), request.form.get("label", ""), by=own_account())
    except menus.Unusable as wrong:
        return _one(menu, 422, {"to": str(wrong)})
    except menus.Gone:
        abort(404, description=GONE)
    flash("Added at the end.", SAID)
    return redirect(f"{ADDRESS}/{menu_id}#entries", code=303)


@bp.post(ONE + "/entries/<id:entry_id>")
@role_required("editor")
def change_entry(menu_id: int, entry_id: int) -> ResponseReturnValue:
    """What the pressed button says (`do`): moves or takes out; without one, another label or aim."""
    menu, deed = _menu(menu_id), request.form.get("do", "")
    try:
        if deed in menu_tree.DEEDS:
            menus.move(menu_id, entry_id, deed, by=own_account())
            flash(MOVED[deed], SAID)
        else:
            menus.change_entry(
                menu_id, entry_id, request.form.get("to", ""), request.form.get("label", ""), by=own_account()
            )
            flash("Saved.", SAID)
    except menus.Unusable as wrong:
        return _one(menu, 422, {f"to-{entry_id}": str(wrong)}, entry_id)
    except menus.Gone:
        return _one(menu, 409, {"to": GONE})
    return redirect(f"{ADDRESS}/{menu_id}#entry-{entry_id}", code=303)


def _list(status: int = 200, problem: str = "") -> ResponseReturnValue:
    found = menus.all_menus()
    page = render_template(
        "publishing/menus.html",
        menus=found,
        at={menu.location: (menu, count) for menu, count in found if menu.location},
        places=menus.PLACES,
        problem=problem,
        said=told(SAID),
    )
    return make_response(page, status)


def _one(
    menu: Menu, status: int = 200, errors: dict[str, str] | None = None, entry_id: int = 0
) -> ResponseReturnValue:
    question = request.args.get("q", "").strip()[: search_queries.LONGEST]
    page = render_template(
        "publishing/menu.html",
        menu=menu,
        entries=menus.entries_of(menu.id),
        places=menus.PLACES,
        errors=errors or {},
        wrong_entry=entry_id,
        categories=queries.all_categories(),
        offered=offered(question),
        question=question,
        preview=current_site().menu(menu.location) if menu.location else [],
        said=told(SAID),
    )
    return make_response(page, status)


def _location() -> str | None:
    location = request.form.get("location", "")
    if location and location not in menus.PLACES:
        abort(422, description="There is no such place for a menu.")
    return location or None


def _menu(menu_id: int) -> Menu:
    return menus.menu_at(menu_id) or abort(404, description="This menu is not there (any more).")
