"""New times of a discussion: what was left alone stays to the second, the past can't be chosen."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.domain.discussion.new_times import new_rules
from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import Refusal

NOW = datetime(2026, 11, 22, 12, 30, 15, 250, tzinfo=UTC)
HOUR = timedelta(hours=1)
NONE = DiscussionRules(None, None)


def to_the_minute(moment):
    return moment.replace(second=0, microsecond=0)


def test_a_discussion_opens_now_or_later_and_may_have_an_end():
    for wanted in (
        DiscussionRules(NOW, None),
        DiscussionRules(NOW + HOUR, NOW + 2 * HOUR, "before"),
        DiscussionRules(None, None, "after"),
    ):
        assert new_rules(NONE, wanted, now=NOW) == wanted


def test_times_that_a_form_gives_back_to_the_minute_stay_as_they_were():
    was = DiscussionRules(NOW - 2 * HOUR, NOW - HOUR)
    shown = DiscussionRules(to_the_minute(NOW - 2 * HOUR), to_the_minute(NOW - HOUR), "before")

    kept = new_rules(was, shown, now=NOW)

    assert (kept.opens_at, kept.closes_at, kept.moderation) == (
        was.opens_at,
        was.closes_at,
        "before",
    )


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (DiscussionRules(NOW - HOUR, None), "opens_at"),
        (DiscussionRules(NOW, NOW - HOUR), "closes_at"),
        (DiscussionRules(NOW + timedelta(days=4000), None), "opens_at"),
        (DiscussionRules(NOW, NOW + timedelta(days=4000)), "closes_at"),
    ],
)
def test_the_past_and_a_far_year_are_refused(wanted, field):
    for was in (NONE, DiscussionRules(NOW - 3 * HOUR, NOW + HOUR)):
        with pytest.raises(Refusal) as refused:
            new_rules(was, wanted, now=NOW)
        assert refused.value.field == field
