"""Looks up, in the database, where every address of the old site leads now. Nothing is taken on trust."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from sqlalchemy import select

from webapp.database import db
from webapp.models import Address, AddressKind, Article, Author, Category, Media, Tag, address_key
from webapp.publishing import ledger
from webapp.publishing.addresses import tidy
from webapp.publishing.report import KEPT, MISSING, REDIRECTED, OldAddress
from webapp.publishing.wordpress_links import split
from webapp.publishing.wordpress_run import OldLink, Run

_SERVED = "/wp-content/uploads/"


def reconcile(run: Run) -> None:
    """Adds every old address to the report."""
    base = split(run.site.base_url)
    origin = f"{base.scheme}://{base.netloc}" if base.netloc else ""
    by_kind: dict[str, list[OldLink]] = defaultdict(list)
    for link in run.old_links:
        by_kind[link.kind].append(link)
    for kind, links in by_kind.items():
        for chunk in ledger.chunks(links):
            for address in _looked_up(run, kind, chunk):
                address.url = origin + address.url
                run.report.addresses.append(address)


def _looked_up(run: Run, kind: str, links: list[OldLink]) -> Iterable[OldAddress]:
    ledger_kind = "attachment" if kind == "file" else kind
    local = ledger.known(run.source, ledger_kind, (link.external_id for link in links))
    ids = [found for found in local.values() if found]
    if kind in ("author", "category", "tag"):
        rows = _lists(kind, ids)
        return [_of_list(link, rows.get(local.get(link.external_id) or 0)) for link in links]
    keys = [address_key(link.url) for link in links if "?" not in link.url]
    owners = {row.key: row for row in db.session.scalars(select(Address).where(Address.key.in_(keys)))}
    if kind == "post":
        articles = {row.id: row for row in db.session.scalars(select(Article).where(Article.id.in_(ids)))}
        return [_of_article(link, articles.get(local.get(link.external_id) or 0), owners) for link in links]
    media = _media(ids)
    if kind == "file":
        return [
            _of_file(link, media.get(local.get(link.external_id) or 0, (None, None))[0]) for link in links
        ]
    pages = _pages(ids)
    return [_of_attachment(link, local.get(link.external_id) or 0, media, pages, owners) for link in links]


def _lists(kind: str, ids: list[int]) -> dict[int, str]:
    """The addresses of the lists of authors, categories or tags, by id."""
    if kind == "author":
        query = select(Author.id, Author.slug).where(Author.id.in_(ids))
        return {row_id: f"/author/{slug}/" for row_id, slug in db.session.execute(query)}
    model = Category if kind == "category" else Tag
    return {row.id: row.url for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _of_list(link: OldLink, url: str | None) -> OldAddress:
    if url is None:
        return OldAddress(link.url, "", MISSING, "was removed here")
    if address_key(url) == address_key(link.url):
        return OldAddress(link.url, tidy(url), KEPT)
    return OldAddress(link.url, tidy(url), KEPT, "stands at another address here")


def _of_article(link: OldLink, article: Article | None, owners: Mapping[str, Address]) -> OldAddress:
    if article is None:
        return OldAddress(link.url, "", MISSING, "was removed here")
    if not article.is_live():
        return OldAddress(link.url, "", MISSING, f"the {article.kind} is {_state(article)}")
    note = "asks for its password" if article.is_protected else ""
    path = article.permalink
    if "?" in link.url:
        return OldAddress(link.url, path, REDIRECTED, note)
    owner = owners.get(address_key(link.url))
    if owner is None or owner.article_id != article.id:
        whose = "this address is the site's own" if owner is None else "another one has this address"
        return OldAddress(link.url, path, KEPT if owner else MISSING, whose)
    is_same = owner.kind == AddressKind.permalink and owner.path == link.url
    return OldAddress(link.url, path, KEPT if is_same else REDIRECTED, note)


def _state(article: Article) -> str:
    return "scheduled" if article.status == "published" else article.status


def _media(ids: list[int]) -> dict[int, tuple[Media, Article | None]]:
    query = select(Media, Article).outerjoin(Article, Article.id == Media.article_id).where(Media.id.in_(ids))
    return {media.id: (media, article) for media, article in db.session.execute(query)}


def _pages(ids: list[int]) -> dict[int, str]:
    """The page of each media file."""
    query = select(Address.media_id, Address.path).where(
        Address.media_id.in_(ids), Address.kind == AddressKind.attachment
    )
    return {media_id: path for media_id, path in db.session.execute(query) if media_id}


def _of_attachment(
    link: OldLink,
    media_id: int,
    media: Mapping[int, tuple[Media, Article | None]],
    pages: Mapping[int, str],
    owners: Mapping[str, Address],
) -> OldAddress:
    page = pages.get(media_id)
    if page is None:
        return OldAddress(link.url, "", MISSING, "was removed here")
    article = media[media_id][1]
    if article is not None and not article.is_live():
        return OldAddress(link.url, "", MISSING, f"its {article.kind} is {_state(article)}")
    if "?" in link.url:
        return OldAddress(link.url, page, REDIRECTED)
    owner = owners.get(address_key(link.url))
    if owner is None or owner.media_id != media_id:
        whose = "this address is the site's own" if owner is None else "another one has this address"
        return OldAddress(link.url, page, KEPT if owner else MISSING, whose)
    return OldAddress(link.url, owner.path, KEPT if owner.path == link.url else REDIRECTED)


def _of_file(link: OldLink, media: Media | None) -> OldAddress:
    if media is None:
        return OldAddress(link.url, "", MISSING, "was removed here")
    if media.is_missing:
        return OldAddress(link.url, "", MISSING, "the file was not found")
    if unquote(link.url) == _SERVED + media.file:
        return OldAddress(link.url, link.url, KEPT)
    return OldAddress(link.url, media.url, REDIRECTED)
