"""All public polls page by page: their order, where a page ends, what stays while polls are added."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.public_polls import Place, list_public_polls

NOW = datetime(2026, 11, 22, 12, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def add(services):
    def add(slug, opens_at):
        new = NewPoll("Is it?", options=("Yes", "No"), slug=slug)
        return add_poll(new, opens_at=opens_at, now=NOW)

    return add


def slugs(page):
    return [poll.slug for poll in page.polls]


def test_the_newest_opening_comes_first_then_what_was_made_first_and_no_draft(add):
    for slug, opens_at in (("old", NOW - HOUR), ("one", NOW), ("two", NOW), ("later", NOW + HOUR)):
        add(slug, opens_at)
    add("draft", None)

    page = list_public_polls(now=NOW, limit=10)

    assert slugs(page) == ["later", "one", "two", "old"]
    assert page.last is None


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_hold_every_poll_once_also_those_that_opened_at_one_moment(add, limit):
    for n in range(5):
        add(f"poll-{n}", NOW if n else NOW + HOUR)

    found, after = [], None
    while True:
        page = list_public_polls(now=NOW, limit=limit, after=after)
        found += slugs(page)
        after = page.last
        if after is None:
            break

    assert found == [f"poll-{n}" for n in range(5)]


def test_a_page_that_is_just_full_is_the_last(add):
    add("one", NOW)

    assert list_public_polls(now=NOW, limit=1).last is None


def test_polls_that_are_added_do_not_move_the_next_page(add):
    for n in range(4):
        add(f"poll-{n}", NOW - n * HOUR)
    first = list_public_polls(now=NOW, limit=2)

    add("newest", NOW + HOUR)
    add("between", NOW - HOUR / 2)

    assert slugs(list_public_polls(now=NOW, limit=2, after=first.last)) == ["poll-2", "poll-3"]


def test_nothing_comes_after_the_end_of_time(services):
    assert list_public_polls(now=NOW, limit=5, after=Place(datetime(1, 1, 1, tzinfo=UTC), 1)).polls == ()  # fmt: skip
