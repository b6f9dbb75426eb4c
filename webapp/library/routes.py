"""The library's pages."""

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

from webapp import markup
from webapp.converters import id_from
from webapp.htmx import is_htmx
from webapp.library import actions, queries
from webapp.library.rules import ACCEPTED, MEGABYTE, Box, Refused
from webapp.models import Media
from webapp.moderating.accounts import own_account, role_required, told
from webapp.settings import setting

bp = Blueprint("library", __name__)
ONE = "/desk/media/<id:media_id>"
SAID = "library"
MOST_FILES = 50
LARGEST_REQUEST = 64 * MEGABYTE


@bp.before_request
def take_files() -> None:
    """Files are larger than forms; said before anything reads the request."""
    request.max_content_length = LARGEST_REQUEST


@bp.get("/desk/media")
@role_required("author")
def library() -> str:
    """Everything in the library, narrowed by ?q= and kind; going on before ?before=<id>."""
    return _library()


@bp.post("/desk/media")
@role_required("author")
def upload() -> ResponseReturnValue:
    """Takes `file`s. Each that cannot be taken is named with the reason; the others are kept. 422 when none was."""
    taken, problems = _taken()
    if is_htmx():
        wanted = "library/_picker.html" if request.form.get("picker") else "library/_brought.html"
        page = render_template(
            wanted, **_grid(pictures_only=bool(request.form.get("picker"))), problems=problems
        )
        return make_response(page, 422 if problems and not taken else 200)
    if problems:
        return make_response(_library(problems, taken), 422 if not taken else 200)
    flash(f"{len(taken)} brought. Say what each picture shows.", SAID)
    return redirect(f"/desk/media/{taken[0].id}" if len(taken) == 1 else "/desk/media", code=303)


@bp.get("/desk/media/picker")
@role_required("author")
def picker() -> str:
    """The library as a choice inside the editor."""
    return render_template("library/_picker.html", **_grid(pictures_only=True), problems=[])


@bp.get(ONE)
@role_required("author")
def one(media_id: int) -> ResponseReturnValue:
    """A file with what is said of it and where it stands."""
    return _one(_seen(media_id))


@bp.post(ONE)
@role_required("author")
def describe(media_id: int) -> ResponseReturnValue:
    """Sets alt text, title, caption, credit, licence and the focal point. 422 for what is too long."""
    media = _own(media_id)
    said = {name: markup.clean_text(request.form.get(name, "")) for name in actions.TEXTS}
    errors = {
        name: f"At most {most} characters; these are {len(said[name])}."
        for name, most in actions.TEXTS.items()
        if len(said[name]) > most
    }
    if errors:
        return make_response(_one(media, said, errors), 422)
    focus = (_percent("focus_x"), _percent("focus_y"))
    actions.describe(media_id, said, focus)
    flash("Saved.", SAID)
    return redirect(f"/desk/media/{media_id}", code=303)


@bp.post(ONE + "/file")
@role_required("author")
def replace(media_id: int) -> ResponseReturnValue:
    """Puts another file in its place, everywhere where it stands."""
    media = _own(media_id)
    brought = request.files.get("file")
    if brought is None or not brought.filename:
        return make_response(_one(media, problem="Choose the file that is to take its place."), 422)
    try:
        actions.replace(media_id, brought.stream, by=own_account())  # pyright: ignore[reportArgumentType]
    except Refused as refused:
        return make_response(_one(media, problem=f"{brought.filename} {refused} Nothing was changed."), 422)
    flash("The file is replaced. Pages show it as soon as its sizes are made.", SAID)
    return redirect(f"/desk/media/{media_id}", code=303)


@bp.post(ONE + "/crops")
@role_required("author")
def crop(media_id: int) -> ResponseReturnValue:
    """A part of the picture (`left`, `top`, `width`, `height` in percent) as a picture of its own."""
    media = _seen(media_id)
    numbers = [request.form.get(name, type=float) for name in ("left", "top", "width", "height")]
    known = [number for number in numbers if number is not None and 0 <= number <= 100]
    if len(known) != 4:
        return make_response(_one(media, problem="Type four numbers from 0 to 100."), 422)
    try:
        made = actions.crop(media_id, Box(*known), by=own_account())
    except Refused as refused:
        return make_response(_one(media, problem=str(refused)), 422)
    flash("This part is a picture of its own now.", SAID)
    return redirect(f"/desk/media/{made.id}", code=303)


@bp.post(ONE + "/deletion")
@role_required("author")
def delete(media_id: int) -> ResponseReturnValue:
    """Deletes a file. 409 while it stands in an article."""
    media = _own(media_id)
    try:
        actions.delete(media_id, by=own_account())
    except actions.InUse:
        return make_response(
            _one(
                media, problem="It stands in articles or is the logo, so it stays. Take it out there first."
            ),
            409,
        )
    flash(f"{media.file} is deleted.", SAID)
    return redirect("/desk/media", code=303)


def _taken() -> tuple[list[Media], list[str]]:
    brought = [one for one in request.files.getlist("file") if one.filename]
    if not brought:
        return [], ["Choose at least one file."]
    if len(brought) > MOST_FILES:
        return [], [f"{len(brought)} files at once are too many; {MOST_FILES} are allowed."]
    taken: list[Media] = []
    problems: list[str] = []
    for file in brought:
        name = markup.clean_text(file.filename or "")[-200:]
        try:
            taken.append(actions.bring(file.stream, name, by=own_account()))  # pyright: ignore[reportArgumentType]
        except Refused as refused:
            problems.append(f"{name} {refused}")
    return taken, problems


def _library(problems: list[str] | None = None, taken: list[Media] | None = None) -> str:
    said = told(SAID)
    if taken:
        said.append(f"{len(taken)} brought.")
    return render_template(
        "library/library.html",
        **_grid(),
        problems=problems or [],
        said=said,
        kinds=queries.KINDS,
    )


def _grid(*, pictures_only: bool = False) -> dict[str, object]:
    asked = {"q": request.args.get("q", "").strip()[:200], "kind": request.args.get("kind", "")}
    if asked["kind"] not in queries.KINDS:
        abort(404)
    before = id_from(request.args.get("before", "")) or 0
    media, rest = queries.found(asked["q"], asked["kind"], before, pictures_only=pictures_only)
    return {
        "media": media,
        "rest": rest,
        "asked": asked,
        "most": setting("UPLOAD_MEGABYTES"),
        "accepted": ACCEPTED,
    }


def _one(
    media: Media, said: dict[str, str] | None = None, errors: dict[str, str] | None = None, problem: str = ""
) -> str:
    return render_template(
        "library/one.html",
        media=media,
        typed=said or {name: getattr(media, name) for name in actions.TEXTS},
        errors=errors or {},
        problem=problem,
        uses=queries.uses_of(media),
        may_write=_may_write(media),
        accepted=ACCEPTED,
        said=told(SAID),
    )


def _percent(name: str) -> int:
    return max(0, min(100, request.form.get(name, 50, type=int)))


def _may_write(media: Media) -> bool:
    return own_account().has_role("editor") or media.account_id == own_account().id


def _seen(media_id: int) -> Media:
    return queries.media(media_id) or abort(404, description="There is no such file in the library.")


def _own(media_id: int) -> Media:
    media = _seen(media_id)
    if not _may_write(media):
        abort(403, description="Somebody else brought this file. Ask them, or an editor, to change it.")
    return media
