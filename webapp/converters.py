"""Parts of addresses that are ids: a number that no database would take is no address at all. And what rules cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule

from webapp.models.base import LARGEST_ID


class IdConverter(IntegerConverter):
    """`<id:name>` in a rule: 0 to LARGEST_ID. Longer numbers match no rule at all, whatever the method."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, max=LARGEST_ID)


class LateRule(Rule):
    """A rule that compiles the code which builds its addresses when the first is built, and not at every start.

    Hundreds of rules have two such functions each, made of syntax trees; hardly one of them is ever called.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        built: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not built:
                built.append(compile_now(append_unknown))
            return built[0](rule, **values)

        return build


def init_app(app: Flask) -> None:
    """Lets rules say `<id:…>`, and be made late. Called before there are any."""
    app.url_rule_class = LateRule
    app.url_map.converters["id"] = IdConverter


def id_from(text: str) -> int | None:
    """An id as a question or a form has it; None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return None
    return number if 0 < (number := int(text)) <= LARGEST_ID else None
