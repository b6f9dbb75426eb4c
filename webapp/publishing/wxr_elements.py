"""Turns the XML elements of an export into records, whichever version's namespaces they have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element

from webapp.publishing.wxr_dates import moment
from webapp.publishing.wxr_records import Author, Category, Comment, Item, Label, Record, Tag, Term

_EXPORT_NAMESPACE = re.compile(r"https?://(?:www\.)?wordpress\.org/export/(\d+\.\d+)/?$")


def version_of(element: Element) -> str:
    """The version in the namespace of the element or of its children, such as `1.2`; empty without one."""
    tags = [element.tag, *(child.tag for child in element)]
    found = (_EXPORT_NAMESPACE.match(tag[1:].partition("}")[0]) for tag in tags if tag.startswith("{"))
    return next((match.group(1) for match in found if match), "")


@lru_cache(maxsize=512)
def name_of(tag: str) -> tuple[str, str]:
    """A tag as (space, local name); the space is `wp`, `content`, `excerpt`, `dc`, nothing or another URI."""
    if not tag.startswith("{"):
        return "", tag
    space, _, local = tag[1:].partition("}")
    if _EXPORT_NAMESPACE.match(space):
        return "wp", local
    for word in ("excerpt", "content"):
        if f"/{word}/" in f"{space}/":
            return word, local
    return ("dc", local) if "purl.org/dc/" in space else (space, local)


def fields_of(element: Element) -> dict[str, str]:
    """The texts of the export's own child elements, by local name, the first of each."""
    fields: dict[str, str] = {}
    for child in element:
        space, local = name_of(child.tag)
        if space == "wp":
            fields.setdefault(local, (child.text or "").strip())
    return fields


def number(text: str | None) -> int:
    try:
        number = int(text or 0)
    except ValueError:
        return 0
    return number if 0 <= number < 2**63 else 0


def _author(element: Element) -> Author:
    get = fields_of(element).get
    return Author(
        id=number(get("author_id")),
        login=get("author_login", ""),
        email=get("author_email", ""),
        display_name=get("author_display_name", ""),
        first_name=get("author_first_name", ""),
        last_name=get("author_last_name", ""),
    )


def _category(element: Element) -> Category:
    get = fields_of(element).get
    return Category(
        number(get("term_id")), get("category_nicename", ""), get("cat_name", ""), get("category_parent", ""),
        get("category_description", ""),
    )  # fmt: skip


def _tag(element: Element) -> Tag:
    get = fields_of(element).get
    return Tag(number(get("term_id")), get("tag_slug", ""), get("tag_name", ""), get("tag_description", ""))


def _term(element: Element) -> Term:
    get = fields_of(element).get
    return Term(
        number(get("term_id")), get("term_taxonomy", ""), get("term_slug", ""), get("term_name", ""),
        get("term_parent", ""), get("term_description", ""), tuple(_meta(element, "termmeta")),
    )  # fmt: skip


MAKERS: dict[str, Callable[[Element], Record]] = {
    "author": _author,
    "category": _category,
    "tag": _tag,
    "term": _term,
}


def item(element: Element) -> Item:
    """The record of an `<item>`, with its labels, meta values and comments."""
    fields, texts = fields_of(element), _texts(element)
    get, text = fields.get, texts.get
    return Item(
        id=number(get("post_id")),
        kind=get("post_type") or "post",
        status=get("status") or "publish",
        title=text(("", "title"), "").strip(),
        link=text(("", "link"), "").strip(),
        guid=text(("", "guid"), "").strip(),
        author=text(("dc", "creator"), "").strip(),
        content=text(("content", "encoded"), ""),
        excerpt=text(("excerpt", "encoded"), "").strip(),
        slug=get("post_name", ""),
        published=moment(get("post_date", ""), get("post_date_gmt", ""), text(("", "pubDate"), "")),
        updated=moment(get("post_modified", ""), get("post_modified_gmt", "")),
        parent=number(get("post_parent")),
        menu_order=number(get("menu_order")),
        sticky=get("is_sticky") == "1",
        password=get("post_password", ""),
        comments_open=get("comment_status", "open") == "open",
        attachment_url=get("attachment_url", ""),
        labels=tuple(_labels(element)),
        meta=tuple(_meta(element, "postmeta")),
        comments=tuple(_comment(child) for child in _children(element, "comment")),
    )


def _texts(element: Element) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for child in element:
        texts.setdefault(name_of(child.tag), child.text or "")
    return texts


def _children(element: Element, local: str) -> Iterable[Element]:
    return (child for child in element if name_of(child.tag) == ("wp", local))


def _labels(element: Element) -> Iterable[Label]:
    """Categories, tags and other terms, each once; version 1.0 wrote each a second time without its slug."""
    seen: set[tuple[str, str]] = set()
    for child in element:
        slug, taxonomy = child.get("nicename", ""), child.get("domain", "category")
        taxonomy = "post_tag" if taxonomy == "tag" else taxonomy
        if child.tag != "category" or not slug or (taxonomy, slug) in seen:
            continue
        seen.add((taxonomy, slug))
        yield Label(taxonomy, slug, (child.text or "").strip())


def _meta(element: Element, local: str) -> Iterable[tuple[str, str]]:
    for child in _children(element, local):
        fields = fields_of(child)
        if key := fields.get("meta_key"):
            yield key, fields.get("meta_value", "")


def _comment(element: Element) -> Comment:
    get = fields_of(element).get
    return Comment(
        id=number(get("comment_id")),
        parent=number(get("comment_parent")),
        author=get("comment_author", ""),
        email=get("comment_author_email", ""),
        url=get("comment_author_url", ""),
        written=moment(get("comment_date", ""), get("comment_date_gmt", "")),
        content=get("comment_content", ""),
        approved=get("comment_approved", "0"),
        kind=get("comment_type") or "comment",
        user_id=number(get("comment_user_id")),
        meta=tuple(_meta(element, "commentmeta")),
    )
