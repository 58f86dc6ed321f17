"""Decisions of moderators: the whole life of a text, undone, in bulk, by two at once."""

import pytest

from poll_app.database import db
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.services.discussion.moderation import (
    MOST_AT_ONCE,
    decide,
    erase_reason,
    reply_as_editor,
    undo,
)
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.queue import Filters, find_queued, get_waiting, list_queue
from poll_app.services.discussion.reports import report_reason, take_back_report
from poll_app.services.discussion.standings import discussion_version
from poll_app.services.discussion.writing import delete_reason, edit_reason
from tests.services.discussion.readers import (
    HOUR,
    NOW,
    SITE_NAME,
    discussed_at_once,
    draft,
    new_poll,
    publish,
    published,
    reader,
    replied,
    revision,
    row,
    rows,
    shown_ids,
    vote,
    withdraw,
    wrote,
)
from tests.services.discussion.test_marks import at_once
from tests.services.people.persons import acts, put

ANNA, BEN, CLEO, DORA = (reader(name) for name in ("anna", "ben", "cleo", "dora"))


def state_of(reason_id):
    stored = row("reasons", reason_id)
    return stored["state"], stored["codes"]


def version_of(poll):
    db.session.rollback()
    return discussion_version(poll.id)


def decisions_in_record():
    return [act for act in acts() if act[0].startswith("reason.")]


def told_to(poll, voter):
    return [str(one) for one in find_own_part(poll, voter, now=NOW).reason.told]


def reject(reason_id, code="insult", *, by, now=NOW):
    return decide({reason_id: revision(reason_id)}, "reject", code=code, by=by, now=now).done[0]


def test_the_whole_life_of_a_text(services, poll, ada, grace):
    """Held, published, held, published, removed, undone, removed, undone twice."""
    id_ = wrote(services, poll, ANNA, "Yes").id
    publish(id_, by=ada)
    held = decide({id_: revision(id_)}, "hold", by=grace, now=NOW).done[0]
    assert state_of(id_) == ("held", "moderator")
    assert told_to(poll, ANNA) == ["A moderator wants to look at it again."]
    assert shown_ids(poll, "Yes") == []
    assert undo(held.act_id, by=ada, now=NOW).state == "published"
    removed = reject(id_, by=ada)
    assert state_of(id_) == ("removed", "insult")
    assert told_to(poll, ANNA) == ["It insults somebody."]
    assert undo(removed.act_id, by=grace, now=NOW).state == "published"
    assert state_of(id_) == ("published", "")
    assert shown_ids(poll, "Yes") == [id_]
    with pytest.raises(Outdated):
        undo(removed.act_id, by=grace, now=NOW)

    assert [(act[0], act[1], act[2]) for act in decisions_in_record()] == [
        (f"reason.{did}", who, poll.question)
        for did, who in (
            ("published", "Ada Byron"), ("held", "Grace Hopper"), ("undone", "Ada Byron"),
            ("removed", "Ada Byron"), ("undone", "Grace Hopper"),
        )
    ]  # fmt: skip


def test_a_rejection_has_a_code_that_the_writer_sees(services, poll, ada):
    id_ = wrote(services, poll, ANNA, "Yes").id
    for code in ("", "because"):
        with pytest.raises(Refusal, match="The writer sees it"):
            reject(id_, code, by=ada)

    done = reject(id_, "off_topic", by=ada)

    assert done.state == "rejected"
    assert told_to(poll, ANNA) == ["It is not about this question."]
    assert acts()[-1][0] == "reason.rejected"
    undo(done.act_id, by=ada, now=NOW)
    assert state_of(id_) == ("held", "new_writer")


def test_the_record_holds_no_word_of_a_reader(services, poll, ada):
    id_ = wrote(services, poll, ANNA, "Yes", "A text that must stay erasable.", name="Rosalind").id
    publish(id_, by=ada)
    reject(id_, by=ada)
    reply = published(services, poll, BEN, "No", "Something else to say.", by=ada)
    reply_as_editor(reply, "An answer of the newsroom.", by=ada, now=NOW)
    erase_reason(id_, code="personal_data", by=ada, now=NOW)

    lines = repr(rows("SELECT * FROM acts"))

    assert "reason.erased" in lines
    assert not [
        word for word in ("erasable", "Rosalind", "Something", "answer of") if word in lines
    ]


def test_what_is_erased_is_gone_for_good_and_its_counts_stay(services, poll, ada):
    id_ = published(services, poll, ANNA, "Yes", by=ada, name="Anna")
    with pytest.raises(Refusal, match="Choose why"):
        erase_reason(id_, code="", by=ada, now=NOW)

    erase_reason(id_, code="illegal", by=ada, now=NOW)

    stored = row("reasons", id_)
    assert (stored["text"], stored["name"], stored["state"]) == ("", "", "removed")
    for decision in ("publish", "hold"):
        with pytest.raises(Refusal, match="nothing left to decide"):
            decide({id_: revision(id_)}, decision, by=ada, now=NOW)
    assert row("reasons", id_) == stored
    delete_reason(id_, ANNA)
    with pytest.raises(NotFound):
        erase_reason(id_, code="illegal", by=ada, now=NOW)


def test_several_are_decided_at_once_over_several_questions(services, poll, ada):
    other = new_poll("And a tunnel?")
    ids = [
        wrote(services, one, reader(n), "Yes", f"Reason number {n}.").id
        for n in range(3)
        for one in (other, poll)
    ]
    delete_reason(ids[0], reader(0))

    decisions = decide(
        {id_: revision(id_) if n else 1 for n, id_ in enumerate(ids)}, "publish", by=ada, now=NOW
    )

    assert decisions.missed == (ids[0],)
    assert [one.reason_id for one in decisions.done] == ids[1:]
    assert len({one.act_id for one in decisions.done}) == 5
    assert (len(shown_ids(poll, "Yes")), len(shown_ids(other, "Yes"))) == (3, 2)


def test_what_can_not_be_decided_is_refused(services, poll, ada):
    id_ = wrote(services, poll, ANNA, "Yes").id

    with pytest.raises(NotFound):
        decide({id_: 1, 999: 1}, "publish", by=ada, now=NOW)
    for chosen in ({}, dict.fromkeys(range(MOST_AT_ONCE + 1), 1)):
        with pytest.raises(Refusal, match="between 1 and 100"):
            decide(chosen, "publish", by=ada, now=NOW)
    for number in (0, 999):
        with pytest.raises(NotFound):
            undo(number, by=ada, now=NOW)
    assert state_of(id_) == ("held", "new_writer")


def test_who_comes_second_is_told(services, poll, ada, grace):
    id_ = wrote(services, poll, ANNA, "Yes").id
    db.session.remove()

    outcomes = at_once(
        services,
        lambda n: decide(
            {id_: 1}, ("publish", "reject")[n], code="insult", by=(ada, grace)[n], now=NOW
        ),
    )

    assert sorted(isinstance(one, Outdated) for one in outcomes) == [False, True]
    assert len(decisions_in_record()) == 1


def test_a_text_that_was_edited_since_is_not_decided_unseen(services, poll, ada):
    id_ = wrote(services, poll, ANNA, "Yes").id
    edit_reason(id_, ANNA, draft("Another text by now."), site_name=SITE_NAME, now=NOW)

    with pytest.raises(Outdated, match="has changed it"):
        decide({id_: 1}, "publish", by=ada, now=NOW)


def test_a_decision_is_not_undone_over_the_head_of_the_writer(services, poll, ada):
    id_ = wrote(services, poll, ANNA, "Yes").id
    done = publish(id_, by=ada).done[0]
    delete_reason(id_, ANNA)

    with pytest.raises(Outdated):
        undo(done.act_id, by=ada, now=NOW)
    assert state_of(id_) == ("deleted", "")


def test_who_was_turned_down_does_not_start_afresh_by_deleting(services, ada):
    poll = discussed_at_once()
    id_ = wrote(services, poll, ANNA, "Yes").id
    assert state_of(id_) == ("published", "")
    reject(id_, by=ada)
    delete_reason(id_, ANNA)
    assert state_of(id_) == ("deleted", "insult")

    again = wrote(services, poll, ANNA, "Yes", "The same in other words.")

    assert (again.state, again.codes) == ("held", ("rejected_before",))


def test_an_edit_does_not_set_free_what_a_moderator_holds(services, ada):
    poll = discussed_at_once()
    id_ = wrote(services, poll, ANNA, "Yes").id
    decide({id_: revision(id_)}, "hold", by=ada, now=NOW)

    edit_reason(id_, ANNA, draft("A kinder text by now."), site_name=SITE_NAME, now=NOW)
    assert state_of(id_) == ("held", "moderator edited")
    assert told_to(poll, ANNA)[1] == "It was changed while it was held."
    delete_reason(id_, ANNA)

    assert wrote(services, poll, ANNA, "Yes", "The first text again.").codes == ("rejected_before",)


def test_only_people_with_an_account_reply_and_to_what_is_public(services, poll, ada):
    held = wrote(services, poll, ANNA, "Yes").id
    open_ = published(services, poll, BEN, "No", "Something else to say.", by=ada)

    with pytest.raises(NotFound):
        reply_as_editor(held, "No.", by=ada, now=NOW)
    with pytest.raises(NotFound):
        reply_as_editor(open_, "No.", by=COMMAND_LINE, now=NOW)
    reply = reply_as_editor(open_, "Yes.", by=ada, now=NOW)
    with pytest.raises(NotFound):
        undo(db.session.execute(db.text("SELECT max(id) FROM acts")).scalar(), by=ada, now=NOW)
    assert find_queued(reply, now=NOW).by_editor


def test_three_reports_of_readers_who_voted_hold_a_text(services):
    poll = discussed_at_once()
    id_ = wrote(services, poll, ANNA, "Yes").id
    publish(id_, by=put("Grace Hopper", "editor"))
    edit_reason(id_, ANNA, draft("Edited, so nobody has kept it."), site_name=SITE_NAME, now=NOW)
    version = version_of(poll)
    for voter in (BEN, CLEO):
        vote(services, poll, voter, "No")
        assert report_reason(id_, voter, "insult", now=NOW).stands
    for number in range(5):
        report_reason(id_, reader(f"fresh browser {number}"), "hate", now=NOW)
    report_reason(id_, BEN, "hate", now=NOW)
    assert state_of(id_) == ("published", "")
    assert version_of(poll) == version  # nobody sees a report but moderators
    (reported,) = list_queue(Filters(show="reported"), now=NOW).reasons
    assert dict(reported.reports) == {"hate": 6, "insult": 1}

    vote(services, poll, DORA, "Yes")
    report_reason(id_, DORA, "threat", now=NOW)

    assert state_of(id_) == ("held", "reports")
    assert version_of(poll) == version + 1
    assert told_to(poll, ANNA) == ["Several readers have reported it."]
    assert shown_ids(poll, "Yes") == []
    with pytest.raises(NotFound):
        report_reason(id_, reader("late"), "hate", now=NOW)


def test_a_report_weighs_while_its_ballot_counts_and_first_of_its_network(services):
    """Three fresh browsers of one attacker answer, report and withdraw: they hold nothing."""
    poll = discussed_at_once()
    id_ = wrote(services, poll, ANNA, "Yes").id
    for voter in (BEN, CLEO, DORA):
        vote(services, poll, voter, "No")
        report_reason(id_, voter, "insult", now=NOW)
        withdraw(services, poll, voter)
    for number in range(3):
        vote(services, poll, reader(number), "No")
        report_reason(id_, reader(number), "insult", first=False, now=NOW)
    assert state_of(id_) == ("published", "")
    assert get_waiting(now=NOW).reported == 1

    for voter in (BEN, CLEO):
        vote(services, poll, voter, "Yes")
    vote(services, poll, reader("late"), "No")
    report_reason(id_, reader("late"), "insult", now=NOW)

    assert state_of(id_) == ("held", "reports")


def test_what_a_moderator_has_kept_reports_no_longer_hold(services, poll, ada):
    id_ = published(services, poll, ANNA, "Yes", by=ada)

    for number in range(4):
        vote(services, poll, reader(number), "No")
        report_reason(id_, reader(number), "off_topic", now=NOW)

    assert state_of(id_) == ("published", "")
    assert get_waiting(now=NOW).reported == 1
    publish(id_, by=ada)
    assert get_waiting(now=NOW).reported == 0
    report_reason(id_, reader("one more"), "off_topic", now=NOW)
    assert [one.id for one in list_queue(now=NOW).reasons] == [id_]
    take_back_report(id_, reader("one more"))
    take_back_report(id_, reader("one more"))
    take_back_report(id_, reader(0))
    stored = row("reasons", id_)
    assert (stored["reports"], stored["reviewed"]) == (3, 3)


def test_reports_can_be_taken_back_before_anybody_looked(services):
    id_ = wrote(services, discussed_at_once(), ANNA, "Yes").id
    report_reason(id_, BEN, "hate", now=NOW)

    assert not take_back_report(id_, BEN).stands

    stored = row("reasons", id_)
    assert (stored["reports"], stored["reviewed"]) == (0, None)


def test_who_may_not_report_is_told(services, poll, ada):
    id_ = published(services, poll, ANNA, "Yes", by=ada)
    with pytest.raises(Refusal, match="your own"):
        report_reason(id_, ANNA, "insult", now=NOW)
    with pytest.raises(Refusal, match="what is wrong"):
        report_reason(id_, BEN, "nonsense", now=NOW)
    others = [
        published(services, poll, reader(n), "No", f"Reason number {n}.", by=ada) for n in range(6)
    ]

    for other in others[:5]:
        report_reason(other, BEN, "insult", now=NOW)
    with pytest.raises(Refusal, match="reported much"):
        report_reason(others[5], BEN, "insult", now=NOW)
    assert report_reason(others[5], BEN, "insult", now=NOW + HOUR).stands


def test_a_reply_of_the_newsroom_is_not_held_by_reports(services, poll, ada):
    id_ = published(services, poll, ANNA, "Yes", by=ada)
    reply = reply_as_editor(id_, "An answer of the newsroom.", by=ada, now=NOW)

    for voter in (BEN, CLEO, DORA):
        vote(services, poll, voter, "No")
        report_reason(reply, voter, "false_identity", now=NOW)

    assert state_of(reply)[0] == "published"


def test_the_queue_shows_what_one_needs_to_decide(services, poll, ada):
    reason = published(services, poll, ANNA, "Yes", by=ada)
    vote(services, poll, BEN, "No")
    first = replied(reason, BEN, "You idiot, you.", name="Ben").id
    reject(first, by=ada)
    second = replied(reason, BEN, "Now in kinder words.", now=NOW + HOUR).id

    (queued,) = list_queue(now=NOW + HOUR).reasons

    assert (queued.id, queued.state) == (second, "held")
    assert queued.codes == ("rejected_before", "new_writer")
    assert (queued.question, queued.poll_slug) == (poll.question, poll.slug)
    assert queued.position.labels == ("No",)
    assert queued.parent_text.startswith("Because a bridge")
    assert [(one.reason_id, one.state, one.codes) for one in queued.decisions] == [
        (first, "rejected", ("insult",))
    ]
    assert queued.paragraphs[0][0][0].text == "Now in kinder words."
    assert find_queued(first, now=NOW).decisions == queued.decisions
    delete_reason(second, BEN)
    assert find_queued(second, now=NOW) is None
    assert find_queued(999, now=NOW) is None
