"""All published reasons of a question, page by page, for programs that read them all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from poll_app.database import db
from poll_app.models import Reason
from poll_app.services.discussion.reason_views import ReasonView, views_of
from poll_app.services.discussion.standings import standing_of
from poll_app.services.poll_views import PollView
from poll_app.services.public_polls import Place


@dataclass(frozen=True)
class ReasonList:
    """Some reasons; `last`: the place of the last one, None where no other follows."""

    reasons: tuple[ReasonView, ...]
    last: Place | None


def list_public_reasons(poll: PollView, *, limit: int, after: Place | None = None) -> ReasonList:
    """So many reasons after this place, the newest first, without tombstones. What is added or goes
    away changes nothing else behind a place."""
    chosen = select(Reason.id, Reason.published_hour).where(
        Reason.poll_id == poll.id,
        Reason.parent_id.is_(None),
        Reason.state == "published",
        Reason.published_hour.is_not(None),
    )
    if after is not None:
        as_new = and_(Reason.published_hour == after.opens_at, Reason.id < after.id)
        chosen = chosen.where(or_(Reason.published_hour < after.opens_at, as_new))
    rows = db.session.execute(
        chosen.order_by(Reason.published_hour.desc(), Reason.id.desc()).limit(limit + 1)
    ).all()
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return ReasonList(
        views_of(poll, [row.id for row in shown], standing_of(poll).counts),
        Place(last.published_hour, last.id) if last else None,
    )
