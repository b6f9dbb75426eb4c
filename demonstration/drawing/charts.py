"""The charts inside the demonstration's articles; every number in them is invented, as the places are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]

WIDTH, HEIGHT = 1600, 900
PAPER, INK, SOFT, RULE, ACCENT, SEA = "#fdfcf8", "#22262b", "#63686e", "#d8d3c8", "#b3261e", "#2f5f78"
FINENESS = 2
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Type:
    """The type of the labels, from one variable font file."""

    def __init__(self, file: Path | None) -> None:
        self.file = file

    def at(self, size: int, weight: int = 400) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        """The font in a size (pixels of the finished picture) and a weight."""
        if self.file is None:
            return ImageFont.load_default(size * FINENESS)
        font = ImageFont.truetype(str(self.file), size * FINENESS)
        font.set_variation_by_axes([weight])
        return font


@dataclass
class Plot:
    """A plot area whose axes know how to place a value."""

    face: Type
    across: tuple[float, float]
    up: tuple[float, float]
    left: int = 170
    top: int = 70
    right: int = 1540
    bottom: int = 790
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * FINENESS, HEIGHT * FINENESS), PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def place(self, across: float, up: float) -> Point:
        """Where a pair of values stands, in enlarged pixels."""
        px = self.left + (across - self.across[0]) / (self.across[1] - self.across[0]) * (
            self.right - self.left
        )
        py = self.bottom - (up - self.up[0]) / (self.up[1] - self.up[0]) * (self.bottom - self.top)
        return px * FINENESS, py * FINENESS

    def rules(self, marks: Iterable[tuple[float, str]]) -> None:
        """Horizontal rules with their labels on the left."""
        for value, label in marks:
            _, py = self.place(self.across[0], value)
            self.pen.line(
                [(self.left * FINENESS, py), (self.right * FINENESS, py)], fill=RULE, width=FINENESS * 2
            )
            self.write((self.left * FINENESS - 20 * FINENESS, py), label, anchor="rm")

    def feet(self, marks: Iterable[tuple[float, str]]) -> None:
        """Labels under the plot."""
        for value, label in marks:
            px, _ = self.place(value, self.up[0])
            self.write((px, (self.bottom + 22) * FINENESS), label, anchor="ma")

    def write(
        self,
        at: Point,
        text: str,
        anchor: str = "lm",
        fill: str = SOFT,
        weight: int = 400,
        size: int = 40,
    ) -> None:
        """A label with a halo of paper, so that lines behind it don't disturb."""
        font = self.face.at(size, weight)
        self.pen.text(at, text, font=font, anchor=anchor, fill=fill, stroke_width=8, stroke_fill=PAPER)

    def line(self, values: Sequence[Point], fill: str, thick: float = 5) -> None:
        """A line through values."""
        points = [self.place(*value) for value in values]
        self.pen.line(points, fill=fill, width=int(thick * FINENESS), joint="curve")

    def dot(self, value: Point, fill: str, radius: float = 10) -> None:
        """A dot at a value, with a rim of paper."""
        px, py = self.place(*value)
        for size, shade in ((radius + 3, PAPER), (radius, fill)):
            reach = size * FINENESS
            self.pen.ellipse([px - reach, py - reach, px + reach, py + reach], fill=shade)

    def note(self, value: Point, shift: Point, text: str, anchor: str = "lm", fill: str = INK) -> None:
        """Words beside a value."""
        px, py = self.place(*value)
        at = (px + shift[0] * FINENESS, py + shift[1] * FINENESS)
        self.write(at, text, anchor=anchor, fill=fill, weight=600)

    def finished(self) -> Image.Image:
        """The picture in its final size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def late_water(face: Type) -> Image.Image:
    """Minutes between the printed and the measured high water, one dot for a tide."""
    plot = Plot(face, (0, 266), (-8, 42))
    plot.rules([(0, "0"), (10, "+10"), (20, "+20"), (30, "+30"), (40, "+40")])
    plot.feet((day, name) for day, name in zip(range(12, 266, 30), MONTHS[2:11], strict=True))
    dice = np.random.default_rng(7)
    days = np.arange(0, 266, 0.5175)
    moon = 4.6 * np.sin(days / 14.77 * 2 * math.pi)
    gale = 20 * np.exp(-(((days - 214) / 2.6) ** 2)) - 9 * np.exp(-(((days - 96) / 3.0) ** 2))
    late = 14 + moon + gale + dice.normal(0, 2.4, len(days))
    for day, minutes in zip(days, late, strict=True):
        px, py = plot.place(float(day), float(minutes))
        plot.pen.ellipse([px - 9, py - 9, px + 9, py + 9], fill=(47, 95, 120, 150))
    plot.line([(0, 0), (266, 0)], INK, 3)
    plot.line([(0, 14), (266, 14)], ACCENT, 4)
    plot.note((266, 0), (-6, 36), "The printed table", anchor="rm")
    plot.note((150, 27), (0, 0), "Fourteen minutes, on average", anchor="mm", fill=ACCENT)
    plot.note((214, 36), (-18, -8), "Gale of 9 October", anchor="rm")
    return plot.finished()


def _night_hours() -> np.ndarray:
    return np.arange(16, 33.01, 0.25)


def cold_night(face: Type) -> Image.Image:
    """The load of a substation from afternoon to morning, with and without the street's promise."""
    plot = Plot(face, (16, 33), (0, 14))
    plot.rules([(0, "0"), (4, "4 MW"), (8, "8"), (12, "12")])
    plot.feet((hour, f"{hour % 24:02d}:00") for hour in range(17, 34, 3))
    hours = _night_hours()
    evening = 3.1 * np.exp(-(((hours - 18.6) / 1.5) ** 2))
    morning = 3.6 * np.exp(-(((hours - 30.6) / 1.2) ** 2))
    heat = 4.6 + 3.4 / (1 + np.exp(-(hours - 24.2) / 1.9))
    expected = heat + 1.12 * evening + morning
    happened = heat * 0.985 + 0.72 * evening + 0.42 * morning + 0.75 * np.exp(-(((hours - 27.2) / 1.7) ** 2))
    happened = happened + 0.09 * np.sin(hours * 5.1)
    limit = [(16.0, 11.0), (33.0, 11.0)]
    plot.line(limit, INK, 3)
    plot.note((16, 11), (8, -36), "What the transformers may carry: 11 MW")
    pairs = [(float(h), float(v)) for h, v in zip(hours, expected, strict=True)]
    for start in range(0, len(pairs) - 1, 2):
        plot.line(pairs[start : start + 2], SOFT, 4)
    plot.line([(float(h), float(v)) for h, v in zip(hours, happened, strict=True)], ACCENT, 7)
    peak = int(np.argmax(happened))
    plot.dot((float(hours[peak]), float(happened[peak])), ACCENT)
    plot.note((25.2, float(np.interp(25.2, hours, happened))), (10, 74), "What it carried", fill=ACCENT)
    top = int(np.argmax(expected))
    plot.note(
        (float(hours[top]), float(expected[top])), (-18, -42), "What was feared", anchor="rm", fill=SOFT
    )
    return plot.finished()


def price_of_an_hour(face: Type) -> Image.Image:
    """The price of a kilowatt-hour on a windy night, hour by hour."""
    plot = Plot(face, (-0.6, 23.6), (-4, 24))
    plot.rules([(0, "0 ct"), (10, "10"), (20, "20")])
    plot.feet((hour, f"{hour:02d}:00") for hour in (0, 3, 6, 9, 12, 15, 18, 21))
    prices = [6.1, 3.2, 1.1, -1.9, -0.8, 2.9, 7.8, 13.2, 15.9, 14.1, 11.6, 9.8]
    prices += [8.7, 8.3, 9.4, 11.2, 14.8, 19.6, 21.7, 20.3, 16.5, 12.9, 10.2, 7.7]
    for hour, price in enumerate(prices):
        start, end = plot.place(hour - 0.38, max(price, 0)), plot.place(hour + 0.38, min(price, 0))
        plot.pen.rectangle([*start, *end], fill=ACCENT if hour in (3, 4) else SEA)
    plot.line([(-0.6, 0), (23.6, 0)], INK, 3)
    plot.note((3.5, 0), (0, -240), "The quiet hour", anchor="mm", fill=ACCENT)
    px, py = plot.place(3.5, 0)
    plot.pen.line([(px, py - 214 * FINENESS), (px, py - 16 * FINENESS)], fill=ACCENT, width=2 * FINENESS)
    plot.note((18, 21.7), (0, -40), "Supper", anchor="mm")
    return plot.finished()


def passengers(face: Type) -> Image.Image:
    """Passengers of a tram line for a working day, by month, against the plan."""
    plot = Plot(face, (0, 12), (0, 34))
    plot.rules([(0, "0"), (10, "10,000"), (20, "20,000"), (30, "30,000")])
    plot.left = 180
    plot.feet((month, name) for month, name in zip(range(0, 13, 2), (MONTHS * 2)[8:21:2], strict=True))
    counted = [9.2, 11.8, 13.1, 12.6, 14.9, 17.2, 19.8, 20.9, 22.7, 21.4, 19.9, 25.3, 28.1]
    planned = [12 + 0.55 * month for month in range(13)]
    plot.line(list(enumerate(planned)), SOFT, 4)
    plot.line(list(enumerate(counted)), ACCENT, 7)
    for value in enumerate(counted):
        plot.dot(value, ACCENT, 8)
    plot.note((12, counted[-1]), (-20, -44), "Counted", anchor="rm", fill=ACCENT)
    plot.note((12, planned[-1]), (0, 44), "Planned", anchor="rm", fill=SOFT)
    plot.note((4, counted[4]), (-16, -44), "A bridge for walkers", anchor="rm")
    return plot.finished()
