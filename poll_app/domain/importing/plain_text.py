"""Plain text: lines into headings, paragraphs and list items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from poll_app.domain.importing.cleaning import plain
from poll_app.domain.importing.documents import Block, Document

MAX_HEADING_LENGTH = 120
# An underline or a divider ends a paragraph as a blank line does.
_DIVIDER = re.compile(r"(?:[-=*_~#]\s?){3,}")
_MARKER = re.compile(r"\s*(?:[-*+•‣◦▪]|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_SENTENCE_ENDS = ".!:;,…。،؛"
# Lines as wide as these were broken by a mail program or an editor, not by the author; a line
# filled to this part of the widest one was too.
_WRAP_WIDTHS = range(45, 101)
_FILLED = 0.75


def read_text(text: str) -> Document:
    """The blocks of a plain text."""
    blocks: list[Block] = []
    for blank, run in groupby(
        text.split("\n"), lambda line: not line.strip() or bool(_DIVIDER.fullmatch(line.strip()))
    ):
        if not blank:
            blocks += _run_blocks(list(run))
    # A heading needs something under it: a last line without a full stop is a byline or the like.
    if blocks and blocks[-1].kind == "heading":
        blocks[-1] = Block("paragraph", blocks[-1].text)
    return Document(blocks)


def _run_blocks(lines: list[str]) -> Iterator[Block]:
    """The blocks in lines that no blank line divides."""
    width = max(map(len, lines))
    wraps = [
        width in _WRAP_WIDTHS and len(line) + 1 + len(after.split()[0]) > _FILLED * width
        for line, after in pairwise(lines)
    ]
    start, item = 0, False
    for index, line in enumerate(lines):
        # After a whole sentence, a full line can still be the last one: of an item, always (a
        # question with the next paragraph hung on would be lost), before a heading also.
        ended = index > 0 and lines[index - 1].rstrip()[-1] in _SENTENCE_ENDS + "?"
        alone = _is_heading(line) and index + 1 < len(lines) and not wraps[index]
        full = index > 0 and wraps[index - 1] and not (ended and (item or alone))
        continues = full or (item and line[:1].isspace())
        marker = _MARKER.match(line)
        if index > 0 and (marker or not continues):
            yield from _line_block(lines[start:index])
            start = index
        item = bool(marker) or (item and start < index)
    yield from _line_block(lines[start:])


def _line_block(lines: list[str]) -> Iterator[Block]:
    """The block that `lines` are together; none if nothing of them can be seen."""
    marker = _MARKER.match(lines[0])
    text = plain(" ".join(lines)[marker.end() if marker else 0 :])
    if not text:
        return
    if marker:
        yield Block("item", text, number=int(marker["number"] or 0))
    elif len(lines) == 1 and _is_heading(text):
        yield Block("heading", text, level=2)
    else:
        yield Block("paragraph", text)


def _is_heading(line: str) -> bool:
    """Whether a line is short, begins like a title and has no final punctuation but "?"."""
    text = line.strip()
    if len(text) > MAX_HEADING_LENGTH or _MARKER.match(line) or text[:1].islower():
        return False
    return text.rstrip("\"'”’»)")[-1:] not in _SENTENCE_ENDS and any(map(str.isalnum, text))
