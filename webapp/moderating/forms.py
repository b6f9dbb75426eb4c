"""What staff forms hand in. BadForm says in words what is wrong with one."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from webapp.models import CommentStatus
from webapp.models.base import LARGEST_ID
from webapp.moderating.actions import Decision
from webapp.moderating.queue_queries import FLAGGED, MINE, Filters

MOST_AT_ONCE = 200


class BadForm(ValueError):
    """The form cannot be used; nothing was changed."""


@dataclass(frozen=True)
class BulkForm:
    """One decision on up to 200 comments."""

    decision: Decision
    ids: list[int]
    expected: str | None


@dataclass(frozen=True)
class SignInForm:
    """`email` as typed, without spaces around it."""

    email: str
    password: str
    errors: dict[str, str]


def sign_in_form(form: MultiDict[str, str]) -> SignInForm:
    """Reads a sign-in; `errors` by field where something is missing or far too long."""
    email, password = form.get("email", "").strip(), form.get("password", "")
    errors: dict[str, str] = {}
    if not email:
        errors["email"] = "Type your e-mail address."
    elif len(email) > 254:
        errors["email"] = "This is too long for an e-mail address."
    if not password:
        errors["password"] = "Type your password."  # noqa: S105 (a sentence)
    elif len(password) > 1000:
        errors["password"] = "This is too long for a password."  # noqa: S105 (a sentence)
    return SignInForm(email[:254], password, errors)


def bulk_form(form: MultiDict[str, str]) -> BulkForm:
    """Reads `decision`, the repeated `comment` and `expected`. Raises BadForm."""
    try:
        decision = Decision(form.get("decision", ""))
    except ValueError as error:
        raise BadForm("Choose what to do: approve, spam, hold or trash.") from error
    return BulkForm(decision, ids(form.getlist("comment"), "comment"), expected(form))


def expected(form: MultiDict[str, str]) -> str | None:
    """The status that the decision was made on, where the form says it. Raises BadForm."""
    value = form.get("expected", "")
    if value == MINE:
        return None
    if value == FLAGGED:
        return CommentStatus.approved
    if value and value not in set(CommentStatus):
        raise BadForm("The status that this was decided on is none that a comment can have.")
    return value or None


def ids(values: list[str], noun: str) -> list[int]:
    """Between one and 200 ids. Raises BadForm."""
    if not values:
        raise BadForm(f"Tick at least one {noun}.")
    if len(values) > MOST_AT_ONCE:
        raise BadForm(f"{len(values)} at once are too many; {MOST_AT_ONCE} are allowed.")
    if not all(_is_id(value) for value in values):
        raise BadForm(f"One of these is no number of a {noun}.")
    return [int(value) for value in values]


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= 10 and int(value) <= LARGEST_ID


AGES = {1: "the last hour", 24: "the last day", 168: "the last week", 720: "the last month"}
BANDS = {0: "likely fine", 1: "unsure", 2: "likely spam"}


def filters(args: MultiDict[str, str]) -> Filters:
    """What an address of the queue narrows its list to; what makes no sense is as if it was not there."""
    hours = args.get("hours", 0, type=int)
    band = args.get("band", type=int)
    order = args.get("order", "")
    return Filters(
        text=args.get("q", "").strip()[:200],
        article=_number(args.get("article", "")),
        category=_number(args.get("category", "")),
        rule=args.get("rule", "")[:40],
        hours=hours if hours in AGES else 0,
        band=band if band in BANDS else None,
        order="newest" if order == "newest" else "likely",
    )


def _number(value: str) -> int:
    return int(value) if _is_id(value) else 0
