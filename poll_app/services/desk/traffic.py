"""Questions that got unusually many ballots within an hour of the last day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from poll_app.database import db
from poll_app.domain.unusual import (
    HOURS_BEFORE,
    MIN_BALLOTS,
    Standout,
    find_standout,
    is_busy,
    usual_ballots,
)
from poll_app.models import HourlyTally, HourlyTurnout, Option, Poll, Tally, Turnout
from poll_app.services.desk.overview import hour_of

_HOUR = timedelta(hours=1)
_LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class BusyHour:
    """An hour with many more ballots than usual; `standout`: the label of the option whose share
    differs strongly from all other hours, None when there is none; `more`: it was chosen more."""

    poll_id: int
    slug: str
    question: str
    starts_at: datetime
    ballots: int
    usual: int
    standout: str | None
    more: bool

    @property
    def ends_at(self) -> datetime:
        """The end of the hour."""
        return self.starts_at + _HOUR


def list_busy_hours(*, now: datetime) -> list[BusyHour]:
    """The busy hours of the last 24, newest first, of questions that were open then."""
    first = hour_of(now) - _LOOK_BACK
    candidates = db.session.execute(
        select(
            Poll.id, Poll.slug, Poll.question, Poll.opens_at,
            HourlyTurnout.hour, HourlyTurnout.ballots,
        )
        .join(HourlyTurnout, HourlyTurnout.poll_id == Poll.id)
        .where(
            Poll.opens_at <= now,
            or_(Poll.closes_at.is_(None), Poll.closes_at > first),
            HourlyTurnout.hour >= first,
            HourlyTurnout.ballots >= MIN_BALLOTS,
        )
        .order_by(HourlyTurnout.hour.desc(), Poll.id)
    ).all()  # fmt: skip
    poll_ids = {row.id for row in candidates}
    turnouts = _turnouts(poll_ids, since=first - HOURS_BEFORE * _HOUR)
    busy = [
        (row, before)
        for row in candidates
        if is_busy(row.ballots, before := _before(turnouts, row.id, row.hour, row.opens_at))
    ]
    figures = _Figures({row.id for row, _ in busy}, since=first)
    return [
        BusyHour(
            poll_id=row.id, slug=row.slug, question=row.question, starts_at=row.hour,
            ballots=row.ballots, usual=usual_ballots(before),
            standout=figures.labels[standout.option_id] if standout else None,
            more=standout is not None and standout.more,
        )
        for row, before in busy
        for standout in [figures.standout(row.id, row.hour, row.ballots)]
    ]  # fmt: skip


def newest_of_each(hours: Sequence[BusyHour]) -> list[tuple[BusyHour, int]]:
    """Of each question the first of these hours, and how many others it has among them."""
    counts = Counter(hour.poll_id for hour in hours)
    first = {hour.poll_id: hour for hour in reversed(hours)}
    return [(first[poll_id], count - 1) for poll_id, count in counts.items()]


def _turnouts(poll_ids: Iterable[int], *, since: datetime) -> dict[tuple[int, datetime], int]:
    rows = db.session.execute(
        select(HourlyTurnout.poll_id, HourlyTurnout.hour, HourlyTurnout.ballots).where(
            HourlyTurnout.poll_id.in_(poll_ids), HourlyTurnout.hour >= since
        )
    )
    return {(row.poll_id, row.hour): row.ballots for row in rows}


def _before(
    turnouts: dict[tuple[int, datetime], int], poll_id: int, hour: datetime, opened_at: datetime
) -> list[int]:
    """The ballots of the up to 24 hours before in which voting was open."""
    hours = (hour - n * _HOUR for n in range(1, HOURS_BEFORE + 1))
    return [turnouts.get((poll_id, h), 0) for h in hours if h >= hour_of(opened_at)]


class _Figures:
    """The votes of these polls by option: of each hour since, and altogether."""

    def __init__(self, poll_ids: Iterable[int], *, since: datetime) -> None:
        ids = list(poll_ids)
        totals = db.session.execute(
            select(Tally.poll_id, Tally.option_id, Tally.votes, Turnout.ballots, Option.label)
            .join(Turnout, Turnout.poll_id == Tally.poll_id)
            .join(Option, Option.id == Tally.option_id)
            .where(Tally.poll_id.in_(ids))
        ).all()
        hourly = db.session.execute(
            select(HourlyTally.poll_id, HourlyTally.hour, HourlyTally.option_id, HourlyTally.votes)
            .where(HourlyTally.poll_id.in_(ids), HourlyTally.hour >= since)
        )  # fmt: skip
        self.labels = {row.option_id: row.label for row in totals}
        self._ballots = {row.poll_id: row.ballots for row in totals}
        self._totals: dict[int, dict[int, int]] = {}
        for row in totals:
            self._totals.setdefault(row.poll_id, {})[row.option_id] = row.votes
        self._hours: dict[tuple[int, datetime], dict[int, int]] = {}
        for moved in hourly:
            self._hours.setdefault((moved.poll_id, moved.hour), {})[moved.option_id] = moved.votes

    def standout(self, poll_id: int, hour: datetime, ballots: int) -> Standout | None:
        """What stands out in this hour of a poll."""
        return find_standout(
            self._hours.get((poll_id, hour), {}), ballots,
            all_votes=self._totals[poll_id], all_ballots=self._ballots[poll_id],
        )  # fmt: skip
