"""What the editor hands in: every field as typed, and what is wrong with it, by field."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from webapp import clock, markup
from webapp.converters import id_from
from webapp.markup_links import web_address
from webapp.models import TOLD, Change
from webapp.passwords import hash_password
from webapp.writing import lookups
from webapp.writing.fields import Fields

LIMITS = {
    "headline": 300,
    "kicker": 200,
    "standfirst": 2_000,
    "excerpt": 2_000,
    "slug": 190,
    "canonical_url": 1_000,
    "search_description": 320,
}
LINES = ("headline", "kicker", "slug", "canonical_url", "search_description")
LONGEST_BODY = 2_000_000
MOST_NAMES = 60
LONGEST_NOTE = 1_000


@dataclass
class Typed:
    """An article as it was typed. `raw` gives every field back as it came, for a page that says what is wrong."""

    fields: Fields
    revision: int
    errors: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Publishing:
    """How it is to be published. `at`: None for at once."""

    change: Change
    note: str
    at: datetime | None
    errors: dict[str, str]


def typed(form: MultiDict[str, str], now: Fields) -> Typed:
    """Reads the editor. A field that is missing stays as it is in `now`; one that is wrong, too, and says why."""
    found = Typed(now, form.get("revision", 0, type=int), raw=form.to_dict())
    values: dict[str, object] = {}
    for name, limit in LIMITS.items():
        if name in form:
            text = form[name].replace("\r\n", "\n").strip()
            values[name] = markup.clean_text(text) if name in LINES else text
            if len(text) > limit:
                found.errors[name] = f"At most {limit} characters; these are {len(text)}."
    _text(form, found, values)
    if values.get("slug"):
        values["slug"] = lookups.slug_of(str(values["slug"]))
    if values.get("canonical_url") and not web_address(str(values["canonical_url"])):
        found.errors["canonical_url"] = "Type a whole address, such as https://news.example/first."
    _lists(form, found, values)
    _switches(form, values)
    _password(form, found, values)
    good = {name: value for name, value in values.items() if name not in found.errors}
    found.fields = replace(now, **good)  # pyright: ignore[reportArgumentType]
    return found


def publishing(form: MultiDict[str, str], zone: ZoneInfo, *, is_live: bool) -> Publishing:
    """Reads how to publish: `when` (now, later) with `day` and `time` on the site's clock, `change` and `note`."""
    errors: dict[str, str] = {}
    at = None
    if form.get("when") == "later":
        at = moment(form.get("day", ""), form.get("time", ""), zone)
        if at is None:
            errors["day"] = "Type a day and a time, such as 2026-12-04 and 17:00."
        elif at <= clock.now():
            errors["day"] = "This time is over. Choose one that comes, or publish now."
    note = form.get("note", "").strip()
    wanted = form.get("change", "")
    change = Change(wanted) if wanted in set(Change) - {Change.first} else Change.typo
    if is_live and wanted not in set(Change):
        errors["change"] = "Say what the change is to readers: a typo, an update or a correction."
    if is_live and change in TOLD and not note:
        errors["note"] = "Say in a sentence what changed. Readers see it."
    if len(note) > LONGEST_NOTE:
        errors["note"] = f"At most {LONGEST_NOTE} characters; these are {len(note)}."
    return Publishing(change, note if change in TOLD else "", at, errors)


def moment(day: str, time: str, zone: ZoneInfo) -> datetime | None:
    """The moment of a day and a time on the site's clock. In the hour that a clock is put forward: the hour after."""
    try:
        local = datetime.fromisoformat(f"{day.strip()}T{time.strip()}").replace(tzinfo=zone)
    except ValueError:
        return None
    return local if 1970 <= local.year <= 9000 else None


def names(text: str) -> list[str]:
    """The names of a list with commas, in order, each once."""
    found = (markup.clean_text(part) for part in text.replace("\n", ",").split(","))
    return list(dict.fromkeys(name for name in found if name))


def _text(form: MultiDict[str, str], found: Typed, values: dict[str, object]) -> None:
    if len(form.get("body", "")) > LONGEST_BODY:
        found.errors["body"] = "This text is too long to be kept: two million characters are the limit."
    elif "body" in form:
        values["body"] = _body(form["body"], found.fields.body)


def _password(form: MultiDict[str, str], found: Typed, values: dict[str, object]) -> None:
    typed_one = form.get("password", "")
    if len(typed_one) > 200:
        found.errors["password"] = "This is too long for a password."  # noqa: S105 (a sentence)
    elif typed_one:
        values["password_hash"] = hash_password(typed_one)
    elif form.get("no_password"):
        values["password_hash"] = ""


def _body(source: str, now: str) -> str:
    # Line ends are the browser's; what has not been touched stays exactly as it is.
    source = source.replace("\r\n", "\n")
    return now if source == now else markup.clean_article(source)


def _lists(form: MultiDict[str, str], found: Typed, values: dict[str, object]) -> None:
    if "authors" in form:
        wanted = names(form["authors"])
        ids, unknown = lookups.authors_named(wanted)
        values["authors"] = ids
        if unknown:
            found.errors["authors"] = f"There is no author called {', '.join(unknown)}."
    if "tags" in form:
        values["tags"] = names(form["tags"])
        if len(names(form["tags"])) > MOST_NAMES or any(len(one) > 190 for one in names(form["tags"])):
            found.errors["tags"] = f"At most {MOST_NAMES} tags, each of at most 190 characters."
    if "section" in form:
        ticked = [form["section"], *form.getlist("category")]
        values["categories"] = list(dict.fromkeys(one for text in ticked if (one := id_from(text))))
    if "related" in form:
        ids, unknown = lookups.articles_at([line for line in form["related"].split() if line])
        values["related"] = ids
        if unknown:
            found.errors["related"] = f"No article stands at {unknown[0][:100]}."


def _switches(form: MultiDict[str, str], values: dict[str, object]) -> None:
    for name in ("lead_media", "share_media", "parent"):
        if name in form:
            values[name] = id_from(form[name].strip()) or 0
    if "menu_order" in form:
        values["menu_order"] = max(-9999, min(9999, form.get("menu_order", 0, type=int)))
    # A tick that is not set is not sent, so the form says that its ticks were on the page.
    if "with_ticks" in form:
        values["is_sticky"] = "is_sticky" in form
        # Moderators close discussions, too: only a tick that was changed on this page counts.
        if ("comments_open" in form) != (form.get("were_open") == "1"):
            values["comments_open"] = "comments_open" in form
        values["comments_hidden"] = "comments_hidden" in form
    dated = moment(form.get("dated_day", ""), form.get("dated_time", ""), lookups.zone())
    if "dated_day" in form and dated is not None:
        values["dated"] = dated.isoformat()
    elif "dated_day" in form and not form["dated_day"]:
        values["dated"] = ""
