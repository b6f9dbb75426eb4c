"""Scenes by the sea: estuary, lighthouse, turbines."""

from __future__ import annotations

import math

import numpy as np

from drawing.canvas import (
    HEIGHT,
    WIDTH,
    Array,
    Pen,
    below,
    blend,
    colour,
    flat,
    grain,
    noise,
    profile,
    ramp,
    ripples,
    smooth,
    strokes,
    x,
    y,
)

ACROSS = np.linspace(0, 1, WIDTH).astype("f4")


def estuary() -> Array:
    """Dawn over a tidal channel, with a row of marker posts going out."""
    horizon, sun = 0.50, (0.665, 0.425)
    picture = _dawn_sky(horizon, sun)
    for seed, top, height, shade, code in (
        (11, 0.495, 0.130, np.clip(1.0 - np.abs(ACROSS * 1.35 - 0.2), 0, 1), "#b9a896"),
        (12, 0.505, 0.115, np.clip(1.0 - 1.75 * ACROSS, 0, 1) + np.clip(2.2 * ACROSS - 1.6, 0, 1), "#95948f"),
        (13, 0.510, 0.090, np.clip(1.2 - 2.1 * ACROSS, 0, 1), "#6d7a80"),
    ):
        edge = top - height * profile(seed, 3 + seed % 3, gain=0.46) * shade
        picture = blend(picture, flat(code), below(edge) * (y < horizon + 0.01))
    picture = blend(picture, _dawn_water(horizon, sun[0]), (y > horizon).astype("f4"))
    for seed, top, from_left, code in (
        (31, 0.60, 1, "#4a4f50"),
        (33, 0.735, 0, "#343a3c"),
        (35, 0.885, 1, "#23282b"),
    ):
        picture = _mud_bank(picture, seed, top, bool(from_left), code)
    return grain(strokes(picture, _marker_posts), 0.010)


def _dawn_sky(horizon: float, sun: tuple[float, float]) -> Array:
    height = y / horizon
    sky = ramp(
        height, (0, "#557a94"), (0.35, "#8fa9b1"), (0.62, "#d3c7ae"), (0.82, "#efcf9f"), (1, "#f3bd84")
    )
    cloud = smooth(0.5, 0.82, noise(3, 2, 7, 0.55, 0.45)) * smooth(0, 0.25, y) * (1 - smooth(0.38, 0.5, y))
    sky = blend(sky, ramp(height, (0, "#8d9aa3"), (0.5, "#c9ada0"), (1, "#e89a72")), cloud * 0.8)
    distance = np.hypot((x - sun[0]) * WIDTH / HEIGHT, y - sun[1])
    sky = sky + np.exp(-distance * 9)[..., None] * colour("#ffdca0") * 0.5
    return blend(np.clip(sky, 0, 1), flat("#fffdf2"), 1 - smooth(0.021, 0.0235, distance))


def _dawn_water(horizon: float, sun_x: float) -> Array:
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    stops = ((0, "#2f4a5c"), (0.3, "#4d6b7b"), (0.65, "#8d9c9c"), (0.88, "#d9b48c"), (1, "#efc08d"))
    waves = ripples(5, depth, ((22, 0.55), (48, 0.35), (95, 0.25)))
    water = ramp(1 - depth * 0.95, *stops) + (waves * (0.30 + 0.5 * depth))[..., None] * np.array(
        [0.42, 0.36, 0.32]
    )
    path = np.exp(-(((x - sun_x) / (0.028 + 0.10 * depth)) ** 2)) * smooth(
        0.06, 0.30, waves + 0.16 - 0.10 * depth
    )
    return blend(water.astype("f4"), flat("#ffe9bd"), path * 0.95)


def _mud_bank(picture: Array, seed: int, top: float, from_left: bool, code: str) -> Array:
    reach = np.clip(1 - ACROSS * 1.9 if from_left else ACROSS * 1.9 - 0.95, 0, 1) ** 0.8
    line = profile(seed, 3, 9, 0.5)
    upper, lower = top - 0.03 * reach * line, top + 0.055 * reach * (0.35 + line)
    mask = below(upper) * (1 - below(lower)) * (reach > 0)
    texture = colour(code) * (0.85 + 0.35 * noise(seed + 1, 12, 5, 0.6, 0.5)[..., None])
    rim = 0.05 * (1 - smooth(0, 0.02, np.abs(y - upper[None])))[..., None] * colour("#ffd9a0")
    return blend(picture, texture + rim, mask)


def _marker_posts(pen: Pen, scale: float) -> None:
    for number in range(15):
        away = number / 14
        foot_x = (0.06 + 0.50 * away**0.8) * WIDTH * scale
        foot_y = (0.90 - 0.385 * away**0.62) * HEIGHT * scale
        tall = (160 * (1 - away) ** 1.5 + 9) * scale
        lean = math.sin(number * 2.3) * tall * 0.05
        thick = max(2, int(6.4 * (1 - away) ** 1.4 * scale))
        pen.line([(foot_x, foot_y), (foot_x + lean, foot_y - tall)], fill=(26, 30, 34, 255), width=thick)
        pen.line(
            [(foot_x, foot_y), (foot_x - 2 * lean, foot_y + 0.55 * tall)], fill=(26, 30, 34, 70), width=thick
        )


def lighthouse() -> Array:
    """A banded tower on a headland at dusk, its beam over the sea."""
    lamp_x, lamp_y, horizon = 0.27, 0.335, 0.78
    sky = ramp(y, (0, "#16243a"), (0.6, "#3b526b"), (horizon, "#8a8f93"))
    sky = blend(sky, flat("#55687c"), smooth(0.45, 0.8, noise(18, 2, 7, 0.55, 0.4)) * 0.5)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    sea = (
        ramp(depth, (0, "#3a5165"), (1, "#0f1f2d"))
        + ripples(6, depth, ((30, 0.5), (60, 0.4)))[..., None] * 0.14
    )
    picture = blend(sky, sea, (y > horizon).astype("f4"))
    across, down = (x - lamp_x) * WIDTH / HEIGHT, y - lamp_y
    angle, distance = np.arctan2(down, across), np.hypot(across, down)
    for direction in (-0.10, math.pi - 0.10):
        off = np.abs(np.angle(np.exp(1j * (angle - direction)))).astype("f4")
        beam = np.exp(-((off / 0.055) ** 2)) * np.exp(-distance * 1.15) * 0.8
        picture = picture + beam[..., None] * colour("#ffe9b8")
    picture = picture + np.exp(-distance * 24)[..., None] * colour("#fff0c8")
    return grain(strokes(picture, lambda pen, scale: _tower(pen, scale, lamp_x * WIDTH)), 0.010)


def _tower(pen: Pen, scale: float, centre: float) -> None:
    dark = (14, 19, 27, 255)

    def taper(top: float, bottom: float, upper: float, lower: float, fill: tuple[int, int, int, int]) -> None:
        corners = [(-upper, top), (upper, top), (lower, bottom), (-lower, bottom)]
        pen.polygon([((centre + dx) * scale, dy * HEIGHT * scale) for dx, dy in corners], fill=fill)

    hill = 0.86 - 0.17 * np.clip(1 - np.abs(ACROSS - 0.25) * 2.6, 0, 1) ** 1.3 - 0.035 * profile(3, 4, 9)
    outline = [(i * scale, float(hill[i]) * HEIGHT * scale) for i in range(WIDTH)]
    taper(0.375, 0.76, 21, 37, (206, 204, 196, 255))
    for band in (0.45, 0.57, 0.69):
        upper = 21 + 16 * (band - 0.375) / 0.385
        taper(band, band + 0.055, upper, upper + 16 * 0.055 / 0.385, (138, 52, 44, 255))
    pen.polygon([(0, HEIGHT * scale), *outline, (WIDTH * scale, HEIGHT * scale)], fill=dark)
    taper(0.365, 0.378, 28, 28, dark)
    taper(0.303, 0.366, 14, 14, (255, 240, 200, 255))
    taper(0.268, 0.304, 1, 21, dark)


def turbines() -> Array:
    """A line of wind turbines far out, in evening light."""
    horizon = 0.70
    height = y / horizon
    sky = ramp(height, (0, "#2b4a6b"), (0.45, "#6d8fae"), (0.8, "#d9c6bd"), (1, "#f2d3b0"))
    cloud = smooth(0.48, 0.8, noise(8, 2, 7, 0.55, 0.35))
    sky = blend(sky, ramp(height, (0, "#3d5877"), (0.6, "#a59fae"), (1, "#efb79a")), cloud * 0.7)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    waves = ripples(2, depth, ((30, 0.6), (70, 0.4)))
    sea = ramp(depth, (0, "#c9b9ad"), (0.12, "#8297a6"), (1, "#1d3a52"))
    sea = sea + (waves * (0.12 + 0.25 * depth))[..., None]
    picture = blend(sky, sea, (y > horizon).astype("f4"))
    return grain(strokes(picture, lambda pen, scale: _wind_farm(pen, scale, horizon)), 0.010)


def _wind_farm(pen: Pen, scale: float, horizon: float) -> None:
    dice = np.random.default_rng(4)
    places = (0.10, 0.20, 0.285, 0.355, 0.415, 0.465, 0.51, 0.548, 0.58, 0.608, 0.63, 0.80)
    sizes = (0.34, 0.26, 0.21, 0.17, 0.14, 0.115, 0.095, 0.08, 0.068, 0.058, 0.05, 0.62)
    for place, size in zip(places, sizes, strict=True):
        haze = (1 - size) * 0.25
        fill = (int(244 - 120 * haze), int(240 - 110 * haze), int(236 - 90 * haze), 255)
        foot = (horizon + 0.012 + 0.16 * size * size) * HEIGHT
        _turbine(pen, scale, (place * WIDTH, foot), size * HEIGHT, dice.random() * 2, fill)


def _turbine(
    pen: Pen,
    scale: float,
    foot: tuple[float, float],
    tall: float,
    turn: float,
    fill: tuple[int, int, int, int],
) -> None:
    centre, hub, wide = foot[0], foot[1] - tall * 0.86, tall * 0.0141

    def shape(points: list[tuple[float, float]]) -> None:
        pen.polygon([(px * scale, py * scale) for px, py in points], fill=fill)

    half = wide / 2
    shape(
        [
            (centre - half, foot[1]),
            (centre + half, foot[1]),
            (centre + half / 2, hub),
            (centre - half / 2, hub),
        ]
    )
    for blade in range(3):
        angle = turn + blade * 2 * math.pi / 3
        along, aside = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        reach, bulge = tall * 0.52, tall * 0.0122
        root = (centre + along[0] * reach * 0.22, hub + along[1] * reach * 0.22)
        tip = (centre + along[0] * reach, hub + along[1] * reach)
        front = (root[0] + aside[0] * bulge, root[1] + aside[1] * bulge)
        back = (root[0] - aside[0] * bulge * 0.2, root[1] - aside[1] * bulge * 0.2)
        shape([(centre, hub), front, tip, back])
    ball = wide * 0.6
    pen.ellipse(
        [(centre - ball) * scale, (hub - ball) * scale, (centre + ball) * scale, (hub + ball) * scale],
        fill=fill,
    )
