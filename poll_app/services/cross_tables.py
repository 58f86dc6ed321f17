"""Two questions of an article set against each other, kept in memory for a while.

Only readers are counted who hold a ballot in both, and only where both polls share a salt. As with
the details of a result, one request counts at a time, and what it found stands until one of the
questions has grown by a tenth or the hour is over. It moves in steps: from two tables that differ
by one reader one could read how that reader answered both. So one count serves for both ways to ask
for the two, and stands on while fewer than `STEP` readers make the difference.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from poll_app.database import reading
from poll_app.domain.as_of import hour_of
from poll_app.domain.cross_tables import CrossTable, Pairs, cross_table, exchanged, is_a_step
from poll_app.domain.methods import takes_several
from poll_app.domain.results import results_visible
from poll_app.models import Choice, Turnout
from poll_app.services.kept import Kept
from poll_app.services.poll_views import PollView

_GROWN = 10  # parts of which one has to be new

Obstacle = Literal["same", "unknown", "apart", "several", "hidden", "few"]


@dataclass(frozen=True)
class Compared:
    """Two questions with their table; without it, what stands in the way."""

    rows: PollView | None
    columns: PollView | None
    table: CrossTable | None = None
    obstacle: Obstacle | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True)
class _Counted:
    """What was found for two questions, by the number of the one in the rows. `pairs` are those of
    `counted_at`, with the older question first; `looked_at`: when they were last counted."""

    found: Mapping[int, Compared]
    ballots: Mapping[int, int]
    pairs: Pairs
    counted_at: datetime
    looked_at: datetime


_kept_tables: Kept[_Counted] = Kept()
_counting = threading.Lock()


def list_comparable(polls: tuple[PollView, ...]) -> list[PollView]:
    """The questions of an article that can be chosen: opened, compared, and with one answer."""
    return [
        poll
        for poll in polls
        if poll.compared and poll.status != "scheduled" and not takes_several(poll.method)
    ]


def compare(
    polls: tuple[PollView, ...], rows_slug: str, columns_slug: str, *, now: datetime
) -> Compared:
    """Sets two questions of an article against each other."""
    found = {poll.slug: poll for poll in polls if poll.status != "scheduled"}
    rows, columns = found.get(rows_slug), found.get(columns_slug)
    obstacle = _obstacle(rows, columns)
    if obstacle or rows is None or columns is None:
        return Compared(rows, columns, obstacle=obstacle)
    two = (rows, columns) if rows.id < columns.id else (columns, rows)
    number = (two[0].id << 32) + two[1].id
    kept = _kept_tables.find(number)
    ballots = _ballots_of(*two)
    if kept and _is_recent(kept, rows, columns, ballots, now):
        return kept.found[rows.id]
    if not _counting.acquire(blocking=kept is None) and kept:
        return kept.found[rows.id]  # somebody is at it; until then this does
    try:
        kept = _kept_tables.find(number)
        if kept is None or not _is_recent(kept, rows, columns, ballots, now):
            kept = _kept_tables.keep(number, _count(*two, ballots, kept, now))
    finally:
        _counting.release()
    return kept.found[rows.id]


def _obstacle(rows: PollView | None, columns: PollView | None) -> Obstacle | None:
    if rows is None or columns is None:
        return "unknown"
    if rows.id == columns.id:
        return "same"
    if not rows.compared or rows.voter_salt != columns.voter_salt:
        return "apart"
    if takes_several(rows.method) or takes_several(columns.method):
        return "several"
    shown = (
        results_visible(policy=one.results_policy, status=one.status, has_voted=False)
        for one in (rows, columns)
    )
    return None if all(shown) else "hidden"


def _is_recent(
    kept: _Counted,
    rows: PollView,
    columns: PollView,
    ballots: Mapping[int, int],
    now: datetime,
) -> bool:
    """Whether the table kept is good enough: of the same words, of this hour, and little is new."""
    was = kept.found[rows.id]
    for old, view in ((was.rows, rows), (was.columns, columns)):
        if old is None or (old.revision, old.status) != (view.revision, view.status):
            return False
    if hour_of(kept.looked_at) != hour_of(now):
        return False
    return all(
        abs(ballots[poll_id] - before) * _GROWN <= before
        for poll_id, before in kept.ballots.items()
    )


def _ballots_of(one: PollView, other: PollView) -> Mapping[int, int]:
    ids = (one.id, other.id)
    with reading() as session:
        found = session.execute(
            select(Turnout.poll_id, Turnout.ballots).where(Turnout.poll_id.in_(ids))
        )
        return dict.fromkeys(ids, 0) | {row.poll_id: row.ballots for row in found}


def _count(
    one: PollView,
    other: PollView,
    ballots: Mapping[int, int],
    kept: _Counted | None,
    now: datetime,
) -> _Counted:
    """Counts anew; where that would tell of a few readers, what was told before stands on."""
    pairs, counted_at = _pairs(one.id, other.id), now
    was_told = kept is not None and kept.found[one.id].table is not None
    if kept and was_told and not is_a_step(kept.pairs, pairs):
        pairs, counted_at = kept.pairs, kept.counted_at
    found = {
        one.id: _compared(one, other, pairs, counted_at),
        other.id: _compared(other, one, exchanged(pairs), counted_at),
    }
    return _Counted(found, ballots, pairs, counted_at, now)


def _compared(rows: PollView, columns: PollView, pairs: Pairs, counted_at: datetime) -> Compared:
    table = cross_table(
        pairs, [option.id for option in rows.options], [option.id for option in columns.options]
    )
    return Compared(rows, columns, table, None if table else "few", counted_at)


def _pairs(rows_id: int, columns_id: int) -> Pairs:
    """How many readers gave each pair of answers. Withdrawn ballots hold no choices."""
    one, other = aliased(Choice), aliased(Choice)
    with reading() as session:
        found = session.execute(
            select(one.option_id, other.option_id, func.count())
            .join(other, one.voter_key == other.voter_key)
            .where(one.poll_id == rows_id, other.poll_id == columns_id)
            .group_by(one.option_id, other.option_id)
        )
        return {(row_id, column_id): readers for row_id, column_id, readers in found}
