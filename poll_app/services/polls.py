"""Polls as readers and editors meet them: looking up, listing, adding, opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from poll_app.database import db, writing
from poll_app.domain.polls import (
    MAX_OPTION_LENGTH,
    MAX_QUESTION_LENGTH,
    METHODS,
    Method,
    ResultsPolicy,
    Status,
    check_options,
    check_times,
    clean_text,
    status_at,
)
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import new_salt
from poll_app.domain.voting import Choosable
from poll_app.models import Article, Option, Poll, Tally, Turnout
from poll_app.services.slugs import free_slug


@dataclass(frozen=True)
class PollView:
    """A poll as a page shows it. `options` are in the editor's order, "Not sure" last."""

    id: int
    slug: str
    question: str
    method: str
    min_choices: int
    max_choices: int
    results_policy: str
    status: Status
    opens_at: datetime | None
    closes_at: datetime | None
    wording_version: int
    voter_salt: bytes
    options: tuple[Choosable, ...]
    article_slug: str | None
    article_title: str | None
    language: str | None


@dataclass(frozen=True)
class NewPoll:
    """A poll to be made. `options` may be empty for a draft that waits for them."""

    question: str
    options: Sequence[str] = ()
    not_sure: str | None = None
    method: Method = "single"
    min_choices: int = 1
    max_choices: int | None = None
    results_policy: ResultsPolicy = "always"
    slug: str | None = None


def get_poll(slug: str, *, now: datetime) -> PollView:
    """The poll with this slug. Raises NotFound for an unknown one and for a draft alike."""
    poll = db.session.scalar(
        select(Poll)
        .where(Poll.slug == slug)
        .options(selectinload(Poll.options), joinedload(Poll.article))
    )
    if poll is None or status_at(poll, now) == "draft":
        raise NotFound(sentence("There is no such question."))
    return view_of(poll, now)


def list_polls(*, now: datetime, drafts: bool = False) -> list[PollView]:
    """Every poll, newest opening first; drafts only when asked for (last)."""
    polls = db.session.scalars(
        select(Poll)
        .options(selectinload(Poll.options), joinedload(Poll.article))
        .order_by(Poll.opens_at.desc().nulls_last(), Poll.article_id, Poll.place, Poll.id)
    )
    views = [view_of(poll, now) for poll in polls]
    return [view for view in views if drafts or view.status != "draft"]


def add_poll(
    new: NewPoll,
    *,
    article_slug: str | None = None,
    opens_at: datetime | None,
    closes_at: datetime | None = None,
    now: datetime,
) -> str:
    """Stores a poll and returns its slug. Raises Refusal for what a poll can't be, NotFound for an
    unknown article.
    """
    with writing() as session:
        article = None
        if article_slug is not None:
            article = session.scalar(select(Article).where(Article.slug == article_slug))
            if article is None:
                raise NotFound(sentence("There is no article “%(slug)s”.", slug=article_slug))
        poll = put_poll(
            session, new, article=article, opens_at=opens_at, closes_at=closes_at, now=now
        )
        return poll.slug


def put_poll(
    session: Session,
    new: NewPoll,
    *,
    article: Article | None,
    opens_at: datetime | None,
    closes_at: datetime | None = None,
    now: datetime,
) -> Poll:
    """The same inside a transaction that someone else has begun."""
    question = clean_text(new.question, limit=MAX_QUESTION_LENGTH, field="question")
    labels = [clean_text(label, limit=MAX_OPTION_LENGTH, field="option") for label in new.options]
    if new.not_sure is not None:
        labels.append(clean_text(new.not_sure, limit=MAX_OPTION_LENGTH, field="option"))
    if new.method not in METHODS:
        raise Refusal(sentence("There is no such method."), field="method")
    max_choices = 1 if new.method == "single" else new.max_choices or max(1, len(new.options))
    if labels or opens_at is not None:
        check_options(labels, min_choices=new.min_choices, max_choices=max_choices)
    check_times(opens_at, closes_at)
    poll = Poll(
        slug=free_slug(session, Poll.slug, wanted=new.slug, text=question, otherwise="question"),
        article=article,
        place=len(article.polls) if article else 0,
        question=question,
        method=new.method,
        min_choices=new.min_choices,
        max_choices=max_choices,
        results_policy=new.results_policy,
        created_at=now,
        opens_at=opens_at,
        closes_at=closes_at,
        voter_salt=new_salt(),
        options=[
            Option(place=place, label=label, not_sure=place == len(new.options))
            for place, label in enumerate(labels)
        ],
    )
    session.add(poll)
    session.flush()
    session.add(Turnout(poll_id=poll.id))
    session.add_all(Tally(poll_id=poll.id, option_id=option.id, votes=0) for option in poll.options)
    return poll


def view_of(poll: Poll, now: datetime) -> PollView:
    """The frozen view of a stored poll at `now`."""
    return PollView(
        id=poll.id,
        slug=poll.slug,
        question=poll.question,
        method=poll.method,
        min_choices=poll.min_choices,
        max_choices=poll.max_choices,
        results_policy=poll.results_policy,
        status=status_at(poll, now),
        opens_at=poll.opens_at,
        closes_at=poll.closes_at,
        wording_version=poll.wording_version,
        voter_salt=poll.voter_salt,
        options=tuple(Choosable(o.id, o.label, o.not_sure) for o in poll.options),
        article_slug=poll.article.slug if poll.article else None,
        article_title=poll.article.title if poll.article else None,
        language=poll.article.language if poll.article else None,
    )
