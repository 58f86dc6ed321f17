"""What moderators see beside a text: replies, places; which texts they ask for, since when; times."""

from datetime import timedelta

import pytest

from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import Outdated, Refusal
from poll_app.services.desk.discussion_times import change_discussion
from poll_app.services.desk.moderation import list_places, list_replies
from poll_app.services.discussion.moderation import decide, reply_as_editor, undo
from poll_app.services.discussion.queue import find_queued, get_waiting, list_queue, list_queued
from poll_app.services.discussion.queue_filters import Filters
from poll_app.services.discussion.reports import report_reason
from poll_app.services.discussion.settings import get_article_discussion
from poll_app.services.discussion.writing import delete_reason
from tests.services.discussion.readers import (
    HOUR,
    LONG,
    NOW,
    new_poll,
    publish,
    published,
    reader,
    replied,
    revision,
    rows,
    vote,
    wrote,
)
from tests.services.people.persons import put
from tests.web.acts import new_article


@pytest.fixture
def ada(services):
    return put("Ada Byron", "moderator")


@pytest.fixture
def poll(services):
    return new_poll()


def found(**filters):
    return [one.id for one in list_queue(Filters(**filters), now=NOW).reasons]


def test_replies_stand_under_their_text_until_their_writers_delete_them(services, poll, ada):
    number = published(services, poll, reader("anna"), "Yes", by=ada)
    vote(services, poll, reader("ben"), "No")
    held, gone = (replied(number, reader("ben"), text).id for text in (LONG, "No, not at all."))
    own = reply_as_editor(number, "We asked.\n\nThe answer is no.", by=ada, now=NOW)
    delete_reason(gone, reader("ben"))

    replies = list_replies(number)

    assert [(one.id, one.state, one.by_editor, one.name) for one in replies] == [
        (held, "held", False, ""), (own, "published", True, "Ada Byron"),
    ]  # fmt: skip
    assert len(replies[1].paragraphs) == 2
    assert list_replies(own) == ()


def test_only_places_where_somebody_wrote_are_offered(services, poll):
    new_poll("Nobody writes here?")
    assert list_places().polls == ()

    wrote(services, poll, reader("anna"), "Yes")

    assert list_places().polls == ((poll.slug, poll.question),)
    assert list_places().articles == ()


def test_texts_are_found_by_all_of_their_words_in_any_case(services, poll):
    anna = wrote(
        services, poll, reader("anna"), "Yes", "Über den Fluss fährt nur sie.", name="Çelik"
    )
    wrote(services, poll, reader("ben"), "No", "The ferry is enough, 100% of it.")

    assert found(words="über FLUSS") == found(words="çelik") == [anna.id]
    assert found(words="über ferry") == found(words="_") == []
    assert len(found(words="%")) == 1


def test_what_waits_longest_stands_first_and_what_was_decided_last_does(services, poll, ada):
    late = wrote(services, poll, reader("anna"), "Yes", now=NOW + HOUR).id
    early = wrote(services, poll, reader("ben"), "No", "Another reason.", now=NOW).id
    assert found() == found(show="held") == [early, late]

    publish(early, by=ada, now=NOW)
    publish(late, by=ada, now=NOW + HOUR)

    assert found(show="published") == [late, early]


def test_a_text_that_is_held_again_waits_from_then_on(services, poll, ada):
    number = published(services, poll, reader("anna"), "Yes", by=ada, now=NOW)
    report_reason(number, reader("ben"), "insult", now=NOW + 8 * HOUR)
    hour = NOW.replace(minute=0)
    assert find_queued(number, now=NOW).waits_since == hour + 8 * HOUR
    assert found(code="insult") == [number]
    assert found(code="hate") == []

    then = NOW + 9 * HOUR
    decide({number: revision(number)}, "hold", by=ada, now=then)

    assert get_waiting(now=then + 2 * HOUR).late is False
    assert get_waiting(now=then + 3 * HOUR).late is True
    (one,) = list_queued([number, 99], now=then + 3 * HOUR)
    assert (one.waits_since, one.late) == (then, True)


def test_undoing_a_decision_makes_nobody_wait_anew(services, poll, ada):
    number = wrote(services, poll, reader("anna"), "Yes", now=NOW).id
    before = find_queued(number, now=NOW).waits_since
    (done,) = decide({number: revision(number)}, "publish", by=ada, now=NOW + 4 * HOUR).done

    undo(done.act_id, by=ada, now=NOW + 5 * HOUR)

    assert find_queued(number, now=NOW + 5 * HOUR).waits_since == before


def test_a_discussion_takes_new_times_and_keeps_those_that_a_form_left_alone(services, ada):
    new_article(services, slug="an-article")
    change = DiscussionRules(NOW, None, "before")
    change_discussion("an-article", change, revision=1, by=ada, now=NOW)
    stored = get_article_discussion("an-article", now=NOW)
    assert stored.rules == change

    with pytest.raises(Outdated):
        change_discussion("an-article", change, revision=1, by=ada, now=NOW)
    with pytest.raises(Refusal):
        change_discussion(
            "an-article", DiscussionRules(NOW, NOW - timedelta(days=1)),
            revision=stored.revision, by=ada, now=NOW,
        )  # fmt: skip
    assert rows("SELECT act FROM acts WHERE act = 'article.discussion'") == [
        ("article.discussion",)
    ]
