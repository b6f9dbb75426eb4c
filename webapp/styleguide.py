"""`/_styleguide`: every token and component in its states, from the templates that readers and staff get. Development
only."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from markupsafe import Markup

from webapp.assets import EXTENSION
from webapp.models import Article
from webapp.reading import queries

bp = Blueprint("styleguide", __name__)

_TAG = re.compile(r"""<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_ID = re.compile(r'\sid="([^"]+)"')
_NAMES = re.compile(
    r'(\s(?:id|for|form|list|popovertarget|aria-(?:labelledby|describedby|controls))=")([^"]*)"'
)
_BY_ITSELF = re.compile(
    r'\s(?:hx-[\w:.-]+|autofocus)(?:="[^"]*")?(?=[\s>])|(?<=<iframe class="edition-frame") src="[^"]*"'
)
_HIDDEN = re.compile(r"\shidden(?=[\s>])")


@bp.before_request
def for_developers() -> None:
    """Nobody else knows of it."""
    if not current_app.extensions["standfirst_settings"].values["DEVELOPMENT"]:
        abort(404)


@bp.get("/_styleguide")
def styleguide() -> str:
    """What readers see. One story with a picture is a real one as far as there is any; the others are made up."""
    from webapp.styleguide_samples import for_readers

    return render_template(
        "styleguide/styleguide.html", **for_readers(_pictured()), icons=_icons(), apart=_Apart()
    )


@bp.get("/_styleguide/desk")
def desk() -> str:
    """What staff see, as an admin would."""
    from webapp.styleguide_desk import for_staff

    return render_template(
        "styleguide/desk.html", **for_staff(_pictured()), apart=_Apart(), fragment=_fragment
    )


@bp.get("/_styleguide/chart.svg")
def chart() -> Response:
    """A chart of made-up figures; ?theme=dark for a dark page."""
    from webapp.moderating import charts

    labels, figures = [f"Dec {day}" for day in range(1, 15)], [3, 5, 4, 8, 13, 9, 7, 6, 12, 18, 11, 9, 8, 10]
    is_dark = request.args.get("theme") == "dark"
    return charts.as_picture(
        make_response(charts.lines("Views", labels, {"Views": figures}, is_dark=is_dark))
    )


class _Apart:
    """Gives the ids of each sample an ending of its own, so that a page can hold a part in several states, and leaves
    out what would ask the server or take the focus by itself. `is_open`: what scripts show is shown."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, html: str, is_open: bool = False) -> Markup:
        own, ending = set(_ID.findall(html)), f"-sample-{next(self._numbers)}"

        def renamed(match: re.Match[str]) -> str:
            names = (name + ending if name in own else name for name in match[2].split())
            return f'{match[1]}{" ".join(names)}"'

        def mended(match: re.Match[str]) -> str:
            tag = _NAMES.sub(renamed, _BY_ITSELF.sub("", match[0]))
            if is_open:
                tag = _HIDDEN.sub("", tag).replace("<dialog ", "<dialog open ")
            return tag

        return Markup(_TAG.sub(mended, html))  # noqa: S704 (a template's own text, already escaped)


def _pictured() -> Article | None:
    """The newest article with a picture."""
    return next((one for one in queries.latest(None, None).articles if one.lead_media), None)


def _fragment(name: str, **taken: Any) -> Markup:
    return Markup(render_template(name, **taken))  # noqa: S704 (a template's own text, already escaped)


def _icons() -> list[str]:
    """The names of all drawings."""
    return list(current_app.extensions[EXTENSION].sprites)
