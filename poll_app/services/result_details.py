"""What a results page says beyond the bars, kept in memory for a while.

Counting it takes time that grows with the ballots, so it is done by one request at a time and then
stands until the poll has grown by a tenth or the hour is over; the page says when it was counted.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from poll_app.database import reading
from poll_app.domain.as_of import hour_of
from poll_app.domain.changes_of_mind import ChangesOfMind, changes_of_mind
from poll_app.domain.comparisons import FirstPlace, Sight, compare_sight, first_place
from poll_app.domain.over_time import HourMove, OverTime, Replaced, over_time
from poll_app.domain.placements import Places
from poll_app.domain.unusual_hours import UnusualHour, unusual_hours
from poll_app.services.kept import Kept
from poll_app.services.placements import count_places
from poll_app.services.poll_views import PollView
from poll_app.services.result_counts import (
    count_first_places,
    count_sighted,
    list_first_answers,
    list_hours,
    list_replaced,
)

_HOUR = timedelta(hours=1)
_GROWN = 10  # parts of which one has to be new


@dataclass(frozen=True)
class ResultDetails:
    """What is known beyond the figures of a result; None where there is too little of it.

    `ballots` were counted at `counted_at`. As of an earlier moment (`earlier`) only what the hours
    tell is known: a ballot does not remember when it was looked at, or in which order it was shown.
    """

    counted_at: datetime
    ballots: int
    earlier: bool
    over_time: OverTime | None
    unusual: tuple[UnusualHour, ...]
    changes: ChangesOfMind | None = None
    sight: Sight | None = None
    first_place: FirstPlace | None = None
    places: Places | None = None


@dataclass(frozen=True)
class _Counted:
    details: ResultDetails
    poll: PollView
    version: int


_kept_details: Kept[_Counted] = Kept()
_counting = threading.Lock()


def get_result_details(
    poll: PollView, version: int, *, ballots: int, now: datetime, zone: tzinfo
) -> ResultDetails:
    """The details of a poll that stands at this version of its figures with so many ballots; days
    are those of `zone`."""
    kept = _kept_details.find(poll.id)
    if kept and _is_recent(kept, poll, version, ballots, now):
        return kept.details
    if not _counting.acquire(blocking=kept is None) and kept:
        return kept.details  # somebody is at it; until then these do
    try:
        kept = _kept_details.find(poll.id)
        if kept is None or not _is_recent(kept, poll, version, ballots, now):
            details = _count(poll, now, zone, kept, version)
            kept = _kept_details.keep(poll.id, _Counted(details, poll, version))
    finally:
        _counting.release()
    return kept.details


def get_details_as_of(poll: PollView, hour: datetime, *, zone: tzinfo) -> ResultDetails:
    """The details that can be told for ever of a full hour that is over; `poll` as it stood."""
    with reading() as session:
        hours = list_hours(session, poll.id, hour)
        replaced = list_replaced(session, poll.id, hour)
    return _of_hours(poll, hours, replaced, counted_at=hour, zone=zone, earlier=True)


def _is_recent(kept: _Counted, poll: PollView, version: int, ballots: int, now: datetime) -> bool:
    """Whether the details kept are good enough: nothing changed within this hour, or little."""
    if (kept.poll.revision, kept.poll.status) != (poll.revision, poll.status):
        return False
    if hour_of(kept.details.counted_at) != hour_of(now):
        return False
    moved = max(abs(ballots - kept.details.ballots), version - kept.version)
    return moved * _GROWN <= kept.details.ballots


def _count(
    poll: PollView, now: datetime, zone: tzinfo, kept: _Counted | None, version: int
) -> ResultDetails:
    ids, several = [option.id for option in poll.options], poll.method == "multiple"
    not_sure = {option.id for option in poll.options if option.not_sure}
    with reading() as session:
        hours = list_hours(session, poll.id, now + _HOUR)
        replaced = list_replaced(session, poll.id, now + _HOUR)
        told = _of_hours(poll, hours, replaced, counted_at=now, zone=zone, earlier=False)
        if kept and kept.version == version:  # only the hours have gone on
            old = kept.details
            changes, sight, place = old.changes, old.sight, old.first_place
            places = old.places
        else:
            votes = {i: sum(move.votes.get(i, 0) for move in hours) for i in ids}
            saw_ballots, saw = count_sighted(session, poll.id)
            answers = list_first_answers(session, poll.id)
            changes = changes_of_mind(answers, option_ids=ids, several=several)
            sight = compare_sight(
                saw, saw_ballots, all_votes=votes, all_ballots=told.ballots, several=several
            )
            known = count_first_places(session, poll.id, not_sure)
            place = first_place(*known, named_options=[i for i in ids if i not in not_sure])
            places = count_places(session, poll.id)
    return ResultDetails(
        counted_at=now,
        ballots=told.ballots,
        earlier=False,
        over_time=told.over_time,
        unusual=told.unusual,
        changes=changes,
        sight=sight,
        first_place=place,
        places=places,
    )


def _of_hours(
    poll: PollView,
    hours: list[HourMove],
    replaced: list[Replaced],
    *,
    counted_at: datetime,
    zone: tzinfo,
    earlier: bool,
) -> ResultDetails:
    """The part that the hours tell."""
    ids, several = [option.id for option in poll.options], poll.method == "multiple"
    opened_at = poll.opens_at or counted_at  # only a draft has none, and no page
    last = min(counted_at, poll.closes_at or counted_at) - timedelta.resolution
    return ResultDetails(
        counted_at=counted_at,
        ballots=sum(move.ballots for move in hours),
        earlier=earlier,
        over_time=over_time(
            hours,
            replaced,
            option_ids=ids,
            several=several,
            opened_at=opened_at,
            until=last,
            zone=zone,
        ),
        unusual=unusual_hours(
            hours, replaced, option_ids=ids, opened_at=opened_at, several=several
        ),
    )
