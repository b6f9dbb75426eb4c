"""Fixtures: an application over a fresh, migrated database for each test, on SQLite and, where asked, PostgreSQL."""

from __future__ import annotations

import contextvars
import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import psycopg
import pytest
import sqlalchemy
from argon2 import PasswordHasher
from flask import Flask, current_app, g, has_app_context
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from werkzeug.routing import Rule

from tests.postgresql import OneDatabase, address, connected
from tests.staff import ines, open_browser, signed_in  # noqa: F401
from webapp import create_app, passwords, schema
from webapp import database as databases
from webapp.database import db
from webapp.generation import MEMORY

DURABLE = databases.DURABLE
POSTGRESQL = os.environ.get("STANDFIRST_TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        names = ["postgresql"] if marked("on_postgresql") else ["sqlite"]
        names += ["postgresql"] if marked("both_databases") else []
        metafunc.parametrize("database", names, indirect=True)


def environment_of(instance: Path, url: str) -> dict[str, str]:
    return {
        "STANDFIRST_INSTANCE": str(instance),
        "STANDFIRST_DATABASE_URL": url,
        "STANDFIRST_SECRET_KEY": "a key for tests only",
        "STANDFIRST_SITE_URL": "http://localhost",
        # Tests change tables behind the application's back; what is kept has tests of its own.
        "STANDFIRST_PAGE_CACHE": "0",
        "STANDFIRST_BUILD_PICTURES": "0",
        "STANDFIRST_COMMENT_MIN_SECONDS": "0",
        "STANDFIRST_COMMENT_FLOOD_SECONDS": "0",
    }


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashing that takes a millisecond: what is tested here is never its strength."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk() -> Iterator[None]:
    """Databases of tests live for seconds. Those that servers of their own write are as durable as ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(databases, "DURABLE", "OFF")
        yield


@pytest.fixture
def everything_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is in earnest."""
    monkeypatch.setattr(databases, "DURABLE", DURABLE)


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> Iterator[None]:
    """Nearly all of the time of making an application went into compiling the same routes again, for each test."""
    compiled: dict[Any, Rule] = {}
    compile_rule = Rule.compile

    def once(rule: Rule) -> None:
        what = (rule.rule, repr(sorted((rule.defaults or {}).items())))
        known = compiled.setdefault(what, rule)
        if known is rule:
            compile_rule(rule)
            return
        rule.arguments = set(known.arguments)
        rule._parts, rule._trace, rule._converters = known._parts, known._trace, known._converters
        rule._build, rule._build_unknown = (
            build.__func__.__get__(rule, None) for build in (known._build, known._build_unknown)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Most of a test's first request went into compiling the same statements again for its own database."""
    engines: dict[str, sqlalchemy.Engine] = {}
    make_engine = SQLAlchemy._make_engine

    def once(
        self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask
    ) -> sqlalchemy.Engine:
        engine: Any = make_engine(self, bind_key, options, app)
        first: Any = engines.setdefault(engine.dialect.name, engine)
        # Compiled statements are kept by dialect, so that engines of a kind have to share it.
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        engine._compiled_cache.capacity = 10_000
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLAlchemy, "_make_engine", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def little_is_collected() -> None:
    """Python's collector went through all that was imported every third test, which took longer than the test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file that each test copies."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(environment_of(folder, ""))
    with app.app_context():
        schema.upgrade()
        db.session.execute(sqlalchemy.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return folder / "standfirst.sqlite"


@pytest.fixture(scope="session")
def migrated_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneDatabase]:
    """A PostgreSQL database that one test after the other takes, migrated and empty."""
    name = f"standfirst_template_{uuid.uuid4().hex[:8]}"
    try:
        with connected(POSTGRESQL) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers (STANDFIRST_TEST_POSTGRESQL_URL)")
    app = create_app(environment_of(tmp_path_factory.mktemp("template"), address(POSTGRESQL, name)))
    with app.app_context():
        schema.upgrade()
        db.session.remove()
        db.engine.dispose()
    one = OneDatabase(POSTGRESQL, name)
    yield one
    one.drop()
    with connected(POSTGRESQL) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database. Marked `both_databases`, a test runs on each."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "standfirst.sqlite")
        yield ""
        return
    one: OneDatabase = request.getfixturevalue("migrated_postgresql")
    yield address(POSTGRESQL, one.take())
    one.give_back()


@pytest.fixture
def environment(database: str, tmp_path: Path) -> dict[str, str]:
    """The environment of the application; a test module may override it to change settings."""
    return environment_of(tmp_path, database)


class Browser(FlaskClient):
    """A test client whose requests run as in the server: in a context, a session and a `g` of their own.

    Before and after, the test's own session forgets what it has read, so that assertions see the database; so does the
    application, unless it `remembers`.
    """

    remembers = False

    def open(self, *args: Any, **kwargs: Any) -> Any:
        _forget(memory=not self.remembers)
        response = contextvars.Context().run(super().open, *args, **kwargs)
        _forget(memory=not self.remembers)
        return response


def _forget(*, memory: bool) -> None:
    if has_app_context():
        db.session.commit()
        db.session.expire_all()
        g.pop("stored_settings", None)
        if memory:
            # Tests write past transaction(), which would have told.
            current_app.extensions.pop(MEMORY, None)


class Compiled(jinja2.BytecodeCache):
    """Templates that another test's application has compiled: most of a test's time went into doing that again."""

    kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture
def app(environment: dict[str, str]) -> Iterator[Flask]:
    """The application, with its context pushed so that factories and queries work in the test itself."""
    app = create_app(environment)
    app.testing = True
    app.jinja_env.bytecode_cache = Compiled()
    app.test_client_class = Browser
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and without cookies."""
    return app.test_client()
