"""`standfirst newsletter`: mail that came back, and the list of readers from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from webapp.commandline import Refused, in_app
from webapp.subscribing import bounces, lists, rules


@click.group()
def newsletter() -> None:
    """Looks after the newsletter's readers."""


@newsletter.command("bounce")
@in_app
def bounce() -> None:
    """Takes a delivery report from standard input, as the mail server pipes it for BOUNCE_ADDRESS.

    It ends with 0 whatever comes, so that the mail server does not answer a report with another one.
    """
    outcome = bounces.take_message(sys.stdin.buffer.read(bounces.LARGEST))
    click.echo(f"{outcome.email}: {outcome.words}" if outcome.email else outcome.words)


@newsletter.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_app
def export(file: Path) -> None:
    """Writes all addresses with their state into a CSV file that nobody else can read."""
    if file.exists():
        raise Refused(f"{file} exists. Name another file.")
    try:
        file.touch(mode=0o600)
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(lists.export())
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"Written: {file}")


@newsletter.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agreed", is_flag=True, help="Say that these readers agreed to get the newsletter.")
@in_app
def bring(file: Path, agreed: bool) -> None:
    """Adds the addresses of a list (CSV, or one a line). Whoever stopped stays off; nobody is added twice."""
    if not agreed:
        raise Refused("Say with --agreed that these readers agreed to get the newsletter.")
    try:
        found = rules.read_list(file.read_bytes())
    except rules.NotAList as error:
        raise Refused(str(error)) from error
    if not found.emails:
        raise Refused("There is no e-mail address in this file.")
    done = lists.bring(found)
    click.echo(
        f"{done.new} new; {done.there} were there; {done.stopped} had stopped; {done.bounced} cannot be reached."
    )
    for number, words in found.wrong:
        click.echo(f"No address in line {number}: {words}")


def register(cli: click.Group) -> None:
    """Adds the group to the command line."""
    cli.add_command(newsletter)
