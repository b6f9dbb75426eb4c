"""Scenes of towns and of land: skyline, bridge, tram map, rain, ridges, stars, dunes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from drawing.canvas import (
    HEIGHT,
    WIDTH,
    Array,
    Colour,
    Pen,
    below,
    blend,
    colour,
    flat,
    grain,
    noise,
    profile,
    ramp,
    resized,
    smooth,
    strokes,
    x,
    y,
)

ACROSS = np.linspace(0, 1, WIDTH).astype("f4")


def skyline() -> Array:
    """Three rows of houses in a winter dusk, with lit windows."""
    picture = ramp(y, (0, "#27405c"), (0.5, "#b28a86"), (0.75, "#e9b98a"), (1, "#e9b98a"))
    return grain(strokes(picture, _blocks), 0.006)


def _blocks(pen: Pen, scale: float) -> None:
    dice = np.random.default_rng(14)
    for layer, (fill, base, height) in enumerate(
        (((128, 112, 124), 0.30, 0.34), ((74, 78, 98), 0.42, 0.31), ((33, 41, 58), 0.58, 0.26))
    ):
        left = -20.0
        while left < WIDTH:
            wide = 42 + dice.random() * 95 * (1 + 0.4 * layer)
            top = (base + height * dice.random() ** 0.8) * HEIGHT
            pen.rectangle(
                [left * scale, top * scale, (left + wide) * scale, HEIGHT * scale], fill=(*fill, 255)
            )
            if dice.random() < 0.25:
                mast = (left + wide / 2) * scale
                pen.line(
                    [(mast, top * scale), (mast, (top - 42) * scale)], fill=(*fill, 255), width=int(2 * scale)
                )
            _windows(pen, scale, dice, (left, top, wide), layer)
            left += wide + dice.random() * 8


def _windows(
    pen: Pen,
    scale: float,
    dice: np.random.Generator,
    house: tuple[float, float, float],
    layer: int,
) -> None:
    left, top, wide = house
    across, down, lit, strength = (
        14 + 3 * layer,
        19 + 3 * layer,
        (0.10, 0.20, 0.34)[layer],
        (70, 130, 220)[layer],
    )
    for wy in np.arange(top + 12, HEIGHT, down):
        for wx in np.arange(left + 7, left + wide - 8, across):
            if dice.random() < lit:
                fill = (255, int(205 + 30 * dice.random()), int(130 + 50 * dice.random()), strength)
                box = [wx * scale, wy * scale, (wx + across * 0.5) * scale, (wy + down * 0.45) * scale]
                pen.rectangle(box, fill=fill)


def bridge() -> Array:
    """A cable-stayed bridge, mirrored in slow water."""
    water_line = 0.735
    picture = ramp(y, (0, "#b9cad1"), (0.55, "#efe3d0"), (0.72, "#f0d5b6"), (0.74, "#e6c9aa"))
    picture = picture + (noise(3, 2, 6, 0.5, 0.5) - 0.5)[..., None] * 0.06
    shore = below((water_line - 0.055 * profile(8, 4)).astype("f4"))
    picture = strokes(blend(picture, flat("#a3adac"), shore), _cables)
    first = int(water_line * HEIGHT)
    mirrored = picture[: first + 1][::-1][: HEIGHT - first]
    depth = np.clip((y - water_line) / (1 - water_line), 0, 1)
    wobble = resized(np.random.default_rng(1).random((130, 14)), WIDTH, HEIGHT) - 0.5
    water = picture.copy()
    water[first:] = mirrored * 0.80 + colour("#5f7884") * 0.20
    water = water * (1 - 0.42 * depth[..., None]) + (wobble * 0.10)[..., None]
    return grain(blend(picture, water.astype("f4"), (y > water_line).astype("f4")), 0.008)


def _cables(pen: Pen, scale: float) -> None:
    ink, deck = (38, 50, 60, 255), 0.655 * HEIGHT
    pen.rectangle([0, deck * scale, WIDTH * scale, (deck + 11) * scale], fill=ink)
    for tower in (0.32 * WIDTH, 0.80 * WIDTH):
        corners = [(-14, 0.76), (14, 0.76), (4, 0.12), (-4, 0.12)]
        pen.polygon([((tower + dx) * scale, dy * HEIGHT * scale) for dx, dy in corners], fill=ink)
        for number in range(1, 19):
            for side in (-1, 1):
                top = 0.13 * HEIGHT + (18 - number) * 5.6
                cable = [(tower * scale, top * scale), ((tower + side * number * 20.3) * scale, deck * scale)]
                pen.line(cable, fill=(38, 50, 60, 200), width=int(1.6 * scale))
    for post in np.linspace(0, WIDTH, 33):
        pen.line(
            [(post * scale, (deck - 10) * scale), (post * scale, deck * scale)], fill=ink, width=int(scale)
        )
    pen.line([(0, (deck - 10) * scale), (WIDTH * scale, (deck - 10) * scale)], fill=ink, width=int(scale))


def tram_map() -> Array:
    """A tram map of five lines, on paper."""
    return grain(strokes(flat("#f1ebdd"), _lines), 0.006)


def _lines(pen: Pen, scale: float) -> None:
    routes: tuple[tuple[Colour, list[tuple[int, int]]], ...] = (
        ((60, 60, 66), [(-60, 960), (540, 960), (1070, 430), (1070, -60)]),
        ((70, 104, 82), [(1670, 600), (1150, 600), (810, 260), (810, -60)]),
        ((196, 146, 60), [(-60, 270), (450, 270), (870, 690), (870, 1130)]),
        ((30, 74, 96), [(215, -60), (215, 320), (600, 705), (1170, 705), (1420, 955), (1420, 1130)]),
        ((164, 52, 42), [(-60, 745), (320, 745), (595, 470), (1045, 470), (1280, 235), (1670, 235)]),
    )
    for fill, corners in routes:
        points = [(px * scale, py * scale) for px, py in corners]
        pen.line(points, fill=(*fill, 255), width=int(19 * scale), joint="curve")
        for px, py in points[1:-1]:
            _dot(pen, px, py, 9.5 * scale, (*fill, 255))
    for fill, corners in routes:
        for (ax, ay), (bx, by) in pairwise(corners):
            stops = max(1, int(math.hypot(bx - ax, by - ay) / 130))
            for stop in range(stops):
                t = (stop + 0.5) / stops
                px, py = (ax + (bx - ax) * t) * scale, (ay + (by - ay) * t) * scale
                _dot(pen, px, py, 15 * scale, (*fill, 255))
                _dot(pen, px, py, 9 * scale, (250, 246, 236, 255))


def _dot(pen: Pen, px: float, py: float, radius: float, fill: tuple[int, int, int, int]) -> None:
    pen.ellipse([px - radius, py - radius, px + radius, py + radius], fill=fill)


def rain() -> Array:
    """A street after rain: lamps, and what the wet stones make of them."""
    kerb = 0.46
    picture = ramp(y, (0, "#141c2b"), (kerb, "#2c3a4c"), (kerb + 0.01, "#222e3d"), (1, "#0d131c"))
    lamps = (
        (0.13, 0.20, 1.0),
        (0.345, 0.27, 0.70),
        (0.475, 0.315, 0.48),
        (0.56, 0.342, 0.34),
        (0.62, 0.36, 0.25),
    )
    stones = noise(41, 26, 4, 0.6, 0.35)
    depth = np.clip((y - kerb) / (1 - kerb), 0, 1)
    glow = np.zeros((HEIGHT, WIDTH), "f4")
    for px, py, near in lamps:
        distance = np.hypot((x - px) * WIDTH / HEIGHT, y - py)
        glow = glow + near * (np.exp(-distance * 26 / near) * 1.1 + np.exp(-distance * 6) * 0.22)
        wide = (0.012 + 0.028 * depth) * near
        smear = (
            np.exp(-(((x - px) / wide) ** 2))
            * np.exp(-depth * (2.9 - 1.6 * near))
            * smooth(0.18, 0.85, stones)
        )
        glow = glow + smear * (y > kerb) * 1.25
    picture = strokes(picture, lambda pen, scale: _street(pen, scale, lamps, kerb))
    picture = picture + glow[..., None] * colour("#ffcf8a")
    drops = strokes(np.zeros((HEIGHT, WIDTH, 3), "f4"), _drops)
    return grain(picture + drops * (0.06 + 0.55 * np.clip(glow, 0, 0.5))[..., None], 0.010)


def _street(pen: Pen, scale: float, lamps: tuple[tuple[float, float, float], ...], kerb: float) -> None:
    dice = np.random.default_rng(9)
    left, right = 0.0, WIDTH
    for number in range(11):
        shade = number / 10
        wide = 150 * (1 - shade) + 26
        roof = (0.02 + 0.30 * shade + 0.03 * dice.random()) * HEIGHT
        fill = (int(20 + 26 * shade), int(28 + 30 * shade), int(42 + 36 * shade), 255)
        for start in (left, right - wide):
            pen.rectangle(
                [start * scale, roof * scale, (start + wide) * scale, kerb * HEIGHT * scale], fill=fill
            )
            for window in range(int(9 - 6 * shade)):
                wx, wy = (
                    start + wide * (0.15 + 0.6 * dice.random()),
                    roof + (kerb * HEIGHT - roof) * (0.1 + 0.09 * window),
                )
                if dice.random() < 0.6 and wy < (kerb - 0.06) * HEIGHT:
                    size = 12 - 8 * shade
                    box = [wx * scale, wy * scale, (wx + size) * scale, (wy + size * 1.5) * scale]
                    pen.rectangle(box, fill=(236, 190, 120, int(170 - 90 * shade)))
        left, right = left + wide * 0.86, right - wide * 0.50
    for px, py, near in lamps:
        post = px * WIDTH
        pen.line(
            [(post * scale, py * HEIGHT * scale), (post * scale, (kerb + 0.05 * near) * HEIGHT * scale)],
            fill=(8, 11, 17, 255),
            width=max(2, int(7 * near * scale)),
        )


def _drops(pen: Pen, scale: float) -> None:
    dice = np.random.default_rng(12)
    for _ in range(900):
        px, py, long = dice.random() * WIDTH, dice.random() * HEIGHT, 14 + 34 * dice.random()
        ends = [(px * scale, py * scale), ((px - long * 0.16) * scale, (py + long) * scale)]
        pen.line(ends, fill=(255, 255, 255, int(60 + 150 * dice.random())), width=int(scale))


def ridges() -> Array:
    """Seven ridges, one behind the other, with fog in the valleys."""
    picture = ramp(y, (0, "#d5dfde"), (0.6, "#f5ead2"))
    sun = np.hypot((x - 0.70) * WIDTH / HEIGHT, y - 0.24)
    picture = picture + np.exp(-sun * 5.5)[..., None] * colour("#fff0cf") * 0.22
    codes = ("#b7c8c8", "#93adb0", "#6f9296", "#4c7479", "#2f555c", "#1b3a42")
    for number, code in enumerate(codes):
        edge = (
            0.34 + 0.105 * number - 0.16 * (profile(40 + number, 3 + number, 9) - 0.4) * (1 + 0.08 * number)
        )
        # Fog lies level in the valley: it follows the smoothed ridge, else every jag would draw a streak below it.
        level = np.convolve(np.pad(edge, 150, "edge"), np.ones(301) / 301, "valid")
        fog = smooth(-0.02, 0.22, y - level[None]) * 0.78
        misty = flat("#f5ead2") * 0.55 + flat(code) * 0.45
        picture = blend(picture, blend(flat(code), misty, fog), below(edge.astype("f4")))
    return grain(picture, 0.008)


def stars() -> Array:
    """Star trails over a small observatory with its slit open."""
    picture = ramp(y, (0, "#0b1526"), (0.55, "#1a2f49"), (0.85, "#3f5468"), (1, "#7a7468"))
    return grain(strokes(picture, _trails), 0.008)


def _trails(pen: Pen, scale: float) -> None:
    dice = np.random.default_rng(9)
    pole_x, pole_y = 0.58 * WIDTH, 0.42 * HEIGHT
    for _ in range(420):
        radius, start = dice.random() ** 0.7 * WIDTH * 0.85, dice.random() * 360
        bright, warm = int(60 + 170 * dice.random() ** 2), dice.random()
        box = [
            (pole_x - radius) * scale,
            (pole_y - radius) * scale,
            (pole_x + radius) * scale,
            (pole_y + radius) * scale,
        ]
        fill = (235, int(222 + 20 * warm), int(190 + 60 * warm), bright)
        pen.arc(
            box,
            start,
            start + 22 + dice.random() * 16,
            fill=fill,
            width=int(scale * (1 + 1.3 * (bright > 170))),
        )
    line = 0.93 - 0.13 * profile(77, 4, 9) * (0.4 + 0.6 * np.abs(np.sin(ACROSS * 2.4)))
    left, foot = 0.235 * WIDTH, 0.875 * HEIGHT
    dome = (17, 23, 33, 255)
    pen.pieslice(
        [(left - 76) * scale, (foot - 86) * scale, (left + 76) * scale, (foot + 66) * scale],
        180,
        360,
        fill=dome,
    )
    pen.rectangle(
        [(left - 76) * scale, (foot - 11) * scale, (left + 76) * scale, (foot + 100) * scale], fill=dome
    )
    slit = [(8, -85), (27, -82), (42, -12), (19, -12)]
    pen.polygon([((left + dx) * scale, (foot + dy) * scale) for dx, dy in slit], fill=(214, 150, 88, 255))
    outline = [(i * scale, float(line[i]) * HEIGHT * scale) for i in range(WIDTH)]
    pen.polygon([(0, HEIGHT * scale), *outline, (WIDTH * scale, HEIGHT * scale)], fill=(9, 13, 20, 255))


def dunes() -> Array:
    """Dunes in low sun, rippled."""
    picture = ramp(y, (0, "#dfd3c4"), (0.3, "#f4e3c6"))
    for number in range(6):
        wave = ACROSS * (3 + 1.1 * number) + number * 1.9
        crest = 0.22 + 0.12 * number + 0.07 * np.sin(wave) + 0.02 * profile(number + 60, 3, 3, 0.4)
        depth = np.clip((y - crest[None]) / 0.25, 0, 1)
        light = (0.5 + 0.5 * np.sin(wave + 1.2))[None] * 0.7 * (1 - depth) + 0.25 * depth
        sand = ramp(light.astype("f4"), (0, "#e2b483"), (0.5, "#c98d5b"), (1, "#7c4a33"))
        lines = np.sin((y - crest[None]) * 420 * (1 - 0.35 * depth) + 6 * noise(70 + number, 3, 4)) * 0.018
        picture = blend(picture, sand + lines[..., None], below(crest.astype("f4")))
    return grain(picture, 0.008)
