"""The queue of moderators: what waits or was reported, with what one needs to know to decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from poll_app.database import db
from poll_app.domain.discussion.codes import State, parse_state
from poll_app.domain.discussion.rules import LATE_AFTER
from poll_app.domain.discussion.texts import Paragraph, paragraphs
from poll_app.models import Act, Poll, Reason, ReasonText, Report
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
    position_ids,
    position_of,
)
from poll_app.services.poll_views import PollView, view_of

PAGE_SIZE = 25
EVERYTHING = Filters()


@dataclass(frozen=True)
class PastDecision:
    """A decision about a text of the same writer, or an earlier one about this text."""

    act_id: int
    reason_id: int
    at: datetime
    who: str
    act: str
    state: str
    codes: tuple[str, ...]


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
    polls = _polls({row.poll_id for row in rows}, now)
    earlier, reports = _earlier(ids), _reports(ids)
    decisions, parents = _decisions(ids), _parent_texts(rows)
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


def _polls(ids: set[int], now: datetime) -> dict[int, PollView]:
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.id.in_(ids))
        .options(selectinload(Poll.options), joinedload(Poll.article))
    )
    return {poll.id: view_of(poll, now) for poll in polls}


def _earlier(ids: Sequence[int]) -> dict[int, list[EarlierText]]:
    found: dict[int, list[EarlierText]] = {}
    for text in db.session.scalars(
        select(ReasonText)
        .where(ReasonText.reason_id.in_(ids))
        .order_by(ReasonText.reason_id, ReasonText.number)
    ):
        found.setdefault(text.reason_id, []).append(EarlierText(text.hour, text.name, text.text))
    return found


def _reports(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for reason_id, code, number in db.session.execute(
        select(Report.reason_id, Report.code, func.count())
        .where(Report.reason_id.in_(ids))
        .group_by(Report.reason_id, Report.code)
        .order_by(func.count().desc(), Report.code)
    ):
        found.setdefault(reason_id, {})[code] = number
    return found


def _decisions(ids: Sequence[int]) -> dict[int, list[PastDecision]]:
    """Every decision about texts that the writer of each wrote to the question, oldest first."""
    mine, other = aliased(Reason), aliased(Reason)
    same = (other.id == mine.id) | (
        (other.poll_id == mine.poll_id) & (other.voter_key == mine.voter_key)
    )
    found: dict[int, list[PastDecision]] = {}
    for reason_id, about, act in db.session.execute(
        select(mine.id, other.id, Act)
        .join(other, same)
        .join(Act, Act.reason_id == other.id)
        .where(mine.id.in_(ids), Act.act != "reason.replied")
        .order_by(Act.id)
    ):
        found.setdefault(reason_id, []).append(
            PastDecision(
                act_id=act.id, reason_id=about, at=act.at, who=act.who, act=act.act,
                state=str(act.after["state"]), codes=tuple(str(act.after["codes"]).split()),
            )
        )  # fmt: skip
    return found


def _parent_texts(rows: Sequence[Reason]) -> dict[int, str]:
    parents = {row.parent_id for row in rows if row.parent_id is not None}
    found = db.session.execute(select(Reason.id, Reason.text).where(Reason.id.in_(parents)))
    return {row[0]: row[1] for row in found}
