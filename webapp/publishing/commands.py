"""`standfirst import`, `standfirst menus` and `standfirst markup`: bringing content in, and looking after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

from webapp.commandline import Refused, in_app
from webapp.filters import noun
from webapp.publishing import media_commands

LOCATIONS = ("main", "top", "sections", "paper", "social")
_FILE = click.Path(path_type=Path)


def register(cli: click.Group) -> None:
    """Adds the groups `import`, `menus` and `markup`."""
    cli.add_command(import_group)
    cli.add_command(menus)
    cli.add_command(markup_group)
    cli.add_command(demo)


@click.group("import")
def import_group() -> None:
    """Brings articles in from elsewhere. Safe to run again, and to stop and go on."""


@import_group.command("wordpress")
@click.argument("file", type=_FILE)
@click.option("--media", type=_FILE, help="A copy of wp-content/uploads; without it no files are taken.")
@click.option("--report", "report_file", type=_FILE, help="Write the whole reconciliation report as JSON.")
@click.option("--yes", is_flag=True, help="Replace an untouched demonstration without asking.")
@in_app
def import_wordpress(file: Path, media: Path | None, report_file: Path | None, yes: bool) -> None:
    """Brings a WordPress export (Tools > Export, WXR 1.0 to 1.2) with everything in it.

    A broken file changes nothing. Nothing is ever fetched from the network.
    """
    from webapp.publishing import queries, report, wordpress, wxr
    from webapp.publishing.media_files import MediaSource

    _refuse_unusable(file, media, report_file)
    with progress_bar(file.stat().st_size, "Checking") as advance:
        try:
            inspection = wordpress.inspect(file, advance)
        except wxr.Malformed as error:
            raise Refused(f"{file}: {error}. Nothing was changed.") from error
    replace_demonstration(yes=yes)
    source = MediaSource(media, Path(current_app.instance_path) / "media") if media else None
    with progress_bar(inspection.steps, "Bringing") as advance:
        try:
            made = wordpress.bring(inspection, media=source, progress=advance)
        except KeyboardInterrupt:
            click.echo("\nStopped. What was brought stays; run the same command again to go on.", err=True)
            sys.exit(130)
    if media:
        media_commands.build()
    click.echo(report.as_text(made), nl=False)
    if report_file:
        with report_file.open("w", encoding="utf-8") as written:
            report.write_json(made, queries.every_address(made.run_id), written)
        click.echo(f"\nThe whole report is in {report_file}.")


@import_group.command("markdown")
@click.argument("folder", type=_FILE)
@click.option("--yes", is_flag=True, help="Replace an untouched demonstration without asking.")
@in_app
def import_markdown(folder: Path, yes: bool) -> None:
    """Brings a folder of Markdown files with YAML front matter, and the pictures that lie in it.

    Every file is checked first; one mistake, and nothing is changed. docs/markdown.md lists the keys.
    """
    from webapp.publishing import demonstration, markdown_import, report

    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}. Nothing was changed.")
    with progress_bar(markdown_import.step_count(folder), "Reading") as advance:
        try:
            is_first = demonstration.is_untouched()
            prepared = markdown_import.prepare(folder, into_empty=is_first, progress=lambda *_: advance(1))
        except markdown_import.Mistakes as error:
            raise Refused(str(error)) from error
    if not prepared.folder.pieces:
        raise Refused(f"There are no Markdown files in {folder}. Nothing was changed.")
    replaces = gives_up_demonstration(yes=yes)
    made = markdown_import.bring(prepared, before=demonstration.remove_rows if replaces else None)
    if replaces:
        demonstration.remove_files()
    click.echo(report.as_text(made), nl=False)


@click.group()
def demo() -> None:
    """Made-up content."""


@demo.command()
@click.option(
    "--articles", type=click.IntRange(0, 10_000_000), default=1000, show_default=True, help="How many more."
)
@click.option(
    "--comments", type=click.IntRange(0, 50_000_000), default=2000, show_default=True, help="How many more."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another paper.")
@click.option("--yes", is_flag=True, help="Add them to a paper that is not the demonstration, too.")
@in_app
def scale(articles: int, comments: int, seed: int, yes: bool) -> None:
    """Fills the database with a made-up paper of any size, to measure with or to size a server.

    The site may run meanwhile. Interrupted, what was written stays.
    """
    from webapp.publishing import demonstration, emptiness, scale

    if not (yes or demonstration.is_loaded() or emptiness.is_empty()):
        raise Refused("This is a real paper. Say --yes to mix made-up articles into it. Nothing was changed.")
    with progress_bar(articles + comments, "Writing") as advance:
        scale.make(articles, comments, advance, seed)
    click.echo(
        f"{articles} {noun(articles, 'article')} and {comments} {noun(comments, 'comment')} were added."
    )


def _refuse_unusable(file: Path, media: Path | None, report_file: Path | None) -> None:
    """Says before the long work what would fail after it."""
    if not file.is_file():
        raise Refused(f"There is no file {file}. Nothing was changed.")
    if media is not None and not media.is_dir():
        raise Refused(f"There is no folder {media}. Nothing was changed.")
    if report_file is None:
        return
    if report_file.is_dir() or not os.access(report_file.absolute().parent, os.W_OK):
        raise Refused(f"{report_file} can't be written. Nothing was changed.")


@contextmanager
def progress_bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, so that the report alone goes to standard output."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
        bar.update(max(0, length - bar.pos))


def replace_demonstration(*, yes: bool) -> None:
    """Before a first import: removes a demonstration that nobody has touched, after asking. Raises Refused."""
    from webapp.publishing import demonstration

    if gives_up_demonstration(yes=yes):
        demonstration.remove()
        click.echo("The demonstration has been removed.", err=True)


def gives_up_demonstration(*, yes: bool) -> bool:
    """Whether the import replaces the demonstration; asks first. Raises Refused when the answer is no."""
    from webapp.publishing import demonstration

    if not demonstration.is_untouched():
        return False
    if not yes:
        if not sys.stdin.isatty():
            raise Refused("This replaces the demonstration. Say --yes to that. Nothing was changed.")
        if not click.confirm("This replaces the demonstration by what is in the file. Go on?", err=True):
            raise Refused("Nothing was changed.")
    return True


@click.group(invoke_without_command=True)
@click.pass_context
def menus(context: click.Context) -> None:
    """Lists the menus and where each stands."""
    if context.invoked_subcommand is None:
        context.invoke(_list_menus)


@in_app
def _list_menus() -> None:
    from webapp.publishing import queries

    rows = queries.menus()
    for menu, number in rows:
        click.echo(f"{menu.slug:30} {menu.location or 'nowhere':10} {number:4d} links  {menu.name}")
    if not rows:
        click.echo("There are no menus.")


@menus.command("place")
@click.argument("slug")
@click.argument("location", type=click.Choice([*LOCATIONS, "nowhere"]))
@in_app
def place_menu(slug: str, location: str) -> None:
    """Puts a menu in its place; the one that stood there stands nowhere."""
    from webapp.publishing import actions

    if not actions.place_menu(slug, None if location == "nowhere" else location):
        raise Refused(f"There is no menu {slug}. See: standfirst menus")
    click.echo(f"{slug} stands: {location}.")


@click.group("markup")
def markup_group() -> None:
    """Looks after the stored HTML."""


@markup_group.command("clean")
@in_app
def clean_markup() -> None:
    """Cleans every article and comment again, for when a rule of the sanitiser has changed."""
    from webapp.publishing import actions, queries

    with progress_bar(queries.text_count(), "Cleaning") as advance:
        changed = actions.clean_all(advance)
    click.echo(f"{changed} texts changed.")
