"""Storing and finding articles, on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from poll_app.database import writing
from poll_app.domain.importing import read_article
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.models import Article
from poll_app.services.articles import Withdrawn, get_article
from poll_app.services.desk.imports import store_import
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll, add_poll

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = b"""# A headline

Some words.

## Questions

- Will it rain?
- What will become of it all?
"""

pytestmark = pytest.mark.usefixtures("services")


def stored(*, publish=True, slug=None, text=TEXT):
    return store_import(read_article(text, filename="a.md"), slug=slug, publish=publish, now=NOW)


def change(slug, **times):
    with writing() as session:
        article = session.scalars(select(Article).where(Article.slug == slug)).one()
        for name, value in times.items():
            setattr(article, name, value)


def test_a_published_article_shows_its_open_polls_and_no_draft():
    made = stored()

    article = get_article("a-headline", now=NOW)
    assert (article.title, article.published_at) == ("A headline", NOW)
    assert "Some words." in article.body
    assert [(poll.slug, poll.status) for poll in article.polls] == [("will-it-rain", "open")]
    assert [(poll.slug, poll.ready) for poll in made.polls] == [
        ("will-it-rain", True),
        ("what-will-become-of-it-all", False),
    ]


def test_the_last_proposed_option_is_the_one_for_the_undecided():
    stored()

    options = get_poll("will-it-rain", now=NOW).options

    assert [(option.label, option.not_sure) for option in options] == [
        ("Yes", False), ("No", False), ("Not sure", True),
    ]  # fmt: skip


def test_an_import_that_is_not_published_is_hidden_with_all_its_polls():
    stored(publish=False)

    with pytest.raises(NotFound):
        get_article("a-headline", now=NOW + HOUR)
    assert list_polls(now=NOW) == []
    assert [poll.status for poll in list_polls(now=NOW, drafts=True)] == ["draft", "draft"]


def test_an_article_is_hidden_before_its_time():
    stored()
    change("a-headline", published_at=NOW + HOUR)

    with pytest.raises(NotFound):
        get_article("a-headline", now=NOW)

    assert get_article("a-headline", now=NOW + HOUR).slug == "a-headline"


def test_a_withdrawn_article_says_so():
    stored()
    change("a-headline", withdrawn_at=NOW)

    with pytest.raises(Withdrawn, match="withdrawn"):
        get_article("a-headline", now=NOW)


def test_an_unpublished_article_does_not_tell_that_it_was_withdrawn():
    stored(publish=False)
    change("a-headline", withdrawn_at=NOW)

    with pytest.raises(NotFound) as refused:
        get_article("a-headline", now=NOW)

    assert not isinstance(refused.value, Withdrawn)


def test_an_unknown_article_is_not_found():
    with pytest.raises(NotFound):
        get_article("unknown", now=NOW)


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("A headline", ["a-headline", "a-headline-2", "a-headline-3"]),
        ("Заголовок", ["article", "article-2", "article-3"]),
        ("x" * 100, ["x" * 80, "x" * 74 + "-2", "x" * 74 + "-3"]),
    ],
)
def test_the_same_headline_again_gets_a_numbered_address(title, slugs):
    text = f"# {title}\n\nSome words.".encode()

    assert [stored(text=text).slug for _ in slugs] == slugs


def test_the_address_asked_for_is_given_once():
    assert stored(slug="asked-for").slug == "asked-for"

    with pytest.raises(Refusal, match="“asked-for” is taken"):
        stored(slug="asked-for")

    assert len(list_polls(now=NOW, drafts=True)) == 2


@pytest.mark.parametrize("slug", ["", "A", "a b", "../a"])
def test_an_address_that_is_none_is_refused_and_nothing_is_stored(slug):
    with pytest.raises(Refusal, match="An address holds") as refused:
        stored(slug=slug)

    assert refused.value.field == "slug"
    assert list_polls(now=NOW, drafts=True) == []


def test_the_polls_of_an_article_keep_their_order():
    stored()
    late = add_poll(
        NewPoll("And so?", options=("a", "b")), article_slug="a-headline", opens_at=NOW, now=NOW
    )

    assert [poll.slug for poll in get_article("a-headline", now=NOW).polls] == [
        "will-it-rain",
        late,
    ]
