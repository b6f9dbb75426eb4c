"""Small tools to draw with: noise, gradients, masks and smooth strokes on arrays of light.

A picture is an array of shape (HEIGHT, WIDTH, 3) with red, green and blue between 0 and 1. A mask is an array of
shape (HEIGHT, WIDTH), 0 where nothing shows and 1 where everything does. Positions in scenes are fractions of the
width and the height, so that `x` and `y` run from 0 to 1.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Array = NDArray[np.float32]
Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw

WIDTH, HEIGHT = 1600, 1067
LARGEST_FILE = 118_000

rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype("f4")
x, y = columns / WIDTH, rows / HEIGHT


def colour(code: str) -> Array:
    """`#rrggbb` as three numbers between 0 and 1."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], "f4") / 255


def flat(code: str) -> Array:
    """A whole picture of one colour."""
    return np.ones((HEIGHT, WIDTH, 3), "f4") * colour(code)


def ramp(values: Array, *stops: tuple[float, str]) -> Array:
    """Colours along a gradient: `values` are looked up between the stops."""
    places = [place for place, _ in stops]
    colours = np.array([colour(code) for _, code in stops])
    channels = [np.interp(values, places, colours[:, k]) for k in range(3)]
    return np.stack(channels, -1).astype("f4")


def smooth(low: float | Array, high: float | Array, values: Array) -> Array:
    """0 below `low`, 1 above `high`, an S-curve in between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype("f4")


def blend(below: Array, above: Array, mask: Array) -> Array:
    """Lay `above` over `below` where the mask shows it."""
    shown = np.clip(mask, 0, 1)[..., None]
    return below * (1 - shown) + above * shown


def resized(values: Array, width: int, height: int) -> Array:
    """Values of a coarse grid, interpolated to a finer one."""
    return np.asarray(Image.fromarray(values.astype("f4")).resize((width, height), Image.Resampling.BICUBIC))


def noise(seed: int, cells: float, octaves: int = 6, gain: float = 0.5, stretch: float = 1.5) -> Array:
    """Clouds between 0 and 1; `stretch` is how many cells lie across for one down."""
    dice = np.random.default_rng(seed)
    total, strength = np.zeros((HEIGHT, WIDTH), "f4"), 1.0
    for _ in range(octaves):
        grid = dice.random((max(2, int(cells) + 2), max(2, int(cells * stretch) + 2)))
        total += strength * resized(grid, WIDTH, HEIGHT)
        strength *= gain
        cells *= 2
    return (total - total.min()) / (total.max() - total.min())


def profile(seed: int, cells: int = 3, octaves: int = 8, gain: float = 0.5) -> Array:
    """A mountain line: one height between 0 and 1 for each column."""
    dice = np.random.default_rng(seed)
    total, strength = np.zeros(WIDTH, "f4"), 1.0
    for _ in range(octaves):
        total += strength * resized(dice.random((1, cells + 2)), WIDTH, 1)[0]
        strength *= gain
        cells *= 2
    return (total - total.min()) / (total.max() - total.min())


def below(edge: Array) -> Array:
    """The mask of everything under a line (one `y` for each column), with a soft edge of a pixel."""
    return smooth(-0.0012, 0.0012, y - edge[None])


def ripples(seed: int, depth: Array, bands: tuple[tuple[int, float], ...]) -> Array:
    """Noise that narrows towards the horizon, around 0; `depth` is 0 at the horizon and 1 at the viewer."""
    dice = np.random.default_rng(seed)
    nearness = (np.log(depth + 0.04) - np.log(0.04)) / (np.log(1.04) - np.log(0.04))
    index = np.clip((nearness * (HEIGHT - 1)).astype(int), 0, HEIGHT - 1)
    total = np.zeros((HEIGHT, WIDTH), "f4")
    for frequency, strength in bands:
        grid = resized(dice.random((frequency * 6, max(3, frequency // 3))), WIDTH, HEIGHT)
        total += strength * (grid[index, columns.astype(int)] - 0.5)
    return total


def cells(points: Array, across: Array, down: Array) -> tuple[Array, Array, NDArray[np.int64]]:
    """For every pixel: the distance to the nearest point, to the second nearest, and the nearest one's number."""
    nearest = np.full((HEIGHT, WIDTH), 9.0, "f4")
    second, owner = nearest.copy(), np.zeros((HEIGHT, WIDTH), np.int64)
    for number, (px, py) in enumerate(points):
        distance = np.hypot(across - px, down - py)
        closer = distance < nearest
        second = np.where(closer, nearest, np.minimum(second, distance))
        owner = np.where(closer, number, owner)
        nearest = np.where(closer, distance, nearest)
    return nearest, second, owner


def strokes(picture: Array, draw: Callable[[Pen, float], None], fineness: int = 2) -> Array:
    """Let `draw(pen, scale)` paint on an enlarged copy, then shrink it, so that edges are smooth."""
    size = (WIDTH * fineness, HEIGHT * fineness)
    image = to_image(picture).resize(size, Image.Resampling.BICUBIC)
    draw(ImageDraw.Draw(image, "RGBA"), float(fineness))
    return np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)).astype("f4") / 255


def grain(picture: Array, amount: float, seed: int = 1) -> Array:
    """Add the slight unevenness of print, the same in all three colours."""
    return picture + np.random.default_rng(seed).normal(0, amount, (HEIGHT, WIDTH, 1)).astype("f4")


def to_image(picture: Array) -> Image.Image:
    """Pillow's image of a picture."""
    return Image.fromarray((np.clip(picture, 0, 1) * 255).astype("u1"))


def save(image: Image.Image, path: Path) -> int:
    """Write WebP at the best quality that stays under `LARGEST_FILE`; returns the size in bytes."""
    for quality in range(88, 30, -4):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST_FILE:
            break
    path.write_bytes(out.getvalue())
    return out.tell()
