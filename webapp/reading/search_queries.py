"""Searching: every word or phrase of the question must occur. Headline before standfirst before body, then by age.

The database keeps the index by itself (migration 0010). Ranked are the newest MOST matches; who asks is told when there
are more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, select, union_all

from webapp import clock, dialects, generation
from webapp.database import db, read_rows
from webapp.markup import fold, search_words
from webapp.markup_text import printable
from webapp.models import Article, Author, Category, Tag, article_author, article_listing
from webapp.reading import cards

LONGEST = 200
MOST_TERMS = 8
MOST = 2000
"""How many matches are ranked."""
NEWEST_WORDS = 2000
"""The articles from whose headlines a better spelling is taken."""
MOST_WORDS = 20_000
"""How many different words are compared with, and remembered."""
_SIMILAR = 75
"""Of a hundred: how much alike a better spelling is at least."""
_MARKS = "\"'`´“”„‘’‚«»‹›()[]{}<>,.;:!?…·"
_PIECES = re.compile(r'"([^"]+)"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\S+')
_LETTERS = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True)
class Term:
    """A part of the question: its words as the index has them, and the text to mark in what is found."""

    words: tuple[str, ...]
    text: str
    is_exact: bool = False
    """It stood in quotation marks, so its last word is no beginning of a longer one."""


def terms_of(question: str) -> list[Term]:
    """What to look for: at most MOST_TERMS words and phrases of the first LONGEST characters, each once.

    >>> [term.text for term in terms_of('  The “high tide”, the o’clock! ')]
    ['the', 'high tide', 'o’clock']
    """
    found: dict[tuple[str, ...], Term] = {}
    for piece in _PIECES.finditer(printable(question[:LONGEST])):
        quoted = next((part for part in piece.groups() if part is not None), None)
        raw = piece[0] if quoted is None else quoted
        words = tuple(search_words(raw).split())
        if words and words not in found:
            found[words] = Term(words, fold(raw).strip(_MARKS), is_exact=quoted is not None)
    return list(found.values())[:MOST_TERMS]


@dataclass(frozen=True)
class Filters:
    """What narrows a search: a category (with those below it), an author, and the last `days` (0: any time)."""

    category: Category | None = None
    author: Author | None = None
    days: int = 0


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how many there are in all. `is_cut`: there are more, older ones."""

    articles: list[Article]
    count: int
    is_cut: bool = False


NOTHING = Found([], 0)
ANYTHING = Filters()


def search(
    terms: list[Term], wanted: Filters = ANYTHING, *, page: int = 1, limit: int, most: int | None = None
) -> Found:
    """Live articles and pages in which every term occurs. Of a protected one the headline alone is searched.

    Ranked are the newest `most` (MOST) matches.

    Three statements; the same answer in the same order on both databases. Nothing is found without a term.
    """
    if not terms:
        return NOTHING
    most = most or MOST
    query = _ranked(dialects.name(), most, limit)
    if wanted != ANYTHING:
        query = query.where(*_narrowed(wanted))
    ranked = read_rows(query, {**dialects.asked(_asked(terms)), "skipped": (page - 1) * limit})
    if not ranked:
        return NOTHING
    found = {one.id: one for one in cards.read(_cards(), {"ids": [row[0] for row in ranked]})}
    return Found([found[row[0]] for row in ranked if row[0] in found], ranked[0][1], ranked[0][2] > most)


def finds(terms: list[Term], wanted: Filters = ANYTHING) -> bool:
    """Whether `search` finds anything. One statement, which ranks nothing; without filters it ends at the first."""
    if not terms:
        return False
    query = _any(dialects.name()) if wanted == ANYTHING else _any_of(_narrowed(wanted))
    return bool(read_rows(query, dialects.asked(_asked(terms))))


@lru_cache(maxsize=2)
def _any(_database: str) -> Select[int]:
    return _any_of([])


def _any_of(conditions: list[ColumnElement[bool]]) -> Select[int]:
    # By itself PostgreSQL would look for the one that is wanted through all articles, from the newest on; SQLite would
    # gather all matches before it joins them, and looks at each as it is found where there is nothing to join.
    # Where any will do, PostgreSQL need not read and sort them all to begin with the newest.
    matches = dialects.matching("body", MOST)
    matches = matches if conditions else matches.order_by(None)
    some = matches.cte("matches").prefix_with("MATERIALIZED", dialect="postgresql")
    shown = exists().where(Article.id == some.c.article_id, Article.live(), *conditions)
    return select(some.c.article_id).where(shown).limit(dialects.at_most(1))


@lru_cache(maxsize=8)
def _ranked(_database: str, most: int, limit: int) -> Select[int, int, int]:
    """Ids of what is asked for, in order, each with how many there are and how many matches they are among."""
    matches = dialects.matching_by_reach(most + 1).cte("matches")
    newest = select(matches).limit(dialects.at_most(most)).subquery()
    all_matches = select(func.count()).select_from(matches).scalar_subquery()
    query = select(Article.id, func.count().over(), all_matches).where(Article.live())
    query = query.join(newest, newest.c.article_id == Article.id)
    query = query.order_by(newest.c.reach.desc(), Article.published_at.desc(), Article.id.desc())
    return query.offset(bindparam("skipped", type_=Integer())).limit(dialects.at_most(limit))


@cache
def _cards() -> Select[Article]:
    chosen = Article.id.in_(bindparam("ids", expanding=True))
    return select(Article).where(chosen).options(*cards.columns())


def matching_ids(question: str, most: int = MOST) -> Select[Any] | None:
    """The ids of articles in any state in which every term of the question occurs, the newest, at most so many.

    For staff: readers ask `search`. None where nothing is asked.
    """
    terms = terms_of(question)
    return dialects.matching("body", most).params(dialects.asked(_asked(terms))) if terms else None


def _asked(terms: list[Term]) -> list[tuple[tuple[str, ...], bool]]:
    return [(term.words, term.is_exact) for term in terms]


def _narrowed(wanted: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.category is not None:
        inside = article_listing.c.above_id == wanted.category.id
        found.append(exists().where(article_listing.c.article_id == Article.id, inside))
    if wanted.author is not None:
        signed = and_(
            article_author.c.article_id == Article.id, article_author.c.author_id == wanted.author.id
        )
        found.append(exists().where(signed))
    if wanted.days:
        found.append(Article.published_at > clock.now() - timedelta(days=wanted.days))
    return found


def better_spelling(question: str) -> str:
    """The question with words that stand in no headline replaced by the most similar ones that do; "" for none.

    Compared with the newest headlines and the names of categories, tags and authors, which a process remembers until
    something is written that readers may notice. Two statements where it does not.
    """
    known = generation.remembered("known words", _known_words)
    better = _LETTERS.sub(lambda word: _similar(word[0], known), question)
    return better if better != question else ""


def _similar(word: str, known: dict[int, list[str]]) -> str:
    from rapidfuzz import fuzz, process  # Here, since few searches find nothing.

    folded = fold(word)
    if folded in known.get(len(folded), ()):
        return word
    near = [one for length in range(len(folded) - 2, len(folded) + 3) for one in known.get(length, ())]
    found = process.extractOne(folded, near, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    return found[0] if found else word


def _known_words() -> dict[int, list[str]]:
    """At most MOST_WORDS words by their length, those of the newest headlines first."""
    newest = select(Article.search_headline, Article.search_standfirst).where(
        Article.listed(), Article.password_hash.is_(None)
    )
    newest = newest.order_by(Article.listed_at.desc()).limit(NEWEST_WORDS)
    texts = [f"{headline} {standfirst}" for headline, standfirst in db.session.execute(newest)]
    kinds = (Category.name, Tag.name, Author.name)
    parts = [select(select(name).limit(NEWEST_WORDS).subquery().c.name) for name in kinds]
    names = union_all(*parts)
    texts += [search_words(name) for name in db.session.scalars(names)]
    words = dict.fromkeys(word for text in texts for word in text.split() if len(word) > 3)
    found: dict[int, list[str]] = {}
    for word in islice(words, MOST_WORDS):
        found.setdefault(len(word), []).append(word)
    return found
