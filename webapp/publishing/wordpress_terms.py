"""Brings categories with their parents, and tags: those that an export lists, and those named on items only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import select

from webapp import markup
from webapp.database import db
from webapp.models import Category, Tag
from webapp.publishing import ledger, wxr
from webapp.publishing.wordpress_run import Run, small
from webapp.publishing.wordpress_slugs import decoded, made_from

TWICE = "the export lists it twice"
REMOVED = "was brought before and has been removed here"
Named = TypeVar("Named", wxr.Category, wxr.Tag)


def bring_categories(run: Run, listed: Iterable[wxr.Category], labels: Mapping[str, str]) -> None:
    """Parents first, whatever their order in the file. `labels`: slug and name of those that items carry."""
    wanted = _each_once(run, "category", listed)
    for slug in [slug for slug in labels if slug not in wanted]:
        run.report.found("category")
        wanted[slug] = wxr.Category(0, slug, labels[slug], "", "")
    with run.batch():
        known = ledger.known(run.source, "category", wanted)
        rows = list(db.session.scalars(select(Category)))
        here = _here(wanted, known, {row.id: row.id for row in rows}, {row.slug: row.id for row in rows})
        paths = {row.id: row.path for row in rows}
        for slug in _parents_first(wanted):
            if slug not in here and slug not in known:
                parent = here.get(decoded(wanted[slug].parent))
                row = _made_category(wanted[slug], parent, paths.get(parent or 0, ""))
                db.session.add(row)
                db.session.flush()
                here[slug], paths[row.id] = row.id, row.path
        _account(run, "category", wanted, known, here, {row.id for row in rows})
        for slug in here:
            run.keep_link(_old_path(slug, wanted), "category", slug)
    run.categories |= here
    run.category_numbers |= {wanted[slug].id: local for slug, local in here.items() if wanted[slug].id}


def bring_tags(run: Run, listed: Iterable[wxr.Tag], labels: Mapping[str, str]) -> None:
    """Brings every tag once; `labels`: slug and name of those that items carry."""
    wanted = _each_once(run, "tag", listed)
    for slug in [slug for slug in labels if slug not in wanted]:
        run.report.found("tag")
        wanted[slug] = wxr.Tag(0, slug, labels[slug], "")
    for slugs in ledger.chunks(wanted):
        _bring_tags(run, {slug: wanted[slug] for slug in slugs})


def _bring_tags(run: Run, wanted: Mapping[str, wxr.Tag]) -> None:
    with run.batch():
        known = ledger.known(run.source, "tag", wanted)
        kept = Tag.id.in_([local for local in known.values() if local])
        same = Tag.slug.in_(list(wanted))
        by_id = {row.id: row.id for row in db.session.scalars(select(Tag).where(kept))}
        by_slug = {row.slug: row.id for row in db.session.scalars(select(Tag).where(same))}
        here = _here(wanted, known, by_id, by_slug)
        before = set(here.values())
        fresh = {
            slug: _made_tag(tag) for slug, tag in wanted.items() if slug not in known and slug not in here
        }
        db.session.add_all(fresh.values())
        db.session.flush()
        here |= {slug: row.id for slug, row in fresh.items()}
        _account(run, "tag", wanted, known, here, before)
        for slug in here:
            run.keep_link(f"/tag/{quote(slug)}/", "tag", slug)
    run.tags |= here
    run.tag_numbers |= {wanted[slug].id: local for slug, local in here.items() if wanted[slug].id}


def _each_once(run: Run, kind: str, listed: Iterable[Named]) -> dict[str, Named]:
    """By slug in the form that people read: tools write the same one encoded, in capitals, or not at all."""
    wanted: dict[str, Named] = {}
    for term in listed:
        run.report.found(kind)
        slug = decoded(term.slug or made_from(term.name))
        if slug and slug not in wanted:
            wanted[slug] = replace(term, slug=slug)
        else:
            run.report.skip(kind, TWICE if slug else "it has no name", term.id, term.name)
    return wanted


def _here(
    wanted: Mapping[str, Named],
    known: Mapping[str, int | None],
    by_id: Mapping[int, int],
    by_slug: Mapping[str, int],
) -> dict[str, int]:
    """Those that are here: brought before and still there, or of the same slug."""
    found = {slug: by_id.get(known[slug] or 0) if slug in known else by_slug.get(slug) for slug in wanted}
    return {slug: local for slug, local in found.items() if local}


def _account(
    run: Run,
    kind: str,
    wanted: Mapping[str, Named],
    known: Mapping[str, int | None],
    here: Mapping[str, int],
    before: set[int],
) -> None:
    for slug, term in wanted.items():
        if slug not in here:
            run.report.skip(kind, REMOVED, term.id, term.name)
        elif here[slug] in before:
            run.report.already_here(kind)
        else:
            run.report.brought(kind)
    ledger.remember(run.source, kind, {slug: local for slug, local in here.items() if slug not in known})


def _made_category(category: wxr.Category, parent: int | None, above: str) -> Category:
    return Category(
        slug=category.slug,
        name=_name(category.name, category.slug),
        path=f"{above}/{category.slug}"[:1000] if above else category.slug,
        description=markup.plain_text(category.description),
        parent_id=parent,
        imported_id=small(category.id),
    )


def _made_tag(tag: wxr.Tag) -> Tag:
    return Tag(
        slug=tag.slug,
        name=_name(tag.name, tag.slug),
        description=markup.plain_text(tag.description),
        imported_id=small(tag.id),
    )


def _name(name: str, slug: str) -> str:
    return markup.clean_text(markup.plain_text(name))[:200] or slug


def _chain(slug: str, wanted: Mapping[str, wxr.Category]) -> list[str]:
    """The category and those above it, itself first; a circle of parents is cut where it closes."""
    chain: dict[str, None] = {}
    while slug in wanted and slug not in chain:
        chain[slug] = None
        slug = decoded(wanted[slug].parent)
    return list(chain)


def _parents_first(wanted: Mapping[str, wxr.Category]) -> list[str]:
    order: dict[str, None] = {}
    for slug in wanted:
        order |= dict.fromkeys(reversed(_chain(slug, wanted)))
    return list(order)


def _old_path(slug: str, wanted: Mapping[str, wxr.Category]) -> str:
    return "/category/" + "/".join(quote(part) for part in reversed(_chain(slug, wanted))) + "/"


def among_categories(terms: Iterable[wxr.Term], listed: Iterable[wxr.Category]) -> list[wxr.Category]:
    """Categories that the export lists as terms only."""
    slugs = {category.slug for category in listed}
    return [
        wxr.Category(term.id, term.slug, term.name, term.parent, term.description)
        for term in terms
        if term.taxonomy == "category" and term.slug not in slugs
    ]


def among_tags(terms: Iterable[wxr.Term], listed: Iterable[wxr.Tag]) -> list[wxr.Tag]:
    """Tags that the export lists as terms only."""
    slugs = {tag.slug for tag in listed}
    return [
        wxr.Tag(term.id, term.slug, term.name, term.description)
        for term in terms
        if term.taxonomy == "post_tag" and term.slug not in slugs
    ]


def report_terms(run: Run, terms: Iterable[wxr.Term]) -> list[wxr.Term]:
    """Accounts for the other terms, when categories and tags are there; returns the menus among them, each once."""
    menus: dict[str, wxr.Term] = {}
    for term in terms:
        if term.taxonomy == "nav_menu":
            run.report.found("menu")
            if term.slug in menus:
                run.report.skip("menu", TWICE, term.id, term.name)
            menus.setdefault(term.slug, term)
            continue
        kind = f"term of {term.taxonomy or 'no taxonomy'}"
        run.report.found(kind)
        is_known = term.taxonomy in ("category", "post_tag")
        reason = "counted among categories and tags" if is_known else "this taxonomy has no place here"
        run.report.skip(kind, reason, term.id, term.name)
    return list(menus.values())
