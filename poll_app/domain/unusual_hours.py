"""The unusual hours of a poll as its result tells them: what came, and the result without them.

Which hour is unusual is decided in `unusual.py`. Telling it takes nothing away from the result, and
a result without one is not thereby shown to be clean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from poll_app.domain.over_time import HourMove, Replaced
from poll_app.domain.statistics import percent_label, share_percents
from poll_app.domain.unusual import (
    HOURS_BEFORE,
    MIN_BALLOTS,
    Standout,
    find_standout,
    is_busy,
    usual_ballots,
)

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class UnusualHour:
    """An hour (its start): the ballots cast or changed in it, what an hour before it usually
    brought, which option stood out, and for each option by id its votes in the hour and its share
    of the result without it (None where later changes leave nothing that could be told).
    """

    hour: datetime
    ballots: int
    usual: int
    standout: Standout
    votes: Mapping[int, int]
    without: Mapping[int, str] | None


def unusual_hours(
    hours: Sequence[HourMove],
    replaced: Iterable[Replaced],
    *,
    option_ids: Sequence[int],
    opened_at: datetime,
    several: bool,
) -> tuple[UnusualHour, ...]:
    """The unusual ones among all hours of a poll so far, in their order. The hours tell net moves;
    an answer that took the place of an older one counts in its hour like any other. Source:
    results.md, "Unusual hours"."""
    given = _given(hours, replaced, option_ids)
    came = {hour.hour: hour.ballots for hour in given}
    opened = opened_at.replace(minute=0, second=0, microsecond=0)
    votes = {i: sum(hour.votes[i] for hour in given) for i in option_ids}
    result = {i: sum(move.votes.get(i, 0) for move in hours) for i in option_ids}
    counted = sum(move.ballots for move in hours)
    found = []
    for move, hour in zip(hours, given, strict=True):
        if hour.ballots < MIN_BALLOTS:
            continue
        earlier = (hour.hour - _HOUR * back for back in range(1, HOURS_BEFORE + 1))
        before = [came.get(start, 0) for start in earlier if start >= opened]
        if not is_busy(hour.ballots, before):
            continue
        standout = find_standout(
            hour.votes, hour.ballots, all_votes=votes, all_ballots=sum(came.values())
        )
        if standout is not None:
            rest = {i: result[i] - move.votes.get(i, 0) for i in option_ids}
            without = _labels(rest, counted - move.ballots, several=several)
            usual = usual_ballots(before)
            found.append(UnusualHour(hour.hour, hour.ballots, usual, standout, hour.votes, without))
    return tuple(found)


def _given(
    hours: Sequence[HourMove], replaced: Iterable[Replaced], option_ids: Sequence[int]
) -> list[HourMove]:
    """The same hours with the answers given in each, older ones taken away put back."""
    ballots: Counter[datetime] = Counter()
    votes: Counter[tuple[datetime, int]] = Counter()
    for answer in replaced:
        ballots[answer.until] += answer.ballots
        for option_id in answer.option_ids:
            votes[answer.until, option_id] += answer.ballots
    return [
        HourMove(
            move.hour,
            move.ballots + ballots[move.hour],
            {i: move.votes.get(i, 0) + votes[move.hour, i] for i in option_ids},
        )
        for move in hours
    ]


def _labels(votes: Mapping[int, int], ballots: int, *, several: bool) -> dict[int, str] | None:
    if not all(0 <= count <= ballots for count in votes.values()):
        return None
    percents = share_percents(list(votes.values()), ballots if several else None)
    return {
        option_id: percent_label(count, ballots, percent)
        for (option_id, count), percent in zip(votes.items(), percents, strict=True)
    }
