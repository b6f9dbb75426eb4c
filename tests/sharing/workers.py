"""Workers of a server for tests: applications over one database and one folder, whose timers ring when told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from tests.conftest import Browser
from webapp import create_app
from webapp.database import db
from webapp.sharing import telling


class Worker:
    """One worker. `due`: what it has put off."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.app = create_app(environment)
        self.app.testing = True
        self.app.test_client_class = Browser
        self.due: list[Callable[[], None]] = []
        telling.begin(self.app, lambda _seconds, call: self.due.append(call))
        self.ring()

    def client(self) -> FlaskClient:
        """A reader's browser whose requests this worker answers."""
        return self.app.test_client()

    def noting(self) -> telling.Noting:
        found = telling.noting(self.app)
        assert found is not None
        return found

    def ring(self) -> None:
        """What was put off happens now."""
        due, self.due[:] = list(self.due), []
        for call in due:
            call()

    def end(self) -> None:
        """As the server ends it in good order."""
        telling.end(self.app)


@contextmanager
def working(environment: dict[str, str], count: int = 2) -> Iterator[list[Worker]]:
    """So many workers of one server."""
    workers = [Worker(environment) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            with worker.app.app_context():
                db.session.remove()
                db.engine.dispose()


def kill(worker: Worker) -> None:
    """It never does again what it has put off."""
    worker.due.clear()
