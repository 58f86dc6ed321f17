"""The reader's pages: what they show in each state, and that none tells figures before a vote."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from poll_app.services.polls import NewPoll
from poll_app.services.sample import SLUG, load_sample
from tests.web.acts import (
    change,
    checked_options,
    element,
    fill,
    new_article,
    post,
    shown_options,
    text_of,
    title,
    vote,
    words,
)

QUESTIONS = [
    "Will NATO abandon its cautious approach and deploy troops?",
    "How will the Trump administration influence NATO's decisions?",
    "Can Ukraine achieve NATO membership amid the ongoing war?",
]


@pytest.fixture
def sample(app):
    with app.app_context():
        load_sample(now=datetime.now(UTC))


def test_the_sample_article_asks_its_three_questions_word_for_word_in_order(client, sample):
    text = words(client.get(f"/articles/{SLUG}"))

    places = [text.find(question) for question in QUESTIONS]
    assert -1 not in places
    assert places == sorted(places)


def test_each_question_of_an_article_is_a_form_of_its_own(client, sample):
    page = client.get(f"/articles/{SLUG}").get_data(as_text=True)

    actions = re.findall(r'action="/polls/([^"]+)/vote"', page)
    assert len(actions) == len(set(actions)) == 3


def test_the_home_page_leads_to_the_article_and_its_questions(client, sample):
    page = client.get("/")

    assert element(page, href=f"/articles/{SLUG}") is not None
    assert element(page, href="/polls/nato-troops") is not None


def test_an_empty_installation_says_that_there_is_no_question_yet(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "There is no question to answer yet." in words(page)


def test_nothing_is_chosen_before_the_reader_chooses(client, sample):
    for path in (f"/articles/{SLUG}", "/polls/nato-troops"):
        assert checked_options(client.get(path)) == set()


def test_not_sure_is_offered_last(client, sample):
    assert shown_options(client.get("/polls/trump-nato-decisions"))[-1] == "Not sure"


def test_the_question_is_the_legend_and_the_heading_of_its_page(client, new_poll):
    poll = new_poll("Should it be so?")

    page = client.get(f"/polls/{poll.slug}")

    assert title(page).startswith("Should it be so?")
    assert "<legend><h1" in page.get_data(as_text=True)


def test_a_poll_that_is_closed_shows_no_form_but_leads_to_the_results(client, new_poll):
    closed_at = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    poll = new_poll(closes_at=closed_at)

    page = client.get(f"/polls/{poll.slug}")

    assert "Voting closed on 3 February 2026, 04:05 UTC." in words(page)
    assert element(page, datetime="2026-02-03T04:05:00Z") is not None
    assert "<form" not in page.get_data(as_text=True)
    assert element(page, href=f"/polls/{poll.slug}/results") is not None


def test_a_poll_that_opens_later_says_when_and_shows_no_form(client, new_poll):
    poll = new_poll(opens_at=datetime.now(UTC) + timedelta(days=2))

    page = client.get(f"/polls/{poll.slug}")

    assert "Voting opens on " in words(page)
    assert "<form" not in page.get_data(as_text=True)


def test_a_poll_that_will_close_says_when(client, new_poll):
    poll = new_poll(closes_at=datetime(2099, 1, 1, tzinfo=UTC))

    assert "Voting closes on 1 January 2099, 00:00 UTC." in words(client.get(f"/polls/{poll.slug}"))


def test_a_draft_is_not_known_of(client, new_poll):
    slug = new_poll(opens_at=None)

    unknown, draft = client.get("/polls/no-such-poll"), client.get(f"/polls/{slug}")

    assert (unknown.status_code, draft.status_code) == (404, 404)
    assert words(unknown).replace("no-such-poll", "") == words(draft).replace(slug, "")
    assert slug not in client.get("/").get_data(as_text=True)


def test_an_article_that_was_withdrawn_is_gone(app, client):
    new_article(app, slug="gone")
    change(app, "UPDATE articles SET withdrawn_at = '2026-01-02 00:00:00'")

    answer = client.get("/articles/gone")

    assert answer.status_code == 410
    assert "This article was withdrawn." in words(answer)


@pytest.mark.parametrize(
    "path", ["/articles/none", "/polls/none", "/none", "/articles/", "/polls/none/results"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_article_that_is_published_later_is_not_known_of(app, client):
    new_article(app, slug="later")
    change(app, "UPDATE articles SET published_at = '2099-01-01 00:00:00'")

    assert client.get("/articles/later").status_code == 404


def test_the_text_of_an_article_is_shown_as_text(app, client):
    new_article(
        app,
        slug="text",
        body="# One\n\n*two* <script>alert(1)</script>\n\n[three](javascript:alert(1))",
    )

    page = client.get("/articles/text").get_data(as_text=True)

    assert "<em>two</em>" in page
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_an_article_in_another_script_keeps_its_direction_and_language(app, client):
    (poll,) = new_article(
        app, NewPoll("هل توافق؟", options=("نعم", "لا"), not_sure="لست متأكدا", slug="arabic"),
        slug="arabic", title="مقال", language="ar",
    )  # fmt: skip

    for path in ("/articles/arabic", f"/polls/{poll.slug}", f"/polls/{poll.slug}/results"):
        assert re.search(
            r'<h\d lang="ar" dir="auto">هل توافق؟', client.get(path).get_data(as_text=True)
        )


def every_word(page):
    """The words of a page in no order: its options are shuffled."""
    return Counter(words(page).split())


@pytest.mark.parametrize("policy", ["always", "after_vote", "after_close"])
def test_no_page_tells_figures_to_a_reader_who_has_not_voted(app, new_poll, policy):
    plain = new_poll("Was it so?", options=("Yes", "No"), results_policy=policy)
    (inside,) = new_article(
        app, NewPoll("Will it?", options=("Yes", "No"), not_sure="?", results_policy=policy)
    )
    pages = ["/", "/articles/an-article", f"/polls/{plain.slug}", f"/polls/{inside.slug}"]
    before = [every_word(app.test_client().get(page)) for page in pages]

    fill(app, plain, Yes=3, No=1)
    fill(app, inside, Yes=2)

    assert [every_word(app.test_client().get(page)) for page in pages] == before


def test_results_are_offered_after_the_vote_where_they_wait_for_it(client, new_poll):
    poll = new_poll(results_policy="after_vote")

    before = words(client.get(f"/polls/{poll.slug}"))
    vote(client, poll, "Yes")
    after = client.get(f"/polls/{poll.slug}")

    assert "Results are shown after you vote." in before
    assert "Show me the results" not in before
    assert element(after, href=f"/polls/{poll.slug}/results") is not None


def test_the_readers_answer_is_said_on_the_article_too(app, client):
    poll, other = new_article(
        app, NewPoll("One?", options=("Yes", "No")), NewPoll("Two?", options=("Yes", "No"))
    )
    vote(client, poll, "Yes")
    vote(client, other, "No")
    post(client, f"/polls/{other.slug}/withdraw")

    page = client.get("/articles/an-article")

    assert "You answered: Yes." in words(page)
    assert text_of(element(page, id=f"{other.slug}-withdrawn")).startswith(
        "You withdrew your answer."
    )


def test_beside_every_form_stands_the_way_to_how_results_are_computed(app, client):
    new_article(app, NewPoll("One?", options=("Yes", "No"), slug="one"), slug="with-one")

    for path in ("/polls/one", "/articles/with-one"):
        link = element(client.get(path), href="/method")
        assert text_of(link) == "What is stored, and how results are computed"
    assert element(client.get("/embed/polls/one"), href="/method") is None
