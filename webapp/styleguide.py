"""`/_styleguide`: every token and component in its states, from the templates that readers get. Development only."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Blueprint, abort, current_app, render_template

from webapp import clock
from webapp.assets import EXTENSION
from webapp.commenting.forms import CommentForm
from webapp.commenting.pages import Reply
from webapp.commenting.rules import Shown
from webapp.models import Article, ArticleTotals, Author, Category
from webapp.reading import queries
from webapp.sharing.networks import NETWORKS

bp = Blueprint("styleguide", __name__)


@bp.get("/_styleguide")
def styleguide() -> str:
    """The living page. Stories are real ones as far as there are any; the other samples need no database."""
    if not current_app.extensions["standfirst_settings"].values["DEVELOPMENT"]:
        abort(404)
    newest = queries.latest(None, None).articles
    pictured = [one for one in newest if one.lead_media]
    return render_template(
        "styleguide/styleguide.html",
        pictured=pictured[0] if pictured else None,
        bare=_article(),
        comments=_comments(),
        faulty=_faulty_reply(),
        icons=_icons(),
        totals=ArticleTotals(view_count=1094, share_count=427, imported_view_count=0, imported_share_count=0),
        shares={network.name: 10 + number for number, network in enumerate(NETWORKS)},
    )


def _icons() -> list[str]:
    """The names of the sprite's drawings."""
    assets = current_app.extensions[EXTENSION]
    sprite = assets.files[assets.names["icons.svg"]].body.decode()
    return re.findall(r'id="i-([^"]+)"', sprite)


def _article() -> Article:
    sea = Category(id=1, name="Sea", slug="sea", path="sea", position=1)
    article = Article(
        id=1,
        kind="article",
        headline="A headline without a photograph gets a cover in its category’s colour",
        standfirst="The line below says in two sentences what the article is about, and then it stops.",
        excerpt="",
        kicker="",
        slug="sample",
        word_count=900,
        published_at=clock.now() - timedelta(hours=3),
        canonical_url="",
    )
    article.categories = [sea]
    article.authors = [
        Author(id=1, name="Mara Lindqvist", slug="mara", bio="Writes about coasts.", website="")
    ]
    article.totals = ArticleTotals(comment_count=12)
    return article


def _comments() -> dict[str, Shown]:
    """One comment for each state."""
    ago = clock.now() - timedelta(minutes=20)
    text = "<p>A comment of a line or two, with <em>emphasis</em> and a <code>word of code</code>.</p>"

    def shown(number: int, **fields: object) -> Shown:
        values: dict[str, object] = {"name": "Ingrid S.", "website": "", "html": text, "created_at": ago}
        return Shown(id=number, path="", **(values | fields))  # pyright: ignore[reportArgumentType]

    return {
        "as a reader sees it": shown(1, like_count=3),
        "liked by this reader, with a website": shown(
            2, is_liked=True, like_count=1240, website="https://reader.example/"
        ),
        "by the article’s author": shown(3, name="Mara Lindqvist", badge="Author"),
        "by the newsroom, as an answer": shown(
            4, name="Ines", badge="Staff", parent_id=1, parent_name="Ingrid S.", to_id=1
        ),
        "held, to its writer": shown(5, is_own_held=True),
        "in another script": shown(6, name="ليلى", html="<p>شكرا على المقال، أعجبني كثيرا.</p>"),
    }


def _faulty_reply() -> Reply:
    form = CommentForm(data={"body": "Only a text so far."})
    form.name.errors = ["Please give a name; any will do."]
    form.email.errors = ["Please give your e-mail address; it is not published."]
    return Reply("/sample", form)
