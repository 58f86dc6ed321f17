"""The record: it takes new lines only, and is read newest first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from poll_app.database import db, writing
from poll_app.domain.accounts import COMMAND_LINE, Person
from poll_app.domain.record import ACTS, FIELDS, is_reason_public
from poll_app.domain.refusals import NotFound
from poll_app.models import Account, Article, Poll
from poll_app.services.polls import NewPoll, put_poll
from poll_app.services.record import record
from poll_app.services.record_pages import (
    COMMAND_LINE_ID,
    PAGE_SIZE,
    Wanted,
    iterate_acts,
    list_acts,
    list_authors,
    list_ledger,
)

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


@pytest.fixture
def ada(services):
    with writing() as session:
        account = Account(email="ada@paper.example", name="Ada", role="editor", created_at=NOW)
        session.add(account)
        session.flush()
        return Person(account.id, "Ada", "ada@paper.example", "editor")


@pytest.fixture
def slug(services):
    return poll("Will it?")


def poll(question, opens_at=NOW):
    """A question without a line in the record."""
    with writing() as session:
        new = NewPoll(question, options=("Yes", "No"))
        return put_poll(session, new, article=None, opens_at=opens_at, now=NOW).slug


def write(act, *, by=COMMAND_LINE, on="something", poll=None, now=NOW, **details):
    with writing() as session:
        found = session.scalar(select(Poll).where(Poll.slug == poll)) if poll else on
        record(session, act, by=by, now=now, on=found, **details)


@pytest.mark.parametrize("statement", ["UPDATE acts SET reason = 'nicer'", "DELETE FROM acts"])
def test_no_line_is_ever_changed_or_deleted(services, statement):
    write("account.role", reason="as it was")

    with pytest.raises(DBAPIError, match="new lines only"), writing() as session:
        session.execute(text(statement))

    assert [act.reason for act in list_acts().acts] == ["as it was"]


def test_not_even_a_statement_that_hits_no_line_passes_on_postgresql(services):
    if db.engine.dialect.name == "sqlite":
        with writing() as session:  # its triggers are asked per line: there is none to protect
            session.execute(text("DELETE FROM acts"))
        return
    with pytest.raises(DBAPIError, match="new lines only"), writing() as session:
        session.execute(text("TRUNCATE acts"))


def test_a_line_says_who_did_what_to_what_with_what_stood_there(ada, slug):
    write("poll.corrected", by=ada, poll=slug, before={"question": "Wil it?"},
          after={"question": "Will it?"}, reason="A typo.")  # fmt: skip

    (act,) = list_acts().acts

    assert (act.who, act.act, act.subject, act.at) == ("Ada", "poll.corrected", "Will it?", NOW)
    assert (act.before, act.after) == ({"question": "Wil it?"}, {"question": "Will it?"})
    assert (act.reason, act.public, act.poll_slug) == ("A typo.", True, slug)


def test_a_line_about_a_draft_leads_nowhere(services):
    draft = poll("A draft?", opens_at=None)
    write("poll.added", poll=draft)

    assert list_acts().acts[0].poll_slug is None


def test_the_newest_stand_first_and_a_page_stays_the_same_while_lines_are_added(services):
    for n in range(PAGE_SIZE + 2):
        write("account.role", on=f"number {n}")

    first = list_acts()
    second = list_acts(before=first.older)
    write("account.role", on="a later one")

    assert first.acts[0].subject == f"number {PAGE_SIZE + 1}"
    assert [act.subject for act in second.acts] == ["number 1", "number 0"]
    assert list_acts(before=first.older) == second
    assert second.older is None
    assert [act.subject for act in iterate_acts()][:2] == ["a later one", f"number {PAGE_SIZE + 1}"]
    assert len(list(iterate_acts())) == PAGE_SIZE + 3


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, 4),
        ({"person": COMMAND_LINE_ID}, 2),
        ({"kind": "poll"}, 2),
        ({"kind": "poll.closed"}, 1),
        ({"kind": "pol"}, 0),
        ({"subject": "IT will"}, 2),
        ({"subject": "%"}, 0),
        ({"article_id": 99}, 0),
    ],
    ids=str,
)
def test_lines_are_chosen_by_person_kind_and_words(ada, slug, wanted, found):
    write("poll.closed", by=ada, poll=slug)
    write("poll.edited", poll=slug)
    write("account.role", on="Ada")
    write("article.added", by=ada, on="The bridge")

    assert len(list_acts(Wanted(**wanted)).acts) == found


def test_lines_are_chosen_by_the_thing_and_an_article_brings_its_questions(ada, slug):
    with writing() as session:
        article = Article(slug="a", title="A", created_at=NOW)
        session.add(article)
        placed = session.scalar(select(Poll))
        placed.article = article
        session.flush()
        record(session, "article.added", by=ada, now=NOW, on=article)
        record(session, "poll.moved", by=ada, now=NOW, on=placed)
        ids = article.id, placed.id
    write("account.role", by=ada)

    assert len(list_acts(Wanted(person=ada.id)).acts) == 3
    assert len(list_acts(Wanted(article_id=ids[0])).acts) == 2
    assert [act.act for act in list_acts(Wanted(poll_id=ids[1])).acts] == ["poll.moved"]


def test_who_stands_in_the_record_is_listed_under_the_present_name(ada):
    assert list_authors() == []
    write("account.role", by=ada)

    assert list_authors() == [(ada.id, "Ada", "ada@paper.example")]

    write("account.role")
    with writing() as session:
        session.execute(update(Account).values(name="Ada L."))

    assert list_authors() == [
        (COMMAND_LINE_ID, "", ""),
        (ada.id, "Ada L.", "ada@paper.example"),
    ]


def test_readers_see_what_touches_a_result_without_names_and_to_the_hour(ada, slug):
    write("poll.edited", by=ada, poll=slug)
    write("poll.opened", by=ada, poll=slug, reason="The hint is wrong: both sides are named.")
    write("poll.closed", by=ada, poll=slug, reason="It has happened.")

    acts = list_ledger().acts

    assert [act.act for act in acts] == ["poll.closed", "poll.opened"]
    assert {act.who for act in acts} == {""}
    assert {act.at for act in acts} == {NOW.replace(minute=0, second=0)}
    assert [act.reason for act in acts] == ["It has happened.", ""]


def test_readers_do_not_see_which_hints_were_overruled(slug):
    write(
        "poll.opened", poll=slug, after={"opens_at": "2026-11-22T12:34:56Z", "hints": ["leading"]}
    )

    (act,) = list_ledger().acts

    assert set(act.after) == {"opens_at"}
    assert set(list_acts().acts[0].after) == {"opens_at", "hints"}


def test_a_question_does_not_take_over_the_lines_of_a_deleted_one(slug):
    write("poll.closed", poll=slug, now=NOW - timedelta(hours=1))

    assert list_ledger(slug).acts == ()
    assert list_ledger().acts[0].poll_slug is None


def test_the_ledger_of_a_question_has_its_earlier_wordings_and_nothing_else(slug, services):
    middle, newest = (poll(f"{word}?") for word in ("Middle", "Newest"))
    with writing() as session:
        by_slug = {poll.slug: poll for poll in session.scalars(select(Poll))}
        by_slug[slug].replaced_by_id = by_slug[middle].id
        by_slug[middle].replaced_by_id = by_slug[newest].id
    other = poll("Other?")
    for about in (slug, middle, newest, other):
        write("poll.opened", poll=about)

    assert [a.subject for a in list_ledger(newest).acts] == ["Newest?", "Middle?", "Will it?"]
    assert [a.subject for a in list_ledger(middle).acts] == ["Middle?", "Will it?"]
    assert len(list_ledger().acts) == 4


def test_there_is_no_ledger_of_an_unknown_question_nor_of_a_draft(services):
    draft = poll("A draft?", opens_at=None)

    for slug in ("unknown", "Kein\0Slug", draft):
        with pytest.raises(NotFound):
            list_ledger(slug)


def test_every_act_has_words_and_every_field_a_name():
    assert all(str(said) for said in [*ACTS.values(), *FIELDS.values()])
    assert not is_reason_public("account.role")


def test_an_act_that_the_record_has_no_words_for_is_a_mistake_of_ours(ada):
    with pytest.raises(ValueError, match=r"poll\.falsified"), writing() as session:
        record(session, "poll.falsified", by=ada, now=NOW, on="something")
