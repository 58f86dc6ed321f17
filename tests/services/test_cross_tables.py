"""Comparing two questions of an article: who is counted, when it may be, and how long it stands."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from poll_app import create_app
from poll_app.database import db, writing
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.refusals import Refusal
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast, Withdraw
from poll_app.models import Act, Article
from poll_app.services import cross_tables
from poll_app.services.articles import get_article, put_article
from poll_app.services.cross_tables import compare, list_comparable
from poll_app.services.desk.article_comparing import let_compare
from poll_app.services.desk.article_polls import place_poll, take_off_poll
from poll_app.services.desk.article_views import get_desk_article
from poll_app.services.desk.poll_lists import get_desk_poll
from poll_app.services.desk.polls import add_draft, edit_poll
from poll_app.services.desk.wording import reword
from poll_app.services.poll_stories import story_of
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.voting import find_own_answer
from tests.conftest import settings_for

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOW = {"by": COMMAND_LINE, "now": NOW}


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


@pytest.fixture
def article(services):
    """A published article whose questions may be compared."""
    with writing() as session:
        put_article(session, Article(title="Piece"), slug="piece", publish=True, now=NOW)
    let_compare("piece", compared=True, **HOW)
    return "piece"


def question(slug, *, article="piece", opens_at=NOW, options=("Yes", "No"), **more):
    new = NewPoll(f"Is it {slug}?", options=options, slug=slug, **more)
    add_poll(new, article_slug=article, opens_at=opens_at, now=NOW)
    return get_poll(slug, now=LATER) if opens_at else None


def vote(box, poll, numbers, place, at=LATER):
    keys = [Voter(f"reader {n}", "secret").key_in(poll.voter_salt) for n in numbers]
    option = (poll.options[place].id,)
    box.submit_all([Cast(poll.id, key, at, option, (None,)) for key in keys])


@pytest.fixture
def another(services, database_url, tmp_path):
    """Another process on the same database."""
    app = create_app(settings_for(tmp_path, POLL_DATABASE_URL=database_url))
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def kept_from_writers():
    """Somebody else holds the database, or the table, for longer than a page waits."""
    with writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE told_pairs IN EXCLUSIVE MODE"))
        yield


def told(one, other, now=LATER):
    db.session.rollback()
    return compare(get_article("piece", now=now).polls, one, other, now=now)


@pytest.fixture
def two(box, article):
    """Two questions with the answers of a hundred and twenty readers."""
    one, other = question("one"), question("other")
    vote(box, one, range(60), 0)
    vote(box, one, range(60, 120), 1)
    vote(box, other, range(45), 0)
    vote(box, other, range(45, 120), 1)
    vote(box, other, range(75, 90), 0)
    return one, other


def test_readers_who_answered_both_are_set_against_each_other(two):
    table = told("one", "other").table

    assert table.readers == 120
    assert [(row.answers.readers, row.shares) for row in table.rows] == [
        (60, ("75%", "25%")),
        (60, ("25%", "75%")),
    ]


def test_who_answered_only_one_of_them_or_withdrew_is_not_in_it(box, two):
    one, other = two
    vote(box, one, range(500, 560), 0)
    key = Voter("reader 3", "secret").key_in(other.voter_salt)
    box.submit(Withdraw(other.id, key, LATER))

    assert told("one", "other").table.readers == 119


def test_a_reader_has_one_key_in_questions_that_are_compared_and_finds_each_answer(two):
    one, other = two
    reader = Voter("reader 3", "secret")

    db.session.rollback()
    assert one.voter_salt == other.voter_salt
    assert find_own_answer(one, reader).labels == ("Yes",)
    assert one.revision[0] != other.revision[0]
    assert story_of(one) == story_of(other)


def test_questions_of_other_articles_share_no_key(services, article):
    assert question("one").compared
    lone = question("lone", article=None)
    assert not lone.compared
    assert lone.voter_salt != get_poll("one", now=LATER).voter_salt


def test_too_few_readers_make_no_table(box, article):
    one, other = question("one"), question("other")
    vote(box, one, range(60), 0)
    vote(box, other, range(60), 0)

    found = told("one", "other")

    assert (found.table, found.obstacle) == (None, "few")


def test_what_stands_in_the_way_is_told(box, article):
    question("one")
    question("many", method="multiple")
    question("later", opens_at=LATER + HOUR)
    question("closed", results_policy="after_close")
    question("strange", article=None)
    take_off = add_poll(
        NewPoll("Apart?", options=("Yes", "No"), slug="apart"), opens_at=NOW, now=NOW
    )
    place_poll("piece", take_off, by=COMMAND_LINE, now=LATER)

    obstacles = {
        slug: told("one", slug).obstacle
        for slug in ("one", "many", "later", "closed", "strange", "apart", "none")
    }

    assert obstacles == {
        "one": "same", "many": "several", "later": "unknown", "closed": "hidden",
        "strange": "unknown", "apart": "apart", "none": "unknown",
    }  # fmt: skip
    assert told("none", "one").obstacle == "unknown"
    assert told("apart", "one").obstacle == "apart"
    assert [poll.slug for poll in list_comparable(get_article("piece", now=LATER).polls)] == [
        "one",
        "closed",
    ]


def test_a_table_stands_for_the_hour_until_a_question_has_grown_by_a_tenth(box, two):
    one, other = two
    first = told("one", "other")
    vote(box, one, range(200, 211), 0)
    vote(box, other, range(200, 211), 0)
    assert told("one", "other") == first
    assert told("one", "other", LATER + HOUR).table.readers == 131

    vote(box, one, range(211, 226), 0)
    vote(box, other, range(211, 226), 0)
    assert told("one", "other", LATER + HOUR + MINUTE).table.readers == 146


def test_a_table_moves_in_steps_so_that_nobody_reads_the_answers_of_who_came_last(box, two):
    one, other = two
    first = told("one", "other")
    vote(box, one, range(200, 209), 0)
    vote(box, other, range(200, 209), 1)

    after = told("one", "other", LATER + HOUR)
    assert (after.table, after.counted_at) == (first.table, first.counted_at)
    with writing() as session:  # nor by an edit of the article
        session.get_one(Article, 1).title = "Another"
    assert told("one", "other", LATER + HOUR).table == first.table

    vote(box, one, [209], 0)
    vote(box, other, [209], 1)
    assert told("one", "other", LATER + 2 * HOUR).table.readers == 130


def test_asking_the_other_way_round_tells_nothing_that_came_between(box, two):
    one, other = two
    first = told("one", "other")
    vote(box, one, [200], 0)
    vote(box, other, [200], 1)

    turned = told("other", "one")

    assert turned.counted_at == first.counted_at
    assert [column.readers for column in turned.table.columns] == [
        row.answers.readers for row in first.table.rows
    ]


def test_a_table_stands_where_too_few_would_be_left_of_it(box, two):
    first = told("one", "other")
    for n in range(20):
        key = Voter(f"reader {n}", "secret").key_in(two[0].voter_salt)
        box.submit(Withdraw(two[0].id, key, LATER))

    after = told("one", "other", LATER + HOUR)
    assert (after.table, after.counted_at) == (first.table, first.counted_at)


def test_every_process_tells_the_same_table(box, two, another):
    first = told("one", "other")
    vote(box, two[0], [200], 0)
    vote(box, two[1], [200], 1)

    with another.app_context():
        assert told("one", "other", LATER + HOUR) == first
        assert told("other", "one").counted_at == first.counted_at


def test_a_process_that_comes_second_with_its_count_tells_what_the_first_one_stored(box, two):
    before = cross_tables._stored(*two)[1]
    vote(box, two[0], range(200, 211), 0)
    vote(box, two[1], range(200, 211), 1)
    first = told("one", "other")

    late = cross_tables._looked_again(*two, before, LATER - MINUTE)

    assert (late.counted_at, late.hour, late.first_ballots) == (first.counted_at, LATER, 131)
    assert told("one", "other") == first


def test_while_somebody_counts_the_others_get_the_table_before(box, two):
    first = told("one", "other")
    vote(box, two[0], range(300, 400), 0)

    with cross_tables._counting:
        assert told("one", "other") == first


def test_while_nothing_can_be_stored_what_was_told_last_stands(box, two):
    with kept_from_writers(), pytest.raises((DBAPIError, NoConnection)):
        told("one", "other")
    first = told("one", "other")
    vote(box, two[0], range(200, 300), 0)
    vote(box, two[1], range(200, 300), 0)

    with kept_from_writers():
        assert told("one", "other") == first
    assert told("one", "other").table.readers == 220


def test_once_a_question_has_opened_nothing_can_be_chosen_any_more(services):
    with writing() as session:
        put_article(session, Article(title="Piece"), slug="piece", publish=True, now=NOW)
    question("one")

    with pytest.raises(Refusal) as refusal:
        let_compare("piece", compared=True, by=COMMAND_LINE, now=NOW)

    assert refusal.value.field == "compared"
    assert not get_poll("one", now=LATER).compared
    assert get_desk_article("piece", now=NOW).compared_is_fixed


def test_a_question_about_to_open_counts_as_open(article):
    question("soon", opens_at=NOW + MINUTE)

    with pytest.raises(Refusal):
        let_compare("piece", compared=False, **HOW)


def test_the_choice_can_be_taken_back_before_the_first_question_opens(article):
    question("one", opens_at=NOW + HOUR)
    assert get_desk_article(article, now=NOW).compared

    let_compare("piece", compared=False, **HOW)
    let_compare("piece", compared=False, **HOW)

    assert not get_poll("one", now=NOW + HOUR).compared
    acts = db.session.scalars(db.select(Act).where(Act.act.startswith("article."))).all()
    assert [(act.act, act.public) for act in acts] == [
        ("article.compared", True),
        ("article.kept_apart", True),
    ]


def test_a_draft_follows_its_article_and_an_open_question_keeps_its_keys(box, article):
    draft = add_draft(NewPoll("Draft?", options=("Yes", "No")), article_slug=None, **HOW)
    place_poll("piece", draft, **HOW)
    assert get_desk_poll(draft, now=NOW).view.compared
    take_off_poll("piece", draft, **HOW)
    assert not get_desk_poll(draft, now=NOW).view.compared
    revision = get_desk_poll(draft, now=NOW).revision
    edit_poll(draft, None, article_slug="piece", place=None, revision=revision, **HOW)
    assert get_desk_poll(draft, now=NOW).view.compared

    opened = question("one")
    vote(box, opened, [1], 0)
    take_off_poll("piece", "one", **HOW)
    assert get_poll("one", now=LATER).voter_salt == opened.voter_salt


def test_a_new_wording_is_compared_like_the_one_before_it(box, two):
    revision = get_desk_poll("one", now=LATER).revision
    new = NewPoll("Is it something else?", options=("Yes", "No"))
    reword(
        "one", new, reason="Clearer.", in_spite="x", revision=revision, by=COMMAND_LINE, now=LATER
    )

    now = LATER + MINUTE
    assert get_poll("one", now=now).compared
    assert told("one", "other", now).obstacle == "few"
    vote(box, get_poll("one", now=now), range(60), 1, now)
    vote(box, get_poll("one", now=now), range(60, 120), 0, now)
    assert told("one", "other", now + HOUR).table.rows[0].shares == ("25%", "75%")


def test_all_who_ask_at_once_are_told_the_same(services, two, another):
    start = Barrier(8)

    def ask(number):
        start.wait()
        with (services, another)[number % 2].app_context():
            found = told("one", "other")
            db.session.remove()
            return found

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))

    assert all(one == found[0] for one in found)
    assert found[0].table.readers == 120
