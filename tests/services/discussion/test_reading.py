"""Reading a discussion: both sides, pages, one reason, ten thousand of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import insert

from poll_app.database import db, writing
from poll_app.domain.discussion.times import DiscussionRules
from poll_app.domain.refusals import NotFound
from poll_app.models import Ballot, Choice, FairCount, Reason
from poll_app.services.desk.polls import edit_poll
from poll_app.services.desk.wording import reword
from poll_app.services.discussion.moderation import decide, reply_as_editor
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.queue import list_queue
from poll_app.services.discussion.reading import (
    count_reasons,
    get_discussion,
    get_reason,
    list_earlier_wordings,
    list_newest,
    list_reasons,
)
from poll_app.services.discussion.standings import discussion_version, standing_of
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll
from tests.services.discussion.readers import (
    HOUR,
    NOW,
    draft,
    marked,
    new_poll,
    option,
    publish,
    published,
    reader,
    replied,
    revision,
    shown,
    shown_ids,
    statements,
    vote,
    wrote,
)
from tests.services.people.persons import put

ANNA, BEN, CLEO = reader("anna"), reader("ben"), reader("cleo")


def fill(poll, number, *, start=0):
    """So many published reasons with their ballots and marks, every other one for No."""
    hour = NOW.replace(minute=0)
    keys = [(start + n).to_bytes(16, "big") for n in range(number)]
    sides = [option(poll, "Yes"), option(poll, "No")]
    key = {"poll_id": poll.id}
    with writing() as session:
        session.execute(
            insert(Ballot),
            [
                {
                    **key,
                    "voter_key": one,
                    "state": "counted",
                    "revision": 1,
                    "hour": hour,
                    "peeked": False,
                }
                for one in keys
            ],
        )
        session.execute(
            insert(Choice),
            [{**key, "voter_key": one, "option_id": sides[n % 2]} for n, one in enumerate(keys)],
        )
        made = session.scalars(
            insert(Reason).returning(Reason.id),
            [
                {
                    **key,
                    "voter_key": one,
                    "side_id": sides[n % 2],
                    "position": str(sides[n % 2]),
                    "hour": hour,
                    "text": f"Reason number {start + n}.",
                    "state": "published",
                    "published_hour": hour,
                }
                for n, one in enumerate(keys)
            ],
        ).all()
        session.execute(
            insert(FairCount),
            [
                {"reason_id": id_, "side_id": side, "readers": (id_ * 7 + side) % 50}
                for id_ in made
                for side in sides
            ],
        )
    return made  # fmt: skip


def test_every_option_has_its_side_with_as_many_places(services, poll, ada):
    for number in range(4):
        published(services, poll, reader(number), "Yes", f"Reason number {number}.", by=ada)
    published(services, poll, BEN, "No", by=ada)
    wrote(services, poll, CLEO, "No", "This one is held.")

    discussion = get_discussion(poll, now=NOW, per_side=3)

    assert [(side.label, side.number, len(side.reasons), side.more) for side in discussion.sides] == [
        ("Yes", 4, 3, True), ("No", 1, 1, False), ("Not sure", 0, 0, False),
    ]  # fmt: skip
    assert (discussion.status, discussion.closed_because, discussion.number) == ("open", None, 5)
    assert count_reasons([poll.id, 99]) == {poll.id: 5, 99: 0}


def test_an_empty_discussion_has_all_sides_and_no_version(services, poll):
    discussion = get_discussion(poll, now=NOW)

    assert [side.number for side in discussion.sides] == [0, 0, 0]
    assert (discussion.version, discussion.number, discussion.replies) == (0, 0, 0)
    assert list_reasons(poll, option(poll, "Yes")).side.reasons == ()


def test_why_nobody_can_write_is_told(services, poll):
    closed = replace(poll, discussion=DiscussionRules(NOW, NOW + HOUR))

    discussion = get_discussion(closed, now=NOW + HOUR)

    assert discussion.status == "closed"
    assert "closed on" in str(discussion.closed_because)
    assert "closed on" in str(find_own_part(closed, ANNA, now=NOW + HOUR).why_not)


def test_a_side_is_listed_page_by_page(services, poll):
    made = fill(poll, 61)
    yes = option(poll, "Yes")

    pages = [list_reasons(poll, yes, order="newest", page=page, size=25) for page in (1, 2)]

    assert [len(page.side.reasons) for page in pages] == [25, 6]
    assert [page.side.more for page in pages] == [True, False]
    assert [view.id for page in pages for view in page.side.reasons] == made[::2][::-1]
    with pytest.raises(NotFound, match="no such page"):
        list_reasons(poll, yes, page=3)
    with pytest.raises(NotFound, match="does not belong"):
        list_reasons(poll, 99)


def test_ten_thousand_reasons_cost_as_many_statements_as_ten(services, poll, ada):
    """Asked for the first time, when the order has to be worked out, and again."""
    asked = {}
    yes = option(poll, "Yes")
    reason = fill(poll, 10)[0]
    for size in (10, 10_000):
        if size == 10_000:
            fill(poll, 9_990, start=10)
            decide({reason: revision(reason)}, "publish", by=ada, now=NOW)  # so its version moves
        for time in ("first", "again"):
            with statements() as lines:
                discussion = get_discussion(poll, now=NOW)
                list_reasons(poll, yes, page=1)
                get_reason(reason, now=NOW)
                list_newest([poll])
                find_own_part(poll, ANNA, now=NOW)
                list_queue(now=NOW)
            asked.setdefault(time, []).append(len(lines))
            db.session.rollback()

    assert discussion.number == 10_000
    assert [len(side.reasons) for side in discussion.sides] == [5, 5, 0]
    assert asked["first"][0] == asked["first"][1]
    assert asked["again"][0] == asked["again"][1] < asked["first"][0]


def test_the_discussion_of_a_page_is_a_handful_of_statements(services, poll):
    fill(poll, 300)
    get_discussion(poll, now=NOW)

    with statements() as lines:
        get_discussion(poll, now=NOW)

    assert len([line for line in lines if line.startswith("SELECT")]) <= 7


def test_what_moderators_remove_leaves_a_tombstone_behind_the_others(services, poll, ada):
    bad = published(services, poll, ANNA, "Yes", by=ada, name="Anna")
    good = published(services, poll, BEN, "Yes", "A better reason.", by=ada)
    vote(services, poll, CLEO, "No")
    marked(bad, CLEO)
    decide({bad: revision(bad)}, "reject", code="insult", by=ada, now=NOW)

    assert shown_ids(poll, "Yes") == [good, bad]
    tombstone = shown(poll, "Yes")[1]
    assert (tombstone.state, tombstone.codes, tombstone.text, tombstone.name) == (
        "removed", ("insult",), "", "",
    )  # fmt: skip
    assert (tombstone.position, tombstone.later) == (None, None)
    assert tombstone.marks == 1
    assert get_discussion(poll, now=NOW).sides[0].number == 1
    assert get_reason(bad, now=NOW).reason.state == "removed"


def test_of_many_who_read_after_a_change_one_puts_the_reasons_in_order(services, poll, ada):
    published(services, poll, ANNA, "Yes", by=ada)
    db.session.rollback()
    start = Barrier(8)

    def read(_number):
        with services.app_context():
            start.wait()
            found = standing_of(poll)
            db.session.remove()
            return found

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(read, range(8)))

    assert all(one is found[0] for one in found)


def test_an_edit_of_the_question_gives_the_discussion_its_new_options(services, poll):
    editor = put("Grace Hopper", "editor")
    get_discussion(poll, now=NOW)
    new = NewPoll("Should the town build a tunnel?", options=("Yes", "No", "Two"))
    where = {"article_slug": None, "place": None}
    edit_poll(poll.slug, new, **where, reason="It digs.", revision=1, by=editor, now=NOW)

    edited = get_poll(poll.slug, now=NOW)

    assert edited.options[0].id != poll.options[0].id
    labels = [side.label for side in get_discussion(edited, now=NOW).sides]
    assert labels == ["Yes", "No", "Two"]


def test_what_was_never_public_can_not_be_read(services, poll, ada):
    held = wrote(services, poll, ANNA, "Yes").id
    rejected = wrote(services, poll, BEN, "Yes", "Buy my book, it is good.").id
    decide({rejected: 1}, "reject", code="advertising", by=ada, now=NOW)

    for id_ in (held, rejected, 999):
        with pytest.raises(NotFound):
            get_reason(id_, now=NOW)
    assert shown_ids(poll, "Yes") == []


def test_replies_stand_oldest_first_a_few_in_lists_all_on_the_page(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    replies = [
        replied(reason, ANNA, f"Also, number {n}.", now=NOW + HOUR * (n // 4)).id for n in range(7)
    ]
    decide({replies[0]: 1}, "reject", code="off_topic", by=ada, now=NOW)

    (view,) = shown(poll, "Yes")
    assert [one.id for one in view.replies] == replies[:5]
    assert (view.replies[0].state, view.replies[0].text) == ("removed", "")
    assert view.replies_in_all == 7
    assert [one.id for one in get_reason(replies[3], now=NOW).reason.replies] == replies
    assert get_reason(reason, now=NOW).poll.slug == poll.slug
    with pytest.raises(NotFound):
        get_reason(replies[0], now=NOW)


def test_a_reply_of_the_newsroom_is_marked(services, poll):
    editor = put("Grace Hopper", "editor")
    reason = published(services, poll, ANNA, "Yes", by=editor)

    reply = reply_as_editor(reason, "We have looked into it:\nit is so.", by=editor, now=NOW)

    assert (
        reply_as_editor(reason, "We have looked into it:\nit is so.", by=editor, now=NOW) == reply
    )
    (view,) = shown(poll, "Yes")[0].replies
    assert (view.by_editor, view.name, view.position) == (True, "Grace Hopper", None)


def test_the_newest_of_several_questions(services, poll, ada):
    other = new_poll("And a tunnel?")
    first = published(services, poll, ANNA, "Yes", by=ada)
    second = published(services, other, ANNA, "No", by=ada, now=NOW + HOUR)
    third = published(services, poll, BEN, "No", "A third one.", by=ada, now=NOW + 2 * HOUR)

    newest = list_newest([poll, other])

    assert [(one.poll.slug, one.reason.id) for one in newest] == [
        (poll.slug, third), (other.slug, second), (poll.slug, first),
    ]  # fmt: skip
    assert [one.reason.id for one in list_newest([poll, other], most=1)] == [third]


def test_the_version_moves_with_every_write_and_another_discussion_stays(services, poll, ada):
    other = new_poll("And a tunnel?")
    versions = [discussion_version(poll.id)]
    reason = wrote(services, poll, ANNA, "Yes").id
    for act in (
        lambda: publish(reason, by=ada),
        lambda: marked(reason, BEN),
    ):
        vote(services, poll, BEN, "No")
        db.session.rollback()
        versions.append(discussion_version(poll.id))
        act()
    db.session.rollback()
    versions.append(discussion_version(poll.id))

    assert versions == [0, 1, 2, 3]
    assert discussion_version(other.id) == 0


def test_a_discussion_stays_with_the_wording_it_is_about(services, poll):
    editor = put("Grace Hopper", "editor")
    reason = published(services, poll, ANNA, "Yes", by=editor)
    new = NewPoll("Should the town build a tunnel?", options=("Yes", "No"), not_sure="Not sure")
    reword(poll.slug, new, reason="About a tunnel.", revision=1, by=editor, now=NOW + HOUR)

    now = NOW + 2 * HOUR
    present = get_poll(poll.slug, now=now)
    ((earlier, number),) = list_earlier_wordings(present)

    assert (earlier.id, number) == (poll.id, 1)
    discussion = get_discussion(earlier, now=now)
    assert discussion.status == "closed"
    assert [view.id for view in discussion.sides[0].reasons] == [reason]
    assert get_discussion(present, now=now).number == 0
    page = get_reason(reason, now=now)
    assert (page.poll.question, page.poll.slug) == (poll.question, poll.slug)
    vote(services, present, BEN, "Yes", now=now)
    with pytest.raises(Exception, match="closed"):
        replied(reason, BEN, draft().text, now=now)
