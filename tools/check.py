"""Runs the checks of bin/check, shows how long each took, and the output of those that fail."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
LONGEST = {".py": 300, ".html": 80, ".css": 200, ".js": 120}
"""Lines of a file above which it probably does two things."""
LONGEST_TESTS = 500
"""The same for tests, which are lists of cases, and are read a case at a time."""
EXEMPT = ("webapp/migrations/versions/",)
"""A migration is written once, and stays as it was."""
SHOWN = 100
"""Lines of output that one failing step may fill the screen with."""
Step = Callable[[], tuple[bool, str]]


def program(name: str, *arguments: str, environment: dict[str, str] | None = None) -> Step:
    """A step that runs a program of the virtual environment."""

    def step() -> tuple[bool, str]:
        done = subprocess.run(
            [str(BIN / name), *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0, done.stdout + done.stderr

    return step


def migrations() -> tuple[bool, str]:
    """Whether the migrations lead to the tables that the models describe; in a database of its own."""
    with tempfile.TemporaryDirectory() as instance:
        environment = {"STANDFIRST_INSTANCE": instance, "STANDFIRST_DATABASE_URL": ""}
        return program("python", "-m", "webapp", "db", "check", environment=environment)()


def settings_page() -> tuple[bool, str]:
    """Whether docs/settings.md says what the table of settings says."""
    with tempfile.TemporaryDirectory() as instance:
        environment = {"STANDFIRST_INSTANCE": instance, "STANDFIRST_DATABASE_URL": ""}
        fine, output = program("python", "-m", "webapp", "settings", "--markdown", environment=environment)()
    page = ROOT / "docs" / "settings.md"
    if fine and page.is_file() and page.read_text(encoding="utf-8") == output:
        return True, ""
    remedy = "docs/settings.md is not up to date: bin/standfirst settings --markdown > docs/settings.md\n"
    return False, remedy if fine else output


def long_files() -> tuple[bool, str]:
    """Names files that have grown long; a warning and no failure."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        limit = LONGEST_TESTS if name.startswith("tests/") else LONGEST.get(path.suffix)
        if limit and path.suffix in LONGEST and path.is_file() and not name.startswith(EXEMPT):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit:
                found.append(f"  {name}: {lines} lines")
    return True, "".join(f"{line}\n" for line in found)


# The longest first, since two run at the same time.
STEPS: tuple[tuple[str, Step], ...] = (
    ("types", program("basedpyright", "--level", "error")),
    ("format", program("ruff", "format", "--check", "--quiet", "--output-format=concise", ".")),
    ("lint", program("ruff", "check", "--quiet", "--output-format=concise", ".")),
    ("templates", program("djlint", "--lint", "--quiet", "templates")),
    ("migrations match models", migrations),
    ("settings are documented", settings_page),
    ("file sizes", long_files),
)


def _shortened(output: str) -> str:
    lines = output.rstrip().splitlines()
    shown = lines[:SHOWN] + ([f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else [])
    return "".join(f"{line}\n" for line in shown)


def main(arguments: list[str]) -> int:
    """Runs every step, also after one has failed."""
    if arguments == ["--fix"]:
        program("ruff", "check", "--fix", "--quiet", ".")()
        program("ruff", "format", "--quiet", ".")()
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for done in as_completed([pool.submit(_report, name, step) for name, step in STEPS]):
            name, fine, report = done.result()
            sys.stdout.write(report)
            sys.stdout.flush()
            if not fine:
                failed.append(name)
    if failed:
        sys.stdout.write(f"To be mended: {', '.join(failed)}.\n")
    return 1 if failed else 0


def _report(name: str, step: Step) -> tuple[str, bool, str]:
    started = time.monotonic()
    fine, output = step()
    verdict = "ok" if fine else "FAILED"
    line = f"{verdict:6} {name} ({time.monotonic() - started:.1f} s)\n"
    return name, fine, line + (_shortened(output) if output and (not fine or step is long_files) else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
