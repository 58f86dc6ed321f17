"""What moderators see beside a text: the replies under it; where anything was written at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.discussion.codes import State, parse_state
from poll_app.domain.discussion.texts import Paragraph, paragraphs
from poll_app.models import Article, Poll, Reason

MOST_REPLIES = 200
MOST_PLACES = 200


@dataclass(frozen=True)
class DeskReply:
    """A reply in whatever state but deleted, as moderators see it."""

    id: int
    state: State
    by_editor: bool
    name: str
    text: str
    hour: datetime

    @property
    def paragraphs(self) -> tuple[tuple[Paragraph, ...], ...]:
        """The text as pages show it."""
        return paragraphs(self.text)


@dataclass(frozen=True)
class Places:
    """Where readers have written: slugs with titles, the newest first."""

    articles: tuple[tuple[str, str], ...]
    polls: tuple[tuple[str, str], ...]


def list_replies(reason_id: int) -> tuple[DeskReply, ...]:
    """The replies to a text, oldest first."""
    rows = db.session.scalars(
        select(Reason)
        .where(Reason.parent_id == reason_id, Reason.state != "deleted")
        .order_by(Reason.id)
        .limit(MOST_REPLIES)
        .execution_options(populate_existing=True)
    )
    return tuple(
        DeskReply(
            row.id, parse_state(row.state), row.account_id is not None, row.name, row.text, row.hour
        )
        for row in rows
    )


def list_places() -> Places:
    """The articles and questions to narrow a list of texts down to."""
    rows = db.session.execute(
        select(Poll.slug, Poll.question, Article.slug.label("article"), Article.title)
        .outerjoin(Article, Article.id == Poll.article_id)
        .where(select(Reason.id).where(Reason.poll_id == Poll.id).exists())
        .order_by(Poll.id.desc())
        .limit(MOST_PLACES)
    ).all()
    articles = {row.article: row.title for row in rows if row.article}
    return Places(tuple(articles.items()), tuple((row.slug, row.question) for row in rows))
