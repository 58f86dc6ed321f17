"""Making polls: what an editor or an importer adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE, Person
from poll_app.domain.methods import takes_several
from poll_app.domain.polls import (
    MAX_OPTION_LENGTH,
    MAX_QUESTION_LENGTH,
    METHODS,
    RESULTS_POLICIES,
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
from poll_app.services.record import record
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
    by: Person = COMMAND_LINE,
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
        record(session, "poll.added", by=by, now=now, on=poll, after=content_of(poll))
        if opens_at is not None:
            times = {"opens_at": opens_at, "closes_at": closes_at}
            after = {name: at.isoformat() for name, at in times.items() if at}
            act = "poll.opened" if opens_at <= now else "poll.scheduled"
            record(session, act, by=by, now=now, on=poll, after=after)
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
    """The same inside a transaction that someone else has begun, without a line in the record."""
    clean = cleaned(new, complete=opens_at is not None)
    check_times(opens_at, closes_at)
    poll = Poll(
        slug=free_slug(
            session, Poll.slug, wanted=new.slug, text=clean.question, otherwise="question"
        ),
        article=article,
        place=len(article.polls) if article else 0,
        created_at=now,
        opens_at=opens_at,
        closes_at=closes_at,
        voter_salt=new_salt(),
        shared_salt=article.voter_salt if article else None,
    )
    session.add(poll)
    put_content(session, poll, clean)
    session.add(Turnout(poll_id=poll.id))
    return poll


def cleaned(new: NewPoll, *, complete: bool) -> NewPoll:
    """The poll with clean texts and every number filled in. Raises Refusal for what none can be;
    without options only when it has to be `complete`."""
    question = clean_text(new.question, limit=MAX_QUESTION_LENGTH, field="question")
    options = tuple(_label(option) for option in new.options)
    not_sure = None if new.not_sure is None else _label(new.not_sure)
    if new.method not in METHODS:
        raise Refusal(sentence("There is no such method."), field="method")
    if new.results_policy not in RESULTS_POLICIES:
        raise Refusal(sentence("There is no such way to show results."), field="results_policy")
    several = takes_several(new.method)
    least = new.min_choices if several else 1
    most = (max(1, len(options)) if new.max_choices is None else new.max_choices) if several else 1
    if options or not_sure is not None or complete:
        labels = [*options, *([] if not_sure is None else [not_sure])]
        check_options(labels, min_choices=least, max_choices=most, not_sure=not_sure is not None)
    return replace(
        new, question=question, options=options, not_sure=not_sure,
        min_choices=least, max_choices=most,
    )  # fmt: skip


def put_content(session: Session, poll: Poll, clean: NewPoll) -> None:
    """Gives a poll without ballots these words and rules. Its options are new ones, with new
    numbers: an answer given to the words that stood there before fits none of them."""
    poll.question = clean.question
    poll.method = clean.method
    poll.min_choices = clean.min_choices
    poll.max_choices = clean.max_choices or 1
    poll.results_policy = clean.results_policy
    session.flush()
    session.execute(delete(Tally).where(Tally.poll_id == poll.id))
    labels = [*clean.options, *([] if clean.not_sure is None else [clean.not_sure])]
    # The old ones go last: SQLite gives the highest numbers out again once they are free. So far
    # the new ones have names that nobody writes.
    old = list(poll.options)
    new = [
        Option(
            place=place,
            label=token_hex() if old else label,
            not_sure=place == len(clean.options),
        )
        for place, label in enumerate(labels)
    ]
    poll.options.extend(new)
    session.flush()
    for option in old:
        poll.options.remove(option)
    session.flush()
    for option, label in zip(new, labels, strict=True):
        option.label = label
    session.add_all(Tally(poll_id=poll.id, option_id=option.id, votes=0) for option in new)
    session.flush()


def content_of(poll: Poll) -> dict[str, object]:
    """What an editor wrote of it, as the record keeps it."""
    return {
        "question": poll.question,
        "options": [option.label for option in poll.options if not option.not_sure],
        "not_sure": next((option.label for option in poll.options if option.not_sure), None),
        "method": poll.method,
        "min_choices": poll.min_choices,
        "max_choices": poll.max_choices,
        "results_policy": poll.results_policy,
    }


def _label(text: str) -> str:
    return clean_text(text, limit=MAX_OPTION_LENGTH, field="option")
