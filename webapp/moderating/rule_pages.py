"""The page of the rules: what comments are judged by, changed after a dry run, and the switches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.moderating import queue_queries, restrictions, words
from webapp.moderating.accounts import role_required
from webapp.moderating.learning import lesson
from webapp.moderating.replay import DAYS, replay
from webapp.settings import BY_NAME, BadSetting, checked, setting, source, store

bp = Blueprint("rule_pages", __name__)
ADDRESS = "/moderation/rules"
SHOWN = 100

GROUPS = {
    "What waits": (
        "COMMENT_HOLD_ALL",
        "COMMENT_HOLD_FIRST",
        "COMMENT_MAX_LINKS",
        "COMMENT_MAX_REJECTED",
        "COMMENT_HOLD_DISPOSABLE",
        "PROOF_OF_WORK",
        "MODERATION_WORDS",
        "HELD_ADDRESSES",
        "HELD_DOMAINS",
    ),
    "What is spam": ("DISALLOWED_WORDS", "BLOCKED_ADDRESSES", "BLOCKED_DOMAINS", "SPAM_ACTS_AT"),
    "What is refused": (
        "COMMENT_MAX_LENGTH",
        "COMMENT_MIN_SECONDS",
        "COMMENT_FLOOD_SECONDS",
        "COMMENT_NETWORK_HOUR",
        "CLOSE_COMMENTS_AFTER_DAYS",
    ),
    "Who is on duty": ("DUTY_HOURS", "OFF_DUTY", "MODERATOR_MAIL"),
}
NAMES = [name for group in GROUPS.values() for name in group]


@bp.get(ADDRESS)
@role_required("moderator")
def rules() -> ResponseReturnValue:
    """Every rule with its value and help; editors may change them."""
    return _page({name: as_typed(setting(name)) for name in NAMES})


@bp.post(ADDRESS)
@role_required("editor")
def change() -> ResponseReturnValue:
    """Saves what was changed, or with `dry` shows what it would have done. 422 with the form where a value is wrong."""
    typed, changed, problems = read_changes(NAMES)
    if problems:
        return _page(typed, 422, problems=problems)
    if request.form.get("dry"):
        return _page(typed, tried=replay(changed) if changed else None, is_dry=True)
    if changed:
        store(changed)
    return redirect(f"{ADDRESS}?saved={len(changed)}", code=303)


def read_changes(names: Iterable[str]) -> tuple[dict[str, str], dict[str, Any], dict[str, str]]:
    """What a form of settings says: every one as typed, the values that differ from now, and what is wrong, by name."""
    typed = {name: _typed(name) for name in names}
    problems: dict[str, str] = {}
    changed: dict[str, Any] = {}
    for name, text in typed.items():
        if text != as_typed(setting(name)):
            try:
                changed[name] = checked(name, text)
            except BadSetting as error:
                problems[name] = str(error)
    return typed, changed, problems


def fixed_elsewhere(names: Iterable[str]) -> dict[str, str]:
    """Those of the settings that the operator has set, and where."""
    return {name: source(name) for name in names if source(name) not in ("default", "database")}


def as_typed(value: Any) -> str:
    """A value as it stands in its field."""
    if value is None or isinstance(value, bool):
        return "1" if value else ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def _typed(name: str) -> str:
    text = request.form.get(name, "").replace("\r\n", "\n").strip()
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _page(typed: dict[str, str], status: int = 200, **more: Any) -> ResponseReturnValue:
    values = {
        "problems": {},
        "tried": None,
        "is_dry": False,
        "saved": request.args.get("saved", type=int),
    } | more
    page = render_template(
        "moderating/rules.html",
        groups=GROUPS,
        about=BY_NAME,
        typed=typed,
        fixed=fixed_elsewhere(NAMES),
        label=words.setting_label,
        switches=restrictions.all_in_force(),
        switch_choices=restrictions.choices(),
        slow=restrictions.SLOW,
        lasts=restrictions.LASTS,
        lesson=lesson(),
        counts=queue_queries.counts(),
        tabs=queue_queries.TABS,
        days=DAYS,
        shown=SHOWN,
        **values,
    )
    return make_response(page, status)
