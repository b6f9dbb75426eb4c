"""The page of an article, or of a page, which is an article of another kind: whoever knows the article calls it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, get_template_attribute, make_response, render_template, request
from markupsafe import Markup

from webapp import pictures
from webapp.commenting.pages import discussion_for
from webapp.markup import PAGE_BREAK
from webapp.models import Article, Kind
from webapp.reading import queries, rules
from webapp.reading.around import Around, around, whole
from webapp.reading.routes import related_context
from webapp.sharing.queries import shares_in


def render_article(
    article: Article, *, page: int = 1, status: int = 200, is_whole: bool = False, **context: Any
) -> Response:
    """Answers the page of an article that the reader may see.

    `page` counts from 1 in an article of several pages (404 beyond the last). `context` goes to the template and
    wins over what is worked out here: a comment form with its errors, for instance, and the `status` to go with it.
    `is_whole`: the article was read with around.whole_options in this request.
    """
    full = article if is_whole else whole(article.id)
    if "discussion" not in context:
        context["discussion"] = None if full.comments_hidden else discussion_for(full)
    values = article_context(full, page) | context
    return make_response(render_template("reading/article.html", **values), status)


def article_context(article: Article, page: int) -> dict[str, Any]:
    """What `reading/article.html` takes of an article read whole; three statements."""
    texts = article.body_html.split(PAGE_BREAK)
    if not 1 <= page <= len(texts):
        abort(404)
    body, contents = rules.with_contents(rules.with_scrolling_tables(_with_sizes(texts[page - 1])))
    is_page = article.kind == Kind.page
    related_page = 1 if is_page else _related_page()
    beside = around(article, related_page)
    return {
        "article": article,
        "is_page": is_page,
        "body": body,
        "contents": contents,
        "page": page,
        "page_count": len(texts),
        "older": beside.older,
        "newer": beside.newer,
        "totals": article.totals,
        "shares": shares_in(article.share_lines or ""),
        "swap": False,
        **({"related": []} if is_page else _related(article, beside, related_page)),
    }


def _related(article: Article, beside: Around, page: int) -> dict[str, Any]:
    """What the part with related articles takes. Worked out now where that has not been done, as for a minute after
    publication."""
    if not beside.related:
        return related_context(article, page)
    return {
        "article": article,
        "related": beside.related,
        "related_page": page,
        "related_has_more": beside.has_more,
    }


def _with_sizes(html: str) -> str:
    """A text whose pictures come in the sizes that were made of them; one statement, where it has pictures at all."""
    shown = pictures.in_text(html)
    found = queries.pictures(one.file for one in shown.values()) if shown else {}
    picture = get_template_attribute("components/picture.html", "picture")
    tags = {}
    for tag, one in shown.items():
        if one.file in found:
            width, height = (one.width, one.height) if one.width and one.height else (0, 0)
            tags[tag] = str(
                picture(found[one.file], "text", alt=Markup(one.alt), width=width, height=height)  # noqa: S704 (escaped already)
            )
    return rules.with_tags(html, tags)


def _related_page() -> int:
    page = request.args.get("related", 1, type=int)
    return page if 1 <= page <= 1000 else abort(404)
