"""Comments under load: many clients post, like, report and change at once while a worker is killed; nothing is lost."""

from __future__ import annotations

import argparse
import http.client
import http.cookiejar
import os
import random
import re
import secrets
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.servers import ROOT, running

TRIES = 40


@dataclass
class Tally:
    """What the clients were told: (comment id, text) of each acknowledged comment, and what went wrong."""

    posted: list[tuple[int, str]] = field(default_factory=list)
    likes: int = 0
    flags: int = 0
    edits: int = 0
    retries: int = 0
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """A browser with cookies of its own."""

    def __init__(self, origin: str, path: str, number: int) -> None:
        self.origin, self.path, self.number = origin, path, number
        self.open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        ).open
        page = self.open(origin + path, timeout=60).read().decode()
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found, "the article has no form"
        self.token = found[1]

    def post(self, path: str, fields: dict[str, str], tally: Tally) -> tuple[int, str]:
        """Sends a form as HTMX would, again as long as no answer comes. Status and text."""
        request = urllib.request.Request(
            self.origin + path,
            data=urllib.parse.urlencode(fields).encode(),
            headers={"HX-Request": "true", "User-Agent": f"Client {self.number}"},
        )
        for _ in range(TRIES):
            try:
                with self.open(request, timeout=60) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except (OSError, http.client.HTTPException):
                with tally.lock:
                    tally.retries += 1
                time.sleep(0.1)
        return 0, ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--comments", type=int, default=2000, help="all clients together")
    parser.add_argument("--database", default="", help="postgresql://… of an empty database; else SQLite")


def run(options: argparse.Namespace) -> None:
    """Starts a site of its own, lets the clients loose, kills a worker in the middle, and compares."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "STANDFIRST_INSTANCE": folder,
            "STANDFIRST_DATABASE_URL": options.database,
            "STANDFIRST_COMMENT_FLOOD_SECONDS": "0",
            "STANDFIRST_COMMENT_MIN_SECONDS": "0",
            "STANDFIRST_COMMENT_HOLD_FIRST": "0",
            "STANDFIRST_WORK": "0",
        }
        with running(path="/healthz", **environment) as origin:
            tally, seconds = _load(origin, options.clients, options.comments)
        _compare(tally, seconds, options, environment)


def _load(origin: str, clients: int, comments: int) -> tuple[Tally, float]:
    tally = Tally()
    front = urllib.request.urlopen(origin + "/category/cities/", timeout=60).read().decode()
    path = re.search(r'href="(/2026/[^"#]+)"', front)
    assert path, "the demonstration has no article"
    everybody = [Client(origin, path[1], number) for number in range(clients)]
    killer = threading.Thread(target=_kill_one_worker, args=(origin, tally, comments // 2), daemon=True)
    killer.start()
    begins = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda client: _behave(client, comments // clients, tally), everybody))
    return tally, time.monotonic() - begins


def _kill_one_worker(origin: str, tally: Tally, after: int) -> None:
    port = urllib.parse.urlsplit(origin).port
    listening = subprocess.run(
        ["pgrep", "-f", "webapp.serving --workers"], capture_output=True, text=True, check=False
    ).stdout.split()
    while len(tally.posted) < after:
        time.sleep(0.05)
    workers = [int(pid) for pid in listening if _has_port(int(pid), port or 0)]
    if workers:
        os.kill(workers[0], signal.SIGKILL)


def _has_port(pid: int, port: int) -> bool:
    try:
        return f"PORT={port}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _behave(client: Client, comments: int, tally: Tally) -> None:
    chance = random.Random(client.number)
    base = client.path.rstrip("/")
    for number in range(comments):
        text = f"Client {client.number} says number {number}."
        fields = {
            "token": client.token, "form_key": secrets.token_urlsafe(12), "parent": "", "body": text,
            "name": f"Client {client.number}", "email": f"client{client.number}@post.example", "website": "",
        }  # fmt: skip
        begins = time.monotonic()
        status, page = client.post(f"{base}/comments", fields, tally)
        found = re.search(r'<article class="comment[^"]*" id="comment-(\d+)"', page)
        with tally.lock:
            tally.waits.append(time.monotonic() - begins)
            if status != 201 or not found or text not in page:
                tally.wrong.append(f"post: {status} {page[:200]}")
                continue
            tally.posted.append((int(found[1]), text))
            others = [
                one for one, said in tally.posted[-200:] if not said.startswith(f"Client {client.number} ")
            ]
        _react(client, int(found[1]), others, chance, tally)


def _react(client: Client, own: int, others: list[int], chance: random.Random, tally: Tally) -> None:
    if not others:
        return
    if chance.random() < 0.5:
        status, _ = client.post(f"/comments/{chance.choice(others)}/likes", {}, tally)
        _note(tally, "likes", status, 200)
    if chance.random() < 0.1:
        status, _ = client.post(f"/comments/{chance.choice(others)}/flag", {"reason": "other"}, tally)
        _note(tally, "flags", status, 200)
    if chance.random() < 0.1:
        status, _ = client.post(f"/comments/{own}/edit", {"body": f"Changed, was {own}."}, tally)
        _note(tally, "edits", status, 200)


def _note(tally: Tally, what: str, status: int, wanted: int) -> None:
    with tally.lock:
        if status == wanted:
            setattr(tally, what, getattr(tally, what) + 1)
        else:
            tally.wrong.append(f"{what}: {status}")


_CHECK = """
import json
from sqlalchemy import func, select
from webapp import create_app
from webapp.database import db
from webapp.models import ArticleTotals, Comment, CommentFlag, CommentLike
from webapp.moderating import chain
with create_app().app_context():
    own = Comment.email.like("client%@post.example")
    ids = db.session.scalars(select(Comment.id).where(own)).all()
    def one(query): return db.session.scalar(query) or 0
    def uneven(count, table):
        real = select(func.count()).select_from(table).where(table.comment_id == Comment.id).scalar_subquery()
        return one(select(func.count()).select_from(Comment).where(own, count != real))
    article = one(select(Comment.article_id).where(own).limit(1))
    approved = select(func.count()).select_from(Comment)
    approved = approved.where(Comment.article_id == article, Comment.status == "approved")
    total = select(ArticleTotals.comment_count).where(ArticleTotals.article_id == article)
    print(json.dumps({
        "ids": list(ids), "likes wrong": uneven(Comment.like_count, CommentLike),
        "flags wrong": uneven(Comment.flag_count, CommentFlag),
        "total wrong": one(total) - one(approved), "log broken at": chain.verify().broken_at,
    }))
"""


def _compare(tally: Tally, seconds: float, options: argparse.Namespace, environment: dict[str, str]) -> None:
    import json

    python = str(ROOT / ".venv" / "bin" / "python")
    done = subprocess.run(
        [python, "-c", _CHECK],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    kept: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    told = [one for one, _ in tally.posted]
    waits = sorted(tally.waits)
    print(
        f"{options.clients} clients, {len(told)} comments acknowledged in {seconds:.1f} s, one worker killed"
    )
    print(
        f"  median {1000 * waits[len(waits) // 2]:.0f} ms, p99 {1000 * waits[int(len(waits) * 0.99)]:.0f} ms a comment"
    )
    print(f"  {tally.likes} likes, {tally.flags} reports, {tally.edits} changes, {tally.retries} sent again")
    print(f"  lost: {len(set(told) - set(kept['ids']))}, doubled: {len(told) - len(set(told))},"
          f" there and never acknowledged: {len(set(kept['ids']) - set(told))}")  # fmt: skip
    print("  " + ", ".join(f"{name}: {value}" for name, value in kept.items() if name != "ids"))
    print(f"  wrong answers: {len(tally.wrong)}" + (f", such as {tally.wrong[0]}" if tally.wrong else ""))
