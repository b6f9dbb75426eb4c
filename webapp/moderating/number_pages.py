"""Pages of numbers: for the newsroom, with charts, and month by month for everybody."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.moderating import queue_queries, words
from webapp.moderating.accounts import role_required
from webapp.moderating.learning import lesson
from webapp.moderating.numbers import Numbers, months, numbers
from webapp.moderating.rules import PHASES
from webapp.settings import setting

bp = Blueprint("number_pages", __name__)
SPANS = {7: "7 days", 30: "30 days", 90: "90 days"}


@bp.get("/moderation/numbers")
@role_required("moderator")
def page() -> ResponseReturnValue:
    """The last ?days= (7, 30 or 90) in charts and tables."""
    days = _days()
    return render_template(
        "moderating/numbers.html",
        found=numbers(days),
        days=days,
        spans=SPANS,
        label=words.rule_label,
        lesson=lesson(),
        counts=queue_queries.counts(),
        tabs=queue_queries.TABS,
    )


@bp.get("/moderation/numbers.svg")
@role_required("moderator")
def chart() -> ResponseReturnValue:
    """Received, approved and rejected by day, as a picture; ?theme=dark for a dark page."""
    from webapp.moderating import charts  # Here, since drawing takes long to import.

    found: Numbers = numbers(_days())
    labels = [f"{day:%b} {day.day}" for day in found.days]
    series = {"Received": found.received, "Approved": found.approved, "Rejected": found.rejected}
    drawn = charts.lines("Comments by day", labels, series, is_dark=request.args.get("theme") == "dark")
    return charts.as_picture(make_response(drawn))


@bp.get("/how-we-moderate")
def transparency() -> str:
    """The rules in words, and what became of comments, month by month."""
    return render_template(
        "moderating/transparency.html",
        months=months(),
        rules=[(words.rule_label(phase.__name__), (phase.__doc__ or "").strip()) for phase in PHASES],
        minutes=setting("COMMENT_EDIT_MINUTES"),
        acts=setting("SPAM_ACTS_AT"),
    )


def _days() -> int:
    days = request.args.get("days", 30, type=int)
    return days if days in SPANS else abort(404)
