"""When a discussion is open: apart from voting."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.domain.discussion.times import (
    DiscussionRules,
    check_discussion_times,
    discussion_status,
    refuse_unless_discussed,
    rules_of_earlier_wording,
    rules_without_article,
    why_not_open,
)
from poll_app.domain.refusals import NotOpen, Refusal

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "status", "said"),
    [
        (None, None, "none", "no discussion"), (NOW + DAY, None, "scheduled", "opens on"),
        (NOW, None, "open", None), (NOW - DAY, NOW + DAY, "open", None), (NOW - DAY, NOW, "closed", "closed on"),
    ],
)  # fmt: skip
def test_the_state_follows_from_the_times(opens_at, closes_at, status, said):
    rules = DiscussionRules(opens_at, closes_at)

    assert discussion_status(rules, NOW) == status
    if said is None:
        assert why_not_open(rules, NOW) is None
        refuse_unless_discussed(rules, NOW)
    else:
        assert said in str(why_not_open(rules, NOW))
        with pytest.raises(NotOpen, match=said):
            refuse_unless_discussed(rules, NOW)


def test_without_an_article_it_outlasts_voting_by_a_fortnight():
    assert rules_without_article(NOW, NOW + DAY) == DiscussionRules(NOW, NOW + 15 * DAY)
    assert rules_without_article(NOW, None) == DiscussionRules(NOW, None)


def test_of_a_wording_that_was_replaced_nothing_is_added():
    assert rules_of_earlier_wording(DiscussionRules(NOW, None), NOW + DAY).closes_at == NOW + DAY
    assert rules_of_earlier_wording(DiscussionRules(NOW, NOW + DAY), NOW + 2 * DAY).closes_at == (
        NOW + DAY
    )
    late = rules_of_earlier_wording(DiscussionRules(NOW + DAY, None, "before"), NOW)
    assert discussion_status(late, NOW + 9 * DAY) == "none"
    assert rules_of_earlier_wording(DiscussionRules(None, None), None).opens_at is None
    assert rules_of_earlier_wording(DiscussionRules(NOW, None), None).opens_at == NOW


def test_it_can_not_close_before_it_opens():
    check_discussion_times(DiscussionRules(None, None))
    check_discussion_times(DiscussionRules(NOW, NOW + DAY))
    for rules in (DiscussionRules(NOW, NOW), DiscussionRules(None, NOW)):
        with pytest.raises(Refusal) as refused:
            check_discussion_times(rules)
        assert refused.value.field == "closes_at"
