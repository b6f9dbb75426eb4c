"""The command `media`: the sizes of pictures."""

from __future__ import annotations

import sys

import click

from webapp.commandline import in_app


@click.group("media")
def media_group() -> None:
    """Looks after pictures and files."""


@media_group.command("build")
@click.option("--again", is_flag=True, help="Make every size anew, also of pictures that have them.")
@in_app
def build_media(again: bool) -> None:
    """Makes the sizes of pictures that pages send (AVIF, WebP, JPEG).

    Only what is missing is made, so it may be interrupted and run again. Until then pages show the original.
    """
    build(again=again)


def build(*, again: bool = False) -> None:
    """The same with a progress bar; says what no sizes can be made of."""
    from webapp.publishing import picture_actions

    if again:
        picture_actions.forget_all()
    found = picture_actions.waiting()
    if not found:
        click.echo("Every picture has its sizes.", err=True)
        return
    with click.progressbar(length=len(found), label="Making pictures", file=sys.stderr) as bar:
        problems = picture_actions.build_waiting(found, bar.update)
    made = len(found) - len(problems)
    click.echo(f"Sizes of {made} {'picture' if made == 1 else 'pictures'} were made.", err=True)
    for file, problem in problems:
        click.echo(f"  {file} {problem}.", err=True)


def register(cli: click.Group) -> None:
    """Adds the command to the command line."""
    cli.add_command(media_group)
