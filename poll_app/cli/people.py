"""People on the command line: the first editor, or one more when nobody can sign in."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from poll_app.domain.accounts import ROLES
from poll_app.domain.passwords import MAX_LENGTH, MIN_LENGTH
from poll_app.services.people.accounts import add_account


@click.command("add-editor")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def add_editor(email: str, role: str, password_stdin: bool) -> None:
    """Add somebody who can sign in at /editor/; the password is asked for."""
    password = _from_stdin() if password_stdin else _asked_for()
    settings = current_app.extensions["settings"]
    address = add_account(
        email, role=role, password=password, site_name=settings.site_name, now=datetime.now(UTC)
    )
    click.echo(f"{address} can sign in at {settings.public_url}/editor/ as {role}.")


def _from_stdin() -> str:
    """One line; the line break at its end is not part of the password."""
    with click.open_file("-") as stream:
        try:
            text: str = stream.read(MAX_LENGTH + 3)  # one more than allowed, and a line break
        except UnicodeDecodeError as error:
            raise click.ClickException("The password on standard input is not UTF-8.") from error
    return text.removesuffix("\n").removesuffix("\r")


def _asked_for() -> str:
    asked = f"Password ({MIN_LENGTH} to {MAX_LENGTH} characters)"
    password: str = click.prompt(
        asked, hide_input=True, confirmation_prompt="The same again", err=True
    )
    return password


COMMANDS = (add_editor,)
