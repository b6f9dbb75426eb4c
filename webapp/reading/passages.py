"""What stands below each headline of a search's results: how the article begins, or where in it the words stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import unescape

from sqlalchemy import Select, bindparam, select

from webapp.database import read_rows
from webapp.markup import excerpt, passage, plain_text, terms_in
from webapp.models import Article

WORDS = 50
_BLOCK_ENDS = re.compile(r"</(?:p|li|h[1-6]|t[dhr]|d[dt]|pre|blockquote|figcaption|summary)>")
_TAGS = re.compile(r"<[^>]*>")


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
    """Of the block with most of the terms, the first of several. Only that one is read thoroughly."""
    best, most = "", 0
    for block in _BLOCK_ENDS.split(html):
        inside = terms_in(unescape(_TAGS.sub("", block)), terms)
        if inside > most:
            best, most = block, inside
        if most == len(terms):
            break
    return passage(plain_text(best), terms, WORDS)
