"""Migrations: bringing the database to the models, and checking that it is there.

Each start looks whether the database is up to date, so Alembic is imported only where there is something to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, inspect, select, table

from webapp import paths
from webapp.database import db, writer
from webapp.models.base import tell

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION = "alembic_version"


class Outdated(Exception):
    """The database is older (or newer) than this program; the message says what to do."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(paths.migrations_dir()))
    made.attributes["connection"] = connection
    return made


def upgrade(target: str = "head") -> bool:
    """Migrates. Returns whether anything had to be done. Needs an application context."""
    if target == "head" and current() == head():
        return False
    from alembic import command

    with _migrating() as connection:
        command.upgrade(config(connection), target)
    return True


def downgrade(target: str) -> None:
    from alembic import command

    with _migrating() as connection:
        command.downgrade(config(connection), target)


@contextmanager
def _migrating() -> Iterator[Connection]:
    """A connection inside one transaction. On SQLite foreign keys are not followed meanwhile, since a table that is
    written anew would take with it all that refers to it; they are checked at the end."""
    with writer() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _on_driver(connection, "PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration leaves rows that refer to nothing")
        finally:
            if is_sqlite:
                _on_driver(connection, "PRAGMA foreign_keys = ON")


def _on_driver(connection: Connection, statement: str) -> None:
    """Outside of any transaction: inside one it would do nothing."""
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)


def head() -> str:
    """The newest revision of this program: what the name of the last migration begins with."""
    return max(path.name for path in (paths.migrations_dir() / "versions").glob("*.py")).partition("_")[0]


def current() -> str | None:
    """The revision that the database stands at, None for an empty one."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION):
            return None
        return connection.scalar(select(column("version_num")).select_from(table(_VERSION)))


def ensure() -> None:
    """An empty database is migrated by itself; raises Outdated for one that stands at another revision."""
    found = current()
    if found == head():
        return
    if found is not None:
        raise Outdated("The database is of another version. Run: bin/standfirst db upgrade")
    with db.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {_VERSION}
    if tables:
        raise Outdated("The database holds tables of another program. Choose an empty one.")
    upgrade()


def differences() -> list[str]:
    """How the migrated database and the models differ, in words; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        tell(db.metadata, connection.dialect.name)
        options = {"compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return [str(change) for change in compare_metadata(context, db.metadata)]


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    # The index for searching is the database's own affair: on SQLite a virtual table with tables of its own behind it.
    return kind != "table" or not (name or "").startswith("article_search")
