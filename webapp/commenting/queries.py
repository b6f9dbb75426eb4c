"""A discussion as a page shows it, in four statements for one comment or two hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from webapp import clock
from webapp.commenting.lookups import base_of, closed_now, placed_in, visible_to
from webapp.commenting.rules import ORDERS, Closed, Shown, ancestors, as_tree, minutes_left, stands_under
from webapp.database import db
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
    total, pinned_id = _head(article)
    found = Discussion(article, total, [], page=page, order=order, thread_id=thread_id)
    found.closed = closed_now(article)
    threads, count = _threads(article, page, order, writer_hash, thread_id)
    if not threads and (page > 1 or thread_id is not None):
        return None
    found.pages = max(1, -(-count // setting("COMMENTS_PER_PAGE")))
    found.threads = _shown(threads, writer_hash, focus, replies or setting("REPLIES_SHOWN"))
    if pinned_id and page == 1 and thread_id is None:
        found.pinned = shown_alone(db.session.get_one(Comment, pinned_id), writer_hash)
    found.mentions = _mentions(article) if thread_id is None else ()
    return found


def shown_alone(comment: Comment, writer_hash: str | None) -> Shown | None:
    """One comment as it stands on a page, without its replies."""
    rows = db.session.execute(_columns(writer_hash).where(Comment.id == comment.id)).all()
    if not rows:
        return None
    shown = as_tree(_as_shown(row) for row in rows)[0]
    if shown.to_id is not None and stands_under(shown.path, shown.to_id):
        shown.to_id = None
    return shown


def _head(article: Article) -> tuple[int, int | None]:
    """How many approved comments an article has, and which of them is pinned."""
    is_pinned = and_(
        Comment.article_id == ArticleTotals.article_id,
        Comment.is_pinned,
        Comment.status == CommentStatus.approved,
    )
    query = select(ArticleTotals.comment_count, Comment.id).outerjoin(Comment, is_pinned)
    row = db.session.execute(query.where(ArticleTotals.article_id == article.id).limit(1)).first()
    return (row.comment_count, row.id) if row else (0, None)


def total_of(article: Article) -> int:
    """How many approved comments an article has."""
    query = select(ArticleTotals.comment_count).where(ArticleTotals.article_id == article.id)
    return db.session.scalar(query) or 0


def _threads(
    article: Article, page: int, order: str, writer_hash: str | None, thread_id: int | None
) -> tuple[dict[int, int], int]:
    """The threads of a page in their order, with how many comments each has, and how many threads there are."""
    visible = (
        select(Comment.root_id, func.count().label("size"))
        .where(Comment.article_id == article.id, visible_to(writer_hash))
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
    if thread_id is not None:
        query = query.where(top.id == thread_id)
    per_page = setting("COMMENTS_PER_PAGE")
    rows = db.session.execute(
        query.order_by(*orders[order]).limit(per_page).offset((page - 1) * per_page)
    ).all()
    return {root: size for root, size, _ in rows}, rows[0][2] if rows else 0


def _columns(writer_hash: str | None) -> Select[*tuple[Any, ...]]:
    """What a page shows of a comment; never the e-mail address. The parent's name only where all may read it."""
    parent = aliased(Comment)
    own_like = and_(CommentLike.comment_id == Comment.id, CommentLike.writer_hash == writer_hash)
    is_liked = exists().where(own_like) if writer_hash else false()
    is_own = Comment.writer_hash == writer_hash if writer_hash else false()
    return select(
        Comment.id, Comment.path, Comment.name, Comment.website, Comment.body_html, Comment.created_at,
        Comment.status, Comment.like_count, Comment.account_id, Comment.is_by_author, Comment.parent_id,
        Comment.root_id, parent.name.label("parent_name"), is_liked.label("is_liked"), Comment.edited_at,
        Comment.is_withdrawn, Comment.is_proved, is_own.label("is_own"), visible_to(writer_hash).label("is_visible"),
    ).outerjoin(parent, and_(parent.id == Comment.parent_id, parent.status == CommentStatus.approved))  # fmt: skip


def _shown(
    threads: dict[int, int], writer_hash: str | None, focus: Comment | None, replies: int
) -> list[Shown]:
    """The threads as trees: of each the top comment and the first replies, and those that must not be missing."""
    if not threads:
        return []
    placed = placed_in(list(threads), writer_hash)
    rank = func.row_number().over(partition_by=placed.c.root_id, order_by=placed.c.path).label("rank")
    ranked = select(placed, rank).subquery()
    kept: list[ColumnElement[bool]] = [ranked.c.rank <= replies + 1]
    if writer_hash is not None:
        kept.append(ranked.c.writer_hash == writer_hash)
    if focus is not None:
        kept.append(ranked.c.path.in_(ancestors(focus.path)))
    query = _columns(writer_hash).join(ranked, ranked.c.id == Comment.id)
    query = query.where(or_(*kept)).order_by(Comment.path)
    by_thread: dict[int, list[Shown]] = {root: [] for root in threads}
    for row in db.session.execute(query):
        by_thread[row.root_id].append(_as_shown(row))
    tops: list[Shown] = []
    for root, rows in by_thread.items():
        tops += _with_more(as_tree(rows), threads[root])
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
        minutes_left=minutes_left(row.created_at, clock.now(), setting("COMMENT_EDIT_MINUTES"))
        if row.is_own
        else 0,
    )


def _mentions(article: Article) -> Rows:
    """Pingbacks and trackbacks: who wrote about the article elsewhere."""
    query = select(Comment.id, Comment.name, Comment.website, Comment.created_at).where(
        Comment.article_id == article.id,
        Comment.status == CommentStatus.approved,
        Comment.kind != CommentKind.comment,
    )
    return db.session.execute(query.order_by(Comment.path).limit(MENTIONS_SHOWN)).all()
