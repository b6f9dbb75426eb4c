"""Mail to moderators: a digest every morning, and where the newsroom wants it each comment that waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.database import db, transaction
from webapp.filters import counted, in_zone, long_date
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Quote, Words
from webapp.models import INCLUDES, Account, Comment, CommentStatus, ModerationEntry, OutgoingMail, Role
from webapp.moderating import chain, queue_queries
from webapp.moderating.actions import Decision, last_entries
from webapp.moderating.signed_links import link_for
from webapp.moderating.words import effort
from webapp.settings import setting

HOUR = 7
"""The hour of the site's day from which on digests go out."""
RECENT = timedelta(days=1)
"""Held comments older than this are in the digest only."""
MOST_AN_HOUR = 30
"""Mails about single comments that one moderator gets; in a storm the digest and the queue have to do."""


def mail_held() -> int:
    """Mails moderators what waits and was not mailed yet, where MODERATOR_MAIL is `held`. Gives how many mails."""
    if setting("MODERATOR_MAIL") != "held":
        return 0
    now = clock.now()
    query = select(Comment).where(
        Comment.status == CommentStatus.held, Comment.created_at > now - RECENT, ~Comment.is_withdrawn
    )
    comments = db.session.scalars(
        query.options(joinedload(Comment.article)).order_by(Comment.id).limit(100)
    ).all()
    made = 0
    for account in _moderators() if comments else ():
        known = select(OutgoingMail.key).where(
            OutgoingMail.recipient == account.email, OutgoingMail.key.startswith("held:")
        )
        mailed = set(db.session.scalars(known))
        recent = db.session.scalar(
            known.with_only_columns(func.count()).where(OutgoingMail.created_at > now - timedelta(hours=1))
        )
        left = MOST_AN_HOUR - (recent or 0)
        for comment in [one for one in comments if _key(one, account) not in mailed][: max(0, left)]:
            made += _mail_comment(comment, account)
    return made


def _key(comment: Comment, account: Account) -> str:
    return f"held:{comment.id}:{account.id}"


def _mail_comment(comment: Comment, account: Account) -> bool:
    last = last_entries([comment.id]).get(comment.id)
    reasons = " ".join(verdict.get("reason", "") for verdict in comment.verdicts)
    letter = Letter(
        f"Waits for you: {comment.name} on “{comment.article.headline}”",
        (
            Quote(f"{comment.name} wrote under “{comment.article.headline}”:", comment.body_source[:3000]),
            Words(reasons or "It waits for a decision."),
            Action("Approve or reject it", link_for(comment, account, last.id if last else 0)),
        ),
        footer="The link shows the comment without signing in, works for seven days, and decides once. Keep it to"
        " yourself. Which mail you get is set on the page of the rules.",
    )
    with transaction(unseen=True):
        return queue_mail(_key(comment, account), account.email, letter)


def mail_digests() -> int:
    """From seven in the morning on: yesterday in numbers, to each moderator, once a day."""
    now = clock.now()
    local = in_zone(now)
    if setting("MODERATOR_MAIL") == "no" or local.hour < HOUR:
        return 0
    accounts = _moderators()
    keys = {account.id: f"digest:{local:%Y-%m-%d}:{account.id}" for account in accounts}
    known = set(db.session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.in_(keys.values()))))
    waiting = [account for account in accounts if keys[account.id] not in known]
    if not waiting:
        return 0
    letter = _digest(local)
    with transaction(unseen=True):
        return sum(queue_mail(keys[account.id], account.email, letter) for account in waiting)


def _digest(local: datetime) -> Letter:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = midnight - timedelta(days=1)
    within = (ModerationEntry.created_at >= begins, ModerationEntry.created_at < midnight)
    rows = db.session.execute(
        select(ModerationEntry.decision, func.count()).where(*within).group_by(ModerationEntry.decision)
    )
    found = {decision: count for decision, count in rows}  # noqa: C416 (rows are no plain pairs)
    counts = queue_queries.counts()
    held, flagged = counts[CommentStatus.held], queue_queries.FLAGGED
    budget = f"{counts.shown(CommentStatus.held)} held, {effort(held)}." if held else "Nothing waits."
    rejected = found.get(Decision.spam, 0) + found.get(Decision.trash, 0)
    return Letter(
        f"{setting('SITE_TITLE')}: {budget.rstrip('.')}",
        (
            Words(budget),
            Words(
                f"On {long_date(begins)} {counted(found.get('arrival', 0), 'comment')} came; the newsroom approved"
                f" {found.get(Decision.approval, 0)} and rejected {rejected}. Readers have reported"
                f" {counts.shown(flagged)} comment{'' if counts[flagged] == 1 else 's'} that you have not answered."
            ),
            Action("Open the queue", f"{setting('SITE_URL')}/moderation"),
            Words(
                f"The head of the log is {chain.head() or 'empty'}."
                " Keep this mail: `standfirst log verify --head` compares."
            ),
        ),
        footer="You get this as a moderator. Which mail you get is set on the page of the rules.",
    )


def _moderators() -> list[Account]:
    """Who looks after comments: not authors, nor who was invited and has not joined yet."""
    roles = [role for role, included in INCLUDES.items() if Role.moderator in included]
    work_here = ~Account.is_disabled, Account.password_hash != "", Account.role.in_(roles)
    return list(db.session.scalars(select(Account).where(*work_here).order_by(Account.id)))
