"""Times as an editor writes them, in the newsroom's zone, and when a poll may open and close.

A zone has hours that do not exist (clocks go forward) and hours that come twice (they go back);
neither is guessed at.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import date as calendar_day
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from poll_app.domain.polls import Scheduled, check_times, status_at
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import Sentence, sentence, sentences

FARTHEST = timedelta(days=10 * 366)
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_YEARS = range(1900, 3000)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
_MINUTE, _HOUR, _WHOLE_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Ambiguous(Refusal):
    """A local time that comes twice; `first` and `second` are the two moments."""

    def __init__(
        self, sentence: Sentence, *, field: str, first: datetime, second: datetime
    ) -> None:
        super().__init__(sentence, field=field)
        self.first = first
        self.second = second


@dataclass(frozen=True)
class LocalTime:
    """A moment as a form holds it; `which` is "first" or "second" in an hour that comes twice."""

    day: str
    time: str
    which: str = ""


def parse_local(local: LocalTime, zone: ZoneInfo, *, field: str) -> datetime:
    """The moment, aware, in UTC. Raises Refusal for what is no time in this zone, Ambiguous for a
    time that comes twice where `which` does not say which."""
    naive = datetime.combine(parse_day(local.day, field=field), _parse_time(local.time, field))
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first > second:  # the hour was left out: the two readings lie on either side of the gap
        raise Refusal(
            sentence(
                "There is no %(time)s on that day in %(zone)s: the clocks are put forward. "
                "Choose %(after)s, for example.",
                time=f"{naive:%H:%M}",
                zone=zone.key,
                after=f"{first.astimezone(zone):%Y-%m-%d %H:%M}",
            ),
            field=field,
        )
    if local.which in {"first", "second"}:
        return first if local.which == "first" else second
    raise Ambiguous(
        sentence(
            "%(time)s comes twice on that day in %(zone)s, because the clocks are put back. Choose "
            "the first or the second.",
            time=f"{naive:%H:%M}",
            zone=zone.key,
        ),
        field=field,
        first=first,
        second=second,
    )


def local_time(moment: datetime, zone: ZoneInfo) -> LocalTime:
    """How a form shows the moment, so that `parse_local` gives it back to the minute."""
    local = moment.astimezone(zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    which = "" if first == second else ("second" if local.fold else "first")
    return LocalTime(f"{local:%Y-%m-%d}", f"{local:%H:%M}", which)


def parse_day(text: str, *, field: str) -> calendar_day:
    """A day of the calendar, written 2026-11-30. Raises Refusal for anything else."""
    found = _DAY.fullmatch(text.strip())
    if found:
        if int(found[1]) not in _YEARS:
            raise Refusal(sentence("Write a year between 1900 and 2999."), field=field)
        with suppress(ValueError):
            return calendar_day(int(found[1]), int(found[2]), int(found[3]))
    raise Refusal(
        sentence("Write the date as year-month-day, for example 2026-11-30."), field=field
    )


def _parse_time(text: str, field: str) -> clock_time:
    found = _TIME.fullmatch(text.strip())
    if found:
        with suppress(ValueError):
            return clock_time(int(found[1]), int(found[2]))
    raise Refusal(sentence("Write the time as hours:minutes, for example 09:30."), field=field)


def check_opening(opens_at: datetime, closes_at: datetime | None, *, now: datetime) -> None:
    """Raises Refusal for a poll that would open in the past, close before it opens, or so far away
    that the year must be a slip."""
    if opens_at < now:
        raise Refusal(
            sentence("This time has passed. Open the question now, or choose a later time."),
            field="opens_at",
        )
    _check_distance(opens_at, now, "opens_at")
    if closes_at is not None:
        check_times(opens_at, closes_at)
        _check_distance(closes_at, now, "closes_at")


def check_new_end(poll: Scheduled, closes_at: datetime | None, *, now: datetime) -> None:
    """Raises Refusal unless the end of an open or closed poll may be moved there."""
    if closes_at is None:
        return
    if closes_at <= now:
        raise Refusal(
            sentence("This time has passed. Close the question now, or choose a later time."),
            field="closes_at",
        )
    check_times(poll.opens_at, closes_at)
    _check_distance(closes_at, now, "closes_at")


def refuse_unless(poll: Scheduled, *wanted: str, now: datetime, has_outcome: bool = False) -> None:
    """Raises Refusal unless the poll is in one of these states: somebody was quicker, or the clock
    went on."""
    status = status_at(poll, now, has_outcome=has_outcome)
    if status in wanted:
        return
    states = {
        "draft": sentence("The question is a draft."),
        "scheduled": sentence("The question has not opened yet."),
        "open": sentence("The question is open."),
        "closed": sentence("The question is closed."),
        "resolved": sentence("The question has an outcome."),
    }
    raise Refusal(states[status])


def distance(moment: datetime, now: datetime) -> Sentence:
    """How far away a moment is: “in 3 days”, “5 hours ago”; rounded down, minutes at the finest."""
    away = abs(moment - now)
    is_ahead = moment > now
    if away < _MINUTE:
        return sentence("in less than a minute") if is_ahead else sentence("just now")
    told = _ahead if is_ahead else _ago
    if away < _HOUR:
        return told("minute", away // _MINUTE)
    if away < 2 * _WHOLE_DAY:
        return told("hour", away // _HOUR)
    return told("day", away // _WHOLE_DAY)


def _ahead(unit: str, count: int) -> Sentence:
    return {
        "minute": sentences("in %(count)s minute", "in %(count)s minutes", count),
        "hour": sentences("in %(count)s hour", "in %(count)s hours", count),
        "day": sentences("in %(count)s day", "in %(count)s days", count),
    }[unit]


def _ago(unit: str, count: int) -> Sentence:
    return {
        "minute": sentences("%(count)s minute ago", "%(count)s minutes ago", count),
        "hour": sentences("%(count)s hour ago", "%(count)s hours ago", count),
        "day": sentences("%(count)s day ago", "%(count)s days ago", count),
    }[unit]


def _check_distance(moment: datetime, now: datetime, field: str) -> None:
    if moment > now + FARTHEST:
        raise Refusal(sentence("Choose a time within the next ten years."), field=field)
