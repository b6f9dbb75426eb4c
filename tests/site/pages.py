"""Looks at a page as a validator would: says everything that is wrong with it."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html import unescape
from xml.etree.ElementTree import Element

import html5lib

from webapp import paths
from webapp.security import IN_PAGE


def parse(html: str) -> tuple[Element, list[str]]:
    """The document and the parse errors of the HTML standard."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    document = parser.parse(html)
    return document, [f"line {position[0]}: {code}" for position, code, _ in parser.errors]


def faults(html: str) -> list[str]:
    """What a page must not have, in words; empty for a good page."""
    document, found = parse(html)
    elements = list(document.iter())
    found += _landmarks(document)
    found += [
        f"id {name} stands twice"
        for name, count in Counter(e.get("id") for e in elements).items()
        if name and count > 1
    ]
    known = {element.get("id") for element in elements}
    for element in elements:
        if isinstance(element.tag, str):
            found += _element_faults(element, known)
    return found


def _landmarks(document: Element) -> list[str]:
    found = []
    for tag in ("h1", "title", "main"):
        if (count := len(list(document.iter(tag)))) != 1:
            found.append(f"{count} <{tag}>")
    if not document.get("lang"):
        found.append("no language")
    for tag in ("nav", "aside"):
        unnamed = [e for e in document.iter(tag) if not (e.get("aria-label") or e.get("aria-labelledby"))]
        if unnamed:
            found.append(f"{len(unnamed)} <{tag}> without a name")
    return found


@cache
def _scripts_in_pages() -> set[str]:
    """The scripts that may stand in a page: the policy names their hashes."""
    folder = paths.dist_dir()
    names = json.loads((folder / "manifest.json").read_text())["files"]
    return {(folder / names[name]).read_text() for name in IN_PAGE}


def _element_faults(element: Element, known: set[str | None]) -> list[str]:
    found = []
    tag = element.tag
    for name in element.attrib:
        if name == "style" or name.startswith(("on", "hx-on")):
            found.append(f"<{tag} {name}>")
    is_script = tag == "script" and not element.get("src") and element.get("type") != "application/ld+json"
    if tag == "style" or (is_script and element.text not in _scripts_in_pages()):
        found.append(f"inline <{tag}>")
    if tag == "img" and (element.get("alt") is None or not element.get("width") or not element.get("height")):
        found.append(f"img {element.get('src')} lacks alt, width or height")
    if tag == "img" and re.search(r"\.(jpe?g|png|webp|gif)$", element.get("alt") or "", re.IGNORECASE):
        found.append(f"img {element.get('src')} has a file name as alt")
    for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
        found += [
            f"{name}={target} leads nowhere"
            for target in (element.get(name) or "").split()
            if target not in known
        ]
    target = element.get("hx-target") or ""
    if target.startswith("#") and target[1:] not in known:
        found.append(f"hx-target={target} leads nowhere")
    return found


def links(html: str) -> set[str]:
    """The addresses within the site that the page leads to, without fragments."""
    found = (unescape(value).split("#")[0] for value in re.findall(r'(?:href|src|hx-get)="(/[^"]*)"', html))
    return {value for value in found if not value.startswith("//")}
