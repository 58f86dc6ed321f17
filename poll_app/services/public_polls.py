"""All public polls, page by page, for programs that read them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from poll_app.database import db
from poll_app.models import Poll
from poll_app.services.poll_views import PollView, view_of


@dataclass(frozen=True)
class Place:
    """Where a poll stands among all: the newest opening first, then in the order they were made."""

    opens_at: datetime
    id: int


@dataclass(frozen=True)
class PollPage:
    """Some polls; `last`: the place of the last one, None where no other follows."""

    polls: tuple[PollView, ...]
    last: Place | None


def list_public_polls(*, now: datetime, limit: int, after: Place | None = None) -> PollPage:
    """So many polls after this place, each in its present wording; no drafts.

    Polls that are added or moved within their article change nothing behind their own place.
    """
    chosen = select(Poll).where(Poll.opens_at.is_not(None), Poll.replaced_by_id.is_(None))
    if after is not None:
        later = and_(Poll.opens_at == after.opens_at, Poll.id > after.id)
        chosen = chosen.where(or_(Poll.opens_at < after.opens_at, later))
    found = db.session.scalars(
        chosen.options(selectinload(Poll.options), joinedload(Poll.article))
        .order_by(Poll.opens_at.desc(), Poll.id)
        .limit(limit + 1)
    ).all()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return PollPage(
        tuple(view_of(poll, now) for poll in shown),
        Place(last.opens_at, last.id) if last and last.opens_at else None,
    )
