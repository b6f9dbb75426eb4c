"""What the desk reads: imports with their reports, menus, how many texts there are."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from webapp.database import db
from webapp.models import Article, Comment, ImportAddress, ImportRun, Menu, MenuItem
from webapp.publishing import report

RUNS_SHOWN = 100
_CHUNK = 500


def import_runs() -> list[ImportRun]:
    """The latest imports without their reports, newest first."""
    query = select(
        ImportRun.id, ImportRun.source, ImportRun.file_name, ImportRun.started_at, ImportRun.finished_at
    )
    rows = db.session.execute(query.order_by(ImportRun.id.desc()).limit(RUNS_SHOWN))
    return [ImportRun(**row._asdict()) for row in rows]


def import_run(run_id: int) -> tuple[ImportRun, report.Report | None] | None:
    """One import with its report, which is None while it runs and when it was stopped."""
    run = db.session.get(ImportRun, run_id)
    if run is None:
        return None
    return run, report.from_json(run.report) if run.report else None


def old_addresses(
    run_id: int, *, only_changed: bool, page: int, per_page: int
) -> tuple[list[ImportAddress], int]:
    """One page of the addresses of the old site that a run met, and how many there are."""
    wanted = [ImportAddress.run_id == run_id]
    if only_changed:
        wanted.append(ImportAddress.is_kept.is_(False))
    total = db.session.scalar(select(func.count(ImportAddress.id)).where(*wanted)) or 0
    query = select(ImportAddress).where(*wanted).order_by(ImportAddress.id)
    rows = db.session.scalars(query.limit(per_page).offset((page - 1) * per_page))
    return list(rows), total


def every_address(run_id: int) -> Iterator[report.OldAddress]:
    """All of them, without holding them in memory."""
    after = 0
    while True:
        query = select(ImportAddress).where(ImportAddress.run_id == run_id, ImportAddress.id > after)
        rows = list(db.session.scalars(query.order_by(ImportAddress.id).limit(_CHUNK)))
        if not rows:
            return
        for row in rows:
            yield report.OldAddress(row.url, row.leads_to, row.status, row.note)
        after = rows[-1].id
        db.session.expunge_all()


def menus() -> list[tuple[Menu, int]]:
    """Every menu with the number of its links."""
    query = (
        select(Menu, func.count(MenuItem.id))
        .outerjoin(MenuItem, MenuItem.menu_id == Menu.id)
        .group_by(Menu.id)
        .order_by(Menu.slug)
    )
    return list(db.session.execute(query).all())


def text_count() -> int:
    """How many texts `markup clean` has before it."""
    return sum(
        db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Article, Comment)
    )
