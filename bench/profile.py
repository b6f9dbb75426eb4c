"""`bin/bench profile`: a flame graph of a page that is not kept, and what takes the time in words.

py-spy looks from outside, two hundred times a second, at a process that makes the page again and again through the
WSGI application with the page cache off. It takes root where the system lets nobody look at other processes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from bench import servers

PY_SPY = Path(sys.prefix) / "bin" / "py-spy"
CHILD = (sys.executable, "-m", "bench.profile")
RATE = 200
SHOWN = 25
PARTS = (
    ("templates", ("/templates/", "jinja2/")),
    ("statements made and sent, rows made objects", ("sqlalchemy/",)),
    ("routing, request, response", ("werkzeug/", "flask/")),
    ("compression", ("compression.py",)),
)
"""What a sample is put down to: the first of these that its innermost frames name, else the site's own code."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("--path", help="the page; left out, the article with the longest page")
    parser.add_argument("--seconds", type=int, default=10, help="how long it is looked at")
    parser.add_argument("--to", type=Path, default=Path("flame.svg"), help="where the picture is written")
    servers.add_instance(parser)


def run(options: argparse.Namespace) -> None:
    """Records, writes the picture, prints the table."""
    if not 1 <= options.seconds <= 120:
        raise SystemExit("--seconds is from 1 to 120")
    with tempfile.TemporaryDirectory(prefix="standfirst-bench-", ignore_cleanup_errors=True) as folder:
        given = {"STANDFIRST_PAGE_CACHE": "0", "STANDFIRST_BUILD_PICTURES": "0"}
        given["STANDFIRST_INSTANCE"] = options.instance or f"{folder}/instance"
        # What a new site does first is not looked at.
        subprocess.run([*CHILD, "0", options.path or ""], env={**os.environ, **given}, check=True)
        raw = Path(folder) / "stacks.txt"
        for form, target in (("raw", raw), ("flamegraph", options.to)):
            _record(form, target, options, {**os.environ, **given})
        print(f"{options.to} has the flame graph.\n")
        print(table(raw.read_text(encoding="utf-8").splitlines()))


def _record(form: str, target: Path, options: argparse.Namespace, environment: dict[str, str]) -> None:
    own = [*CHILD, str(options.seconds), options.path or ""]
    command = [
        str(PY_SPY),
        "record",
        "--format",
        form,
        "--rate",
        str(RATE),
        "--output",
        str(target),
        "--",
        *own,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not target.exists():
        raise SystemExit(f"py-spy could not record:\n{done.stderr[-2000:]}")


def table(stacks: Iterable[str]) -> str:
    """Markdown from py-spy's lines, "outermost;…;innermost count": shares of the samples within `again`."""
    parts: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        starts = next((at for at, frame in enumerate(frames) if frame.startswith("again ")), None)
        if starts is None:
            continue
        frames = frames[starts:]
        inside = [frame for frame in frames if "site-packages" not in frame and ".venv" not in frame]
        parts[_part(frames)] += int(count)
        for name in {frame.rpartition(":")[0] for frame in inside if "webapp/" in frame}:
            functions[name + ")"] += int(count)
    total = sum(parts.values()) or 1
    lines = ["| part, by its innermost known frame | share |", "| --- | --: |"]
    lines += [f"| {name} | {count / total:.0%} |" for name, count in parts.most_common()]
    lines += ["", "| function of the site, with all that it calls | share |", "| --- | --: |"]
    lines += [f"| `{name}` | {count / total:.0%} |" for name, count in functions.most_common(SHOWN)]
    return "\n".join(lines)


def _part(frames: list[str]) -> str:
    for frame in reversed(frames):
        for name, marks in PARTS:
            if any(mark in frame for mark in marks):
                return name
        if "webapp/" in frame:
            break
    return "the site's own code"


def rendering(seconds: int, path: str) -> None:
    """Makes a page again and again for so long, in this process."""
    from webapp.serving import prepare
    from webapp.wsgi import app

    prepare(app, empty=False)
    browser = app.test_client()
    path = path or _longest(app)
    browser.get(path)  # The first one compiles templates and statements.
    again(browser, path, time.monotonic() + seconds)


def again(browser: FlaskClient, path: str, ends: float) -> None:
    """The part that is looked at."""
    while time.monotonic() < ends:
        answer = browser.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")


def _longest(app: Flask) -> str:
    from sqlalchemy import func, select

    from webapp.database import db
    from webapp.models import Article

    with app.app_context():
        article = db.session.scalars(
            select(Article).where(Article.listed()).order_by(func.length(Article.body_html).desc()).limit(1)
        ).one()
        return article.permalink


if __name__ == "__main__":
    rendering(int(sys.argv[1]), sys.argv[2])
