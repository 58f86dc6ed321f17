"""Views of polls are kept in memory, and never older than they may be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from poll_app.database import db, writing
from poll_app.domain.refusals import NotFound
from poll_app.models import Poll
from poll_app.services.poll_views import get_poll, get_poll_and_version, list_polls, watch
from poll_app.services.polls import NewPoll, add_poll

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture
def slug(services):
    return add_poll(NewPoll("Or?", options=("Yes", "No")), opens_at=NOW, now=NOW)


def edit(slug, statement):
    with writing() as session:
        session.execute(text(f"UPDATE polls SET {statement}, revision = revision + 1"))


def test_what_closed_long_ago_is_listed_no_more(services):
    for name, closes_at in (("open", None), ("just", NOW), ("old", NOW - timedelta(seconds=1))):
        new = NewPoll("Or?", options=("Yes", "No"), slug=name)
        add_poll(new, opens_at=NOW - timedelta(days=9), closes_at=closes_at, now=NOW)
    add_poll(NewPoll("Or?", slug="draft"), opens_at=None, now=NOW)

    def listed(**chosen):
        return [poll.slug for poll in list_polls(now=NOW, **chosen)]

    assert listed(open_since=NOW) == ["open", "just"]
    assert listed() == ["open", "just", "old"]
    assert listed(drafts=True) == ["open", "just", "old", "draft"]


def test_an_edit_shows_at_once_wherever_the_newest_is_asked_for(slug):
    get_poll(slug, now=NOW)

    edit(slug, "question = 'And?'")

    assert get_poll(slug, now=NOW).question == "And?"


def test_a_view_of_a_second_ago_will_do_where_the_ballot_box_looks_again(slug):
    view = get_poll(slug, now=NOW)

    edit(slug, "question = 'And?'")

    assert get_poll(slug, now=NOW, recent=True) is view


def test_a_view_that_was_never_seen_is_looked_up_also_where_an_older_one_would_do(slug):
    assert get_poll(slug, now=NOW, recent=True).question == "Or?"
    with pytest.raises(NotFound):
        get_poll("unknown", now=NOW, recent=True)


def test_a_kept_view_knows_what_time_it_is(slug):
    edit(
        slug,
        "closes_at = '2026-11-22 13:30:00+00:00'"
        if db.engine.dialect.name == "postgresql"
        else "closes_at = '2026-11-22 13:30:00.000000'",
    )

    assert get_poll(slug, now=NOW).status == "open"
    assert get_poll(slug, now=NOW.replace(hour=14), recent=True).status == "closed"
    assert get_poll(slug, now=NOW.replace(hour=1), recent=True).status == "scheduled"


def test_a_poll_that_became_a_draft_again_is_gone(slug):
    get_poll(slug, now=NOW)

    edit(slug, "opens_at = NULL")

    with pytest.raises(NotFound):
        get_poll(slug, now=NOW)


def test_a_thousand_views_are_kept_and_no_more(app):
    with app.app_context():
        polls = [
            {
                "slug": f"p{n}",
                "question": "?",
                "method": "single",
                "created_at": NOW,
                "opens_at": NOW,
                "voter_salt": b"s" * 16,
            }
            for n in range(1_005)
        ]
        with writing() as session:
            session.execute(insert(Poll), polls)
            session.execute(text("INSERT INTO turnouts SELECT id, 0, 0, 0 FROM polls"))

        views = [get_poll(poll["slug"], now=NOW) for poll in polls]

        assert get_poll("p1004", now=NOW, recent=True) is views[-1]
        assert get_poll("p0", now=NOW, recent=True) is not views[0]
        assert get_poll("p0", now=NOW) == views[0]


def test_a_watch_tells_an_edit_a_ballot_and_the_end_of_the_vote(slug):
    is_unchanged = watch(*get_poll_and_version(slug, now=NOW))
    assert is_unchanged(NOW)

    edit(slug, "question = 'And?'")
    assert not is_unchanged(NOW)

    is_unchanged = watch(*get_poll_and_version(slug, now=NOW))
    assert not is_unchanged(NOW.replace(year=2025))  # not open yet

    with writing() as session:
        session.execute(text("UPDATE turnouts SET version = version + 1"))
    assert not is_unchanged(NOW)


def test_a_watch_says_no_when_the_poll_or_the_database_is_gone(slug):
    is_unchanged = watch(*get_poll_and_version(slug, now=NOW))

    db.session.rollback()
    with writing() as session:
        session.execute(text("ALTER TABLE turnouts RENAME TO elsewhere"))
    try:
        assert not is_unchanged(NOW)
    finally:
        with writing() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO turnouts"))
    assert is_unchanged(NOW)


def test_a_watched_poll_is_not_known_to_be_unchanged_while_no_connection_can_be_made(make_app):
    with make_app().app_context():
        slug = add_poll(NewPoll("Or?", options=("Yes", "No")), opens_at=NOW, now=NOW)
        is_unchanged = watch(*get_poll_and_version(slug, now=NOW))
        assert is_unchanged(NOW)
        file = Path(db.engine.url.database)
        db.session.remove()
        db.engine.dispose()

        file.rename(file.with_suffix(".away"))
        file.mkdir()

        assert not is_unchanged(NOW)
