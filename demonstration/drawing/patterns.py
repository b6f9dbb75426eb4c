"""Scenes made of one shape, repeated by a rule: seeds, moons, bars."""

from __future__ import annotations

import math

import numpy as np

from drawing.canvas import (
    HEIGHT,
    WIDTH,
    Array,
    Pen,
    blend,
    colour,
    flat,
    grain,
    noise,
    ramp,
    ripples,
    smooth,
    strokes,
    x,
    y,
)

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def sunflower() -> Array:
    """The head of a sunflower: seed after seed, each a golden angle on from the one before."""
    ground = ramp(np.hypot(x - 0.5, (y - 0.5) * HEIGHT / WIDTH) / 0.6, (0, "#f3e3b0"), (1, "#e7b95a"))
    return grain(strokes(ground, _seeds), 0.008)


def _seeds(pen: Pen, scale: float) -> None:
    middle = (WIDTH * 0.5 * scale, HEIGHT * 0.5 * scale)
    for petal in range(55):
        turn = petal * 2 * math.pi / 55 + 0.04 * math.sin(petal * 7.3)
        reach = (545 + 40 * math.sin(petal * 2.1)) * scale
        points = [
            (
                middle[0] + reach * along * math.cos(turn + sideways),
                middle[1] + reach * along * math.sin(turn + sideways),
            )
            for along, sideways in ((0.7, -0.07), (0.88, -0.06), (1.0, 0.0), (0.88, 0.06), (0.7, 0.07))
        ]
        shade = colour("#d9922b") * (0.92 + 0.08 * math.sin(petal * 3.7)) * 255
        pen.polygon(points, fill=tuple(int(value) for value in shade))
    pen.ellipse(
        [middle[0] - 425 * scale, middle[1] - 425 * scale, middle[0] + 425 * scale, middle[1] + 425 * scale],
        fill=(74, 47, 28),
    )
    for seed in range(1200):
        away = math.sqrt(seed / 1200)
        turn = seed * GOLDEN_ANGLE
        px = middle[0] + 415 * away * scale * math.cos(turn)
        py = middle[1] + 415 * away * scale * math.sin(turn)
        size = (3.4 + 4.6 * away) * scale
        light = 0.45 + 0.55 * away
        fill = tuple(int(value) for value in colour("#c9973f" if seed % 3 else "#e3bf6a") * light * 255)
        pen.ellipse([px - size, py - size, px + size, py + size], fill=fill)


def moons() -> Array:
    """Nine moons from new to full, in an arch above the sea."""
    horizon = 0.74
    picture = ramp(y, (0, "#0b1626"), (0.5, "#1c3550"), (horizon, "#4a6a80"), (1, "#0d1c2a"))
    dice = np.random.default_rng(11)
    stars = np.zeros((HEIGHT, WIDTH), "f4")
    for _ in range(260):
        stars[dice.integers(int(HEIGHT * 0.6)), dice.integers(WIDTH)] = 0.25 + 0.6 * dice.random()
    picture = picture + stars[..., None]
    aspect = HEIGHT / WIDTH
    for number in range(9):
        middle = 0.08 + number * 0.105
        high = 0.42 - 0.2 * math.sin(math.pi * (number + 0.6) / 10)
        radius = 0.037
        dx, dy = (x - middle) / radius, (y - high) * aspect / radius
        away = np.hypot(dx, dy)
        disc = smooth(1.02, 0.98, away)
        # The line between light and dark is half an ellipse, whose width says the age of the moon.
        edge = math.cos(math.pi * number / 8) * np.sqrt(np.clip(1 - dy * dy, 0, 1))
        lit = smooth(-0.03, 0.03, dx - edge)
        spots = 0.86 + 0.2 * (noise(number + 3, 14, 4) - 0.5)
        picture = blend(picture, flat("#22384c"), disc * 0.75)
        picture = blend(picture, flat("#f1e9d0") * spots[..., None], disc * lit)
        glow = np.exp(-((away / 2.1) ** 2)) * 0.22 * number / 8
        picture = picture + (glow[..., None] * colour("#e8dcb4"))
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    waves = ripples(5, depth, ((18, 0.5), (40, 0.35)))
    path = np.exp(-(((x - 0.92) / (0.03 + 0.12 * depth)) ** 2)) * smooth(horizon, horizon + 0.01, y)
    sea = ramp(depth + waves * 0.35, (0, "#3d5d74"), (0.5, "#17304a"), (1, "#0b1a2a"))
    sea = sea + (path * (0.3 + waves * 1.6))[..., None] * colour("#efe3bd")
    picture = blend(picture, sea, smooth(horizon - 0.001, horizon + 0.001, y))
    return grain(picture, 0.008)


def bars() -> Array:
    """Upright bars like those of a product code, some of them in the colours of cloth."""
    return grain(strokes(flat("#f2ede0"), _stripes), 0.008)


def _stripes(pen: Pen, scale: float) -> None:
    dice = np.random.default_rng(20)
    cloths = ("#a13d2d", "#2f5f78", "#c69a3c", "#43604a", "#5b4468")
    left = 70.0
    while left < WIDTH - 90:
        wide = float(dice.choice((8, 16, 24, 32), p=(0.4, 0.3, 0.2, 0.1)))
        code = cloths[dice.integers(len(cloths))] if dice.random() < 0.17 else "#1d1f24"
        foot = HEIGHT - (150 if dice.random() < 0.9 else 90)
        fill = tuple(int(value) for value in colour(code) * 255)
        pen.rectangle([left * scale, 110 * scale, (left + wide) * scale, foot * scale], fill=fill)
        left += wide + float(dice.choice((8, 16, 24), p=(0.5, 0.35, 0.15)))
