"""A result over time: what a day brought, and what the last seven days answered."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.over_time import MAX_STEPS, HourMove, Replaced, over_time

OPENED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YES, NO = 1, 2


def at(day, hour=12):
    return datetime(2026, 11, 1, hour, tzinfo=UTC) + day * DAY


def told(hours, replaced=(), *, days, several=False, zone=UTC, options=(YES, NO)):
    return over_time(
        hours,
        replaced,
        option_ids=options,
        several=several,
        opened_at=OPENED,
        until=OPENED + (days - 1) * DAY,
        zone=zone,
    )


def voted(day, yes, no, hour=12):
    return HourMove(at(day, hour), yes + no, {YES: yes, NO: no})


def labels(step):
    return {option: share.label for option, share in step.shares.items()} if step.shares else None


def test_one_day_has_no_course():
    assert told([voted(0, 60, 40)], days=1) is None
    assert told([voted(0, 60, 40)], days=2) is not None


def test_every_day_is_there_also_one_without_a_ballot():
    course = told([voted(0, 3, 2), voted(0, 1, 0, hour=20), voted(2, 0, 4)], days=4)

    assert [(step.first, step.last, step.ballots) for step in course.steps] == [
        (date(2026, 11, day), date(2026, 11, day), ballots)
        for day, ballots in ((1, 6), (2, 0), (3, 4), (4, 0))
    ]
    assert course.days_each == 1


def test_days_are_those_of_the_zone():
    east = timezone(5 * HOUR)

    course = told([voted(0, 1, 0, hour=18), voted(0, 2, 0, hour=19)], days=2, zone=east)

    assert [step.ballots for step in course.steps] == [1, 2]


def test_an_hour_that_began_before_the_opening_belongs_to_the_first_day():
    opened = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)

    course = over_time(
        [HourMove(datetime(2026, 11, 1, 23, tzinfo=UTC), 2, {YES: 2})],
        [],
        option_ids=[YES],
        several=False,
        opened_at=opened,
        until=opened + DAY,
        zone=UTC,
    )

    assert [step.ballots for step in course.steps] == [2, 0]


def test_shares_are_shown_where_seven_days_hold_fifty_ballots():
    course = told([voted(0, 30, 19), voted(3, 1, 0), voted(8, 20, 31)], days=10)

    assert [step.window_ballots for step in course.steps] == [49, 49, 49, 50, 50, 50, 50, 1, 52, 52]
    assert [labels(step) for step in course.steps] == [
        None, None, None, *[{YES: "62%", NO: "38%"}] * 4, None, *[{YES: "40%", NO: "60%"}] * 2,
    ]  # fmt: skip
    assert course.has_shares


def test_without_fifty_in_any_seven_days_there_is_no_share():
    assert not told([voted(day * 7, 49, 0) for day in range(4)], days=28).has_shares


def test_who_changes_an_older_answer_counts_as_answering_in_these_days():
    """60 said Yes on the first day; on the ninth 20 of them changed to No, 40 others said Yes."""
    changed = HourMove(at(8), 40, {YES: 40 - 20, NO: 20})

    course = told([voted(0, 60, 0), changed], [Replaced((YES,), at(0), at(8), 20)], days=9)

    last = course.steps[-1]
    assert (last.ballots, last.window_ballots) == (40, 60)
    assert labels(last) == {YES: "67%", NO: "33%"}


def test_what_was_given_and_replaced_within_the_days_counts_once():
    moves = [voted(0, 60, 0), HourMove(at(2), 0, {YES: -20, NO: 20})]

    course = told(moves, [Replaced((YES,), at(0), at(2), 20)], days=12)

    assert labels(course.steps[2]) == {YES: "67%", NO: "33%"}
    # The eighth day no longer holds the first, but the 20 that were changed on the third.
    assert [step.window_ballots for step in course.steps[6:]] == [60, 20, 20, 0, 0, 0]


def test_several_answers_are_shares_of_readers():
    course = told([HourMove(at(0), 60, {YES: 60, NO: 30})], days=2, several=True)

    assert labels(course.steps[0]) == {YES: "100%", NO: "50%"}
    assert course.steps[0].shares[NO].exact == 50


@pytest.mark.parametrize(("days", "steps", "each"), [(60, 60, 1), (61, 31, 2), (366, 53, 7)])
def test_a_long_poll_is_told_in_steps_of_several_days(days, steps, each):
    course = told([voted(day, 10, 10) for day in range(days)], days=days)

    assert (len(course.steps), course.days_each) == (steps, each)
    assert sum(step.ballots for step in course.steps) == 20 * days
    assert course.steps[-1].last == date(2026, 11, 1) + (days - 1) * DAY
    assert course.steps[-1].window_ballots == 140


def test_a_clock_that_was_set_back_leaves_a_gap_and_no_nonsense():
    moves = [HourMove(at(0), 0, {YES: -60, NO: 60}), voted(1, 60, 0)]

    assert told(moves, [Replaced((YES,), at(1), at(0), 60)], days=2).steps[0].shares is None


answers = st.lists(
    st.tuples(
        st.integers(0, 89), st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0, YES, NO])))
    ),
    max_size=120,
)


@given(answers)
def test_each_window_holds_the_ballots_last_touched_in_it_as_they_then_stood(readers):
    """A reader is a first day and what followed how many days later: an option, or 0, withdrawn."""
    days, moves, ballots, replaced = 90, Counter(), Counter(), []
    lives = []
    for first, later in readers:
        life = [(first, YES)]
        for wait, option in later:
            day = life[-1][0] + wait
            if day < days and option != life[-1][1]:
                life.append((day, option))
        lives.append(life)
        for (day, option), (until, _) in zip(life, [*life[1:], (days, 0)], strict=True):
            if option:
                moves[day, option] += 1
                ballots[day] += 1
            if option and until < days:
                moves[until, option] -= 1
                ballots[until] -= 1
                replaced.append(Replaced((option,), at(day), at(until), 1))
    hours = [
        HourMove(at(day), ballots[day], {option: moves[day, option] for option in (YES, NO)})
        for day in range(days)
    ]

    course = told(hours, replaced, days=days)

    assert len(course.steps) <= MAX_STEPS
    assert sum(step.ballots for step in course.steps) == sum(life[-1][1] != 0 for life in lives)
    for step in course.steps:
        day = (step.last - date(2026, 11, 1)).days
        stood = [[held for held in life if held[0] <= day][-1:] for life in lives]
        recent = Counter(o for held in stood for since, o in held if o and since > day - 7)
        assert step.window_ballots == recent.total()
        assert (step.shares is not None) == (recent.total() >= 50)
        if step.shares:
            shares = {o: 100 * recent[o] / recent.total() for o in (YES, NO)}
            assert {o: share.exact for o, share in step.shares.items()} == pytest.approx(shares)
