"""What an article asks its readers to discuss: the questions beside a call for comments."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from poll_app.domain.article_text import MAX_PROMPT_LENGTH
from poll_app.domain.importing.documents import Block

_LAST_PARAGRAPHS = 5
_INVITES = re.compile(
    r"\b(?:comments?|tell us|let us know|share your|what do you think|your (?:view|opinion|voice)"
    r"|kommentar\w*|schreiben sie uns|was (?:denken|meinen) sie|ihre meinung)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]+[\"'”’)]*")


def find_prompt(blocks: Sequence[Block]) -> str:
    """The questions of the last paragraph that calls for comments; "" without one.

    Looked for among the last paragraphs only; a list item is a question to vote on instead.
    """
    paragraphs = [block.text for block in blocks if block.kind == "paragraph"]
    for text in reversed(paragraphs[-_LAST_PARAGRAPHS:]):
        if len(text) <= 4 * MAX_PROMPT_LENGTH and _INVITES.search(text):
            asked = [s.strip() for s in _SENTENCE.findall(text) if "?" in s]
            prompt = unicodedata.normalize("NFC", " ".join(asked))
            if prompt and len(prompt) <= MAX_PROMPT_LENGTH:
                return prompt
    return ""
