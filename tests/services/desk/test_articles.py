"""Articles at the desk, on every database: written, published, withdrawn, deleted, recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import COMMAND_LINE, Person
from poll_app.domain.article_text import ArticleText
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.models import Account, Act, Article, Poll
from poll_app.services.articles import Withdrawn, get_article
from poll_app.services.desk.article_views import get_desk_article
from poll_app.services.desk.articles import (
    add_article,
    delete_article,
    publish_article,
    save_article,
    withdraw_article,
)
from poll_app.services.poll_views import get_poll, list_polls
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = ArticleText("A headline", "A standfirst", "A source", "Some *words*.", "And you?", "de")
GOOD = NewPoll("Should the town build a bridge?", options=("Yes", "No"), not_sure="Not sure")
HINTED = NewPoll("Will it rain?", options=("Yes", "No"), not_sure="Not sure")


@pytest.fixture
def by(services):
    """An editor with an account."""
    with writing() as session:
        account = Account(email="e@paper.example", name="Ed", role="editor", created_at=NOW)
        session.add(account)
        session.flush()
        return Person(account.id, "Ed", account.email, "editor")


@pytest.fixture
def slug(by):
    """A draft."""
    return add_article(TEXT, by=by, now=NOW)


def acts():
    """The record: act, subject, before, after, reason."""
    db.session.rollback()
    return [
        (act.act, act.subject, act.before, act.after, act.reason)
        for act in db.session.scalars(select(Act).order_by(Act.id))
    ]


def revision(slug):
    return get_desk_article(slug, now=NOW).revision


def publish(slug, by, *, questions=True, reason="", now=NOW):
    return publish_article(
        slug, revision=revision(slug), questions=questions, reason=reason, by=by, now=now
    )


def question(slug, new=GOOD, *, opens_at=None, **times):
    return add_poll(new, article_slug=slug, opens_at=opens_at, now=NOW, **times)


def test_an_article_written_by_hand_is_a_draft(slug):
    article = get_desk_article(slug, now=NOW)

    assert (slug, article.state, article.text, article.polls) == ("a-headline", "draft", TEXT, ())
    with pytest.raises(NotFound):
        get_article(slug, now=NOW)


def test_what_was_written_is_in_the_record_with_who_wrote_it(slug, by):
    (act,) = db.session.scalars(select(Act))

    assert (act.act, act.subject, act.who, act.account_id) == (
        "article.added", "A headline", "Ed", by.id,
    )  # fmt: skip
    assert act.after == {
        "title": "A headline", "standfirst": "A standfirst", "source": "A source",
        "body": "Some *words*.", "discussion_prompt": "And you?", "language": "de",
    }  # fmt: skip
    assert not act.public


def test_a_second_click_adds_nothing_and_later_the_same_words_are_another_article(slug, by):
    assert add_article(TEXT, by=by, now=NOW + timedelta(seconds=4)) == slug
    assert add_article(TEXT, slug=slug, by=by, now=NOW) == slug
    assert len(acts()) == 1

    assert add_article(replace(TEXT, body="Else."), by=by, now=NOW) == f"{slug}-2"
    assert add_article(TEXT, by=COMMAND_LINE, now=NOW) == f"{slug}-3"
    assert add_article(TEXT, by=by, now=NOW + timedelta(seconds=6)) == f"{slug}-4"


def test_what_is_left_empty_is_not_in_the_record(by):
    add_article(ArticleText("Bare"), by=by, now=NOW)

    assert acts()[-1][3] == {"title": "Bare"}


def test_an_article_can_have_an_address_of_choice(by):
    assert add_article(TEXT, slug="of-choice", by=by, now=NOW) == "of-choice"


@pytest.mark.parametrize("taken", ["a-headline", "import", "new"])
def test_an_address_that_is_taken_or_the_desks_own_is_refused(slug, by, taken):
    with pytest.raises(Refusal, match="is taken") as refused:
        add_article(replace(TEXT, title="Else"), slug=taken, by=by, now=NOW)

    assert refused.value.field == "slug"


@pytest.mark.parametrize("title", ["Import", "New"])
def test_a_title_that_reads_like_a_page_of_the_desk_gets_a_number(by, title):
    assert add_article(ArticleText(title), by=by, now=NOW) == f"{title.lower()}-2"


def test_an_article_that_cant_be_is_not_stored_and_not_recorded(by):
    with pytest.raises(Refusal):
        add_article(replace(TEXT, standfirst="x" * 601), by=by, now=NOW)

    assert acts() == []
    assert db.session.scalars(select(Article)).all() == []


def test_an_edit_changes_what_was_changed_and_records_that(slug, by):
    saved = save_article(
        slug, replace(TEXT, title="Another", source=""), revision=1, by=by, now=NOW
    )

    assert saved == slug
    assert get_desk_article(slug, now=NOW).text == replace(TEXT, title="Another", source="")
    assert acts()[-1] == (
        "article.edited", "Another",
        {"title": "A headline", "source": "A source"}, {"title": "Another", "source": ""}, "",
    )  # fmt: skip


def test_an_edit_that_changes_nothing_leaves_no_trace(slug, by):
    save_article(slug, TEXT, revision=1, by=by, now=NOW)

    assert revision(slug) == 1
    assert len(acts()) == 1


def test_an_old_revision_is_refused_and_nothing_is_overwritten(slug, by):
    save_article(slug, replace(TEXT, title="Theirs"), revision=1, by=by, now=NOW)

    with pytest.raises(Outdated, match="Somebody else has saved"):
        save_article(slug, replace(TEXT, title="Mine"), revision=1, by=by, now=NOW)

    assert get_desk_article(slug, now=NOW).text.title == "Theirs"


def test_the_address_of_a_draft_can_be_changed(slug, by):
    moved = save_article(slug, TEXT, new_slug="elsewhere", revision=1, by=by, now=NOW)

    assert moved == "elsewhere"
    assert get_desk_article("elsewhere", now=NOW).text == TEXT
    assert acts()[-1][2:4] == ({"slug": slug}, {"slug": "elsewhere"})
    with pytest.raises(NotFound):
        get_desk_article(slug, now=NOW)


@pytest.mark.parametrize("same", [None, "", "a-headline"])
def test_no_new_address_keeps_the_old_one(slug, by, same):
    assert save_article(slug, TEXT, new_slug=same, revision=1, by=by, now=NOW) == slug


def test_the_address_of_an_article_that_was_public_stays(slug, by):
    publish(slug, by)

    moved = save_article(slug, TEXT, new_slug="elsewhere", revision=2, by=by, now=NOW)

    assert moved == slug


def test_publishing_opens_the_questions_that_are_ready(slug, by):
    ready, waiting = question(slug), question(slug, NewPoll("What will become of it all?"))
    later = question(slug, GOOD, opens_at=NOW + HOUR)

    assert publish(slug, by) == 1

    assert get_article(slug, now=NOW).published_at == NOW
    assert [poll.slug for poll in get_article(slug, now=NOW).polls] == [ready, later]
    assert get_poll(ready, now=NOW).status == "open"
    assert get_poll(later, now=NOW).status == "scheduled"
    assert [p.slug for p in list_polls(now=NOW, drafts=True) if p.status == "draft"] == [waiting]
    assert [act[0] for act in acts()[-2:]] == ["article.published", "poll.opened"]


def test_publishing_can_leave_the_questions_alone(slug, by):
    question(slug)

    assert publish(slug, by, questions=False) == 0
    assert get_article(slug, now=NOW).polls == ()


def test_a_question_with_hints_needs_a_reason_which_is_kept(slug, by):
    question(slug, HINTED)
    plain = question(slug)
    before = acts()

    with pytest.raises(Refusal) as refused:
        publish(slug, by, reason=" ")

    assert refused.value.field == "reason"
    assert acts() == before
    assert get_desk_article(slug, now=NOW).state == "draft"

    assert publish(slug, by, reason="It is for today.") == 2
    hinted, unhinted = acts()[-2:]
    assert (hinted[3]["hints"], hinted[4]) == (["undated"], "It is for today.")
    assert ("hints" in unhinted[3], unhinted[4]) == (False, "")
    assert get_poll(plain, now=NOW).status == "open"


def test_a_question_whose_end_is_past_stops_the_publishing(slug, by):
    question(slug)
    with writing() as session:
        session.scalars(select(Poll)).one().closes_at = NOW

    with pytest.raises(Refusal, match="would close before it opens"):
        publish(slug, by)

    assert get_desk_article(slug, now=NOW).state == "draft"


def test_an_article_that_was_changed_meanwhile_is_looked_at_again_before_it_is_published(slug, by):
    save_article(slug, replace(TEXT, title="Another"), revision=1, by=by, now=NOW)

    with pytest.raises(Outdated, match="Look at it again first"):
        publish_article(slug, revision=1, questions=True, by=by, now=NOW)


def test_a_second_click_on_publish_does_nothing(slug, by):
    publish(slug, by)
    before = acts()

    assert publish_article(slug, revision=1, questions=True, by=by, now=NOW) == 0
    assert acts() == before


def test_a_withdrawn_article_says_so_and_its_questions_stay(slug, by):
    poll = question(slug)
    publish(slug, by)

    withdraw_article(slug, reason="It was wrong.", by=by, now=NOW + HOUR)

    with pytest.raises(Withdrawn):
        get_article(slug, now=NOW + HOUR)
    shown = get_poll(poll, now=NOW + HOUR)
    assert (shown.status, shown.article_slug) == ("open", None)
    assert acts()[-1] == ("article.withdrawn", "A headline", {}, {}, "It was wrong.")


def test_withdrawing_twice_is_withdrawing_once(slug, by):
    publish(slug, by)
    withdraw_article(slug, reason="Wrong.", by=by, now=NOW)
    before = acts()

    withdraw_article(slug, reason="Wrong.", by=by, now=NOW + HOUR)

    assert acts() == before
    assert get_desk_article(slug, now=NOW).withdrawn_at == NOW


def test_withdrawing_needs_a_reason(slug, by):
    publish(slug, by)

    with pytest.raises(Refusal) as refused:
        withdraw_article(slug, reason="", by=by, now=NOW)

    assert refused.value.field == "reason"
    assert get_article(slug, now=NOW)


def test_a_draft_cant_be_withdrawn(slug, by):
    with pytest.raises(Refusal, match="never public"):
        withdraw_article(slug, reason="Wrong.", by=by, now=NOW)


def test_a_withdrawn_article_can_be_published_again_under_its_first_date(slug, by):
    publish(slug, by)
    withdraw_article(slug, reason="Wrong.", by=by, now=NOW)

    publish(slug, by, now=NOW + HOUR)

    assert get_article(slug, now=NOW + HOUR).published_at == NOW
    assert acts()[-1][0] == "article.restored"


def test_a_draft_is_deleted_with_the_drafts_of_its_questions(slug, by):
    question(slug)
    question(slug, NewPoll("What will become of it all?"))
    other = question(None)

    delete_article(slug, by=by, now=NOW)

    assert [poll.slug for poll in list_polls(now=NOW, drafts=True)] == [other]
    assert db.session.scalars(select(Article)).all() == []
    assert recount() == []
    assert [act[:2] for act in acts()[-3:]] == [
        ("poll.deleted", GOOD.question),
        ("poll.deleted", "What will become of it all?"),
        ("article.deleted", "A headline"),
    ]


def test_an_article_that_was_public_is_not_deleted(slug, by):
    publish(slug, by)

    with pytest.raises(Refusal, match="withdrawn, not deleted"):
        delete_article(slug, by=by, now=NOW)


@pytest.mark.parametrize("opens_at", [NOW, NOW + HOUR])
def test_a_question_that_is_no_draft_keeps_its_article_from_being_deleted(slug, by, opens_at):
    question(slug)
    question(slug, HINTED, opens_at=opens_at)
    before = acts()

    with pytest.raises(Refusal, match="“Will it rain\\?” is no draft any more"):
        delete_article(slug, by=by, now=NOW)

    assert acts() == before
    assert len(get_desk_article(slug, now=NOW).polls) == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda slug: save_article(slug, TEXT, revision=1, by=COMMAND_LINE, now=NOW),
        lambda slug: publish_article(slug, revision=1, questions=True, by=COMMAND_LINE, now=NOW),
        lambda slug: withdraw_article(slug, reason="x", by=COMMAND_LINE, now=NOW),
        lambda slug: delete_article(slug, by=COMMAND_LINE, now=NOW),
        lambda slug: get_desk_article(slug, now=NOW),
    ],
)
def test_an_unknown_article_is_not_found(services, act):
    with pytest.raises(NotFound):
        act("unknown")
