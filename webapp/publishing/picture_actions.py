"""Makes the sizes of every picture that has none yet, on all cores, and remembers what was made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from flask import current_app
from sqlalchemy import and_, select, update

from webapp.database import db, transaction
from webapp.models import Media
from webapp.publishing.renditions import Made, Unusable, build
from webapp.settings import setting

Progress = Callable[[int], None]
_MILLION = 1_000_000


def waiting() -> list[tuple[int, str]]:
    """Id and file of each picture without sizes, the newest first."""
    picture = and_(Media.mime.startswith("image/"), Media.mime != "image/svg+xml", ~Media.is_missing)
    none_yet = and_(Media.rendition == "", Media.rendition_problem == "")
    query = select(Media.id, Media.file).where(picture, none_yet).order_by(Media.id.desc())
    return [(media_id, file) for media_id, file in db.session.execute(query)]


def build_waiting(found: list[tuple[int, str]], progress: Progress) -> list[tuple[str, str]]:
    """Makes the sizes of these; `progress` hears of each. Gives the files of which none could be made, and why.

    Safe to interrupt and to run twice at once: files are whole or not there, and each row is written when they are.
    """
    instance = Path(current_app.instance_path)
    most = setting("PICTURE_MEGAPIXELS") * _MILLION
    problems: list[tuple[str, str]] = []
    workers = max(1, min(4, os.cpu_count() or 1))
    # Spawned and not copied: a copy would share connections to the database.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        tasks = {}
        for media_id, file in found:
            task = pool.submit(build, instance / "media" / file, instance / "pictures", most)
            tasks[task] = (media_id, file)
        try:
            for task in _as_they_come(set(tasks)):
                media_id, file = tasks[task]
                problem = _remember(media_id, task)
                if problem:
                    problems.append((file, problem))
                progress(1)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return problems


def _as_they_come(tasks: set[Future[Made]]) -> Iterator[Future[Made]]:
    while tasks:
        done, tasks = wait(tasks, return_when=FIRST_COMPLETED)
        yield from done


def _remember(media_id: int, task: Future[Made]) -> str:
    change = update(Media).where(Media.id == media_id).execution_options(synchronize_session=False)
    try:
        made = task.result()
    except OSError as error:
        # A full disk, a lost file: the next build tries again.
        return f"could not be made: {error.strerror or error}"
    except Unusable as error:
        with transaction(unseen=True):
            db.session.execute(change.values(rendition_problem=str(error)[:200]))
        return str(error)
    sizes = {"width": made.width, "height": made.height}
    with transaction():
        db.session.execute(change.values(rendition=made.rendition, tint=made.tint, **sizes))
    return ""


def forget_all() -> int:
    """Has every size made anew at the next build. Gives how many pictures that are."""
    pictures = update(Media).where((Media.rendition != "") | (Media.rendition_problem != ""))
    with transaction():
        result = db.session.execute(
            pictures.values(rendition="", rendition_problem="").execution_options(synchronize_session=False)
        )
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue]
