"""What is done when everything of a file is there: links between items, the order of sections, the site's settings."""

from __future__ import annotations

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
    for items in ledger.pending(run.source, "attachment"):
        with run.batch():
            above = _here(run, "post", items, "parent")
            rows = [
                {"id": item.local_id, "article_id": above[item.external_id]}
                for item in items
                if item.external_id in above
            ]
            _update(Media, rows)
            ledger.settle(run.source, "attachment", above)
    for items in ledger.pending(run.source, "post"):
        with run.batch():
            _link_articles(run, items)


def _link_articles(run: Run, items: list[ImportedItem]) -> None:
    above = _here(run, "post", items, "parent")
    pictures = _here(run, "attachment", items, "thumbnail")
    ids = {item.external_id: item.local_id for item in items}
    _update(Article, [{"id": ids[key], "lead_media_id": picture} for key, picture in pictures.items()])
    for key, parent in above.items():
        # One at a time: whether a page may stand below another depends on what was linked before.
        if not _is_above(ids[key] or 0, parent):
            _update(Article, [{"id": ids[key], "parent_id": parent}])
    done = {"parent": above, "thumbnail": pictures}
    settled = (item for item in items if all(item.external_id in done[name] for name in item.pending or ()))
    ledger.settle(run.source, "post", (item.external_id for item in settled))


def _here(run: Run, kind: str, items: list[ImportedItem], name: str) -> dict[str, int]:
    """By external id, the row that each item waits for under `name`, where it has come and is still here."""
    wanted = {item.external_id: str((item.pending or {}).get(name, "")) for item in items if item.local_id}
    known = ledger.known(run.source, kind, filter(None, wanted.values()))
    model = Article if kind == "post" else Media
    locals_ = [local for local in known.values() if local]
    rows = set(db.session.scalars(select(model.id).where(model.id.in_(locals_))))
    return {key: local for key, number in wanted.items() if (local := known.get(number)) in rows and local}


def _update(model: type[Article] | type[Media], rows: list[dict[str, int | None]]) -> None:
    if rows:
        db.session.execute(update(model), rows)


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
