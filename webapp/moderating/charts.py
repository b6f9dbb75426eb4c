"""The charts of the newsroom's numbers, drawn by pygal. Each stands beside a table with the same figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from flask import Response
from pygal.etree import etree
from pygal.style import Style

# pygal hangs a finder of plugins into Python's imports, in a form that Python gave up; we use none.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

LIGHT = {"ink": "#26292f", "soft": "#5d626b", "series": ("#4a5d7c", "#2f7d5b", "#b3372b")}
DARK = {"ink": "#eceae4", "soft": "#a9adb5", "series": ("#9db2d6", "#6fc39b", "#f0897b")}


def lines(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]], *, is_dark: bool) -> str:
    """Numbers by day, as an SVG document. `series`: name to as many numbers as there are labels."""
    every = max(1, len(labels) // 8)
    chart: Any = pygal.Line(
        style=_style(DARK if is_dark else LIGHT),
        width=900,
        height=320 if len(series) == 1 else 360,
        show_legend=len(series) > 1,
        js=[],
        show_dots=len(labels) < 15,
        x_labels_major_every=every,
        show_minor_x_labels=False,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        truncate_label=-1,
        truncate_legend=-1,
        include_x_axis=True,
        disable_xml_declaration=True,
        pretty_print=False,
        title=None,
        x_title=title,
    )
    chart.x_labels = labels
    for name, values in series.items():
        chart.add(name, list(values))
    tree = chart.render_tree()
    # What would make it move in a page of its own: nothing here runs scripts.
    for holder in tree.iter():
        for script in [one for one in holder if str(one.tag).endswith("script")]:
            holder.remove(script)
    return etree.tostring(tree, encoding="unicode")


def as_picture(response: Response) -> Response:
    """An answer that holds a drawing. It brings its own styles; it loads nothing and runs nothing."""
    response.mimetype = "image/svg+xml"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _style(colours: dict[str, Any]) -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=colours["soft"],
        foreground_strong=colours["ink"],
        foreground_subtle=colours["soft"],
        colors=colours["series"],
        font_family="Public Sans, sans-serif",
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=14,
        title_font_size=14,
        opacity="1",
        stroke_width=2,
    )
