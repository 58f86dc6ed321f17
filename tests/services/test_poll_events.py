"""What a feed tells of polls, and which pages a map of the site names, on every database."""

from datetime import timedelta

import pytest

from poll_app.services.desk.outcomes import record_outcome
from poll_app.services.desk.poll_times import close_now
from poll_app.services.desk.polls import add_draft
from poll_app.services.poll_events import list_events
from poll_app.services.public_addresses import list_public_addresses
from poll_app.services.sample import SLUG, load_sample
from tests.services.desk.test_outcomes import OUTCOME
from tests.services.desk.test_polls import HOUR, NEW, NOW, editor, opened, stored

__all__ = ["editor"]

pytestmark = pytest.mark.usefixtures("services")

LATER = NOW + HOUR


@pytest.fixture
def slug(editor):
    """A poll that is open."""
    return opened(add_draft(NEW, by=editor, now=NOW), by=editor)


def told(now=LATER, **more):
    return [(event.kind, event.at, event.poll.slug) for event in list_events(now=now, **more)]


def test_opening_closing_and_outcome_are_told_the_newest_first(slug, editor):
    at = stored(slug).opens_at
    assert told() == [("opened", at, slug)]

    close_now(slug, by=editor, now=LATER)
    assert told() == [("closed", LATER, slug), ("opened", at, slug)]

    end = LATER + HOUR
    record_outcome(
        slug, OUTCOME, revision=stored(slug).revision, by=editor, now=end, today=end.date()
    )
    assert told(now=end)[0] == ("outcome", end, slug)


def test_what_is_to_come_is_not_told(slug, editor):
    add_draft(NEW, by=editor, now=NOW)

    assert told(now=NOW - timedelta(days=400)) == []
    assert len(told()) == 1


def test_no_more_are_told_than_asked_for():
    load_sample(now=NOW)

    assert len(told(most=2)) == 2


def test_the_addresses_of_what_is_public(slug, editor):
    load_sample(now=NOW)
    draft = add_draft(NEW, by=editor, now=NOW)
    found = list_public_addresses(now=LATER)

    assert found.articles == (SLUG,)
    assert slug in found.polls
    assert len(found.polls) == 4
    assert found.opened == set(found.polls)
    assert draft not in found.polls
    assert list_public_addresses(now=NOW - timedelta(days=400)).opened == frozenset()
