"""Results: the one frozen object per poll that every surface shows."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from poll_app.database import db
from poll_app.domain.counting import OptionCount, make_result
from poll_app.domain.results import PollFacts, Result, results_visible
from poll_app.models import Tally, Turnout
from poll_app.services.poll_views import PollView

_TALLIES, _TURNOUTS = (cast("Table", model.__table__) for model in (Tally, Turnout))
_FIGURES = (
    select(_TURNOUTS.c.ballots, _TURNOUTS.c.peeks, _TALLIES.c.option_id, _TALLIES.c.votes)
    .join(_TALLIES, _TALLIES.c.poll_id == _TURNOUTS.c.poll_id)
    .where(_TURNOUTS.c.poll_id == bindparam("poll_id"))
)


def get_result(
    poll: PollView,
    *,
    now: datetime,
    percent_from: int,
    has_voted: bool = False,
    visible: bool | None = None,
) -> Result:
    """The result of a poll at `now`, from its tallies alone: ten ballots cost what ten million do.

    `has_voted`: whether whoever looks holds a ballot (a poll may show its figures only then);
    `visible` is there where something else decides.
    """
    if visible is None:
        visible = results_visible(
            policy=poll.results_policy, status=poll.status, has_voted=has_voted
        )
    # One statement, so that votes and ballots are of the same moment on every database.
    rows = db.session.execute(_FIGURES, {"poll_id": poll.id}).all()
    votes = {row.option_id: row.votes for row in rows}
    return make_result(
        facts_of(poll),
        [OptionCount(o.id, o.label, o.not_sure, votes.get(o.id, 0)) for o in poll.options],
        ballots=rows[0].ballots,
        peeks=rows[0].peeks,
        as_of=now,
        percent_from=percent_from,
        visible=visible,
    )


def facts_of(poll: PollView) -> PollFacts:
    """What a result repeats about its poll."""
    return PollFacts(
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
        simulated=poll.simulated,
    )
