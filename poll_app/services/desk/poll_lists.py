"""Polls as the desk sees them: one with all that can be done to it, and the list of all."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from poll_app.database import db
from poll_app.domain.polls import Status, status_at
from poll_app.domain.question_check import Hint
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.domain.wording import Wording
from poll_app.models import Article, Outcome, Poll, Turnout
from poll_app.services.desk.polls import content_as_new, has_ballots
from poll_app.services.desk.question_hints import hints_of
from poll_app.services.desk.wording import wording_of
from poll_app.services.poll_views import PollView, view_of
from poll_app.services.polls import NewPoll

PAGE_SIZE = 50
MAX_SEARCH_LENGTH = 100


@dataclass(frozen=True)
class PollLine:
    """A poll in the list."""

    slug: str
    question: str
    status: Status
    opens_at: datetime | None
    closes_at: datetime | None
    ballots: int
    wording_version: int
    article_slug: str | None
    article_title: str | None


@dataclass(frozen=True)
class PollList:
    """A page of the list, how many of each state the search finds, and whether more follow."""

    polls: tuple[PollLine, ...]
    counts: Counter[Status]
    page: int
    more: bool


@dataclass(frozen=True)
class DeskPoll:
    """A poll in whatever state. `place`: on its article, from 1. `is_fixed`: a ballot was cast in
    it, so its words are no longer edited; `view`: as readers see it."""

    slug: str
    status: Status
    content: NewPoll
    wording: Wording
    article_slug: str | None
    article_title: str | None
    place: int
    opens_at: datetime | None
    closes_at: datetime | None
    revision: int
    ballots: int
    is_fixed: bool
    hints: tuple[Hint, ...]
    view: PollView


def list_desk_polls(*, search: str = "", state: str = "", page: int = 1, now: datetime) -> PollList:
    """Polls in their present wording, the newest first, whose question or article holds every word
    of `search`. Compared here and not by the database: SQLite folds the case of A to Z alone."""
    words = _folded(search[:MAX_SEARCH_LENGTH]).split()
    rows = db.session.execute(_LINES).all()
    found = [
        row
        for row in rows
        if all(word in _folded(f"{row.question} {row.article_title or ''}") for word in words)
    ]
    states = [status_at(row, now, has_outcome=row.has_outcome) for row in found]
    wanted = [pair for pair in zip(found, states, strict=True) if state in {"", pair[1]}]
    first = (page - 1) * PAGE_SIZE
    return PollList(
        polls=tuple(
            PollLine(
                row.slug, row.question, status, row.opens_at, row.closes_at, row.ballots,
                row.wording_version, row.article_slug, row.article_title,
            )
            for row, status in wanted[first : first + PAGE_SIZE]
        ),
        counts=Counter(states),
        page=page,
        more=len(wanted) > first + PAGE_SIZE,
    )  # fmt: skip


def get_desk_poll(slug: str, *, now: datetime) -> DeskPoll:
    """The poll in its present wording. Raises NotFound."""
    poll = db.session.scalar(
        select(Poll)
        .where(Poll.slug == slug, Poll.replaced_by_id.is_(None))
        .execution_options(populate_existing=True)
    )
    if poll is None:
        raise NotFound(sentence("There is no such question."))
    ballots = db.session.scalar(select(Turnout.ballots).where(Turnout.poll_id == poll.id))
    view = view_of(poll, now)
    return DeskPoll(
        slug=poll.slug,
        status=view.status,
        content=content_as_new(poll),
        wording=wording_of(poll),
        article_slug=poll.article.slug if poll.article else None,
        article_title=poll.article.title if poll.article else None,
        place=poll.place + 1,
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        revision=poll.revision,
        ballots=ballots or 0,
        is_fixed=has_ballots(db.session, poll),
        hints=hints_of(poll),
        view=view,
    )


def list_article_choices() -> list[tuple[str, str]]:
    """Addresses and titles of the articles that a question can stand on, the newest first."""
    rows = db.session.execute(
        select(Article.slug, Article.title)
        .where(Article.withdrawn_at.is_(None))
        .order_by(Article.created_at.desc(), Article.id.desc())
    )
    return [(row.slug, row.title) for row in rows]


_LINES = (
    select(
        Poll.slug, Poll.question, Poll.opens_at, Poll.closes_at, Poll.wording_version,
        Article.slug.label("article_slug"), Article.title.label("article_title"),
        func.coalesce(Turnout.ballots, 0).label("ballots"),
        Outcome.poll_id.is_not(None).label("has_outcome"),
    )
    .outerjoin(Article, Article.id == Poll.article_id)
    .outerjoin(Turnout, Turnout.poll_id == Poll.id)
    .outerjoin(Outcome, Outcome.poll_id == Poll.id)
    .where(Poll.replaced_by_id.is_(None))
    .order_by(Poll.created_at.desc(), Poll.id.desc())
)  # fmt: skip


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
