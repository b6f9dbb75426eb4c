"""What a page says about itself to search engines, networks and readers of metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from werkzeug.urls import iri_to_uri

from webapp import pictures
from webapp.filters import iso
from webapp.models import Article, Author, Kind
from webapp.reading.redirects import joined
from webapp.reading.rules import headline_of
from webapp.site import current_site
from webapp.syndicating import share_picture

DESCRIPTION_LENGTH = 300


@dataclass(frozen=True)
class PageMeta:
    """A page that is no article: its title, its path, a sentence about it, and the pages above it as (name, path)."""

    title: str
    path: str
    description: str = ""
    trail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Metadata:
    """What `syndicating/_metadata.html` writes. `properties` are Open Graph's, in order; `data` is the JSON-LD."""

    canonical: str
    title: str
    description: str
    kind: str
    properties: list[tuple[str, str]] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    image: dict[str, Any] | None = None

    @property
    def document(self) -> dict[str, Any]:
        return {"@context": "https://schema.org", "@graph": self.data}


def absolute(path: str) -> str:
    """The whole address of a path of this site, made for machines: percent-encoded, from SITE_URL."""
    return iri_to_uri(current_site().absolute(path))


def shortened(text: str) -> str:
    """A description on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= DESCRIPTION_LENGTH:
        return line
    return line[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def page_metadata(page: PageMeta) -> Metadata:
    """Of lists, attachments and other pages."""
    url = absolute(page.path)
    crumbs = [*page.trail, (page.title, page.path)] if page.path != "/" else []
    data: list[dict[str, Any]] = [_website()] if page.path == "/" else []
    return Metadata(url, page.title, shortened(page.description), "website", data=data + _breadcrumbs(crumbs))


def article_metadata(article: Article, page: int = 1) -> Metadata:
    """Of an article loaded with all its relations; `page` is the part of its text that is shown.

    One that asks for a password says its headline and nothing else, whether it is unlocked or not.
    """
    path = joined(article.permalink, str(page)) if page > 1 else article.permalink
    url = absolute(path)
    title = headline_of(article)
    if article.is_protected:
        return Metadata(url, title, "", "article")
    canonical = article.canonical_url if article.canonical_url and page == 1 else url
    description = shortened(article.search_description or article.standfirst or article.excerpt)
    image = _image(article)
    category = article.category
    crumbs = [(category.name, category.url)] if category else []
    data = [_article_data(article, url, description, image), *_breadcrumbs([*crumbs, (title, path)])]
    is_page = article.kind == Kind.page
    properties = [] if is_page else _properties(article)
    return Metadata(
        canonical, title, description, "website" if is_page else "article", properties, data, image
    )


def _image(article: Article) -> dict[str, Any] | None:
    """The lead picture; where there is none the one that is drawn with the headline."""
    media = article.share_media or article.lead_media
    if media is None or not media.is_image:
        if article.kind == Kind.page:
            return None
        drawn = {"url": absolute(share_picture.address(article)), "caption": headline_of(article)}
        return {"@type": "ImageObject", **drawn, "width": share_picture.WIDTH, "height": share_picture.HEIGHT}
    url, sizes = media.url, {"width": media.width, "height": media.height}
    if media.rendition:
        width = min(media.width, pictures.FALLBACK_WIDTHS[-1])
        url = pictures.fallback(media.rendition, media.width, width)
        sizes = {"width": width, "height": round(media.height * width / media.width)}
    known = sizes if sizes["width"] and sizes["height"] else {}
    return {"@type": "ImageObject", "url": absolute(url), **known, "caption": media.alt or media.caption}


def _properties(article: Article) -> list[tuple[str, str]]:
    found = [("article:published_time", iso(article.published_at))] if article.published_at else []
    if article.updated_at:
        found.append(("article:modified_time", iso(article.updated_at)))
    found += [("article:author", absolute(author.url)) for author in article.authors]
    if article.category:
        found.append(("article:section", article.category.name))
    return found + [("article:tag", tag.name) for tag in article.tags]


def _article_data(
    article: Article, url: str, description: str, image: dict[str, Any] | None
) -> dict[str, Any]:
    changed = article.updated_at or article.published_at
    found = {
        "@type": "WebPage" if article.kind == Kind.page else "NewsArticle",
        "@id": f"{url}#article",
        "headline": headline_of(article),
        "description": description,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": current_site().language,
        "datePublished": iso(article.published_at) if article.published_at else None,
        "dateModified": iso(changed) if changed else None,
        "correction": _corrections(article),
        "author": [_person(author) for author in article.authors],
        "publisher": _publisher(),
        "image": image,
        "articleSection": [category.name for category in article.categories],
        "keywords": [tag.name for tag in article.tags],
        "wordCount": article.word_count,
        "commentCount": article.totals.comment_count if article.totals else 0,
        "isAccessibleForFree": True,
    }
    if article.kind == Kind.page:
        for name in ("articleSection", "wordCount", "commentCount"):
            del found[name]
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _corrections(article: Article) -> list[dict[str, str]]:
    told = [one for one in article.corrections if one["change"] == "correction"]
    return [{"@type": "CorrectionComment", "text": one["note"], "datePublished": one["at"]} for one in told]


def _person(author: Author) -> dict[str, Any]:
    return {"@type": "Person", "name": author.name, "url": absolute(author.url)}


def _publisher() -> dict[str, Any]:
    site = current_site()
    found: dict[str, Any] = {"@type": "NewsMediaOrganization", "name": site.title, "url": site.url + "/"}
    if site.logo:
        found["logo"] = {"@type": "ImageObject", "url": absolute(site.logo.src)}
    return found


def _website() -> dict[str, Any]:
    site = current_site()
    search = {
        "@type": "SearchAction",
        "target": f"{site.url}/search?q={{search_term_string}}",
        "query-input": "required name=search_term_string",
    }
    return {
        "@type": "WebSite",
        "name": site.title,
        "url": site.url + "/",
        "publisher": _publisher(),
        "potentialAction": search,
    }


def _breadcrumbs(crumbs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    if not crumbs:
        return []
    steps = [(current_site().title, "/"), *crumbs]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(steps, 1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": items}]
