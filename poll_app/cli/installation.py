"""The installation itself on the command line: made, served, checked, copied."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from poll_app.config import setting_fields
from poll_app.services.backup import back_up, restore
from poll_app.services.demo import simulate
from poll_app.services.health import describe_database, find_obstacle
from poll_app.services.recount import recount
from poll_app.services.sample import load_sample
from poll_app.web.serve import serve_forever


@click.command()
@with_appcontext
def init() -> None:
    """Create or migrate the database; load the sample article if there is none."""
    upgrade()
    if load_sample(now=datetime.now(UTC)):
        click.echo("The sample article with its three questions is in place.")


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the site on POLL_HOST and POLL_PORT until stopped."""
    settings = current_app.extensions["settings"]
    database = describe_database()
    obstacle = find_obstacle(settings.data_dir)
    if obstacle:
        raise click.ClickException(obstacle)
    click.echo(f"Serving {settings.public_url} on {database} (stop with Ctrl+C)")
    serve_forever(host=settings.host, port=settings.port, workers=settings.workers)


@click.command("recount")
@click.option("--repair", is_flag=True, help="Set the tallies to what the ballots say.")
@with_appcontext
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


@click.command()
@with_appcontext
def config() -> None:
    """Show every setting, its value and where it comes from; no secrets."""
    settings = current_app.extensions["settings"]
    for known in setting_fields():
        name = known.metadata["name"]
        value = getattr(settings, known.name)
        shown = "(secret)" if known.metadata["secret"] and value else value
        shown = known.metadata["none"] if shown is None else shown
        click.echo(f"{name}={shown}  # {settings.origins[name]}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database, as it is at one moment, to a new file; ballots may go on arriving."""
    back_up(file)
    click.echo(f"Backed up to {file}. The secret key is not in it: keep that apart.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def restore_command(file: Path) -> None:
    """Put a backup, once verified, in the place of a database that is not there yet."""
    restore(file)
    click.echo(f"Restored from {file}.")


@click.command()
@click.option("--ballots", default=1_000, show_default=True, type=click.IntRange(1, 10_000_000))
@with_appcontext
def demo(ballots: int) -> None:
    """Spread simulated ballots over the open polls; every page of theirs says so from then on."""
    box, secret = (
        current_app.extensions["ballot_box"],
        current_app.extensions["settings"].secret_key,
    )
    done = 0
    with click.progressbar(length=ballots, label="Simulating ballots", file=sys.stderr) as bar:
        for cast in simulate(box, ballots, secret=secret, now=datetime.now(UTC)):
            bar.update(cast - done)
            done = cast
    click.echo(f"{done:,} simulated ballots are in.")


COMMANDS = (init, serve, recount_command, config, backup, restore_command, demo)
