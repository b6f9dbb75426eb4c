"""The command `standfirst`. Exit codes: 0 done, 1 nothing changed (the reason on stderr), 2 wrong usage."""

from __future__ import annotations

import os
import sys

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp import generation, keeping, schema, settings, settings_page, working
from webapp.commandline import Refused, in_app, in_app_unmigrated, in_words
from webapp.leaving import commands as leaving_commands
from webapp.moderating import commands as moderating_commands
from webapp.moderating import log_commands
from webapp.pagecache_numbers import Numbers
from webapp.publishing import commands as publishing_commands
from webapp.publishing import media_commands
from webapp.subscribing import commands as subscribing_commands
from webapp.version import version


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version(), message="%(version)s")
def cli() -> None:
    """Runs a Standfirst news site: brings content in, makes accounts, shows settings.

    The site's own data is in the folder STANDFIRST_INSTANCE (default: instance/).
    """


@cli.group()
def db() -> None:
    """Looks after the database."""


@db.command()
@in_app_unmigrated
def upgrade() -> None:
    """Migrates the database to this version of the program."""
    click.echo(
        "The database is now up to date." if schema.upgrade() else "The database was up to date already."
    )


@db.command()
@in_app
def check() -> None:
    """Compares the migrated database with the models."""
    found = schema.differences()
    if found:
        raise Refused("Migrations and models differ:\n  " + "\n  ".join(found))
    click.echo("Migrations and models agree.")


@cli.command("settings")
@click.option("--markdown", is_flag=True, help="Print the table for docs/settings.md instead.")
@click.pass_context
def show_settings(context: click.Context, markdown: bool) -> None:
    """Shows every setting, its value, its default and where the value comes from."""
    if markdown:
        click.echo(settings_page.markdown_table(), nl=False)
    else:
        context.invoke(_settings_in_force)


@in_app
def _settings_in_force() -> None:
    click.echo(f"Instance folder: {current_app.instance_path}\n")
    for item in settings.SETTINGS:
        value = settings_page.shown(item.name, settings.setting(item.name))
        default = "made once" if item.name == "SECRET_KEY" else settings_page.shown(item.name, item.default)
        default = "http://127.0.0.1:<PORT>" if callable(item.default) else default
        click.secho(f"{item.name} = {value}", bold=True)
        click.echo(f"  {item.help}\n  from: {settings.source(item.name)}; default: {default}")


@cli.group(invoke_without_command=True)
@click.pass_context
def cache(context: click.Context) -> None:
    """Shows what the running workers keep of rendered pages, and how often that was enough."""
    if context.invoked_subcommand is None:
        context.invoke(_show_cache)


@in_app_unmigrated
def _show_cache() -> None:
    workers = Numbers(keeping.numbers_path(current_app)).workers()
    if not workers:
        click.echo("No worker has answered a page yet.")
        return
    row = "{:>8} {:>10} {:>10} {:>8} {:>8} {:>9}"
    click.echo(row.format("worker", "found", "made", "found of", "pages", "MB"))
    for worker in workers:
        share = worker.hits / max(1, worker.hits + worker.misses)
        size = f"{worker.size / 1024 / 1024:.1f}"
        click.echo(row.format(worker.pid, worker.hits, worker.misses, f"{share:.1%}", worker.pages, size))


@cache.command()
@in_app_unmigrated
def clear() -> None:
    """Has every page made anew, at every worker."""
    generation.advance()
    click.echo("Every page is made anew from now on.")


@cli.command()
@in_app_unmigrated
def routes() -> None:
    """Lists every address that the site answers."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{methods:6} {rule.rule:58} {rule.endpoint}")


working.register(cli)
subscribing_commands.register(cli)
moderating_commands.register(cli)
log_commands.register(cli)
publishing_commands.register(cli)
media_commands.register(cli)
leaving_commands.register(cli, publishing_commands.import_group)


def main() -> None:
    """The entry point: every failure becomes one line on stderr. STANDFIRST_TRACEBACK=1 shows where it happened."""
    try:
        cli(standalone_mode=True)
    except (settings.BadSetting, SQLAlchemyError, OSError) as error:
        if os.environ.get("STANDFIRST_TRACEBACK"):
            raise
        click.echo(in_words(error), err=True)
        sys.exit(1)
