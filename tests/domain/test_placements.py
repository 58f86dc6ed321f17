"""Placements: which of them are told, and what they may be called."""

import pytest

from poll_app.domain.placements import Place, clean_placement, places_told
from poll_app.domain.refusals import Refusal


def test_two_places_with_fifty_ballots_each_are_told_most_first():
    told = places_told({"Newsletter": 50, "Article": 70}, 130)

    assert told.places == (Place("Article", 70), Place("Newsletter", 50))
    assert told.others == 10


def test_places_of_equal_size_stand_by_name():
    told = places_told({"B": 50, "A": 50}, 100)

    assert [place.name for place in told.places] == ["A", "B"]


def test_a_small_place_stands_among_the_others():
    told = places_told({"Newsletter": 50, "Article": 70, "Partner": 49}, 200)

    assert [place.name for place in told.places] == ["Article", "Newsletter"]
    assert told.others == 80


@pytest.mark.parametrize("ballots_at", [{}, {"Article": 900}, {"Article": 900, "Newsletter": 49}])
def test_one_place_alone_tells_nothing(ballots_at):
    assert places_told(ballots_at, 1_000) is None


def test_places_that_hold_more_ballots_than_there_are_tell_nothing():
    assert places_told({"Newsletter": 50, "Article": 70}, 119) is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_a_name_that_can_not_be_is_refused(name):
    with pytest.raises(Refusal):
        clean_placement(name)


def test_a_name_is_kept_without_the_space_around_it():
    assert clean_placement("  Home page ") == "Home page"
