"""`bin/bench speed`: the site beside its floors in one run (brotli where no other is named), as medians and ratios."""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from bench import load, servers
from bench.servers import nginx, running

Round = Callable[[], load.Result]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Bench/1"
BROTLI = {"Accept-Encoding": "gzip, deflate, br, zstd"}
GZIP = {"Accept-Encoding": "gzip"}
NGINX = "nginx, the article's bytes"
SAME = "bare WSGI app, its headers as well"
FLOOR, POST_FLOOR = "bare Flask view, the article's bytes", "bare Flask POST"
TEMPLATE = "the article's template alone, from objects in memory"
INSERT = "bare insert into the database, kept on disk"
BARE = "bare WSGI app, the article's bytes"
SHORT = {
    BARE: "bare WSGI",
    SAME: "bare WSGI with headers",
    FLOOR: "bare Flask",
    TEMPLATE: "its template",
    POST_FLOOR: "bare POST",
    INSERT: "bare insert",
}
FLOORS = (
    ("article page, kept (", BARE),
    ("article page, kept (", SAME),
    ("article page, kept (", FLOOR),
    ("article page, made", TEMPLATE),
    ("comment", POST_FLOOR),
    ("comment", INSERT),
    ("view beacon", POST_FLOOR),
)
"""How a line's name begins, and a floor that it is compared with."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument(
        "--rounds", type=int, default=7, help="interleaved rounds; the table has their medians"
    )
    parser.add_argument("--seconds", type=float, default=3, help="length of each measurement in a round")
    parser.add_argument(
        "--database",
        default=os.environ.get("STANDFIRST_DATABASE_URL", ""),
        help="postgresql://…, empty or of the instance's site; left out, SQLite",
    )
    servers.add_instance(parser)


def run(options: argparse.Namespace) -> None:
    """Measures and prints the table."""
    if not 1 <= options.rounds <= 50 or not 0.2 <= options.seconds <= 60:
        raise SystemExit("--rounds is from 1 to 50 and --seconds from 0.2 to 60")
    with ExitStack() as stack:
        measures = prepare(stack, options.seconds, options.instance, options.database)
        results: dict[str, list[load.Result]] = {name: [] for name in measures}
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", flush=True)
            if options.database:
                load.analyse(options.database)
            for name, measure in measures.items():
                results[name].append(measure())
    print(table(results, options.rounds, options.seconds))


def prepare(stack: ExitStack, seconds: float, instance: str | None, database: str) -> dict[str, Round]:
    """Starts the servers and gives the measurements by name; the first of each group is its floor."""
    folder = Path(
        stack.enter_context(
            tempfile.TemporaryDirectory(prefix="standfirst-bench-", ignore_cleanup_errors=True)
        )
    )
    given = {
        "STANDFIRST_INSTANCE": instance or str(folder / "instance"),
        "STANDFIRST_DATABASE_URL": database,
        "STANDFIRST_BUILD_PICTURES": "0",  # A new site would be at them all the time.
        "STANDFIRST_COMMENT_MIN_SECONDS": "0",
        "STANDFIRST_COMMENT_FLOOD_SECONDS": "0",
    }
    site = stack.enter_context(running(path="/healthz", **given))
    anew = stack.enter_context(running(path="/healthz", STANDFIRST_PAGE_CACHE="0", **given))
    article, page = longest_article(site)
    body = folder / "body.html.br"
    sent, headers = load.answer(site + article, BROTLI)
    body.write_bytes(sent)
    alone = stack.enter_context(
        running("--app", "bench.floor:template", path=article, PYTHONPATH=str(Path.cwd()), **given)
    )
    given = {"STANDFIRST_BENCH_BODY": str(body), "PYTHONPATH": str(Path.cwd())}
    given["STANDFIRST_BENCH_HEADERS"] = json.dumps(headers)
    same = stack.enter_context(running("--app", "bench.floor:answer", **given))
    bytes_alone = stack.enter_context(nginx(sent, folder / "nginx"))
    bare = stack.enter_context(running("--app", "bench.floor:wsgi", **given))
    flask = stack.enter_context(running("--app", "bench.floor:flask_view", **given))
    style = re.search(rb'href="(/static/[^"]+\.css)"', page)
    if style is None:
        raise SystemExit("The article page names no style sheet.")
    form = comment_form(page.decode(), article)
    views = re.search(rb'hx-post="(/articles/\d+/views)"', page)
    if views is None:
        raise SystemExit("The article page has no view beacon.")
    sizes = f"{len(page) // 1024} KB, {body.stat().st_size // 1024} KB as sent"
    for path in (
        article,
        "/",
    ) * 4:  # Each worker compiles its templates and statements when it is first asked.
        load.fetch(anew + path, BROTLI)
        load.fetch(site + path, BROTLI)
        load.fetch(alone + article, BROTLI)
    measures = {} if bytes_alone is None else {NGINX: lambda: load.get(bytes_alone, seconds, BROTLI)}
    return measures | {
        BARE: lambda: load.get(bare, seconds, BROTLI),
        SAME: lambda: load.get(same, seconds, BROTLI),
        FLOOR: lambda: load.get(flask, seconds, BROTLI),
        f"article page, kept ({sizes})": lambda: load.get(site + article, seconds, BROTLI),
        "article page, kept, for gzip": lambda: load.get(site + article, seconds, GZIP),
        "front page, kept": lambda: load.get(site + "/", seconds, BROTLI),
        "static file (the style sheet)": lambda: load.get(site + style[1].decode(), seconds, BROTLI),
        TEMPLATE: lambda: load.get(alone + article, seconds, BROTLI),
        "article page, made anew": lambda: load.get(anew + article, seconds, BROTLI),
        "front page, made anew": lambda: load.get(anew + "/", seconds, BROTLI),
        POST_FLOOR: lambda: load.threads(form, flask, seconds, 4),
        "comment post, kept on disk": lambda: load.threads(
            form, f"{site}{article.rstrip('/')}/comments", seconds, 4
        ),
        "comment post, 8 clients": lambda: load.threads(
            form, f"{site}{article.rstrip('/')}/comments", seconds, 8
        ),
        "view beacon, each another reader's": lambda: load.threads(
            beacon, site + views[1].decode(), seconds, 4
        ),
        INSERT: lambda: load.inserts(database or str(folder / "bare.sqlite"), seconds),
    }


def longest_article(site: str) -> tuple[str, bytes]:
    """The path and the page of the article with the most bytes among those in the feed."""
    with urllib.request.urlopen(site + "/feed/", timeout=30) as answer:
        paths = re.findall(rf"<link>{re.escape(site)}(/[^<]+/[^<]+)</link>", answer.read().decode())
    pages = {}
    for path in paths:
        with urllib.request.urlopen(site + path, timeout=30) as answer:
            pages[path] = answer.read()
    return max(pages.items(), key=lambda item: len(item[1]))


def comment_form(page: str, article: str) -> load.Maker:
    """Makes a new, different comment for each request, with the hidden fields of the page's own form."""
    form = re.search(
        rf'<form[^>]+action="{re.escape(article.rstrip("/"))}/comments".*?</form>', page, re.DOTALL
    )
    if form is None:
        raise SystemExit(f"{article} has no comment form.")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))

    def make(client: int, turn: int) -> tuple[str, bytes, dict[str, str]]:
        unique = f"{os.getpid()}-{client}-{turn}-{os.urandom(4).hex()}"
        fields = {
            **hidden,
            "name": f"Bench {client}",
            "email": f"bench{client}@post.example",
            "body": f"Comment {unique}.",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": f"{BROWSER} {client}"}
        return "POST", urlencode(fields).encode(), headers

    return make


def beacon(client: int, turn: int) -> tuple[str, bytes, dict[str, str]]:
    """A view by a reader who has not been here."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    return (
        "POST",
        b"from=",
        headers | {"User-Agent": f"{BROWSER} {os.getpid()}-{client}-{turn}-{os.urandom(4).hex()}"},
    )


def table(results: dict[str, list[load.Result]], rounds: int, seconds: float) -> str:
    """A Markdown table of medians; ratios are to the floor of each line, measured in the same run."""
    rate = {name: statistics.median(r.rate for r in found) for name, found in results.items()}
    lines = [
        f"Medians of {rounds} rounds of {seconds:g} s, {load.CONNECTIONS} connections (posts: 4, or as said).",
        "",
        "| what | requests/s | ratio to its floor | p50 ms | p99 ms | errors |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, found in results.items():
        floors = [floor for beginning, floor in FLOORS if name.startswith(beginning)]
        ratios = ", ".join(f"{rate[name] / rate[floor]:.2f} of {SHORT[floor]}" for floor in floors)
        p50, p99 = (statistics.median(getattr(r, field) for r in found) for field in ("p50", "p99"))
        errors = sum(r.errors for r in found)
        lines.append(f"| {name} | {rate[name]:,.0f} | {ratios} | {p50:.2f} | {p99:.2f} | {errors} |")
    return "\n".join(lines)
