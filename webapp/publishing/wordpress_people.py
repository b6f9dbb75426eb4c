"""Brings the authors of an export: those that it lists, and those whose names stand on items only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from webapp import markup
from webapp.database import db
from webapp.models import Author
from webapp.publishing import ledger, wxr
from webapp.publishing.wordpress_run import Run, small
from webapp.publishing.wordpress_slugs import free, made_from

KIND = "author"


def bring_authors(run: Run, listed: Iterable[wxr.Author], signatures: Mapping[str, str]) -> None:
    """Brings every author once; `signatures` are logins and names that stand on items."""
    people: dict[str, wxr.Author] = {}
    for author in listed:
        run.report.found(KIND)
        if author.login in people or not author.login:
            run.report.skip(KIND, "the export lists this author twice", author.login, author.display_name)
            continue
        people[author.login] = author
    aliases: dict[str, str] = {}
    for login, name in signatures.items():
        same = _listed_as(login, people.values())
        if same is not None:
            aliases[login] = same
        elif login:
            run.report.found(KIND)
            people[login] = wxr.Author(0, login, "", name, "", "")
            run.report.note(f"{login} signs articles but is not among the export's authors; added so.")
    with run.batch():
        known = ledger.known(run.source, KIND, people)
        rows = {row.id: row for row in db.session.scalars(select(Author))}
        for login, author in people.items():
            _bring(run, author, rows, known)
            run.keep_link(f"/author/{made_from(login)}/", KIND, login)
    run.authors |= {alias: run.authors[login] for alias, login in aliases.items() if login in run.authors}


def _listed_as(signature: str, people: Iterable[wxr.Author]) -> str | None:
    """Whom a signature means: WXR 1.0 signs with names, and some tools leave stray characters."""
    slug = made_from(signature)
    for author in people:
        if signature in (author.login, author.display_name) or (slug and slug == made_from(author.login)):
            return author.login
    return None


def _bring(run: Run, author: wxr.Author, rows: dict[int, Author], known: dict[str, int | None]) -> None:
    here = rows.get(known.get(author.login) or 0)
    if here is None and author.login in known:
        run.report.skip(
            KIND, "was brought before and has been removed here", author.login, author.display_name
        )
        return
    same = here or _same_person(author, rows)
    if same is not None:
        run.report.already_here(KIND)
    else:
        same = _made(author, {row.slug for row in rows.values()})
        db.session.add(same)
        db.session.flush()
        rows[same.id] = same
        run.report.brought(KIND)
    if author.login not in known:
        ledger.remember(run.source, KIND, {author.login: same.id})
    run.authors[author.login] = same.id
    if author.id:
        run.author_numbers[author.id] = same.id


def _same_person(author: wxr.Author, rows: dict[int, Author]) -> Author | None:
    """Somebody with the same e-mail address is the same person, whatever the name says."""
    email = author.email.lower()
    return next((row for row in rows.values() if email and row.email == email), None)


def _made(author: wxr.Author, taken: set[str]) -> Author:
    full_name = f"{author.first_name} {author.last_name}"
    name = markup.clean_text(author.display_name or full_name) or author.login
    slug = made_from(author.login) or made_from(name) or "author"
    return Author(
        name=name[:245],
        slug=free(slug, taken),
        email=author.email.lower()[:254],
        imported_id=small(author.id),
    )
