"""One PostgreSQL database for all tests of a process: emptied after each, which is much quicker than a new one."""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import Any

import psycopg
import sqlalchemy
from psycopg import sql

CATALOGS = [
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_depend",
    "pg_enum",
    "pg_extension",
    "pg_index",
    "pg_inherits",
    "pg_namespace",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_sequence",
    "pg_statistic",
    "pg_trigger",
    "pg_type",
]
"""What a test may change about the tables, and (pg_statistic) what the planner has learned about their rows."""
PAGES = 1000
"""So many pages of deleted rows, of 8 KB, are left in a database: a new one is made before the tests get slow."""

_CHANGED = (
    # Whatever was changed has a row that is newer or missing.
    *(f"(SELECT count(*) FROM {name}), (SELECT max(xmin::text::bigint) FROM {name})" for name in CATALOGS),
    # VACUUM and ANALYZE count rows where they stand.
    "(SELECT count(*) FROM pg_class WHERE relkind = 'r' AND oid >= 16384 AND reltuples >= 0)",
    "(SELECT count(*) FROM pg_db_role_setting, pg_database WHERE oid = setdatabase AND datname = current_database())",
    "(SELECT count(*) FROM pg_largeobject_metadata)",
)
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2"
)


def address(url: str, name: str = "") -> str:
    """The address of a database on the server of `url` (without a name: the one that `url` names), for psycopg."""
    parsed = sqlalchemy.make_url(url).set(drivername="postgresql")
    return (parsed.set(database=name) if name else parsed).render_as_string(hide_password=False)


def connected(url: str, name: str = "") -> psycopg.Connection[Any]:
    """A connection that commits by itself and waits for no disk."""
    options = "-c synchronous_commit=off"
    return psycopg.connect(address(url, name), autocommit=True, connect_timeout=2, options=options)


class OneDatabase:
    """A copy of the database `template` on the server of `url`: a test takes it, gives it back, and the next takes it.

    It has another name each time. Whoever is still there of an earlier test never writes into it.
    """

    def __init__(self, url: str, template: str) -> None:
        self._url, self.template = url, template
        self._name = ""
        self._fresh: tuple[Any, ...] = ()
        # Who may not read all of that has a new database for each test.
        with (
            connected(url, template) as connection,
            contextlib.suppress(psycopg.errors.InsufficientPrivilege),
        ):
            self._learn(connection)

    def take(self) -> str:
        """The name of a database that is as the template."""
        if not self._name:
            name = _new_name()
            with connected(self._url) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {self.template}")
            self._name = name
        return self._name

    def give_back(self) -> None:
        """Empties it, or drops it when more than rows was changed: then the next test takes a new one."""
        try:
            is_fresh = self._emptied()
        except psycopg.Error:
            # A test may have dropped it, or shut everybody out; and only a superuser may do without foreign keys.
            is_fresh = False
        if not is_fresh:
            self.drop()

    def drop(self) -> None:
        """It is gone, whoever uses it."""
        if self._name:
            with connected(self._url) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        self._name = ""

    def _learn(self, connection: psycopg.Connection[Any]) -> None:
        """What is in the template, and the statements that make another database so again."""
        tables = [sql.Identifier(*row) for row in connection.execute(_TABLES)]
        filled = _row(connection, _select(sql.SQL("EXISTS (SELECT FROM {})").format(one) for one in tables))
        kept = [one for one, is_filled in zip(tables, filled, strict=True) if is_filled]
        emptied = [one for one in tables if one not in kept]
        sequences = connection.execute("SELECT schemaname, sequencename FROM pg_sequences").fetchall()
        steps = [sql.SQL("SET session_replication_role = replica")]
        steps += [sql.SQL("DELETE FROM {}").format(one) for one in emptied]
        for row in sequences:
            name = sql.Identifier(*row)
            last, called = _row(connection, sql.SQL("SELECT last_value, is_called FROM {}").format(name))
            values = (sql.Literal(name.as_string(connection)), sql.Literal(last), sql.Literal(called))
            steps.append(sql.SQL("SELECT setval({}, {}, {})").format(*values))
        # Rows are deleted, since TRUNCATE writes new files: for an article and all that refers to it a hundred.
        self._empty = sql.SQL("; ").join(steps)
        rows = sql.SQL("(SELECT string_agg(one::text, ',' ORDER BY one::text) FROM {} one)")
        self._state = _select([sql.SQL(", ").join(map(sql.SQL, _CHANGED)), *map(rows.format, kept)])
        size = sql.SQL("pg_relation_size({}::regclass)")
        sizes = [size.format(sql.Literal(one.as_string(connection))) for one in emptied]
        self._pages = sql.SQL("SELECT ({}) / 8192").format(sql.SQL(" + ").join([sql.Literal(0), *sizes]))
        self._fresh = _row(connection, self._state)

    def _emptied(self) -> bool:
        """Whether it could be made as the template by emptying it."""
        with connected(self._url) as connection:
            _end_others(connection, self._name)
            name = _new_name()
            connection.execute(f"ALTER DATABASE {self._name} RENAME TO {name}")
            self._name = name
        with connected(self._url, name) as connection:
            if _row(connection, self._state) != self._fresh or _row(connection, self._pages)[0] > PAGES:
                return False
            connection.execute(self._empty)
        return True


def _new_name() -> str:
    return f"standfirst_test_{uuid.uuid4().hex[:12]}"


def _select(columns: Any) -> sql.Composed:
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(columns))


def _row(connection: psycopg.Connection[Any], query: sql.Composed) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()


def _end_others(connection: psycopg.Connection[Any], name: str) -> None:
    """Ends what is connected to the database and waits until it has gone, which takes a moment."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND backend_type = 'client backend'"
    )
    for _ in range(1000):
        if not connection.execute(query, [name]).fetchall():
            return
        time.sleep(0.002)
