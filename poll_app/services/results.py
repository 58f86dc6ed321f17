"""Results: the one frozen object per poll that every surface shows, and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.results import OptionCount, PollFacts, Result, make_result, results_visible
from poll_app.models import COUNTED, Ballot, Choice, Peek, Poll, Tally, Turnout
from poll_app.services.polls import PollView


@dataclass(frozen=True)
class Difference:
    """A figure that the ballots do not bear out."""

    poll_slug: str
    what: str
    tallied: int
    counted: int


def get_result(
    poll: PollView, *, now: datetime, percent_from: int, has_voted: bool = False
) -> Result:
    """The result of a poll at `now`, from its tallies alone: ten ballots cost what ten million do.

    `has_voted`: whether whoever looks holds a ballot (a poll may show its figures only then).
    """
    # One statement, so that votes and ballots are of the same moment on every database.
    rows = db.session.execute(
        select(Turnout.ballots, Turnout.peeks, Tally.option_id, Tally.votes)
        .join(Tally, Tally.poll_id == Turnout.poll_id)
        .where(Turnout.poll_id == poll.id)
    ).all()
    votes = {row.option_id: row.votes for row in rows}
    return make_result(
        PollFacts(
            slug=poll.slug,
            question=poll.question,
            method=poll.method,
            status=poll.status,
            opens_at=poll.opens_at,
            closes_at=poll.closes_at,
            wording_version=poll.wording_version,
            results_policy=poll.results_policy,
            min_choices=poll.min_choices,
            max_choices=poll.max_choices,
        ),
        [OptionCount(o.id, o.label, o.not_sure, votes.get(o.id, 0)) for o in poll.options],
        ballots=rows[0].ballots,
        peeks=rows[0].peeks,
        as_of=now,
        percent_from=percent_from,
        visible=results_visible(
            policy=poll.results_policy, status=poll.status, has_voted=has_voted
        ),
    )


def versions_of(polls: list[PollView]) -> tuple[int, ...]:
    """A number per poll that grows with every change of its figures, in the order given."""
    rows = db.session.execute(
        select(Turnout.poll_id, Turnout.version).where(
            Turnout.poll_id.in_([poll.id for poll in polls])
        )
    )
    found = {row.poll_id: row.version for row in rows}
    return tuple(found.get(poll.id, 0) for poll in polls)


def recount(*, repair: bool = False) -> list[Difference]:
    """Counts the ballots and compares with the tallies; `repair` sets the tallies to the count.

    Reads every ballot: minutes for millions, inside one write transaction so that no ballot
    arrives meanwhile.
    """
    differences: list[Difference] = []
    with writing() as session:
        counted = {
            (row.poll_id, row.option_id): row.n
            for row in session.execute(
                select(Choice.poll_id, Choice.option_id, func.count().label("n"))
                .join(
                    Ballot,
                    (Choice.poll_id == Ballot.poll_id) & (Choice.voter_key == Ballot.voter_key),
                )
                .where(Ballot.state == COUNTED)
                .group_by(Choice.poll_id, Choice.option_id)
            )
        }
        ballots = _count_by_poll(session, select(Ballot.poll_id).where(Ballot.state == COUNTED))
        peeks = _count_by_poll(session, select(Peek.poll_id))
        slugs = {row.id: row.slug for row in session.execute(select(Poll.id, Poll.slug))}
        for tally in session.scalars(select(Tally).order_by(Tally.poll_id, Tally.option_id)):
            true = counted.get((tally.poll_id, tally.option_id), 0)
            if tally.votes != true:
                what = f"option {tally.option_id}"
                differences.append(Difference(slugs[tally.poll_id], what, tally.votes, true))
                if repair:
                    tally.votes = true
        for turnout in session.scalars(select(Turnout).order_by(Turnout.poll_id)):
            for what, true_counts in (("ballots", ballots), ("peeks", peeks)):
                stated, true = getattr(turnout, what), true_counts.get(turnout.poll_id, 0)
                if stated != true:
                    differences.append(Difference(slugs[turnout.poll_id], what, stated, true))
                    if repair:
                        setattr(turnout, what, true)
                        turnout.version += 1
    return differences


def _count_by_poll(session: Session, poll_ids: Select[int]) -> dict[int, int]:
    """How many rows of the query fall to each poll."""
    listed = poll_ids.subquery()
    rows = session.execute(
        select(listed.c.poll_id, func.count().label("n")).group_by(listed.c.poll_id)
    )
    return {row.poll_id: row.n for row in rows}
