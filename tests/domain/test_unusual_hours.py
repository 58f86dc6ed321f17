"""Unusual hours as a result tells them: what came, what they chose, the result without them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.over_time import HourMove, Replaced
from poll_app.domain.unusual import Standout
from poll_app.domain.unusual_hours import unusual_hours

OPENED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
YES, NO = 1, 2


def hours_of(*counts, first=9):
    start = OPENED.replace(hour=first, minute=0)
    return [
        HourMove(start + timedelta(hours=n), yes + no, {YES: yes, NO: no})
        for n, (yes, no) in enumerate(counts)
    ]


def told(hours, several=False, replaced=()):
    return unusual_hours(hours, replaced, option_ids=(YES, NO), opened_at=OPENED, several=several)


def test_it_tells_what_came_what_it_chose_and_the_result_without_it():
    (found,) = told(hours_of((20, 20), (22, 18), (5, 240), (21, 19)))

    assert (found.hour.hour, found.ballots, found.usual) == (11, 245, 40)
    assert found.standout == Standout(NO, more=True)
    assert found.votes == {YES: 5, NO: 240}
    assert found.without == {YES: "53%", NO: "47%"}


def test_a_busy_hour_that_answers_like_all_others_is_not_told():
    assert told(hours_of((20, 20), (20, 20), (120, 120), (20, 20))) == ()


def test_the_first_hour_has_nothing_to_be_compared_with():
    assert told(hours_of((5, 240), (20, 20), (20, 20))) == ()


def test_hours_without_a_ballot_count_as_such():
    hours = [*hours_of((20, 20)), *hours_of((5, 240), first=20)]

    (found,) = told(hours)

    assert found.usual == 4  # 40 in eleven hours


def test_where_changed_answers_leave_less_than_nothing_no_share_is_told():
    hours = hours_of((20, 20), (200, 0))
    moved = HourMove(OPENED.replace(hour=15, minute=0), 0, {YES: -30, NO: 30})

    found = told([*hours, moved])

    assert [hour.without for hour in found] == [None]


def test_changed_answers_count_in_their_hour_and_the_result_without_it_has_the_old_ones():
    """In the third hour 60 new ballots say No, and 40 older ones go over from Yes."""
    hours = [*hours_of((40, 0), (10, 10)), HourMove(OPENED.replace(hour=11, minute=0), 60, {YES: -40, NO: 100})]  # fmt: skip
    replaced = [Replaced((YES,), hours[0].hour, hours[2].hour, 40)]

    (found,) = told(hours, replaced=replaced)

    assert (found.ballots, found.votes) == (100, {YES: 0, NO: 100})
    assert found.without == {YES: "83%", NO: "17%"}


def test_several_answers_are_shares_of_readers():
    start = OPENED.replace(minute=0)
    hours = [
        HourMove(start + timedelta(hours=n), 40, {YES: 20, NO: 40}) for n in range(3)
    ] + [HourMove(start + timedelta(hours=3), 200, {YES: 200})]  # fmt: skip

    (found,) = told(hours, several=True)

    assert found.without == {YES: "50%", NO: "100%"}


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=40))
def test_whatever_is_told_passes_the_thresholds_and_is_in_order(counts):
    found = told(hours_of(*counts))

    assert [hour.hour for hour in found] == sorted(hour.hour for hour in found)
    for hour in found:
        assert hour.ballots >= 30
        assert hour.ballots >= 2.9 * hour.usual or hour.usual == 1
        assert sum(hour.votes.values()) == hour.ballots
