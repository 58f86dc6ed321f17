"""The Markdown body that shows blocks as they are, whatever characters are in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from poll_app.domain.importing.documents import Block

_ACTIVE = re.compile(r"[\\`*_\[\]<>#~|]|&(?=#?\w)|!(?=\[)")
_ACTIVE_AT_START = re.compile(r"\A(\d*)([-+=.)])")


def markdown_of(blocks: Sequence[Block]) -> str:
    """Markdown that shows `blocks` as they are; headings start at level 2, below the title."""
    text, listed = "", ""
    for block in blocks:
        mark = (f"{block.number}. " if block.number else "- ") if block.kind == "item" else ""
        # Items of one list stand line by line.
        gap = "\n" if mark and mark[-2] == listed[-2:-1] else "\n\n"
        heading = "#" * max(block.level, 2) + " " if block.kind == "heading" else ""
        text += gap + mark + heading + _escaped(block.text)
        listed = mark
    return text.strip("\n") + "\n"


def _escaped(text: str) -> str:
    return _ACTIVE_AT_START.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", text), count=1)
