"""Backup and restore: one moment, verified, never over something that is there."""

import threading
from datetime import UTC, datetime

import pytest

from poll_app import create_app
from poll_app.database import db, sqlite_driver
from poll_app.domain.refusals import Refusal
from poll_app.domain.voters import Voter
from poll_app.services.backup import back_up, restore
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.results import get_result
from poll_app.services.voting import cast_ballot
from tests.conftest import settings_for

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture
def poll(app):
    with app.app_context():
        slug = add_poll(NewPoll("Kept?", options=("Yes", "No")), opens_at=NOW, now=NOW)
        yield get_poll(slug, now=NOW)


def vote(app, poll, reader):
    box = app.extensions["ballot_box"]
    cast_ballot(box, poll, Voter(reader, "secret"), [poll.options[0].id], now=NOW)


@pytest.fixture
def empty_app(tmp_path_factory):
    """An installation whose database is not there yet."""
    app = create_app(settings_for(tmp_path_factory.mktemp("empty")))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_backup_under_load_holds_every_ballot_acknowledged_before(app, poll, tmp_path, empty_app):
    stop = threading.Event()

    def keep_voting(name):
        with app.app_context():
            number = 0
            while not stop.is_set():
                vote(app, poll, f"{name} {number}")
                number += 1

    voters = [threading.Thread(target=keep_voting, args=(name,)) for name in range(3)]
    for voter in voters:
        voter.start()
    with app.app_context():
        vote(app, poll, "the first")
        before = get_result(poll, now=NOW, percent_from=1).ballots
        back_up(tmp_path / "copy.sqlite")
    stop.set()
    for voter in voters:
        voter.join()

    with empty_app.app_context():
        restore(tmp_path / "copy.sqlite")
        assert get_result(poll, now=NOW, percent_from=1).ballots >= before
        assert recount() == []


def test_neither_overwrites_what_is_there(app, poll, tmp_path):
    (tmp_path / "taken").write_text("something")

    with pytest.raises(Refusal, match="stays as it is"):
        back_up(tmp_path / "taken")
    back_up(tmp_path / "copy.sqlite")
    with pytest.raises(Refusal, match="stays as it is"):
        restore(tmp_path / "copy.sqlite")

    assert (tmp_path / "taken").read_text() == "something"


def test_a_log_left_behind_is_not_played_into_a_restored_database(app, poll, tmp_path, empty_app):
    back_up(tmp_path / "copy.sqlite")
    with empty_app.app_context():
        left = f"{db.engine.url.database}-wal"
        with open(left, "wb") as file:  # noqa: PTH123
            file.write(b"left behind")

        with pytest.raises(Refusal, match="stays as it is"):
            restore(tmp_path / "copy.sqlite")


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_what_is_no_backup_is_refused(empty_app, tmp_path, content):
    file = tmp_path / "copy.sqlite"
    if content is not None:
        file.write_bytes(content)

    with empty_app.app_context(), pytest.raises(Refusal):
        restore(file)

    assert not (tmp_path / "poll_app.sqlite").exists()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE turnouts SET ballots = ballots + 1", "damaged"),
        ("UPDATE alembic_version SET version_num = '0000'", "another version"),
    ],
)
def test_a_backup_that_does_not_hold_together_is_refused(
    app, poll, tmp_path, empty_app, damage, sentence
):
    back_up(tmp_path / "copy.sqlite")
    connection = sqlite_driver.connect(str(tmp_path / "copy.sqlite"))
    connection.execute(damage)
    connection.commit()
    connection.close()

    with empty_app.app_context(), pytest.raises(Refusal, match=sentence):
        restore(tmp_path / "copy.sqlite")


@pytest.mark.postgresql
def test_postgresql_is_left_to_its_own_tools(postgresql_url, tmp_path):
    app = create_app(settings_for(tmp_path, POLL_DATABASE_URL=postgresql_url))

    with app.app_context():
        with pytest.raises(Refusal, match="pg_dump"):
            back_up(tmp_path / "copy")
        with pytest.raises(Refusal, match="pg_restore"):
            restore(tmp_path / "copy")
        db.engine.dispose()
