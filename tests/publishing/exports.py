"""Writes WordPress exports for tests: only what a test is about has to be said."""

from __future__ import annotations

from html import escape
from pathlib import Path

SITE = "https://old.example"


def cdata(text: object) -> str:
    return "<![CDATA[" + str(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def comment(number: int, **over: object) -> str:
    fields = {
        "author": f"Reader {number}",
        "author_email": f"reader{number}@example.com",
        "author_url": "",
        "author_IP": "192.0.2.7",
        "date": "2015-03-01 10:00:00",
        "date_gmt": "2015-03-01 10:00:00",
        "content": f"Comment {number}",
        "approved": "1",
        "type": "",
        "parent": 0,
        "user_id": 0,
    } | over
    lines = "".join(
        f"<wp:comment_{name}>{cdata(value)}</wp:comment_{name}>" for name, value in fields.items()
    )
    return f"<wp:comment><wp:comment_id>{number}</wp:comment_id>{lines}</wp:comment>"


def label(slug: str, name: str = "", domain: str = "category") -> str:
    return f'<category domain="{domain}" nicename="{slug}">{cdata(name or slug)}</category>'


def item(
    number: int,
    *inside: str,
    kind: str = "post",
    title: str = "",
    link: str | None = None,
    content: str = "Some words.",
    excerpt: str = "",
    creator: str = "ann",
    meta: dict[str, object] | None = None,
    **over: object,
) -> str:
    slug = over.get("post_name", f"{kind}-{number}")
    link = f"{SITE}/2015/03/{slug}/" if link is None else link
    fields = {
        "post_id": number,
        "post_date": "2015-03-01 09:00:00",
        "post_date_gmt": "2015-03-01 09:00:00",
        "comment_status": "open",
        "post_name": slug,
        "status": "publish",
        "post_parent": 0,
        "menu_order": 0,
        "post_type": kind,
        "post_password": "",
        "is_sticky": 0,
    } | over
    lines = "".join(f"<wp:{name}>{cdata(value)}</wp:{name}>" for name, value in fields.items())
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in (meta or {}).items()
    )
    return (
        f"<item><title>{cdata(title or f'Headline {number}')}</title><link>{escape(link)}</link>"
        f"<dc:creator>{cdata(creator)}</dc:creator><content:encoded>{cdata(content)}</content:encoded>"
        f"<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>{lines}{metas}{''.join(inside)}</item>\n"
    )


def attachment(number: int, file: str, **over: object) -> str:
    fields = {
        "status": "inherit",
        "attachment_url": f"{SITE}/wp-content/uploads/{file}",
        "post_name": f"file-{number}",
    }
    over_meta = {"_wp_attached_file": file} | dict(over.pop("meta", {}))  # pyright: ignore[reportCallIssue]
    return item(number, kind="attachment", meta=over_meta, content="", **(fields | over))


def author(login: str, name: str = "", email: str = "") -> str:
    return (
        f"<wp:author><wp:author_id>1</wp:author_id><wp:author_login>{cdata(login)}</wp:author_login>"
        f"<wp:author_email>{cdata(email or login + '@old.example')}</wp:author_email>"
        f"<wp:author_display_name>{cdata(name or login.title())}</wp:author_display_name></wp:author>"
    )


def category(number: int, slug: str, name: str = "", parent: str = "") -> str:
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name>{cdata(name or slug.title())}</wp:cat_name></wp:category>"
    )


def tag(number: int, slug: str, name: str = "") -> str:
    return (
        f"<wp:tag><wp:term_id>{number}</wp:term_id><wp:tag_slug>{slug}</wp:tag_slug>"
        f"<wp:tag_name>{cdata(name or slug.title())}</wp:tag_name></wp:tag>"
    )


def term(number: int, taxonomy: str, slug: str, name: str = "") -> str:
    return (
        f"<wp:term><wp:term_id>{number}</wp:term_id><wp:term_taxonomy>{taxonomy}</wp:term_taxonomy>"
        f"<wp:term_slug>{slug}</wp:term_slug>"
        f"<wp:term_name>{cdata(name or slug.title())}</wp:term_name></wp:term>"
    )


def menu_item(number: int, menu: str, title: str = "", parent: int = 0, **meta: object) -> str:
    keys = {"_menu_item_type": "custom", "_menu_item_menu_item_parent": parent, "_menu_item_url": "#"}
    keys |= {f"_menu_item_{name}": value for name, value in meta.items()}
    return item(
        number,
        label(menu, domain="nav_menu"),
        kind="nav_menu_item",
        title=title,
        content="",
        meta=keys,
        menu_order=number,
    )


def export(
    *parts: str, version: str = "1.2", head: str = "", encoding: str = "UTF-8", title: str = "Old Paper"
) -> str:
    base = f"http://wordpress.org/export/{version}/"
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n{head}'
        f'<rss version="2.0" xmlns:excerpt="{base}excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="{base}">\n<channel>\n'
        f"<title>{escape(title)}</title>\n<link>{SITE}</link>\n<description>News since 1901</description>\n"
        f"<pubDate>Tue, 05 May 2015 12:00:00 +0000</pubDate>\n<wp:wxr_version>{version}</wp:wxr_version>\n"
        f"<wp:base_site_url>{SITE}</wp:base_site_url>\n<wp:base_blog_url>{SITE}</wp:base_blog_url>\n"
        f"{''.join(parts)}</channel>\n</rss>\n"
    )


def write(folder: Path, *parts: str, name: str = "export.xml", **options: str) -> Path:
    path = folder / name
    path.write_text(export(*parts, **options), encoding="utf-8")
    return path
