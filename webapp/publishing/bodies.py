"""Filling in what is derived from an article's text: clean HTML, word count, excerpt, search text."""

from __future__ import annotations

from webapp import markup
from webapp.models import Article

EXCERPT_WORDS = 30


def fill(article: Article, html: str, *, appendix: str = "", excerpt: str = "") -> None:
    """Sets body_html, appendix_html, word_count, excerpt and the search columns from HTML that is cleaned here.

    Call it when headline and standfirst are set. A written `excerpt` wins over the beginning of the body.
    """
    article.body_html = markup.clean_article(html)
    article.appendix_html = markup.clean_article(appendix) if appendix else ""
    text = markup.plain_text(article.body_html)
    article.word_count = markup.word_count(text)
    article.excerpt = markup.clean_text(excerpt) or markup.excerpt(text, words=EXCERPT_WORDS)
    article.search_headline = markup.fold(f"{article.headline} {article.standfirst or ''}")
    article.search_text = markup.fold(
        f"{article.headline} {article.standfirst or ''} {article.excerpt} {text}"
    )
