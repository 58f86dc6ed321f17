"""Articles as readers see them: looking up, storing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from poll_app.database import db
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.models import Article, Poll
from poll_app.services.poll_views import PollView, view_of
from poll_app.services.slugs import free_slug


class Withdrawn(NotFound):
    """An article that was public once and was taken back."""


@dataclass(frozen=True)
class ArticleView:
    """An article as a page shows it, with its polls in order; `body` is Markdown."""

    slug: str
    title: str
    standfirst: str
    source: str
    body: str
    discussion_prompt: str
    language: str | None
    published_at: datetime | None
    polls: tuple[PollView, ...]


def get_article(slug: str, *, now: datetime) -> ArticleView:
    """The published article. Raises NotFound for unknown and unpublished ones, Withdrawn."""
    article = db.session.scalar(
        select(Article)
        .where(Article.slug == slug)
        .options(
            selectinload(Article.polls).selectinload(Poll.options),
            selectinload(Article.polls).joinedload(Poll.article),
        )
    )
    if article is None or article.published_at is None or article.published_at > now:
        raise NotFound(sentence("There is no such article."))
    if article.withdrawn_at is not None:
        raise Withdrawn(sentence("This article was withdrawn."))
    polls = tuple(view_of(poll, now) for poll in article.polls if poll.replaced_by_id is None)
    return ArticleView(
        slug=article.slug,
        title=article.title,
        standfirst=article.standfirst,
        source=article.source,
        body=article.body,
        discussion_prompt=article.discussion_prompt,
        language=article.language,
        published_at=article.published_at,
        polls=tuple(poll for poll in polls if poll.status != "draft"),
    )


def put_article(
    session: Session, article: Article, *, slug: str | None, publish: bool, now: datetime
) -> Article:
    """Gives the article its address and times and adds it. Raises Refusal for a bad address."""
    article.slug = free_slug(
        session, Article.slug, wanted=slug, text=article.title, otherwise="article"
    )
    article.created_at = now
    article.published_at = now if publish else None
    session.add(article)
    session.flush()
    return article
