"""What differs between two states of a thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.differences import changed_fields, differing_lines


def test_only_what_differs_is_kept():
    before = {"title": "A", "source": "S", "language": None}
    after = {"title": "B", "source": "S", "language": "de"}

    assert changed_fields(before, after) == (
        {"title": "A", "language": None},
        {"title": "B", "language": "de"},
    )


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a", "b", ("a", "b")),
        ("1\n2\n3\n4\n5", "1\n2\nx\n4\n5", ("…\n2\n3\n4\n…", "…\n2\nx\n4\n…")),
        ("1\n2\n3", "1\n2\n3\n4", ("…\n3", "…\n3\n4")),
        ("1\n2\n3\n4", "2\n3\n4", ("1\n2\n…", "2\n…")),
        ("", "a\nb", ("", "a\nb")),
        ("a\na\na", "a\na", ("…\na\na", "…\na")),
    ],
)
def test_of_a_long_text_the_lines_that_differ_are_shown_with_one_around(before, after, shown):
    assert differing_lines(before, after) == shown


@given(st.text("ab\n", max_size=30), st.text("ab\n", max_size=30))
def test_texts_that_differ_are_shown_differing(before, after):
    one, two = differing_lines(before, after)

    assert (one == two) == (before == after)
