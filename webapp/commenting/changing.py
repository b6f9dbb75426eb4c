"""What writers do with their own comments while they may: change the words, or take them back."""

from __future__ import annotations

from sqlalchemy import select

from webapp import clock, visitors
from webapp.commenting.actions import fingerprint_of
from webapp.commenting.lookups import visible_to
from webapp.commenting.refusals import Refused
from webapp.commenting.rules import Draft, minutes_left
from webapp.database import db, transaction
from webapp.models import Comment, CommentStatus
from webapp.moderating.actions import record_change, was_decided
from webapp.moderating.bayes import band
from webapp.moderating.circumstances import Written, judged
from webapp.moderating.rules import outcome
from webapp.settings import setting


def own_comment(comment_id: int, writer_hash: str | None, *, however: bool = False) -> Comment | None:
    """The comment, where it is this writer's and to be seen by them (`however`: or not); None otherwise."""
    if writer_hash is None:
        return None
    query = select(Comment).where(Comment.id == comment_id, Comment.writer_hash == writer_hash)
    return db.session.scalar(query if however else query.where(visible_to(writer_hash)))


def time_left(comment: Comment) -> int:
    """Minutes in which its writer may still change a comment."""
    return minutes_left(comment.created_at, clock.now(), setting("COMMENT_EDIT_MINUTES"))


def edit_comment(comment_id: int, writer_hash: str, *, source: str, html: str, text: str) -> Comment:
    """Keeps new words, judged like a new comment: they may wait for a moderator again. Raises Refused.

    What staff have held stays held, whatever the new words are.
    """
    with transaction():
        comment = _locked(comment_id, writer_hash)
        draft = Draft(
            source=source, html=html, text=text, name=comment.name, email=comment.email,
            website=comment.website, parent_id=comment.parent_id,
        )  # fmt: skip
        submission, verdicts = judged(
            Written(
                name=comment.name,
                email=comment.email,
                website=comment.website,
                source=source,
                html=html,
                text=text,
                writer_hash=writer_hash,
                network_hash=visitors.network_hash(),
                is_by_staff=comment.account_id is not None,
            ),
            comment.article_id,
        )
        status = outcome(verdicts)
        if (
            comment.status != CommentStatus.approved
            and status == CommentStatus.approved
            and was_decided(comment)
        ):
            status = CommentStatus.held
        comment.body_source, comment.body_html = source, html
        comment.fingerprint = fingerprint_of(comment.article_id, draft)
        comment.score = None if submission.score is None else round(100 * submission.score)
        comment.band = band(submission.score)
        comment.edited_at = clock.now()
        comment.verdicts = [verdict.as_json() for verdict in verdicts]
        record_change(comment, status, "edit", " ".join(verdict.logged for verdict in verdicts))
    return comment


def withdraw_comment(comment_id: int, writer_hash: str) -> Comment:
    """Takes a comment back: gone for everybody, with a word in its place where others have answered. Raises Refused."""
    with transaction():
        comment = _locked(comment_id, writer_hash)
        comment.is_withdrawn = True
        record_change(comment, CommentStatus.trashed, "withdrawal")
    return comment


def _locked(comment_id: int, writer_hash: str) -> Comment:
    query = select(Comment).where(Comment.id == comment_id, Comment.writer_hash == writer_hash)
    query = query.where(visible_to(writer_hash)).with_for_update().execution_options(populate_existing=True)
    comment = db.session.scalar(query)
    if comment is None:
        raise Refused(
            409, "This comment is not there any more: a moderator has removed it, or you took it back."
        )
    if not time_left(comment):
        minutes = setting("COMMENT_EDIT_MINUTES")
        raise Refused(
            403, f"A comment can be changed for {minutes} minutes. That time is over; it stays as it is."
        )
    return comment
