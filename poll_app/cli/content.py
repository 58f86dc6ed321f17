"""Articles, polls and their results on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from poll_app.domain.importing import MAX_ARTICLE_BYTES, read_article
from poll_app.domain.polls import METHODS
from poll_app.services.desk.imports import store_import
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll, add_poll
from poll_app.web.poll_json import current_json
from poll_app.web.results import result_of, to_csv


@click.command("import-article")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="The headline, where the file has none.")
@click.option("--slug", help="The address, made of the headline by default.")
@click.option("--open", "publish", is_flag=True, help="Publish it and open the ready questions.")
@with_appcontext
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


@click.command("add-poll")
@click.option("--question", required=True)
@click.option("--option", "options", multiple=True, required=True, help="Repeat for each option.")
@click.option(
    "--not-sure", default="Not sure", show_default=True, help="The last option; '' for none."
)
@click.option("--method", type=click.Choice(METHODS), default="single", show_default=True)
@click.option("--article", help="The slug of the article it belongs to.")
@click.option("--open", "open_now", is_flag=True, help="Take ballots from now on.")
@with_appcontext
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


@click.command("list-polls")
@with_appcontext
def list_polls_command() -> None:
    """List every poll: state, slug, question."""
    for poll in list_polls(now=_now(), drafts=True):
        click.echo(f"{poll.status:<10}{poll.slug:<40} {poll.question}")


@click.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@with_appcontext
def export(slug: str, form: str) -> None:
    """Print the result of a poll as CSV or JSON."""
    now = _now()
    with current_app.test_request_context():
        poll = get_poll(slug, now=now)
        text = (
            to_csv(result_of(poll, now))
            if form == "csv"
            else json.dumps(current_json(poll, now), indent=2, ensure_ascii=False)
        )
    click.echo(text, nl=form == "json")  # the lines of a CSV are ended already


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS = (import_article, add_poll_command, list_polls_command, export)
