"""A result as it stood at a full hour: whoever asks for it later gets the same figures, the same
words and the same checksum.

The hours tell the figures: what they moved before the moment, added up. The record tells the words
and times: what was corrected or moved since is put back. A new wording has taken over the address
of the one before it, which is looked up behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from poll_app.database import db
from poll_app.domain.as_of import check_as_of
from poll_app.domain.counting import OptionCount, make_result
from poll_app.domain.polls import status_at
from poll_app.domain.results import Result, results_visible
from poll_app.models import Act, HourlyTally, HourlyTurnout, Poll
from poll_app.services.poll_views import PollView, view_of
from poll_app.services.results import facts_of

_TALLIES, _TURNOUTS = (cast("Table", model.__table__) for model in (HourlyTally, HourlyTurnout))
_NO_OPTION = 0
# One statement, so that votes and ballots are of the same moment on every database.
_FIGURES = union_all(
    select(literal(_NO_OPTION).label("option_id"), func.sum(_TURNOUTS.c.ballots).label("moved"))
    .where(_TURNOUTS.c.poll_id == bindparam("poll_id"), _TURNOUTS.c.hour < bindparam("hour")),
    select(_TALLIES.c.option_id, func.sum(_TALLIES.c.votes))
    .where(_TALLIES.c.poll_id == bindparam("poll_id"), _TALLIES.c.hour < bindparam("hour"))
    .group_by(_TALLIES.c.option_id),
)  # fmt: skip


def get_result_as_of(
    poll: PollView, as_of: datetime, *, now: datetime, percent_from: int
) -> tuple[PollView, Result]:
    """The poll and its result as everybody could see them at `as_of`, cut down to the full hour.

    Before the opening there are no ballots; figures that were hidden then stay hidden. Of those who
    looked without voting nothing is known by the hour: `peeks` is 0. Raises Refusal for an hour
    that is not over yet.
    """
    hour = check_as_of(as_of, now)
    stood = _as_it_stood(poll, hour)
    rows = db.session.execute(_FIGURES, {"poll_id": stood.id, "hour": hour})
    moved = {row.option_id: int(row.moved or 0) for row in rows}
    visible = results_visible(policy=stood.results_policy, status=stood.status, has_voted=False)
    result = make_result(
        facts_of(stood),
        [OptionCount(o.id, o.label, o.not_sure, moved.get(o.id, 0)) for o in stood.options],
        ballots=moved[_NO_OPTION],
        as_of=hour,
        percent_from=percent_from,
        visible=visible,
    )
    return stood, result


def _as_it_stood(poll: PollView, hour: datetime) -> PollView:
    """The wording that stood at the poll's address then, with the words and times of then."""
    stood = _undone(poll, hour)
    while stood.wording_version > 1 and (earlier := _replaced_after(stood.id, hour)):
        # A new wording takes over the end of voting; the earlier one was closed to make room.
        view = replace(view_of(earlier, hour), slug=poll.slug, closes_at=stood.closes_at)
        stood = _undone(view, hour)
    return replace(stood, status=status_at(stood, hour))


def _replaced_after(poll_id: int, hour: datetime) -> Poll | None:
    """The wording that this poll took the place of, if that was later than `hour`."""
    newer = select(Poll.id).where(Poll.id == poll_id, Poll.created_at >= hour)
    return db.session.scalar(
        select(Poll)
        .where(Poll.replaced_by_id.in_(newer))
        .options(selectinload(Poll.options), joinedload(Poll.article))
    )


def _undone(poll: PollView, hour: datetime) -> PollView:
    """The poll with the words, times and rule of showing that stood there at this hour."""
    acts = select(Act).where(Act.poll_id == poll.id, Act.at >= hour, Act.act != "poll.reworded")
    for act in db.session.scalars(acts.order_by(Act.id.desc())):
        poll = replace(poll, **_put_back(poll, act.before, act.after))
    return poll


def _put_back(
    poll: PollView, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of a poll as they were before an act."""
    changes: dict[str, Any] = {
        name: before[name] for name in ("question", "results_policy") if name in before
    }
    if before.get("opens_at"):  # what had no time was a draft, of which nothing is told
        changes["opens_at"] = datetime.fromisoformat(before["opens_at"])
    if "closes_at" in before:
        closes_at = before["closes_at"]
        changes["closes_at"] = datetime.fromisoformat(closes_at) if closes_at else None
    was, became = before.get("options", ()), after.get("options", ())
    if len(was) == len(became):  # another number: an edit before the first answer
        labels = dict(zip(became, was, strict=True))
        changes["options"] = tuple(
            replace(option, label=labels.get(option.label, option.label)) for option in poll.options
        )
    return changes
