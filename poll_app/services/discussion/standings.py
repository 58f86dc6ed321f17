"""The order of the reasons of a question, worked out once per version of it and its discussion."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from poll_app.database import db
from poll_app.domain.discussion.ranking import (
    ORDERS,
    Order,
    Ranked,
    SideCount,
    ordered,
    seen_since,
)
from poll_app.models import Discussion, FairCount, Marker, Reason
from poll_app.services.kept import Kept
from poll_app.services.poll_views import PollView

_MOST_KEPT = 100


@dataclass(frozen=True)
class Standing:
    """Which reasons stand where. `ids`: of each side the published reasons in each order;
    `tombstones`: of each side what was public and is gone; `counts`: of every one of them."""

    version: int
    poll_revision: tuple[bytes, int, int]
    ids: Mapping[int, Mapping[Order, tuple[int, ...]]]
    tombstones: Mapping[int, tuple[int, ...]]
    counts: Mapping[int, tuple[SideCount, ...]]
    replies: int

    def fits(self, poll: PollView, version: int) -> bool:
        """Whether it is of this version; an edit gives a question other options."""
        return (self.version, self.poll_revision) == (version, poll.revision)

    def in_order(self, side_id: int, order: Order) -> tuple[int, ...]:
        """The published reasons of a side and behind them what is gone."""
        return self.ids[side_id][order] + self.tombstones[side_id]

    def number(self, side_id: int) -> int:
        """How many reasons of this side are published."""
        return len(self.ids[side_id]["newest"])


_kept: Kept[Standing] = Kept(_MOST_KEPT)
_counting = threading.Lock()


def discussion_version(poll_id: int) -> int:
    """A number that grows with every change of the discussion; 0 before its first text."""
    version = select(Discussion.version).where(Discussion.poll_id == poll_id)
    return db.session.scalar(version) or 0


def standing_of(poll: PollView) -> Standing:
    """How the reasons of this question stand now; counted anew only after a change, and by one
    request, for which the others wait: with ten thousand reasons that takes a second of a core."""
    version = discussion_version(poll.id)
    found = _kept.find(poll.id)
    if found and found.fits(poll, version):
        return found
    with _counting:
        found = _kept.find(poll.id)
        if found and found.fits(poll, version):
            return found
        return _kept.keep(poll.id, _load(poll, version))


def _load(poll: PollView, version: int) -> Standing:
    rows = _public_reasons(poll.id)
    counts = _counts(poll, [(row.id, row.published_hour) for row in rows])
    sides: dict[int, list[Ranked]] = {option.id: [] for option in poll.options}
    gone: dict[int, list[int]] = {option.id: [] for option in poll.options}
    for row in rows:
        if row.state == "published":
            sides[row.side_id].append(Ranked(row.id, row.published_hour, counts[row.id]))
        else:
            gone[row.side_id].append(row.id)
    replies = select(func.count()).where(
        Reason.poll_id == poll.id, Reason.parent_id.is_not(None), Reason.state == "published"
    )
    return Standing(
        version=version,
        poll_revision=poll.revision,
        ids={
            side_id: {order: tuple(one.id for one in ordered(ranked, order)) for order in ORDERS}
            for side_id, ranked in sides.items()
        },
        tombstones={side_id: tuple(ids) for side_id, ids in gone.items()},
        counts=counts,
        replies=db.session.scalar(replies) or 0,
    )


def _public_reasons(poll_id: int) -> Sequence[ReasonRow]:
    """What is published, and what leaves a tombstone: removed by a moderator, or deleted by its
    writer where replies would hang in the air."""
    reply = aliased(Reason)
    answered = exists().where(reply.parent_id == Reason.id, reply.state == "published")
    public = (
        (Reason.state == "published")
        | (Reason.state == "removed")
        | ((Reason.state == "deleted") & answered)
    )
    rows = db.session.execute(
        select(Reason.id, Reason.side_id, Reason.state, Reason.published_hour).where(
            Reason.poll_id == poll_id,
            Reason.parent_id.is_(None),
            public,
        )
    )
    return [
        ReasonRow(id_, side_id, state, hour)
        for id_, side_id, state, hour in rows
        if side_id is not None and hour is not None
    ]


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """What the order needs to know of a reason."""

    id: int
    side_id: int
    state: str
    published_hour: datetime


def _counts(
    poll: PollView, reasons: Sequence[tuple[int, datetime]]
) -> dict[int, tuple[SideCount, ...]]:
    """Marks and those who could have marked, per reason and side that takes part. Most reasons
    share theirs with others, so equal ones are kept once."""
    markers: dict[int, Counter[datetime]] = {option.id: Counter() for option in poll.options}
    for side_id, hour, number in db.session.execute(
        select(Marker.side_id, Marker.hour, func.count())
        .where(Marker.poll_id == poll.id)
        .group_by(Marker.side_id, Marker.hour)
    ):
        markers[side_id][hour] = number
    taking_part = [option for option in poll.options if markers[option.id]]
    seen: dict[datetime, list[int]] = {
        hour: [seen_since(hour, markers[option.id]) for option in taking_part]
        for hour in {hour for _, hour in reasons}
    }
    marks = {
        (reason_id, side_id): readers
        for reason_id, side_id, readers in db.session.execute(
            select(FairCount.reason_id, FairCount.side_id, FairCount.readers)
            .join(Reason, Reason.id == FairCount.reason_id)
            .where(Reason.poll_id == poll.id, FairCount.readers > 0)
        )
    }
    shared: dict[tuple[SideCount, ...], tuple[SideCount, ...]] = {}
    counts = {}
    for reason_id, hour in reasons:
        made = tuple(
            SideCount(
                side.id, number := marks.get((reason_id, side.id), 0), max(number, had_seen),
                side.not_sure,
            )
            for side, had_seen in zip(taking_part, seen[hour], strict=True)
        )  # fmt: skip
        counts[reason_id] = shared.setdefault(made, made)
    return counts
