"""The queue, decisions on comments, and the log."""

from __future__ import annotations

from typing import Any, cast

from flask import (
    Blueprint,
    abort,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.htmx import is_htmx
from webapp.models import Account, CommentStatus
from webapp.moderating import (
    actions,
    chain,
    commenters,
    forms,
    handling,
    learning,
    number_pages,
    plugs,
    proof_of_work,
    queries,
    queue_queries,
    restrictions,
    rule_pages,
    signed_links,
    signing_in,
    subjects,
    words,
)
from webapp.moderating.accounts import current_account, local_path, role_required
from webapp.moderating.actions import Decision, Outcome
from webapp.moderating.links import link_to, without_links
from webapp.moderating.queue_queries import TABS, Filters
from webapp.moderating.rules import RULES
from webapp.reading.rules import headline_of
from webapp.site import current_site

bp = Blueprint("moderating", __name__)
for part in (
    signing_in,
    signed_links,
    commenters,
    handling,
    restrictions,
    rule_pages,
    number_pages,
    proof_of_work,
):
    bp.register_blueprint(part.bp)
bp.add_app_template_global(queue_queries.held_count, "held_count")
bp.add_app_template_global(handling.rejection_reasons, "rejection_reasons")
bp.add_app_template_filter(restrictions.in_words, "switch_words")
bp.add_app_template_filter(queue_queries.shown, "shown")
bp.add_app_template_filter(words.effort, "effort")
bp.add_app_template_filter(words.rule_label, "rule_label")
bp.add_app_template_filter(without_links, "without_links")
bp.add_app_template_filter(link_to, "link_to")
bp.add_app_template_filter(actions.who, "who")
bp.add_app_template_filter(words.faster, "faster")

COMMENT = "/moderation/comments/<id:comment_id>"
ENTRY = "/moderation/entries/<id:entry_id>"


@bp.get("/moderation")
@role_required("moderator")
def queue() -> ResponseReturnValue:
    """One list (?status=), narrowed by ?q=, article, category, rule, hours, band; after ?before=<comment id>."""
    status, wanted = request.args.get("status") or CommentStatus.held, forms.filters(request.args)
    if status not in TABS:
        abort(404)
    page = queue_queries.queue(status, wanted, _before(), mine=_me().id) or abort(404)
    here = request.full_path.rstrip("?")
    return render_template(
        "moderating/queue.html",
        page=page,
        toast=_told(),
        here=here,
        wanted=wanted,
        newest_entry=queries.newest_entry(),
        choices=choices(status, wanted),
        switches=restrictions.all_in_force(),
        lesson=learning.lesson(),
        **_frame(status, wanted.text),
    )


def choices(status: str, wanted: Filters) -> dict[str, list[tuple[str, str]]]:
    """What each filter of a list offers: (value, words)."""
    here = queue_queries.in_list(status, mine=_me().id)
    articles = queries.discussed(here, and_also=wanted.article)
    return {
        "article": [(str(one.id), headline_of(one)[:80]) for one in articles],
        "category": [(str(one.id), one.name) for one in current_site().sections],
        "rule": [(name, words.rule_label(name)) for name in (*RULES, *plugs.RULES)],
        "hours": [(str(hours), label) for hours, label in forms.AGES.items()],
        "band": [(str(band), label) for band, label in forms.BANDS.items()],
        "order": [("likely", "likely fine first"), ("newest", "newest first")],
    }


@bp.post(COMMENT + "/approval")
@role_required("moderator")
def approve(comment_id: int) -> ResponseReturnValue:
    """Shows a comment to readers."""
    return _decide_one(comment_id, Decision.approval)


@bp.post(COMMENT + "/hold")
@role_required("moderator")
def hold(comment_id: int) -> ResponseReturnValue:
    """Lets a comment wait; restores it from spam and trash."""
    return _decide_one(comment_id, Decision.hold)


@bp.post(COMMENT + "/spam")
@role_required("moderator")
def spam(comment_id: int) -> ResponseReturnValue:
    """Puts a comment away as junk."""
    return _decide_one(comment_id, Decision.spam)


@bp.post(COMMENT + "/trash")
@role_required("moderator")
def trash(comment_id: int) -> ResponseReturnValue:
    """Removes a comment; it can be restored."""
    return _decide_one(comment_id, Decision.trash)


@bp.post("/moderation/decisions")
@role_required("moderator")
def decide_many() -> ResponseReturnValue:
    """One decision on the ticked comments. 409 when others had decided on all of them, 404 when none is there."""
    try:
        form = forms.bulk_form(request.form)
    except forms.BadForm as error:
        return _refused(422, str(error))
    return _decided(actions.decide(form.ids, form.decision, by=_me(), expected=form.expected), form.decision)


@bp.post(ENTRY + "/undo")
@role_required("moderator")
def undo(entry_id: int) -> ResponseReturnValue:
    """Takes one decision back. 409 when the comment has moved on."""
    return _undo([entry_id])


@bp.post("/moderation/undos")
@role_required("moderator")
def undo_many() -> ResponseReturnValue:
    """Takes back what one decision did to several comments (`entry`, repeated): all or none."""
    try:
        ids = forms.ids(request.form.getlist("entry"), "entry")
    except forms.BadForm as error:
        return _refused(422, str(error))
    return _undo(ids)


@bp.get("/moderation/log")
@role_required("moderator")
def log() -> ResponseReturnValue:
    """Who decided what and when, newest first, going on after ?before=<entry id>."""
    rows, older = queries.log(_before())
    counts = queue_queries.counts()
    return render_template(
        "moderating/log.html",
        subjects=subjects.of(row.entry for row in rows),
        deeds=chain.DEEDS,
        rows=rows,
        older=older,
        counts=counts,
        tabs=TABS,
        toast=_told(),
    )


def _decide_one(comment_id: int, decision: Decision) -> ResponseReturnValue:
    try:
        expected = forms.expected(request.form)
    except forms.BadForm as error:
        return _refused(422, str(error))
    return _decided(actions.decide([comment_id], decision, by=_me(), expected=expected), decision)


def _decided(outcome: Outcome, decision: Decision) -> ResponseReturnValue:
    if not outcome.changed and not outcome.unchanged:
        if not outcome.taken:
            abort(404, description="This comment is not there any more.")
        if not is_htmx():
            return _refused(409, words.said(outcome, decision))
    toast: dict[str, Any] = {
        "text": words.said(outcome, decision),
        "entries": [change.entry.id for change in outcome.changed if change.entry],
    }
    rejected = [change.comment for change in outcome.changed if decision in (Decision.trash, Decision.spam)]
    if len(rejected) == 1 and rejected[0].email:
        toast["tell"] = rejected[0].id
    if not is_htmx():
        return _back(toast)
    is_refused = not outcome.changed and not outcome.unchanged
    context = _frame(request.form.get("expected") or CommentStatus.held, request.form.get("q", ""))
    page = render_template(
        "moderating/_decided.html", outcome=outcome, toast=toast, here=_here(), rows=[], **context
    )
    return make_response(page, 409 if is_refused else 200)


def _undo(entry_ids: list[int]) -> ResponseReturnValue:
    try:
        changes = actions.undo(entry_ids, by=_me())
    except KeyError:
        abort(404, description="This entry, or its comment, is not there any more.")
    except actions.CannotUndo as error:
        return _refused(409, words.refused(error))
    toast = {"text": words.said_back(changes), "entries": []}
    if not is_htmx():
        return _back(toast)
    status = request.form.get("list") or CommentStatus.held
    back = [change.comment.id for change in changes if queue_queries.stands_in(change.comment, status)]
    return render_template(
        "moderating/_decided.html",
        outcome=Outcome(),
        toast=toast,
        here=_here(),
        rows=queue_queries.rows(back),
        **_frame(status),
    )


def _frame(status: str, text: str = "") -> dict[str, Any]:
    """What heading, tabs and the line under the list take."""
    return {"status": status, "q": text, "counts": queue_queries.counts(), "tabs": TABS}


def _refused(status: int, words_: str) -> Response:
    """A page, or a note at the foot of the queue, that says why nothing was changed."""
    toast = {"text": words_, "entries": []}
    if is_htmx():
        return make_response(
            render_template("moderating/_toast.html", toast=toast, status="", here=_here()), status
        )
    return make_response(render_template("moderating/refused.html", text=words_, here=_here()), status)


def _back(toast: dict[str, Any]) -> Response:
    """303 to the list that the form was on, which says what happened."""
    # Flask's own type allows only text; a session keeps lists and dictionaries as well.
    flash(cast("str", toast), "decision")
    return redirect(_here(), code=303)


def _told() -> dict[str, Any] | None:
    told = get_flashed_messages(category_filter=["decision"])
    return cast("dict[str, Any]", told[-1]) if told else None


def _here() -> str:
    """The list that the form was on."""
    return local_path(request.form.get("next"))


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text:
        return None
    try:
        return forms.ids([text], "comment")[0]
    except forms.BadForm:
        abort(404)


def _me() -> Account:
    """Who decides; role_required has seen to it that there is somebody."""
    return current_account() or abort(401)
