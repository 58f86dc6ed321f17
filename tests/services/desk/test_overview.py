"""The desk's first page: what stands in which list, busy hours, looking for words."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, update

from poll_app.database import db, writing
from poll_app.models import (
    Article,
    HourlyTally,
    HourlyTurnout,
    Option,
    Outcome,
    Poll,
    Tally,
    Turnout,
)
from poll_app.services.desk.overview import MAX_LISTED, get_overview, list_open
from poll_app.services.desk.search import MAX_FOUND, find_by_words
from poll_app.services.desk.traffic import list_busy_hours, newest_of_each
from poll_app.services.polls import NewPoll, add_poll, put_poll

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
THIS_HOUR = datetime(2026, 11, 22, 12, tzinfo=UTC)


def poll(question, opens_at=None, closes_at=None, **details):
    new = NewPoll(question, options=("Yes", "No"), not_sure="Not sure", **details)
    return add_poll(new, opens_at=opens_at, closes_at=closes_at, now=NOW)


def id_of(slug):
    found = db.session.query(Poll.id).filter_by(slug=slug).scalar()
    db.session.rollback()
    return found


def outcome_of(slug):
    return Outcome(
        poll_id=id_of(slug), text="It did.", happened_on=NOW.date(), source="S", recorded_at=NOW
    )


def article(title, **times):
    with writing() as session:
        session.add(
            Article(slug=title.lower().replace(" ", "-"), title=title, created_at=NOW, **times)
        )


def count_hour(slug, hour, **votes):
    """As if so many readers had voted in this hour."""
    poll_id = id_of(slug)
    with writing() as session:
        options = {o.label: o.id for o in session.query(Option).filter_by(poll_id=poll_id)}
        ballots = sum(votes.values())
        session.execute(insert(HourlyTurnout).values(poll_id=poll_id, hour=hour, ballots=ballots))
        session.execute(
            update(Turnout)
            .where(Turnout.poll_id == poll_id)
            .values(ballots=Turnout.ballots + ballots)
        )
        for label, count in votes.items():
            option_id = options[label]
            session.execute(
                insert(HourlyTally).values(
                    poll_id=poll_id, option_id=option_id, hour=hour, votes=count
                )
            )
            session.execute(
                update(Tally).where(Tally.option_id == option_id).values(votes=Tally.votes + count)
            )


def questions(lines):
    return [line.question for line in lines]


@contextmanager
def statements():
    """What is sent to the database meanwhile."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_an_empty_desk_has_nothing_in_any_list(services):
    overview = get_overview(now=NOW)

    assert overview.counts.open == overview.counts.ballots == overview.counts.articles == 0
    assert overview.open == overview.drafts == overview.draft_articles == ()
    assert list_busy_hours(now=NOW) == []


def test_each_question_stands_where_its_times_put_it(services):
    poll("A draft?")
    poll("Open without an end?", NOW - DAY)
    poll("Closes soon?", NOW - DAY, NOW + 72 * HOUR)
    poll("Closes later?", NOW - 2 * DAY, NOW + 73 * HOUR)
    poll("Opens soon?", NOW + HOUR)
    poll("Opens later?", NOW + 5 * DAY)
    poll("Over?", NOW - 2 * DAY, NOW - DAY)
    poll("Over this moment?", NOW - 2 * DAY, NOW)

    overview = get_overview(now=NOW)

    assert questions(overview.open) == ["Open without an end?", "Closes soon?", "Closes later?"]
    assert questions(overview.closing_soon) == ["Closes soon?"]
    assert questions(overview.opening_soon) == ["Opens soon?"]
    assert questions(overview.drafts) == ["A draft?"]
    assert questions(overview.without_outcome) == ["Over this moment?", "Over?"]
    assert {line.status for line in overview.open} == {"open"}
    counts = overview.counts
    assert (counts.open, counts.closing_soon, counts.scheduled, counts.opening_soon) == (3, 1, 2, 1)
    assert (counts.drafts, counts.without_outcome) == (1, 2)
    assert list_open(now=NOW) == overview.open


def test_a_question_with_its_outcome_and_an_earlier_wording_wait_for_nobody(services):
    resolved, earlier = (poll(f"{n}?", NOW - 2 * DAY, NOW - DAY) for n in ("Resolved", "Earlier"))
    later = poll("Later wording?", NOW - DAY)
    with writing() as session:
        session.add(outcome_of(resolved))
        session.execute(
            update(Poll).where(Poll.slug == earlier).values(replaced_by_id=id_of(later))
        )

    overview = get_overview(now=NOW)

    assert overview.without_outcome == ()
    assert questions(overview.open) == ["Later wording?"]


def test_draft_articles_wait_and_articles_are_counted(services):
    article("In the making")
    article("Published", published_at=NOW)

    overview = get_overview(now=NOW)

    assert [line.title for line in overview.draft_articles] == ["In the making"]
    assert (overview.counts.articles, overview.counts.draft_articles) == (2, 1)


def test_a_question_of_an_article_names_it(services):
    with writing() as session:
        made = Article(slug="a", title="The article", created_at=NOW)
        session.add(made)
        put_poll(
            session, NewPoll("Of it?", options=("Yes", "No")), article=made, opens_at=NOW, now=NOW
        )

    assert get_overview(now=NOW).open[0].article_title == "The article"


def test_the_ballots_of_an_open_question_are_told_altogether_and_since_the_last_full_hour(services):
    slug = poll("Open?", NOW - DAY)
    count_hour(slug, THIS_HOUR - 2 * HOUR, Yes=100)
    count_hour(slug, THIS_HOUR - HOUR, Yes=10)
    count_hour(slug, THIS_HOUR, Yes=3)

    overview = get_overview(now=NOW)

    assert (overview.open[0].ballots, overview.open[0].recent_ballots) == (113, 13)
    assert overview.since == THIS_HOUR - HOUR
    assert overview.counts.ballots == 113


def test_an_hour_far_above_the_usual_is_told_with_what_was_usual(services):
    slug = poll("Busy?", NOW - 2 * DAY)
    for n in range(1, 25):
        count_hour(slug, THIS_HOUR - n * HOUR, Yes=6, No=4)
    count_hour(slug, THIS_HOUR, Yes=24, No=16)

    (busy,) = list_busy_hours(now=NOW)

    assert (busy.question, busy.ballots, busy.usual) == ("Busy?", 40, 10)
    assert (busy.starts_at, busy.ends_at) == (THIS_HOUR, THIS_HOUR + HOUR)
    assert (busy.standout, busy.more) == (None, False)


def test_an_option_that_stands_out_in_a_busy_hour_is_named(services):
    slug = poll("Busy?", NOW - 2 * DAY)
    for n in range(1, 25):
        count_hour(slug, THIS_HOUR - n * HOUR, Yes=6, No=4)
    count_hour(slug, THIS_HOUR, No=60)

    (busy,) = list_busy_hours(now=NOW)

    assert (busy.standout, busy.more) == ("No", True)


def test_the_first_hour_of_a_question_has_no_usual_and_the_second_one_has(services):
    slug = poll("New?", THIS_HOUR - HOUR + timedelta(minutes=50))
    count_hour(slug, THIS_HOUR - HOUR, Yes=50)

    assert list_busy_hours(now=NOW) == []

    count_hour(slug, THIS_HOUR, Yes=150)

    assert [busy.starts_at for busy in list_busy_hours(now=NOW)] == [THIS_HOUR]


def test_busy_hours_are_told_for_a_day_and_for_questions_that_closed_meanwhile(services):
    slug = poll("Over?", NOW - 9 * DAY, NOW - HOUR)
    count_hour(slug, THIS_HOUR - 25 * HOUR, Yes=40)
    count_hour(slug, THIS_HOUR - 24 * HOUR, Yes=400)

    assert [busy.ballots for busy in list_busy_hours(now=NOW)] == [400]
    assert list_busy_hours(now=NOW + HOUR) == []


def test_hours_that_took_more_back_than_they_brought_count_as_none(services):
    slug = poll("Withdrawn?", NOW - 2 * DAY)
    count_hour(slug, THIS_HOUR - 2 * HOUR, Yes=100)
    count_hour(slug, THIS_HOUR - HOUR, Yes=-90)
    count_hour(slug, THIS_HOUR, Yes=31)

    hours = list_busy_hours(now=NOW)

    assert [busy.usual for busy in hours] == [4, 1]
    assert newest_of_each(hours) == [(hours[0], 1)]


def test_lists_end_but_counts_are_whole_and_the_number_of_statements_stays(services):
    def looked_up():
        db.session.rollback()
        with statements() as seen:
            overview, busy = get_overview(now=NOW), list_busy_hours(now=NOW)
            find_by_words("open", now=NOW)
        return overview, busy, len(seen)

    poll("Open 0?", NOW - 2 * DAY)
    few = looked_up()[2]
    with writing() as session:
        for n in range(1, 300):
            put_poll(
                session, NewPoll(f"Open {n}?", options=("Yes", "No")),
                article=None, opens_at=NOW - 2 * DAY, now=NOW,
            )  # fmt: skip
        ids = [row.id for row in session.query(Poll.id)]
        session.execute(
            insert(HourlyTurnout),
            [{"poll_id": i, "hour": THIS_HOUR - n * HOUR, "ballots": 50 if n == 0 else 5}
             for i in ids for n in range(25)],
        )  # fmt: skip

    overview, busy, many = looked_up()

    assert (len(overview.open), overview.counts.open) == (MAX_LISTED, 300)
    assert len(busy) == 300
    assert many == few


def test_words_are_found_in_titles_and_questions_in_any_order_and_case(services):
    poll("Soll die Brücke schließen?")
    poll("Anything else?", NOW)
    article("ÜBER DIE BRÜCKE")
    article("Withdrawn bridge", published_at=NOW, withdrawn_at=NOW)
    article("Published bridge", published_at=NOW)

    found = find_by_words("brücke SOLL", now=NOW)
    everything = find_by_words("brücke", now=NOW)
    states = {a.title: a.state for a in find_by_words("bridge", now=NOW).articles}

    assert ([p.status for p in found.polls], found.articles, found.more) == (["draft"], (), False)
    assert ([a.state for a in everything.articles], len(everything.polls)) == (["draft"], 1)
    assert states == {"Withdrawn bridge": "withdrawn", "Published bridge": "published"}


def test_a_question_is_found_with_its_article_and_its_outcome(services):
    article("The river", published_at=NOW)
    slug = add_poll(NewPoll("Is it?", options=("Yes", "No")), article_slug="the-river",
                    opens_at=NOW - 2 * HOUR, closes_at=NOW - HOUR, now=NOW)  # fmt: skip
    with writing() as session:
        session.add(outcome_of(slug))

    (found,) = find_by_words("is it", now=NOW).polls

    assert (found.status, found.article_title) == ("resolved", "The river")


def test_an_open_question_of_a_withdrawn_article_says_so(services):
    article("The river", published_at=NOW, withdrawn_at=NOW)
    add_poll(
        NewPoll("Is it?", options=("Yes", "No")), article_slug="the-river", opens_at=NOW, now=NOW
    )
    poll("Alone?", NOW)

    listed = {line.question: line.article_withdrawn for line in list_open(now=NOW)}

    assert listed == {"Is it?": True, "Alone?": False}


@pytest.mark.parametrize("wanted", ["", "   ", "100%", "_"])
def test_nothing_is_found_by_no_word_and_by_signs_that_a_database_would_read(services, wanted):
    poll("Is it?", NOW)

    assert find_by_words(wanted, now=NOW).polls == ()


def test_of_very_many_the_newest_are_found_and_it_is_said_that_there_are_more(services):
    for n in range(MAX_FOUND + 1):
        poll(f"Is it {n}?", NOW)

    found = find_by_words("is it", now=NOW)

    assert len(found.polls) == MAX_FOUND
    assert found.polls[0].question == f"Is it {MAX_FOUND}?"
    assert found.more
