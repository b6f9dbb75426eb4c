"""`bin/bench` works: small runs of its parts, whose figures nobody judges here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect

from bench import load, profile
from tests.conftest import environment_of
from tests.postgresql import address
from webapp import create_app
from webapp.database import db
from webapp.serving import prepare

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An instance with the demonstration in it."""
    folder = tmp_path_factory.mktemp("measured")
    app = create_app(environment_of(folder, ""))
    prepare(app, empty=False)
    return str(folder)


def bench(*arguments: str) -> str:
    """What `bin/bench <arguments>` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.both_databases
def test_rows_alone_are_the_floor_of_a_comment(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        is_postgresql = db.engine.dialect.name == "postgresql"
        place = address(db.engine.url.render_as_string(hide_password=False))
        result = load.inserts(place if is_postgresql else str(tmp_path / "bare.sqlite"), 0.2)
        assert result.rate > 0 and result.p50 <= result.p99
        assert "bench_bare" not in inspect(db.engine).get_table_names(), (
            "nothing of it is left in the site's database"
        )


def test_the_site_is_measured_beside_its_floors(ready: str) -> None:
    table = bench("speed", "--rounds", "1", "--seconds", "0.3", "--instance", ready)
    rows = [line.strip("|").split("|") for line in table.splitlines() if re.match(r"\| [^w-]", line)]
    names = [row[0].strip() for row in rows]
    for name in (
        "bare WSGI app",
        "bare Flask view",
        "article page, kept",
        "article page, made anew",
        "front page",
    ):
        assert any(found.startswith(name) for found in names), name
    for name, rate, _ratio, _p50, _p99, errors in rows:
        assert float(rate.replace(",", "")) > 0, name
        assert errors.strip() == "0", name
    compared = {row[0].strip().partition(" (")[0]: row[2] for row in rows}
    assert "of bare WSGI with headers" in compared["article page, kept"]
    assert "of its template" in compared["article page, made anew"]
    assert "of bare insert" in compared["comment post, kept on disk"]


def test_start_and_memory_are_measured(ready: str) -> None:
    table = bench("footprint", "--rounds", "1", "--seconds", "0.3", "--instance", ready)
    assert re.search(r"\| the site \| \d+\.\d\d \|", table)
    memory = re.search(r"\| server with two workers \| (\d+) \| (\d+) \|", table)
    assert memory
    assert int(memory[1]) > 20


def test_samples_are_put_down_to_what_they_were_in() -> None:
    outside = "<module> (bench/profile.py:1);rendering (bench/profile.py:90)"
    inside = f"{outside};again (bench/profile.py:99);page_at (webapp/reading/addresses.py:5)"
    stacks = [
        f"{outside};prepare (webapp/serving.py:1) 50",
        f"{inside};root (templates/reading/article.html:3);do (jinja2/runtime.py:3) 6",
        f"{inside};execute (site-packages/sqlalchemy/engine/base.py:1) 3",
        f"{inside} 1",
    ]
    table = profile.table(stacks)
    assert "| templates | 60% |" in table
    assert "| statements made and sent, rows made objects | 30% |" in table
    assert "| the site's own code | 10% |" in table
    assert "| `page_at (webapp/reading/addresses.py)` | 100% |" in table
    assert "prepare" not in table


@pytest.mark.parametrize(
    "arguments", [("speed", "--rounds", "0"), ("profile", "--seconds", "0"), ("footprint", "--rounds", "99")]
)
def test_what_cannot_be_measured_is_refused_in_words(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "is from 1 to" in done.stderr
