"""Results: the one frozen object per poll that every surface shows, and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from poll_app.database import db, writing
from poll_app.domain.results import OptionCount, PollFacts, Result, make_result, results_visible
from poll_app.models import COUNTED, Ballot, Choice, Peek, Poll, Tally, Turnout
from poll_app.services.poll_views import PollView


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
        _keep_ballots_out(session)
        turnouts = {turnout.poll_id: turnout for turnout in session.scalars(select(Turnout))}
        slugs = {row.id: row.slug for row in session.execute(select(Poll.id, Poll.slug))}

        def compare(row: Tally | Turnout, figure: str, what: str, counted: int) -> None:
            tallied: int = getattr(row, figure)
            if tallied == counted:
                return
            differences.append(Difference(slugs[row.poll_id], what, tallied, counted))
            if repair:
                setattr(row, figure, counted)
                turnouts[row.poll_id].version += 1  # pages that were kept show it too

        votes = _count_choices(session)
        for tally in session.scalars(select(Tally).order_by(Tally.poll_id, Tally.option_id)):
            counted = votes.get((tally.poll_id, tally.option_id), 0)
            compare(tally, "votes", f"option {tally.option_id}", counted)
        ballots = _count_by_poll(session, select(Ballot.poll_id).where(Ballot.state == COUNTED))
        peeks = _count_by_poll(session, select(Peek.poll_id))
        for poll_id, turnout in sorted(turnouts.items()):
            compare(turnout, "ballots", "ballots", ballots.get(poll_id, 0))
            compare(turnout, "peeks", "peeks", peeks.get(poll_id, 0))
    return differences


def _keep_ballots_out(session: Session) -> None:
    """Makes writers wait until this transaction ends. SQLite's write lock has done so already;
    PostgreSQL would let ballots in between two of our queries.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE ballots, peeks IN SHARE ROW EXCLUSIVE MODE"))


def _count_choices(session: Session) -> dict[tuple[int, int], int]:
    """How many counted ballots hold each option of each poll."""
    of_ballot = (Choice.poll_id == Ballot.poll_id) & (Choice.voter_key == Ballot.voter_key)
    rows = session.execute(
        select(Choice.poll_id, Choice.option_id, func.count().label("n"))
        .join(Ballot, of_ballot)
        .where(Ballot.state == COUNTED)
        .group_by(Choice.poll_id, Choice.option_id)
    )
    return {(row.poll_id, row.option_id): row.n for row in rows}


def _count_by_poll(session: Session, poll_ids: Select[int]) -> dict[int, int]:
    """How many rows of the query fall to each poll."""
    listed = poll_ids.subquery()
    rows = session.execute(
        select(listed.c.poll_id, func.count().label("n")).group_by(listed.c.poll_id)
    )
    return {row.poll_id: row.n for row in rows}
