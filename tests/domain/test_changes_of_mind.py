"""Changes of mind: the same readers before and after, and when more moved one way."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from poll_app.domain.changes_of_mind import FirstAnswer, Move, binomial_p, changes_of_mind

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "statistics.json"
YES, NO, NOT_SURE = 1, 2, 3
OPTIONS = (YES, NO, NOT_SURE)


def vectors():
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text("utf-8"))["vectors"]
    return [vector for vector in found if vector["function"] == "before_after"]


def told(*answers, several=False):
    return changes_of_mind(answers, option_ids=OPTIONS, several=several)


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_the_shared_vectors_hold(vector):
    p = binomial_p(*vector["input"].values())

    assert p == pytest.approx(vector["expected"], abs=vector["tolerance"])


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_the_p_is_that_of_others(first, second):
    p = binomial_p(first, second)

    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert p == pytest.approx(expected, rel=1e-6, abs=1e-250)
    assert p == binomial_p(second, first)


def test_many_thousands_are_no_work():
    p = binomial_p(500_000, 502_000)

    assert p == pytest.approx(binomtest(500_000, 1_002_000).pvalue, rel=1e-5)


def test_a_negative_count_is_none():
    with pytest.raises(ValueError, match="negative count"):
        binomial_p(-1, 5)


def test_it_tells_who_kept_and_who_moved_where():
    changes = told(
        FirstAnswer((YES,), readers=30, withdrew=4, now={YES: 5, NO: 24, NOT_SURE: 1}),
        FirstAnswer((NO,), readers=8, withdrew=0, now={YES: 8}),
    )

    assert (changes.readers, changes.kept, changes.withdrew) == (38, 5, 4)
    assert [(o.option_id, o.first, o.now, o.came, o.left) for o in changes.options] == [
        (YES, 30, 13, 8, 25),
        (NO, 8, 24, 24, 8),
        (NOT_SURE, 0, 1, 1, 0),
    ]
    assert changes.moves == (Move(YES, NO, 24), Move(NO, YES, 8), Move(YES, NOT_SURE, 1))


@pytest.mark.parametrize(("readers", "shown"), [(9, False), (10, True)])
def test_it_is_told_from_ten_readers_on(readers, shown):
    found = told(FirstAnswer((YES,), readers, 50, {NO: readers}))

    assert (found is not None) is shown


@pytest.mark.parametrize(
    ("to_yes", "to_no", "more_to"),
    [(41, 20, YES), (40, 20, None), (20, 41, NO), (30, 30, None), (8, 0, YES), (7, 3, None)],
)
def test_more_moved_to_an_option_only_where_chance_would_rarely_do_it(to_yes, to_no, more_to):
    changes = told(
        FirstAnswer((NO,), to_yes, 0, {YES: to_yes}),
        FirstAnswer((YES,), to_no + 5, 0, {NO: to_no, YES: 5}),
    )

    assert changes.more_to == more_to


def test_several_answers_are_told_option_by_option():
    """12 first ticked Yes and No: 9 keep Yes, 4 keep No, 3 added Not sure."""
    changes = told(FirstAnswer((YES, NO), 12, 0, {YES: 9, NO: 4, NOT_SURE: 3}), several=True)

    assert (changes.readers, changes.kept, changes.moves) == (12, None, ())
    assert [(o.first, o.now, o.came, o.left) for o in changes.options] == [
        (12, 9, 0, 3),
        (12, 4, 0, 8),
        (0, 3, 3, 0),
    ]


journeys = st.dictionaries(
    st.tuples(st.sampled_from(OPTIONS), st.sampled_from(OPTIONS)), st.integers(0, 40), max_size=9
)


@given(journeys)
def test_nobody_is_lost_or_counted_twice(ways):
    answers = [
        FirstAnswer(
            (first,),
            sum(n for (a, _), n in ways.items() if a == first),
            0,
            {b: n for (a, b), n in ways.items() if a == first},
        )
        for first in OPTIONS
    ]

    changes = told(*answers)

    if changes is None:
        assert sum(ways.values()) < 10
        return
    assert changes.readers == sum(ways.values())
    assert changes.readers == changes.kept + sum(move.readers for move in changes.moves)
    assert sum(o.first for o in changes.options) == sum(o.now for o in changes.options)
    assert sum(o.came for o in changes.options) == sum(o.left for o in changes.options)
    assert all(o.now - o.first == o.came - o.left for o in changes.options)
