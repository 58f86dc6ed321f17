"""Markdown: its own text, kept, and the plain blocks in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.token import Token

from poll_app.domain.importing.cleaning import cleaned, plain
from poll_app.domain.importing.documents import Block, Document

_DIVIDING = frozenset(
    f"{name}_{side}"
    for name in ("heading", "list_item", "bullet_list", "ordered_list")
    for side in ("open", "close")
)
# No question and no title is as long as this; the rest is not worth parsing.
_INLINE_LENGTH = 4_000
_MARKUP = re.compile(r"[\\`*_!\[\]<>&\n]")
_REFERENCE = re.compile(r"&(?:#(?:\d{1,7}|x[0-9a-f]{1,6})|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


def read_markdown(text: str) -> Document:
    """The blocks of a Markdown text, and the text without references to hidden characters."""
    source = text.strip("\n") + "\n"
    # "&#8238;" would be a direction override again on the page. What is left may join to another
    # one ("&#82&shy;38;"), so the second time a space takes its place.
    for stead in ("", " "):
        source = _REFERENCE.sub(partial(_visible_reference, stead=stead), source)
    blocks: list[Block] = []
    spans: list[tuple[int, int]] = []
    block, span, words, depth = Block("paragraph", ""), (0, 0), [""], 0
    for token, content in [*_markdown_tokens(source), (Token("end", "", 0), "")]:
        depth += token.nesting if token.type.startswith("list_item") else 0
        if token.type in _DIVIDING or (depth == 0 and token.type != "inline"):
            if folded := plain(" ".join(words)):
                blocks.append(Block(block.kind, folded, level=block.level, number=block.number))
                spans.append(span)
            words = []
            first, end = token.map or span
            span = (first, end)
            if token.type == "heading_open":
                block = Block("heading", "", level=int(token.tag[1]))
            elif depth:
                block = Block("item", "", number=int(token.info or 0))
            else:
                block = Block("paragraph", "")
        words.append(content)
    return Document(blocks, source=source, spans=spans)


def _visible_reference(reference: re.Match[str], *, stead: str) -> str:
    meant = html.unescape(reference[0])
    return reference[0] if cleaned(meant) == meant else stead


def _markdown_tokens(source: str) -> Iterator[tuple[Token, str]]:
    """The block tokens with the plain text in each."""
    parser = MarkdownIt("commonmark", {"html": False}).disable("inline")
    env: dict[str, object] = {}
    for token in parser.parse(source, env):
        content = token.content
        if token.type == "inline" and len(content) <= _INLINE_LENGTH and _MARKUP.search(content):
            children = parser.inline.parse(content, parser, env, [])
            content = "".join(
                " " if child.type.endswith("break") else child.content for child in children
            )
        yield token, content
