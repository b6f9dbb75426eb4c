"""Tags and categories as staff change them: renamed, merged, moved; old addresses lead on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select, update

from webapp.database import db, transaction
from webapp.models import Account, Category, Tag, article_category, article_tag
from webapp.moderating import chain
from webapp.publishing import addresses
from webapp.publishing.slugs import slug_of

PAGE_LENGTH = 100


class Taken(Exception):
    """Another tag or category has this slug; the message says which."""


def tags(text: str = "", after: str = "") -> tuple[Sequence[tuple[Tag, int]], str]:
    """Some tags by name, each with how many articles have it, and the name after which they go on ("": the end)."""
    query = select(Tag).order_by(func.lower(Tag.name), Tag.id).limit(PAGE_LENGTH + 1)
    if text:
        variants = {text, text.lower(), text.upper(), text.title()}
        query = query.where(or_(*(Tag.name.icontains(one, autoescape=True) for one in variants)))
    if after:
        query = query.where(func.lower(Tag.name) > after.lower())
    found = list(db.session.scalars(query))
    shown = found[:PAGE_LENGTH]
    counts = _counts(article_tag, "tag_id", [one.id for one in shown])
    rest = shown[-1].name if len(found) > PAGE_LENGTH else ""
    return [(one, counts.get(one.id, 0)) for one in shown], rest


def categories() -> list[tuple[Category, int]]:
    """All categories, each behind the one above it, with how many articles stand in each."""
    found = list(db.session.scalars(select(Category).order_by(Category.path)))
    counts = _counts(article_category, "category_id", [one.id for one in found])
    return [(one, counts.get(one.id, 0)) for one in found]


def rename_tag(tag_id: int, name: str, slug: str, *, by: Account) -> Tag:
    """Another name and address for a tag; the old address leads on. Raises Taken."""
    slug = slug_of(slug or name)
    with transaction():
        tag = db.session.get_one(Tag, tag_id, with_for_update=True)
        if db.session.scalar(select(Tag.id).where(Tag.slug == slug, Tag.id != tag_id)):
            raise Taken(f"Another tag stands at /tag/{slug}/. Merge the two instead.")
        old, tag.name, tag.slug = tag.url, name, slug
        db.session.flush()
        _lead_on(old, tag.url)
        chain.record("term", f"tag:{tag_id}", account_id=by.id, reason=name)
    return tag


def merge_tags(tag_id: int, into_id: int, *, by: Account) -> Tag:
    """Gives a tag's articles to another one; its address leads there."""
    with transaction():
        tag, into = db.session.get_one(Tag, tag_id), db.session.get_one(Tag, into_id)
        have = select(article_tag.c.article_id).where(article_tag.c.tag_id == into_id)
        both = article_tag.c.tag_id == tag_id, article_tag.c.article_id.in_(have)
        db.session.execute(delete(article_tag).where(*both))
        db.session.execute(update(article_tag).where(article_tag.c.tag_id == tag_id).values(tag_id=into_id))
        old = tag.url
        db.session.delete(tag)
        db.session.flush()
        _lead_on(old, into.url)
        chain.record("merge", f"tag:{into_id}", account_id=by.id, reason=tag.name)
    return into


def delete_tag(tag_id: int, *, by: Account) -> None:
    """Takes a tag off its articles and deletes it."""
    with transaction():
        tag = db.session.get_one(Tag, tag_id)
        chain.record("delete-term", f"tag:{tag_id}", account_id=by.id, reason=tag.name)
        db.session.delete(tag)


def change_category(
    category_id: int | None,
    *,
    name: str,
    slug: str,
    description: str,
    parent_id: int,
    position: int,
    is_in_feed: bool,
    is_on_front: bool,
    by: Account,
) -> Category:
    """Changes a category, or makes one (None). Raises Taken. Those below it move along, and old addresses lead on."""
    slug = slug_of(slug or name)
    with transaction():
        if db.session.scalar(
            select(Category.id).where(Category.slug == slug, Category.id != (category_id or 0))
        ):
            raise Taken(f"Another category has the address “{slug}”.")
        parent = db.session.get(Category, parent_id) if parent_id else None
        path = f"{parent.path}/{slug}" if parent else slug
        if category_id is None:
            category = Category(slug=slug, path=path, name=name)
            db.session.add(category)
        else:
            category = db.session.get_one(Category, category_id, with_for_update=True)
            if parent and (parent.id == category_id or parent.path.startswith(category.path + "/")):
                raise Taken("A category cannot stand below itself.")
            _move(category, slug, path)
        category.name, category.description, category.parent_id = (
            name,
            description,
            parent.id if parent else None,
        )
        category.position, category.is_in_feed, category.is_on_front = position, is_in_feed, is_on_front
        db.session.flush()
        chain.record("term", f"category:{category.id}", account_id=by.id, reason=name)
    return category


def _move(category: Category, slug: str, path: str) -> None:
    if category.path == path:
        return
    below = select(Category).where(Category.path.startswith(category.path + "/", autoescape=True))
    moved = [(category, category.url), *((one, one.url) for one in db.session.scalars(below))]
    before = category.path
    category.slug = slug
    for one, _ in moved:
        one.path = path + one.path.removeprefix(before)
    db.session.flush()
    for one, old in moved:
        _lead_on(old, one.url)


def _lead_on(old: str, new: str) -> None:
    """Inside transaction(), when the term has moved: the old address leads to the new one, and not in a circle."""
    if old == new:
        return
    held = addresses.holder(addresses.tidy(new))
    if held is not None and held.kind == "redirect" and held.article_id is None:
        db.session.delete(held)
        db.session.flush()
    addresses.redirect(old, target=new)


def _counts(table, column: str, ids: list[int]) -> dict[int, int]:  # noqa: ANN001 (either of two join tables)
    owner = table.c[column]
    query = select(owner, func.count()).where(owner.in_(ids)).group_by(owner)
    return {number: count for number, count in db.session.execute(query)}  # noqa: C416 (rows are no plain pairs)
