"""`standfirst work`: the one process that does what can wait. Any number may run, on any number of machines."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.commandline import in_app
from webapp.settings import setting

log = logging.getLogger(__name__)
TICK = 0.5
PICTURES = 12
"""Pictures of one round, so that mail never waits for long."""
_stopping: list[int] = []


@dataclass(frozen=True)
class Job:
    """Something that is looked at every so many seconds, and again at once while `run` gives that it did something.

    Each job claims what it does in the database, so that two processes never do the same.
    """

    name: str
    every: float
    run: Callable[[], int]


def jobs() -> tuple[Job, ...]:
    """Everything that waits; what makes mail stands before what sends it."""
    from webapp.library.uses import note_uses
    from webapp.mailing.actions import purge_mail
    from webapp.mailing.sending import send_due
    from webapp.moderating.learning import learn
    from webapp.moderating.moderator_mail import mail_digests, mail_held
    from webapp.notifying.notices import mail_notices
    from webapp.privacy.actions import purge
    from webapp.publishing.relating import relate_due
    from webapp.sharing.most_read import rank_most_read
    from webapp.sharing.ranking import rank
    from webapp.subscribing import sending as newsletter
    from webapp.writing.actions import publish_due

    return (
        Job("articles that are due", 5, publish_due),
        Job("replies", 5, mail_notices),
        Job("mail to moderators", 20, mail_held),
        Job("digests", 120, mail_digests),
        Job("newsletter due", 60, newsletter.make_due),
        Job("newsletter", 2, newsletter.send_some),
        Job("mail", 2, send_due),
        Job("pictures", 10, build_pictures),
        Job("trending", 60, rank),
        Job("read most", 300, rank_most_read),
        Job("related articles", 15, relate_due),
        Job("uses of files", 5, note_uses),
        Job("lessons", 300, learn),
        Job("purge", 900, purge),
        Job("old mail", 3600, purge_mail),
    )


def build_pictures() -> int:
    """Makes the sizes of some pictures that have none; pages show the originals meanwhile."""
    from webapp.publishing import picture_actions

    found = picture_actions.waiting()[:PICTURES] if setting("BUILD_PICTURES") else []
    if found:
        problems = picture_actions.build_waiting(found, _stop_between)
        # What could not be made for a passing reason waits for the next look.
        return len(found) - len(problems)
    return 0


def _stop_between(_done: int) -> None:
    if _stopping:
        sys.exit(0)


def run_all() -> dict[str, int]:
    """Each job once, now. What each says, by its name."""
    return {job.name: job.run() for job in jobs()}


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--beside", type=int, hidden=True, help="End when the process that started this one does.")
@in_app
def work(once: bool, beside: int | None) -> None:
    """Sends mail and does everything else that waits. bin/serve starts it; on other machines start it yourself."""
    if once:
        for name, done in run_all().items():
            click.echo(f"{name}: {done}")
        return
    os.nice(5)
    _keep_working(lambda: beside is None or os.getppid() == beside)


def _keep_working(goes_on: Callable[[], bool]) -> None:
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda number, _frame: _stopping.append(number))
    due = dict.fromkeys(jobs(), 0.0)
    while not _stopping and goes_on():
        for job, at in due.items():
            if at <= time.monotonic() and not _stopping and goes_on():
                did = _try(job)
                due[job] = time.monotonic() + (0 if did else job.every)
        time.sleep(TICK)


def _try(job: Job) -> int:
    """One round of a job, in a context of its own. What goes wrong is logged and tried again the next time."""
    try:
        with current_app.app_context():
            return job.run()
    except SQLAlchemyError as error:
        log.warning("%s: %s", job.name, str(error).splitlines()[0])
    except Exception:
        log.exception("%s failed", job.name)
    return 0


def register(cli: click.Group) -> None:
    """Adds the command to the command line."""
    cli.add_command(work)
