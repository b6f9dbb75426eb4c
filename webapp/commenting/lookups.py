"""Finding articles by their discussions' addresses, and comments that a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import load_only

from webapp import clock
from webapp.commenting.rules import Closed, ancestors, closed
from webapp.database import db
from webapp.models import (
    Address,
    AddressKind,
    Article,
    Comment,
    CommentKind,
    CommentStatus,
    ModerationEntry,
    address_key,
)
from webapp.moderating.circumstances import duty_begins
from webapp.settings import setting

# Statements that every comment needs are made once and kept: making one takes longer than the database does.
WRITER = bindparam("writer", type_=String())
"""Stands for the writer's hash in a statement that is kept."""

GONE = "This comment is not there any more, or its article was taken down."


def base_of(article: Article) -> str:
    """The permalink without a slash at its end: what the addresses of a discussion begin with."""
    return article.permalink.rstrip("/")


def is_base(article: Article, path: str) -> bool:
    """Whether a decoded path, without its first slash, is the article's own address and not one it had before."""
    return unquote(base_of(article)) == f"/{path}".rstrip("/")


def article_at(path: str) -> Article | None:
    """The live article at a path, also at one that it had before."""
    return db.session.scalar(_article_query(), {"key": address_key(path)})


@cache
def _article_query() -> Select[Article]:
    slim = load_only(
        Article.headline, Article.status, Article.published_at, Article.password_hash, Article.kind,
        Article.path, Article.comments_open, Article.comments_hidden, Article.version, Article.corrections,
    )  # fmt: skip
    return (
        select(Article)
        .join(Address, Address.article_id == Article.id)
        .where(Address.key == bindparam("key"), Article.live())
        .where(Address.kind.in_((AddressKind.permalink, AddressKind.redirect)))
        .options(slim)
    )


def article_of(comment_id: int) -> Article | None:
    """The live article under which a comment stands."""
    query = select(Article).join(Comment, Comment.article_id == Article.id)
    return db.session.scalar(query.where(Comment.id == comment_id, Article.live()))


def article_with(article_id: int) -> Article | None:
    """The live article with an id."""
    return db.session.scalar(select(Article).where(Article.id == article_id, Article.live()))


def closed_now(article: Article) -> Closed | None:
    """Whether, and why, the discussion takes no more comments."""
    found = closed(
        is_open=article.comments_open and not article.comments_hidden,
        published_at=article.published_at,
        after_days=setting("CLOSE_COMMENTS_AFTER_DAYS"),
        now=clock.now(),
    )
    if found is None and setting("OFF_DUTY") == "close" and (opens_at := duty_begins(clock.now())):
        return Closed(opens_at=opens_at)
    return found


def visible_to(writer_hash: str | BindParameter[str] | None) -> ColumnElement[bool]:
    """The condition under which a reader may see a comment: approved, or the own one that waits for a decision.

    What a rule took for spam looks to its writer like any other that waits, until somebody has decided on it.
    """
    approved = Comment.status == CommentStatus.approved
    if writer_hash is None:
        return and_(approved, Comment.kind == CommentKind.comment)
    decided = exists().where(
        ModerationEntry.comment_id == Comment.id, ModerationEntry.account_id.is_not(None)
    )
    waits = or_(
        Comment.status == CommentStatus.held,
        and_(Comment.status == CommentStatus.spam, ~decided),
    )
    own = and_(Comment.writer_hash == writer_hash, waits)
    return and_(or_(approved, own), Comment.kind == CommentKind.comment)


def comment_for(comment_id: int, article_id: int, writer_hash: str | None) -> Comment | None:
    """A comment of an article that this reader may see."""
    asked = {"comment": comment_id, "article": article_id, "writer": writer_hash}
    return db.session.scalar(_comment_query(has_writer=writer_hash is not None), asked)


@cache
def _comment_query(*, has_writer: bool) -> Select[Comment]:
    visible = visible_to(WRITER if has_writer else None)
    query = select(Comment).where(Comment.id == bindparam("comment"), visible)
    return query.where(Comment.article_id == bindparam("article"))


def page_of(comment: Comment, writer_hash: str | None) -> int:
    """On which page, oldest threads first, this reader finds a comment."""
    # Every comment of a thread has a path that begins with its top comment's, and digits sort before "g".
    end = ancestors(comment.path)[0] + "g"
    asked = {"article": comment.article_id, "end": end, "writer": writer_hash}
    count = db.session.scalars(_threads_before(has_writer=writer_hash is not None), asked).one()
    return max(1, -(-count // setting("COMMENTS_PER_PAGE")))


@cache
def _threads_before(*, has_writer: bool) -> Select[int]:
    visible = visible_to(WRITER if has_writer else None)
    query = select(func.count(Comment.root_id.distinct())).where(Comment.path < bindparam("end"), visible)
    return query.where(Comment.article_id == bindparam("article"))


def location_of(article: Article, comment: Comment, writer_hash: str | None) -> str:
    """The path and anchor at which this reader finds a comment."""
    page = page_of(comment, writer_hash)
    address = article.permalink if page == 1 else f"{base_of(article)}/comments/page/{page}"
    if is_beyond(comment, writer_hash):
        address = f"{base_of(article)}/comments/page/{page}?show={comment.id}"
    return f"{address}#comment-{comment.id}"


def is_beyond(comment: Comment, writer_hash: str | None) -> bool:
    """Whether a comment stands behind the first replies of its thread, where a page does not show it by itself."""
    if writer_hash is not None and comment.writer_hash == writer_hash:
        return False
    placed = placed_in([comment.root_id or comment.id], writer_hash)
    query = select(func.count()).where(placed.c.path <= comment.path)
    return db.session.scalars(query).one() > setting("REPLIES_SHOWN") + 1


def placed_in(root_ids: Sequence[int] | BindParameter[Any], writer_hash: str | None) -> Subquery:
    """The comments of threads that have a place on a page: (id, root_id, path, writer_hash).

    They can be seen, or keep the place of replies that can. What is below a comment follows it in the order of
    paths, so a look at the next visible path tells; a running minimum gives that in one pass over a thread.
    """
    visible = visible_to(writer_hash)
    following = func.min(case((visible, Comment.path))).over(
        partition_by=Comment.root_id, order_by=Comment.path.desc(), rows=(None, -1)
    )
    rows = (
        select(
            Comment.id,
            Comment.root_id,
            Comment.path,
            Comment.writer_hash,
            case((visible, 1), else_=0).label("is_visible"),
            following.label("following"),
        )
        .where(Comment.root_id.in_(root_ids), Comment.kind == CommentKind.comment)
        .subquery()
    )
    # Digits sort before "g": what lies between a path and itself with a "g" begins with it.
    keeps_a_place = rows.c.following < rows.c.path + literal("g")
    return (
        select(rows.c.id, rows.c.root_id, rows.c.path, rows.c.writer_hash)
        .where(or_(rows.c.is_visible == 1, keeps_a_place))
        .subquery()
    )
