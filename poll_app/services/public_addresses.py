"""Which articles and questions have public pages, for a map of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from poll_app.database import db
from poll_app.models import Article, Poll

# Two pages each: a map may hold 50,000 addresses.
MOST_ARTICLES, MOST_POLLS = 4_000, 20_000


@dataclass(frozen=True)
class PublicAddresses:
    """Slugs, the newest first; `opened`: the polls that have a result to show."""

    articles: tuple[str, ...]
    polls: tuple[str, ...]
    opened: frozenset[str]


def list_public_addresses(*, now: datetime) -> PublicAddresses:
    """The published articles and the polls that are no drafts, each in its present wording."""
    articles = db.session.scalars(
        select(Article.slug)
        .where(Article.published_at <= now, Article.withdrawn_at.is_(None))
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(MOST_ARTICLES)
    )
    polls = db.session.execute(
        select(Poll.slug, Poll.opens_at)
        .where(Poll.opens_at.is_not(None), Poll.replaced_by_id.is_(None))
        .order_by(Poll.opens_at.desc(), Poll.id.desc())
        .limit(MOST_POLLS)
    ).all()
    return PublicAddresses(
        articles=tuple(articles),
        polls=tuple(slug for slug, _ in polls),
        opened=frozenset(slug for slug, opens_at in polls if opens_at and opens_at <= now),
    )
