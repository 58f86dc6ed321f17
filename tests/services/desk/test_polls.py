"""Polls at the desk before their first ballot, on every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import Person
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.domain.voters import Voter
from poll_app.models import Account, Act, Article, Poll
from poll_app.services.articles import put_article
from poll_app.services.desk.poll_times import close_now, move_end, reopen, set_times
from poll_app.services.desk.polls import add_draft, delete_draft, duplicate_poll, edit_poll
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.voting import cast_ballot

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = NewPoll("Should the town build a bridge?", options=("Yes", "No"), not_sure="Not sure")
READER = Voter("one reader", "a secret")


@pytest.fixture
def editor(services):
    with writing() as session:
        account = Account(email="e@paper.example", name="Ed", role="editor", created_at=NOW)
        session.add(account)
        session.flush()
        return Person(account.id, "Ed", account.email, "editor")


@pytest.fixture
def article(services):
    with writing() as session:
        return put_article(
            session, Article(title="The town"), slug="the-town", publish=True, now=NOW
        ).slug


def stored(slug):
    db.session.rollback()
    return db.session.scalars(select(Poll).where(Poll.slug == slug)).one()


def acts():
    db.session.rollback()
    return [
        (act.act, act.before, act.after, act.reason)
        for act in db.session.scalars(select(Act).order_by(Act.id))
    ]


def edited(slug, new=NEW, *, by, now=NOW, revision=None, article_slug=None, place=None):
    revision = stored(slug).revision if revision is None else revision
    edit_poll(slug, new, article_slug=article_slug, place=place, revision=revision, by=by, now=now)


def opened(slug, *, by, now=NOW, closes_at=None, opens_at=None, reason=""):
    set_times(
        slug, opens_at=opens_at or now, closes_at=closes_at, reason=reason,
        revision=stored(slug).revision, by=by, now=now,
    )  # fmt: skip
    return slug


def vote(services, slug, label, *, now, voter=READER):
    poll = get_poll(slug, now=now)
    chosen = next(option.id for option in poll.options if option.label == label)
    return cast_ballot(services.extensions["ballot_box"], poll, voter, [chosen], now=now)


def test_a_draft_is_stored_hidden_and_recorded(editor, article):
    slug = add_draft(NEW, article_slug=article, by=editor, now=NOW)

    assert slug == "should-the-town-build-a-bridge"
    assert list_polls(now=NOW) == []
    ((act, _, after, _),) = acts()
    assert act == "poll.added"
    assert (after["options"], after["not_sure"], after["article"]) == (
        ["Yes", "No"],
        "Not sure",
        article,
    )


def test_a_second_click_adds_nothing_and_a_later_one_does(editor):
    first = add_draft(NEW, by=editor, now=NOW)

    assert add_draft(NEW, by=editor, now=NOW + timedelta(seconds=2)) == first
    assert add_draft(NEW, by=editor, now=NOW + HOUR) != first
    assert len(acts()) == 2


def test_a_draft_may_wait_for_its_options(editor):
    slug = add_draft(replace(NEW, options=(), not_sure=None), by=editor, now=NOW)

    assert stored(slug).options == []
    with pytest.raises(Refusal, match="its options first"):
        opened(slug, by=editor)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": " "}, "question"),
        ({"options": ("Yes",)}, "option"),
        ({"options": tuple(map(str, range(21)))}, "option"),
        ({"options": ("Yes", "yes")}, "option"),
        ({"method": "guess"}, "method"),
        ({"results_policy": "never"}, "results_policy"),
        ({"method": "multiple", "max_choices": 3}, "max_choices"),
    ],
)
def test_what_a_poll_can_not_be_is_refused_and_not_recorded(editor, change, field):
    with pytest.raises(Refusal) as refused:
        add_draft(replace(NEW, **change), by=editor, now=NOW)

    assert (refused.value.field, acts()) == (field, [])


@pytest.mark.parametrize("slug", ["nowhere", "no/slug\x00"])
def test_an_unknown_article_is_refused(editor, slug):
    with pytest.raises(Refusal) as refused:
        add_draft(NEW, article_slug=slug, by=editor, now=NOW)

    assert refused.value.field == "article"


@pytest.mark.parametrize("opens_at", [NOW, NOW + HOUR])
def test_new_hints_ask_for_a_reason_where_nobody_looks_at_it_again(editor, opens_at):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor, opens_at=opens_at)
    leading = replace(NEW, question="Surely the town should build a bridge?")

    with pytest.raises(Refusal) as refused:
        edited(slug, leading, by=editor)
    assert (refused.value.field, stored(slug).question) == ("reason", NEW.question)

    edit_poll(slug, leading, article_slug=None, place=None, reason="A quotation.",
              revision=stored(slug).revision, by=editor, now=NOW)  # fmt: skip
    assert (acts()[-1][2]["hints"], acts()[-1][3]) == (["leading"], "A quotation.")
    edited(slug, replace(leading, results_policy="after_close"), by=editor)
    assert acts()[-1][1:] == ({"results_policy": "always"}, {"results_policy": "after_close"}, "")


def test_an_edit_replaces_words_and_rules_and_keeps_what_differs(editor):
    slug = add_draft(NEW, by=editor, now=NOW)
    ids = [option.id for option in stored(slug).options]
    new = NewPoll("Which?", options=("B", "Yes", "C"), method="multiple", max_choices=2)

    edited(slug, new, by=editor)

    poll = stored(slug)
    assert [(o.label, o.not_sure) for o in poll.options] == [
        ("B", False),
        ("Yes", False),
        ("C", False),
    ]
    assert (poll.question, poll.method, poll.max_choices) == ("Which?", "multiple", 2)
    assert not {option.id for option in poll.options} & set(ids)
    act, before, after, _ = acts()[-1]
    assert act == "poll.edited"
    assert before["question"] == NEW.question
    assert "results_policy" not in after
    assert recount() == []


def test_saving_without_a_change_leaves_no_trace(editor):
    slug = add_draft(NEW, by=editor, now=NOW)
    revision = stored(slug).revision

    edited(slug, by=editor)

    assert (stored(slug).revision, len(acts())) == (revision, 1)


def test_an_edit_of_options_alone_makes_the_other_editors_form_old(editor):
    slug = add_draft(NEW, by=editor, now=NOW)
    seen = stored(slug).revision
    edited(slug, replace(NEW, options=("No", "Yes")), by=editor)

    with pytest.raises(Outdated):
        edited(slug, by=editor, revision=seen)

    assert [o.label for o in stored(slug).options] == ["No", "Yes", "Not sure"]


def test_polls_are_placed_in_order_and_their_neighbours_stay_undisturbed(editor, article):
    one, two, three = (
        add_draft(replace(NEW, question=f"{n}?"), article_slug=article, by=editor, now=NOW)
        for n in ("One", "Two", "Three")
    )
    revision = stored(one).revision

    edited(three, replace(NEW, question="Three?"), by=editor, article_slug=article, place=1)

    in_order = [
        poll.slug for poll in sorted((stored(s) for s in (one, two, three)), key=lambda p: p.place)
    ]
    assert in_order == [three, one, two]
    assert stored(one).revision == revision
    assert acts()[-1][:3] == ("poll.moved", {"place": 3}, {"place": 1})
    edited(three, None, by=editor)
    assert (stored(three).article_id, stored(three).place) == (None, 0)


def test_unknown_polls_are_not_found(editor):
    for slug in ("unknown", "a/b\x00"):
        with pytest.raises(NotFound):
            edit_poll(slug, NEW, article_slug=None, place=None, revision=1, by=editor, now=NOW)
        with pytest.raises(NotFound):
            delete_draft(slug, by=editor, now=NOW)


def test_a_copy_is_a_new_draft_on_the_same_article(editor, article):
    slug = opened(add_draft(NEW, article_slug=article, by=editor, now=NOW), by=editor)

    copy = duplicate_poll(slug, by=editor, now=NOW + HOUR)

    assert duplicate_poll(slug, by=editor, now=NOW + HOUR) == copy
    assert (stored(copy).opens_at, stored(copy).question) == (None, NEW.question)
    assert stored(copy).article_id == stored(slug).article_id
    assert stored(copy).voter_salt != stored(slug).voter_salt
    edited(copy, None, by=editor)
    assert duplicate_poll(copy, by=editor, now=NOW + 3 * HOUR) != copy


def test_a_draft_can_be_deleted_and_its_record_stays(editor):
    slug = add_draft(NEW, by=editor, now=NOW)

    delete_draft(slug, by=editor, now=NOW)

    assert db.session.scalar(select(Poll.id)) is None
    assert [act[0] for act in acts()] == ["poll.added", "poll.deleted"]
    again = add_draft(replace(NEW, options=("A", "B")), by=editor, now=NOW + HOUR)
    opened(again, by=editor, now=NOW + HOUR)
    assert [o.label for o in get_poll(again, now=NOW + HOUR).options] == ["A", "B", "Not sure"]


def test_what_readers_have_seen_is_never_deleted(editor):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)

    with pytest.raises(Refusal, match="Only a draft"):
        delete_draft(slug, by=editor, now=NOW)


def test_an_open_poll_without_ballots_gets_new_options_with_every_edit(services, editor):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)
    seen = get_poll(slug, now=NOW)

    edited(slug, replace(NEW, options=("No", "Yes")), by=editor)

    with pytest.raises(Refusal):
        cast_ballot(services.extensions["ballot_box"], seen, READER, [seen.options[0].id], now=NOW)
    with pytest.raises(Refusal, match="2 to 20"):
        edited(slug, replace(NEW, options=(), not_sure=None), by=editor)
    assert recount() == []


def test_with_the_first_ballot_the_words_are_no_longer_edited(services, editor, article):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)
    vote(services, slug, "Yes", now=NOW)

    with pytest.raises(Refusal, match="The first answer has come in"):
        edited(slug, replace(NEW, question="Another?"), by=editor)
    edited(slug, None, by=editor, article_slug=article)

    assert stored(slug).question == NEW.question
    assert stored(slug).article_id is not None


def test_a_poll_opens_now_once(editor):
    slug = add_draft(NEW, by=editor, now=NOW)
    seen = stored(slug).revision
    for _ in range(2):  # a double click
        set_times(slug, opens_at=NOW, closes_at=NOW + HOUR, revision=seen, by=editor, now=NOW)

    assert get_poll(slug, now=NOW).status == "open"
    assert [act[0] for act in acts()] == ["poll.added", "poll.opened"]


def test_hints_ask_for_a_reason_that_is_kept(editor):
    slug = add_draft(replace(NEW, question="Will the bridge be built?"), by=editor, now=NOW)

    with pytest.raises(Refusal) as refused:
        opened(slug, by=editor)
    opened(slug, by=editor, reason="The date is open.")

    assert refused.value.field == "reason"
    assert acts()[-1][2]["hints"] == ["undated"]
    assert acts()[-1][3] == "The date is open."


def test_a_poll_is_scheduled_moved_and_taken_back_to_draft(editor):
    slug = add_draft(NEW, by=editor, now=NOW)
    opened(slug, by=editor, opens_at=NOW + HOUR)
    assert get_poll(slug, now=NOW).status == "scheduled"

    opened(slug, by=editor, opens_at=NOW + 2 * HOUR, closes_at=NOW + 3 * HOUR)
    assert get_poll(slug, now=NOW).opens_at == NOW + 2 * HOUR

    set_times(
        slug, opens_at=None, closes_at=NOW, revision=stored(slug).revision, by=editor, now=NOW
    )
    with pytest.raises(NotFound):
        get_poll(slug, now=NOW)
    assert stored(slug).closes_at is None
    assert [act[0] for act in acts()] == ["poll.added", *["poll.scheduled"] * 3]


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "field"),
    [(NOW - HOUR, None, "opens_at"), (NOW, NOW, "closes_at")],
)
def test_times_that_can_not_be_change_nothing(editor, opens_at, closes_at, field):
    slug = add_draft(NEW, by=editor, now=NOW)

    with pytest.raises(Refusal) as refused:
        opened(slug, by=editor, opens_at=opens_at, closes_at=closes_at)

    assert (refused.value.field, stored(slug).opens_at, len(acts())) == (field, None, 1)


def test_the_end_of_an_open_poll_moves_in_public(editor):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)

    for closes_at in (NOW + HOUR, NOW + HOUR, None):
        move_end(slug, closes_at=closes_at, revision=stored(slug).revision, by=editor, now=NOW)

    assert [act[0] for act in acts()][2:] == ["poll.closing_moved"] * 2
    with pytest.raises(Outdated):
        move_end(slug, closes_at=NOW + HOUR, revision=1, by=editor, now=NOW)


def test_a_poll_closes_now_once_and_is_reopened_with_a_reason(services, editor):
    slug = opened(add_draft(NEW, by=editor, now=NOW), by=editor)
    later = NOW + HOUR
    for _ in range(2):
        close_now(slug, by=editor, now=later)
    assert get_poll(slug, now=later).status == "closed"
    assert get_poll(slug, now=NOW + 2 * HOUR).closes_at == later

    with pytest.raises(Refusal) as refused:
        reopen(
            slug, closes_at=None, reason=" ", revision=stored(slug).revision, by=editor, now=later
        )
    reopen(
        slug,
        closes_at=None,
        reason="An error.",
        revision=stored(slug).revision,
        by=editor,
        now=later,
    )

    assert refused.value.field == "reason"
    vote(services, slug, "Yes", now=later)
    assert [act[0] for act in acts()][2:] == ["poll.closed", "poll.reopened"]
    assert acts()[-1][3] == "An error."


@pytest.mark.parametrize(
    "act",
    [
        lambda slug, by: close_now(slug, by=by, now=NOW),
        lambda slug, by: move_end(slug, closes_at=None, revision=1, by=by, now=NOW),
        lambda slug, by: reopen(slug, closes_at=None, reason="x", revision=1, by=by, now=NOW),
    ],
    ids=["close", "move", "reopen"],
)
def test_a_draft_can_neither_close_nor_reopen(editor, act):
    slug = add_draft(NEW, by=editor, now=NOW)

    with pytest.raises(Refusal, match="is a draft"):
        act(slug, editor)


def test_the_command_line_is_recorded_too(services):
    add_poll(NEW, opens_at=NOW, closes_at=NOW + HOUR, now=NOW)
    add_poll(NEW, opens_at=NOW + HOUR, now=NOW)

    assert [act[0] for act in acts()] == [
        "poll.added",
        "poll.opened",
        "poll.added",
        "poll.scheduled",
    ]
    assert set(db.session.scalars(select(Act.who))) == {"Command line"}
