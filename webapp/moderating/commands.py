"""`standfirst account`: who may sign in."""

from __future__ import annotations

import sys

import click
from email_validator import EmailNotValidError, validate_email

from webapp.commandline import Refused, in_app
from webapp.models import Account, Role
from webapp.moderating import account_actions, queries
from webapp.people import factors, passkeys, roles

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000

_password_stdin = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password as one line from standard input."
)


def register(cli: click.Group) -> None:
    """Adds the group `account`."""
    cli.add_command(account)


@click.group()
def account() -> None:
    """Makes, lists and disables the accounts of the newsroom."""


@account.command()
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([*Role]),
    required=True,
    help="Editors may do what authors and moderators may, admins everything.",
)
@click.option("--name", default="", help="As readers and colleagues see it.")
@_password_stdin
@in_app
def create(email: str, role: str, name: str, from_stdin: bool) -> None:
    """Makes an account. The password is asked for, twice, or read with --password-stdin."""
    email = _checked_email(email)
    if queries.account_by_email(email) is not None:
        raise Refused(_taken(email))
    if len(name) > 245:
        raise Refused("The name is longer than 245 characters. Nothing was changed.")
    password = _password(from_stdin)
    try:
        account_actions.create_account(email, password, role=role, name=name.strip())
    except account_actions.EmailTaken as error:
        raise Refused(_taken(email)) from error
    click.echo(f"{email} may now sign in as {role}.")


@account.command("list")
@in_app
def list_accounts() -> None:
    """Lists the accounts: e-mail, role, name, state, last sign-in."""
    found = queries.accounts()
    if not found:
        click.echo("There are no accounts yet. Make one: standfirst account create EMAIL --role admin")
    width = max((len(one.email) for one in found), default=0)
    for one in found:
        state = "disabled" if one.is_disabled else "active"
        seen = f"signed in {one.signed_in_at:%Y-%m-%d %H:%M} UTC" if one.signed_in_at else "never signed in"
        click.echo(f"{one.email:{width}}  {one.role:9}  {state:8}  {seen}  {one.name}".rstrip())


@account.command("roles")
@click.option("--markdown", is_flag=True, help="As docs/roles.md has it.")
@in_app
def list_roles(markdown: bool) -> None:
    """Says what each role may do."""
    if markdown:
        click.echo(roles.markdown(), nl=False)
        return
    for role, words in roles.WORDS.items():
        click.echo(f"{role:10} {words}")


@account.command()
@click.argument("email")
@in_app
def disable(email: str) -> None:
    """Keeps an account out and ends its open sessions."""
    account_actions.set_disabled(_found(email), True)
    click.echo(f"{email} is disabled; open sessions have ended.")


@account.command()
@click.argument("email")
@in_app
def enable(email: str) -> None:
    """Lets a disabled account sign in again."""
    account_actions.set_disabled(_found(email), False)
    click.echo(f"{email} may sign in again.")


@account.command()
@click.argument("email")
@_password_stdin
@in_app
def password(email: str, from_stdin: bool) -> None:
    """Sets a new password and ends the account's open sessions."""
    found = _found(email)
    account_actions.change_password(found, _password(from_stdin))
    click.echo(f"{email} has a new password; open sessions have ended.")


@account.command("factor-off")
@click.argument("email")
@in_app
def factor_off(email: str) -> None:
    """Switches off the second factor and removes the passkeys, for somebody who has lost everything."""
    found = _found(email)
    factors.switch_off(found, None)
    gone = passkeys.remove_all(found, None)
    also = f" {gone} {'passkey is' if gone == 1 else 'passkeys are'} removed." if gone else ""
    click.echo(f"{email} signs in with the password alone.{also}")


def _checked_email(text: str) -> str:
    try:
        checked = validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise Refused(f"{text} is no e-mail address: {error} Nothing was changed.") from error
    return checked.normalized.lower()


def _found(email: str) -> Account:
    found = queries.account_by_email(email)
    if found is None:
        raise Refused(f"There is no account {email}. See: standfirst account list")
    return found


def _taken(email: str) -> str:
    return f"There is an account {email} already. Nothing was changed."


def _password(from_stdin: bool) -> str:
    if from_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
    elif _has_terminal():
        text = click.prompt("Password", hide_input=True, confirmation_prompt="Again")
    else:
        raise click.UsageError("There is no terminal to ask for the password: give it with --password-stdin.")
    if len(text) < SHORTEST_PASSWORD:
        raise Refused(f"The password needs at least {SHORTEST_PASSWORD} characters. Nothing was changed.")
    if len(text) > LONGEST_PASSWORD:
        raise Refused(f"The password may have {LONGEST_PASSWORD} characters at most. Nothing was changed.")
    return text


def _has_terminal() -> bool:
    return sys.stdin.isatty()
