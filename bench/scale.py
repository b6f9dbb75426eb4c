"""Growth: the same pages made anew (page cache off) by sites of different sizes side by side, in interleaved rounds."""

from __future__ import annotations

import argparse
import http.client
import http.cookiejar
import json
import os
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from bench.servers import ROOT, running

ROUNDS = 7
EMAIL, PASSWORD = "bench@desk.example", "a kettle on the quay"
STAFF = ("/moderation", "/desk")
KEEPS = {f"STANDFIRST_KEEP_{what}_DAYS": "0" for what in ("SPAM", "TRASH", "EMAIL")}
"""What is old in a made-up paper is to stay: a real one would have purged it day by day."""
WARM_UP = 10
"""Rounds before, each on lines of its own: so both workers have made each page, and have its statements planned."""
EACH = 5
"""Requests of each page in a round; the round's figure is their median."""
PLOTTED = ("front page", "article", "category, deep", "trending", "related", "search, a common word")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", default="1000,100000", help="articles, with commas between")
    parser.add_argument(
        "--comments", type=int, default=2, help="comments for each article, where a paper is made"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/standfirst-scale"), help="where the papers are kept"
    )
    parser.add_argument(
        "--database", default="", help="postgresql://…/%%s, with %%s for the size; else SQLite"
    )
    parser.add_argument("--plot", type=Path, help="write the growth as an SVG picture")


def run(options: argparse.Namespace) -> None:
    """Makes the papers that are not there yet, starts a server for each, and prints milliseconds and ratios."""
    sizes = [int(size) for size in options.sizes.split(",")]
    environments = {size: _paper(options, size) for size in sizes}
    paths = {size: _paths(environments[size], size) for size in sizes}
    found: dict[str, dict[int, list[float]]] = {
        name: {size: [] for size in sizes} for name in paths[sizes[0]]
    }
    with ExitStack() as stack:
        origins = {
            size: stack.enter_context(
                running(path="/healthz", **environments[size], STANDFIRST_PAGE_CACHE="0")
            )
            for size in sizes
        }
        cookies = {size: _signed_in(origin) for size, origin in origins.items()}
        lines = {
            size: http.client.HTTPConnection(urllib.parse.urlsplit(origin).netloc, timeout=120)
            for size, origin in origins.items()
        }
        for turn in range(-WARM_UP, ROUNDS):
            for name in found:
                for size in sizes:
                    took = _median(lines[size], paths[size][name], cookies[size])
                    if turn >= 0:
                        found[name][size].append(took)
    _print(found, sizes)
    if options.plot:
        _plot(found, sizes, options.plot)


def _paper(options: argparse.Namespace, size: int) -> dict[str, str]:
    instance = options.folder / f"{'pg' if options.database else 'sqlite'}-{size}"
    url = options.database.replace("%s", str(size)) if options.database else ""
    environment = {"STANDFIRST_INSTANCE": str(instance), "STANDFIRST_DATABASE_URL": url, **KEEPS}
    if not (instance / "made").exists():
        instance.mkdir(parents=True, exist_ok=True)
        comments = size * options.comments
        begins = time.monotonic()
        _standfirst(
            environment, "demo", "scale", "--articles", str(size), "--comments", str(comments), "--yes"
        )
        _standfirst(
            environment,
            "account",
            "create",
            EMAIL,
            "--role",
            "admin",
            "--password-stdin",
            typed=PASSWORD + "\n",
        )
        print(f"{size} articles and {comments} comments written in {time.monotonic() - begins:.0f} s")
        _python(environment, _STAFF, EMAIL)
        (instance / "made").touch()
    return environment


def _standfirst(environment: dict[str, str], *arguments: str, typed: str = "") -> None:
    command = [str(ROOT / "bin" / "standfirst"), *arguments]
    subprocess.run(command, check=True, input=typed, text=True, env={**os.environ, **environment})


def _python(environment: dict[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "python"), "-c", program, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


_STAFF = """
import sys
from sqlalchemy import text
from webapp import create_app
from webapp.database import db, transaction
from webapp.dialects import analyse
with create_app().app_context(), transaction():
    account = db.session.scalar(text("SELECT id FROM account WHERE email = :email"), {"email": sys.argv[1]})
    # Past the log's chain: what matters here is how much there is.
    db.session.execute(text(
        "INSERT INTO moderation_entry (comment_id, subject, account_id, decision, from_status, to_status, reason,"
        " created_at, hash) SELECT id, '', :account,"
        " CASE status WHEN 'approved' THEN 'approval' WHEN 'spam' THEN 'spam' ELSE 'trash' END,"
        " 'held', status, '', created_at, '' FROM comment WHERE status <> 'held' AND id % 2 = 0"
    ), {"account": account})
    db.session.execute(text("UPDATE article SET account_id = :account WHERE id % 10 = 0"), {"account": account})
    analyse()
"""
"""Staff decided on every second comment, and every tenth article is whose pages are measured."""


def _signed_in(origin: str) -> str:
    """The cookie of an administrator's session."""
    jar = http.cookiejar.CookieJar()
    site = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    fields = urllib.parse.urlencode({"email": EMAIL, "password": PASSWORD, "next": "/moderation"})
    site.open(urllib.request.Request(f"{origin}/sign-in", fields.encode(), {"Origin": origin})).read()
    return "; ".join(f"{one.name}={one.value}" for one in jar)


_FIND = """
import json, sys
from sqlalchemy import func, select
from webapp import create_app
from webapp.database import db
from webapp.models import Article, ArticleTotals, Author, Tag, article_author, article_tag
from webapp.sharing.most_read import rank_most_read
from webapp.sharing.ranking import rank
def most(model, table, column):
    query = select(model.slug).join(table, table.c[column] == model.id).group_by(model.id, model.slug)
    return db.session.scalar(query.order_by(func.count().desc()).limit(1))
with create_app().app_context():
    rank()
    rank_most_read()
    latest = select(Article).where(Article.listed()).order_by(Article.listed_at.desc())
    newest = db.session.scalar(latest.offset(3).limit(1))
    print(json.dumps({"id": newest.id, "article": newest.permalink, "tag": most(Tag, article_tag, "tag_id"),
        "author": most(Author, article_author, "author_id")}))
"""


def _paths(environment: dict[str, str], size: int) -> dict[str, str]:
    known = json.loads(_python(environment, _FIND).splitlines()[-1])
    # The last page at a thousand articles, page 500 in a large paper.
    deep = max(2, min(500, size // 20))
    return {
        "front page": "/",
        "article": known["article"],
        "category": "/category/sea/",
        "category, deep": f"/category/sea/page/{max(2, min(500, size // 200))}/",
        "all articles, deep": f"/page/{deep - 1}/",
        "tag": f"/tag/{known['tag']}/",
        "author": f"/author/{known['author']}/",
        "latest": f"/_fragments/latest?current={known['id']}",
        "trending": "/_fragments/trending",
        "related": f"/_fragments/related/{known['id']}",
        "search, nothing found": "/search?q=skelvik+lantern",
        "search, a common word": "/search?q=the",
        "live search": "/_fragments/search?q=har",
        "queue, held": "/moderation",
        "queue, approved": "/moderation?status=approved",
        "numbers of comments": "/moderation/numbers",
        "desk, list of articles": "/desk/articles",
        "desk, the tab “Mine”": "/desk/articles?tab=mine",
        "desk, search, a common word": "/desk/articles?q=the",
        "desk, search, nothing found": "/desk/articles?q=skelvik+lantern",
        "desk, search, an address": f"/desk/articles?q={urllib.parse.quote(known['article'])}",
        "desk, numbers, 14 days": "/desk/numbers",
        "desk, numbers, 30 days": "/desk/numbers?days=30",
    }


def _median(line: http.client.HTTPConnection, path: str, cookie: str) -> float:
    """Milliseconds to the whole answer, on one line; between rounds a server may have closed it."""
    line.close()
    times = []
    for _ in range(EACH):
        begins = time.perf_counter()
        staff = {"Cookie": cookie} if path.startswith(STAFF) else {}
        line.request("GET", path, headers={"Accept-Encoding": "identity"} | staff)
        answer = line.getresponse()
        answer.read()
        times.append((time.perf_counter() - begins) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
    return statistics.median(times)


def _print(found: dict[str, dict[int, list[float]]], sizes: list[int]) -> None:
    heads = [f"{size:,}" for size in sizes]
    print(f"\n| page made anew, ms | {' | '.join(heads)} | ratio |")
    print(f"| --- | {' | '.join('--:' for _ in sizes)} | --: |")
    for name, by_size in found.items():
        medians = [statistics.median(by_size[size]) for size in sizes]
        figures = " | ".join(f"{one:.1f}" for one in medians)
        print(f"| {name} | {figures} | {medians[-1] / medians[0]:.2f} |")


def _plot(found: dict[str, dict[int, list[float]]], sizes: list[int], target: Path) -> None:
    from webapp.moderating.charts import lines

    medians = {name: [round(statistics.median(found[name][size]), 1) for size in sizes] for name in PLOTTED}
    labels = [f"{size:,}" for size in sizes]
    picture = lines(
        "milliseconds to make a page anew, by the number of articles", labels, medians, is_dark=False
    )
    target.write_text(picture, encoding="utf-8")
