"""What a start imports and compiles: not what only few requests need, and nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from webapp import create_app

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = {
    "PIL",
    "alembic",
    "markdown_it",
    "pygal",
    "rapidfuzz",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "yaml",
}
"""Slow to import, and needed by no page for readers."""


def test_a_server_starts_without_what_few_requests_need(tmp_path: Path) -> None:
    code = "import sys, webapp.wsgi, webapp.serving, webapp.schema; print(*sys.modules)"
    given = os.environ | {"STANDFIRST_INSTANCE": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
    assert not LATER & set(run.stdout.split())


def test_what_builds_addresses_is_compiled_when_one_is_built(tmp_path: Path) -> None:
    code = """if True:
        from werkzeug.routing import Rule
        made, make = [], Rule._get_func_code
        Rule._get_func_code = staticmethod(lambda code, name: made.append(name) or make(code, name))
        from webapp.wsgi import app
        print(len(made))
        with app.test_request_context():
            print(*(app.url_for("commenting.like", comment_id=7, rule="x") for _ in range(2)))
        print(len(made))
    """
    given = os.environ | {"STANDFIRST_INSTANCE": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", *["/comments/7/likes?rule=x"] * 2, "1"]


def test_what_python_compiles_is_kept_though_the_environment_forbids_it() -> None:
    script = '. bin/_setup; exec "$python" -c "import sys; print(sys.dont_write_bytecode)"'
    given = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = ["sh", "-c", script, "bin/any"]
    run = subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_templates_are_compiled_once(app: Flask, environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "templates.compiled"
    assert create_app(environment).test_client().get("/").status_code == 200
    first = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert first
    assert create_app(environment).test_client().get("/").status_code == 200
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == first


def test_a_site_that_may_not_keep_them_answers_all_the_same(
    database: str, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "templates.compiled").touch()
    assert create_app(environment).test_client().get("/").status_code == 200
