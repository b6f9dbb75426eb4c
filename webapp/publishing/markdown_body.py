"""Renders the Markdown of an article's body as HTML. Pure; the result is still to be cleaned.

Beyond CommonMark: tables, footnotes, strikethrough, and three habits of this house:

- a picture with a title on a line of its own is a figure with that caption: `![alt](pier.webp "The pier."){.wide}`
- `::: gallery` … `:::` sets the pictures between side by side
- `::: pull` … `:::` is a pull quote; its last line may say who spoke, after a dash
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

PAGE_BREAK = "<!--nextpage-->"
_SIGNED = re.compile(r"^(?:—|–|--)\s*(?P<who>.+)$")
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_MARKED = re.compile(r"\s*<!--\s*nextpage\s*-->\s*")
_MOST_COLUMNS = 4


class Unresolved(Exception):
    """A link or a picture leads to something that isn't there. `line` counts from 1 within the body."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


class Picture:
    """Where a picture of the folder will be served, and its size in pixels (0: unknown)."""

    def __init__(self, url: str, width: int = 0, height: int = 0) -> None:
        self.url, self.width, self.height = url, width, height


LinkFinder = Callable[[str], str]
"""Gives the address for a relative link (`other.md#part`), or raises ValueError with the reason."""
PictureFinder = Callable[[str, str], Picture]
"""Gives the picture for a relative path, and is told what it shows; or raises ValueError with the reason."""


def render(source: str, *, link: LinkFinder, picture: PictureFinder) -> str:
    """The body as HTML; addresses that are absolute stay as they are. Raises Unresolved."""
    environment: dict[str, Any] = {"link": link, "picture": picture}
    html = _PARSER.render(source, environment)
    return _MARKED.sub(PAGE_BREAK, html)


def _is_relative(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and bool(parts.path) and not parts.path.startswith("/")


def _resolve(state: StateCore) -> None:
    """Replaces relative addresses of links and pictures by those that they will have on the site."""
    for block in state.tokens:
        line = (block.map[0] if block.map else 0) + 1
        for token in block.children or ():
            try:
                _resolve_token(token, state.env)
            except ValueError as error:
                raise Unresolved(line, str(error)) from error


def _resolve_token(token: Token, environment: MutableMapping[str, Any]) -> None:
    if token.type == "link_open" and _is_relative(target := str(token.attrs["href"])):
        token.attrs["href"] = environment["link"](unquote(target))
    elif token.type == "image" and _is_relative(target := str(token.attrs["src"])):
        shows = "".join(child.content for child in token.children or ())
        found: Picture = environment["picture"](unquote(target), shows)
        token.attrs["src"] = found.url
        if found.width and found.height:
            token.attrs |= {"width": found.width, "height": found.height}


def _make_figures(state: StateCore) -> None:
    """Pictures that are alone in their paragraph become figures; an address alone in one becomes a link."""
    made: list[Token] = []
    paragraphs = zip(state.tokens, [*state.tokens[1:], None], strict=True)
    skip = 0
    for token, inline in paragraphs:
        if skip:
            skip -= 1
            continue
        pictures = _pictures(inline) if token.type == "paragraph_open" and inline else []
        if pictures:
            for picture in pictures:
                made += _figure(picture, token)
            skip = 2
            continue
        if token.type == "inline" and _BARE_ADDRESS.fullmatch(token.content):
            token.children = _link(token.content)
        made.append(token)
    state.tokens[:] = made


def _pictures(inline: Token) -> list[Token]:
    """The pictures of a paragraph that holds nothing else, else nothing."""
    parts = [
        part for part in inline.children or () if part.type != "softbreak" and part.content.strip(" ") != ""
    ]
    images = [part for part in inline.children or () if part.type == "image"]
    others = [part for part in parts if part.type != "image"]
    return [] if others else images


def _figure(picture: Token, paragraph: Token) -> list[Token]:
    opening = Token(
        "figure_open", "figure", 1, attrs=dict(_own_class(picture)), map=paragraph.map, block=True
    )
    picture.type = "figure_image"
    inline = Token("inline", "", 0, children=[picture], level=1)
    return [opening, inline, Token("figure_close", "figure", -1, block=True)]


def _own_class(image: Token) -> dict[str, str]:
    """`{.wide}` behind a picture: the figure's class, in the form that the cleaner lets through."""
    names = str(image.attrs.pop("class", "")).split()
    return {"class": " ".join(f"body-{name.removeprefix('body-')}" for name in names)} if names else {}


def _link(address: str) -> list[Token]:
    text = Token("text", "", 0, content=address)
    return [Token("link_open", "a", 1, attrs={"href": address}), text, Token("link_close", "a", -1)]


def _figure_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    caption = str(token.attrs.pop("title", ""))
    html = renderer.image(tokens, index, options, env)
    return html + (f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else "")


def _sign_quotes(state: StateCore) -> None:
    """In a pull quote, a last paragraph that begins with a dash says who spoke."""
    for index, token in enumerate(state.tokens):
        if token.type != "container_pull_close" or index < 4:
            continue
        opening, inline, closing = state.tokens[index - 3 : index]
        signed = _SIGNED.match(inline.content) if opening.type == "paragraph_open" else None
        if signed and state.tokens[index - 4].type == "paragraph_close":
            opening.type, opening.tag, closing.type, closing.tag = "cite_open", "cite", "cite_close", "cite"
            _drop_start(inline, len(inline.content) - len(signed["who"]))


def _drop_start(inline: Token, characters: int) -> None:
    first = (inline.children or [Token("text", "", 0)])[0]
    first.content = first.content[characters:]


def _count_gallery(state: StateCore) -> None:
    """Gives each gallery the class of its number of columns."""
    start: Token | None = None
    pictures = 0
    for token in state.tokens:
        if token.type == "container_gallery_open":
            start, pictures = token, 0
        elif token.type == "container_gallery_close" and start is not None:
            start.meta["columns"] = max(1, min(_MOST_COLUMNS, 2 if pictures == 4 else pictures))
            start = None
        else:
            pictures += sum(child.type == "figure_image" for child in token.children or ())


def _mark_cells(state: StateCore) -> None:
    """Heads of columns say so, and alignment is a class, since the page allows no style attributes."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            side = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if side in ("right", "center"):
                token.attrs["class"] = f"body-text-{side}"
            if token.type == "th_open":
                token.attrs["scope"] = "col"


def _container(tag: str) -> Callable[..., str]:
    def rendered(_renderer: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
        token = tokens[index]
        if token.nesting == -1:
            return f"</{tag}>\n"
        columns = token.meta.get("columns")
        name = "body-pull" if tag == "blockquote" else f"body-gallery body-gallery-{columns}"
        return f'<{tag} class="{name}">\n'

    return rendered


def _unbracketed(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: Any,
    _env: MutableMapping[str, Any],
) -> str:
    """A footnote's mark is its number alone, raised and linked."""
    number = tokens[index].meta["id"] + 1
    again = tokens[index].meta.get("subId", 0)
    identifier = f"note-mark-{number}" + (f"-{again}" if again else "")
    return f'<sup><a href="#note-{number}" id="{identifier}">{number}</a></sup>'


def _note_open(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: Any,
    _env: MutableMapping[str, Any],
) -> str:
    return f'<li id="note-{tokens[index].meta["id"] + 1}">'


def _note_back(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: Any,
    _env: MutableMapping[str, Any],
) -> str:
    number = tokens[index].meta["id"] + 1
    again = tokens[index].meta.get("subId", 0)
    return f' <a href="#note-mark-{number}{f"-{again}" if again else ""}">↩\ufe0e</a>'


def _notes_open(*_arguments: object) -> str:
    return "<hr>\n<ol>\n"


def _notes_close(*_arguments: object) -> str:
    return "</ol>\n"


def _made_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(attrs_plugin, after=("image",), allowed=["class"])
    parser.use(container_plugin, "gallery", render=_container("figure"))
    parser.use(container_plugin, "pull", render=_container("blockquote"))
    for number, rule in enumerate((_resolve, _make_figures, _sign_quotes, _count_gallery, _mark_cells)):
        parser.core.ruler.push(f"standfirst_{number}", rule)
    for name, rule in (
        ("figure_image", _figure_image),
        ("footnote_ref", _unbracketed),
        ("footnote_open", _note_open),
        ("footnote_anchor", _note_back),
        ("footnote_block_open", _notes_open),
        ("footnote_block_close", _notes_close),
    ):
        parser.add_render_rule(name, rule)
    return parser


_PARSER = _made_parser()
