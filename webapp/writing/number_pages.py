"""Pages of numbers: of an article, and of the paper."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.moderating.accounts import role_required
from webapp.sharing.networks import NETWORKS
from webapp.writing import allowed, numbers, reached
from webapp.writing.numbers import Figures

bp = Blueprint("desk_numbers", __name__)
SPANS = {7: "7 days", 14: "14 days", 30: "30 days"}
LABELS = {network.name: network.label for network in NETWORKS}


@bp.get("/desk/numbers")
@role_required("editor")
def paper() -> ResponseReturnValue:
    """The last ?days= (7, 14 or 30) of the paper."""
    days = _days()
    figures, best = numbers.of_site(days)
    return render_template(
        "writing/site_numbers.html",
        figures=figures,
        reached=reached.of_site(days),
        best=best,
        days=days,
        spans=SPANS,
        labels=LABELS,
        usual_days=reached.USUAL_DAYS,
    )


@bp.get("/desk/numbers.svg")
@role_required("editor")
def paper_chart() -> ResponseReturnValue:
    """The same as a drawing; ?theme=dark for a dark page."""
    return _drawn(numbers.of_site(_days())[0])


@bp.get("/desk/articles/<id:article_id>/numbers")
@role_required("author")
def article(article_id: int) -> ResponseReturnValue:
    """How an article is read and shared. 404 while nobody can read it."""
    found = allowed.seen(article_id)
    if not found.is_live():
        abort(404, description="Readers have not seen this article yet, so there is nothing to count.")
    return render_template(
        "writing/article_numbers.html",
        article=found,
        figures=numbers.of_article(found),
        reached=reached.of_article(found),
        labels=LABELS,
        window=numbers.WINDOW.days,
        compared=numbers.COMPARED,
        usual_days=reached.USUAL_DAYS,
    )


@bp.get("/desk/articles/<id:article_id>/numbers.svg")
@role_required("author")
def article_chart(article_id: int) -> ResponseReturnValue:
    """The same as a drawing."""
    return _drawn(numbers.of_article(allowed.seen(article_id)))


def _drawn(figures: Figures) -> ResponseReturnValue:
    from webapp.moderating import charts  # Here, since drawing takes long to import.

    labels = [f"{day:%b} {day.day}" for day in figures.days]
    is_dark = request.args.get("theme") == "dark"
    response = make_response(charts.lines("Views by day", labels, {"Views": figures.views}, is_dark=is_dark))
    return charts.as_picture(response)


def _days() -> int:
    days = request.args.get("days", 14, type=int)
    return days if days in SPANS else abort(404)
