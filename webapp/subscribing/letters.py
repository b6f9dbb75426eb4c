"""An edition as a letter: for one reader, for a test, for the preview."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from webapp import pictures
from webapp.mailing.letters import Action, Letter, Part, Story, Words
from webapp.models import Article, Edition
from webapp.reading.rules import headline_of
from webapp.settings import setting
from webapp.subscribing import links

PICTURE_WIDTH = 800
LONGEST_TEXT = 260


def letter(edition: Edition, articles: Sequence[Article], email: str, *, is_test: bool = False) -> Letter:
    """What goes to `email`, with the link that ends it for this address."""
    parts: list[Part] = [Words(text) for text in paragraphs(edition.intro)]
    parts += [_story(article, is_first=not place) for place, article in enumerate(articles)]
    parts.append(Action(f"More at {setting('SITE_TITLE')}", f"{setting('SITE_URL')}/"))
    imprint = setting("NEWSLETTER_IMPRINT")
    why = (
        f"You get this because you confirmed it at {setting('SITE_URL')}. Nobody counts whether you open it."
    )
    return Letter(
        ("Test: " if is_test else "") + subject_of(edition, articles),
        tuple(parts),
        footer=f"{imprint} {why}".strip(),
        stop_address=links.stop_address(email),
        stop_words="Stop the newsletter",
        auto="",
    )


def subject_of(edition: Edition, articles: Sequence[Article]) -> str:
    """Its own, or the headline of what stands first."""
    first = headline_of(articles[0]) if articles else ""
    return edition.subject or first or setting("SITE_TITLE")


def paragraphs(text: str) -> list[str]:
    """What empty lines separate; single line ends are spaces."""
    return [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _story(article: Article, *, is_first: bool) -> Story:
    media = article.lead_media if is_first else None
    picture = ""
    if media and media.rendition and media.width:
        path = pictures.fallback(media.rendition, media.width, PICTURE_WIDTH)
        picture = setting("SITE_URL") + path
    text = textwrap.shorten(article.standfirst or article.excerpt, LONGEST_TEXT, placeholder=" …")
    return Story(
        headline_of(article),
        text,
        setting("SITE_URL") + article.permalink,
        kicker=article.kicker or "",
        picture=picture,
        alt=(media.alt if picture and media else "") or "",
    )
