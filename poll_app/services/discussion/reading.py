"""Reading a discussion: both sides, one side page by page, one reason, the newest of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from poll_app.database import db
from poll_app.domain.discussion.ranking import Order
from poll_app.domain.discussion.times import DiscussionStatus, discussion_status, why_not_open
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import Sentence, sentence
from poll_app.models import Poll, Reason
from poll_app.services.discussion.reason_views import ReasonView, views_of
from poll_app.services.discussion.standings import standing_of
from poll_app.services.discussion.stored import no_such_reason
from poll_app.services.poll_stories import story_of
from poll_app.services.poll_views import PollView, view_of

PER_SIDE = 5
PAGE_SIZE = 25


@dataclass(frozen=True)
class Side:
    """One option with what its readers say: `number` of published reasons, the first of them (and
    behind them tombstones) in `reasons`."""

    option_id: int
    label: str
    number: int
    reasons: tuple[ReasonView, ...]
    more: bool


@dataclass(frozen=True)
class DiscussionView:
    """The discussion of a question; every option has its side. `closed_because`: what a reader is
    told who can't write now. `version` grows with every change but those of ballots (`later` in a
    reason moves with the version of the poll's figures)."""

    status: DiscussionStatus
    closed_because: Sentence | None
    order: Order
    sides: tuple[Side, ...]
    number: int
    replies: int
    version: int


@dataclass(frozen=True)
class SidePage:
    """A page of one side, from 1."""

    side: Side
    order: Order
    page: int
    version: int


@dataclass(frozen=True)
class ReasonPage:
    """One reason with all its replies, and the question it belongs to."""

    poll: PollView
    reason: ReasonView


def get_discussion(
    poll: PollView, *, now: datetime, order: Order = "fair", per_side: int = PER_SIDE
) -> DiscussionView:
    """The first reasons of every side, as many places for each, in a fixed number of statements."""
    standing = standing_of(poll)
    wanted = {
        option.id: standing.in_order(option.id, order)[: per_side + 1] for option in poll.options
    }
    ids = [id_ for some in wanted.values() for id_ in some[:per_side]]
    views = {view.id: view for view in views_of(poll, ids, standing.counts)}
    return DiscussionView(
        status=discussion_status(poll.discussion, now),
        closed_because=why_not_open(poll.discussion, now),
        order=order,
        sides=tuple(
            Side(
                option_id=option.id,
                label=option.label,
                number=standing.number(option.id),
                reasons=tuple(views[id_] for id_ in wanted[option.id][:per_side] if id_ in views),
                more=len(wanted[option.id]) > per_side,
            )
            for option in poll.options
        ),
        number=sum(standing.number(option.id) for option in poll.options),
        replies=standing.replies,
        version=standing.version,
    )


def list_reasons(
    poll: PollView, side_id: int, *, order: Order = "fair", page: int = 1, size: int = PAGE_SIZE
) -> SidePage:
    """A page of one side. Raises NotFound for an option of another question and past the end."""
    labels = {option.id: option.label for option in poll.options}
    if side_id not in labels:
        raise NotFound(sentence("That answer does not belong to this question."))
    standing = standing_of(poll)
    every = standing.in_order(side_id, order)
    ids = every[(page - 1) * size : page * size]
    if page > 1 and not ids:
        raise NotFound(sentence("There is no such page."))
    side = Side(
        option_id=side_id,
        label=labels[side_id],
        number=standing.number(side_id),
        reasons=views_of(poll, ids, standing.counts),
        more=len(every) > page * size,
    )
    return SidePage(side, order, page, standing.version)


def get_reason(reason_id: int, *, now: datetime) -> ReasonPage:
    """A public reason with all its replies; for a reply the reason it stands under; of what was
    removed or deleted its tombstone. Raises NotFound for what readers don't see."""
    reason = db.session.get(Reason, reason_id, populate_existing=True)
    if reason is not None and reason.parent_id is not None and reason.state == "published":
        reason = db.session.get(Reason, reason.parent_id, populate_existing=True)
    if reason is None or reason.parent_id is not None:
        raise no_such_reason()
    poll = _poll_view(reason.poll_id, now)
    standing = standing_of(poll)
    if reason.id not in standing.counts:
        raise no_such_reason()
    (view,) = views_of(poll, [reason.id], standing.counts, all_replies=True)
    return ReasonPage(poll, view)


def list_newest(polls: Sequence[PollView], *, most: int = PAGE_SIZE) -> list[ReasonPage]:
    """The reasons of these questions that were published last, the newest first."""
    by_id = {poll.id: poll for poll in polls}
    rows = db.session.execute(
        select(Reason.id, Reason.poll_id)
        .where(Reason.poll_id.in_(by_id), Reason.parent_id.is_(None), Reason.state == "published")
        .order_by(Reason.published_hour.desc(), Reason.id.desc())
        .limit(most)
    ).all()
    views: dict[int, ReasonPage] = {}
    for poll_id in dict.fromkeys(row.poll_id for row in rows):
        poll = by_id[poll_id]
        ids = [row.id for row in rows if row.poll_id == poll_id]
        for view in views_of(poll, ids, standing_of(poll).counts):
            views[view.id] = ReasonPage(poll, view)
    return [views[row.id] for row in rows if row.id in views]


def count_reasons(poll_ids: Sequence[int]) -> dict[int, int]:
    """How many reasons are published on each of these questions."""
    counted = db.session.execute(
        select(Reason.poll_id, func.count())
        .where(
            Reason.poll_id.in_(poll_ids), Reason.parent_id.is_(None), Reason.state == "published"
        )
        .group_by(Reason.poll_id)
    )
    return dict.fromkeys(poll_ids, 0) | {row[0]: row[1] for row in counted}


def list_earlier_wordings(poll: PollView) -> list[tuple[PollView, int]]:
    """The wordings before this one that were discussed, the newest first, with the number of their
    reasons; what was said of a wording stays with it."""
    earlier = story_of(poll).earlier
    numbers = count_reasons([one.id for one in earlier])
    return [(one, numbers[one.id]) for one in earlier if numbers[one.id]]


def _poll_view(poll_id: int, now: datetime) -> PollView:
    poll = db.session.scalars(
        select(Poll)
        .where(Poll.id == poll_id)
        .options(selectinload(Poll.options), joinedload(Poll.article))
    ).one()
    view = view_of(poll, now)
    return replace(view, slug=view.moved_to) if view.moved_to else view
