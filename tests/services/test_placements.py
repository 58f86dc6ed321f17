"""Placements: a ballot keeps the place where it was first cast, and the count of each is true."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select, text

from poll_app.database import db
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.placements import Place
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast, Withdraw
from poll_app.models import Ballot, Placement, PlacementTally
from poll_app.services.desk.placements import add_placement
from poll_app.services.placements import get_places, list_placements
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.recount import recount
from poll_app.services.voting import cast_ballot

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture
def box(services):
    return services.extensions["ballot_box"]


@pytest.fixture
def poll(services):
    return get_poll(add_poll(NewPoll("Which?", options=("A", "B")), opens_at=NOW, now=NOW), now=NOW)


@pytest.fixture
def places(services):
    """The numbers of two places."""
    for name in ("Article", "Newsletter"):
        add_placement(name, by=COMMAND_LINE, now=NOW)
    return [place.id for place in list_placements()]


def cast(poll, reader, place, option=0):
    key = b"%016d" % reader
    return Cast(poll.id, key, NOW, (poll.options[option].id,), (None,), place)


def tallies():
    db.session.rollback()
    rows = db.session.execute(select(PlacementTally.placement_id, PlacementTally.ballots))
    return {row.placement_id: row.ballots for row in rows if row.ballots}


def test_ballots_are_counted_where_they_were_cast(box, poll, places):
    box.submit_all([cast(poll, n, places[n % 2]) for n in range(5)] + [cast(poll, 9, None)])

    assert tallies() == {places[0]: 3, places[1]: 2}
    assert recount() == []


def test_a_changed_answer_keeps_its_first_place(box, poll, places):
    box.submit(cast(poll, 1, places[0]))
    box.submit(cast(poll, 1, places[1], option=1))

    assert tallies() == {places[0]: 1}
    assert recount() == []


def test_a_ballot_cast_nowhere_gets_no_place_by_a_change(box, poll, places):
    box.submit(cast(poll, 1, None))
    box.submit(cast(poll, 1, places[1], option=1))

    assert tallies() == {}
    assert recount() == []


def test_a_withdrawn_answer_has_no_place_until_it_is_cast_anew(box, poll, places):
    box.submit(cast(poll, 1, places[0]))
    box.submit(Withdraw(poll.id, b"%016d" % 1, NOW))
    assert tallies() == {}
    assert db.session.scalar(select(Ballot.placement_id)) is None

    box.submit(cast(poll, 1, places[1]))
    assert tallies() == {places[1]: 1}
    assert recount() == []


def test_one_batch_may_raise_one_place_and_lower_another(box, poll, places):
    box.submit(cast(poll, 1, places[0]))

    box.submit_all([Withdraw(poll.id, b"%016d" % 1, NOW), cast(poll, 2, places[1])])

    assert tallies() == {places[1]: 1}
    assert recount() == []


def test_ballots_without_a_place_take_no_more_statements(box, poll, places):
    seen = []
    engine = db.engine

    def note(_connection, _cursor, sql, *_rest):
        seen.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    try:
        box.submit_all([cast(poll, 1, None), cast(poll, 2, None)])
        plain = len(seen)
        box.submit(cast(poll, 3, places[0]))
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert sum("placement_tallies" in sql for sql in seen[:plain]) == 0
    assert sum("placement_tallies" in sql for sql in seen[plain:]) == 1


def test_a_recount_finds_a_wrong_tally_of_a_place_and_repairs_it(box, poll, places):
    box.submit_all([cast(poll, n, places[0]) for n in range(3)])
    db.session.rollback()
    db.session.execute(text("UPDATE placement_tallies SET ballots = 7"))
    db.session.add(PlacementTally(poll_id=poll.id, placement_id=places[1], ballots=2))
    db.session.commit()

    found = recount(repair=True)

    assert {(one.what, one.tallied, one.counted) for one in found} == {
        (f"ballots at place {places[0]}", 7, 3),
        (f"ballots at place {places[1]}", 2, 0),
    }
    assert tallies() == {places[0]: 3}
    assert recount() == []


def test_a_recount_makes_a_tally_of_a_place_that_is_missing(box, poll, places):
    box.submit(cast(poll, 1, places[0]))
    db.session.rollback()
    db.session.execute(text("DELETE FROM placement_tallies"))
    db.session.commit()

    recount(repair=True)

    assert tallies() == {places[0]: 1}


def test_a_place_of_another_database_does_not_count(box, poll, places):
    option = [poll.options[0].id]
    there, unknown = Voter("one", "a secret"), Voter("two", "a secret")

    cast_ballot(box, poll, there, option, placement_id=places[0], now=NOW)
    cast_ballot(box, poll, there, option, placement_id=places[0], now=NOW)
    cast_ballot(box, poll, unknown, option, placement_id=max(places) + 1, now=NOW)

    assert tallies() == {places[0]: 1}
    assert recount() == []


def test_places_are_told_once_two_of_them_hold_enough(box, poll, places):
    box.submit_all([cast(poll, n, places[0]) for n in range(60)])
    box.submit_all([cast(poll, n, places[1]) for n in range(60, 109)])
    db.session.rollback()
    assert get_places(poll.id) is None

    box.submit_all([cast(poll, 200, places[1]), cast(poll, 201, None)])
    db.session.rollback()
    told = get_places(poll.id)
    assert told.places == (Place("Article", 60), Place("Newsletter", 50))
    assert told.others == 1


def test_a_poll_that_is_gone_has_no_places(services):
    assert get_places(999) is None


def test_retired_places_stand_last_and_only_when_asked_for(services, places):
    db.session.get_one(Placement, places[0]).retired_at = NOW
    db.session.commit()

    assert [place.name for place in list_placements()] == ["Newsletter"]
    every = list_placements(retired=True)
    assert [(place.name, place.retired) for place in every] == [
        ("Newsletter", False),
        ("Article", True),
    ]
