"""What names and addresses in the editor stand for."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from webapp.converters import id_from
from webapp.database import db
from webapp.models import Address, Article, Author, Category, Media, Tag, address_key
from webapp.publishing.slugs import slug_of
from webapp.site import current_site
from webapp.writing.fields import Fields

__all__ = ["articles_at", "author_of", "authors", "authors_named", "choices", "pages", "slug_of", "zone"]


def zone() -> ZoneInfo:
    """The site's own."""
    return current_site().zone


def authors_named(names: Sequence[str]) -> tuple[list[int], list[str]]:
    """The authors of these names, in order, and the names that nobody has. Case does not count; slugs do as well."""
    if not names:
        return [], []
    wanted = {name.lower() for name in names}
    same = func.lower(Author.name).in_(wanted) | Author.slug.in_(wanted)
    known: dict[str, int] = {}
    for author in db.session.scalars(select(Author).where(same).order_by(Author.id.desc())):
        known[author.name.lower()] = known[author.slug] = author.id
    ids = [known[name.lower()] for name in names if name.lower() in known]
    return list(dict.fromkeys(ids)), [name for name in names if name.lower() not in known]


def articles_at(places: Sequence[str]) -> tuple[list[int], list[str]]:
    """The articles at these addresses (whole, or paths, or numbers), in order, and the places where none stands."""
    keys = {place: address_key(urlsplit(place).path or "/") for place in places}
    query = select(Address.key, Address.article_id).where(
        Address.key.in_(keys.values()), Address.article_id.is_not(None)
    )
    at = {key: number for key, number in db.session.execute(query)}  # noqa: C416 (rows are no plain pairs)
    numbers = [number for place in places if (number := id_from(place))]
    there = set(db.session.scalars(select(Article.id).where(Article.id.in_(numbers)))) if numbers else set()
    found: list[int] = []
    unknown: list[str] = []
    for place in places:
        number = at.get(keys[place]) or (id_from(place) if id_from(place) in there else None)
        (found.append(number) if number else unknown.append(place))
    return list(dict.fromkeys(found)), unknown


class Shown:
    """What the editor shows for the ids in fields: names, addresses, pictures. One statement each."""

    def __init__(self, fields: Fields) -> None:
        rows = db.session.execute(select(Author.id, Author.name).where(Author.id.in_(fields.authors)))
        names = {number: name for number, name in rows}  # noqa: C416 (rows are no plain pairs)
        self.authors = ", ".join(names[one] for one in fields.authors if one in names)
        self.tags = ", ".join(fields.tags)
        articles = db.session.scalars(select(Article).where(Article.id.in_(fields.related)))
        paths = {one.id: one.permalink if one.path else str(one.id) for one in articles}
        self.related = "\n".join(paths[one] for one in fields.related if one in paths)
        wanted = [one for one in (fields.lead_media, fields.share_media) if one]
        media = {one.id: one for one in db.session.scalars(select(Media).where(Media.id.in_(wanted)))}
        self.lead_media = media.get(fields.lead_media)
        self.share_media = media.get(fields.share_media)


def choices() -> dict[str, list]:
    """What the editor offers: all categories in their order, names of authors and of the tags used most lately."""
    tags = select(Tag.name).order_by(Tag.id.desc()).limit(400)
    return {
        "categories": list(db.session.scalars(select(Category).order_by(Category.path))),
        "author_names": list(db.session.scalars(select(Author.name).order_by(Author.name).limit(1000))),
        "tag_names": sorted(db.session.scalars(tags), key=str.lower),
    }


def author_of(account_id: int) -> int:
    """The author as whom an account signs; 0 for none."""
    return db.session.scalar(select(Author.id).where(Author.account_id == account_id).limit(1)) or 0


def authors() -> list[tuple[int, str]]:
    """All authors, by name."""
    query = select(Author.id, Author.name).order_by(Author.name).limit(1000)
    return [(number, name) for number, name in db.session.execute(query)]


def pages(without: int) -> list[tuple[int, str]]:
    """The pages under which another page may stand."""
    query = select(Article.id, Article.headline).where(Article.kind == "page", Article.id != without)
    return [
        (number, headline)
        for number, headline in db.session.execute(query.order_by(Article.headline).limit(500))
    ]
