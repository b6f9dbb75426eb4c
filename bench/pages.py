"""`bin/bench pages`: what a first visit weighs, and what Lighthouse says, beside the figures of the peers."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import urllib.request

from playwright.sync_api import sync_playwright

from bench import lighthouse
from bench.servers import running
from bench.weight import Weight, first_visit

BUDGETS = {"html": 25, "css": 15, "js": 20, "fonts": 120}
"""KB as sent, for an article's page."""
REQUESTS = 12
PEERS = (
    # Measured in November 2026 on a machine of the same kind: article of 3,500 words with 50 comments.
    "| WordPress 6.1, 6.8 | 29–35 | | | | 48–120 | 7–10, 50 for faces | 99–100 / 100 / 96 / 92 | 1.4–1.8 | 0–13 | 0 |",
    "| Ghost 5.130 (no comments in its page) | 13 | | | | 1,126 | 16–21 | 94 / 90 / 100 / 100 | 1.6 | 277 | 0 |",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("--runs", type=int, default=3, help="runs of Lighthouse for a page; 0 leaves it out")


def run(options: argparse.Namespace) -> None:
    """Measures and prints the table."""
    if not 0 <= options.runs <= 15:
        raise SystemExit("--runs is from 0 to 15")
    if options.runs:
        lighthouse.install()
    with (
        tempfile.TemporaryDirectory(prefix="standfirst-bench-") as folder,
        running(path="/healthz", STANDFIRST_INSTANCE=folder) as site,
    ):
        # The sizes of pictures are made beside a server that has just started; here they are waited for.
        environment = {**os.environ, "STANDFIRST_INSTANCE": folder}
        subprocess.run([sys.executable, "-m", "webapp", "media", "build"], check=True, env=environment)
        paths = pages(site)
        weights = weigh(site, paths)
        judged = {
            name: lighthouse.judge(site + path, options.runs) for name, path in paths.items() if options.runs
        }
    print("\n".join(table(weights, judged, options.runs)))


def pages(site: str) -> dict[str, str]:
    """The pages that are measured: the front page, the article with the most comments, a category."""
    paths = set(re.findall(r'href="(/\d{4}/\d\d/[a-z0-9-]+/)"', _text(site + "/")))
    counted = {path: int(_only(r'data-comment-count="(\d+)"', _text(site + path))) for path in paths}
    article = max(sorted(counted), key=lambda path: counted[path])
    category = _only(r'href="(/category/[a-z]+/)"', _text(site + article))
    return {
        "front page": "/",
        f"article with {counted[article]} comments": article,
        "category": category,
    }


def _text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def _only(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"The page has nothing like {pattern}.")
    return found[1]


def weigh(site: str, paths: dict[str, str]) -> dict[str, Weight]:
    """A first visit of each page on a phone."""
    with sync_playwright() as playwright:
        path = os.environ.get("STANDFIRST_TEST_BROWSER") or None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        weights = {name: first_visit(browser, site + path) for name, path in paths.items()}
        browser.close()
    return weights


def table(weights: dict[str, Weight], judged: dict[str, lighthouse.Judgement], runs: int) -> list[str]:
    """A Markdown table, the peers below; KB of 1024 bytes as sent, headers included."""
    head = (
        "page",
        "HTML KB",
        "CSS KB",
        "JS KB",
        "fonts KB",
        "all KB",
        "requests",
        "Lighthouse",
        "LCP s",
        "TBT ms",
        "CLS",
    )
    lines = [
        f"First visit on a phone (390 px, twice the pixels); Lighthouse: median of {runs} with its phone profile:",
        "performance / accessibility / best practices / SEO.",
        "",
        "| " + " | ".join(head) + " |",
        "| --- " + "| ---: " * (len(head) - 1) + "|",
    ]
    for name, weight in weights.items():
        cells = [f"{weight.kilobytes(kind):.1f}" for kind in BUDGETS]
        pictures = weight.requests.get("pictures", 0)
        cells += [
            f"{weight.total:.0f}",
            f"{weight.request_count} + {pictures} pictures",
            *_judgement(judged.get(name)),
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += PEERS
    budget = [f"{size}" for size in BUDGETS.values()]
    lines.append(
        "| budget for an article | "
        + " | ".join(budget)
        + f" | | {REQUESTS} | 100 / 100 / 100 / 100 | 1.5 | 0 | 0 |"
    )
    for name, weight in weights.items():
        if weight.elsewhere or weight.cookies:
            lines.append(f"{name}: {weight.cookies} cookies, and asked elsewhere for {weight.elsewhere}")
    lines += [
        f"{name}: points lost by {', '.join(found.failed)}" for name, found in judged.items() if found.failed
    ]
    return lines


def _judgement(found: lighthouse.Judgement | None) -> list[str]:
    if found is None:
        return ["", "", "", ""]
    return [
        " / ".join(map(str, found.scores)),
        f"{found.lcp / 1000:.2f}",
        f"{found.tbt:.0f}",
        f"{found.cls:.3f}",
    ]
