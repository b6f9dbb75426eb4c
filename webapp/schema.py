"""Migrations: bringing the database to the models, and checking that it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from webapp import paths
from webapp.database import IMMEDIATE, db


class Outdated(Exception):
    """The database is older (or newer) than this program; the message says what to do."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(paths.migrations_dir()))
    made.attributes["connection"] = connection
    return made


def upgrade(target: str = "head") -> bool:
    """Migrates. Returns whether anything had to be done. Needs an application context."""
    if current() == ScriptDirectory.from_config(config()).get_current_head() and target == "head":
        return False
    with _migrating() as connection:
        command.upgrade(config(connection), target)
    return True


def downgrade(target: str) -> None:
    with _migrating() as connection:
        command.downgrade(config(connection), target)


@contextmanager
def _migrating() -> Iterator[Connection]:
    """A connection inside one transaction. On SQLite foreign keys are not followed meanwhile, since a table that is
    written anew would take with it all that refers to it; they are checked at the end."""
    with db.engine.connect().execution_options(**{IMMEDIATE: True}) as connection:
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


def current() -> str | None:
    """The revision that the database stands at, None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def ensure() -> None:
    """An empty database is migrated by itself; raises Outdated for one that stands at another revision."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    found = current()
    if found == head:
        return
    if found is not None:
        raise Outdated("The database is of another version. Run: bin/standfirst db upgrade")
    with db.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if tables:
        raise Outdated("The database holds tables of another program. Choose an empty one.")
    upgrade()


def differences() -> list[str]:
    """How the migrated database and the models differ, in words; empty when they agree."""
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return [str(change) for change in compare_metadata(context, db.metadata)]


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    # The index for searching is the database's own affair: on SQLite a virtual table with tables of its own behind it.
    return kind != "table" or not (name or "").startswith("article_search")
