"""What a reader of one format hands on: the blocks of an article, whatever file they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

# Enough for any article. 1 MiB of one-letter lines would keep the Markdown parser busy for half a
# minute, here and again where the body is shown.
MAX_LINES = 20_000


@dataclass(frozen=True)
class Block:
    """One heading, paragraph or list item; `text` is plain, its white space folded.

    `level` is a heading's (1 to 6), `number` an item's in a numbered list; 0 otherwise.
    """

    kind: Literal["heading", "paragraph", "item"]
    text: str
    level: int = 0
    number: int = 0


class Document(NamedTuple):
    """What a reader of one format hands on.

    `page_title` is the <title> of an HTML page; `source` the text of a Markdown file, and `spans`
    the first line of each of its blocks and the line after it.
    """

    blocks: list[Block]
    page_title: str = ""
    source: str | None = None
    spans: Sequence[tuple[int, int]] = ()


def refuse_more_than_max_lines(count: int) -> None:
    """Raises Refusal for more lines, or blocks, than an article may have."""
    if count > MAX_LINES:
        raise Refusal(
            sentence("Use a file of at most %(limit)s lines or paragraphs.", limit=MAX_LINES),
            field="file",
        )
