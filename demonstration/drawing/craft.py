"""Scenes of things that were made: books, weave, clocks, net."""

from __future__ import annotations

import math

import numpy as np

from drawing.canvas import HEIGHT, WIDTH, Array, Pen, colour, columns, flat, grain, noise, rows, strokes, x, y

Point = tuple[float, float]


def books() -> Array:
    """Two shelves of cloth-bound books."""
    return grain(strokes(flat("#2a2320"), _shelves), 0.008)


def _shelves(pen: Pen, scale: float) -> None:
    dice = np.random.default_rng(3)
    cloths = (
        "#7d2e2a",
        "#2f4a52",
        "#c2a878",
        "#39402f",
        "#8c6a3f",
        "#e0d6c0",
        "#4b3550",
        "#1f3242",
        "#a24c33",
        "#6f7a66",
    )
    for shelf in (1, 2):
        board, left = shelf * HEIGHT / 2 - 18, 6.0
        pen.rectangle([0, board * scale, WIDTH * scale, (board + 18) * scale], fill=(86, 62, 42, 255))
        while left < WIDTH:
            wide, tall = 24 + dice.random() * 46, 330 + dice.random() * 145
            _spine(pen, scale, (left, board, wide, tall), cloths[dice.integers(len(cloths))], dice)
            left += wide + 1 + (dice.random() < 0.06) * 28


def _spine(
    pen: Pen,
    scale: float,
    box: tuple[float, float, float, float],
    cloth: str,
    dice: np.random.Generator,
) -> None:
    left, board, wide, tall = box
    tint, thick = colour(cloth) * 255, int(wide * scale)
    for step in range(thick):
        light = 0.70 + 0.38 * math.sin(step / thick * math.pi)
        fill = tuple(int(min(255, value * light)) for value in tint)
        pen.line(
            [(left * scale + step, (board - tall) * scale), (left * scale + step, board * scale)], fill=fill
        )
    if dice.random() < 0.75:
        gilt = (214, 186, 120) if tint.mean() < 150 else (70, 50, 40)
        band = board - tall * (0.80 + 0.1 * dice.random())
        for offset in (0, 10):
            rule = [
                (left + 2) * scale,
                (band + offset) * scale,
                (left + wide - 3) * scale,
                (band + offset + 2) * scale,
            ]
            pen.rectangle(rule, fill=(*gilt, 220))
        if wide > 36:
            label = [(left + wide * 0.32), band + 34, (left + wide * 0.66), band + 34 + tall * 0.32]
            pen.rectangle([value * scale for value in label], fill=(*gilt, 110))


def weave() -> Array:
    """A striped cloth, close enough to count its threads."""
    pitch = 32
    thread_x, thread_y = (columns // pitch).astype(int), (rows // pitch).astype(int)
    over = (thread_x + thread_y) % 2 == 0
    codes = (
        "#8c2f2b #e7dcc3 #e7dcc3 #2c4450 #e7dcc3 #c98f45 #c98f45"
        " #2c4450 #e7dcc3 #8c2f2b #8c2f2b #e7dcc3 #39565a #e7dcc3"
    )
    yarns = np.array([colour(code) for code in codes.split()])
    order = (np.abs(np.abs(thread_x - 24) % 14 - 7) + thread_y) % 14
    warp = yarns[order] * (0.58 + 0.46 * np.sin((columns % pitch) / pitch * math.pi))[..., None]
    weft = yarns[(order + 3 * (thread_x % 9 == 0)) % 14] * 0.8
    weft = weft * (0.52 + 0.46 * np.sin((rows % pitch) / pitch * math.pi))[..., None]
    twist_warp = 1 + 0.05 * np.sin((rows + columns * 0.8) * 0.55)
    twist_weft = 1 + 0.05 * np.sin((columns + rows * 0.8) * 0.55)
    cloth = np.where(over[..., None], warp * twist_warp[..., None], weft * twist_weft[..., None])
    return grain((cloth * (0.84 + 0.24 * noise(5, 3, 4)[..., None])).astype("f4"), 0.006)


def clocks() -> Array:
    """A wall of clocks that agree."""
    light = 0.90 + 0.16 * np.exp(-(np.hypot((x - 0.30) * 1.5, y - 0.25) ** 2) * 2.2)
    wall = flat("#33505a") * light[..., None] * (0.96 + 0.08 * noise(7, 5, 5)[..., None])
    return grain(strokes(wall.astype("f4"), _clock_wall), 0.008)


def _clock_wall(pen: Pen, scale: float) -> None:
    faces = ("#f4eddc", "#efe3c4", "#fbf7ec", "#e5dfd0", "#1f2a30", "#f0e6d2", "#d9c9a6")
    frames = ("#3b2a20", "#8a6a38", "#20262b", "#6e3b2c", "#b08b4a", "#4d5a52")
    places = (
        (150, 190, 112), (440, 150, 92), (735, 215, 150), (1065, 170, 108), (1345, 215, 128), (1555, 120, 74),
        (95, 500, 84), (330, 455, 136), (590, 520, 88), (850, 560, 122), (1115, 485, 142), (1400, 540, 118),
        (175, 790, 140), (455, 800, 104), (690, 800, 96), (940, 880, 126), (1215, 815, 100), (1480, 850, 146),
    )  # fmt: skip
    for number, (px, py, radius) in enumerate(places):
        face, frame = faces[number * 3 % len(faces)], frames[number * 5 % len(frames)]
        _clock(pen, ((px + 8) * scale, (py - 2) * scale), radius * scale, _rgb(face), _rgb(frame), number % 3)


def _rgb(code: str) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in colour(code) * 255)
    return red, green, blue


def _clock(
    pen: Pen,
    centre: Point,
    radius: float,
    face: tuple[int, int, int],
    frame: tuple[int, int, int],
    style: int,
) -> None:
    px, py = centre
    ink = (40, 34, 30) if sum(face) > 300 else (226, 214, 184)

    def disc(size: float, fill: tuple[int, ...], shift: float = 0) -> None:
        pen.ellipse([px - size + shift, py - size + shift, px + size + shift, py + size + shift], fill=fill)

    def hand(hours: float, inner: float, outer: float, thick: float, fill: tuple[int, ...]) -> None:
        angle = hours / 12 * 2 * math.pi
        dx, dy = math.sin(angle) * radius, -math.cos(angle) * radius
        line = [(px + dx * inner, py + dy * inner), (px + dx * outer, py + dy * outer)]
        pen.line(line, fill=fill, width=max(1, int(thick * radius)))

    for spread in range(8, 0, -1):
        disc(radius + spread * radius * 0.012, (8, 16, 20, 26), radius * 0.06)
    disc(radius, frame)
    disc(radius * 0.94, tuple(int(value * 0.72) for value in frame))
    disc(radius * 0.89, face)
    for mark in range(60 if style == 0 else 12):
        hours = mark / 5 if style == 0 else mark
        major = style != 0 or mark % 5 == 0
        hand(hours, 0.70 if major else 0.79, 0.83, 0.035 if major else 0.012, ink)
    hand(9 + 41 / 60, -0.12, 0.46, 0.062, ink)
    hand(12 * 41 / 60, -0.16, 0.72, 0.04, ink)
    disc(radius * 0.055, ink)
    if style != 2:
        hand(12 * 12 / 60, -0.2, 0.76, 0.014, (168, 56, 44))
        disc(radius * 0.03, (168, 56, 44))


def net() -> Array:
    """A net hung up to be mended, with the light behind it and one hole left."""
    sky = (
        flat("#e9dcc0")
        * (0.82 + 0.22 * np.exp(-(np.hypot((x - 0.62) * 1.5, y - 0.42) ** 2) * 1.9))[..., None]
    )
    sky = sky * (0.96 + 0.08 * noise(9, 3, 3)[..., None])
    return grain(strokes(sky.astype("f4"), _mesh), 0.003)


def _knot(column: int, row: int) -> Point:
    """Where a knot hangs: rows sag, and the hole pulls its neighbours apart."""
    px = column * 66.0 + (row % 2) * 33.0 - 60
    py = row * 50.0 + 42 + 30 * math.sin(px / WIDTH * math.pi * 2.3 + row * 0.08) * (row / 21)
    dx, dy = px - 0.62 * WIDTH, py - 0.46 * HEIGHT
    push = 62 * math.exp(-((dx * dx + dy * dy) / 30000))
    away = math.hypot(dx, dy) or 1
    return px + dx / away * push, py + dy / away * push


def _mesh(pen: Pen, scale: float) -> None:
    twine, hole = (46, 72, 78, 255), {(15, 8), (16, 9), (15, 9), (16, 8), (15, 10), (16, 10)}
    for row in range(22):
        for column in range(27):
            if (column, row) in hole:
                continue
            sx, sy = _knot(column, row)
            for step in (0, 1):
                nearby = (column + step - (1 if row % 2 == 0 else 0), row + 1)
                if nearby in hole or row == 21:
                    continue
                ex, ey = _knot(*nearby)
                pen.line(
                    [(sx * scale, sy * scale), (ex * scale, ey * scale)], fill=twine, width=int(4.2 * scale)
                )
            size = 6 * scale
            pen.ellipse(
                [sx * scale - size, sy * scale - size, sx * scale + size, sy * scale + size], fill=twine
            )
    pen.line([(0, 40 * scale), (WIDTH * scale, 40 * scale)], fill=(122, 84, 48, 255), width=int(15 * scale))
    for float_at in range(60, WIDTH, 168):
        box = [(float_at - 34) * scale, 18 * scale, (float_at + 34) * scale, 62 * scale]
        pen.rounded_rectangle(box, radius=20 * scale, fill=(188, 92, 52, 255))
    _needle(pen, scale)


def _needle(pen: Pen, scale: float) -> None:
    """The mending needle, half-way through its first new mesh."""
    sx, sy = _knot(16, 7)
    loop = [(sx, sy), (sx - 14, sy + 60), (sx + 30, sy + 96), (sx + 70, sy + 118), (sx + 118, sy + 132)]
    pen.line(
        [(px * scale, py * scale) for px, py in loop],
        fill=(176, 52, 40, 255),
        width=int(4 * scale),
        joint="curve",
    )
    tip = (sx + 118, sy + 132)
    angle = math.radians(24)

    def turned(along: float, aside: float) -> Point:
        return (
            (tip[0] + along * math.cos(angle) - aside * math.sin(angle)) * scale,
            (tip[1] + along * math.sin(angle) + aside * math.cos(angle)) * scale,
        )

    outline = [(0, -9), (0, 9), (150, 13), (205, 0), (150, -13)]
    pen.polygon([turned(along, aside) for along, aside in outline], fill=(150, 106, 58, 255))
    pen.line([turned(60, 0), turned(150, 0)], fill=(233, 220, 192, 255), width=int(7 * scale))
