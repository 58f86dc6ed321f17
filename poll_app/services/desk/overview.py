"""What the desk's first page shows: what is open, what comes next, what waits for somebody.

The number of statements is fixed, however many questions there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from poll_app.database import db
from poll_app.domain.polls import Status, status_at
from poll_app.models import Article, HourlyTurnout, Outcome, Poll, Turnout

SOON = timedelta(hours=72)
MAX_LISTED = 20


@dataclass(frozen=True)
class PollLine:
    """A question in a list of the desk; `recent_ballots`: by how many its count has moved since
    the full hour before this one."""

    id: int
    slug: str
    question: str
    status: Status
    article_title: str | None
    article_withdrawn: bool
    opens_at: datetime | None
    closes_at: datetime | None
    ballots: int
    recent_ballots: int = 0


@dataclass(frozen=True)
class ArticleLine:
    """An article in a list of the desk."""

    id: int
    slug: str
    title: str
    created_at: datetime


@dataclass(frozen=True)
class Counts:
    """How many there are of each, and the ballots of the open questions together."""

    open: int
    ballots: int
    closing_soon: int
    scheduled: int
    opening_soon: int
    closed: int
    drafts: int
    draft_articles: int
    without_outcome: int
    articles: int


@dataclass(frozen=True)
class Overview:
    """The lists hold at most `MAX_LISTED`; `counts` has all. `since`: from when on the recent
    ballots were counted."""

    counts: Counts
    open: tuple[PollLine, ...]
    closing_soon: tuple[PollLine, ...]
    opening_soon: tuple[PollLine, ...]
    drafts: tuple[PollLine, ...]
    draft_articles: tuple[ArticleLine, ...]
    without_outcome: tuple[PollLine, ...]
    since: datetime


def get_overview(*, now: datetime) -> Overview:
    """The desk's first page at `now`."""
    since = hour_of(now) - timedelta(hours=1)
    states = _States(now)
    return Overview(
        counts=_counts(states),
        open=_lines(states.open, Poll.opens_at.desc(), now=now, since=since),
        closing_soon=_lines(states.closing_soon, Poll.closes_at, now=now),
        opening_soon=_lines(states.opening_soon, Poll.opens_at, now=now),
        drafts=_lines(states.draft, Poll.created_at.desc(), now=now),
        draft_articles=_draft_articles(),
        without_outcome=_lines(states.without_outcome, Poll.closes_at.desc(), now=now),
        since=since,
    )


def list_open(*, now: datetime) -> tuple[PollLine, ...]:
    """The open questions alone, for those who may not edit."""
    since = hour_of(now) - timedelta(hours=1)
    return _lines(_States(now).open, Poll.opens_at.desc(), now=now, since=since)


def hour_of(now: datetime) -> datetime:
    """The hour under way, as ballots are filed."""
    return now.replace(minute=0, second=0, microsecond=0)


class _States:
    """What `status_at` says, in the words of the database; earlier wordings are left out."""

    def __init__(self, now: datetime) -> None:
        current = Poll.replaced_by_id.is_(None)
        self.draft = and_(current, Poll.opens_at.is_(None))
        self.scheduled = and_(current, Poll.opens_at > now)
        self.open = and_(
            current, Poll.opens_at <= now, or_(Poll.closes_at.is_(None), Poll.closes_at > now)
        )
        self.closing_soon = and_(self.open, Poll.closes_at <= now + SOON)
        self.opening_soon = and_(self.scheduled, Poll.opens_at <= now + SOON)
        self.closed = and_(current, Poll.closes_at <= now)
        self.without_outcome = and_(self.closed, Outcome.poll_id.is_(None))


_FACTS = (
    select(
        Poll.id, Poll.slug, Poll.question, Poll.opens_at, Poll.closes_at,
        Article.title.label("article_title"), Turnout.ballots,
        Article.withdrawn_at.is_not(None).label("article_withdrawn"),
    )
    .join(Turnout, Turnout.poll_id == Poll.id)
    .outerjoin(Article, Article.id == Poll.article_id)
    .outerjoin(Outcome, Outcome.poll_id == Poll.id)
)  # fmt: skip


def _lines(
    wanted: ColumnElement[bool], order: Any, *, now: datetime, since: datetime | None = None
) -> tuple[PollLine, ...]:
    rows = db.session.execute(_FACTS.where(wanted).order_by(order, Poll.id).limit(MAX_LISTED)).all()
    recent = _ballots_since(since, [row.id for row in rows]) if since else {}
    return tuple(
        PollLine(
            **row._mapping,  # noqa: SLF001 - SQLAlchemy's public name for it
            status=status_at(row, now),
            recent_ballots=recent.get(row.id, 0),
        )
        for row in rows
    )


def _ballots_since(since: datetime, poll_ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(HourlyTurnout.poll_id, func.sum(HourlyTurnout.ballots))
        .where(HourlyTurnout.poll_id.in_(poll_ids), HourlyTurnout.hour >= since)
        .group_by(HourlyTurnout.poll_id)
    )
    return {row[0]: row[1] for row in rows}


def _draft_articles() -> tuple[ArticleLine, ...]:
    rows = db.session.execute(
        select(Article.id, Article.slug, Article.title, Article.created_at)
        .where(Article.published_at.is_(None))
        .order_by(Article.created_at.desc(), Article.id)
        .limit(MAX_LISTED)
    )
    return tuple(ArticleLine(**row._mapping) for row in rows)  # noqa: SLF001 - as above


def _counts(states: _States) -> Counts:
    polls = db.session.execute(
        select(
            *(func.count(case((wanted, 1))).label(name) for name, wanted in (
                ("open", states.open), ("closing_soon", states.closing_soon),
                ("scheduled", states.scheduled), ("opening_soon", states.opening_soon),
                ("closed", states.closed), ("drafts", states.draft),
                ("without_outcome", states.without_outcome),
            )),
            func.coalesce(func.sum(case((states.open, Turnout.ballots))), 0).label("ballots"),
        )
        .select_from(Poll)
        .join(Turnout, Turnout.poll_id == Poll.id)
        .outerjoin(Outcome, Outcome.poll_id == Poll.id)
    ).one()  # fmt: skip
    articles = db.session.execute(
        select(
            func.count().label("articles"),
            func.count(case((Article.published_at.is_(None), 1))).label("draft_articles"),
        )
    ).one()
    return Counts(**polls._mapping, **articles._mapping)  # noqa: SLF001 - as above
