"""Marks follow the ballot: changed, withdrawn, from another device, at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import make_url, text

from poll_app import create_app
from poll_app.database import db, writing
from poll_app.domain.voting import Cast
from poll_app.models import Poll
from poll_app.services.discussion.marks import name_reason
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.reading import get_discussion
from poll_app.services.discussion.returning import get_returned
from poll_app.services.discussion.stored import locked_reason, standpoint_of
from poll_app.services.poll_views import get_poll
from poll_app.services.recount import recount
from tests.conftest import settings_for
from tests.services.discussion.readers import (
    HOUR,
    NOW,
    discussed_at_once,
    marked,
    new_poll,
    option,
    published,
    reader,
    rows,
    statements,
    vote,
    withdraw,
    wrote,
)
from tests.services.discussion.test_marks import counts
from tests.services.discussion.test_reading import fill
from tests.services.people.persons import put

ANNA, BEN, CLEO, DORA = (reader(name) for name in ("anna", "ben", "cleo", "dora"))


@pytest.fixture
def reasons(services, poll, ada):
    return [
        published(services, poll, one, "Yes", f"A reason, number {n}.", by=ada)
        for n, one in enumerate((ANNA, CLEO))
    ]


def version(poll):
    db.session.rollback()
    return get_discussion(poll, now=NOW).version


def test_a_reader_counts_on_one_side_that_of_the_answer_held_now(services, poll, reasons):
    """Otherwise one side could find itself fair as the other, at no cost."""
    vote(services, poll, BEN, "No")
    vote(services, poll, DORA, "No")
    marked(reasons[0], BEN, DORA)
    marked(reasons[1], BEN)

    vote(services, poll, BEN, "Yes", now=NOW + HOUR)

    assert counts(poll, "Yes") == {
        reasons[0]: {"Yes": (1, 1), "No": (1, 1)}, reasons[1]: {"Yes": (1, 1), "No": (0, 1)},
    }  # fmt: skip
    assert recount() == []


def test_who_withdraws_takes_the_marks_back(services, poll, reasons):
    vote(services, poll, BEN, "Yes")
    vote(services, poll, BEN, "No")
    for id_ in reasons:
        marked(id_, BEN)
    name_reason(reasons[0], BEN, now=NOW)

    withdraw(services, poll, BEN)

    part = find_own_part(poll, BEN, now=NOW)
    assert (part.marked, part.changed_by) == (frozenset(), None)
    assert counts(poll, "Yes") == {reasons[0]: {}, reasons[1]: {}}
    assert rows("SELECT * FROM markers") == []
    assert recount() == []
    vote(services, poll, BEN, "No")
    assert counts(poll, "Yes") == {reasons[0]: {}, reasons[1]: {}}


def test_a_reason_named_without_any_mark_is_taken_back_as_well(services, poll, reasons):
    vote(services, poll, BEN, "No")
    vote(services, poll, BEN, "Yes")
    name_reason(reasons[0], BEN, now=NOW)

    before = version(poll)
    vote(services, poll, BEN, "Not sure")
    assert find_own_part(poll, BEN, now=NOW).changed_by == reasons[0]
    assert version(poll) == before
    withdraw(services, poll, BEN)

    assert find_own_part(poll, BEN, now=NOW).changed_by is None
    assert version(poll) == before + 1


def test_marks_follow_from_another_device_and_when_the_discussion_has_closed(services):
    poll = discussed_at_once()
    reason = wrote(services, poll, ANNA, "Yes").id
    code = wrote(services, poll, BEN, "No", "Something else that matters.").return_code
    marked(reason, BEN)
    with writing() as session:
        session.get(Poll, poll.id).article.discussion_closes_at = NOW + HOUR

    vote(services, poll, get_returned(code).reader, "Yes", now=NOW + HOUR)

    assert get_discussion(get_poll(poll.slug, now=NOW), now=NOW + HOUR).status == "closed"
    assert counts(poll, "Yes") == {reason: {"Yes": (1, 1)}}


def test_who_has_marked_nothing_pays_nothing_or_one_look(services, poll, reasons):
    marked(reasons[0], CLEO)
    before = version(poll)
    asked = {}
    for act, labels in (("first", ["No"]), ("changed", ["Yes"]), ("withdrawn", [])):
        with statements() as lines:
            vote(services, poll, BEN, *labels) if labels else withdraw(services, poll, BEN)
        asked[act] = [line for line in lines if "marker" in line or "discussion" in line]

    assert asked["first"] == []
    assert [len(asked[act]) for act in ("changed", "withdrawn")] == [1, 1]
    assert version(poll) == before


def test_many_marks_follow_in_as_many_statements_as_few(services, poll):
    made = fill(poll, 60)
    asked = []
    for number in (2, 60):
        vote(services, poll, BEN, "No")
        for id_ in made[:number]:
            marked(id_, BEN)
        for act in (
            lambda: vote(services, poll, BEN, "Yes"),
            lambda: withdraw(services, poll, BEN),
        ):
            with statements() as lines:
                act()
            asked.append(len(lines))

    assert asked[:2] == asked[2:]


def test_marks_that_could_not_follow_do_so_with_the_next_one(services, poll, reasons):
    """The program ended between the ballot and its marks."""
    vote(services, poll, BEN, "No")
    marked(reasons[0], BEN)
    key, yes = BEN.key_in(poll.voter_salt), option(poll, "Yes")
    services.extensions["ballot_box"].submit(Cast(poll.id, key, NOW, (yes,), (None,)))
    assert counts(poll, "Yes")[reasons[0]] == {"No": (1, 1)}

    marked(reasons[1], BEN)

    assert counts(poll, "Yes") == {id_: {"Yes": (1, 1)} for id_ in reasons}
    assert recount() == []


def test_a_ballot_waits_for_a_mark_that_goes_by_it(services, poll, reasons):
    """So the marks that follow it are all there."""
    vote(services, poll, BEN, "No")
    marked(reasons[0], BEN)
    db.session.remove()

    def change_it():
        with services.app_context():
            done = vote(services, poll, BEN, "Yes").done
            db.session.remove()
            return done

    with ThreadPoolExecutor(1) as thread:
        with writing() as session:
            _, stored = locked_reason(session, reasons[1])
            standpoint_of(session, stored, BEN)
            changing = thread.submit(change_it)
            with pytest.raises(TimeoutError):
                changing.result(0.3)
        assert changing.result() == "changed"
    assert counts(poll, "Yes")[reasons[0]] == {"Yes": (1, 1)}


@pytest.mark.postgresql
def test_a_ballot_is_acknowledged_though_its_marks_can_not_follow(postgresql_url, tmp_path):
    impatient = make_url(postgresql_url).update_query_dict({"options": "-c lock_timeout=200"})
    app = create_app(settings_for(tmp_path, POLL_DATABASE_URL=impatient.render_as_string(False)))
    with app.app_context():
        poll = new_poll()
        reason = published(app, poll, ANNA, "Yes", by=put("Ada Byron", "moderator"))
        vote(app, poll, BEN, "No")
        marked(reason, BEN)
        with db.engine.connect() as other:
            other.execute(text("SELECT * FROM discussions FOR UPDATE"))
            assert vote(app, poll, BEN, "Yes").done == "changed"
        assert counts(poll, "Yes") == {reason: {"No": (1, 1)}}

        assert vote(app, poll, BEN, "Yes").done == "unchanged"

        assert counts(poll, "Yes") == {reason: {"Yes": (1, 1)}}
        db.session.remove()
        db.engine.dispose()
