"""Markdown: the source that is kept and the blocks that are read."""

from poll_app.domain.importing.documents import Block
from tests.domain.importing.reading import read


def test_markdown_keeps_its_source_and_is_read_into_plain_blocks() -> None:
    source = """\
Intro with *emphasis*, `code`, [a link](https://example.org) and
![a picture](x.png) &amp; more.

    code

## What now?

- **Q1:** Will it close?
  - Really?

  Still the same item.
- How long will it take?

3. Third
"""

    article = read(source, "a.markdown")

    assert article.body == source
    assert article.blocks == (
        Block("paragraph", "Intro with emphasis, code, a link and a picture & more."),
        Block("paragraph", "code"),
        Block("heading", "What now?", level=2),
        Block("item", "Q1: Will it close?"),
        Block("item", "Really?"),
        Block("item", "Still the same item."),
        Block("item", "How long will it take?"),
        Block("item", "Third", number=3),
    )
    assert [poll.question for poll in article.polls] == [
        *("Will it close?", "Really?", "How long will it take?"),
    ]


def test_references_to_hidden_characters_leave_markdown() -> None:
    source = "a&#8238;b&shy;c &#82&shy;38; &amp; &copy; &nonsense;\n"

    article = read(source, "a.md")

    assert article.body == "abc   &amp; &copy; &nonsense;\n"
