"""Two questions of an article set against each other; what is told of them is stored.

Only readers are counted who hold a ballot in both, and only where both polls share a salt. As with
the details of a result, one request counts at a time, and what it found stands until one of the
questions has grown by a tenth or the hour is over. It moves in steps: from two tables that differ
by one reader one could read how that reader answered both. So what was told last is stored, for all
processes and both ways to ask for the two, and stands on while fewer than `STEP` readers make the
difference or there would be no table any more.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session, aliased

from poll_app.database import insert_into, reading, writing
from poll_app.domain.as_of import hour_of
from poll_app.domain.cross_tables import CrossTable, Pairs, cross_table, exchanged, is_a_step
from poll_app.domain.methods import takes_several
from poll_app.domain.results import results_visible
from poll_app.models import Choice, ToldPairs, Turnout
from poll_app.services.poll_views import PollView

_GROWN = 10  # parts of which one has to be new
_PATIENCE_S = 0.5  # a page does not wait long to store something

Ballots = tuple[int, int]
Obstacle = Literal["same", "unknown", "apart", "several", "hidden", "few"]


@dataclass(frozen=True)
class Compared:
    """Two questions with their table; without it, what stands in the way."""

    rows: PollView | None
    columns: PollView | None
    table: CrossTable | None = None
    obstacle: Obstacle | None = None
    counted_at: datetime | None = None


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
    one, other = (rows, columns) if rows.id < columns.id else (columns, rows)
    told = _told(one, other, now)
    pairs = _pairs_of(told) if rows is one else exchanged(_pairs_of(told))
    table = _table(pairs, rows, columns)
    return Compared(rows, columns, table, None if table else "few", told.counted_at)


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


def _told(one: PollView, other: PollView, now: datetime) -> ToldPairs:
    """What is told of the two, the older one first; looked at again once that is due."""
    told, ballots = _stored(one, other)
    if told and _is_recent(told, ballots, now):
        return told
    if not _counting.acquire(blocking=told is None) and told:
        return told  # somebody is at it; until then this does
    try:
        told, ballots = _stored(one, other)
        if told and _is_recent(told, ballots, now):
            return told
        return _looked_again(one, other, ballots, now)
    except (DBAPIError, NoConnection):
        if told is None:
            raise
        return told  # nothing can be stored at this moment, so nothing else is told
    finally:
        _counting.release()


def _stored(one: PollView, other: PollView) -> tuple[ToldPairs | None, Ballots]:
    ids = (one.id, other.id)
    with reading() as session:
        turnouts = select(Turnout.poll_id, Turnout.ballots).where(Turnout.poll_id.in_(ids))
        ballots = {row.poll_id: row.ballots for row in session.execute(turnouts)}
        return session.get(ToldPairs, ids), (ballots[one.id], ballots[other.id])


def _is_recent(told: ToldPairs, ballots: Ballots, now: datetime) -> bool:
    """Whether it was looked at within this hour, and little is new since."""
    before = (told.first_ballots, told.second_ballots)
    grown = (abs(now - then) * _GROWN > then for now, then in zip(ballots, before, strict=True))
    return told.hour >= hour_of(now) and not any(grown)


def _looked_again(one: PollView, other: PollView, ballots: Ballots, now: datetime) -> ToldPairs:
    """Counts, and stores what can be told; where another process came first, what that stored."""
    with reading() as session:
        pairs = _count(session, one.id, other.id)
    with writing(within_s=_PATIENCE_S) as session:
        nothing = insert_into(ToldPairs, session.get_bind().dialect).values(
            first_poll_id=one.id, second_poll_id=other.id, pairs=[], counted_at=now,
            hour=hour_of(now), first_ballots=0, second_ballots=0,
        )  # fmt: skip
        session.execute(nothing.on_conflict_do_nothing())
        told = session.get_one(ToldPairs, (one.id, other.id), with_for_update=True)
        if not _is_recent(told, ballots, now):
            if _table(pairs, one, other) and is_a_step(_pairs_of(told), pairs):
                told.pairs = [(i, j, readers) for (i, j), readers in pairs.items()]
                told.counted_at = now
            told.hour = hour_of(now)
            told.first_ballots, told.second_ballots = ballots
    return told


def _pairs_of(told: ToldPairs) -> Pairs:
    return {(i, j): readers for i, j, readers in told.pairs}


def _table(pairs: Pairs, rows: PollView, columns: PollView) -> CrossTable | None:
    ids = ([option.id for option in poll.options] for poll in (rows, columns))
    return cross_table(pairs, *ids)


def _count(session: Session, rows_id: int, columns_id: int) -> Pairs:
    """How many readers gave each pair of answers. Withdrawn ballots hold no choices."""
    one, other = aliased(Choice), aliased(Choice)
    found = session.execute(
        select(one.option_id, other.option_id, func.count())
        .join(other, one.voter_key == other.voter_key)
        .where(one.poll_id == rows_id, other.poll_id == columns_id)
        .group_by(one.option_id, other.option_id)
    )
    return {(row_id, column_id): readers for row_id, column_id, readers in found}
