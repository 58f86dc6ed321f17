"""An article as a whole, in the shape of the first one: what is found in it."""

from pathlib import Path

import pytest

from poll_app.domain.importing import read_article
from poll_app.domain.importing.questions import ProposedPoll
from tests.domain.importing.reading import read, shape

SAMPLE = Path(__file__).parents[3].parent / "shared" / "articles" / "what-lies-ahead.txt"
YES_NO = ("Yes", "No", "Not sure")


# Our own words, in the shape of the first article: one paragraph per line, no title line.
TOWN_TEXT = """\
The old bridge over the Lenne has carried carts, trams and lorries for more than a hundred years, \
and nobody in the town can quite imagine the river without it. Who would want to?
Cracks And Costs: What The Survey Found
The engineers' report names three weak points, and it is frank about the fact that none of them \
can be repaired while traffic is running:
- The northern pier.
- Two of the main girders.
The council has not yet decided anything.

What Happens Next?
The report leaves the town with open questions:
- Will the council close the bridge to lorries?
- How will the repair change the town’s budget?
- Can the tram run again next year?
Until then the speed limit stays.
Have Your Say
What do you think? Should the bridge be saved at all? Write to us.
"""
TOWN_POLLS = (
    ProposedPoll("Will the council close the bridge to lorries?", YES_NO),
    ProposedPoll("How will the repair change the town's budget?", ()),
    ProposedPoll("Can the tram run again next year?", YES_NO),
)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the first article lies outside the repository")
def test_the_first_article_yields_its_three_questions() -> None:
    data = SAMPLE.read_bytes()

    article = read_article(data, filename=SAMPLE.name)

    assert article.polls == (
        ProposedPoll("Will NATO abandon its cautious approach and deploy troops?", YES_NO),
        ProposedPoll("How will the Trump administration influence NATO's decisions?", ()),
        ProposedPoll("Can Ukraine achieve NATO membership amid the ongoing war?", YES_NO),
    )
    headings = [block.text for block in article.blocks if block.kind == "heading"]
    assert len(headings) == 7
    assert headings[-2:] == ["What Lies Ahead?", "Your Voice Matters"]
    assert article.title == headings[0]
    assert article.title_is_guess


def test_a_text_with_a_line_per_paragraph_is_read_into_headings_paragraphs_and_items() -> None:
    text = TOWN_TEXT

    article = read(text)

    assert [kind for kind, _ in shape(article)] == [
        *("paragraph", "heading", "paragraph", "item", "item", "paragraph"),
        *("heading", "paragraph", "item", "item", "item", "paragraph", "heading", "paragraph"),
    ]
    assert article.title == "Cracks And Costs: What The Survey Found"
    assert article.polls == TOWN_POLLS


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\x85", "\u2028"])
def test_line_endings_do_not_matter(ending: str) -> None:
    text = TOWN_TEXT.replace("\n", ending)

    article = read(text)

    assert article == read(TOWN_TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_utf_16_with_a_byte_order_mark_are_read(encoding: str) -> None:
    data = TOWN_TEXT.encode(encoding)

    article = read_article(data, filename="a.txt")

    assert article.polls == TOWN_POLLS
