"""Unusual hours: many ballots at once, and answers that stand out."""

import json
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportions_ztest

from poll_app.domain.unusual import Standout, find_standout, is_busy, usual_ballots

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "statistics.json"
YES, NO = 1, 2


def vectors():
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text("utf-8"))["vectors"]
    return [vector for vector in found if vector["function"] == "unusual_hours"]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_the_shared_vectors_hold(vector):
    hours = vector["input"]["hours"]
    ballots = [sum(hour) for hour in hours]
    totals = {n: sum(hour[n] for hour in hours) for n in range(len(hours[0]))}

    found = [
        n
        for n, hour in enumerate(hours)
        if is_busy(ballots[n], ballots[max(0, n - 24) : n])
        and find_standout(
            dict(enumerate(hour)), ballots[n], all_votes=totals, all_ballots=sum(ballots)
        )
    ]

    assert found == vector["expected"]


@pytest.mark.parametrize(
    ("ballots", "before", "busy"),
    [
        (30, [10, 10], True),
        (30, [10, 11], False),
        (29, [0, 0], False),
        (30, [0] * 24, True),
        (1_000, [], False),
        (30, [20, -20], True),
        (30, [21, -20], False),
    ],
    ids=[
        "three times",
        "less than three times",
        "too few",
        "out of nothing",
        "just opened",
        "after withdrawals",
        "less than three times before them",
    ],
)
def test_an_hour_is_busy_from_thirty_ballots_and_three_times_the_usual_on(ballots, before, busy):
    assert is_busy(ballots, before) is busy


@pytest.mark.parametrize(("before", "usual"), [([45, 46, 44], 45), ([0, 0], 1), ([1, 2, 2], 2)])
def test_the_usual_is_a_whole_number_of_at_least_one(before, usual):
    assert usual_ballots(before) == usual


def test_an_hour_that_chose_otherwise_stands_out_with_its_option():
    standout = find_standout({YES: 95, NO: 5}, 100, all_votes={YES: 195, NO: 105}, all_ballots=300)

    assert standout == Standout(YES, more=True)


def test_an_option_that_nobody_chose_this_time_stands_out_too():
    standout = find_standout({}, 200, all_votes={YES: 150}, all_ballots=400)

    assert standout == Standout(YES, more=False)


def test_the_limit_is_six_standard_errors_as_others_compute_them():
    at = [
        find_standout({YES: votes}, 100, all_votes={YES: votes + 200}, all_ballots=500)
        for votes in range(50, 101)
    ]
    z = [proportions_ztest([votes, 200], [100, 400])[0] for votes in range(50, 101)]

    assert [found is not None for found in at] == [value >= 6 for value in z]
    assert {True, False} == {value >= 6 for value in z}


@pytest.mark.parametrize(
    ("hour", "ballots", "all_votes", "all_ballots"),
    [
        ({YES: 50}, 50, {YES: 50}, 50),
        ({YES: 1}, 0, {YES: 50}, 50),
        ({}, 50, {}, 100),
        ({YES: 50}, 50, {YES: 100}, 100),
        ({YES: 70}, 50, {YES: 120}, 100),
        ({YES: -5}, 50, {YES: 3}, 100),
    ],
    ids=["no other hour", "none in it", "no option", "all agree", "more moved", "fewer than none"],
)
def test_nothing_stands_out_where_there_is_nothing_to_compare(
    hour, ballots, all_votes, all_ballots
):
    assert find_standout(hour, ballots, all_votes=all_votes, all_ballots=all_ballots) is None
