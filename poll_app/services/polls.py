"""Making polls: what an editor or an importer adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.polls import (
    MAX_OPTION_LENGTH,
    MAX_QUESTION_LENGTH,
    METHODS,
    Method,
    ResultsPolicy,
    check_options,
    check_times,
    clean_text,
)
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import new_salt
from poll_app.models import Article, Option, Poll, Tally, Turnout
from poll_app.services.slugs import free_slug


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
    labels = _labels_of(new)
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


def _labels_of(new: NewPoll) -> list[str]:
    """The labels of its options, clean, the one for the undecided last."""
    labels = [*new.options, *([] if new.not_sure is None else [new.not_sure])]
    return [clean_text(label, limit=MAX_OPTION_LENGTH, field="option") for label in labels]
