"""The unusual hours of a poll as its result tells them: what came, and the result without them.

Which hour is unusual is decided in `unusual.py`. Telling it takes nothing away from the result, and
a result without one is not thereby shown to be clean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from poll_app.domain.over_time import HourMove
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
    """An hour (its start): its ballots, what an hour before it usually brought, which option stood
    out, and for each option by id its votes in the hour and its share of the result without it
    (None where changed answers leave nothing that could be told).
    """

    hour: datetime
    ballots: int
    usual: int
    standout: Standout
    votes: Mapping[int, int]
    without: Mapping[int, str] | None


def unusual_hours(
    hours: Sequence[HourMove],
    *,
    option_ids: Sequence[int],
    opened_at: datetime,
    several: bool,
) -> tuple[UnusualHour, ...]:
    """The unusual ones among all hours of a poll so far, in their order. Source: results.md,
    "Unusual hours"."""
    came = {move.hour: move.ballots for move in hours}
    votes = Counter(dict.fromkeys(option_ids, 0))
    for move in hours:
        votes.update(move.votes)
    ballots = sum(came.values())
    opened = opened_at.replace(minute=0, second=0, microsecond=0)
    found = []
    for move in hours:
        if move.ballots < MIN_BALLOTS:
            continue
        earlier = (move.hour - _HOUR * back for back in range(1, HOURS_BEFORE + 1))
        before = [came.get(hour, 0) for hour in earlier if hour >= opened]
        if not is_busy(move.ballots, before):
            continue
        standout = find_standout(
            move.votes, move.ballots, all_votes=dict(votes), all_ballots=ballots
        )
        if standout is not None:
            held = {option_id: move.votes.get(option_id, 0) for option_id in option_ids}
            rest = {option_id: votes[option_id] - held[option_id] for option_id in option_ids}
            without = _labels(rest, ballots - move.ballots, several=several)
            usual = usual_ballots(before)
            found.append(UnusualHour(move.hour, move.ballots, usual, standout, held, without))
    return tuple(found)


def _labels(votes: Mapping[int, int], ballots: int, *, several: bool) -> dict[int, str] | None:
    if not all(0 <= count <= ballots for count in votes.values()):
        return None
    percents = share_percents(list(votes.values()), ballots if several else None)
    return {
        option_id: percent_label(count, ballots, percent)
        for (option_id, count), percent in zip(votes.items(), percents, strict=True)
    }
