"""The engine and its options, the session, and the one way to write: `with transaction():`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Executable, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase

from webapp import generation

DURABLE = "FULL"
"""How SQLite waits for the disk (`PRAGMA synchronous`): with FULL, and not NORMAL, an acknowledged comment survives a
crash of the machine."""
PATIENCE = 10_000
"""Milliseconds that SQLite's write lock is waited for."""
IMMEDIATE = "standfirst_immediate"
RELAXED = "standfirst_relaxed"


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Objects stay readable after a commit: a route often shows what an action has just written.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    # The type checker sees the declarative base; at run time it is Flask-SQLAlchemy's class around it.
    Model = Base
else:
    Model = db.Model


def init_app(app: Flask, url: str) -> None:
    """Binds the application to the database at `url` (empty: SQLite in the instance folder)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url = database_url(url, app.instance_path)
    options: dict[str, Any] = {}
    if url.startswith("postgresql"):
        # Reading is done without transactions: each statement sees the newest anyway, and the driver forgets with every
        # ROLLBACK what the server has planned for it. Writing has one (READ COMMITTED, in transaction()).
        options = {"pool_pre_ping": True, "isolation_level": "AUTOCOMMIT"}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


def database_url(url: str, instance: str) -> str:
    """The address with the driver that is installed. A plain postgresql:// (or postgres://) works."""
    if not url:
        return f"sqlite:///{instance}/standfirst.sqlite"
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _prepare_sqlite(engine: Engine) -> None:
    def connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is off: BEGIN is sent below, as deferred or immediate as we need it.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {PATIENCE}",
            "journal_mode = WAL",
            "foreign_keys = ON",
            f"synchronous = {DURABLE}",
            "cache_size = -16000",
            "temp_store = MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(IMMEDIATE):
            connection.exec_driver_sql("BEGIN")
            return
        # It cannot be changed inside a transaction, and the connection remembers it.
        connection.exec_driver_sql(f"PRAGMA synchronous = {'NORMAL' if options.get(RELAXED) else DURABLE}")
        _take_write_lock(connection)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)


def _take_write_lock(connection: Connection) -> None:
    """Asks for SQLite's write lock again and again until it is free. Raises OperationalError after PATIENCE.

    SQLite by itself asks after 1, 2, 5, 10 and up to 100 ms, so that many writers pass by one who has waited long.
    """
    ends = time.monotonic() + PATIENCE / 1000
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
                if code != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                    raise
            else:
                return
            time.sleep(0.001)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE}")


def read_rows(statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """What a statement of plain columns finds, as rows.

    The session would make ready for objects that there are none of, which takes a third of a short statement's time.
    """
    return db.session.connection().execute(statement, parameters).all()


def writer() -> Connection:
    """A connection whose `begin()` begins a transaction that writes."""
    return db.engine.connect().execution_options(**_writing(relaxed=False))


def _writing(*, relaxed: bool) -> dict[str, Any]:
    if db.engine.dialect.name == "postgresql":
        return {"isolation_level": "READ COMMITTED"}
    return {IMMEDIATE: True, RELAXED: relaxed}


@contextmanager
def transaction(*, unseen: bool = False, relaxed: bool = False) -> Iterator[None]:
    """Everything inside is written together or not at all; nested uses join the outermost.

    The read transaction of the request ends first, and SQLite's write lock is taken at once (BEGIN IMMEDIATE):
    reading first and writing later fails under load. So hash and sanitise before, and read again inside.

    After the commit the pages that were kept are made anew for everybody, unless all that was written is `unseen`:
    counts, which a page may show a minute late, and what no reader's page shows. One nested use that is not `unseen`
    is enough.

    `relaxed`: the commit does not wait for the disk. A worker that is killed loses nothing; a machine that loses its
    power loses what was written in the last moments, and nothing else. For views, of which there are very many.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        session.info["seen"] |= not unseen
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside of transaction()")
    session.commit()
    connection = session.connection(execution_options=_writing(relaxed=relaxed))
    if relaxed and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    session.info["in_transaction"] = True
    session.info["seen"] = not unseen
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False
    if session.info["seen"]:
        generation.advance()
