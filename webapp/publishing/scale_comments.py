"""The discussions of made-up papers: few articles have most of the comments, and two in five answer another one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.models import Article, ArticleTotals, Comment, CommentStatus, path_segment
from webapp.publishing.scale_words import ENDS, STARTS, Words, Zipf
from webapp.settings import setting

BATCH = 5000
HELD = 200
"""Comments that wait in the queue, whatever the size."""
_STATUSES = ((0.94, CommentStatus.approved), (0.99, CommentStatus.spam), (1.0, CommentStatus.trashed))


def add_comments(
    count: int, numbers: Sequence[int], words: Words, dice: random.Random, progress: Callable[[int], None]
) -> None:
    """Few articles have most of the comments; two in five answer another one."""
    by_article = Zipf(len(numbers), dice, 0.8)
    order = list(numbers)
    dice.shuffle(order)
    people = [f"{dice.choice(STARTS)}{dice.choice(ENDS)}" for _ in range(5000)]
    shares: dict[int, int] = {}
    for _ in range(count):
        one = order[by_article.draw()]
        shares[one] = shares.get(one, 0) + 1
    since: dict[int, Any] = dict(
        db.session.execute(select(Article.id, Article.published_at).where(Article.id >= min(numbers))).all()
    )
    held = Held(count, dice)
    comments: Any = Comment.__table__
    table: Any = ArticleTotals.__table__
    done = 0
    for batch in _batches(sorted(shares.items()), BATCH):
        size = sum(number for _, number in batch)
        rows: list[dict[str, Any]] = []
        approved: list[dict[str, int]] = []
        drafts = [_thread(since[article_id], number, words, people, dice) for article_id, number in batch]
        with transaction(unseen=True):
            ids = iter(dialects.take_ids("comment", size))
            for (article_id, _), thread in zip(batch, drafts, strict=True):
                made = _placed(thread, ids, article_id, held, dice)
                rows += made
                seen = sum(row["status"] == CommentStatus.approved for row in made)
                approved.append({"number": article_id, "approved": seen})
            # Past the session, which would send a row with a parent and one without apart from each other.
            written = db.session.connection()
            written.execute(insert(comments), rows)
            written.execute(
                update(table)
                .where(table.c.article_id == bindparam("number"))
                .values(comment_count=table.c.comment_count + bindparam("approved")),
                approved,
            )
        dialects.analyse_grown(done, done + size)
        done += size
        progress(size)


def _batches(shares: Sequence[tuple[int, int]], most: int) -> Iterator[list[tuple[int, int]]]:
    """Whole discussions, together about so many comments."""
    batch: list[tuple[int, int]] = []
    size = 0
    for article_id, number in shares:
        left = number
        while left:
            some = min(left, most)
            batch.append((article_id, some))
            size, left = size + some, left - some
            if size >= most:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


@dataclass
class Said:
    """A comment before it has an id: its text, its moment, and which of the thread it answers."""

    text: str
    name: str
    moment: datetime
    answers: int | None


class Held:
    """Says of which comments that they wait: of HELD at most, and of that many in a small paper as well."""

    def __init__(self, count: int, dice: random.Random) -> None:
        self.dice = dice
        self.left = HELD
        self.share = max(0.002, min(0.2, HELD * 1.5 / max(1, count)))

    def draw(self) -> bool:
        """Whether the next comment waits."""
        is_held = self.left > 0 and self.dice.random() < self.share
        self.left -= is_held
        return is_held


def _thread(
    published_at: datetime, count: int, words: Words, people: list[str], dice: random.Random
) -> list[Said]:
    said: list[Said] = []
    moment = published_at
    latest = clock.now()
    for number in range(count):
        moment = min(latest, moment + timedelta(minutes=dice.expovariate(1 / 30)))
        text = " ".join(dice.choices(words.sentences, k=dice.randint(1, 4)))
        answers = dice.randrange(max(0, number - 40), number) if number and dice.random() < 0.4 else None
        said.append(Said(text, dice.choice(people), moment, answers))
    return said


def _placed(
    thread: list[Said], ids: Iterator[int], article_id: int, held: Held, dice: random.Random
) -> list[dict[str, Any]]:
    deepest = setting("COMMENT_DEPTH")
    rows: list[dict[str, Any]] = []
    for said in thread:
        number = next(ids)
        above = rows[said.answers] if said.answers is not None else None
        if above is not None and above["status"] != CommentStatus.approved:
            above = None
        status = _status(held, dice)
        # At the deepest level a reply stands beside what it answers.
        stem = "" if above is None else above["path"] if above["depth"] < deepest else above["path"][:-16]
        rows.append({
            "id": number, "article_id": article_id, "parent_id": above["id"] if above else None,
            "root_id": above["root_id"] if above else number,
            "depth": min(deepest, above["depth"] + 1) if above else 1,
            "path": stem + path_segment(said.moment, number), "kind": "comment", "status": status, "name": said.name,
            "email": f"{said.name.lower()}@post.example", "website": "", "body_source": said.text,
            "body_html": f"<p>{said.text}</p>", "created_at": said.moment, "verdicts": [], "band": 1,
            "writer_hash": sha256(said.name.encode()).hexdigest(), "like_count": int(dice.paretovariate(1.5)) - 1,
        })  # fmt: skip
    return rows


def _status(held: Held, dice: random.Random) -> str:
    if held.draw():
        return CommentStatus.held
    drawn = dice.random()
    return next(status for limit, status in _STATUSES if drawn < limit or limit == 1.0)
