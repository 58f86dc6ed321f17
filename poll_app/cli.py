"""The command line: what the operator of an installation does with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from poll_app import create_app
from poll_app.config import SettingError, setting_fields
from poll_app.domain.importing import MAX_ARTICLE_BYTES, read_article
from poll_app.domain.polls import METHODS
from poll_app.domain.refusals import Refusal
from poll_app.services.articles import store_import
from poll_app.services.health import is_ready
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.sample import load_sample
from poll_app.web.api import to_json
from poll_app.web.results import result_of, to_csv
from poll_app.web.serve import serve_forever


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


@main.command()
def init() -> None:
    """Create or migrate the database; load the sample article if there is none."""
    upgrade()
    if load_sample(now=_now()):
        click.echo("The sample article with its three questions is in place.")


@main.command()
def serve() -> None:
    """Serve the site on POLL_HOST and POLL_PORT until stopped."""
    if not is_ready():
        raise click.ClickException(
            "The database is not there or not migrated: run “poll-app init”."
        )
    settings = current_app.extensions["settings"]
    click.echo(f"Serving {settings.public_url} (stop with Ctrl+C)")
    serve_forever(host=settings.host, port=settings.port, workers=settings.workers)


@main.command("import-article")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="The headline, where the file has none.")
@click.option("--slug", help="The address, made of the headline by default.")
@click.option("--open", "publish", is_flag=True, help="Publish it and open the ready questions.")
def import_article(file: Path, title: str | None, slug: str | None, publish: bool) -> None:
    """Read an article (text, Markdown or HTML) and draft its closing questions as polls."""
    with file.open("rb") as stream:
        data = stream.read(MAX_ARTICLE_BYTES + 1)  # one more than allowed tells "too large"
    imported = read_article(data, filename=file.name, title=title)
    stored = store_import(imported, slug=slug, publish=publish, now=_now())
    click.echo(f"Imported “{stored.title}” as /articles/{stored.slug}")
    if not stored.polls:
        click.echo("No questions were found in the lists of its closing sections.")
    for poll in stored.polls:
        state = ("open" if publish else "draft") if poll.ready else "draft, waits for its options"
        click.echo(f"  {poll.slug}: {poll.question} ({state})")


@main.command("add-poll")
@click.option("--question", required=True)
@click.option("--option", "options", multiple=True, required=True, help="Repeat for each option.")
@click.option(
    "--not-sure", default="Not sure", show_default=True, help="The last option; '' for none."
)
@click.option("--method", type=click.Choice(METHODS), default="single", show_default=True)
@click.option("--article", help="The slug of the article it belongs to.")
@click.option("--open", "open_now", is_flag=True, help="Take ballots from now on.")
def add_poll_command(
    question: str,
    options: Sequence[str],
    not_sure: str,
    method: Any,
    article: str | None,
    open_now: bool,
) -> None:
    """Add a poll and print its slug."""
    named = [option for option in options if option.casefold() != not_sure.casefold()]
    new = NewPoll(question, options=named, not_sure=not_sure or None, method=method)
    now = _now()
    click.echo(add_poll(new, article_slug=article, opens_at=now if open_now else None, now=now))


@main.command("list-polls")
def list_polls_command() -> None:
    """List every poll: state, slug, question."""
    for poll in list_polls(now=_now(), drafts=True):
        click.echo(f"{poll.status:<10}{poll.slug:<40} {poll.question}")


@main.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
def export(slug: str, form: str) -> None:
    """Print the result of a poll as CSV or JSON."""
    now = _now()
    with current_app.test_request_context():
        result = result_of(get_poll(slug, now=now), now)
        text = (
            to_csv(result)
            if form == "csv"
            else json.dumps(to_json(result), indent=2, ensure_ascii=False)
        )
    click.echo(text, nl=form == "json")  # the lines of a CSV are ended already


@main.command("recount")
@click.option("--repair", is_flag=True, help="Set the tallies to what the ballots say.")
def recount_command(repair: bool) -> None:
    """Count the ballots and compare with the tallies; exit 1 and a table where they differ."""
    differences = recount(repair=repair)
    if not differences:
        click.echo("Every tally equals its ballots.")
        return
    click.echo(f"{'poll':<40} {'figure':<12} {'tallied':>9} {'counted':>9}")
    for found in differences:
        click.echo(f"{found.poll_slug:<40} {found.what:<12} {found.tallied:>9} {found.counted:>9}")
    if repair:
        click.echo("The tallies were set to what the ballots say.")
    else:
        raise click.ClickException("Tallies and ballots differ; --repair sets them right.")


@main.command()
def config() -> None:
    """Show every setting, its value and where it comes from; no secrets."""
    settings = current_app.extensions["settings"]
    for known in setting_fields():
        name = known.metadata["name"]
        value = getattr(settings, known.name)
        shown = "(secret)" if known.metadata["secret"] and value else value
        shown = known.metadata["none"] if shown is None else shown
        click.echo(f"{name}={shown}  # {settings.origins[name]}")


def _now() -> datetime:
    return datetime.now(UTC)
