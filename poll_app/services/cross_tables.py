"""Two questions of an article set against each other, kept in memory for a while.

Only readers are counted who hold a ballot in both, and only where both polls share a salt. As with
the details of a result, one request counts at a time, and what it found stands until one of the
questions has grown by a tenth or the hour is over.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from poll_app.database import reading
from poll_app.domain.as_of import hour_of
from poll_app.domain.cross_tables import CrossTable, Pairs, cross_table
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
    found: Compared
    ballots: tuple[int, int]


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
    number = (rows.id << 32) + columns.id
    kept = _kept_tables.find(number)
    ballots = _ballots_of(rows, columns)
    if kept and _is_recent(kept, rows, columns, ballots, now):
        return kept.found
    if not _counting.acquire(blocking=kept is None) and kept:
        return kept.found  # somebody is at it; until then this does
    try:
        kept = _kept_tables.find(number)
        if kept is None or not _is_recent(kept, rows, columns, ballots, now):
            kept = _kept_tables.keep(number, _Counted(_count(rows, columns, now), ballots))
    finally:
        _counting.release()
    return kept.found


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
    kept: _Counted, rows: PollView, columns: PollView, ballots: tuple[int, int], now: datetime
) -> bool:
    """Whether the table kept is good enough: of the same words, of this hour, and little is new."""
    for was, view in ((kept.found.rows, rows), (kept.found.columns, columns)):
        if was is None or (was.revision, was.status) != (view.revision, view.status):
            return False
    if kept.found.counted_at is None or hour_of(kept.found.counted_at) != hour_of(now):
        return False
    moved = zip(kept.ballots, ballots, strict=True)
    return all(abs(new - old) * _GROWN <= old for old, new in moved)


def _ballots_of(rows: PollView, columns: PollView) -> tuple[int, int]:
    ids = (rows.id, columns.id)
    with reading() as session:
        found = session.execute(
            select(Turnout.poll_id, Turnout.ballots).where(Turnout.poll_id.in_(ids))
        )
        counts = {row.poll_id: row.ballots for row in found}
    return counts.get(rows.id, 0), counts.get(columns.id, 0)


def _count(rows: PollView, columns: PollView, now: datetime) -> Compared:
    table = cross_table(
        _pairs(rows.id, columns.id),
        [option.id for option in rows.options],
        [option.id for option in columns.options],
    )
    return Compared(rows, columns, table, None if table else "few", now)


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
