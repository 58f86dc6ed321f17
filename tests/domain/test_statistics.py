"""The arithmetic of a result: published vectors, independent oracles, and what always holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.statistics import (
    order,
    percent_label,
    share_percents,
    tipping_ratio,
    wilson_interval,
)

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "statistics.json"
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "shares": share_percents,
    "label": percent_label,
    "wilson": wilson_interval,
    "leader": order,
    "tipping_ratio": tipping_ratio,
}

votes_of_options = st.lists(st.integers(0, 3000), min_size=1, max_size=8)
# Few ballots make exact halves and equal counts frequent.
small_votes = st.lists(st.integers(0, 12), min_size=1, max_size=8)
any_votes = st.one_of(votes_of_options, small_votes)


def vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    return [
        vector
        for vector in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
        if vector["function"] in FUNCTIONS
    ]


def exact(count: int, base: int) -> Fraction:
    return Fraction(100 * count, base)


def nearest_halves_down(count: int, base: int) -> int:
    return -((base - 200 * count) // (2 * base))


@pytest.mark.skipif(not VECTORS.exists(), reason=f"the shared vectors are not at {VECTORS}")
@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_every_shared_vector_holds(vector: dict[str, Any]) -> None:
    function = FUNCTIONS[vector["function"]]

    got = function(**vector["input"])

    expected = vector["expected"]
    if isinstance(expected, str) or expected is None:
        assert got == expected
    else:
        shape = tuple(expected) if isinstance(expected, list) else expected
        assert got == pytest.approx(shape, abs=vector["tolerance"])


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], ()),
        ([0, 0], (0, 0)),
        ([5], (100,)),
        ([3, 2, 2], (43, 29, 29)),
        ([1, 1, 1], (33, 33, 33)),
        ([1, 1, 1, 1, 1, 1], (17, 17, 17, 17, 17, 17)),
        ([999, 1], (100, 0)),
        ([495, 186, 83], (65, 24, 11)),
    ],
)
def test_shares_go_to_the_nearest_whole_number(
    counts: list[int], expected: tuple[int, ...]
) -> None:
    percents = share_percents(counts)

    assert percents == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([101, 99], (51, 49)),
        ([99, 101], (49, 51)),
        ([199, 1], (100, 0)),
        ([1, 1, 1, 1, 1, 1, 1, 1], (12,) * 8),
        # 37.5, 37.5, 25: both up would make 101, and one alone is never favoured.
        ([3, 3, 2], (37, 37, 25)),
        # 40.5, 30.5, 14.5, 14.5: the two larger ones fill the 100.
        ([81, 61, 29, 29], (41, 31, 14, 14)),
        # 25.5, 25.5, 15.5, 33.5: the equal pair does not fit, so the smaller one stays down too.
        ([51, 51, 31, 67], (25, 25, 15, 34)),
    ],
)
def test_exact_halves_go_up_for_larger_counts_first_while_they_fit(
    counts: list[int], expected: tuple[int, ...]
) -> None:
    percents = share_percents(counts)

    assert percents == expected


@pytest.mark.parametrize(
    ("counts", "total", "expected"),
    [
        ([59, 52, 48], 76, (78, 68, 63)),
        ([101, 99], 200, (51, 50)),
        ([1, 1, 1], 8, (13, 13, 13)),
        ([200, 199, 1, 0], 200, (100, 100, 1, 0)),
        ([0, 0], 0, (0, 0)),
        ([0, 0], 5, (0, 0)),
        ([], 0, ()),
    ],
)
def test_with_a_number_of_ballots_each_share_is_rounded_by_itself_halves_up(
    counts: list[int], total: int, expected: tuple[int, ...]
) -> None:
    percents = share_percents(counts, total)

    assert percents == expected


@pytest.mark.parametrize(
    ("counts", "total"), [([1, -1], None), ([-1], 10), ([3, 2], 2), ([1], 0), ([], -1)]
)
def test_shares_of_impossible_counts_are_refused(counts: list[int], total: int | None) -> None:
    with pytest.raises(ValueError, match=r"negative count|more votes than"):
        share_percents(counts, total)


@given(any_votes.filter(any))
def test_each_share_is_within_one_half_of_the_exact_one(counts: list[int]) -> None:
    base = sum(counts)

    percents = share_percents(counts)

    for count, percent in zip(counts, percents, strict=True):
        assert abs(percent - exact(count, base)) <= Fraction(1, 2)


@given(any_votes)
def test_equal_counts_get_equal_shares_and_larger_counts_never_smaller_ones(
    counts: list[int],
) -> None:
    percents = share_percents(counts)

    by_count = sorted(zip(counts, percents, strict=True))
    for (count, percent), (next_count, next_percent) in pairwise(by_count):
        assert percent <= next_percent
        assert count < next_count or percent == next_percent


@given(st.data(), any_votes)
def test_the_order_of_the_options_changes_no_share(data: st.DataObject, counts: list[int]) -> None:
    places = data.draw(st.permutations(range(len(counts))))

    percents = share_percents(counts)
    moved = share_percents([counts[place] for place in places])

    assert moved == tuple(percents[place] for place in places)


@given(any_votes.filter(any))
def test_shares_exceed_100_only_when_no_half_went_up(counts: list[int]) -> None:
    base = sum(counts)

    percents = share_percents(counts)

    if sum(percents) > 100:
        assert percents == tuple(nearest_halves_down(count, base) for count in counts)


@given(small_votes.filter(any))
def test_halves_go_up_from_the_largest_count_until_one_group_does_not_fit(
    counts: list[int],
) -> None:
    base = sum(counts)
    halves = {count for count in counts if exact(count, base) % 1 == Fraction(1, 2)}

    percents = dict(zip(counts, share_percents(counts), strict=True))

    up = {count for count in halves if percents[count] > exact(count, base)}
    down = halves - up
    assert not up or not down or min(up) > max(down)
    if down:
        group = counts.count(max(down))
        assert sum(share_percents(counts)) + group > 100


@given(any_votes, st.integers(0, 500))
def test_shares_of_ballots_are_the_nearest_whole_numbers_halves_up(
    counts: list[int], more: int
) -> None:
    total = max(counts) + more

    percents = share_percents(counts, total)

    for count, percent in zip(counts, percents, strict=True):
        assert percent == (floor(exact(count, total) + Fraction(1, 2)) if total else 0)


@pytest.mark.parametrize(
    ("count", "n", "percent", "expected"),
    [
        (1, 1000, 0, "<1%"),
        (0, 1000, 0, "0%"),
        (0, 0, 0, "0%"),
        (999, 1000, 100, ">99%"),
        (1000, 1000, 100, "100%"),
        (340, 1000, 34, "34%"),
        (10, 1000, 1, "1%"),
    ],
)
def test_a_label_says_0_for_nobody_only_and_100_for_everybody_only(
    count: int, n: int, percent: int, expected: str
) -> None:
    label = percent_label(count, n, percent)

    assert label == expected


@pytest.mark.parametrize(
    ("count", "n", "percent"), [(-1, 5, 0), (6, 5, 100), (0, -1, 0), (1, 2, -1), (1, 2, 101)]
)
def test_a_label_for_something_that_is_no_share_is_refused(
    count: int, n: int, percent: int
) -> None:
    with pytest.raises(ValueError, match="not a share"):
        percent_label(count, n, percent)


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (29, 29, (0.8830, 1.0)),
    ],
)
def test_the_interval_is_the_one_printed_by_newcombe_1998(
    k: int, n: int, expected: tuple[float, float]
) -> None:
    interval = wilson_interval(k, n, 0.95)

    assert interval == pytest.approx(expected, abs=5.1e-5)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99, 0.999])
@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (3, 10), (530, 1000), (10**6, 10**7), (9, 9)])
def test_the_interval_agrees_with_scipy_and_statsmodels(k: int, n: int, confidence: float) -> None:
    scipy_stats = pytest.importorskip("scipy.stats")
    proportion = pytest.importorskip("statsmodels.stats.proportion")

    interval = wilson_interval(k, n, confidence)

    scipys = scipy_stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    statsmodels = proportion.proportion_confint(k, n, alpha=1 - confidence, method="wilson")
    assert interval == pytest.approx((scipys.low, scipys.high), abs=1e-9)
    assert interval == pytest.approx(statsmodels, abs=1e-9)


@given(st.integers(0, 5000), st.integers(0, 5000), st.floats(0.01, 0.9999))
def test_the_interval_holds_the_share_within_0_and_1(k: int, rest: int, confidence: float) -> None:
    n = k + rest

    lower, upper = wilson_interval(k, n, confidence)

    assert 0 <= lower <= upper <= 1
    assert n == 0 or lower <= k / n + 1e-12
    assert n == 0 or upper >= k / n - 1e-12


def test_the_interval_without_ballots_is_the_whole_range() -> None:
    interval = wilson_interval(0, 0, 0.99)

    assert interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("k", "n", "confidence"),
    [(-1, 5, 0.9), (6, 5, 0.9), (0, -1, 0.9), (1, 2, 0.0), (1, 2, 1.0), (1, 2, float("nan"))],
)
def test_an_impossible_interval_is_refused(k: int, n: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="no interval"):
        wilson_interval(k, n, confidence)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], "none"),
        ([0, 0, 0], "none"),
        ([1, 0], "close"),
        ([6], "close"),
        ([7], "ahead"),
        ([7, 0], "ahead"),
        ([7, 3], "close"),
        ([5, 5], "tie"),
        ([2, 5, 5, 5], "tie"),
        ([550, 450], "ahead"),
        ([530, 470], "close"),
        ([541, 459], "ahead"),
        ([540, 460], "close"),
        ([868, 889, 588, 187], "close"),
        ([10, 90, 20], "ahead"),
    ],
)
def test_the_order_looks_at_the_two_largest_counts(counts: list[int], expected: str) -> None:
    found = order(counts)

    assert found == expected


def test_ahead_is_exactly_a_wilson_lower_end_above_one_half() -> None:
    pairs = [(a, b) for a in range(1, 160) for b in range(a)]

    found = [order([a, b]) for a, b in pairs]

    assert found == [
        "ahead" if wilson_interval(a, a + b, 0.99)[0] > 0.5 else "close" for a, b in pairs
    ]


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_ahead_agrees_with_scipys_interval(a: int, b: int) -> None:
    scipy_stats = pytest.importorskip("scipy.stats")
    interval = scipy_stats.binomtest(max(a, b), a + b).proportion_ci(0.99, method="wilson")

    found = order([a, b])

    if abs(interval.low - 0.5) > 1e-9:
        assert (found == "ahead") == (interval.low > 0.5)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([620, 380], 1.6315789),
        ([380, 100, 620], 1.6315789),
        ([500, 500], 1.0),
        ([9, 0], None),
        ([9], None),
        ([], None),
    ],
)
def test_the_tipping_ratio_is_the_largest_count_over_the_second(
    counts: list[int], expected: float | None
) -> None:
    ratio = tipping_ratio(counts)

    assert ratio == (expected if expected is None else pytest.approx(expected, abs=1e-6))


@given(st.integers(1, 1000), st.integers(1, 50))
def test_readers_who_vote_ratio_times_as_often_turn_an_even_split_into_the_counts(
    favouring_each: int, times: int
) -> None:
    votes = [favouring_each * times, favouring_each]

    ratio = tipping_ratio(votes)

    assert ratio == times


@pytest.mark.parametrize("function", [order, tipping_ratio])
def test_negative_counts_are_refused(function: Callable[[Sequence[int]], object]) -> None:
    with pytest.raises(ValueError, match="negative count"):
        function([3, -1])
