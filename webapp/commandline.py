"""What every command shares: the application around it, and errors in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError


class Refused(click.ClickException):
    """Nothing was changed, for the reason given. Exit code 1, the reason on stderr."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (the name is click's)
        click.echo(self.format_message(), err=True)


def in_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command inside the application context, with the database at hand and migrated.

    Tests hand their application in as `obj`.
    """

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from webapp import schema

        with _application().app_context():
            try:
                schema.ensure()
            except schema.Outdated as error:
                raise Refused(str(error)) from error
            return command(*args, **kwargs)

    return run


def in_app_unmigrated(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same without looking at the database: for the commands that mend it, or do not need it."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with _application().app_context():
            return command(*args, **kwargs)

    return run


def _application() -> Flask:
    given = click.get_current_context().find_object(Flask)
    if given is not None:
        return given
    from webapp import create_app

    return create_app()


def in_words(error: Exception) -> str:
    """What went wrong, for the person at the screen."""
    if isinstance(error, OperationalError):
        reason = str(error.orig).strip().splitlines()[0]
        if "locked" in reason:
            return "The database is locked by another program. Wait for it to end, then try again. Nothing was changed."
        return f"The database cannot be used: {reason}."
    if isinstance(error, SQLAlchemyError):
        return f"The database refused: {str(error).splitlines()[0]}"
    return str(error)
