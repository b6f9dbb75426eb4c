"""What stands below each headline of a search's results: how the article begins, or where in it the words stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select

from webapp.database import read_rows
from webapp.markup import blocks, excerpt, passage, terms_in
from webapp.models import Article

WORDS = 50


def of(articles: Iterable[Article], terms: Sequence[str]) -> dict[int, str]:
    """Plain texts by the ids of the articles; none for one that asks for a password.

    Standfirst and excerpt, unless more of the terms stand in a passage of the text. One statement where texts have to
    be looked into for that, else none.
    """
    found, missing = {}, []
    for article in articles:
        if article.is_protected:
            continue
        found[article.id] = excerpt(f"{article.standfirst} {article.excerpt}", WORDS)
        if terms_in(f"{article.headline} {found[article.id]}", terms) < len(terms):
            missing.append(article.id)
    for number, html in read_rows(_bodies(), {"ids": missing}) if missing else []:
        inside = _passage(html, terms)
        if terms_in(inside, terms) > terms_in(found[number], terms):
            found[number] = inside
    return found


@cache
def _bodies() -> Select[int, str]:
    return select(Article.id, Article.body_html).where(Article.id.in_(bindparam("ids", expanding=True)))


def _passage(html: str, terms: Sequence[str]) -> str:
    """Out of the block with most of the terms, the first of several."""
    best, most = "", 0
    for text in blocks(html):
        inside = terms_in(text, terms)
        if inside > most:
            best, most = text, inside
        if most == len(terms):
            break
    return passage(best, terms, WORDS)
