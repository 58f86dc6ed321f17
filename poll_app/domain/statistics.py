"""The arithmetic of a result: shares, their labels, the order at the top, the tipping ratio.

Counts are whole numbers and stay so: every figure and every word is decided by integers. Floats
appear only in what is handed out as a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Literal

Order = Literal["ahead", "close", "tie", "none"]

ALL_PERCENT = 100

# The square of the normal distribution's 0.995 point (z = 2.5758...), in units of 10**-15.
_Z_SQUARED_99 = 6_634_896_601_021_215
_Z_SCALE = 10**15


def share_percents(counts: Sequence[int], total: int | None = None) -> tuple[int, ...]:
    """Each count as a whole-number percentage of all, in the order given.

    Without `total` the counts share one base, their sum (single choice). Every share goes to the
    nearest whole number. Exact halves go up, larger counts first, while the percentages together
    stay at or below 100; equal counts always go the same way, and once one count has to stay
    down every smaller one stays down too. The sum may still miss 100 in either direction; the
    page says so instead of changing a row.

    With `total`, the number of ballots (choose several), each share stands by itself and exact
    halves go up.

    All zero when the base is zero. Raises ValueError for a negative count, and for a `total`
    smaller than one of the counts. Source: results.md, "Shares".
    """
    _check(counts)
    base = sum(counts) if total is None else total
    if base < max(counts, default=0):
        msg = f"an option has more votes than the {base} ballots"
        raise ValueError(msg)
    if base == 0:
        return (0,) * len(counts)
    percents = [100 * count // base + (200 * count % (2 * base) > base) for count in counts]
    halves = {count for count in counts if 200 * count % (2 * base) == base}
    for half in sorted(halves, reverse=True):
        equals = [place for place, count in enumerate(counts) if count == half]
        if total is None and sum(percents) + len(equals) > ALL_PERCENT:
            break
        for place in equals:
            percents[place] += 1
    return tuple(percents)


def percent_label(count: int, n: int, percent: int) -> str:
    """How the share of `count` among `n` is printed, `percent` being its whole number.

    "<1%" for some votes that round to 0 and ">99%" for less than all that round to 100, so that
    "0%" means nobody and "100%" everybody. Raises ValueError unless 0 <= count <= n and
    0 <= percent <= 100.
    """
    if not 0 <= count <= n or not 0 <= percent <= ALL_PERCENT:
        msg = f"not a share: {count} of {n}, {percent}%"
        raise ValueError(msg)
    if percent == 0 and count > 0:
        return "<1%"
    if percent == ALL_PERCENT and count < n:
        return ">99%"
    return f"{percent}%"


def wilson_interval(k: int, n: int, confidence: float) -> tuple[float, float]:
    """Lower and upper end of the score interval for `k` of `n`, both within 0 to 1.

    Without continuity correction; n = 0 gives (0.0, 1.0), the formula's limit. It is never
    printed: a reader vote is no random draw, so it says nothing about anybody else. Raises
    ValueError unless 0 <= k <= n and 0 < confidence < 1. Source: Wilson EB (1927), Probable
    inference, the law of succession, and statistical inference, JASA 22:209-212.
    """
    if not 0 <= k <= n or not 0 < confidence < 1:
        msg = f"no interval for {k} of {n} at {confidence}"
        raise ValueError(msg)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (k + z * z / 2) / (n + z * z)
    half_width = z / (n + z * z) * sqrt(k * (n - k) / max(n, 1) + z * z / 4)
    # At the ends the formula gives 0 and 1 exactly; floats miss them by a rounding error.
    lower = 0.0 if k == 0 else middle - half_width
    upper = 1.0 if k == n else middle + half_width
    return lower, upper


def order(counts: Sequence[int]) -> Order:
    """How the two largest counts stand to each other, a >= b.

    "ahead" when the lower end of the 99 % Wilson score interval of a/(a+b) lies above one half,
    "tie" when a = b, otherwise "close"; "none" without any vote. Raises ValueError for a negative
    count. Source: results.md, "The sentence"; Wilson (1927).

    In choose-several polls a reader can stand in both counts. They make the rule more cautious,
    never less: they add to a+b and nothing to a-b.
    """
    _check(counts)
    first, second = sorted([*counts, 0, 0], reverse=True)[:2]
    if first == 0:
        return "none"
    if first == second:
        return "tie"
    # The interval holds exactly those p that the score test does not reject, so its lower end
    # lies above 1/2 if and only if (a - b)**2 > z**2 * (a + b). This form needs no float, so a
    # result never changes its word with a platform's rounding.
    ahead = _Z_SCALE * (first - second) ** 2 > _Z_SQUARED_99 * (first + second)
    return "ahead" if ahead else "close"


def tipping_ratio(counts: Sequence[int]) -> float | None:
    """The largest count divided by the second largest, unrounded; None when the second is 0.

    If those who favour the first were this many times as likely to vote as those who favour the
    second, all of them together would be evenly split: observed odds = true odds x ratio of the
    participation rates. An identity, so it does not shrink as votes come in. It needs counts in
    which nobody appears twice. Whether it may be shown is decided with the result. Raises
    ValueError for a negative count. Source: results.md, "Tipping ratio".
    """
    _check(counts)
    first, second = sorted([*counts, 0, 0], reverse=True)[:2]
    return first / second if second else None


def _check(counts: Sequence[int]) -> None:
    if any(count < 0 for count in counts):
        msg = f"negative count in {list(counts)}"
        raise ValueError(msg)
