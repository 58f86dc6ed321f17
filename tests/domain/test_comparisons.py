"""Who saw the result before voting, and what stood first on the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.comparisons import compare_sight, first_place

YES, NO = 1, 2


def test_both_groups_are_told_with_their_shares():
    sight = compare_sight(
        {YES: 40, NO: 10}, 50, all_votes={YES: 100, NO: 50}, all_ballots=150, several=False
    )

    assert (sight.saw.ballots, sight.saw.shares) == (50, {YES: "80%", NO: "20%"})
    assert (sight.others.ballots, sight.others.shares) == (100, {YES: "60%", NO: "40%"})


def test_shares_of_several_answers_are_of_readers():
    sight = compare_sight(
        {YES: 50}, 50, all_votes={YES: 100, NO: 20}, all_ballots=100, several=True
    )

    assert sight.saw.shares == {YES: "100%", NO: "0%"}
    assert sight.others.shares == {YES: "100%", NO: "40%"}


@given(st.integers(0, 120), st.integers(0, 120))
def test_it_is_told_where_each_group_holds_fifty_ballots(saw, others):
    sight = compare_sight(
        {YES: saw}, saw, all_votes={YES: saw + others, NO: 0}, all_ballots=saw + others,
        several=False,
    )  # fmt: skip

    assert (sight is not None) == (min(saw, others) >= 50)


def test_a_damaged_tally_is_not_compared():
    assert compare_sight({YES: 60}, 60, all_votes={YES: 50}, all_ballots=120, several=False) is None


def test_the_share_of_the_first_place_stands_beside_what_chance_would_give():
    place = first_place(200, 78, named_options=[4, 5, 6])

    assert (place.answers, place.first, place.options, place.percent_label) == (200, 78, 3, "39%")


@pytest.mark.parametrize(
    ("answers", "options", "told"), [(49, [1, 2], False), (50, [1, 2], True), (50, [1], False)]
)
def test_the_first_place_needs_fifty_answers_and_something_to_choose_from(answers, options, told):
    assert (first_place(answers, 20, named_options=options) is not None) is told
