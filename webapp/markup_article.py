"""What an article's tokens go through before they are balanced: ids, players, and what other sites would embed."""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from webapp.markup_embeds import card
from webapp.markup_rules import ARTICLE, Attributes
from webapp.markup_tokens import Atom, End, Start, Token, start_tag

_PLAYERS = frozenset({"audio", "video"})
_FRAMES = frozenset({"embed", "frame", "iframe"})


def identifiers(tokens: Iterable[Token]) -> set[str]:
    """Every id (or old-fashioned anchor name) that the tokens give."""
    return {found for token in tokens if isinstance(token, Start) and (found := _identifier(token))}


def _identifier(token: Start) -> str:
    return token.attributes.get("id") or (token.attributes.get("name", "") if token.name == "a" else "")


def prefixed(tokens: Iterable[Token], prefix: str, known: set[str]) -> Iterator[Token]:
    """The tokens with `prefix` before each id and before the links to them; a second use of an id is dropped.

    `known` are the ids of the whole article: links to others lead to the page's own parts and stay.
    """
    used: set[str] = set()
    for token in tokens:
        if not isinstance(token, Start):
            yield token
            continue
        found = _identifier(token)
        attributes = {name: value for name, value in token.attributes.items() if name not in ("id", "name")}
        if found and (new := _with_prefix(found, prefix)) not in used:
            used.add(new)
            attributes["id"] = new
        target = unquote(attributes.get("href", "").strip())
        if target.startswith("#") and target[1:] in known:
            attributes["href"] = "#" + _with_prefix(target[1:], prefix)
        yield Start(token.name, attributes, token.self_closing)


def _with_prefix(identifier: str, prefix: str) -> str:
    return identifier if identifier.startswith(prefix) else prefix + identifier


def embeds_as_cards(tokens: Iterable[Token]) -> Iterator[Token]:
    """Frames become cards; an `<object>` gives way to what stands in it for browsers that can't show it."""
    for token in tokens:
        name = token.name if isinstance(token, Start | End) else ""
        if name in _FRAMES:
            if isinstance(token, Start):
                yield from card(token.attributes.get("src", ""), token.attributes.get("title", ""))
        elif name not in ("object", "applet"):
            yield token


def players(tokens: Iterable[Token]) -> Iterator[Token]:
    """Sound and film with their sources as one piece; what they hold for old browsers is dropped."""
    player: Start | None = None
    sources: list[str] = []
    for token in tokens:
        if player is None:
            if isinstance(token, Start) and token.name in _PLAYERS:
                player, sources = token, []
            elif not (isinstance(token, End) and token.name in _PLAYERS):
                yield token
        elif isinstance(token, Start) and token.name in ("source", "track"):
            attributes = ARTICLE.attributes(token.name, token.attributes)
            sources += [start_tag(token.name, attributes)] if attributes else []
        elif isinstance(token, End) and token.name == player.name:
            yield from _player(player, sources)
            player = None
    if player is not None:
        yield from _player(player, sources)


def _player(player: Start, sources: list[str]) -> list[Token]:
    attributes: Attributes = ARTICLE.attributes(player.name, player.attributes) or {}
    if "src" not in attributes and not any(source.startswith("<source") for source in sources):
        return []
    return [Atom(start_tag(player.name, attributes) + "".join(sources) + f"</{player.name}>")]
