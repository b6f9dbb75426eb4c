"""What the background process does for the newsletter: makes editions by the rule, and puts them into the queue of mail
in batches, the next one when the last has mostly gone out, so that other mail never waits behind thousands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from webapp import clock
from webapp.database import db, transaction
from webapp.mailing.actions import batch_numbers, queue_mail
from webapp.mailing.sending import REFUSED, is_lasting
from webapp.models import Article, Edition, EditionState, MailState, OutgoingMail, Subscriber, SubscriberState
from webapp.settings import setting
from webapp.site import current_site
from webapp.subscribing import editions, letters, rules
from webapp.subscribing.actions import mark_bounced

BATCH = 50
OF_A_WEEK = 200
"""So many articles of a week are compared for the ones read most."""
UNSETTLED = (EditionState.sending, EditionState.paused, EditionState.sent, EditionState.ended)
NOTHING_LEFT = "Readers can see none of its articles now, and it has no words of its own."


def make_due() -> int:
    """The edition of the rule, when its hour has come and something was published. Gives how many were made."""
    rule = setting("NEWSLETTER")
    if rule not in rules.PERIODS:
        return 0
    now = clock.now()
    moment = rules.due(
        rule, setting("NEWSLETTER_WEEKDAY"), setting("NEWSLETTER_HOUR"), current_site().zone, now
    )
    if moment is None:
        return 0
    key = f"{rule}:{moment:%Y-%m-%d}"
    if db.session.scalar(select(exists().where(Edition.rule_key == key))) or not editions.readers():
        return 0
    articles = _best(rule)
    if not articles:
        return 0
    edition = Edition(subject="", intro="")
    subject = f"{setting('SITE_TITLE')}: {letters.subject_of(edition, articles)}"[:200]
    return int(editions.by_rule(key, subject, articles, now))


def _best(rule: str) -> list[Article]:
    """Of a day the newest; of a week those read most."""
    most, period = setting("NEWSLETTER_ARTICLES"), rules.PERIODS[rule]
    if rule == "daily":
        return editions.new_since_last(most, period)
    found = editions.new_since_last(OF_A_WEEK, period)
    # Whatever was read of them was read within the week.
    return sorted(found, key=lambda one: -one.totals.view_count if one.totals else 0)[:most]


def send_some() -> int:
    """The next batch of the oldest edition that is being sent. Gives how many mails were queued."""
    _settle()
    query = (
        select(Edition).where(Edition.state == EditionState.sending).order_by(Edition.started_at, Edition.id)
    )
    edition = db.session.scalar(query.options(selectinload(Edition.entries)).limit(1))
    if edition is None:
        return 0
    if batch_numbers(editions.batch_of(edition)).get(MailState.waiting, 0) >= BATCH // 2:
        return 0
    articles = editions.articles_of(edition)
    with transaction(unseen=True):
        locked = select(Edition).where(Edition.id == edition.id).with_for_update()
        edition = db.session.scalars(locked.execution_options(populate_existing=True)).one()
        if edition.state != EditionState.sending:
            return 0
        if not articles and not edition.intro.strip():
            edition.state, edition.problem = EditionState.paused, NOTHING_LEFT
            return 0
        return _queue(edition, articles)


def _queue(edition: Edition, articles: list[Article]) -> int:
    some = db.session.scalars(
        select(Subscriber)
        .where(
            Subscriber.state == SubscriberState.confirmed,
            Subscriber.id > edition.reached,
            Subscriber.id <= edition.last,
            # Who stopped and came back meanwhile waits for the next one.
            Subscriber.confirmed_at <= edition.started_at,
        )
        .order_by(Subscriber.id)
        .limit(BATCH)
    ).all()
    for one in some:
        made = letters.letter(edition, articles, one.email)
        key = f"{editions.batch_of(edition)}:{one.id}"
        edition.queued += queue_mail(key, one.email, made, batch=editions.batch_of(edition))
    if some:
        edition.reached = some[-1].id
    if len(some) < BATCH:
        edition.state, edition.finished_at = EditionState.sent, clock.now()
    return len(some)


def _settle() -> None:
    """Writes down how many mails of each edition have arrived or failed, and who cannot be reached."""
    open_ones = select(Edition.id).where(Edition.settled_at.is_(None), Edition.state.in_(UNSETTLED))
    for edition_id in db.session.scalars(open_ones).all():
        batch = f"{editions.BATCH}{edition_id}"
        _note_refused(batch)
        numbers = batch_numbers(batch)
        sent = numbers.get(MailState.sent, 0)
        failed = numbers.get(MailState.failed, 0) + numbers.get(MailState.unclear, 0)
        is_over = not numbers.get(MailState.waiting, 0) and not numbers.get(MailState.sending, 0)
        _write_numbers(edition_id, sent, failed, clock.now() if is_over else None)


def _write_numbers(edition_id: int, sent: int, failed: int, over_at: datetime | None) -> None:
    edition = db.session.get_one(Edition, edition_id)
    is_final = over_at is not None and edition.finished_at is not None
    # Mail that is done with is forgotten after a week, also while an edition is paused; its numbers never fall.
    sent, failed = max(sent, edition.sent), max(failed, edition.failed)
    if (edition.sent, edition.failed) == (sent, failed) and not is_final:
        return
    with transaction(unseen=True):
        edition = db.session.get_one(Edition, edition_id, with_for_update=True, populate_existing=True)
        edition.sent, edition.failed = sent, failed
        if is_final:
            edition.settled_at = over_at


def _note_refused(batch: str) -> None:
    """Addresses that the mail server refused when it was handed over."""
    refused = select(OutgoingMail.recipient, OutgoingMail.problem).where(
        OutgoingMail.batch == batch,
        OutgoingMail.state == MailState.failed,
        OutgoingMail.problem.startswith(REFUSED),
        exists().where(
            Subscriber.email == OutgoingMail.recipient, Subscriber.state == SubscriberState.confirmed
        ),
    )
    for email, problem in db.session.execute(refused).all():
        mark_bounced(email, for_good=is_lasting(problem), words=problem)
