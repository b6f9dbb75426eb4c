"""Charts of what is true outside these pages too: each one is calculated by the function that draws it."""

from __future__ import annotations

import math

from PIL import Image

from drawing.charts import ACCENT, INK, MONTHS, SEA, SOFT, Plot, Type

AIR = 1.225
"""Kilograms in a cubic metre of air at 15 °C at sea level."""
BETZ = 16 / 27
TILT = math.radians(23.44)
SUNRISE = math.radians(-0.833)
"""Where the sun's centre stands when its upper edge appears."""


def _hours_of_day(latitude: float, day: int) -> float:
    """Hours between sunrise and sunset on a day of the year (0 is 1 January)."""
    place = math.radians(latitude)
    declination = math.asin(math.sin(TILT) * math.sin(2 * math.pi * (day - 79) / 365.2422))
    cosine = (math.sin(SUNRISE) - math.sin(place) * math.sin(declination)) / (
        math.cos(place) * math.cos(declination)
    )
    return 24 / math.pi * math.acos(max(-1.0, min(1.0, cosine)))


def daylight(face: Type) -> Image.Image:
    """Hours of daylight through the year, by latitude."""
    plot = Plot(face, (0, 365), (0, 25))
    plot.rules([(0, "0"), (6, "6 h"), (12, "12"), (18, "18"), (24, "24")])
    plot.feet((15 + 30.4 * month, MONTHS[month]) for month in range(0, 12, 2))
    for latitude, shade, thick in ((0, SOFT, 4), (30, SOFT, 4), (53, ACCENT, 7), (65, SEA, 5)):
        plot.line([(day, _hours_of_day(latitude, day)) for day in range(366)], shade, thick)
    plot.note((172, _hours_of_day(65, 172)), (0, -32), "65° north", anchor="mm", fill=SEA)
    plot.note((172, _hours_of_day(53, 172)), (0, -34), "53° north", anchor="mm", fill=ACCENT)
    plot.note((172, _hours_of_day(30, 172)), (0, -32), "30°", anchor="mm", fill=SOFT)
    plot.note((172, _hours_of_day(0, 172)), (0, 34), "Equator", anchor="mm", fill=SOFT)
    return plot.finished()


def thirds(face: Type) -> Image.Image:
    """How far the intervals of equal temperament lie from the pure ones, in cents."""
    intervals = (
        ("Fifth", 3 / 2, 7),
        ("Fourth", 4 / 3, 5),
        ("Major third", 5 / 4, 4),
        ("Minor third", 6 / 5, 3),
        ("Major sixth", 5 / 3, 9),
    )
    plot = Plot(face, (-0.6, 4.6), (-20, 20))
    plot.rules([(-15, "−15"), (0, "pure"), (15, "+15")])
    for place, (name, ratio, semitones) in enumerate(intervals):
        away = 100 * semitones - 1200 * math.log2(ratio)
        start, end = plot.place(place - 0.3, max(away, 0)), plot.place(place + 0.3, min(away, 0))
        plot.pen.rectangle([*start, *end], fill=ACCENT if abs(away) > 10 else SEA)
        label = f"{away:+.1f}".replace("-", "−")
        plot.note((place, away), (0, -34 if away > 0 else 34), label, anchor="mm")
        plot.write((plot.place(place, -20)[0], plot.place(0, -20)[1] + 44), name, anchor="mm")
    plot.line([(-0.6, 0), (4.6, 0)], INK, 3)
    return plot.finished()


def cube(face: Type) -> Image.Image:
    """Power in a square metre of wind, and what a turbine rated at 500 W for each square metre takes of it."""
    plot = Plot(face, (0, 27), (0, 1250))
    plot.rules([(0, "0"), (500, "500 W"), (1000, "1 kW")])
    plot.feet((speed, f"{speed} m/s") for speed in (5, 10, 15, 20, 25))
    speeds = [step / 10 for step in range(271)]
    in_wind = [(speed, AIR / 2 * speed**3) for speed in speeds if AIR / 2 * speed**3 <= 1250]
    plot.line(in_wind, SOFT, 4)
    plot.line([(speed, BETZ * power) for speed, power in in_wind], SEA, 4)
    taken = [(speed, min(500.0, 0.43 * AIR / 2 * speed**3)) for speed in speeds if 3 <= speed <= 25]
    plot.line([(0, 0), (3, 0), *taken, (25, 0), (27, 0)], ACCENT, 7)
    plot.note((11.6, 955), (-18, 0), "In the wind", anchor="rm", fill=SOFT)
    plot.note((12.7, 744), (22, 16), "The most that can be taken", fill=SEA)
    plot.note((17.5, 500), (0, 40), "What a turbine takes", anchor="mm", fill=ACCENT)
    plot.note((25, 40), (-16, 0), "Storm: it stops", anchor="rm")
    return plot.finished()
