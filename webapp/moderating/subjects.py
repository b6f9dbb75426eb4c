"""What entries of the log are about beside comments, in words and with an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.database import db
from webapp.models import Account, Article, Edition, Menu, ModerationEntry, Restriction
from webapp.moderating import restrictions
from webapp.reading.rules import headline_of


@dataclass(frozen=True)
class Subject:
    words: str
    href: str = ""
    """Empty where there is no page for it (any more)."""


def of(entries: Iterable[ModerationEntry]) -> dict[str, Subject]:
    """The subjects of these entries, by what stands there ("article:12"); one statement for each kind."""
    ids: dict[str, set[int]] = defaultdict(set)
    found: dict[str, Subject] = {}
    for entry in entries:
        kind, _, number = entry.subject.partition(":")
        if number.isdecimal():
            ids[kind].add(int(number))
            found[entry.subject] = Subject(f"{kind} {number}, which is gone")
        elif entry.subject:
            found[entry.subject] = Subject(number or kind)
    for kind, look_up in _KINDS.items():
        if ids[kind]:
            found |= {f"{kind}:{number}": subject for number, subject in look_up(ids[kind])}
    return found


def _articles(ids: set[int]) -> Iterator[tuple[int, Subject]]:
    for article in db.session.scalars(select(Article).where(Article.id.in_(ids))):
        href = article.permalink if article.is_live() else ""
        yield article.id, Subject(f"“{headline_of(article)}”", href)


def _accounts(ids: set[int]) -> Iterator[tuple[int, Subject]]:
    for account in db.session.scalars(select(Account).where(Account.id.in_(ids))):
        yield account.id, Subject(account.display_name)


def _switches(ids: set[int]) -> Iterator[tuple[int, Subject]]:
    joined = (Restriction.account, Restriction.article, Restriction.category, Restriction.tag)
    query = select(Restriction).where(Restriction.id.in_(ids)).options(*(joinedload(one) for one in joined))
    for row in db.session.scalars(query):
        yield row.id, Subject(restrictions.in_words(row))


def _editions(ids: set[int]) -> Iterator[tuple[int, Subject]]:
    for edition in db.session.scalars(select(Edition).where(Edition.id.in_(ids))):
        yield edition.id, Subject(f"“{edition.subject or edition.id}”", f"/desk/newsletter/{edition.id}")


def _menus(ids: set[int]) -> Iterator[tuple[int, Subject]]:
    for menu in db.session.scalars(select(Menu).where(Menu.id.in_(ids))):
        yield menu.id, Subject(f"“{menu.name}”", f"/desk/menus/{menu.id}")


_KINDS: dict[str, Callable[[set[int]], Iterator[tuple[int, Subject]]]] = {
    "article": _articles,
    "account": _accounts,
    "switch": _switches,
    "edition": _editions,
    "menu": _menus,
}
