"""When and how readers discuss an article: set at the desk, felt at its questions."""

from dataclasses import replace

import pytest

from poll_app.database import db
from poll_app.domain.article_text import ArticleText
from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import NotFound, NotOpen, Outdated, Refusal
from poll_app.services.desk.articles import add_article
from poll_app.services.desk.polls import add_draft
from poll_app.services.discussion.queue import Filters, list_queue
from poll_app.services.discussion.reading import get_discussion
from poll_app.services.discussion.settings import get_article_discussion, set_article_discussion
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll
from poll_app.services.sample import SLUG, load_sample
from tests.services.desk.test_polls import opened
from tests.services.discussion.readers import HOUR, NOW, reader, replied, wrote
from tests.services.people.persons import acts, put

ANNA = reader("anna")


@pytest.fixture
def grace(services):
    return put("Grace Hopper", "editor")


@pytest.fixture
def article(grace):
    return add_article(ArticleText(title="A town and its river", language="en"), by=grace, now=NOW)


@pytest.fixture
def slug(grace, article):
    new = NewPoll("Should the town build a bridge?", options=("Yes", "No"), not_sure="Not sure")
    return opened(add_draft(new, article_slug=article, by=grace, now=NOW), by=grace)


def changed(article, rules, *, by, revision=None, now=NOW):
    db.session.rollback()
    revision = revision or get_article_discussion(article, now=now).revision
    set_article_discussion(article, rules, revision=revision, by=by, now=now)


def test_an_article_is_not_discussed_until_somebody_opens_it(services, article, slug, grace):
    poll = get_poll(slug, now=NOW)
    assert get_article_discussion(article, now=NOW).status == "none"
    assert get_discussion(poll, now=NOW).status == "none"
    with pytest.raises(NotOpen, match="no discussion"):
        wrote(services, poll, ANNA, "Yes")

    changed(article, DiscussionRules(NOW, NOW + HOUR, "after"), by=grace)

    poll = get_poll(slug, now=NOW)
    assert poll.discussion == DiscussionRules(NOW, NOW + HOUR, "after")
    written = wrote(services, poll, ANNA, "Yes")
    assert (written.state, written.codes) == ("published", ())
    with pytest.raises(NotOpen, match="closed"):
        replied(written.id, ANNA, "One more thing, an hour later.", now=NOW + HOUR)
    assert acts()[-1] == (
        "article.discussion", "Grace Hopper", "A town and its river",
        {"discussion_opens_at": None, "discussion_closes_at": None, "moderation": "new_writers"},
        {"discussion_opens_at": NOW.isoformat(), "discussion_closes_at": (NOW + HOUR).isoformat(), "moderation": "after"},
    )  # fmt: skip


def test_where_everything_is_read_first_approved_writers_wait_too(services, article, slug, grace):
    rules = DiscussionRules(NOW, None, "after")
    changed(article, rules, by=grace)
    poll = get_poll(slug, now=NOW)
    first = wrote(services, poll, ANNA, "Yes")
    changed(article, replace(rules, moderation="before"), by=grace)

    assert replied(first.id, ANNA, "And one more thing: it pays.").codes == ("before",)
    assert list_queue(Filters(article_slug=article), now=NOW).number == 1
    assert list_queue(Filters(poll_slug="another"), now=NOW).number == 0


def test_the_same_rules_again_are_no_act(article, grace):
    before = acts()

    changed(article, get_article_discussion(article, now=NOW).rules, by=grace)

    assert acts() == before


def test_what_can_not_be_is_refused(article, grace):
    with pytest.raises(Outdated):
        changed(article, DiscussionRules(NOW, None), by=grace, revision=99)
    with pytest.raises(Refusal, match="close after it has opened"):
        changed(article, DiscussionRules(NOW, NOW), by=grace)
    with pytest.raises(Refusal, match="when texts are read"):
        changed(article, DiscussionRules(NOW, None, "never"), by=grace)
    with pytest.raises(NotFound):
        get_article_discussion("nothing", now=NOW)


def test_the_sample_article_is_discussed_from_its_publication_on(services):
    assert load_sample(now=NOW)

    assert get_article_discussion(SLUG, now=NOW).status == "open"
    assert get_poll("nato-troops", now=NOW).discussion == DiscussionRules(NOW, None)
