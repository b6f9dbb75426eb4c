"""A discussion as a page shows it, in two statements for one comment or two hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    inspect,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

from webapp import clock
from webapp.commenting.lookups import WRITER, base_of, closed_now, placed_in, visible_to
from webapp.commenting.rules import ORDERS, Closed, Shown, ancestors, as_tree, minutes_left, stands_under
from webapp.database import db, read_rows
from webapp.models import Article, ArticleTotals, Comment, CommentKind, CommentLike, CommentStatus
from webapp.settings import setting

if TYPE_CHECKING:
    from webapp.commenting.pages import Reply

MENTIONS_SHOWN = 200
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass
class Discussion:
    """What stands under an article. Addresses begin with `base`, the permalink without a slash at its end."""

    article: Article
    total: int
    """Approved comments."""
    threads: list[Shown]
    mentions: Rows = ()
    page: int = 1
    pages: int = 1
    order: str = "oldest"
    thread_id: int | None = None
    """Only this thread is shown, as far as asked for."""
    closed: Closed | None = None
    reply: Reply | None = None
    """The form, where there is one."""
    pinned: Shown | None = None
    """What the newsroom shows above all others; on the first page only."""

    @property
    def base(self) -> str:
        return base_of(self.article)

    @property
    def orders(self) -> dict[str, str]:
        return ORDERS

    def corrected_after(self, version: int | None) -> datetime | None:
        """When the article was first corrected after this version; None where it was not."""
        for told in self.article.corrections if version is not None else ():
            if told["change"] == "correction" and told["number"] > (version or 0):
                return datetime.fromisoformat(told["at"])
        return None

    def page_url(self, number: int, order: str | None = None) -> str:
        """The address of a page of the discussion, in its order or another."""
        order = order or self.order
        if order == "oldest":
            return self.article.permalink if number == 1 else f"{self.base}/comments/page/{number}"
        return f"{self.base}/comments/page/{number}?order={order}"


def discussion(
    article: Article,
    *,
    page: int = 1,
    order: str = "oldest",
    writer_hash: str | None = None,
    focus: Comment | None = None,
    thread_id: int | None = None,
    replies: int | None = None,
) -> Discussion | None:
    """A page of the discussion as this writer sees it; None where there is no such page or thread.

    `focus` is shown (with what it answers) even where it lies beyond the first replies of its thread. With
    `thread_id` it is that thread alone, and `replies` says how many of its replies.
    """
    found = Discussion(article, total_of(article), [], page=page, order=order, thread_id=thread_id)
    found.closed = closed_now(article)
    threads, count = _threads(article, page, order, writer_hash, thread_id)
    if not threads and (page > 1 or thread_id is not None):
        return None
    found.pages = max(1, -(-count // setting("COMMENTS_PER_PAGE")))
    rows = _rows(
        article, threads, writer_hash, focus, replies or setting("REPLIES_SHOWN"), alone=thread_id is not None
    )
    found.threads = _trees(threads, [row for row in rows if not row.is_beside])
    if thread_id is None:
        beside = [row for row in rows if row.is_beside]
        found.mentions = [row for row in beside if row.kind != CommentKind.comment]
        pinned = [row for row in beside if row.is_pinned]
        found.pinned = _alone(pinned[0]) if pinned and page == 1 else None
    return found


def shown_alone(comment: Comment, writer_hash: str | None) -> Shown | None:
    """One comment as it stands on a page, without its replies."""
    asked = {"comment": comment.id, "writer": writer_hash}
    row = db.session.execute(_alone_query(has_writer=writer_hash is not None), asked).first()
    return _alone(row) if row else None


def shown_posted(article: Article, comment: Comment, writer_hash: str | None) -> tuple[Shown | None, int]:
    """The same of a comment just posted, None where this reader may not see it; and how many its article has."""
    asked = {"comment": comment.id, "article": article.id, "writer": writer_hash}
    row = db.session.execute(_posted_query(has_writer=writer_hash is not None), asked).first()
    if row is None:
        return None, total_of(article)
    return (_alone(row) if row.is_visible else None), row.total or 0


@cache
def _alone_query(*, has_writer: bool) -> Select[*tuple[Any, ...]]:
    return _columns(WRITER if has_writer else None).where(Comment.id == bindparam("comment"))


@cache
def _posted_query(*, has_writer: bool) -> Select[*tuple[Any, ...]]:
    total = select(ArticleTotals.comment_count).where(ArticleTotals.article_id == bindparam("article"))
    return _alone_query(has_writer=has_writer).add_columns(total.scalar_subquery().label("total"))


def _alone(row: Row[*tuple[Any, ...]]) -> Shown:
    shown = as_tree([_as_shown(row)])[0]
    if shown.to_id is not None and stands_under(shown.path, shown.to_id):
        shown.to_id = None
    return shown


def total_of(article: Article) -> int:
    """How many approved comments an article has; no statement where its totals have been read already."""
    if "totals" not in inspect(article).unloaded:
        return article.totals.comment_count
    query = select(ArticleTotals.comment_count).where(ArticleTotals.article_id == article.id)
    return db.session.scalar(query) or 0


def _threads(
    article: Article, page: int, order: str, writer_hash: str | None, thread_id: int | None
) -> tuple[dict[int, int], int]:
    """The threads of a page in their order, with how many comments each has, and how many threads there are."""
    per_page = setting("COMMENTS_PER_PAGE")
    asked = {"article": article.id, "most": per_page, "skipped": (page - 1) * per_page, "thread": thread_id}
    make = _thread_query if writer_hash else _kept_thread_query
    found = read_rows(make(order, writer_hash, thread_id is not None), asked)
    return {root: size for root, size, _ in found}, found[0][2] if found else 0


def _thread_query(order: str, writer_hash: str | None, is_alone: bool) -> Select[*tuple[Any, ...]]:
    visible = (
        select(Comment.root_id, func.count().label("size"))
        .where(Comment.article_id == bindparam("article"), visible_to(writer_hash))
        .group_by(Comment.root_id)
        .subquery()
    )
    top = aliased(Comment)
    orders = {
        "oldest": (top.path,),
        "newest": (top.path.desc(),),
        "liked": (top.like_count.desc(), top.path),
    }
    query = select(top.id, visible.c.size, func.count().over()).join(visible, visible.c.root_id == top.id)
    if is_alone:
        query = query.where(top.id == bindparam("thread"))
    most, skipped = (bindparam(name, type_=Integer()) for name in ("most", "skipped"))
    return query.order_by(*orders[order]).limit(most).offset(skipped)


# Most readers have no cookie, and for them all statements are the same: each is made once.
_kept_thread_query = lru_cache(maxsize=8)(_thread_query)


def _columns(writer_hash: str | BindParameter[str] | None) -> Select[*tuple[Any, ...]]:
    """What a page shows of a comment; never the e-mail address. The parent's name only where all may read it."""
    parent = aliased(Comment)
    own_like = and_(CommentLike.comment_id == Comment.id, CommentLike.writer_hash == writer_hash)
    is_liked = exists().where(own_like) if writer_hash is not None else false()
    is_own = Comment.writer_hash == writer_hash if writer_hash is not None else false()
    return select(
        Comment.id, Comment.path, Comment.name, Comment.website, Comment.body_html, Comment.created_at,
        Comment.status, Comment.like_count, Comment.account_id, Comment.is_by_author, Comment.parent_id,
        Comment.root_id, parent.name.label("parent_name"), is_liked.label("is_liked"), Comment.edited_at,
        Comment.seen_version,
        Comment.is_withdrawn, Comment.is_proved, Comment.kind, Comment.is_pinned,
        is_own.label("is_own"), visible_to(writer_hash).label("is_visible"),
    ).outerjoin(parent, and_(parent.id == Comment.parent_id, parent.status == CommentStatus.approved))  # fmt: skip


def _beside() -> Select[*tuple[Any, ...]]:
    """The ids of what stands beside the threads: the pinned comment, and who wrote about the article elsewhere.

    Conditions without parameters, which the small indexes of just these comments are made of.
    """
    of_article = and_(Comment.article_id == bindparam("article"), Comment.status == CommentStatus.approved)
    pinned = select(Comment.id).where(of_article, text("comment.is_pinned")).limit(1).subquery()
    mentions = select(Comment.id).where(of_article, text("comment.kind <> 'comment'"))
    mentions = mentions.order_by(Comment.path).limit(MENTIONS_SHOWN).subquery()
    both = union_all(select(pinned.c.id), select(mentions.c.id)).subquery()
    return select(both.c.id, literal(1).label("is_beside"))


def _rows(
    article: Article,
    threads: dict[int, int],
    writer_hash: str | None,
    focus: Comment | None,
    replies: int,
    *,
    alone: bool,
) -> Rows:
    """Of each thread the top comment and the first replies, and those that must not be missing; and what is beside."""
    asked = {"article": article.id, "roots": list(threads), "most": replies + 1}
    if writer_hash is None and focus is None:
        return read_rows(_kept_row_query(bool(threads), alone), asked)
    above = ancestors(focus.path) if focus is not None else []
    return read_rows(_row_query(bool(threads), alone, writer_hash, above), asked)


def _row_query(
    has_threads: bool, alone: bool, writer_hash: str | None = None, above: Sequence[str] = ()
) -> Select[*tuple[Any, ...]]:
    """For `_rows`. `above`: the paths of comments that are shown wherever they stand."""
    ids: list[Select[*tuple[Any, ...]]] = [] if alone else [_beside()]
    if has_threads:
        placed = placed_in(bindparam("roots", expanding=True), writer_hash)
        rank = func.row_number().over(partition_by=placed.c.root_id, order_by=placed.c.path).label("rank")
        ranked = select(placed, rank).subquery()
        kept: list[ColumnElement[bool]] = [ranked.c.rank <= bindparam("most", type_=Integer())]
        if writer_hash is not None:
            kept.append(ranked.c.writer_hash == writer_hash)
        if above:
            kept.append(ranked.c.path.in_(above))
        ids.append(select(ranked.c.id, literal(0).label("is_beside")).where(or_(*kept)))
    # The pinned comment stands there twice where its place in the thread is shown as well.
    wanted = (union_all(*ids) if len(ids) > 1 else ids[0]).subquery()
    query = _columns(writer_hash).add_columns(wanted.c.is_beside)
    return query.join(wanted, wanted.c.id == Comment.id).order_by(Comment.path)


_kept_row_query = lru_cache(maxsize=4)(_row_query)


def _trees(threads: dict[int, int], rows: Rows) -> list[Shown]:
    """The threads in their order, each as a tree."""
    by_thread: dict[int, list[Shown]] = {root: [] for root in threads}
    for row in rows:
        by_thread[row.root_id].append(_as_shown(row))
    tops: list[Shown] = []
    for root, found in by_thread.items():
        tops += _with_more(as_tree(found), threads[root])
    return tops


def _with_more(tops: list[Shown], total: int) -> list[Shown]:
    shown = sum(top.size for top in tops)
    if tops:
        tops[0].more = max(0, total - shown)
    return tops


def _as_shown(row: Row[*tuple[Any, ...]]) -> Shown:
    if not row.is_visible:
        removed_as = "withdrawn" if row.is_withdrawn else row.status
        return Shown(row.id, row.path, "", "", "", row.created_at, removed_as=removed_as)
    badge = (
        "Author" if row.is_by_author else "Staff" if row.account_id else "Verified" if row.is_proved else ""
    )
    return Shown(
        id=row.id,
        path=row.path,
        name=row.name,
        website=row.website,
        html=row.body_html,
        created_at=row.created_at,
        like_count=row.like_count,
        badge=badge,
        is_own_held=row.status != CommentStatus.approved,
        is_liked=bool(row.is_liked),
        parent_id=row.parent_id,
        parent_name=row.parent_name or "",
        is_own=bool(row.is_own),
        edited_at=row.edited_at,
        seen_version=row.seen_version,
        minutes_left=minutes_left(row.created_at, clock.now(), setting("COMMENT_EDIT_MINUTES"))
        if row.is_own
        else 0,
    )
