"""Searching: every word of the question must occur; words in the headline count more, then the newest come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, literal, or_, select

from webapp.database import db
from webapp.markup import fold
from webapp.markup_text import printable
from webapp.models import Article
from webapp.reading.keyset import NEWEST_FIRST
from webapp.reading.queries import card_options

LONGEST = 200
MOST_TERMS = 8
_MARKS = "\"'`´“”„‘’‚«»‹›()[]{}<>,.;:!?…·"
_ESCAPE = "\\"


def terms_of(question: str) -> list[str]:
    """The words to look for, folded, each once: at most MOST_TERMS of the first LONGEST characters.

    >>> terms_of('  The “Tide”, the tide! ')
    ['the', 'tide']
    """
    words = (word.strip(_MARKS) for word in fold(printable(question[:LONGEST])).split())
    return list(dict.fromkeys(word for word in words if word))[:MOST_TERMS]


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how many there are in all."""

    articles: list[Article]
    count: int


def search(terms: list[str], *, page: int = 1, limit: int) -> Found:
    """Live articles and pages in which every term occurs. Of a protected one the headline alone is searched.

    Four statements; the same answer in the same order on both databases. Nothing is found without a term.
    """
    if not terms:
        return Found([], 0)
    headline_hits = sum(
        (_one_if(_contains(Article.search_headline, term)) for term in terms), start=literal(0)
    )
    query = (
        _matching(select(Article), terms)
        .options(*card_options())
        .order_by(headline_hits.desc(), *NEWEST_FIRST)
        .offset((page - 1) * limit)
        .limit(limit)
    )
    articles = [article for article in db.session.scalars(query) if _may_be_found(article, terms)]
    if page == 1 and len(articles) < limit:
        return Found(articles, len(articles))
    count = db.session.scalar(_matching(select(func.count(Article.id)), terms))
    return Found(articles, count or 0)


def _matching(query: Select[Any], terms: list[str]) -> Select[Any]:
    # The folded headline comes first in search_headline; what stands behind it, the standfirst, is not for all.
    headline = func.substr(Article.search_headline, 1, func.length(Article.headline))
    is_open = Article.password_hash.is_(None)
    in_text = and_(is_open, *(_contains(Article.search_text, term) for term in terms))
    in_headline = and_(~is_open, *(_contains(headline, term) for term in terms))
    return query.where(Article.live(), or_(in_text, in_headline))


def _may_be_found(article: Article, terms: list[str]) -> bool:
    """Folding may shorten a headline by its accents; nothing of a hidden standfirst may slip in behind it."""
    return not article.is_protected or all(term in fold(article.headline) for term in terms)


def _contains(text: SQLColumnExpression[str], term: str) -> ColumnElement[bool]:
    escaped = term.replace(_ESCAPE, _ESCAPE * 2).replace("%", _ESCAPE + "%").replace("_", _ESCAPE + "_")
    return text.like(f"%{escaped}%", escape=_ESCAPE)


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
