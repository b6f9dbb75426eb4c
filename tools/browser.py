"""Finds a browser for the tests, or brings one: `python -m tools.browser` prints its path.

It prints nothing when Playwright has a browser of its own, which it then finds by itself.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.running import Failed, run, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DOWNLOAD_SECONDS = 120


def on_this_machine() -> str | None:
    """The path of a browser that somebody has installed; CHROME_PATH names one that is elsewhere."""
    named = os.environ.get("CHROME_PATH")
    if named:
        if not os.access(named, os.X_OK):
            raise Failed(f"CHROME_PATH names {named}, which is no program.")
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwright_has_one() -> bool:
    """Whether Playwright has downloaded its browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def download() -> bool:
    """Lets Playwright download its browser; False where that is not allowed or takes too long."""
    say("  no browser is installed; downloading one")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=DOWNLOAD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def install_package() -> str | None:
    """Installs Debian's or Ubuntu's package; None where there is none, or without the right to."""
    if not shutil.which("apt-get"):
        return None
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and subprocess.run([*as_root, "true"], capture_output=True, check=False).returncode:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*as_root, "apt-get", "update", "-q"], "asking for the system's packages", env=environment)
    install = [*as_root, "apt-get", "install", "-q", "-y", "--no-install-recommends"]
    run([*install, "chromium"], "installing the system's package chromium", env=environment)
    # Journeys are quicker in it; not every system has it apart.
    subprocess.run([*install, "chromium-headless-shell"], capture_output=True, env=environment, check=False)
    return on_this_machine()


def find() -> str:
    """The path of a browser, empty for Playwright's own. Raises Failed when there is none to be had."""
    found = on_this_machine()
    if found:
        return found
    if playwright_has_one() or download():
        return ""
    found = install_package()
    if found:
        return found
    raise Failed(
        "The tests need a browser: install Chromium or Chrome (Debian: apt install chromium), "
        "or name one with CHROME_PATH=/path/to/chrome."
    )


def main() -> int:
    """Prints the path; what is wrong goes to stderr."""
    try:
        sys.stdout.write(find() + "\n")
    except (Failed, subprocess.CalledProcessError, OSError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
