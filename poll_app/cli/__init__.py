"""The command line: what the operator of an installation does with it."""

from __future__ import annotations

import os
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError

from poll_app import create_app
from poll_app.cli import content, installation, people
from poll_app.config import SettingError
from poll_app.domain.refusals import Refusal


class Commands(AppGroup):
    """What fails for a known reason is one clear line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command on the application, which is made only then: --help needs none."""
        ctx.obj = ScriptInfo(create_app=create_app, set_debug_flag=False)
        try:
            return super().invoke(ctx)
        except (SettingError, Refusal) as refused:
            raise click.ClickException(str(refused)) from refused
        except DBAPIError as error:
            said = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(
                f"The database says: {said}. Is it there, and did “poll-app init” run?"
            ) from error
        except OSError as error:
            if error.filename is None:  # a closed pipe, which click knows to treat
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error


@click.group(cls=Commands)
def main() -> None:
    """Polls for the open questions at the end of an article."""
    os.umask(0o077)  # ballots, password hashes, backups: other users of the machine read none


for command in (*installation.COMMANDS, *content.COMMANDS, *people.COMMANDS):
    main.add_command(command)
