"""`standfirst log` and `standfirst rules`: the moderation log as a whole, and a dry run of changed rules."""

from __future__ import annotations

from typing import Any

import click

from webapp.commandline import Refused, in_app
from webapp.filters import noun
from webapp.moderating import chain
from webapp.moderating.replay import DAYS, replay
from webapp.settings import BY_NAME, BadSetting, checked


def register(cli: click.Group) -> None:
    """Adds the groups."""
    cli.add_command(log)
    cli.add_command(rules)


@click.group()
def log() -> None:
    """Looks after the log of decisions."""


@log.command()
@click.option("--head", default="", help="A hash from a daily digest: it has to stand in the log.")
@in_app
def verify(head: str) -> None:
    """Goes through the whole log and says whether an entry was changed, taken out or put in."""
    found = chain.verify(head.strip().lower())
    if found.broken_at is not None:
        raise Refused(
            f"The log is broken at entry {found.broken_at}: it, or one before it, was changed, taken out or put in."
        )
    if not found.has_head:
        raise Refused(
            "The entries follow from each other, but this head is not among them: entries are missing."
        )
    entries = noun(found.entries, "entry", "entries")
    click.echo(
        f"{found.entries} {entries}, each follows from the one before. Head: {found.head or 'none yet'}"
    )


@click.group()
def rules() -> None:
    """Looks after the rules for comments."""


@rules.command("replay")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    required=True,
    help="A rule to try; may be repeated.",
)
@click.option("--days", default=DAYS, show_default=True, help="How far to look back.")
@in_app
def replay_rules(changes: tuple[str, ...], days: int) -> None:
    """Shows what changed rules would have said about the comments of the last days. Changes nothing.

    Lists are separated by commas: --set "DISALLOWED_WORDS=casino, bonus code"
    """
    found = replay(dict(_changed(text) for text in changes), days)
    for one in found.differences:
        reasons = " ".join(verdict.reason for verdict in one.reasons)
        words = f"{one.comment.name}: {one.comment.body_source[:60]!r}"
        click.echo(f"{one.comment.id}: {one.was} → {one.would}  {words}  {reasons}")
    comments = noun(found.looked_at, "comment")
    click.echo(
        f"{found.looked_at} {comments} looked at, {len(found.differences)} would have fared otherwise."
    )


def _changed(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    item = BY_NAME.get(name.strip().upper())
    if not sign or item is None or not item.live:
        raise Refused(f"{text!r} is no rule and value. For example: --set COMMENT_MAX_LINKS=0")
    typed = [part.strip() for part in value.split(",")] if isinstance(item.default, list) else value
    try:
        return item.name, checked(item.name, typed)
    except BadSetting as error:
        raise Refused(str(error)) from error
