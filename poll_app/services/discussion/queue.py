"""The queue of moderators: what waits or was reported, with what one needs to know to decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select

from poll_app.database import db
from poll_app.domain.discussion.codes import State, parse_state
from poll_app.domain.discussion.rules import LATE_AFTER
from poll_app.domain.discussion.texts import Paragraph, paragraphs
from poll_app.models import Reason
from poll_app.services.discussion.queue_context import (
    PastDecision,
    decisions_about,
    parent_texts,
    polls_of,
    reports_on,
)
from poll_app.services.discussion.queue_filters import (
    Filters,
    is_reported,
    order_of,
    waiting_since,
    wanted_by,
)
from poll_app.services.discussion.reason_views import (
    EarlierText,
    Position,
    earlier_texts,
    position_ids,
    position_of,
)

PAGE_SIZE = 25
EVERYTHING = Filters()


@dataclass(frozen=True)
class QueuedReason:
    """A text with its context. `reports`: how many readers reported what; `parent_text`: what a
    reply replies to; `late`: it has waited too long. `revision` goes back with the decision."""

    id: int
    revision: int
    state: State
    codes: tuple[str, ...]
    by_editor: bool
    name: str
    text: str
    hour: datetime
    edited_hour: datetime | None
    published_hour: datetime | None
    earlier: tuple[EarlierText, ...]
    poll_id: int
    poll_slug: str
    question: str
    language: str | None
    position: Position | None
    parent_id: int | None
    parent_text: str
    reports: Mapping[str, int]
    decisions: tuple[PastDecision, ...]
    waits_since: datetime
    late: bool

    @property
    def paragraphs(self) -> tuple[tuple[Paragraph, ...], ...]:
        """The text as pages show it."""
        return paragraphs(self.text)


@dataclass(frozen=True)
class QueuePage:
    """A page, what waits longest first, what was decided newest first; `number` of all that the
    filters find."""

    reasons: tuple[QueuedReason, ...]
    number: int
    page: int
    more: bool


@dataclass(frozen=True)
class Waiting:
    """What waits altogether, since when the oldest does, and whether that is too long."""

    held: int
    reported: int
    since: datetime | None
    late: bool


def list_queue(filters: Filters = EVERYTHING, *, page: int = 1, now: datetime) -> QueuePage:
    """A page of the texts that the filters ask for, in a fixed number of statements."""
    wanted = wanted_by(filters)
    number = db.session.scalar(select(func.count()).where(wanted)) or 0
    rows = db.session.execute(
        select(Reason, waiting_since())
        .where(wanted)
        .order_by(*order_of(filters))
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
        .execution_options(populate_existing=True)
    ).all()
    return QueuePage(_queued(rows, now), number, page, number > page * PAGE_SIZE)


def find_queued(reason_id: int, *, now: datetime) -> QueuedReason | None:
    """One text in whatever state but deleted, as moderators see it."""
    return next(iter(list_queued([reason_id], now=now)), None)


def list_queued(ids: Collection[int], *, now: datetime) -> tuple[QueuedReason, ...]:
    """The same for several, by number."""
    rows = db.session.execute(
        select(Reason, waiting_since())
        .where(Reason.id.in_(ids), Reason.state != "deleted")
        .order_by(Reason.id)
        .execution_options(populate_existing=True)
    ).all()
    return _queued(rows, now)


def get_waiting(*, now: datetime) -> Waiting:
    """For the first page of the desk and the alert."""
    held, since = db.session.execute(
        select(func.count(), func.min(waiting_since())).where(Reason.state == "held")
    ).one()
    reported = db.session.scalar(select(func.count()).where(is_reported()))
    return Waiting(held, reported or 0, since, since is not None and since + LATE_AFTER <= now)


def _queued(found: Sequence[Row[Reason, datetime]], now: datetime) -> tuple[QueuedReason, ...]:
    rows, since = [row for row, _ in found], {row.id: hour for row, hour in found}
    ids = list(since)
    polls = polls_of({row.poll_id for row in rows}, now)
    earlier, reports = earlier_texts(ids), reports_on(ids)
    decisions, parents = decisions_about(ids), parent_texts(rows)
    return tuple(
        QueuedReason(
            id=row.id, revision=row.revision, state=parse_state(row.state),
            codes=tuple(row.codes.split()), by_editor=row.account_id is not None,
            name=row.name, text=row.text, hour=row.hour, edited_hour=row.edited_hour,
            published_hour=row.published_hour, earlier=tuple(earlier.get(row.id, ())),
            poll_id=row.poll_id, poll_slug=polls[row.poll_id].slug,
            question=polls[row.poll_id].question, language=polls[row.poll_id].language,
            position=position_of(polls[row.poll_id], ids_) if (ids_ := position_ids(row.position))
            else None,
            parent_id=row.parent_id, parent_text=parents.get(row.parent_id or 0, ""),
            reports=reports.get(row.id, {}), decisions=tuple(decisions.get(row.id, ())),
            waits_since=since[row.id],
            late=row.state == "held" and since[row.id] + LATE_AFTER <= now,
        )
        for row in rows
    )  # fmt: skip
