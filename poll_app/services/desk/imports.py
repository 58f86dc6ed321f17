"""Storing what was imported: an article with its questions, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE, Person
from poll_app.domain.article_text import ArticleText
from poll_app.domain.importing import ImportedArticle
from poll_app.domain.refusals import Refusal
from poll_app.models import Article, Poll
from poll_app.services.desk.articles import find_just_added, make_public, open_drafts, put_draft
from poll_app.services.polls import NewPoll, content_of, put_poll
from poll_app.services.record import record

_TOLD = "Imported and opened on the command line."


@dataclass(frozen=True)
class StoredPoll:
    """A poll as the import made it; `ready`: it has its options."""

    slug: str
    question: str
    ready: bool


@dataclass(frozen=True)
class StoredArticle:
    """What an import stored, and how many of the questions are open."""

    slug: str
    title: str
    polls: tuple[StoredPoll, ...]
    opened: int


class QuestionRefused(Refusal):
    """One of several questions can't be stored; `number` is the one the editor knows it by."""

    def __init__(self, number: int, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, field=refusal.field)
        self.number = number


def store_import(
    imported: ImportedArticle,
    *,
    slug: str | None = None,
    publish: bool = False,
    by: Person = COMMAND_LINE,
    now: datetime,
) -> StoredArticle:
    """Stores an article as it was read, with all its questions; `publish` as in `store_checked`.

    Raises Refusal. Hints stop nobody here: whoever works on the command line does not see them.
    """
    questions = [
        NewPoll(
            proposed.question,
            options=proposed.options[:-1],
            not_sure=proposed.options[-1] if proposed.options else None,
        )
        for proposed in imported.polls
    ]
    text = ArticleText(imported.title, body=imported.body)
    return store_checked(
        text,
        list(enumerate(questions, 1)),
        slug=slug,
        publish=publish,
        reason=_TOLD,
        by=by,
        now=now,
    )


def store_checked(
    text: ArticleText,
    questions: Sequence[tuple[int, NewPoll]],
    *,
    slug: str | None = None,
    publish: bool,
    reason: str = "",
    by: Person,
    now: datetime,
) -> StoredArticle:
    """Stores the article with its questions, all or nothing. Drafts, unless `publish`: then the
    article and each question that has its options are public at once.

    `questions` come with the number that the editor knows them by; a second click of the same form
    returns what the first one stored. Raises QuestionRefused, and Refusal for the article or where
    hints need a reason.
    """
    with writing() as session:
        if twin := find_just_added(session, text, slug=slug, by=by, now=now):
            return _stored(twin, twin.polls)
        article = put_draft(session, text, slug=slug, by=by, now=now)
        polls = []
        for number, new in questions:
            try:
                polls.append(_put_question(session, new, article, by=by, now=now))
            except Refusal as refusal:
                raise QuestionRefused(number, refusal) from refusal
        if publish:
            make_public(session, article, by=by, now=now)
            open_drafts(session, article, reason=reason, by=by, now=now)
        return _stored(article, polls)


def _stored(article: Article, polls: Sequence[Poll]) -> StoredArticle:
    told = tuple(StoredPoll(poll.slug, poll.question, bool(poll.options)) for poll in polls)
    opened = sum(poll.opens_at is not None for poll in polls)
    return StoredArticle(article.slug, article.title, told, opened)


def _put_question(
    session: Session, new: NewPoll, article: Article, *, by: Person, now: datetime
) -> Poll:
    poll = put_poll(session, new, article=article, opens_at=None, now=now)
    after = {**content_of(poll), "article": article.slug}
    record(session, "poll.added", by=by, now=now, on=poll, after=after)
    return poll
