"""The first page of the desk: what an editor and what a moderator finds there; the search."""

from datetime import UTC, datetime, timedelta

import pytest

from poll_app.database import writing
from poll_app.models import Article, HourlyTally, HourlyTurnout, Tally, Turnout
from poll_app.services.polls import NewPoll
from tests.web.acts import change, new_article, title, words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return datetime.now(UTC)


def test_an_empty_desk_says_what_to_do_next(editor):
    page = editor.get("/editor/")

    assert "Nothing is here yet. Paste an article" in words(page)
    assert 'href="/editor/articles/import"' in page.text


def test_each_question_is_listed_under_what_it_waits_for(editor, new_poll, now):
    new_poll("Open?")
    new_poll("Closing?", closes_at=now + HOUR)
    new_poll("Opening?", opens_at=now + HOUR)
    new_poll("Draft?", opens_at=None)
    new_poll("Over?", closes_at=now - HOUR)

    said = words(editor.get("/editor/"))

    for part in (
        "Closing within three days QuestionTimesBallots Closing? Closes on",
        "Opening within three days QuestionTimes Opening? Opens on",
        "Draft questions QuestionTimes Draft? Not scheduled",
        "Closed, without an outcome QuestionTimesBallots Over? Closed on",
    ):
        assert part in said
    assert "Open? No end set 0 ballots0 since" in said


def test_the_counts_stand_in_sight(app, editor, new_poll):
    new_poll("Draft?", opens_at=None)
    with app.app_context(), writing() as session:
        session.add(Article(slug="a", title="In the making", created_at=datetime.now(UTC)))

    said = words(editor.get("/editor/"))

    assert "open questions0 ballots in them0 scheduled0 drafts2 closed0" in said
    assert "No question is open for votes. Open a draft below" in said
    assert "In the making Added on" in said


def test_an_hour_with_unusually_many_ballots_is_told_without_blaming_anybody(
    app, editor, new_poll, now
):
    poll = new_poll("Busy?", opens_at=now - 2 * DAY)
    hour = now.replace(minute=0, second=0, microsecond=0)
    with app.app_context(), writing() as session:
        session.add(HourlyTurnout(poll_id=poll.id, hour=hour, ballots=1204))

    said = words(editor.get("/editor/"))

    assert "1,204 ballots from" in said
    assert "usual: 1 an hour." in said
    assert "A link from elsewhere may explain them." in said
    assert "“" not in said.partition("Unusual traffic")[2]


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ({"Yes": 90}, "“Yes” had a far larger share of them than in all other hours."),
        ({}, "“Yes” had a far smaller share of them than in all other hours."),
    ],
    ids=["larger", "smaller"],
)
def test_an_option_that_stands_out_is_named(app, editor, new_poll, now, votes, said):
    poll = new_poll("Busy?", opens_at=now - 2 * DAY)
    ids = {option.label: option.id for option in poll.options}
    hour = now.replace(minute=0, second=0, microsecond=0)
    with app.app_context(), writing() as session:
        session.add(HourlyTurnout(poll_id=poll.id, hour=hour, ballots=100))
        session.get(Turnout, poll.id).ballots = 400
        session.get(Tally, (poll.id, ids["Yes"])).votes = votes.get("Yes", 0) + 150
        for label, count in votes.items():
            session.add(HourlyTally(poll_id=poll.id, option_id=ids[label], hour=hour, votes=count))

    assert said in words(editor.get("/editor/"))


def test_what_is_not_listed_is_counted(editor, new_poll):
    for n in range(22):
        new_poll(f"Number {n}?")

    said = words(editor.get("/editor/"))

    assert "2 more are not listed here." in said
    assert "22" in said.partition("open questions")[2][:5]


@pytest.mark.parametrize("wanted", ["BRIDGE", "%20bridge%20%20the", "the+bridge"])
def test_articles_and_questions_are_found_by_their_words(app, editor, new_poll, wanted):
    slug = new_poll("Should the bridge close?", opens_at=None)
    with app.app_context(), writing() as session:
        session.add(Article(slug="b", title="The bridge", created_at=datetime.now(UTC)))

    page = editor.get(f"/editor/?q={wanted}")

    assert title(page).startswith("Search: ")
    assert f'href="/editor/polls/{slug}"' in page.text
    assert 'href="/editor/articles/b"' in page.text


def test_an_open_question_of_a_withdrawn_article_says_so(app, editor):
    new_article(app, NewPoll("Is it?", options=("Yes", "No")), title="The river")
    assert "The article is withdrawn." not in words(editor.get("/editor/"))

    change(app, "UPDATE articles SET withdrawn_at = published_at")

    assert "The article is withdrawn." in words(editor.get("/editor/"))
    assert "Is it?The river" in words(editor.get("/editor/?q=is"))


def test_what_was_searched_stays_in_its_field_and_nothing_found_is_said(editor):
    page = editor.get('/editor/?q="><b>x')

    assert "No article and no question has all of these words." in words(page)
    assert 'value="&#34;&gt;&lt;b&gt;x"' in page.text


def test_more_than_can_be_listed_is_said(editor, new_poll):
    for n in range(21):
        new_poll(f"Number {n}?")

    assert "Add a word to narrow it down." in words(editor.get("/editor/?q=number"))


def test_a_moderator_sees_what_readers_can_see_and_nothing_else(moderator, new_poll):
    poll = new_poll("Open?")
    new_poll("Secret draft?", opens_at=None)

    page = moderator.get("/editor/?q=secret")

    assert f'href="/polls/{poll.slug}"' in page.text
    assert "Secret draft?" not in page.text
    assert "/editor/polls" not in page.text
    assert "/editor/articles" not in page.text


def test_a_moderator_is_told_when_nothing_is_open(moderator):
    assert "No question is open for votes." in words(moderator.get("/editor/"))


def test_the_page_is_kept_by_nobody(editor):
    assert editor.get("/editor/").headers["Cache-Control"] == "private, no-store"
