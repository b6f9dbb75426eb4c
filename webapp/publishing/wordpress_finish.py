"""What is done when everything of a file is there: links between items, the order of sections, the site's settings."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select, update

from webapp import settings
from webapp.database import db
from webapp.models import Article, Category, ImportedItem, Media, article_category
from webapp.publishing import ledger
from webapp.publishing.wordpress_run import Run

_IN_FEED = 4
_DEEPEST = 50


def link_pending(run: Run) -> None:
    """Parents of pages, featured images and the articles of attachments, wherever they stood in the file.

    What is not here yet (an export by post type) waits for the next run.
    """
    _link(run, "attachment", _link_attachment)
    _link(run, "post", _link_article)


def _link(run: Run, kind: str, link: Callable[[Run, ImportedItem], bool]) -> None:
    for items in ledger.pending(run.source, kind):
        with run.batch():
            for item in items:
                if item.local_id is None or link(run, item):
                    ledger.settle(item)


def _link_attachment(run: Run, item: ImportedItem) -> bool:
    above = _local(run, "post", item, "parent")
    if above is not None and item.local_id:
        db.session.execute(update(Media).where(Media.id == item.local_id).values(article_id=above))
    return above is not None


def _link_article(run: Run, item: ImportedItem) -> bool:
    waiting = dict(item.pending or {})
    found: dict[str, int] = {}
    above = _local(run, "post", item, "parent")
    if above is not None and not _is_above(item.local_id or 0, above):
        found["parent_id"] = above
    thumbnail = _local(run, "attachment", item, "thumbnail")
    if thumbnail is not None:
        found["lead_media_id"] = thumbnail
    if found:
        db.session.execute(update(Article).where(Article.id == item.local_id).values(found))
    return ("parent" not in waiting or above is not None) and (
        "thumbnail" not in waiting or thumbnail is not None
    )


def _local(run: Run, kind: str, item: ImportedItem, name: str) -> int | None:
    """The row here that the item waits for, if it has come and is still here."""
    wanted = (item.pending or {}).get(name)
    local = ledger.known(run.source, kind, [wanted]).get(str(wanted)) if wanted else None
    model = Article if kind == "post" else Media
    return db.session.scalar(select(model.id).where(model.id == local)) if local else None


def _is_above(page: int, start: int) -> bool:
    """Whether `page` is among the pages above `start`: then it can't stand below it."""
    current: int | None = start
    for _ in range(_DEEPEST):
        if current is None:
            return False
        if current == page:
            return True
        current = db.session.scalar(select(Article.parent_id).where(Article.id == current))
    return True


def arrange_sections(run: Run) -> None:
    """Puts the categories with the most articles first, and into the news feed, where nobody has chosen yet."""
    with run.batch():
        chosen = select(Category.id).where(Category.is_in_feed | (Category.position > 0)).limit(1)
        if db.session.scalar(chosen) is not None:
            return
        number = func.count(article_category.c.article_id)
        query = (
            select(Category, number)
            .outerjoin(article_category, article_category.c.category_id == Category.id)
            .outerjoin(Article, (Article.id == article_category.c.article_id) & Article.live())
            .group_by(Category.id)
            .order_by(number.desc(), Category.name)
        )
        for position, (category, articles) in enumerate(db.session.execute(query), 1):
            category.position = position
            category.is_in_feed = position <= _IN_FEED and articles > 0


def keep_settings(run: Run, permalinks: str) -> None:
    """Title, tagline, zone and the form of permalinks, unless the newsroom (or an import before) has set them."""
    site = run.survey.site
    wanted = {
        "SITE_TITLE": site.title,
        "SITE_TAGLINE": site.tagline,
        "TIME_ZONE": run.survey.zone,
        "PERMALINKS": permalinks,
        "LANGUAGE": site.language,
    }
    have = settings.stored()
    fresh = {name: value for name, value in wanted.items() if value and name not in have}
    settings.store(fresh)
    for name in wanted.keys() - fresh.keys():
        if wanted[name] and have.get(name) != wanted[name]:
            run.report.note(
                f"{name} was set here already and stays as it is (the old site's: {wanted[name]})."
            )
