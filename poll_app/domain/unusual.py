"""Hours in which a question got unusually many ballots, and whether their answers stand out.

A busy hour alone means little: a link from elsewhere makes one. One whose answers differ as well
deserves a look. Nothing is ever taken away because of it, and an hour that does not stand out
proves nothing: votes that trickle in slowly show up nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

HOURS_BEFORE = 24
MIN_BALLOTS = 30
TIMES_THE_USUAL = 3
MIN_USUAL = 1
MIN_Z = 6


@dataclass(frozen=True)
class Standout:
    """An option that an hour's ballots chose far more, or far less, than those of all others."""

    option_id: int
    more: bool


def is_busy(ballots: int, before: Sequence[int]) -> bool:
    """Whether an hour's ballots are 30 or more and at least three times the mean (1 or more) of
    the up to 24 hours before, in which voting was open. Without such an hour there is no usual.
    """
    if ballots < MIN_BALLOTS or not before:
        return False
    usual_total = max(_came(before), MIN_USUAL * len(before))
    return ballots * len(before) >= TIMES_THE_USUAL * usual_total


def usual_ballots(before: Sequence[int]) -> int:
    """The mean that `is_busy` compares with, as a whole number; `before` is not empty."""
    return max(MIN_USUAL, round(_came(before) / len(before)))


def _came(before: Sequence[int]) -> int:
    """An hour that took more ballots back than it brought brought none."""
    return sum(max(0, ballots) for ballots in before)


def find_standout(
    hour: Mapping[int, int], ballots: int, *, all_votes: Mapping[int, int], all_ballots: int
) -> Standout | None:
    """The option whose share in this hour lies furthest above, else below, its share in all other
    hours, if the two-proportion z of that difference is 6 or more; None without other hours.

    `hour`, `all_votes`: votes by option id, in the hour and altogether, the hour included.
    """
    others = all_ballots - ballots
    if ballots <= 0 or others <= 0:
        return None
    z = {
        option_id: _z(
            _within(votes := hour.get(option_id, 0), ballots), ballots,
            _within(total - votes, others), others,
        )
        for option_id, total in all_votes.items()
    }  # fmt: skip
    if not z:
        return None
    most, least = max(z, key=z.__getitem__), min(z, key=z.__getitem__)
    if z[most] >= MIN_Z:
        return Standout(most, more=True)
    return Standout(least, more=False) if z[least] <= -MIN_Z else None


def _z(first: int, of_first: int, second: int, of_second: int) -> float:
    """The difference of two shares in units of its standard error with the shares pooled."""
    pooled = (first + second) / (of_first + of_second)
    error = sqrt(pooled * (1 - pooled) * (1 / of_first + 1 / of_second))
    return (first / of_first - second / of_second) / error if error else 0.0


def _within(votes: int, ballots: int) -> int:
    """Changed answers can move an option by more than the ballots of an hour, or below none."""
    return min(max(votes, 0), ballots)
