"""Plain text: paragraphs, wrapped or not, headings, items."""

import pytest

from tests.domain.importing.reading import read, shape


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = """\
The Bridge

The old bridge over the river has carried carts, trams and lorries
for more than a hundred years, and nobody in the town can imagine the
river without it.
What Now
A new one would cost as much as the school, the town hall and the new
fire station taken together, says the report:

- The northern pier has to be rebuilt from the ground up, and that is
  only possible in winter.
- Two of the girders
  are weak.
1. Third
"""

    article = read(text)

    assert [(kind, line[:7], line[-7:]) for kind, line in shape(article)] == [
        ("paragraph", "The old", "out it."),
        ("heading", "What No", "hat Now"),
        ("paragraph", "A new o", "report:"),
        ("item", "The nor", "winter."),
        ("item", "Two of ", "e weak."),
        ("item", "Third", "Third"),
    ]
    assert article.title == "The Bridge"


def test_a_paragraph_right_after_a_question_does_not_join_it() -> None:
    text = """\
It is old.

What Now
- Will the council close the old bridge to all lorries?
- How will it change the long-term budget of the small
town and of the county?
Until the winter the speed limit stays as it is now.
"""

    article = read(text)

    assert [poll.question for poll in article.polls] == [
        "Will the council close the old bridge to all lorries?",
        "How will it change the long-term budget of the small town and of the county?",
    ]
    assert shape(article)[-1][0] == "paragraph"


def test_every_common_marker_makes_an_item_and_numbers_are_kept() -> None:
    text = "It says:\n- a\n* b\n• c\n+ d\n\n1. e\n2) f\n"

    article = read(text)

    assert [(block.text, block.number) for block in article.blocks[1:]] == [
        *(("a", 0), ("b", 0), ("c", 0), ("d", 0), ("e", 1), ("f", 2)),
    ]
    assert article.body == "It says:\n\n- a\n- b\n- c\n- d\n\n1. e\n2. f\n"


@pytest.mark.parametrize(
    "line",
    ["It ends here.", "It says:", "no capital", "“It ends.”", "x" * 121, "–", "- an item"],
)
def test_a_line_that_reads_like_a_sentence_is_no_heading(line: str) -> None:
    text = f"It begins.\n\n{line}\n\nIt goes on.\n"

    article = read(text)

    assert "heading" not in dict(shape(article))


def test_underlines_and_dividers_end_a_paragraph_and_vanish() -> None:
    text = "The Bridge\n==========\nIt is old.\n\n* * *\n\nIt is long.\n"

    article = read(text)

    assert article.title == "The Bridge"
    assert shape(article) == [("paragraph", "It is old."), ("paragraph", "It is long.")]


def test_a_last_line_is_a_byline_not_a_heading() -> None:
    text = "It is old.\n\nHer Name\n"

    article = read(text)

    assert shape(article) == [("paragraph", "It is old."), ("paragraph", "Her Name")]
