"""What loads the site for webapp.supervisor: brings the instance to where it can be served, and makes the workers.

Everything here is done again at each start, and whenever workers are replaced, so each step first looks whether there
is anything to do.
"""

import contextlib
import fcntl
import gc
import os
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from webapp.supervisor import HOST, Report

if TYPE_CHECKING:
    from flask import Flask

SITE = "webapp.wsgi:app"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--empty", is_flag=True, help="Load no demonstration articles into an empty site.")
@click.option(
    "--app",
    "target",
    metavar="MODULE:CALLABLE",
    help="Serve another WSGI application under the same server and options, without touching the site.",
)
@click.option("--workers", type=int, required=True, hidden=True)
@click.option("--report", type=int, required=True, hidden=True)
@click.option("--again", is_flag=True, hidden=True)
def serve(empty: bool, target: str | None, workers: int, report: int, again: bool) -> None:
    """Serves the site on 127.0.0.1, with two workers; Ctrl-C stops it.

    PORT chooses another port than 8000, STANDFIRST_INSTANCE another folder than instance/ for the site's own data.
    Every other setting is listed by `bin/standfirst settings`.
    """
    from webapp import server, settings

    port = _port() if target else settings.load().values["PORT"]
    # The workers hold it as well, until they listen.
    held = None if again else server.reserve(port)  # noqa: F841 (it would be closed)
    if target is None:
        found = load_site(port, empty)
    else:
        _load(target)
        found = Report([], port, f"{target} is at http://{HOST}:{port}")

    def tell(workers: list[int]) -> None:
        found.workers = workers
        found.send(report)

    server.work(target or SITE, port, workers, tell)


def load_site(port: int, empty: bool) -> Report:
    """Migrates, fills an empty site unless `empty`, makes a first account, and loads all that the workers share."""
    from webapp.wsgi import app

    values = app.extensions["standfirst_settings"].values
    account = prepare(app, empty)
    # Loaded here, a template is there once for both workers.
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    ready = f"\nStandfirst is at {values['SITE_URL']}  (data: {app.instance_path}; Ctrl-C stops it)"
    if account:
        ready += _account(values["SITE_URL"], *account)
    helper = [sys.executable, "-m", "webapp", "work", "--beside"] if values["WORK"] else []
    return Report([], port, ready, helper)


def prepare(app: "Flask", empty: bool) -> tuple[str, str] | None:
    """Brings database and content to where the site can be served.

    Gives e-mail and password of the first staff account when it was made just now. Leaves no connection behind,
    because the process is copied afterwards.
    """
    from webapp import schema
    from webapp.database import db
    from webapp.moderating import accounts
    from webapp.publishing import emptiness

    with _only_one(app.instance_path), app.app_context():
        if schema.current() is None:
            schema.ensure()
        elif schema.upgrade():
            _tell("The database was migrated to this version.")
        if not empty and emptiness.is_empty():
            _load_demonstration(app)
        account = accounts.first_account(app)
        db.session.remove()
        db.engine.dispose()
    return account


@contextlib.contextmanager
def _only_one(folder: str) -> Iterator[None]:
    """Two starts on one instance prepare it one after the other; the lock ends with its process."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _load_demonstration(app: "Flask") -> None:
    from webapp.publishing import demonstration

    # A bar on the screen, and nothing but the first line in a log.
    label = "Loading the demonstration (bin/serve --empty leaves it out)"
    with click.progressbar(length=1, label=label) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        demonstration.load(app, show)


def _load(target: str) -> None:
    """Fails here, and in words, when there is no such application."""
    from importlib import import_module

    module, _, name = target.partition(":")
    try:
        found = getattr(import_module(module), name or "app")
    except (ImportError, AttributeError, ValueError) as error:
        raise click.BadParameter(f"{target!r} cannot be loaded: {error}.", param_hint="--app") from error
    if not callable(found):
        raise click.BadParameter(f"{target!r} cannot be called.", param_hint="--app")


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise click.BadParameter(
            f"{text!r} is not a port; it must be a number from 1 to 65535.", param_hint="PORT"
        )
    return int(text)


def _tell(line: str) -> None:
    print(line, flush=True)


def _account(site: str, email: str, password: str) -> str:
    rule = "-" * 66
    return (
        f"\n\n{rule}\n  The first staff account was made. Its password is shown only now:\n\n"
        f"    sign in at   {site}/sign-in\n    e-mail       {email}\n    password     {password}\n{rule}"
    )


def main() -> None:
    """The entry point: what goes wrong before serving becomes a sentence on stderr and exit code 1."""
    # A start throws hardly anything away: looking for it takes a tenth of its time. server.work switches it on again.
    gc.disable()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _stop_early)
    try:
        serve(prog_name="bin/serve")
    except Exception as error:
        if os.environ.get("STANDFIRST_TRACEBACK") or not _is_operators(error):
            raise
        from webapp.commandline import in_words

        sys.stderr.write(f"{in_words(error)}\n")
        sys.exit(1)


def _stop_early(*_signal: object) -> None:
    """Until the server has handlers of its own: open transactions are rolled back on the way out."""
    sys.exit(0)


def _is_operators(error: Exception) -> bool:
    """Whether an error is for the operator to mend, and so needs no traceback."""
    from sqlalchemy.exc import SQLAlchemyError

    from webapp import schema, settings

    return isinstance(error, settings.BadSetting | schema.Outdated | SQLAlchemyError | OSError)


if __name__ == "__main__":
    main()
