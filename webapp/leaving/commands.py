"""`standfirst export`, `standfirst backup` and `standfirst restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from webapp.commandline import Refused, in_app
from webapp.filters import noun
from webapp.leaving import actions, bundle, static_site, wordpress
from webapp.publishing.commands import progress_bar

_PATH = click.Path(path_type=Path)


def register(cli: click.Group, import_group: click.Group) -> None:
    """Adds the commands, and `import site` to the others that bring something."""
    cli.add_command(export)
    cli.add_command(backup)
    cli.add_command(restore)
    import_group.add_command(import_site)


@click.group()
def export() -> None:
    """Takes the site elsewhere. Nothing is kept back."""


@export.command("site")
@click.argument("folder", type=_PATH)
@in_app
def export_site(folder: Path) -> None:
    """Writes everything as documented JSON Lines with all media into an empty FOLDER (docs/leaving.md).

    It holds hashes of passwords and addresses of commenters: keep it as safe as the site itself.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not an empty folder. Nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with progress_bar(bundle.steps(), "Writing") as advance:
        bundle.write(bundle.Folder(folder), advance)
    with progress_bar(bundle.steps(), "Reading it again") as advance:
        found = _usable(lambda: bundle.check(folder, advance))
    click.echo(_told(found, folder))


@export.command("wordpress")
@click.argument("file", type=_PATH)
@in_app
def export_wordpress(file: Path) -> None:
    """Writes a WordPress export (WXR) that WordPress's own importer takes, with comments and threads.

    WordPress fetches the media from this site's addresses while it imports, so leave the site running until then.
    """
    if file.exists():
        raise Refused(f"{file} is there already. Nothing was written.")
    draft = file.with_name(f".{file.name}.part")
    try:
        with (
            draft.open("x", encoding="utf-8") as opened,
            progress_bar(wordpress.steps(), "Writing") as advance,
        ):
            draft.chmod(0o600)
            wordpress.write(opened, advance)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{file}: {wordpress.steps()} items.")
    if locked := wordpress.protected_count():
        leaving = noun(locked, "article leaves", "articles leave")
        click.echo(f"Passwords of readers cannot be taken along: {locked} {leaving} as private.")


@export.command("static")
@click.argument("folder", type=_PATH)
@in_app
def export_static(folder: Path) -> None:
    """Writes the public site as files into an empty FOLDER, for any web server: to read, not to comment."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not an empty folder. Nothing was written.")
    with click.progressbar(length=1, label="Writing", file=sys.stderr) as bar:

        def advance(done: int, known: int) -> None:
            bar.length = known
            bar.update(done - bar.pos)

        try:
            files, missing = static_site.write(folder, advance)
        except static_site.Stopped as error:
            raise Refused(f"{error} The folder is not complete.") from error
    click.echo(f"{folder}: {files} {noun(files, 'file')}.")
    for path in missing:
        click.echo(f"Nothing stands at {path}", err=True)


@click.command()
@click.argument("file", type=_PATH)
@in_app
def backup(file: Path) -> None:
    """Writes everything into one FILE (.tar or .tar.gz), while the site runs, and reads it again."""
    if file.exists():
        raise Refused(f"{file} is there already. Nothing was written.")
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("xb") as opened:
            draft.chmod(0o600)
            with (
                bundle.archive_for(opened, file.name) as archive,
                progress_bar(bundle.steps(), "Writing") as advance,
            ):
                bundle.write(bundle.Archive(archive), advance)
        found = _usable(lambda: bundle.check_archive(draft))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(_told(found, file))


@click.command()
@click.argument("file", type=_PATH)
@click.option("--yes", is_flag=True, help="Replace what is here without asking.")
@in_app
def restore(file: Path, yes: bool) -> None:
    """Brings back the site of a backup FILE. What is here is gone; if anything is wrong, it stays."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    _usable(lambda: bundle.check_archive(file))
    _ask(yes)
    try:
        with bundle.opened(file) as folder:
            _bring(folder)
    except bundle.Unusable as error:
        raise Refused(str(error)) from error


@click.command("site")
@click.argument("folder", type=_PATH)
@click.option("--yes", is_flag=True, help="Replace what is here without asking.")
@in_app
def import_site(folder: Path, yes: bool) -> None:
    """Brings back what `export site` wrote. What is here is gone; if anything is wrong, it stays."""
    _usable(lambda: bundle.check(folder))
    _ask(yes)
    _bring(folder)


def _bring(folder: Path) -> None:
    found = _usable(lambda: bundle.check(folder))
    with progress_bar(len(found.rows), "Bringing") as advance:
        try:
            actions.bring_back(folder, found, advance)
        except bundle.Unusable as error:
            raise Refused(f"{error} Nothing was changed.") from error
    click.echo(f"{_told(found, folder)} It is this site now. Restart bin/serve, so that its key is used.")


def _usable(read):  # noqa: ANN001, ANN202 (gives what it is given)
    try:
        return read()
    except bundle.Unusable as error:
        raise Refused(f"{error} Nothing was changed.") from error


def _ask(yes: bool) -> None:
    if yes or actions.is_empty():
        return
    if not click.confirm("This site has content or accounts. Replace all of it?", default=False):
        raise Refused("Nothing was changed.")


def _told(found: bundle.Manifest, place: Path) -> str:
    media = sum(1 for name in found.files if name.startswith("media/"))
    articles, comments = found.rows.get("article", 0), found.rows.get("comment", 0)
    named = f"{articles} {noun(articles, 'article')}, {comments} {noun(comments, 'comment')}"
    return f"{place}: {named}, {media} {noun(media, 'file')} of media, every file compared."
