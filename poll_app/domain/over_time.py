"""A result over time: ballots per day, and the shares among those of the last seven days.

A line that moves does not show that anyone changed their mind: other readers may have come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import ceil

from poll_app.domain.statistics import percent_label, share_percents

WINDOW_DAYS = 7
MIN_WINDOW_BALLOTS = 50
# Longer polls are drawn in steps of several days, so that a year is no heavier than a month.
MAX_STEPS = 60


@dataclass(frozen=True)
class HourMove:
    """By how much one hour (its start, aware) moved the ballots and the votes by option id."""

    hour: datetime
    ballots: int
    votes: Mapping[int, int]


@dataclass(frozen=True)
class Replaced:
    """So many ballots held this answer from one hour on, until it was changed or withdrawn."""

    option_ids: tuple[int, ...]
    since: datetime
    until: datetime
    ballots: int


@dataclass(frozen=True)
class Share:
    """An option's share: whole, as printed, and exact (0 to 100) for the drawing."""

    percent: int
    label: str
    exact: float


@dataclass(frozen=True)
class Step:
    """One day or several. `ballots`: those that came, less those withdrawn. `shares` by option id:
    of the ballots cast or changed in the seven days up to `last`, as they stood then; None where
    these are too few."""

    first: date
    last: date
    ballots: int
    window_ballots: int
    shares: Mapping[int, Share] | None


@dataclass(frozen=True)
class OverTime:
    """The steps in order, without a gap, and how many days each of them (but the last) has."""

    steps: tuple[Step, ...]
    days_each: int

    @property
    def has_shares(self) -> bool:
        """Whether any step holds enough ballots for shares."""
        return any(step.shares for step in self.steps)


def over_time(
    hours: Iterable[HourMove],
    replaced: Iterable[Replaced],
    *,
    option_ids: Sequence[int],
    several: bool,
    opened_at: datetime,
    until: datetime,
    zone: tzinfo,
) -> OverTime | None:
    """What became of a poll day by day in this zone, from its opening to `until`; None before the
    second day. `several`: a ballot may hold more than one option.

    The hours tell net moves: one reader's change is -1 and +1. An answer that was replaced in the
    window but given before it takes away there what the window never held, so it is put back.
    Source: results.md, "Over time".
    """
    calendar = _Calendar.of(opened_at, until, zone)
    if calendar.days < 2:  # noqa: PLR2004 - one day has no course
        return None
    ballots: Counter[int] = Counter()
    votes: dict[int, Counter[int]] = {option_id: Counter() for option_id in option_ids}
    for move in hours:
        day = calendar.day_of(move.hour)
        ballots[day] += move.ballots
        for option_id, count in move.votes.items():
            votes[option_id][day] += count
    of_ballots = _windows(ballots, calendar.days)
    of_votes = {option_id: _windows(moved, calendar.days) for option_id, moved in votes.items()}
    for answer in replaced:
        for day in calendar.windows_without(answer):
            of_ballots[day] += answer.ballots
            for option_id in answer.option_ids:
                of_votes[option_id][day] += answer.ballots
    each = ceil(calendar.days / MAX_STEPS)
    steps = [
        Step(
            first=calendar.start + timedelta(first),
            last=calendar.start + timedelta(last),
            ballots=sum(ballots[day] for day in range(first, last + 1)),
            window_ballots=of_ballots[last],
            shares=_shares({o: of[last] for o, of in of_votes.items()}, of_ballots[last], several),
        )
        for first in range(0, calendar.days, each)
        for last in [min(first + each, calendar.days) - 1]
    ]
    return OverTime(tuple(steps), each)


@dataclass(frozen=True)
class _Calendar:
    """The days of a poll, counted from 0."""

    start: date
    days: int
    zone: tzinfo

    @classmethod
    def of(cls, opened_at: datetime, until: datetime, zone: tzinfo) -> _Calendar:
        start = opened_at.astimezone(zone).date()
        return cls(start, (until.astimezone(zone).date() - start).days + 1, zone)

    def day_of(self, hour: datetime) -> int:
        """The day of an hour; one that began before the opening belongs to the first."""
        day = (hour.astimezone(self.zone).date() - self.start).days
        return min(max(day, 0), self.days - 1)

    def windows_without(self, answer: Replaced) -> range:
        """The last days of the windows in which the answer was replaced but not given."""
        since, until = self.day_of(answer.since), self.day_of(answer.until)
        return range(max(until, since + WINDOW_DAYS), min(until + WINDOW_DAYS, self.days))


def _windows(moves: Mapping[int, int], days: int) -> list[int]:
    """For each day the sum of the moves of the seven days that end with it."""
    sums, total = [], 0
    for day in range(days):
        total += moves.get(day, 0) - moves.get(day - WINDOW_DAYS, 0)
        sums.append(total)
    return sums


def _shares(counts: Mapping[int, int], ballots: int, several: bool) -> dict[int, Share] | None:
    # Below none or above all: the clock of the server was once set back.
    if ballots < MIN_WINDOW_BALLOTS or not all(0 <= count <= ballots for count in counts.values()):
        return None
    percents = share_percents(list(counts.values()), ballots if several else None)
    return {
        option_id: Share(percent, percent_label(count, ballots, percent), 100 * count / ballots)
        for (option_id, count), percent in zip(counts.items(), percents, strict=True)
    }
