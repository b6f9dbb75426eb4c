"""Parts of addresses that are ids: a number that no database would take is no address at all."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from webapp.models.base import LARGEST_ID


class IdConverter(IntegerConverter):
    """`<id:name>` in a rule: 0 to LARGEST_ID. Longer numbers match no rule at all, whatever the method."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Lets rules say `<id:…>`."""
    app.url_map.converters["id"] = IdConverter


def id_from(text: str) -> int | None:
    """An id as a question or a form has it; None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return None
    return number if 0 < (number := int(text)) <= LARGEST_ID else None
