"""What the newsletter's forms hand in."""

from __future__ import annotations

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from webapp.converters import id_from
from webapp.markup import clean_text
from webapp.markup_text import printable
from webapp.subscribing.editions import MOST_ARTICLES
from webapp.subscribing.rules import normalized

HONEYPOT = "company"
LONGEST_SUBJECT, LONGEST_INTRO = 150, 5000


@dataclass
class Wish:
    """An address as it was typed. `problem` empty: `email` can be written to."""

    email: str
    problem: str = ""


def wish(form: MultiDict[str, str]) -> Wish:
    """Reads the sign-up."""
    typed = clean_text(form.get("email", ""))[:300]
    if form.get(HONEYPOT):
        return Wish(
            typed, "A field that people never see was filled in, as programs do. Please send it once more."
        )
    email = normalized(typed)
    return (
        Wish(email) if email else Wish(typed, "This is no e-mail address. One looks like lena@post.example.")
    )


@dataclass
class Draft:
    """An edition as it was typed: its articles by id in their order, and what is wrong, by field."""

    subject: str
    intro: str
    articles: list[int]
    errors: dict[str, str] = field(default_factory=dict)


def draft(form: MultiDict[str, str]) -> Draft:
    """Reads an edition; the button that was pressed (`do`) may move an article, take one in or out."""
    ids = [number for text in form.getlist("article") if (number := id_from(text))]
    found = Draft(
        clean_text(form.get("subject", "")),
        printable(form.get("intro", "").replace("\r\n", "\n")).strip(),
        list(dict.fromkeys(ids)),
    )
    deed, _, number = form.get("do", "").partition(":")
    _apply(found.articles, deed, id_from(number) or 0)
    for name, most in (("subject", LONGEST_SUBJECT), ("intro", LONGEST_INTRO)):
        length = len(getattr(found, name))
        if length > most:
            found.errors[name] = f"At most {most} characters; these are {length}."
    if len(found.articles) > MOST_ARTICLES:
        found.errors["article"] = f"At most {MOST_ARTICLES} articles; these are {len(found.articles)}."
    return found


def _apply(articles: list[int], deed: str, number: int) -> None:
    if deed == "in" and number and number not in articles:
        articles.append(number)
    elif number in articles:
        place = articles.index(number)
        if deed == "out":
            articles.remove(number)
        elif deed in ("up", "down"):
            other = max(place - 1, 0) if deed == "up" else min(place + 1, len(articles) - 1)
            articles[place], articles[other] = articles[other], articles[place]
