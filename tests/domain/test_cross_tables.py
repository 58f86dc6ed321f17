"""Cross tables: rows in shares with their readers, and nothing that tells of a few of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.cross_tables import MIN_READERS, Answers, cross_table, is_a_step

YES, NO, UNSURE = 1, 2, 3
A, B, C = 11, 12, 13


def test_each_row_is_told_in_shares_with_its_readers():
    table = cross_table({(YES, A): 30, (YES, B): 60, (NO, A): 45, (NO, B): 15}, [YES, NO], [A, B])

    assert table.readers == 150
    assert [(row.answers, row.shares) for row in table.rows] == [
        (Answers((YES,), 90), ("33%", "67%")),
        (Answers((NO,), 60), ("75%", "25%")),
    ]
    assert table.columns == (Answers((A,), 75), Answers((B,), 75))


def test_a_row_of_few_readers_leaves_no_table_since_the_rest_would_tell_it():
    pairs = {(YES, A): 60, (YES, B): 60, (NO, A): 60, (NO, B): 60, (UNSURE, A): 1}

    assert cross_table(pairs, [YES, NO, UNSURE], [A, B]) is None


def test_a_column_of_few_readers_leaves_no_table_as_the_sides_can_be_exchanged():
    pairs = {(YES, A): 60, (YES, B): 60, (YES, C): 49, (NO, A): 60, (NO, B): 60}

    assert cross_table(pairs, [YES, NO], [A, B, C]) is None
    assert cross_table({(j, i): n for (i, j), n in pairs.items()}, [A, B, C], [YES, NO]) is None


def test_answers_of_few_readers_stand_together_last_where_they_are_enough():
    pairs = {(YES, A): 25, (NO, A): 60, (NO, B): 60, (UNSURE, B): 25}

    table = cross_table(pairs, [YES, NO, UNSURE], [A, B])

    assert [row.answers for row in table.rows] == [
        Answers((NO,), 120),
        Answers((YES, UNSURE), 50),
    ]
    assert table.rows[1].shares == ("50%", "50%")


def test_an_answer_that_nobody_gave_is_left_out():
    table = cross_table({(YES, A): 60, (NO, B): 60}, [YES, NO, UNSURE], [A, B, C])

    assert [row.answers.option_ids for row in table.rows] == [(YES,), (NO,)]
    assert [column.option_ids for column in table.columns] == [(A,), (B,)]


@pytest.mark.parametrize(
    ("now", "is_one"),
    [
        ({(YES, A): 69, (NO, B): 60}, False),
        ({(YES, A): 70, (NO, B): 60}, True),
        ({(YES, A): 60, (NO, B): 60, (UNSURE, A): 10}, True),
        ({(YES, A): 50, (NO, B): 60}, True),
        ({(YES, A): 51, (NO, B): 69}, False),  # nine readers answer otherwise
        ({(YES, A): 50, (NO, B): 70}, True),
    ],
)
def test_a_table_moves_by_ten_readers_or_not_at_all(now, is_one):
    assert is_a_step({(YES, A): 60, (NO, B): 60}, now) is is_one


@pytest.mark.parametrize("pairs", [{}, {(YES, A): 500}, {(YES, A): 500, (YES, B): 500}])
def test_one_row_alone_is_no_table(pairs):
    assert cross_table(pairs, [YES, NO], [A, B]) is None


@given(
    st.dictionaries(
        st.tuples(st.sampled_from([YES, NO, UNSURE]), st.sampled_from([A, B, C])),
        st.integers(0, 200),
    )
)
def test_no_table_tells_of_a_few_and_none_loses_a_reader(pairs):
    table = cross_table(pairs, [YES, NO, UNSURE], [A, B, C])

    if table is None:
        return
    sides = ([row.answers for row in table.rows], table.columns)
    for side in sides:
        assert all(group.readers >= MIN_READERS for group in side)
        assert sum(group.readers for group in side) == table.readers == sum(pairs.values())
