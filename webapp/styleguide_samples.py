"""Made-up objects for the style guide: whole enough for the templates, and never stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import inspect

from webapp import clock
from webapp.assets import asset_url
from webapp.commenting.flags import REASONS
from webapp.commenting.forms import CommentForm
from webapp.commenting.pages import Reply
from webapp.commenting.queries import Discussion
from webapp.commenting.rules import Closed, Shown
from webapp.models import Account, Article, ArticleTotals, Author, Category, Media, Status, Tag
from webapp.reading.archive_queries import Archive
from webapp.reading.rules import Heading, Section
from webapp.reading.search_queries import Filters, Found
from webapp.sharing.networks import NETWORKS
from webapp.site import Link, Logo, Site

FAR = 900_000_000
"""Where sample numbers begin. No row has one, so a button that is pressed by mistake finds nothing."""
TEXT = "<p>A comment of a line or two, with <em>emphasis</em> and a <code>word of code</code>.</p>"
_Row = TypeVar("_Row")


def ago(**span: float) -> datetime:
    return clock.now() - timedelta(**span)


def made(kind: type[_Row], **fields: Any) -> _Row:
    """A row in no session, with the defaults that storing it would give."""
    for column in inspect(kind).local_table.columns:
        default = column.default
        if default is not None and column.key not in fields and not column.computed:
            fields[column.key] = default.arg(None) if default.is_callable else default.arg
    return kind(**{name: value for name, value in fields.items() if value is not None})


def article(number: int = 1, **fields: Any) -> Article:
    """A published article of an author in a section, without a picture."""
    known = {
        "id": FAR + number,
        "headline": "A headline without a photograph gets a cover in its category’s colour",
        "standfirst": "The line below says in two sentences what the article is about, and then it stops.",
        "slug": "sample",
        "status": Status.published,
        "word_count": 900,
        "created_at": ago(days=2),
        "published_at": ago(hours=3),
        "authors": [MARA],
        "categories": [SEA],
        "tags": [],
        "lead_media": None,
        "totals": made(ArticleTotals, view_count=1094, share_count=427, comment_count=12),
    }
    given = known | fields
    row = made(Article, **given)
    row.lead_media = given["lead_media"]
    return row


def media(like: Media | None = None, number: int = 1, **fields: Any) -> Media:
    """A file of the library; a picture as `like` where there is one, else one whose file is not there."""
    names = ("file", "mime", "width", "height", "rendition", "tint")
    known = (
        {name: getattr(like, name) for name in names}
        if like
        else {"file": "2026/12/gone.jpg", "mime": "image/jpeg"}
    )
    known |= {
        "id": FAR + number,
        "created_at": ago(days=1),
        "byte_size": 482_000,
        "alt": "A pier at low water",
    }
    return made(Media, **(known | fields))


MARA = made(
    Author,
    id=FAR,
    name="Mara Lindqvist",
    slug="mara",
    bio="Writes about coasts.",
    website="https://mara.example/",
)
SEA = made(Category, id=FAR, name="Sea", slug="sea", path="sea", position=1)
TOWN = made(Category, id=FAR + 3, name="Town", slug="town", path="sea/town", position=2, parent_id=FAR)


def for_readers(pictured: Article | None) -> dict[str, Any]:
    """What the parts of the reader's page take."""
    bare, older = article(), article(2, headline="An older one, on which the next part of the page leads")
    whole = article(
        3,
        headline="An article with all that can stand around its text",
        kicker="Long read",
        updated_at=ago(hours=1),
        tags=[
            made(Tag, id=FAR, name="Tides", slug="tides"),
            made(Tag, id=FAR + 1, name="Piers", slug="piers"),
        ],
        appendix_html="<p>This article appeared first in the print edition.</p>",
        corrections=[
            {
                "number": 2,
                "change": "correction",
                "at": ago(hours=1).isoformat(),
                "note": "It was the west pier.",
            }
        ],
        lead_media=media(pictured.lead_media, caption="The pier at noon", credit="Sample")
        if pictured
        else None,
    )
    protected = article(4, headline="An article that asks for a password", password_hash="x")  # noqa: S106 (of nobody)
    fresh = article(5, headline="Something that has just appeared", published_at=ago(minutes=5))
    return {
        "pictured": pictured,
        "bare": bare,
        "older": older,
        "whole": whole,
        "protected": protected,
        "fresh": fresh,
        "grounds": [
            article(10 + number, headline=f"Ground {number}", categories=[_of_ground(number)])
            for number in range(6)
        ],
        "headings": [
            Heading("part-text", "What stands first"),
            Heading("part-text", "What comes <em>then</em>"),
        ],
        "sections": [
            Section(SEA, rhythm, [pictured or bare, bare, older, fresh])
            for rhythm in ("beacon", "four", "words")
        ],
        "ranked": [
            (one, SimpleNamespace(view_count=views))
            for one, views in ((bare, 1094), (older, 312), (fresh, 40))
        ],
        "archive": Archive(
            "category", "Town", "/category/sea/town/", subject=TOWN, above=[SEA], description="All of it."
        ),
        "months": [
            SimpleNamespace(url="/2026/12/", name="December", count=12),
            SimpleNamespace(url="/2026/11/", name="November", count=31),
        ],
        "found_articles": Found([bare, older], 1240, is_cut=True),
        "nothing_found": Found([], 0),
        "wanted": Filters(category=SEA, author=MARA, days=7),
        "categories": [SEA, TOWN],
        "deep_site": _deep_site(),
        "comments": _comments(),
        "discussions": _discussions(article(6, comments_open=True)),
        "faulty": _faulty_reply(),
        "blank": Reply("/sample", CommentForm()),
        "reasons": REASONS,
        "totals": made(
            ArticleTotals, view_count=1094, share_count=427, imported_view_count=800, imported_share_count=90
        ),
        "shares": {network.name: 10 + number for number, network in enumerate(NETWORKS)},
    }


def _of_ground(number: int) -> Category:
    """A category whose covers have this ground: it follows from the letters of the slug."""
    return made(
        Category, id=FAR + 10 + number, name="Section", slug=chr(ord("f") + number), path=f"ground-{number}"
    )


def _deep_site() -> Site:
    """A site with a logo, a menu of two levels, and something in every other menu."""
    site = Site()
    below = [Link("Harbour", "#part-around"), Link("Fishing", "#part-around")]
    site._menus = {
        "main": [Link("Sea", "#part-around", is_current=True, children=below), Link("Town", "#part-around")],
        "top": [Link("About us", "#part-around")],
        "social": [Link("Mastodon", "https://social.example/@paper", is_outside=True)],
    }
    site.tagline = "A paper by the water"
    site.logo = Logo(asset_url("img/icon-180.png"), "", 180, 180)
    return site


def _shown(number: int, **fields: Any) -> Shown:
    known = {"name": "Ingrid S.", "website": "", "html": TEXT, "created_at": ago(minutes=20), "path": ""}
    return Shown(id=FAR + number, **(known | fields))


def _comments() -> dict[str, Shown]:
    """One comment for each state."""
    return {
        "as a reader sees it": _shown(1, like_count=3),
        "liked by this reader, with a website": _shown(
            2, is_liked=True, like_count=1240, website="https://reader.example/"
        ),
        "by the article’s author": _shown(3, name="Mara Lindqvist", badge="Author"),
        "by somebody who has proved the name, changed": _shown(
            4, name="Noor", badge="Verified", edited_at=ago(minutes=5)
        ),
        "by the newsroom, as an answer": _shown(
            5, name="Ines", badge="Staff", parent_id=1, parent_name="Ingrid S.", to_id=FAR + 1
        ),
        "one’s own, held, and still to be changed": _shown(6, is_own=True, is_own_held=True, minutes_left=4),
        "one’s own, approved": _shown(7, is_own=True, minutes_left=4),
        "in another script": _shown(8, name="ليلى", html="<p>شكرا على المقال، أعجبني كثيرا.</p>"),
    }


def _discussions(under: Article) -> dict[str, Discussion]:
    """A lively discussion, one that waits for its first comment, and closed ones."""
    answer = _shown(12, name="Ines", badge="Staff", parent_id=FAR + 11)
    threads = [
        _shown(
            11,
            replies=[answer, _shown(13, name="Teo", replies=[_shown(14, name="Noor")])],
            more=31,
            like_count=8,
        ),
        _shown(15, removed_as="trashed", replies=[_shown(16, name="Jan")]),
        _shown(17, removed_as="withdrawn", replies=[_shown(18, name="Eva")]),
    ]
    mention: Any = SimpleNamespace(
        id=FAR + 19, name="The Harbour Blog", website="https://blog.example/", created_at=ago(days=1)
    )
    return {
        "lively": Discussion(
            under, 46, threads, [mention], page=2, pages=3, pinned=_shown(10, name="Ines", badge="Staff")
        ),
        "empty": Discussion(under, 0, []),
        "closed": Discussion(under, 2, [_shown(20)], closed=Closed(ago(days=3), 30)),
        "off duty": Discussion(under, 0, [], closed=Closed(opens_at=clock.now() + timedelta(hours=9))),
    }


def _faulty_reply() -> Reply:
    form = CommentForm(data={"body": "Only a text so far."})
    form.name.errors = ["Please give a name; any will do."]
    form.email.errors = ["Please give your e-mail address; it is not published."]
    return Reply("/sample", form, preview="<p>Only a text so far.</p>")


ADA = made(Account, id=FAR, email="ada@desk.example", name="Ada Brandt", role="admin", password_hash="x")  # noqa: S106
TEO = made(Account, id=FAR + 1, email="teo@desk.example", name="Teo Marsh", role="editor", password_hash="x")  # noqa: S106
