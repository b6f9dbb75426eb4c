"""What readers do in a discussion: post a comment, like one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import Select, and_, bindparam, delete, exists, or_, select

from webapp import clock, dialects
from webapp.commenting import floods
from webapp.commenting.lookups import visible_to
from webapp.commenting.refusals import Refused
from webapp.commenting.rules import Draft, placement
from webapp.database import db, transaction
from webapp.models import (
    Account,
    Article,
    Author,
    Comment,
    CommentKind,
    CommentLike,
    article_author,
    path_segment,
)
from webapp.models.base import UTCDateTime
from webapp.moderating.actions import record_arrival
from webapp.moderating.bayes import band
from webapp.moderating.circumstances import Written, judged
from webapp.moderating.rules import outcome
from webapp.moderating.verdicts import Verdict
from webapp.notifying.proofs import ask_for_proof, is_proved, owner_of
from webapp.settings import setting
from webapp.visitors import fixed

RETRY_LIFE = timedelta(hours=1)
# Made once, since every comment needs them.
_RETRIED = select(Comment.id).where(
    Comment.retry_key == bindparam("retry_key"), Comment.created_at > bindparam("since", type_=UTCDateTime())
)


@cache
def _first_query(_database: str) -> Select[int, bool]:
    """Whether this form or this text came before, and the id that the comment gets. One for each kind of database."""
    same = or_(
        Comment.retry_key == bindparam("retry_key"),
        and_(Comment.article_id == bindparam("article"), Comment.fingerprint == bindparam("fingerprint")),
    )
    is_same = exists(select(Comment.id).where(same))
    return select(dialects.next_id("comment").label("id"), is_same.label("is_same"))


@dataclass(frozen=True)
class Sender:
    """Who posts: hashes of visitor and network, of the id in the writer's cookie, and the account of staff."""

    visitor_hash: str
    network_hash: str
    writer_hash: str
    account: Account | None = None


@dataclass(frozen=True)
class Posted:
    """The comment that now exists. `is_retry`: it did already, and whoever sent it again gains no rights to it."""

    comment: Comment
    is_retry: bool = False


def post_comment(
    article: Article, draft: Draft, sender: Sender, form_key: str, outside: Sequence[Verdict] = ()
) -> Posted:
    """Keeps a comment, judged by the rules and counted. `outside`: what services said. Raises Refused."""
    fingerprint = fingerprint_of(article.id, draft)
    retry_key = retry_key_of(form_key, fingerprint, sender.visitor_hash)
    written = _written(draft, sender).read()
    with transaction(unseen=True):
        # One after the other on an article and for a visitor, so that of two equal ones the second sees the first.
        dialects.lock(article.id, int(sender.visitor_hash[:15], 16))
        now = clock.now()
        asked = {"retry_key": retry_key, "article": article.id, "fingerprint": fingerprint}
        first = db.session.execute(_first_query(dialects.name()), asked).one()
        earlier = retried(retry_key) if first.is_same else None
        if earlier is not None:
            return Posted(earlier, is_retry=True)
        parent = _parent(article.id, draft.parent_id)
        if first.is_same:
            raise Refused(409, "You have said exactly this here before. It was kept the first time.")
        if sender.account is None:
            floods.refuse(article.id, sender.visitor_hash, sender.network_hash, now)
        name = _claim_on_name(draft, sender)
        submission, said = judged(written, article.id, is_name_unproved=name == NameClaim.unproved)
        verdicts = [*said, *outside]
        comment = Comment(
            id=first.id,
            kind=CommentKind.comment,
            article_id=article.id,
            parent_id=parent.id if parent else None,
            status=outcome(verdicts),
            name=draft.name,
            email=draft.email,
            website=draft.website,
            body_source=draft.source,
            body_html=draft.html,
            created_at=now,
            visitor_hash=sender.visitor_hash,
            network_hash=sender.network_hash,
            writer_hash=sender.writer_hash,
            score=None if submission.score is None else round(100 * submission.score),
            band=band(submission.score),
            fingerprint=fingerprint,
            retry_key=retry_key,
            account_id=sender.account.id if sender.account else None,
            is_proved=name == NameClaim.proved,
            notify=draft.notify,
            seen_version=_seen(draft, article),
            is_by_author=_is_author(article.id, sender.account),
        )
        _place(comment, parent)
        db.session.add(comment)
        if name == NameClaim.unproved or (draft.notify and not is_proved(draft.email, sender.writer_hash)):
            ask_for_proof(comment)
        record_arrival(comment, verdicts)
    return Posted(comment)


def _seen(draft: Draft, article: Article) -> int | None:
    """The version that the writer had read: never one that was not there yet."""
    return None if draft.seen_version is None else min(draft.seen_version, article.version)


def fingerprint_of(article_id: int, draft: Draft) -> str:
    """The same for the same text by the same name and e-mail address in the same place."""
    parent = str(draft.parent_id or "")
    return fixed("comment", str(article_id), parent, draft.name, draft.email, draft.source)


def retry_key_of(form_key: str, fingerprint: str, visitor_hash: str) -> str:
    """The same when the same visitor sends the same form again."""
    return fixed("retry", form_key, fingerprint, visitor_hash)


def retried(retry_key: str) -> Comment | None:
    """The comment that this very form made within the last hour."""
    found = db.session.scalar(_RETRIED, {"retry_key": retry_key, "since": clock.now() - RETRY_LIFE})
    return None if found is None else db.session.get(Comment, found)


def like(comment_id: int, writer_hash: str) -> Comment | None:
    """Likes a comment for a browser, or takes that back; None for a comment that this reader may not see.

    The comment's row is locked, so that each click is counted once, however many come together.
    """
    with transaction(unseen=True):
        query = select(Comment).where(Comment.id == comment_id, visible_to(writer_hash)).with_for_update()
        comment = db.session.scalar(query.execution_options(populate_existing=True))
        if comment is None:
            return None
        own = (CommentLike.comment_id == comment_id, CommentLike.writer_hash == writer_hash)
        if db.session.execute(delete(CommentLike).where(*own)).rowcount:  # pyright: ignore[reportAttributeAccessIssue]
            comment.like_count -= 1
        else:
            db.session.add(
                CommentLike(comment_id=comment_id, writer_hash=writer_hash, created_at=clock.now())
            )
            comment.like_count += 1
    return comment


def _parent(article_id: int, parent_id: int | None) -> Comment | None:
    """The comment answered, which everybody must see. One that waits is as unknown as one that never was."""
    if parent_id is None:
        return None
    query = select(Comment).where(Comment.id == parent_id, Comment.article_id == article_id, visible_to(None))
    parent = db.session.scalar(query)
    if parent is None:
        raise Refused(
            422,
            "The comment that you answer is not here any more. Your text is kept: send it again, and it stands as a"
            " comment of its own.",
            field="parent",
        )
    return parent


class NameClaim(StrEnum):
    """What is known of a name that a commenter typed."""

    free = "free"
    proved = "proved"
    unproved = "unproved"
    """It is somebody's, and the address is theirs, but this browser has not shown that."""


def _claim_on_name(draft: Draft, sender: Sender) -> NameClaim:
    """Raises Refused for a name that somebody else has proved."""
    owner = None if sender.account else owner_of(draft.name)
    if owner is None:
        return NameClaim.free
    if owner.email != draft.email:
        raise Refused(
            422,
            "This name belongs to a commenter who has proved it. Choose another; if it is yours, use the e-mail"
            " address that you confirmed.",
            field="name",
        )
    return NameClaim.proved if is_proved(owner.email, sender.writer_hash) else NameClaim.unproved


def _written(draft: Draft, sender: Sender) -> Written:
    return Written(
        name=draft.name,
        email=draft.email,
        website=draft.website,
        source=draft.source,
        html=draft.html,
        text=draft.text,
        writer_hash=sender.writer_hash,
        network_hash=sender.network_hash,
        is_by_staff=sender.account is not None,
    )


def _is_author(article_id: int, account: Account | None) -> bool:
    if account is None:
        return False
    query = (
        select(Author.id)
        .join(article_author, article_author.c.author_id == Author.id)
        .where(article_author.c.article_id == article_id, Author.account_id == account.id)
    )
    return db.session.scalar(query.limit(1)) is not None


def _place(comment: Comment, parent: Comment | None) -> None:
    """Gives the comment its place in a thread; its own id is part of its path."""
    depth, above = placement((parent.depth, parent.path) if parent else None, setting("COMMENT_DEPTH"))
    comment.depth = depth
    comment.root_id = parent.root_id if parent and depth > 1 else comment.id
    comment.path = above + path_segment(comment.created_at, comment.id)
