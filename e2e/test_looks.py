"""A few stable parts look as they did when somebody last looked at them and was content.

The pictures in e2e/looks/ are what was approved; a difference beyond the tolerance fails and leaves the new picture in
`test-results/looks/`. After a change that is meant, look at those, then `STANDFIRST_LOOKS=anew bin/test
e2e/test_looks.py`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, expect

from e2e.conftest import ROOT, Come
from e2e.people import PHONE, Reader

APPROVED = Path(__file__).parent / "looks"
SEEN = ROOT / "test-results" / "looks"
SCALE = 4
"""Pictures are compared at a quarter of their size: another browser's way of smoothing letters is no difference."""
NOTICED = 24
"""Of 255: how far a pixel's lightness may be off before it counts."""
MOST = 0.01
"""The part of all pixels that may be off."""
TABLET = {"viewport": {"width": 768, "height": 1000}}
DARK = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}


@pytest.fixture
def browser(whole_browser: Browser) -> Browser:
    """The one whose letters were approved."""
    return whole_browser


def difference(before: Image.Image, now: Image.Image) -> float:
    """The part of the pixels that somebody would notice; 1 when the size has changed by more than a line."""
    if abs(before.width - now.width) > 4 or abs(before.height - now.height) > 12:
        return 1.0
    size = (before.width // SCALE, before.height // SCALE)
    small = [one.convert("L").resize(size, Image.Resampling.BOX) for one in (before, now)]
    off = ImageChops.difference(*small).point(lambda value: 255 if value > NOTICED else 0)
    return off.histogram()[255] / (size[0] * size[1])


def text_of(headline: str) -> Callable[[Reader], Locator]:
    def find(reader: Reader) -> Locator:
        reader.opens_article(headline)
        return reader.page.locator(".prose").first

    return find


def part_of(path: str, selector: str) -> Callable[[Reader], Locator]:
    def find(reader: Reader) -> Locator:
        reader.opens(path)
        return reader.page.locator(selector).first

    return find


@pytest.mark.parametrize(
    ("name", "find", "how"),
    [
        ("sign-in-phone", part_of("/sign-in", "main"), PHONE),
        ("not-found-tablet", part_of("/2020/01/never-written/", "main"), TABLET),
        ("nothing-found-dark", part_of("/search?q=zyzzyva", "main > .archive"), DARK),
        ("text-phone", text_of("Bench at Canal Row is back after a vote"), PHONE),
        ("text-dark", text_of("Orr sells its oil burner to a collector"), DARK),
        ("no-connection-phone", part_of("/offline", "main"), PHONE),
    ],
)
def test_it_looks_as_it_did(
    come: Come[Reader], name: str, find: Callable[[Reader], Locator], how: dict[str, object]
) -> None:
    reader = come(Reader, **how)
    part = find(reader)
    expect(part).to_be_visible()
    reader.page.wait_for_load_state("networkidle")
    reader.page.evaluate("document.fonts.ready.then(() => true)")
    now = Image.open(io.BytesIO(part.screenshot(animations="disabled", scale="css")))
    file = APPROVED / f"{name}.webp"
    if os.environ.get("STANDFIRST_LOOKS") == "anew":
        APPROVED.mkdir(exist_ok=True)
        now.save(file, quality=80, method=6)
    with Image.open(file) as before:
        off = difference(before, now)
    if off > MOST:
        SEEN.mkdir(parents=True, exist_ok=True)
        now.save(SEEN / f"{name}.png")
    assert off <= MOST, f"{off:.1%} of {name} looks different: see {SEEN / name}.png"


def test_a_difference_is_noticed() -> None:
    paper = Image.new("L", (400, 400), 250)
    blot = paper.copy()
    blot.paste(20, (0, 0, 60, 60))
    assert difference(paper, paper.copy()) == 0
    assert difference(paper, blot) > MOST
    assert difference(paper, paper.resize((400, 440))) == 1
