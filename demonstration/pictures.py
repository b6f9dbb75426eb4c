"""Draw the demonstration's pictures again: `python demonstration/pictures.py [--png FOLDER] [NAME …]`.

The results are kept with the articles, so that a site starts without numpy. Whoever changes a scene draws it here
and commits the new file. Charts are set in the site's own sans; `--font FILE` says where its font file is.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from drawing import canvas, charts, coast, craft, deep, facts, patterns, town
from PIL import Image

FOLDER = Path(__file__).parent / "pictures"

SCENES: dict[str, Callable[[], canvas.Array]] = {
    "estuary": coast.estuary,
    "lighthouse": coast.lighthouse,
    "turbines": coast.turbines,
    "kelp": deep.kelp,
    "shelf": deep.shelf,
    "ice": deep.ice,
    "skyline": town.skyline,
    "bridge": town.bridge,
    "tram-map": town.tram_map,
    "rain": town.rain,
    "ridges": town.ridges,
    "stars": town.stars,
    "dunes": town.dunes,
    "books": craft.books,
    "weave": craft.weave,
    "clocks": craft.clocks,
    "net": craft.net,
    "sunflower": patterns.sunflower,
    "moons": patterns.moons,
    "bars": patterns.bars,
}
CHARTS: dict[str, Callable[[charts.Type], Image.Image]] = {
    "chart-late-water": charts.late_water,
    "chart-cold-night": charts.cold_night,
    "chart-price-of-an-hour": charts.price_of_an_hour,
    "chart-passengers": charts.passengers,
    "chart-daylight": facts.daylight,
    "chart-thirds": facts.thirds,
    "chart-cube": facts.cube,
}


def drawn(name: str, font: Path | None) -> Image.Image:
    """One picture, in full size."""
    if name in SCENES:
        return canvas.to_image(SCENES[name]())
    return CHARTS[name](charts.Type(font))


def main() -> None:
    """Draw what was asked for, or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*SCENES, *CHARTS)))
    parser.add_argument("--png", type=Path, help="also write large PNG files to this folder, to look at")
    parser.add_argument("--font", type=Path, help="font file for the charts")
    wanted = parser.parse_args()
    for name in wanted.names or (*SCENES, *CHARTS):
        image = drawn(name, wanted.font)
        if wanted.png:
            image.save(wanted.png / f"{name}.png")
        print(f"{name}: {canvas.save(image, FOLDER / f'{name}.webp') // 1000} kB")


if __name__ == "__main__":
    main()
