"""What has happened to public polls that a feed tells: opened, closed, with an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from poll_app.database import db
from poll_app.models import Outcome, Poll
from poll_app.services.poll_views import PollView, view_of

MOST = 30

Kind = Literal["opened", "closed", "outcome"]


@dataclass(frozen=True)
class PollEvent:
    """Something that happened to a poll in its present wording, and when."""

    kind: Kind
    at: datetime
    poll: PollView


def list_events(*, now: datetime, most: int = MOST) -> list[PollEvent]:
    """The newest events first. A poll that was opened again has not closed until it does."""
    current = select(Poll).where(Poll.replaced_by_id.is_(None), Poll.opens_at <= now)
    times: tuple[tuple[Kind, Select[Any], Any], ...] = (
        ("opened", current, Poll.opens_at),
        ("closed", current.where(Poll.closes_at <= now), Poll.closes_at),
        ("outcome", current.join(Outcome), Outcome.recorded_at),
    )
    events = [
        PollEvent(kind, at, view_of(poll, now))
        for kind, statement, time in times
        for poll, at in db.session.execute(
            statement.add_columns(time)
            .options(selectinload(Poll.options), joinedload(Poll.article))
            .order_by(time.desc(), Poll.id.desc())
            .limit(most)
        )
    ]
    events.sort(key=lambda event: (event.at, event.poll.id), reverse=True)
    return events[:most]
