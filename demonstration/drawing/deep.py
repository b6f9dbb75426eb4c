"""Scenes in the water and from above it: kelp, shelf, ice."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from drawing.canvas import (
    HEIGHT,
    WIDTH,
    Array,
    Pen,
    blend,
    cells,
    columns,
    flat,
    grain,
    noise,
    ramp,
    rows,
    smooth,
    strokes,
    x,
    y,
)


def kelp() -> Array:
    """Kelp in a current, seen from below, with shafts of light."""
    picture = ramp(y, (0, "#b9d8c6"), (0.3, "#5fa39a"), (1, "#0e3b46"))
    for number in range(9):
        middle = 0.1 + 0.11 * number + 0.18 * y
        shaft = np.exp(-(((x - middle) / (0.018 + 0.03 * y)) ** 2)) * (1 - y) ** 1.6 * 0.16
        picture = picture + shaft[..., None]
    return grain(strokes(picture, _fronds), 0.008)


def _fronds(pen: Pen, scale: float) -> None:
    dice = np.random.default_rng(2)
    for number in range(46):
        near = number / 46
        tint = np.array([70, 120, 104]) * (1 - near) + np.array([16, 40, 38]) * near
        fill = (int(tint[0]), int(tint[1]), int(tint[2]), 255)
        root, phase, top = dice.random() * WIDTH, dice.random() * 6, (0.05 + 0.5 * dice.random()) * HEIGHT
        steps = np.linspace(0, 1, 60)
        stem = [
            (root + math.sin(t * 5 + phase) * 45 * t + t * 42, HEIGHT - (HEIGHT - top) * t) for t in steps
        ]
        pen.line([(px * scale, py * scale) for px, py in stem], fill=fill, width=int((2 + 3 * near) * scale))
        for place in range(8, 59, 3):
            _leaf(
                pen, scale, stem[place], (-1) ** place * (36 + 32 * near) * (1 - abs(place / 59 - 0.5)), fill
            )


def _leaf(
    pen: Pen, scale: float, at: tuple[float, float], size: float, fill: tuple[int, int, int, int]
) -> None:
    length = abs(size)
    outline = [
        (0.0, 0.0),
        (size, -0.75 * length),
        (1.5 * size, -0.55 * length),
        (0.55 * size, -0.05 * length),
    ]
    pen.polygon([((at[0] + dx) * scale, (at[1] + dy) * scale) for dx, dy in outline], fill=fill)


def shelf() -> Array:
    """A chart of the sea floor in paper colours, with depth lines and a grid."""
    height, bands = noise(21, 2.4, 5, 0.42), 22
    stops = (
        (0, "#274c66"),
        (0.35, "#5f8ea3"),
        (0.52, "#a9c6c9"),
        (0.56, "#efe6cf"),
        (0.75, "#d9c9a0"),
        (1, "#b89a6e"),
    )
    picture = ramp(np.floor(height * bands) / bands, *stops)
    level = height * bands
    slope = np.hypot(*np.gradient(height)) * bands + 1e-6
    distance = np.abs(level - np.round(level)) / slope
    index_line = np.round(level) % 5 == 0
    lines = np.where(index_line, 1 - smooth(1.0, 2.0, distance), (1 - smooth(0.5, 1.3, distance)) * 0.45)
    picture = blend(picture, flat("#1f2933"), lines * 0.75)
    meridians = sum((np.abs(columns - k * WIDTH / 6) < 0.8).astype("f4") for k in range(1, 6))
    parallels = sum((np.abs(rows - k * HEIGHT / 5) < 0.8).astype("f4") for k in range(1, 5))
    picture = blend(picture, flat("#1f2933"), (meridians + parallels) * 0.2)
    return grain(strokes(picture, _soundings), 0.006)


def _soundings(pen: Pen, scale: float) -> None:
    """The ship's track: a dashed line that turns back on itself, as a survey does."""
    legs = [
        (130 + 104 * leg + dx, dy)
        for leg in range(9)
        for dx, dy in (((0, 170), (46, 880)) if leg % 2 else ((46, 880), (0, 170)))
    ]
    for (ax, ay), (bx, by) in pairwise(legs):
        dashes = max(1, int(math.hypot(bx - ax, by - ay) / 22))
        for dash in range(dashes):
            start, end = dash / dashes, (dash + 0.55) / dashes
            line = [(ax + (bx - ax) * t, ay + (by - ay) * t) for t in (start, end)]
            pen.line(
                [(px * scale, py * scale) for px, py in line], fill=(164, 52, 42, 255), width=int(3 * scale)
            )
    px, py = legs[-1]
    pen.ellipse(
        [(px - 9) * scale, (py - 9) * scale, (px + 9) * scale, (py + 9) * scale], fill=(164, 52, 42, 255)
    )


def ice() -> Array:
    """Broken lake ice from above."""
    points = np.random.default_rng(16).random((90, 2)).astype("f4") * np.array([1.6, 1.1], "f4")
    across, down = x * 1.5 + 0.05 * (noise(11, 4, 5) - 0.5), y + 0.05 * (noise(12, 4, 5) - 0.5)
    nearest, second, owner = cells(points, across, down)
    crack = 0.006 + 0.05 * noise(18, 2, 3) ** 2
    edge = second - nearest
    floe = ramp(
        0.5 * noise(4, 4, 7) + 0.5 * ((owner * 29 % 17) / 17),
        (0, "#c9dadd"),
        (0.6, "#eaf0ee"),
        (1, "#fbfaf5"),
    )
    water = ramp(noise(3, 3, 6), (0, "#12384a"), (1, "#2d6a7c"))
    picture = blend(water, floe, smooth(0, 0.006, edge - crack))
    picture = blend(picture, flat("#7fb3bd"), (1 - smooth(0, 0.02, np.abs(edge - crack - 0.004))) * 0.35)
    return grain(picture, 0.008)
