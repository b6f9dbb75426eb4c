"""The demonstration: a small paper with articles, discussions and numbers, so that a new site has something to show.

It is loaded into an empty instance, and taken away again by the first import as long as nobody has added to it.
What it is stands in the table of site settings under `MARK`.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_app_context
from sqlalchemy import delete, func, select

from webapp import clock, dialects, paths, settings
from webapp.database import db, transaction
from webapp.library import uses
from webapp.models import (
    Article,
    Author,
    Category,
    Comment,
    ImportRun,
    Media,
    Menu,
    MenuItem,
    ModerationEntry,
    SiteSetting,
)
from webapp.moderating.lists import WordList
from webapp.moderating.verdicts import Context
from webapp.publishing import (
    demonstration_comments,
    demonstration_numbers,
    emptiness,
    ledger,
    markdown_import,
    relating,
)
from webapp.publishing.markdown_media import media_folder

MARK = "demonstration"
_SETTINGS = {
    "title": "SITE_TITLE",
    "tagline": "SITE_TAGLINE",
    "time_zone": "TIME_ZONE",
    "moderation_words": "MODERATION_WORDS",
    "disallowed_words": "DISALLOWED_WORDS",
    "newsletter": "NEWSLETTER",
    "newsletter_pitch": "NEWSLETTER_PITCH",
}
_KEPT_TABLES = frozenset(
    {"account", "daily_key", "occurrence", "site_setting", "subscriber", "alembic_version"}
)
"""Staff, who signed up, and what counting remembers, outlive the demonstration."""
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    pass


def load(app: Flask, progress: Progress = _silent) -> None:
    """Loads the demonstration into an empty instance, in one transaction. `progress` is told steps done, of how many.

    Published times count from now. Raises RuntimeError when the instance isn't empty.
    """
    inside = has_app_context() and current_app._get_current_object() is app  # pyright: ignore[reportAttributeAccessIssue]
    with nullcontext() if inside else app.app_context():
        _load(paths.demonstration_dir(), progress)


def _load(folder: Path, progress: Progress) -> None:
    _refuse_unless_empty()
    site, people = _read(folder / "site.toml"), _read(folder / "authors.toml")
    prepared = markdown_import.prepare(folder, source=MARK, progress=progress)
    discussions = demonstration_comments.prepare(folder, _rules(site))
    numbers = _read(folder / "numbers.toml")
    with transaction():
        dialects.lock(ledger.LOCK)
        _refuse_unless_empty()  # Two servers may have been started at once.
        _store_settings(site)
        _add_people_and_sections(people, site)
        markdown_import.write(prepared)
        articles = {article.slug: article for article in prepared.articles.values()}
        demonstration_comments.write(discussions, articles)
        demonstration_numbers.write(numbers, articles, clock.now())
        _add_menus(site["menus"], {slug: article.id for slug, article in articles.items()})
        # The site was never moved from anywhere: staff find no report of an import in it.
        db.session.execute(delete(ImportRun).where(ImportRun.source == MARK))
        db.session.flush()
        db.session.add(SiteSetting(name=MARK, value=_state()))
    g.pop("stored_settings", None)
    relating.relate_all()
    uses.note_all()


def _refuse_unless_empty() -> None:
    if not emptiness.is_empty():
        raise RuntimeError("The demonstration is loaded into an empty site only.")


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def is_loaded() -> bool:
    """Whether the site shows the demonstration, touched or not."""
    return MARK in settings.stored()


def is_untouched() -> bool:
    """Whether the site holds the demonstration and nothing that people have added, written or decided since.

    Views, shares and likes don't count: who looks at a demonstration may click.
    """
    mark = db.session.get(SiteSetting, MARK)
    return mark is not None and mark.value == _state()


def _state() -> dict[str, int]:
    """What would be different if somebody had added something."""
    counts = {
        "articles": func.count(Article.id),
        "words": func.sum(Article.word_count),
        "media": func.count(Media.id),
        "comments": func.count(Comment.id),
        "last_comment": func.max(Comment.id),
        "imports": func.count(ImportRun.id),
    }
    state = {name: int(db.session.scalar(select(count)) or 0) for name, count in counts.items()}
    decided = select(func.count(ModerationEntry.id)).where(ModerationEntry.account_id.is_not(None))
    edited = select(func.count(Comment.id)).where(Comment.edited_at.is_not(None))
    return state | {"decided": db.session.scalar(decided) or 0, "edited": db.session.scalar(edited) or 0}


def remove() -> None:
    """Empties the site of the demonstration, for a first import. Accounts stay. Call it only when `is_untouched()`."""
    remove_rows()
    remove_files()


def remove_rows() -> None:
    """The part of `remove` that belongs into the transaction of an import."""
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            if table.name not in _KEPT_TABLES:
                db.session.execute(table.delete())
        names = [MARK, *_SETTINGS.values()]
        db.session.execute(delete(SiteSetting).where(SiteSetting.name.in_(names)))
        db.session.expire_all()
    g.pop("stored_settings", None)


def remove_files() -> None:
    """The other part, for when that transaction has ended well: the demonstration's pictures."""
    shutil.rmtree(media_folder() / MARK, ignore_errors=True)


def _rules(site: Mapping[str, Any]) -> Context:
    """What the demonstration's comments are judged by: the rules as they come, and its own word lists."""
    return Context(
        moderation_words=WordList.of(site["moderation_words"]),
        disallowed_words=WordList.of(site["disallowed_words"]),
    )


def _store_settings(site: Mapping[str, Any]) -> None:
    settings.store({name: site[key] for key, name in _SETTINGS.items()})


def _add_people_and_sections(people: Mapping[str, Any], site: Mapping[str, Any]) -> None:
    db.session.add_all(Author(**author) for author in people["authors"])
    made: dict[str, Category] = {}
    for position, entry in enumerate(site["categories"]):
        parent = made.get(entry.get("parent", ""))
        category = Category(
            slug=entry["slug"],
            name=entry["name"],
            path=f"{parent.path}/{entry['slug']}" if parent else entry["slug"],
            description=entry["description"],
            parent_id=parent.id if parent else None,
            position=position,
            is_in_feed=entry.get("feed", False),
            is_on_front=entry.get("front", True),
        )
        db.session.add(category)
        db.session.flush()
        made[category.slug] = category


def _add_menus(menus: list[dict[str, Any]], articles: Mapping[str, int]) -> None:
    categories = dict(db.session.execute(select(Category.slug, Category.id)).all())
    for entry in menus:
        menu = Menu(slug=entry["location"], name=entry["name"], location=entry["location"])
        db.session.add(menu)
        db.session.flush()
        for position, link in enumerate(entry["links"]):
            item = _menu_item(menu.id, position, link, articles, categories)
            db.session.add(item)
            db.session.flush()
            for below, child in enumerate(link.get("links", ())):
                nested = _menu_item(menu.id, below, child, articles, categories)
                nested.parent_id = item.id
                db.session.add(nested)


def _menu_item(
    menu_id: int,
    position: int,
    link: Mapping[str, Any],
    articles: Mapping[str, int],
    categories: Mapping[str, int],
) -> MenuItem:
    return MenuItem(
        menu_id=menu_id,
        position=position,
        label=link.get("label", ""),
        url=link.get("url", ""),
        article_id=articles[link["article"]] if "article" in link else None,
        category_id=categories[link["category"]] if "category" in link else None,
    )
