"""`bin/screenshots`: the pictures of the README, taken from a running site with the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.servers import running

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
ARTICLE = "/2*/*/the-town-that-learned-to-tell-the-time-by-the-tide/"
EMAIL, PASSWORD = "ines@desk.example", "eleven kettles on a string"


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="standfirst-pictures-") as folder,
        sync_playwright() as playwright,
    ):
        environment = {"STANDFIRST_INSTANCE": folder}
        with running(path="/healthz", **environment) as site:
            make_account(environment)
            command = [sys.executable, "-m", "webapp", "media", "build"]
            subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment})
            path = os.environ.get("STANDFIRST_TEST_BROWSER") or None
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            for name, width, height, scheme in (
                ("front", 1280, 1500, "light"),
                ("front", 390, 844, "light"),
                ("article", 1280, 1500, "light"),
                ("article", 1280, 1500, "dark"),
                ("article", 390, 844, "light"),
                ("queue", 1280, 1500, "light"),
                ("queue", 390, 844, "light"),
            ):
                take(browser, site, name, width, height, scheme)
            browser.close()


def make_account(environment: dict[str, str]) -> None:
    command = [
        sys.executable,
        "-m",
        "webapp",
        "account",
        "create",
        EMAIL,
        "--role",
        "moderator",
        "--name",
        "Ines",
    ]
    subprocess.run(
        [*command, "--password-stdin"],
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        input=PASSWORD + "\n",
        text=True,
        stdout=subprocess.DEVNULL,
    )


def take(browser: Browser, site: str, name: str, width: int, height: int, scheme: str) -> None:
    """Takes the first screen of one page and keeps it as WebP."""
    page = browser.new_page(
        base_url=site,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1 if width > 500 else 2,
    )
    {"front": front, "article": article, "queue": queue}[name](page)
    page.wait_for_load_state("networkidle")
    file = PICTURES / f"{name}-{width}{'-dark' if scheme == 'dark' else ''}"
    page.screenshot(path=file.with_suffix(".png"))
    with Image.open(file.with_suffix(".png")) as picture:
        picture.save(file.with_suffix(".webp"), quality=82, method=6)
    file.with_suffix(".png").unlink()
    page.close()
    print(file.with_suffix(".webp").relative_to(ROOT))


def front(page: Page) -> None:
    page.goto("/")


def article(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="The town that learned to tell the time by the tide").first.click()
    page.wait_for_url(ARTICLE)


def queue(page: Page) -> None:
    page.goto("/sign-in?next=/moderation")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/moderation*")


if __name__ == "__main__":
    main()
