"""A WordPress text, in blocks or classic, as clean HTML of this site.

Pure: what the export knows comes in with the `Context`, what is found out goes back with the result.
"""

import re
from dataclasses import dataclass, field

from webapp import markup
from webapp.markup_text import printable
from webapp.markup_tokens import serialise, tokenise
from webapp.publishing.wordpress_block_html import Renderer
from webapp.publishing.wordpress_blocks import Block, has_blocks, parse
from webapp.publishing.wordpress_context import Context, Findings, MediaInfo, MediaRefs
from webapp.publishing.wordpress_rewriting import Rewriter

__all__ = ["Context", "Converted", "MediaInfo", "MediaRefs", "convert"]

# The block editor puts these marks into blocks of their own.
_WRAPPED_MARK = re.compile(
    r"<!--\s+wp:(?:nextpage|more)(?:\s[^<>]*)?-->\s*+(<!--(?:nextpage|more[^<>]*|noteaser)-->(?:\s*+<!--noteaser-->)?)"
    r"\s*+<!--\s+/wp:(?:nextpage|more)\s+-->"
)
_PAGE = re.compile(r"\n?<!--nextpage-->\n?")
_MORE = re.compile(r"<!--more[^<>]*-->")
_NO_TEASER = "<!--noteaser-->"
_MARKS = re.compile(r"<!--(?:more[^<>]*|noteaser)-->")


@dataclass(frozen=True, slots=True)
class Converted:
    """A text of WordPress as this site keeps it.

    `html`: clean, pages parted by `markup.PAGE_BREAK`. `more_html`: what stood before `<!--more-->`, clean; empty
    without that mark. `appendix_html`: the publisher's own HTML block at the end, clean (see `convert`).
    `unknown_shortcodes`: names of those that stay as text. `notes`: sentences for the report.
    """

    html: str
    more_html: str = ""
    appendix_html: str = ""
    unknown_shortcodes: list[str] = field(default_factory=list)
    media_refs: MediaRefs = field(default_factory=MediaRefs)
    notes: list[str] = field(default_factory=list)


def convert(source: str, context: Context | None = None) -> Converted:
    """Converts and cleans one text.

    The appendix is the last outermost block when that is `wp:html` and something stands before it: publishers
    put boilerplate there, and it is not reading. `<!--noteaser-->` hides what stands before `<!--more-->`.
    """
    context = context or Context()
    findings = Findings()
    source, appendix = _without_appendix(_WRAPPED_MARK.sub(r"\1", printable(source)))
    pages = _PAGE.split(source)
    teaser, more, rest = _at_more(pages[0])
    if more and _NO_TEASER in source:
        pages[0] = rest
    converter = _Converter(context, findings)
    return Converted(
        html=markup.clean_article(markup.PAGE_BREAK.join(converter.raw(page) for page in pages)),
        more_html=markup.clean_article(converter.raw(teaser)) if more else "",
        appendix_html=markup.clean_article(converter.rewritten(appendix)),
        unknown_shortcodes=findings.unknown_shortcodes,
        media_refs=findings.media_refs,
        notes=findings.notes,
    )


class _Converter:
    def __init__(self, context: Context, findings: Findings) -> None:
        self.context = context
        self.findings = findings

    def raw(self, page: str) -> str:
        """One page as HTML that is not cleaned yet."""
        html = Renderer(self.context, self.findings).source(_MARKS.sub("", page))
        return self.rewritten(html)

    def rewritten(self, html: str) -> str:
        """HTML with this site's classes and addresses."""
        return serialise(Rewriter(self.context, self.findings).rewrite(tokenise(html)))


def _at_more(page: str) -> tuple[str, bool, str]:
    """What stands before the mark, whether there is one, and what stands after it."""
    mark = _MORE.search(page)
    return (page[: mark.start()], True, page[mark.end() :]) if mark else ("", False, page)


def _without_appendix(source: str) -> tuple[str, str]:
    """The source without its last block, and that block's HTML, when it is one of raw HTML."""
    if not has_blocks(source):
        return source, ""
    children = [child for child in parse(source) if isinstance(child, Block) or child.strip()]
    last = children[-1] if children else ""
    if len(children) < 2 or isinstance(last, str) or last.name != "core/html":
        return source, ""
    return source[: last.start], last.html()
