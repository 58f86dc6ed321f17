"""Fair points, named changes of mind, and the order that follows from them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from poll_app.database import db, writing
from poll_app.domain.discussion.ranking import SideCount
from poll_app.domain.refusals import NotFound, NotOpen, Refusal
from poll_app.models import FairCount
from poll_app.services.discussion.marks import (
    mark_fair,
    name_reason,
    turn_mark,
    unmark_fair,
    unname_reason,
)
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.reading import get_discussion
from poll_app.services.recount import recount
from tests.services.discussion.readers import (
    HOUR,
    NOW,
    marked,
    new_poll,
    option,
    publish,
    published,
    reader,
    replied,
    rows,
    shown,
    shown_ids,
    vote,
    withdraw,
    wrote,
)

ANNA, BEN, CLEO = reader("anna"), reader("ben"), reader("cleo")


def voters(services, poll, label, number, *, start=0):
    people = [reader(f"{label} {start + n}") for n in range(number)]
    for one in people:
        vote(services, poll, one, label)
    return people


def counts(poll, label, **how):
    """Of each reason its marks and those who had seen it, by option."""
    labels = {one.id: one.label for one in poll.options}
    return {
        view.id: {labels[one.option_id]: (one.marks, one.seen) for one in view.counts}
        for view in shown(poll, label, **how)
    }


def test_a_mark_counts_once_and_can_be_taken_back(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")

    assert mark_fair(reason, BEN, now=NOW).stands
    assert mark_fair(reason, BEN, now=NOW).poll_slug == poll.slug
    assert counts(poll, "Yes") == {reason: {"No": (1, 1)}}
    assert find_own_part(poll, BEN, now=NOW).marked == {reason}
    assert not unmark_fair(reason, BEN, now=NOW).stands
    unmark_fair(reason, BEN, now=NOW)

    assert counts(poll, "Yes") == {reason: {}}
    assert rows("SELECT * FROM markers") == []
    assert recount() == []


def test_a_bare_post_turns_the_mark(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")

    assert [turn_mark(reason, BEN, now=NOW).stands for _ in range(3)] == [True, False, True]
    with pytest.raises(NotFound):
        turn_mark(999, BEN, now=NOW)


def test_who_may_not_mark_is_told(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    held = wrote(services, poll, CLEO, "No", "Something that is not read yet.").id
    reply = replied(reason, ANNA, "And one more thing: it pays.").id

    with pytest.raises(Refusal, match="Answer the question first"):
        mark_fair(reason, BEN, now=NOW)
    with pytest.raises(Refusal, match="your own"):
        mark_fair(reason, ANNA, now=NOW)
    vote(services, poll, BEN, "No")
    for id_ in (held, reply, 999):
        with pytest.raises(NotFound):
            mark_fair(id_, BEN, now=NOW)


def test_nothing_is_marked_in_a_closed_discussion(services, ada):
    poll = new_poll(closes_at=NOW + HOUR)
    reason = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")
    late = NOW + 24 * 15 * HOUR

    for act in (mark_fair, unmark_fair, name_reason):
        with pytest.raises(NotOpen):
            act(reason, BEN, now=late)


def test_who_marked_before_a_reason_was_there_had_not_seen_it(services, poll, ada):
    early = published(services, poll, ANNA, "Yes", by=ada)
    for one in voters(services, poll, "No", 3):
        mark_fair(early, one, now=NOW)

    late = published(services, poll, CLEO, "Yes", "Another reason.", by=ada, now=NOW + HOUR)
    assert counts(poll, "Yes")[late] == {"No": (0, 0)}
    vote(services, poll, BEN, "No")
    marked(early, BEN, now=NOW + HOUR)

    assert counts(poll, "Yes") == {early: {"No": (4, 4)}, late: {"No": (0, 1)}}


def test_the_order_is_the_one_computed_by_hand(services, poll, ada):
    """Four readers who said Yes and two who said No mark; the sums stand in the domain's test."""
    texts = ("First reason here.", "Second reason here.", "Third reason here.", "Fourth reason here.",
             "Fifth reason here.")  # fmt: skip
    ids = [
        published(services, poll, reader(f"author {n}"), "No", words, by=ada)
        for n, words in enumerate(texts)
    ]
    yes, no = voters(services, poll, "Yes", 4), voters(services, poll, "No", 2)
    marked(ids[0], *yes)
    marked(ids[1], *yes[:2], no[0])
    marked(ids[2], yes[0], *no)
    marked(ids[4], yes[3], no[1])

    assert shown_ids(poll, "No") == [ids[n] for n in (1, 2, 4, 0, 3)]
    assert shown_ids(poll, "No", order="most_marked") == [ids[n] for n in (0, 1, 2, 4, 3)]
    assert shown_ids(poll, "No", order="newest") == ids[::-1]
    assert counts(poll, "No")[ids[1]] == {"Yes": (2, 4), "No": (1, 2)}
    assert shown(poll, "No")[0].counts == (
        SideCount(option(poll, "Yes"), 2, 4), SideCount(option(poll, "No"), 1, 2),
    )  # fmt: skip


def test_a_brigade_of_one_side_lifts_nothing_above_what_both_found_fair(services, poll, ada):
    """200 readers of one side, all marking one reason of theirs, against one reader of each."""
    fair = published(services, poll, ANNA, "Yes", "What both sides find fair.", by=ada)
    loud = published(services, poll, BEN, "Yes", "What one side shouts.", by=ada)
    (yes,), (no,) = voters(services, poll, "Yes", 1), voters(services, poll, "No", 1)
    marked(fair, yes, no)
    brigade = voters(services, poll, "Yes", 200, start=1)

    for number, one in enumerate(brigade, 1):
        mark_fair(loud, one, now=NOW)
        if number in {1, 10, 100, 200}:
            assert shown_ids(poll, "Yes") == [fair, loud]

    assert counts(poll, "Yes") == {
        fair: {"Yes": (1, 201), "No": (1, 1)}, loud: {"Yes": (200, 201), "No": (0, 1)},
    }  # fmt: skip
    assert shown_ids(poll, "Yes", order="most_marked") == [loud, fair]
    assert recount() == []


def test_the_undecided_make_no_reason_fair_to_the_other_side(services, poll, ada):
    pleasing, fair = (
        published(services, poll, one, "Yes", words, by=ada)
        for one, words in ((ANNA, "What nobody minds."), (BEN, "What both sides find fair."))
    )
    (yes,), (no,) = voters(services, poll, "Yes", 1), voters(services, poll, "No", 1)
    marked(fair, yes, no)

    marked(pleasing, yes, *voters(services, poll, "Not sure", 9))

    assert shown_ids(poll, "Yes") == [fair, pleasing]


def test_a_reason_that_changed_a_mind_is_named_and_counted(services, poll, ada):
    reason = published(services, poll, ANNA, "No", by=ada)
    other = published(services, poll, CLEO, "No", "Another reason against it.", by=ada)
    vote(services, poll, BEN, "Yes")
    with pytest.raises(Refusal, match="not changed"):
        name_reason(reason, BEN, now=NOW)
    vote(services, poll, BEN, "No", now=NOW + HOUR)
    assert find_own_part(poll, BEN, now=NOW + HOUR).may_name

    for id_ in (other, reason, reason):
        assert name_reason(id_, BEN, now=NOW + HOUR).stands

    assert {view.id: view.minds_changed for view in shown(poll, "No")} == {reason: 1, other: 0}
    assert find_own_part(poll, BEN, now=NOW).changed_by == reason
    unname_reason(other, BEN)
    assert find_own_part(poll, BEN, now=NOW).changed_by == reason
    assert not unname_reason(reason, BEN).stands
    assert find_own_part(poll, BEN, now=NOW).changed_by is None


def test_what_changes_nothing_leaves_the_version_alone(services, poll, ada):
    """So that nobody has ten thousand reasons put in order again and again at no cost."""
    reason = published(services, poll, ANNA, "No", by=ada)
    vote(services, poll, BEN, "Yes")
    vote(services, poll, BEN, "No")
    versions = []

    for act in (
        lambda: mark_fair(reason, BEN, now=NOW),
        lambda: name_reason(reason, BEN, now=NOW),
        lambda: unname_reason(reason, BEN),
        lambda: unmark_fair(reason, BEN, now=NOW),
    ):
        for _ in range(3):
            act()
            versions.append(get_discussion(poll, now=NOW).version)

    assert versions == [number for number in (3, 4, 5, 6) for _ in range(3)]


def test_a_mark_repeated_later_tells_what_its_reader_has_seen_by_then(services, poll, ada):
    early = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")
    marked(early, BEN)
    late = published(services, poll, CLEO, "Yes", "Another reason.", by=ada, now=NOW + HOUR)

    marked(early, BEN, now=NOW + HOUR)

    assert counts(poll, "Yes")[late] == {"No": (0, 1)}


def test_who_withdrew_or_came_back_to_the_first_answer_changed_no_mind(services, poll, ada):
    reason = published(services, poll, ANNA, "No", by=ada)
    vote(services, poll, BEN, "Yes")
    withdraw(services, poll, BEN)
    with pytest.raises(Refusal, match="Answer the question first"):
        name_reason(reason, BEN, now=NOW)

    vote(services, poll, BEN, "Yes", now=NOW + HOUR)

    with pytest.raises(Refusal, match="not changed"):
        name_reason(reason, BEN, now=NOW + HOUR)


def at_once(services, act, times=2):
    """Does it in several threads that start together; what each of them ended with."""
    start = threading.Barrier(times)

    def one(number):
        with services.app_context():
            start.wait()
            try:
                return act(number)
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_marks_of_one_reader_at_the_same_moment_count_once(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")
    db.session.remove()

    outcomes = at_once(services, lambda _: mark_fair(reason, BEN, now=NOW).stands, 4)

    assert outcomes == [True] * 4
    assert counts(poll, "Yes") == {reason: {"No": (1, 1)}}
    assert recount() == []


def test_marks_of_several_readers_at_the_same_moment_all_count(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    people = voters(services, poll, "No", 6)
    before = get_discussion(poll, now=NOW).version
    db.session.remove()

    at_once(services, lambda n: mark_fair(reason, people[n], now=NOW), 6)

    assert counts(poll, "Yes") == {reason: {"No": (6, 6)}}
    assert get_discussion(poll, now=NOW).version == before + 6


def test_a_wrong_count_is_found_and_repaired(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")
    marked(reason, BEN)
    assert counts(poll, "Yes")[reason] == {"No": (1, 1)}
    with writing() as session:
        session.get(FairCount, (reason, option(poll, "No"))).readers = 7

    (wrong,) = recount(repair=True)

    assert (wrong.poll_slug, wrong.tallied, wrong.counted) == (poll.slug, 7, 1)
    assert f"reason {reason}" in wrong.what
    assert recount() == []
    assert counts(poll, "Yes")[reason] == {"No": (1, 1)}


def test_several_reasons_published_at_once_keep_their_marks_when_one_goes(services, poll, ada):
    first = wrote(services, poll, ANNA, "Yes").id
    second = wrote(services, poll, CLEO, "No", "Something else that matters.").id
    publish(first, second, by=ada)
    vote(services, poll, BEN, "No")
    marked(first, BEN)
    marked(second, BEN)

    unmark_fair(first, BEN, now=NOW)

    assert counts(poll, "Yes") == {first: {"No": (0, 1)}}
    assert counts(poll, "No") == {second: {"No": (1, 1)}}
