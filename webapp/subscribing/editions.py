"""Editions: begun, written, sent, paused, ended. Sending goes along the readers' ids, so each is reached once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, selectinload

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.mailing import actions as mailing
from webapp.models import Account, Article, Edition, EditionArticle, EditionState, Subscriber, SubscriberState
from webapp.moderating import chain
from webapp.reading import cards, queries
from webapp.subscribing.actions import BATCH

PROPOSED = 8
LOOK_BACK = timedelta(days=7)
MOST_ARTICLES = 30


def batch_of(edition: Edition) -> str:
    """What its mails are called together."""
    return f"{BATCH}{edition.id}"


def readers() -> int:
    """How many get the newsletter."""
    confirmed = Subscriber.state == SubscriberState.confirmed
    return db.session.scalar(select(func.count()).select_from(Subscriber).where(confirmed)) or 0


def one(edition_id: int) -> Edition | None:
    """An edition with its entries and who made it."""
    options = (selectinload(Edition.entries), joinedload(Edition.account))
    query = select(Edition).where(Edition.id == edition_id).options(*options)
    return db.session.scalar(query.execution_options(populate_existing=True))


def page(before: int = 0, most: int = 30) -> tuple[Sequence[Edition], int]:
    """Editions, the newest first, and the id before which they go on (0: the end)."""
    query = select(Edition).options(joinedload(Edition.account), selectinload(Edition.entries))
    if before:
        query = query.where(Edition.id < before)
    found = db.session.scalars(query.order_by(Edition.id.desc()).limit(most + 1)).all()
    return found[:most], found[most - 1].id if len(found) > most else 0


def articles_of(edition: Edition) -> list[Article]:
    """What of its articles readers can see now, in its order."""
    seen = queries.cards(entry.article_id for entry in edition.entries)
    return [seen[entry.article_id] for entry in edition.entries if entry.article_id in seen]


def new_since_last(most: int, look_back: timedelta) -> list[Article]:
    """What was published since the last edition went out, at most so long ago; the newest first."""
    now = clock.now()
    last = db.session.scalar(select(func.max(Edition.started_at)))
    since = max(last, now - look_back) if last else now - look_back
    query = select(Article).where(queries.listed(), Article.listed_at > since)
    order = (Article.listed_at.desc(), Article.id.desc())
    return cards.read(query.options(*cards.columns()).order_by(*order).limit(most))


def begin(account: Account) -> Edition:
    """A draft with the newest articles in it, as a beginning."""
    proposed = new_since_last(PROPOSED, LOOK_BACK)
    with transaction(unseen=True):
        edition = Edition(account_id=account.id, created_at=clock.now(), state=EditionState.draft)
        db.session.add(edition)
        db.session.flush()
        _put(edition.id, [article.id for article in proposed])
    return edition


def change(edition_id: int, subject: str, intro: str, article_ids: Sequence[int]) -> bool:
    """Writes a draft down. False where it is none (any more)."""
    with transaction(unseen=True):
        edition = _locked(edition_id)
        if edition is None or edition.state != EditionState.draft:
            return False
        edition.subject, edition.intro = subject, intro
        db.session.execute(delete(EditionArticle).where(EditionArticle.edition_id == edition_id))
        _put(edition_id, article_ids)
    return True


def _put(edition_id: int, article_ids: Sequence[int]) -> None:
    rows = [
        {"edition_id": edition_id, "article_id": article_id, "position": place}
        for place, article_id in enumerate(article_ids)
    ]
    if rows:
        db.session.execute(insert(EditionArticle), rows)


def start(edition_id: int, *, by: Account | None) -> bool:
    """Sends an edition to everybody who is on the list now. False where it is no draft."""
    with transaction(unseen=True):
        edition = _locked(edition_id)
        if edition is None or edition.state != EditionState.draft:
            return False
        begin_sending(edition)
        chain.record("send-edition", f"edition:{edition.id}", account_id=by.id if by else None)
    return True


def begin_sending(edition: Edition) -> None:
    """Inside transaction(): from now on the background process sends it."""
    confirmed = Subscriber.state == SubscriberState.confirmed
    last, count = db.session.execute(select(func.max(Subscriber.id), func.count()).where(confirmed)).one()  # pyright: ignore[reportAssignmentType]
    edition.state, edition.started_at = EditionState.sending, clock.now()
    edition.last, edition.recipients = last or 0, count


def pause(edition_id: int, *, by: Account) -> bool:
    """Nothing more of it is sent until it goes on; what the mail server has taken is on its way."""
    return _turn(edition_id, EditionState.sending, EditionState.paused, "pause-edition", by)


def go_on(edition_id: int, *, by: Account) -> bool:
    """The rest of a paused edition is sent."""
    return _turn(edition_id, EditionState.paused, EditionState.sending, "resume-edition", by)


def end(edition_id: int, *, by: Account) -> bool:
    """The rest of an edition is never sent."""
    with transaction(unseen=True):
        edition = _locked(edition_id)
        if edition is None or edition.state not in (EditionState.sending, EditionState.paused):
            return False
        mailing.drop_waiting(batch_of(edition))
        edition.state, edition.finished_at, edition.problem = EditionState.ended, clock.now(), ""
        chain.record("end-edition", f"edition:{edition.id}", account_id=by.id)
    return True


def _turn(edition_id: int, before: str, after: str, deed: str, by: Account) -> bool:
    with transaction(unseen=True):
        edition = _locked(edition_id)
        if edition is None or edition.state != before:
            return False
        edition.state, edition.problem = after, ""
        hold = mailing.hold_batch if after == EditionState.paused else mailing.let_go_batch
        hold(batch_of(edition))
        chain.record(deed, f"edition:{edition.id}", account_id=by.id)
    return True


def throw_away(edition_id: int) -> bool:
    """Deletes a draft. False where it is none."""
    with transaction(unseen=True):
        edition = _locked(edition_id)
        if edition is None or edition.state != EditionState.draft:
            return False
        db.session.execute(delete(EditionArticle).where(EditionArticle.edition_id == edition_id))
        db.session.execute(delete(Edition).where(Edition.id == edition_id))
    return True


def by_rule(key: str, subject: str, articles: Sequence[Article], now: datetime) -> bool:
    """Makes an edition and begins to send it, unless another process has made this one."""
    values = {"subject": subject, "state": EditionState.sending, "rule_key": key, "created_at": now}
    numbers = dict.fromkeys(("recipients", "reached", "last", "queued", "sent", "failed"), 0)
    with transaction(unseen=True):
        made = insert(Edition).values(**values, **numbers, intro="", problem="").on_conflict_do_nothing()
        edition_id = db.session.scalar(made.returning(Edition.id))
        if edition_id is None:
            return False
        _put(edition_id, [article.id for article in articles])
        edition = _locked(edition_id)
        if edition is not None:
            begin_sending(edition)
            chain.record("send-edition", f"edition:{edition_id}", account_id=None, reason="by the rule")
    return True


def _locked(edition_id: int) -> Edition | None:
    query = select(Edition).where(Edition.id == edition_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
