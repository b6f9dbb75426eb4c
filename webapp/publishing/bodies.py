"""Filling in what is derived from an article's text: clean HTML, word count, excerpt, search text."""

from __future__ import annotations

from webapp import markup
from webapp.models import Article

EXCERPT_WORDS = 30


def fill(
    article: Article, html: str, *, appendix: str = "", excerpt: str = "", is_clean: bool = False
) -> None:
    """Sets body_html, appendix_html, word_count, excerpt and the search columns from HTML that is cleaned here.

    Call it when headline and standfirst are set. A written `excerpt` wins over the beginning of the body.
    `is_clean`: body and appendix have just come out of markup.clean_article, so they are not cleaned twice.
    """
    article.body_html = html if is_clean else markup.clean_article(html)
    article.appendix_html = appendix if is_clean or not appendix else markup.clean_article(appendix)
    text = markup.plain_text(article.body_html)
    article.word_count = markup.word_count(text)
    article.excerpt = markup.clean_text(excerpt) or markup.excerpt(text, words=EXCERPT_WORDS)
    article.search_headline = markup.search_words(article.headline)
    article.search_standfirst = markup.search_words(article.standfirst or "")
    article.search_text = markup.search_words(f"{article.excerpt} {text}")
