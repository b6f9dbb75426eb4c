"""Lighthouse, from its npm package: installed beside this file when it is first asked for."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


@dataclass(frozen=True)
class Judgement:
    """Scores from 0 to 100 in the order of CATEGORIES; milliseconds for LCP and TBT; CLS without a unit."""

    scores: tuple[int, ...]
    lcp: float
    tbt: float
    cls: float
    failed: tuple[str, ...]
    """Ids of the audits that cost points."""


def install() -> None:
    """Brings the package, when it is not there. Raises CalledProcessError."""
    if not PROGRAM.exists():
        npm = shutil.which("npm")
        command = [npm] if npm else [sys.executable, "-m", "tools.npm"]
        subprocess.run([*command, "ci", "--silent"], cwd=HERE, check=True)


def judge(url: str, times: int) -> Judgement:
    """The medians of `times` runs with the phone profile (slow processor, slow network, both simulated)."""
    runs = [_run(url) for _ in range(times)]
    scores = tuple(int(statistics.median(run.scores[i] for run in runs)) for i in range(len(CATEGORIES)))
    return Judgement(
        scores,
        *(statistics.median(getattr(run, name) for run in runs) for name in ("lcp", "tbt", "cls")),
        failed=tuple(sorted({audit for run in runs for audit in run.failed})),
    )


def _run(url: str) -> Judgement:
    with tempfile.TemporaryDirectory(prefix="standfirst-lighthouse-") as folder:
        output = Path(folder) / "report.json"
        command = [_node(), str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={output}"]
        browser = os.environ.get("STANDFIRST_TEST_BROWSER") or shutil.which("chromium") or ""
        environment = {**os.environ, "CHROME_PATH": browser}
        command.append(f"--chrome-flags={FLAGS}")
        # Now and then the browser hands over no recording, and Lighthouse asks to be run again.
        if subprocess.run(command, check=False, env=environment).returncode:
            subprocess.run(command, check=True, env=environment)
        return _read(json.loads(output.read_text(encoding="utf-8")))


def _node() -> str:
    found = shutil.which("node")
    if found:
        return found
    from tools.npm import folder

    return str(folder() / "bin" / "node")


def _read(report: dict[str, Any]) -> Judgement:
    audits = report["audits"]
    failed = [
        part["id"]
        for category in CATEGORIES
        for part in report["categories"][category]["auditRefs"]
        if part["weight"]
        and (audits[part["id"]]["score"] or 0) < 0.9
        and audits[part["id"]]["score"] is not None
    ]
    return Judgement(
        tuple(round((report["categories"][name]["score"] or 0) * 100) for name in CATEGORIES),
        audits["largest-contentful-paint"]["numericValue"],
        audits["total-blocking-time"]["numericValue"],
        audits["cumulative-layout-shift"]["numericValue"],
        tuple(failed),
    )
