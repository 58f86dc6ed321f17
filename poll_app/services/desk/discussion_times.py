"""New times of an article's discussion, checked against those that stand."""

from __future__ import annotations

from datetime import datetime

from poll_app.domain.accounts import Person
from poll_app.domain.discussion.new_times import new_rules
from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import Outdated
from poll_app.services.discussion.settings import get_article_discussion, set_article_discussion


def change_discussion(
    slug: str, wanted: DiscussionRules, *, revision: int, by: Person, now: datetime
) -> None:
    """Opens, closes or plans the discussion of an article as a form asks for it. Raises NotFound,
    Outdated, Refusal for times that can't be."""
    stored = get_article_discussion(slug, now=now)
    if stored.revision != revision:
        raise Outdated
    rules = new_rules(stored.rules, wanted, now=now)
    set_article_discussion(slug, rules, revision=revision, by=by, now=now)
