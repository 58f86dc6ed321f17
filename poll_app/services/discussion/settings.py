"""When and how readers discuss an article, as the desk sets it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import Person
from poll_app.domain.differences import changed_fields
from poll_app.domain.discussion.codes import parse_moderation
from poll_app.domain.discussion.times import (
    DiscussionRules,
    DiscussionStatus,
    check_discussion_times,
    discussion_status,
)
from poll_app.domain.refusals import NotFound, Outdated
from poll_app.domain.sentences import sentence
from poll_app.models import Article
from poll_app.services.desk.articles import locked_article
from poll_app.services.record import record


@dataclass(frozen=True)
class ArticleDiscussion:
    """The rules of an article's discussion, and the revision that a change goes by."""

    slug: str
    title: str
    rules: DiscussionRules
    status: DiscussionStatus
    revision: int


def get_article_discussion(slug: str, *, now: datetime) -> ArticleDiscussion:
    """How the article is discussed. Raises NotFound."""
    article = db.session.scalar(
        select(Article).where(Article.slug == slug).execution_options(populate_existing=True)
    )
    if article is None:
        raise NotFound(sentence("There is no such article."))
    rules = _rules(article)
    return ArticleDiscussion(
        slug, article.title, rules, discussion_status(rules, now), article.revision
    )


def set_article_discussion(
    slug: str, rules: DiscussionRules, *, revision: int, by: Person, now: datetime
) -> None:
    """Opens, closes or plans the discussion of an article, and says when texts are read; the same
    rules again change nothing. Raises NotFound, Outdated, Refusal."""
    check_discussion_times(rules)
    with writing() as session:
        article = locked_article(session, slug)
        if article.revision != revision:
            raise Outdated
        before, after = changed_fields(_facts(_rules(article)), _facts(rules))
        if after:
            article.discussion_opens_at = rules.opens_at
            article.discussion_closes_at = rules.closes_at
            article.moderation = parse_moderation(rules.moderation)
            record(
                session, "article.discussion", by=by, now=now, on=article, before=before,
                after=after,
            )  # fmt: skip


def _rules(article: Article) -> DiscussionRules:
    return DiscussionRules(
        article.discussion_opens_at,
        article.discussion_closes_at,
        parse_moderation(article.moderation),
    )


def _facts(rules: DiscussionRules) -> dict[str, object]:
    """As the record keeps them."""
    facts = asdict(rules)
    return {
        "discussion_opens_at": facts["opens_at"] and facts["opens_at"].isoformat(),
        "discussion_closes_at": facts["closes_at"] and facts["closes_at"].isoformat(),
        "moderation": facts["moderation"],
    }
