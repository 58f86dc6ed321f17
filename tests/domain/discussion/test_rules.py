"""How often readers may write, how long they may edit, what decisions make of a text."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.domain.discussion.rules import (
    decided_state,
    editable_until,
    may_edit,
    parse_decision,
    refuse_edit,
    refuse_more_reports,
    refuse_more_texts,
    whole_hour,
)
from poll_app.domain.refusals import Refusal, TooMany

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = whole_hour(NOW)


def test_five_texts_an_hour_and_forty_in_all():
    refuse_more_texts(4, 39)
    with pytest.raises(TooMany, match="5 texts an hour"):
        refuse_more_texts(5, 5)
    with pytest.raises(TooMany, match="40 texts"):
        refuse_more_texts(0, 40)


def test_reports_have_the_same_limits():
    refuse_more_reports(4, 39)
    for counts in ((5, 5), (0, 40)):
        with pytest.raises(TooMany, match="reported much"):
            refuse_more_reports(*counts)


def test_a_text_can_be_edited_until_the_end_of_the_next_hour():
    assert editable_until(HOUR) == HOUR + timedelta(hours=2)
    assert may_edit("held", HOUR, HOUR + timedelta(minutes=119))
    assert not may_edit("published", HOUR, HOUR + timedelta(hours=2))
    assert not may_edit("rejected", HOUR, NOW)


def test_why_a_text_can_not_be_edited_is_told():
    refuse_edit("published", HOUR, 0, NOW)
    for state, edits, now, told in (
        ("rejected", 0, NOW, "only deleted"), ("held", 0, NOW + timedelta(hours=2), "end of the hour"),
        ("held", 5, NOW, "often enough"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=told):
            refuse_edit(state, HOUR, edits, now)


def test_what_readers_have_seen_is_removed_not_rejected():
    assert decided_state("reject", was_published=False) == "rejected"
    assert decided_state("reject", was_published=True) == "removed"
    assert decided_state("publish", was_published=False) == "published"
    assert decided_state("hold", was_published=True) == "held"


def test_only_known_decisions_are_taken():
    assert parse_decision("hold") == "hold"
    with pytest.raises(Refusal) as refused:
        parse_decision("burn")
    assert refused.value.field == "decision"
