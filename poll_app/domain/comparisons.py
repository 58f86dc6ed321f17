"""Two looks at what a page may do to its readers: did seeing the result sway them, did the place
of an option on the list?

Both compare readers who differ in more than that, so both tell how the groups answered, not why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from poll_app.domain.statistics import percent_label, share_percents

MIN_BALLOTS = 50


@dataclass(frozen=True)
class Group:
    """Some of the ballots: how many, and the share of each option by its id, as printed."""

    ballots: int
    shares: Mapping[int, str]


@dataclass(frozen=True)
class Sight:
    """Those who asked to see the result before they voted, and all others."""

    saw: Group
    others: Group


@dataclass(frozen=True)
class FirstPlace:
    """Of so many answers whose place on the list is known (“Not sure”, always last, left out), how
    many chose what stood first; `options` stood on the list in random order."""

    answers: int
    first: int
    options: int

    @property
    def percent_label(self) -> str:
        """The share as printed."""
        percent = share_percents([self.first, self.answers - self.first])[0]
        return percent_label(self.first, self.answers, percent)


def compare_sight(
    saw: Mapping[int, int],
    saw_ballots: int,
    *,
    all_votes: Mapping[int, int],
    all_ballots: int,
    several: bool,
) -> Sight | None:
    """Both groups with their shares, from votes by option id; None unless each holds 50 ballots, or
    where the votes can't be (a damaged tally, which `recount` finds)."""
    others = {option_id: votes - saw.get(option_id, 0) for option_id, votes in all_votes.items()}
    other_ballots = all_ballots - saw_ballots
    if min(saw_ballots, other_ballots) < MIN_BALLOTS or min(others.values()) < 0:
        return None
    seen = {option_id: saw.get(option_id, 0) for option_id in all_votes}
    return Sight(
        _group(seen, saw_ballots, several=several), _group(others, other_ballots, several=several)
    )


def first_place(answers: int, first: int, *, named_options: Sequence[int]) -> FirstPlace | None:
    """The share of the first place; None below 50 answers, or where one option alone is named."""
    if answers < MIN_BALLOTS or len(named_options) < 2:  # noqa: PLR2004 - no order in one
        return None
    return FirstPlace(answers, first, len(named_options))


def _group(votes: Mapping[int, int], ballots: int, *, several: bool) -> Group:
    percents = share_percents(list(votes.values()), ballots if several else None)
    return Group(
        ballots,
        {
            option_id: percent_label(count, ballots, percent)
            for (option_id, count), percent in zip(votes.items(), percents, strict=True)
        },
    )
