"""What the desk reads: imports with their reports, menus, how many texts there are."""

from __future__ import annotations

from sqlalchemy import func, select

from webapp.database import db
from webapp.models import Article, Comment, ImportRun, Menu, MenuItem
from webapp.publishing import report

RUNS_SHOWN = 100


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
