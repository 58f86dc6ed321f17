"""When a stored question is discussed."""

from __future__ import annotations

from poll_app.domain.discussion.codes import parse_moderation
from poll_app.domain.discussion.times import (
    DiscussionRules,
    rules_of_earlier_wording,
    rules_without_article,
)
from poll_app.models import Poll


def discussion_rules_of(poll: Poll) -> DiscussionRules:
    """When the question is discussed; with an article, as the article says."""
    article = poll.article
    if article is None:
        rules = rules_without_article(poll.opens_at, poll.closes_at)
    else:
        rules = DiscussionRules(
            article.discussion_opens_at,
            article.discussion_closes_at,
            parse_moderation(article.moderation),
        )
    return rules_of_earlier_wording(rules, poll.closes_at) if poll.replaced_by_id else rules
