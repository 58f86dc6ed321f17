"""The order of reasons: fair to the other side, newest, most marked."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.discussion.ranking import (
    Ranked,
    SideCount,
    fairness,
    is_bridge,
    ordered,
    seen_since,
)

HOUR = datetime(2026, 11, 22, 12, tzinfo=UTC)
YES, NO, NOT_SURE = 1, 2, 3


def ranked(id_, *counts, hour=HOUR):
    """`counts`: (marks, seen) of Yes, No and, if given, Not sure."""
    sides = (YES, NO, NOT_SURE)
    pairs = zip(sides, counts, strict=False)
    return Ranked(
        id_, hour, tuple(SideCount(side, *pair, not_sure=side == NOT_SURE) for side, pair in pairs)
    )


def ids(reasons):
    return [one.id for one in reasons]


def test_the_product_of_polis_published_example():
    assert round(fairness([(1, 5), (0, 3), (3, 7)]), 4) == 0.0254
    assert fairness([(1, 5), (0, 3), (3, 7)]) == pytest.approx(8 / 315)


def test_by_hand_two_sides():
    """Yes has 4 readers, No has 2, all had everything before them.

    1: 4 of 4 Yes, 0 of 2 No: 5/6 x 1/4 = 0.208, one side only
    2: 2 of 4 Yes, 1 of 2 No: 3/6 x 2/4 = 0.25
    3: 1 of 4 Yes, 2 of 2 No: 2/6 x 3/4 = 0.25, as many marks as 2, younger
    4: nobody:                1/6 x 1/4 = 0.042
    5: 1 of 4 Yes, 1 of 2 No: 2/6 x 2/4 = 0.167, lower than 1 but found fair by both
    """
    reasons = [
        ranked(1, (4, 4), (0, 2)), ranked(2, (2, 4), (1, 2)), ranked(3, (1, 4), (2, 2)),
        ranked(4, (0, 4), (0, 2)), ranked(5, (1, 4), (1, 2)),
    ]  # fmt: skip

    assert ids(ordered(reasons, "fair")) == [2, 3, 5, 1, 4]
    assert [round(fairness((c.marks, c.seen) for c in one.counts), 3) for one in reasons] == [
        0.208, 0.25, 0.25, 0.042, 0.167,
    ]  # fmt: skip


def test_what_stands_level_goes_by_marks_and_then_by_age():
    level = [ranked(7, (1, 2)), ranked(9, (3, 6)), ranked(8, (1, 2))]

    assert {fairness((c.marks, c.seen) for c in one.counts) for one in level} == {0.5}
    assert ids(ordered(level, "fair")) == [9, 7, 8]


def test_a_new_reason_gets_its_chance_before_those_that_were_passed_over():
    passed_over, new = ranked(1, (0, 10), (0, 10)), ranked(2, (0, 0), (0, 0))

    assert ids(ordered([passed_over, new], "fair")) == [2, 1]


def test_without_readers_who_mark_the_oldest_stands_first():
    assert ids(ordered([ranked(2), ranked(1)], "fair")) == [1, 2]
    assert fairness([]) == 1


def test_what_the_undecided_find_fair_is_fair_to_no_other_side_yet():
    """They count in the product as every side does: 2/5 x 1/4 x 4/5 = 0.08 against 0.022."""
    bridge, undecided = ranked(1, (1, 3), (1, 2), (0, 7)), ranked(2, (1, 3), (0, 2), (3, 3))
    assert ids(ordered([undecided, bridge], "fair")) == [1, 2]

    alone = ranked(3, (2, 3), (0, 2), (0, 3))
    assert not is_bridge(undecided.counts)
    assert ids(ordered([alone, undecided], "fair")) == [2, 3]


def test_the_other_orders():
    early, late = HOUR, HOUR + timedelta(hours=1)
    reasons = [
        ranked(1, (0, 9), hour=late), ranked(2, (5, 9), hour=early), ranked(3, (5, 9), hour=early),
    ]  # fmt: skip

    assert ids(ordered(reasons, "newest")) == [1, 3, 2]
    assert ids(ordered(reasons, "most_marked")) == [2, 3, 1]


def test_seen_are_those_who_marked_something_since_it_was_there():
    markers = {HOUR: 3, HOUR + timedelta(hours=2): 4}

    assert seen_since(HOUR, markers) == 7
    assert seen_since(HOUR + timedelta(hours=1), markers) == 4
    assert seen_since(HOUR + timedelta(hours=3), markers) == 0


PAIRS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 300)).map(lambda p: (p[0], p[0] + p[1])),
    min_size=1,
    max_size=6,
)


@given(PAIRS)
def test_the_product_is_that_of_exact_fractions(pairs):
    exact = prod(Fraction(marks + 1, seen + 2) for marks, seen in pairs)

    assert fairness(pairs) == float(exact)
    assert 0 < fairness(pairs) < 1


@given(PAIRS, st.integers(0, 5))
def test_another_mark_never_lowers_a_reason(pairs, at):
    at %= len(pairs)
    more = [(m + 1, s + 1) if n == at else (m, s) for n, (m, s) in enumerate(pairs)]

    assert fairness(more) >= fairness(pairs)


@given(st.integers(1, 10_000), st.integers(1, 5), st.integers(1, 5), st.integers(2, 50))
def test_marks_of_one_side_alone_never_pass_what_two_sides_found_fair(brigade, yes, no, others):
    seen_yes, seen_no = brigade + yes, no + others
    flooded = ranked(1, (brigade, seen_yes), (0, seen_no))
    bridge = ranked(2, (yes, seen_yes), (no, seen_no))

    assert is_bridge(bridge.counts)
    assert not is_bridge(flooded.counts)
    assert ids(ordered([flooded, bridge], "fair")) == [2, 1]
