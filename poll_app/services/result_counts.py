"""What the details of a result are made of: the hours of a poll, and what only its ballots know.

The hours are few however many ballots there are. The rest is counted from the ballots that hold it:
those changed, those of readers who had looked before, those whose place on the list is known.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from poll_app.domain.changes_of_mind import FirstAnswer
from poll_app.domain.over_time import HourMove, Replaced
from poll_app.models import (
    COUNTED,
    Ballot,
    Choice,
    HourlyTally,
    HourlyTurnout,
    PastAnswer,
    Peek,
)

_OF_PAST = and_(Ballot.poll_id == PastAnswer.poll_id, Ballot.voter_key == PastAnswer.voter_key)
_OF_BALLOT = and_(Choice.poll_id == Ballot.poll_id, Choice.voter_key == Ballot.voter_key)


def list_hours(session: Session, poll_id: int, before: datetime) -> list[HourMove]:
    """The hours that moved a figure and began before this time, oldest first."""
    votes: defaultdict[datetime, dict[int, int]] = defaultdict(dict)
    for option_id, hour, moved in session.execute(
        select(HourlyTally.option_id, HourlyTally.hour, HourlyTally.votes).where(
            HourlyTally.poll_id == poll_id, HourlyTally.hour < before
        )
    ):
        votes[hour][option_id] = moved
    turnouts = select(HourlyTurnout.hour, HourlyTurnout.ballots).where(
        HourlyTurnout.poll_id == poll_id, HourlyTurnout.hour < before
    )
    ballots = {row.hour: row.ballots for row in session.execute(turnouts)}
    return [
        HourMove(hour, ballots.get(hour, 0), votes.get(hour, {}))
        for hour in sorted(votes.keys() | ballots.keys())
    ]


def list_replaced(session: Session, poll_id: int, before: datetime) -> list[Replaced]:
    """The answers that were changed or withdrawn before this time, in a later hour than given."""
    later = aliased(PastAnswer)
    until = func.coalesce(later.hour, Ballot.hour)
    rows = session.execute(
        select(PastAnswer.option_ids, PastAnswer.hour, until, func.count())
        .join(Ballot, _OF_PAST)
        .outerjoin(
            later,
            and_(
                later.poll_id == PastAnswer.poll_id,
                later.voter_key == PastAnswer.voter_key,
                later.revision == PastAnswer.revision + 1,
            ),
        )
        .where(
            PastAnswer.poll_id == poll_id,
            PastAnswer.option_ids != "",
            PastAnswer.hour < until,
            until < before,
        )
        .group_by(PastAnswer.option_ids, PastAnswer.hour, until)
    )
    return [Replaced(_ids(ids), since, end, n) for ids, since, end, n in rows]


def list_first_answers(session: Session, poll_id: int) -> list[FirstAnswer]:
    """What readers who answered again had answered at first, and what they hold now."""
    first = and_(PastAnswer.poll_id == poll_id, PastAnswer.revision == 1)
    counted = func.sum(case((Ballot.state == COUNTED, 1), else_=0))
    now: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for ids, option_id, readers in session.execute(
        select(PastAnswer.option_ids, Choice.option_id, func.count())
        .join(Ballot, _OF_PAST)
        .join(Choice, _OF_BALLOT)
        .where(first, Ballot.state == COUNTED)
        .group_by(PastAnswer.option_ids, Choice.option_id)
    ):
        now[ids][option_id] = readers
    return [
        FirstAnswer(_ids(ids), int(readers), total - int(readers), now[ids])
        for ids, readers, total in session.execute(
            select(PastAnswer.option_ids, counted, func.count())
            .join(Ballot, _OF_PAST)
            .where(first)
            .group_by(PastAnswer.option_ids)
        )
    ]


def count_sighted(session: Session, poll_id: int) -> tuple[int, dict[int, int]]:
    """The counted ballots of readers who had asked to see the result, and their votes."""
    # From the few who asked: the ballots of all others are not touched.
    of_peek = and_(Ballot.poll_id == Peek.poll_id, Ballot.voter_key == Peek.voter_key)
    sighted = and_(Peek.poll_id == poll_id, Ballot.peeked, Ballot.state == COUNTED)
    ballots = session.scalar(
        select(func.count()).select_from(Peek).join(Ballot, of_peek).where(sighted)
    )
    votes = session.execute(
        select(Choice.option_id, func.count().label("readers"))
        .select_from(Peek)
        .join(Ballot, of_peek)
        .join(Choice, _OF_BALLOT)
        .where(sighted)
        .group_by(Choice.option_id)
    )
    return ballots or 0, {row.option_id: row.readers for row in votes}


def count_first_places(session: Session, poll_id: int, not_sure: set[int]) -> tuple[int, int]:
    """The votes for named options whose place on the list is known, and those for the first."""
    of_first = func.sum(case((Choice.position == 1, 1), else_=0))
    rows = session.execute(
        select(Choice.option_id, func.count(Choice.position), of_first)
        .where(Choice.poll_id == poll_id)
        .group_by(Choice.option_id)
    )
    named = [(known, int(first)) for option_id, known, first in rows if option_id not in not_sure]
    return sum(known for known, _ in named), sum(first for _, first in named)


def _ids(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))
