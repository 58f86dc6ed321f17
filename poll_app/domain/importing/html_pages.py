"""HTML pages: what a browser would show of them, block by block."""

from __future__ import annotations

import html
import re
from collections import Counter

from poll_app.domain.importing.cleaning import plain
from poll_app.domain.importing.documents import Block, Document, refuse_more_than_max_lines

# One pass over tags, instead of html.parser: up to Python 3.11.13 that takes quadratic time for
# unclosed tags and comments (minutes for 1 MiB), and a tree builder (nh3) copies unclosed <b>s into
# every paragraph (gigabytes). No attribute is kept and no markup goes out, so names are enough.
# Everything unclosed reaches to the end, as in browsers: each character is looked at once.
_TAG = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))
    |<(?P<raw>script|style|title|textarea|iframe|noembed|noframes|xmp)(?=[\s/>])
        (?:[^>=]++|=\s*"[^"]*"|=\s*'[^']*'|=)*+(?:>|\Z)(?P<content>.*?)(?:</(?P=raw)(?=[\s/>])[^>]*>?|\Z)
    |<(?P<end>/?)(?P<name>[a-z][^\s/>]*)(?:[^>=]++|=\s*"[^"]*"|=\s*'[^']*'|=)*+(?:>|\Z)
    |<[!?/][^>]*>?""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_SKIPPED = _names("button footer math nav noscript object select svg template")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol"})
_SPACED = _names(
    """address article aside blockquote body caption dd details div dl dt fieldset figcaption figure
    form header hgroup hr html main p pre section summary table tbody tfoot thead tr"""
)


class _Page:
    """The blocks of an HTML page while its tags go by; a stack, so that no depth is too deep."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._skipped = 0
        self._lists: list[int | None] = []  # the number of the last item, None: bullets
        self._block = Block("paragraph", "")
        self._words: list[str] = []

    def read(self, text: str) -> None:
        if not self._skipped:
            self._words.append(_unescaped(text))

    def start(self, name: str) -> None:
        if name not in _VOID:
            self._open.append(name)
            self._counts[name] += 1
            self._skipped += name in _SKIPPED
        if name == "li" and self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
        if name in _LISTS:
            self._lists.append(0 if name == "ol" else None)
        self._divide(name, starts=True)

    def end(self, name: str) -> None:
        """Closes the innermost `name` and all that was left open in it; a stray one is nothing."""
        closed = ""
        while self._counts[name] and closed != name:
            closed = self._open.pop()
            self._counts[closed] -= 1
            self._skipped -= closed in _SKIPPED
            if closed in _LISTS:
                self._lists.pop()
        self._divide(name, starts=False)

    def _divide(self, name: str, *, starts: bool) -> None:
        """Ends a block where `name` makes one; inside a list item paragraphs are only spaced."""
        in_item = self._block.kind == "item" and self._counts["li"] > 0
        if name in _HEADINGS or name == "li" or name in _LISTS or (name in _SPACED and not in_item):
            self.flush()
            number = (self._lists[-1] or 0) if self._lists else 0
            if starts and name in _HEADINGS:
                self._block = Block("heading", "", level=_HEADINGS[name])
            elif self._counts["li"]:
                self._block = Block("item", "", number=number)
            else:
                self._block = Block("paragraph", "")
        elif name in _SPACED or name in {"br", "td", "th"}:
            self._words.append(" ")

    def flush(self) -> None:
        if text := plain("".join(self._words)):
            block = self._block
            self.blocks.append(Block(block.kind, text, level=block.level, number=block.number))
            refuse_more_than_max_lines(len(self.blocks))
        self._words = []


def _unescaped(text: str) -> str:
    # int(), and with it html.unescape(), raises at numbers of more than 4,300 digits.
    return html.unescape(re.sub(r"&#\d{8,};?", "\ufffd", text))


def read_html(text: str) -> Document:
    """The blocks of an HTML page and its <title>. Raises Refusal for more than `MAX_LINES`."""
    page, page_title, position = _Page(), "", 0
    for tag in _TAG.finditer(text):
        page.read(text[position : tag.start()])
        position = tag.end()
        if (tag["raw"] or "").lower() == "title":
            page_title = page_title or plain(_unescaped(tag["content"]))
        elif tag["name"]:
            (page.end if tag["end"] else page.start)(tag["name"].lower())
    page.read(text[position:])
    page.flush()
    return Document(page.blocks, page_title)
