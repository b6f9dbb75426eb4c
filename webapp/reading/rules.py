"""How a front page is put together and what an article's text is made ready with: no Flask, no SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from webapp.models import Article, Category

TRENDING_HOURS = 7 * 24
TRENDING_DAYS = {1: "24 hours", 7: "7 days", 30: "30 days"}
"""The windows that the page of what is trending offers, by their days."""
"""The window of the ranking that readers see; a smaller paper has little to rank in a day."""
RAIL_LENGTH = 13
LEAD_AMONG = 6
LEAD, SECONDS = 1, (2, 3)
"""The places of the front page that the newsroom may fill by pinning."""
RANKED_LENGTH = 10
_RHYTHMS = ("four", "words", "beacon")
_SHOWN = {"beacon": 4, "four": 4, "words": 7}
_LEAST = {"beacon": 1, "four": 2, "words": 4}


@dataclass(frozen=True)
class Section:
    """One category on the front page. `rhythm`: beacon (picture left), four (pictures on top), words (none)."""

    category: Category
    rhythm: str
    articles: list[Article]


@dataclass
class Front:
    """The parts of a front page; each may be empty."""

    lead: Article | None = None
    beside: list[Article] = field(default_factory=list)
    """Headlines under the lead, of its own section."""
    seconds: list[Article] = field(default_factory=list)
    rail: list[Article] = field(default_factory=list)
    """The latest; empty while everything stands on the page anyway."""
    sections: list[Section] = field(default_factory=list)


def compose_front(
    newest: Sequence[Article],
    by_section: Iterable[tuple[Category, Sequence[Article]]],
    pinned: Mapping[int, Article],
) -> Front:
    """Places each article once, but for the rail, which is a list of its own.

    What is `pinned` stands at its place. For the rest, `newest` starts with the sticky ones, the first of which
    leads. Without one the newest with a photograph leads, as long as it is among the first LEAD_AMONG: a short
    alert need not stand in the largest type. The sections come in the newsroom's order. The first with anything
    left stands beside the rail; the others take the rhythms in turn, as far as they have articles.
    """
    free = [article for article in newest if article not in pinned.values()]
    lead = pinned.get(LEAD) or _lead(free)
    rest_of_newest = (article for article in free if article is not lead)
    seconds = [pinned.get(place) or next(rest_of_newest, None) for place in SECONDS]
    front = Front(lead=lead, seconds=[article for article in seconds if article])
    used = {article.id for article in (lead, *front.seconds) if article}
    for category, articles in by_section:
        left = [article for article in articles if article.id not in used]
        if not left:
            continue
        rhythm = _rhythm(len(front.sections), len(left))
        shown, rest = left[: _SHOWN[rhythm]], left[_SHOWN[rhythm] :]
        front.sections.append(Section(category, rhythm, shown))
        # By their ids: the sections were read at another time than the article's categories.
        if lead and category.id in {one.id for one in lead.categories} and not front.beside:
            front.beside = rest[:2]
        used.update(article.id for article in [*shown, *front.beside])
    if len(newest) > 3:
        front.rail = sorted(newest, key=_age, reverse=True)[:RAIL_LENGTH]
    return front


def _lead(newest: Sequence[Article]) -> Article | None:
    if not newest or newest[0].is_sticky:
        return newest[0] if newest else None
    pictured = (one for one in newest[:LEAD_AMONG] if one.photograph)
    return next(pictured, newest[0])


def _rhythm(place: int, available: int) -> str:
    wanted = _RHYTHMS[(place - 1) % len(_RHYTHMS)] if place else "beacon"
    return wanted if available >= _LEAST[wanted] else "beacon"


def _age(article: Article) -> tuple[float, int]:
    return (article.published_at.timestamp() if article.published_at else 0.0, article.id)


def window_in_words(hours: int) -> str:
    """The length of a window as readers say it, such as "the last 24 hours" or "the last 7 days"."""
    return f"the last {hours // 24} days" if hours % 24 == 0 and hours > 24 else f"the last {hours} hours"


def headline_of(article: Article) -> str:
    """The headline, or something to call an article by that came without one."""
    if article.headline.strip():
        return article.headline.strip()
    # A protected text gives nothing away, not even its first words.
    return "Untitled" if article.is_protected else " ".join(article.excerpt.split()[:8]) or "Untitled"


_HEADING = re.compile(r"<h2(?P<attributes>[^>]*)>(?P<inner>.*?)</h2>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")
_TABLE_EDGE = re.compile(r"<table\b[^>]*>|</table>")
_TABLE_BOX = '<div class="table-scroll" role="group" aria-label="Table" tabindex="0">'
CONTENTS_FROM = 3
"""An article with fewer headings needs no list of them."""


@dataclass(frozen=True)
class Heading:
    """A heading of the text; `html` is its clean text, already escaped."""

    id: str
    html: str


def with_contents(html: str) -> tuple[str, list[Heading]]:
    """Gives every h2 of clean HTML an id and lists them; the list is empty below CONTENTS_FROM."""
    headings: list[Heading] = []

    def name(match: re.Match[str]) -> str:
        inner = _TAG.sub("", match["inner"]).strip()
        given = _ID.search(match["attributes"])
        heading = Heading(given[1] if given else f"part-{len(headings) + 1}", inner)
        headings.append(heading)
        attributes = match["attributes"] if given else f'{match["attributes"]} id="{heading.id}"'
        return f"<h2{attributes}>{match['inner']}</h2>"

    marked = _HEADING.sub(name, html)
    named = [heading for heading in headings if heading.html]
    return marked, named if len(named) >= CONTENTS_FROM else []


def with_tags(html: str, tags: Mapping[str, str]) -> str:
    """Clean HTML with some of its tags written otherwise."""
    for tag, written in tags.items():
        html = html.replace(tag, written)
    return html


def with_scrolling_tables(html: str) -> str:
    """Puts each table of clean HTML into a box of its own, which scrolls by hand and by key where it is too wide."""
    depth = 0

    def frame(match: re.Match[str]) -> str:
        nonlocal depth
        if match[0] == "</table>":
            depth -= 1
            return match[0] + ("</div>" if depth == 0 else "")
        depth += 1
        return (_TABLE_BOX if depth == 1 else "") + match[0]

    return _TABLE_EDGE.sub(frame, html)
