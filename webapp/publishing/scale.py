"""Made-up papers of any size, for measuring and for sizing a server: `standfirst demo scale`.

What is read, tagged and discussed follows Zipf's law, as in real papers: few things have most of it. Written in short
transactions, so that a site goes on answering meanwhile.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete, insert, select, update

from webapp import clock, dialects, markup
from webapp.database import db, transaction
from webapp.models import (
    VIEW,
    Address,
    AddressKind,
    Article,
    ArticleTotals,
    Author,
    Category,
    ShareTotal,
    Tag,
    TallyHour,
    address_key,
    article_author,
    article_category,
    article_related,
    article_relating,
    article_tag,
    media_use_due,
)
from webapp.publishing.addresses import new_path
from webapp.publishing.scale_comments import add_comments
from webapp.publishing.scale_words import ENDS, STARTS, Words, Zipf, words_to_write_with
from webapp.settings import setting

BATCH = 500
YEARS = 15
SECTIONS = ("Sea", "Energy", "Technology", "Cities", "Science", "Culture")
KINDS = ("news", "reports", "essays", "notes")
"""Each section has these below it."""


@dataclass
class Frame:
    """Whom and what articles belong to, by ids."""

    categories: list[tuple[int, str]]
    tags: list[int]
    authors: list[int]


def make(
    articles: int, comments: int, progress: Callable[[int], None] = lambda _steps: None, seed: int = 1
) -> None:
    """Adds so many articles of a median of 300 words, over the last YEARS, and so many comments under them.

    `progress` is told of each article and comment. Ids go up with time.
    """
    dice = random.Random(seed)  # noqa: S311 (nothing secret)
    words = words_to_write_with(dice)
    frame = _frame(articles, dice)
    numbers: list[int] = []
    moments = _moments(articles, dice)
    for begins in range(0, articles, BATCH):
        some = moments[begins : begins + BATCH]
        numbers += _add_articles(some, begins, words, frame, dice)
        dialects.analyse_grown(begins, begins + len(some))
        progress(len(some))
    if numbers:
        _add_numbers(numbers, dice)
    if comments:
        add_comments(comments, numbers or _there(), words, dice, progress)
    with transaction():
        dialects.advance_sequence("article")
        dialects.advance_sequence("comment")
        dialects.analyse()


def _there() -> list[int]:
    return list(db.session.scalars(select(Article.id).where(Article.listed()).order_by(Article.id)))


def _moments(count: int, dice: random.Random) -> list[datetime]:
    """Rising moments, more of them towards now."""
    now = clock.now().replace(microsecond=0)
    spread = timedelta(days=365.25 * YEARS)
    return sorted(now - spread * (1 - math.sqrt(dice.random())) - timedelta(minutes=5) for _ in range(count))


def _frame(articles: int, dice: random.Random) -> Frame:
    """Sections and their kinds, tags and authors: those that are there already, and new ones."""
    with transaction():
        known = {one.slug: one for one in db.session.scalars(select(Category))}
        for position, name in enumerate(SECTIONS):
            top = known.get(name.lower()) or Category(
                slug=name.lower(), name=name, path=name.lower(), position=position
            )
            db.session.add(top)
            db.session.flush()
            for kind in KINDS:
                slug = f"{top.slug}-{kind}"
                if slug not in known:
                    below = Category(
                        slug=slug, name=f"{name} {kind}", path=f"{top.path}/{slug}", parent_id=top.id
                    )
                    db.session.add(below)
        names = [f"{start}{end} {number}" for number in range(1, 60) for start in STARTS for end in ENDS]
        dice.shuffle(names)
        _add_missing(Tag, [f"{name} works" for name in names[: max(20, min(20_000, articles // 20))]])
        writers = names[: max(5, min(200, articles // 50))]
        _add_missing(Author, [f"{name.split()[0]} Writer {number}" for number, name in enumerate(writers)])
        db.session.flush()
        categories = [
            (one.id, one.slug) for one in db.session.scalars(select(Category).order_by(Category.id))
        ]
        return Frame(
            categories,
            list(db.session.scalars(select(Tag.id).order_by(Tag.id))),
            list(db.session.scalars(select(Author.id).order_by(Author.id))),
        )


def _add_missing(model: type[Tag] | type[Author], names: list[str]) -> None:
    there = set(db.session.scalars(select(model.slug)))
    rows = [
        {"slug": slug, "name": name}
        for name in names
        if (slug := name.lower().replace(" ", "-")) not in there
    ]
    if rows:
        _insert(model, rows)


def _add_articles(
    moments: Sequence[datetime], begins: int, words: Words, frame: Frame, dice: random.Random
) -> list[int]:
    """One batch in one transaction. Its rows are made before, so that nobody waits for that."""
    by_tag, by_author = Zipf(len(frame.tags), dice), Zipf(len(frame.authors), dice)
    by_category = Zipf(len(frame.categories), dice, 0.7)
    written = [_written(moment, words, dice) for moment in moments]
    chosen = [
        (
            frame.categories[by_category.draw()],
            list(dict.fromkeys(frame.tags[by_tag.draw()] for _ in range(dice.randint(2, 6)))),
            frame.authors[by_author.draw()],
        )
        for _ in moments
    ]
    tz = ZoneInfo(setting("TIME_ZONE"))
    with transaction(unseen=bool(begins % (BATCH * 20))):
        ids = dialects.take_ids("article", len(moments))
        for number, fields in zip(ids, written, strict=True):
            fields["slug"] = f"{fields['slug']}-{number}"
        rows = list(zip(ids, written, chosen, strict=True))
        _insert(Article, [{"id": number, **fields} for number, fields, _ in rows])
        addresses = []
        for number, fields, (category, _, _) in rows:
            path = new_path(fields["slug"], fields["published_at"], tz, category[1], number)
            address = {"path": path, "key": address_key(path), "article_id": number}
            addresses.append(address | {"kind": AddressKind.permalink})
        _insert(Address, addresses)
        _insert(ArticleTotals, [{"article_id": number} for number in ids])
        _join(
            article_category, "category_id", [(number, [category[0]]) for number, _, (category, _, _) in rows]
        )
        _join(article_author, "author_id", [(number, [author]) for number, _, (_, _, author) in rows])
        _join(article_tag, "tag_id", [(number, tags) for number, _, (_, tags, _) in rows])
        _relate(rows)
        # Their texts name no file, and what they are like has just been written.
        for waits in (article_relating, media_use_due):
            db.session.execute(delete(waits).where(waits.c.article_id.in_(ids)))
    return ids


def _written(moment: datetime, words: Words, dice: random.Random) -> dict[str, Any]:
    headline = words.headline()
    pieces = words.paragraphs(max(40, int(dice.lognormvariate(math.log(270), 0.6))))
    text = [" ".join(paragraph) for paragraph in pieces]
    standfirst = dice.choice(words.sentences)
    plain = " ".join(text)
    return {
        "kind": "article", "status": "published", "headline": headline,
        "slug": re.sub(r"[^a-z0-9]+", "-", headline.lower()).strip("-")[:60],
        "standfirst": standfirst, "excerpt": plain[:180], "body_source": "", "body_format": "html",
        "body_html": "".join(f"<p>{one}</p>" for one in text), "word_count": plain.count(" ") + 1,
        "created_at": moment, "published_at": moment, "search_headline": markup.search_words(headline),
        "search_standfirst": _searched(standfirst),
        "search_text": " ".join(_searched(piece) for paragraph in pieces for piece in paragraph),
    }  # fmt: skip


@cache
def _searched(piece: str) -> str:
    """Sentences and places come again and again."""
    return markup.search_words(piece)


def _relate(rows: Sequence[tuple[int, dict[str, Any], Any]]) -> None:
    """Twelve neighbours of the same batch that share the most: what the real ranking would store takes longer."""
    found = []
    for number, _, (category, tags, _) in rows:
        own = set(tags)
        near = sorted(
            (other for other in rows[-60:] if other[0] != number),
            key=lambda other: (len(own & set(other[2][1])), other[2][0] == category),
            reverse=True,
        )
        found += [
            {"article_id": number, "position": place, "related_id": other[0]}
            for place, other in enumerate(near[:12])
        ]
    if found:
        _insert(article_related, found)


def _add_numbers(numbers: Sequence[int], dice: random.Random) -> None:
    """Views and shares: the newest most of all; by the hour for what was read in the last two days."""
    now = clock.hour_of(clock.now())
    read = Zipf(len(numbers), dice)
    hours: Counter[tuple[int, str, int]] = Counter()
    shares: Counter[int] = Counter()
    for _ in range(min(200_000, 40 * len(numbers))):
        article_id = numbers[-1 - read.draw()]
        is_view = dice.random() < 0.97
        hours[article_id, VIEW if is_view else "mastodon", now - int(dice.expovariate(1 / 14))] += 1
        shares[article_id] += not is_view
    rows = [
        {"article_id": number, "metric": metric, "hour": hour, "count": count}
        for (number, metric, hour), count in hours.items()
    ]
    for begins in range(0, len(rows), 20_000):
        with transaction(unseen=True):
            _insert(TallyHour, rows[begins : begins + 20_000])
    with transaction(unseen=True):
        shared = [
            {"article_id": one, "network": "mastodon", "count": count}
            for one, count in shares.items()
            if count
        ]
        _insert(ShareTotal, shared)
    table: Any = ArticleTotals.__table__
    statement = update(table).where(table.c.article_id == bindparam("number"))
    statement = statement.values(view_count=bindparam("views"), share_count=bindparam("shares"))
    for begins in range(0, len(numbers), 5000):
        totals = [
            {"number": one, "views": int(dice.paretovariate(1.1) * 40), "shares": shares[one]}
            for one in numbers[begins : begins + 5000]
        ]
        with transaction(unseen=True):
            db.session.connection().execute(statement, totals)


def _insert(target: Any, rows: list[dict[str, Any]]) -> None:
    """Past the session: nothing is to be remembered of a million rows."""
    table = getattr(target, "__table__", target)
    if rows:
        db.session.connection().execute(insert(table), rows)


def _join(table: Table, column: str, members: list[tuple[int, list[int]]]) -> None:
    rows = [
        {"article_id": number, column: one, "position": place}
        for number, ones in members
        for place, one in enumerate(ones)
    ]
    _insert(table, rows)
