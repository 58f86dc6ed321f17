"""All published reasons page by page, and whether a kept page still stands."""

import pytest

from poll_app.database import db
from poll_app.services.discussion.public_reasons import list_public_reasons
from poll_app.services.discussion.standings import discussion_version
from poll_app.services.discussion.watching import watch_discussion
from poll_app.services.discussion.writing import delete_reason
from tests.services.discussion.readers import HOUR, LONG, NOW, published, reader, wrote


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


def test_a_kept_page_stands_until_something_is_written(services, poll, ada):
    empty = watch_discussion(poll.id, discussion_version(poll.id))
    assert empty()

    published(services, poll, reader(1), "Yes", by=ada)
    assert not empty()
    assert watch_discussion(poll.id, discussion_version(poll.id))()


def test_a_kept_page_does_not_stand_when_the_database_can_not_say(services, poll):
    stands = watch_discussion(poll.id, 0)
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE discussions RENAME TO elsewhere")
    try:
        assert not stands()
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO discussions")
