"""The proof of the tallies: all that they state, counted anew from the ballots and their past."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.orm import Session, aliased

from poll_app.database import insert_into, reading, writing
from poll_app.models import (
    COUNTED,
    Ballot,
    Choice,
    HourlyTally,
    HourlyTurnout,
    PastAnswer,
    Peek,
    PlacementTally,
    Poll,
    Tally,
    Turnout,
)
from poll_app.services.discussion.recounting import recount_marks


@dataclass(frozen=True)
class Difference:
    """A figure that the ballots do not bear out."""

    poll_slug: str
    what: str
    tallied: int
    counted: int


class Figure(NamedTuple):
    """A tally of an option, or without one the number of ballots (or peeks) of a poll; of one hour,
    or without one of all; or the ballots first cast at a place."""

    poll_id: int
    option_id: int = 0
    hour: datetime | None = None
    peeks: bool = False
    placement_id: int = 0

    def __str__(self) -> str:
        if self.placement_id:
            return f"ballots at place {self.placement_id}"
        named = f"option {self.option_id}" if self.option_id else "ballots"
        hour = f" in {self.hour:%Y-%m-%dT%HZ}" if self.hour else ""
        return "peeks" if self.peeks else named + hour


def recount(*, repair: bool = False) -> list[Difference]:
    """Counts the ballots and compares; `repair` sets the tallies to the count.

    Reads every ballot: seconds for a million. Without repair it reads one snapshot and holds nobody
    up; with it ballots wait until it is done.
    """
    session_of: AbstractContextManager[Session] = writing() if repair else reading()
    with session_of as session:
        if repair and session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE ballots, peeks IN SHARE ROW EXCLUSIVE MODE"))
        tallied, counted = _tallied(session), _counted(session)
        wrong = sorted(
            (f for f in tallied.keys() | counted.keys() if tallied[f] != counted[f]), key=repr
        )
        slugs = {row.id: row.slug for row in session.execute(select(Poll.id, Poll.slug))}
        if repair:
            for figure in wrong:
                _set(session, figure, counted[figure])
        marks = recount_marks(session, repair=repair)
        return [
            *(Difference(slugs[f.poll_id], str(f), tallied[f], counted[f]) for f in wrong),
            *(
                Difference(
                    slugs[one.poll_id],
                    f"fair points of option {one.side_id} for reason {one.reason_id}",
                    one.tallied,
                    one.counted,
                )
                for one in marks
            ),
        ]


def _tallied(session: Session) -> Counter[Figure]:
    """What the tallies state."""
    stated: Counter[Figure] = Counter()
    for tally in session.scalars(select(Tally)):
        stated[Figure(tally.poll_id, tally.option_id)] = tally.votes
    for hourly in session.scalars(select(HourlyTally)):
        stated[Figure(hourly.poll_id, hourly.option_id, hourly.hour)] = hourly.votes
    for turnout in session.scalars(select(Turnout)):
        stated[Figure(turnout.poll_id)] = turnout.ballots
        stated[Figure(turnout.poll_id, peeks=True)] = turnout.peeks
    for by_hour in session.scalars(select(HourlyTurnout)):
        stated[Figure(by_hour.poll_id, 0, by_hour.hour)] = by_hour.ballots
    for at_place in session.scalars(select(PlacementTally)):
        stated[Figure(at_place.poll_id, placement_id=at_place.placement_id)] = at_place.ballots
    return stated


def _counted(session: Session) -> Counter[Figure]:
    """What the ballots say: the answers of today by their hour, and the earlier ones of each."""
    counts: Counter[Figure] = Counter()
    of_ballot = and_(Choice.poll_id == Ballot.poll_id, Choice.voter_key == Ballot.voter_key)
    for poll_id, option_id, hour, n in session.execute(
        select(Choice.poll_id, Choice.option_id, Ballot.hour, func.count())
        .join(Ballot, of_ballot)
        .where(Ballot.state == COUNTED)
        .group_by(Choice.poll_id, Choice.option_id, Ballot.hour)
    ):
        counts[Figure(poll_id, option_id)] += n
        counts[Figure(poll_id, option_id, hour)] += n
    for poll_id, hour, n in session.execute(
        select(Ballot.poll_id, Ballot.hour, func.count())
        .where(Ballot.state == COUNTED)
        .group_by(Ballot.poll_id, Ballot.hour)
    ):
        counts[Figure(poll_id)] += n
        counts[Figure(poll_id, 0, hour)] += n
    for poll_id, n in session.execute(select(Peek.poll_id, func.count()).group_by(Peek.poll_id)):
        counts[Figure(poll_id, peeks=True)] += n
    for poll_id, placement_id, n in session.execute(
        select(Ballot.poll_id, Ballot.placement_id, func.count())
        .where(Ballot.state == COUNTED, Ballot.placement_id.is_not(None))
        .group_by(Ballot.poll_id, Ballot.placement_id)
    ):
        counts[Figure(poll_id, placement_id=placement_id or 0)] = n
    _add_earlier_answers(session, counts)
    return counts


def _add_earlier_answers(session: Session, counts: Counter[Figure]) -> None:
    """Each earlier answer counted from its own hour to the one in which the next took its place."""
    later = aliased(PastAnswer)
    for poll_id, option_ids, since, until in session.execute(
        select(
            PastAnswer.poll_id,
            PastAnswer.option_ids,
            PastAnswer.hour,
            func.coalesce(later.hour, Ballot.hour),
        )
        .join(
            Ballot,
            and_(Ballot.poll_id == PastAnswer.poll_id, Ballot.voter_key == PastAnswer.voter_key),
        )
        .outerjoin(
            later,
            and_(
                later.poll_id == PastAnswer.poll_id,
                later.voter_key == PastAnswer.voter_key,
                later.revision == PastAnswer.revision + 1,
            ),
        )
        .where(PastAnswer.option_ids != "")
    ):
        for option_id in (0, *map(int, option_ids.split())):
            counts[Figure(poll_id, option_id, since)] += 1
            counts[Figure(poll_id, option_id, until)] -= 1


def _set(session: Session, figure: Figure, value: int) -> None:
    """Makes the tally state `value`, and lets every kept page know."""
    poll_id, option_id, hour, peeks, placement_id = figure
    key: dict[str, Any] = {"poll_id": poll_id, "hour": hour}
    if placement_id:
        key = {"poll_id": poll_id, "placement_id": placement_id}
        _put(session, PlacementTally, key, {"ballots": value})
    elif hour and option_id:
        _put(session, HourlyTally, {**key, "option_id": option_id}, {"votes": value})
    elif hour:
        _put(session, HourlyTurnout, key, {"ballots": value})
    elif option_id:
        session.execute(
            update(Tally)
            .where(Tally.poll_id == poll_id, Tally.option_id == option_id)
            .values(votes=value)
        )
    else:
        field = "peeks" if peeks else "ballots"
        session.execute(update(Turnout).where(Turnout.poll_id == poll_id).values({field: value}))
    session.execute(
        update(Turnout).where(Turnout.poll_id == poll_id).values(version=Turnout.version + 1)
    )


def _put(
    session: Session,
    model: type[HourlyTally | HourlyTurnout | PlacementTally],
    key: dict[str, Any],
    value: dict[str, int],
) -> None:
    statement = insert_into(model, session.get_bind().dialect).values(**key, **value)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=value))
