"""What staff do to articles: each one intention, one transaction, one entry of the log where readers could notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.models import (
    TOLD,
    Account,
    Article,
    ArticleTotals,
    ArticleVersion,
    Author,
    Change,
    Kind,
    Status,
    WorkingCopy,
    article_relating,
)
from webapp.moderating import chain
from webapp.writing import permalinks
from webapp.writing.fields import Fields, apply, from_json, of_article

WORDS = ("headline", "kicker", "standfirst", "excerpt", "body", "lead_media")
"""What of an earlier version is put back into the editor."""
SHOWN = (Status.published, Status.scheduled)
"""What readers see, or will by the clock: it changes only by publishing."""


class Stale(Exception):
    """Somebody saved in between."""


class NotNow(Exception):
    """It cannot be done as the article stands; the message says why."""


def create(by: Account, kind: Kind = Kind.article, fields: Fields | None = None) -> Article:
    """A new draft of this account, signed by its author where it has one."""
    now = clock.now()
    article = Article(
        kind=str(kind),
        status=Status.draft,
        created_at=now,
        account_id=by.id,
        totals=ArticleTotals(),
        comments_hidden=kind == Kind.page,
    )
    with transaction(unseen=True):
        db.session.add(article)
        db.session.flush()
        if fields is None:
            own = db.session.scalars(select(Author.id).where(Author.account_id == by.id).limit(1)).all()
            fields = Fields(authors=list(own), comments_hidden=kind == Kind.page)
        apply(article, fields)
        db.session.add(
            WorkingCopy(
                article_id=article.id,
                revision=1,
                fields=fields.as_json(),
                account_id=by.id,
                saved_at=now,
                is_changed=False,
            )
        )
    return article


def copy_of(article: Article) -> WorkingCopy:
    """What is being worked on; made from the article (revision 0, not stored) where nobody has begun."""
    query = select(WorkingCopy).where(WorkingCopy.article_id == article.id)
    query = query.options(joinedload(WorkingCopy.account)).execution_options(populate_existing=True)
    return db.session.scalar(query) or _fresh(article)


def save(article_id: int, new: Fields, revision: int, *, by: Account) -> WorkingCopy:
    """Keeps what was typed. Raises Stale when `revision` is not the one that stands there.

    Of an article that no reader sees the article itself changes, too.
    """
    with transaction(unseen=True):
        article = locked(article_id)
        copy = _keep(article, new, revision, by)
        if article.status not in SHOWN:
            apply(article, new)
            copy.is_changed = False
    return copy


def publish(
    article_id: int,
    new: Fields,
    revision: int,
    *,
    by: Account | None,
    change: Change = Change.typo,
    note: str = "",
    at: datetime | None = None,
) -> Article:
    """Makes readers see what was typed: at once, or from the moment `at` on. Raises Stale.

    A new version is kept. Of an article that readers see already `change` and `note` say what it is to them; with
    `at` the copy waits for its time.
    """
    now = clock.now()
    with transaction():
        article = locked(article_id)
        copy = _keep(article, new if article.path else new.with_slug(), revision, by)
        waits = at is not None and at > now
        if article.is_live() and waits:
            copy.due_at, copy.due_change, copy.due_note = at, change, note
            copy.due_fields = copy.fields
            log("schedule", article, by)
        else:
            _go_public(article, copy, from_json(copy.fields), change=change, note=note, by=by, at=at)
    return article


def publish_due() -> int:
    """Publishes the copies whose time has come; says how many."""
    due = select(WorkingCopy.article_id).where(WorkingCopy.due_at <= clock.now()).limit(20)
    done = 0
    for article_id in db.session.scalars(due).all():
        with transaction():
            article = locked(article_id)
            copy = db.session.get(WorkingCopy, article_id, populate_existing=True)
            if copy is None or copy.due_at is None or copy.due_at > clock.now():
                continue
            by = db.session.get(Account, copy.account_id) if copy.account_id else None
            change, note, new = (
                Change(copy.due_change),
                copy.due_note,
                from_json(copy.due_fields or copy.fields),
            )
            copy.due_at = None
            if article.is_live():
                _go_public(article, copy, new, change=change, note=note, by=by, at=None)
            done += 1
    return done


def hold_back(article_id: int, *, by: Account) -> Article:
    """Takes a time that was set away again: a scheduled article is a draft, a scheduled change waits for its editor."""
    with transaction():
        article = locked(article_id)
        copy = db.session.get(WorkingCopy, article_id, populate_existing=True)
        if copy is not None and copy.due_at is not None:
            copy.due_at = None
        elif article.status == Status.scheduled and not article.is_live():
            article.status = Status.draft
        else:
            raise NotNow("No time is set for this article.")
        log("hold-back", article, by)
    return article


def take_up(article_id: int, number: int, *, by: Account) -> WorkingCopy:
    """Puts a version into the working copy, from which it can be published again."""
    with transaction(unseen=True):
        article = locked(article_id)
        version = db.session.get_one(ArticleVersion, (article_id, number))
        now = copy_of(article)
        # The words and the picture, and nothing that says who may read it or where it stands.
        old = from_json(version.fields)
        restored = replace(from_json(now.fields), **{name: getattr(old, name) for name in WORDS})
        copy = _keep(article, restored, now.revision, by)
        if article.status not in SHOWN:
            apply(article, from_json(copy.fields))
            copy.is_changed = False
    return copy


def drop_changes(article_id: int, revision: int, *, by: Account) -> WorkingCopy:
    """Forgets what was typed since readers saw it last. Raises Stale."""
    with transaction(unseen=True):
        article = locked(article_id)
        copy = _keep(article, of_article(article), revision, by)
        copy.is_changed, copy.due_at = False, None
    return copy


def _go_public(
    article: Article,
    copy: WorkingCopy,
    new: Fields,
    *,
    change: Change,
    note: str,
    by: Account | None,
    at: datetime | None,
) -> None:
    now = clock.now()
    if not new.headline.strip():
        raise NotNow("An article needs a headline before it is published.")
    was_live, was_seen = article.is_live(), article.published_at is not None and article.published_at <= now
    if was_live and not article.version:
        # What came from elsewhere has kept no version yet: what readers saw until now is the first.
        _add_version(article, of_article(article), Change.first, "", None, article.published_at or now)
    if not was_seen and article.version:
        # A time was set and taken away again: nobody has seen that version.
        db.session.execute(delete(ArticleVersion).where(ArticleVersion.article_id == article.id))
        article.version = 0
    slug_before = article.slug
    apply(article, replace(new, dated=""))
    dated = datetime.fromisoformat(new.dated) if new.dated else None
    if at is not None and at > now:
        article.status, article.published_at = Status.scheduled, at
    else:
        article.status = Status.published
        article.published_at = dated or (article.published_at if was_seen else now)
    article.handed_over_at, article.gone_note = None, ""
    change = change if was_live else Change.first
    moment = max(now, article.published_at or now) if not was_seen else now
    _add_version(article, new, change, note, by, moment)
    if change in TOLD:
        article.updated_at = now
        told = {"number": article.version, "change": str(change), "note": note, "at": now.isoformat()}
        article.corrections = [*article.corrections, told]
    permalinks.settle(article, was_public=was_seen, is_new_slug=article.slug != slug_before)
    public = replace(new, slug=article.slug, dated="")
    copy.is_changed = from_json(copy.fields) != new
    if not copy.is_changed:
        copy.fields = public.as_json()
    copy.due_at, copy.due_note, copy.due_fields = None, "", None
    again = dialects.insert(article_relating).values(article_id=article.id).on_conflict_do_nothing()
    db.session.execute(again)
    deed = "schedule" if article.status == Status.scheduled else str(change) if was_live else "publish"
    log(deed, article, by, note)


def _add_version(
    article: Article, fields: Fields, change: Change, note: str, by: Account | None, at: datetime
) -> None:
    article.version += 1
    db.session.add(
        ArticleVersion(
            article_id=article.id,
            number=article.version,
            change=str(change),
            note=note,
            fields=fields.as_json(),
            account_id=by.id if by else None,
            published_at=at,
        )
    )
    db.session.flush()


def _keep(article: Article, new: Fields, revision: int, by: Account | None) -> WorkingCopy:
    copy = db.session.get(WorkingCopy, article.id, populate_existing=True)
    if copy is None:
        copy = _fresh(article)
        db.session.add(copy)
    if copy.revision != revision:
        raise Stale(copy.revision)
    if from_json(copy.fields) != new or not copy.revision:
        copy.revision += 1
        copy.fields = new.as_json()
        copy.account_id = by.id if by else copy.account_id
        copy.saved_at = clock.now()
        copy.is_changed = True
    db.session.flush()
    return copy


def _fresh(article: Article) -> WorkingCopy:
    return WorkingCopy(
        article_id=article.id,
        revision=0,
        fields=of_article(article).as_json(),
        account_id=None,
        saved_at=article.updated_at or article.published_at or article.created_at,
        is_changed=False,
    )


def locked(article_id: int) -> Article:
    """Inside transaction(): the article, which nobody else changes meanwhile. Raises NotNow."""
    article = Article.locked(article_id)
    if article is None:
        raise NotNow("This article is not there any more.")
    return article


def log(deed: str, article: Article, by: Account | None, reason: str = "") -> None:
    """Inside transaction(): what somebody did to an article."""
    chain.record(deed, f"article:{article.id}", account_id=by.id if by else None, reason=reason)
