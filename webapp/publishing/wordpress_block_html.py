"""Blocks as HTML: most carry their own, some are made from their attributes, some make way."""

import re
from bisect import bisect_right
from collections.abc import Callable
from urllib.parse import urlsplit

from webapp.markup_embeds import PROVIDERS
from webapp.markup_links import web_address
from webapp.markup_tokens import End, Start, Token, escape_text, start_tag, tokenise, unescape
from webapp.publishing.wordpress_blocks import Block, has_blocks, parse
from webapp.publishing.wordpress_context import Context, Findings
from webapp.publishing.wordpress_figures import embedded
from webapp.publishing.wordpress_paragraphs import paragraphs
from webapp.publishing.wordpress_shortcodes import expand

# Blocks that WordPress fills at each request from the site around the text: this site has its own.
_DYNAMIC = frozenset(
    {"archives", "avatar", "calendar", "categories", "comments", "home-link", "latest-comments", "latest-posts",
     "loginout", "navigation", "page-list", "pattern", "query", "query-title", "query-total", "read-more", "rss",
     "search", "site-logo", "site-tagline", "site-title", "tag-cloud", "template-part", "term-description",
     "legacy-widget", "widget-group"}
)  # fmt: skip
_DYNAMIC_PREFIXES = ("post-", "comment-", "comments-", "query-")
# In these, brackets are no shortcodes and an address is only an address.
_LITERAL = frozenset({"core/code", "core/preformatted", "core/verse"})
_SILENT = frozenset({"core/spacer", "core/shortcode", "core/freeform", "core/html", "core/missing"})
_ADDRESS_LINE = re.compile(r"(?m)^[ \t]*+(https?://[^\s<>\"]++)[ \t]*+$")
_ADDRESS_PARAGRAPH = re.compile(r"<p(?:\s[^<>]*)?>\s*+(https?://[^\s<>\"]++)\s*+</p>")
_BLOCK_TAG = re.compile(r"<(?:p|div|ul|ol|table|h[1-6]|blockquote|figure|pre)\b", re.IGNORECASE)
_LIST_TAG = re.compile(r"</?(?:ul|li)\b[^<>]*>")
_PRE = re.compile(r"</?pre\b", re.IGNORECASE)
_DEEPEST_REUSE = 5


class Renderer:
    """Turns source, in blocks or classic, into HTML that is not cleaned yet. One object a text."""

    def __init__(self, context: Context, findings: Findings) -> None:
        self.context = context
        self.findings = findings
        self.reused: list[int] = []

    def source(self, source: str) -> str:
        """A whole text or a page of it."""
        return self.blocks(parse(source)) if has_blocks(source) else self.classic(source)

    def classic(self, source: str) -> str:
        """Source of the classic editor."""
        edges = [0, *(match.start() for match in _PRE.finditer(source))]

        def card(line: re.Match[str]) -> str:
            place = edges[bisect_right(edges, line.start()) - 1]
            in_pre = source[place : place + 4].lower() == "<pre"
            return line[0] if in_pre else f"\n\n{self._embedded(line[1])}\n\n"

        return paragraphs(expand(_ADDRESS_LINE.sub(card, source), self.context, self.findings))

    def blocks(self, children: list[str | Block]) -> str:
        """Blocks and the HTML between them."""
        return "".join(
            self._between(child) if isinstance(child, str) else self._block(child) for child in children
        )

    def _between(self, html: str) -> str:
        """HTML outside of blocks: the classic block leaves its text there, sometimes without paragraphs."""
        return self._html(html) if not html.strip() or _BLOCK_TAG.search(html) else self.classic(html)

    def _html(self, html: str) -> str:
        with_cards = _ADDRESS_PARAGRAPH.sub(lambda match: self._embedded(match[1]), html)
        return expand(with_cards, self.context, self.findings)

    def _embedded(self, address: str) -> str:
        return embedded(unescape(address), self.context)

    def _block(self, block: Block) -> str:
        name = block.name.removeprefix("core/")
        if name in _DYNAMIC or name.startswith(_DYNAMIC_PREFIXES):
            return self._left_out(block)
        if block.name.startswith("core-embed/"):
            return self._embed(block)
        own = self._OWN.get(name)
        html = own(self, block) if own else self._inner(block)
        if not html.strip() and block.name not in _SILENT and not own:
            return self._left_out(block)
        return html

    def _left_out(self, block: Block) -> str:
        name = block.name.removeprefix("core/")
        self.findings.note(f"The block “{name}” has no text of its own and was left out.")
        return ""

    def _inner(self, block: Block) -> str:
        if block.name in _LITERAL:
            return block.html()
        return "".join(
            self._html(child) if isinstance(child, str) else self._block(child) for child in block.children
        )

    def _nothing(self, _block: Block) -> str:
        return ""

    def _shortcode(self, block: Block) -> str:
        return paragraphs(expand(block.html(), self.context, self.findings))

    def _embed(self, block: Block) -> str:
        html = block.html()
        address = web_address(block.text("url")) or _first_address(html)
        if address is None:
            return self._inner(block)
        return embedded(address, self.context, caption=_caption_of(html))

    def _gallery(self, block: Block) -> str:
        """Older galleries are lists of figures: only the figures are kept."""
        html = self._inner(block)
        is_list = re.match(r"\s*<ul\b", html) is not None
        html = _LIST_TAG.sub("", html)
        return f'<figure class="{_gallery_classes(block)}">{html}</figure>' if is_list else html

    def _social_link(self, block: Block) -> str:
        address = web_address(block.text("url"))
        if address is None:
            return ""
        words = block.text("label") or _service_name(block.text("service"), address)
        return f"<li>{start_tag('a', {'href': address})}{escape_text(words)}</a></li>"

    def _reusable(self, block: Block) -> str:
        number = block.number("ref")
        source = self.context.reusable(number) if number else None
        if source is None or number in self.reused or len(self.reused) >= _DEEPEST_REUSE:
            self.findings.note(f"The reusable block {number} is not in the export and was left out.")
            return ""
        self.reused.append(number)
        html = self.source(source)
        self.reused.pop()
        return html

    def _footnotes(self, _block: Block) -> str:
        items = "".join(
            f"{start_tag('li', {'id': number})}{html} {start_tag('a', {'href': f'#{number}-link'})}↩︎</a></li>"
            for number, html in self.context.footnotes
        )
        return f"<ol>{items}</ol>" if items else ""

    _OWN: "dict[str, Callable[[Renderer, Block], str]]" = {  # noqa: RUF012 - a table, never changed.
        "block": _reusable,
        "embed": _embed,
        "footnotes": _footnotes,
        "gallery": _gallery,
        "shortcode": _shortcode,
        "social-link": _social_link,
        "spacer": _nothing,
    }


def _gallery_classes(block: Block) -> str:
    align, columns = block.text("align"), block.number("columns")
    return f"wp-block-gallery columns-{columns}" + (f" align{align}" if align.isalpha() else "")


def _first_address(html: str) -> str | None:
    match = re.search(r"https?://[^\s<>\"]++", html)
    return web_address(unescape(match[0])) if match else None


def _caption_of(html: str) -> list[Token]:
    """What stands in the first figcaption."""
    found: list[Token] = []
    inside = False
    for token in tokenise(html):
        if isinstance(token, Start) and token.name == "figcaption":
            inside = True
        elif isinstance(token, End) and token.name == "figcaption":
            break
        elif inside:
            found.append(token)
    return found


def _service_name(service: str, address: str) -> str:
    provider = PROVIDERS.get(f"{service.lower()}.com")
    return provider.name if provider else service.capitalize() or urlsplit(address).netloc
