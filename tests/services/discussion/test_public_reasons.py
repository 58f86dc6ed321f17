"""All published reasons page by page, and whether a kept page still stands."""

import pytest

from poll_app.database import db
from poll_app.services.discussion.public_reasons import list_public_reasons
from poll_app.services.discussion.standings import discussion_version
from poll_app.services.discussion.writing import delete_reason
from poll_app.services.poll_views import get_poll_and_version, watch
from tests.services.discussion.readers import (
    HOUR,
    LONG,
    NOW,
    marked,
    published,
    reader,
    vote,
    wrote,
)


@pytest.fixture
def three(services, poll, ada):
    """Two reasons of one hour and one of the next."""
    hours = (NOW, NOW, NOW + HOUR)
    return [
        published(
            services, poll, reader(n), "Yes", f"{LONG} {n}", by=ada, now=hours[n]
        )
        for n in range(3)
    ]  # fmt: skip


def in_pages(poll, limit):
    """The numbers of the reasons, page by page."""
    after, pages = None, []
    while True:
        page = list_public_reasons(poll, limit=limit, after=after)
        pages.append([one.id for one in page.reasons])
        if page.last is None:
            return pages
        after = page.last


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_every_reason_comes_once_the_newest_first(poll, three, limit):
    pages = in_pages(poll, limit)

    assert [number for page in pages for number in page] == three[::-1]
    assert all(len(page) == limit for page in pages[:-1])


def test_what_waits_or_is_gone_is_left_out(services, poll, three):
    wrote(services, poll, reader(9), "No", "Too soon to be seen by anybody else.")
    delete_reason(three[1], reader(1))

    assert in_pages(poll, 2) == [[three[2], three[0]]]


def test_a_question_without_reasons_has_an_empty_page(poll):
    assert list_public_reasons(poll, limit=5).reasons == ()


def stands(poll):
    """What tells whether a page of this question and its discussion, made now, still stands."""
    found, version = get_poll_and_version(poll.slug, now=NOW)
    is_unchanged = watch(found, version, discussion_version(poll.id))
    return lambda: is_unchanged(NOW)


def test_a_kept_page_stands_until_something_is_written(services, poll, ada):
    empty = stands(poll)
    assert empty()

    published(services, poll, reader(1), "Yes", by=ada)
    assert not empty()
    assert stands(poll)()


def test_a_page_without_the_discussion_stands_whatever_is_said_in_it(services, poll, ada):
    reason_id = published(services, poll, reader(1), "Yes", by=ada)
    vote(services, poll, reader(2), "No")
    found, version = get_poll_and_version(poll.slug, now=NOW)
    is_unchanged = watch(found, version)

    marked(reason_id, reader(2))
    assert is_unchanged(NOW)


def test_a_kept_page_does_not_stand_when_the_database_can_not_say(services, poll):
    unchanged = stands(poll)
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE discussions RENAME TO elsewhere")
    try:
        assert not unchanged()
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO discussions")
