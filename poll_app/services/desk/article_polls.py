"""Which questions stand on an article, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.models import Article, Poll
from poll_app.services.comparing import follow_article
from poll_app.services.desk.articles import locked_article
from poll_app.services.desk.polls import locked_poll
from poll_app.services.record import record

Direction = Literal["up", "down"]


def move_poll(
    slug: str, poll_slug: str, direction: Direction, *, by: Person, now: datetime
) -> None:
    """Puts a question of the article one place up or down; at the end nothing happens.

    Raises NotFound for an unknown article or a question that does not stand on it.
    """
    with writing() as session:
        polls = _standing(locked_article(session, slug))
        poll = next((one for one in polls if one.slug == poll_slug), None)
        if poll is None:
            raise _unknown()
        was = polls.index(poll)
        becomes = was + (-1 if direction == "up" else 1)
        if not 0 <= becomes < len(polls):
            return
        polls[was], polls[becomes] = polls[becomes], polls[was]
        _number(session, polls)
        record(
            session, "poll.moved", by=by, now=now, on=poll,
            before={"place": was + 1}, after={"place": becomes + 1},
        )  # fmt: skip


def place_poll(slug: str, poll_slug: str, *, by: Person, now: datetime) -> str:
    """Puts a question that stands nowhere at the end of the article and returns its wording.

    Raises NotFound, and Refusal for one that stands on an article.
    """
    with writing() as session:
        article = locked_article(session, slug)
        poll = locked_poll(session, poll_slug)
        if poll.article_id is not None:
            raise Refusal(
                sentence("This question stands on an article already: take it off there first."),
                field="poll",
            )
        place = max((one.place for one in article.polls), default=-1) + 1
        follow_article(poll, article, now=now)
        poll.article, poll.place = article, place
        record(
            session, "poll.moved", by=by, now=now, on=poll,
            before={"article": None}, after={"article": article.slug},
        )  # fmt: skip
        return poll.question


def take_off_poll(slug: str, poll_slug: str, *, by: Person, now: datetime) -> str:
    """Takes a question off the article and returns its wording; it stays at its own address.

    Raises NotFound for one that does not stand there.
    """
    with writing() as session:
        article = locked_article(session, slug)
        poll = locked_poll(session, poll_slug)
        if poll.article_id != article.id:
            raise _unknown()
        record(
            session, "poll.moved", by=by, now=now, on=poll,
            before={"article": article.slug}, after={"article": None},
        )  # fmt: skip
        follow_article(poll, None, now=now)
        poll.article, poll.place = None, 0
        return poll.question


def _standing(article: Article) -> list[Poll]:
    """Its questions in order, wordings that were replaced left out."""
    return [poll for poll in article.polls if poll.replaced_by_id is None]


def _number(session: Session, polls: Sequence[Poll]) -> None:
    """Writes the places, past the revision: whoever edits a wording meanwhile is not disturbed."""
    for place, poll in enumerate(polls):
        if poll.place != place:
            session.execute(update(Poll).where(Poll.id == poll.id).values(place=place))


def _unknown() -> NotFound:
    return NotFound(sentence("There is no such question."))
