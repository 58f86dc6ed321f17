"""Which title an article gets from its document, and the document without it."""

from __future__ import annotations

import unicodedata

from poll_app.domain.articles import MAX_TITLE_LENGTH
from poll_app.domain.importing.documents import Document

# What a title made of an article's first words may take.
_OPENING_WORDS_LENGTH = 80


def title_of(document: Document) -> tuple[str, bool]:
    """The best title that the document offers, `read_article` says in which order, and whether it
    is only a guess: a heading further down, or the opening words."""
    headings = [block for block in document.blocks if block.kind == "heading"]
    chief = [heading.text for heading in headings if heading.level == 1]
    if found := next(filter(None, [*chief[:1], document.page_title]), None):
        return shortened(found, MAX_TITLE_LENGTH), False
    opening = document.blocks[0]
    if headings:
        return shortened(headings[0].text, MAX_TITLE_LENGTH), headings[0] is not opening
    return shortened(opening.text, _OPENING_WORDS_LENGTH), True


def shortened(text: str, limit: int) -> str:
    """`text` in NFC, cut at a word, with an ellipsis, where it is longer than `limit`."""
    # Normalising takes quadratic time in stacked accents: nothing long may come that far.
    short = unicodedata.normalize("NFC", text[: 2 * limit])
    if len(text) <= 2 * limit and len(short) <= limit:
        return short
    return (short[:limit].rpartition(" ")[0] or short[: limit - 1]).rstrip(" ,;:–—-") + "…"


def without_title(document: Document, title: str) -> Document:
    """`document` without the heading that is its title, unless nothing else would be left."""
    blocks, source = document.blocks, document.source
    for index, block in enumerate(blocks[:] if len(blocks) > 1 else []):
        heads = block.kind == "heading" and (block.level == 1 or index == 0)
        if heads and shortened(block.text, MAX_TITLE_LENGTH) == title:
            if source is not None:
                start, end = document.spans[index]
                lines = source.split("\n")
                source = "\n".join(lines[:start] + lines[end:]).strip("\n") + "\n"
            return document._replace(blocks=blocks[:index] + blocks[index + 1 :], source=source)
    return document
