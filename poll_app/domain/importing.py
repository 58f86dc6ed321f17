"""A file that an editor brings, read into an article: title, Markdown body, blocks, polls.

Every format ends in the same blocks. Plain text and HTML get a body written from them with all
markup escaped, so nothing of theirs can become active; a Markdown file keeps its own text, which
is safe as long as it is rendered with raw HTML off.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from pathlib import PurePath
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from poll_app.domain.articles import MAX_TITLE_LENGTH
from poll_app.domain.polls import clean_text
from poll_app.domain.questions import Block, ProposedPoll, propose_polls
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MAX_ARTICLE_BYTES = 1_048_576
MAX_HEADING_LENGTH = 120
# Enough for any article. 1 MiB of one-letter lines would keep the Markdown parser busy for half a
# minute, here and again where the body is shown.
MAX_LINES = 20_000
# What a title made of an article's first words may take.
_OPENING_WORDS_LENGTH = 80

Format = Literal["text", "markdown", "html"]


@dataclass(frozen=True)
class ImportedArticle:
    """What was read. `body` is Markdown, safe to render with raw HTML off."""

    title: str
    body: str
    blocks: tuple[Block, ...]
    polls: tuple[ProposedPoll, ...]


def read_article(data: bytes, *, filename: str, title: str | None = None) -> ImportedArticle:
    """The article in a text, Markdown or HTML file of at most 1 MiB.

    The title is `title` unless blank, else the first heading of level 1, else the <title> of an
    HTML page, else the first heading of all, else the opening words. (Without a title line the
    first section heading says better what a piece is about than the start of a sentence does.)
    A title that stood in the text as a heading of level 1 or as its first block leaves the body,
    because the page shows it already.

    Raises Refusal for a file that is too large or too long, is not text, or holds no readable
    text, and for a title that is too long.
    """
    text = _decoded(data)
    format_ = _format_of(text, filename)
    if format_ != "html":
        _refuse_more_than_max_lines(text.count("\n"))
    document = _READERS[format_](text)
    if not document.blocks:
        raise Refusal(sentence("There is no text in this file."), field="file")
    if title is not None and _plain(title):
        title = clean_text(_plain(title), limit=MAX_TITLE_LENGTH, field="title")
    else:
        title = _title_of(document)
    document = _without_title(document, title)
    blocks = tuple(document.blocks)
    body = _markdown_of(blocks) if document.source is None else document.source
    return ImportedArticle(title, body, blocks, propose_polls(blocks))


def _refuse_more_than_max_lines(count: int) -> None:
    if count > MAX_LINES:
        raise Refusal(
            sentence("Use a file of at most %(limit)s lines or paragraphs.", limit=MAX_LINES),
            field="file",
        )


class _Document(NamedTuple):
    """What a reader of one format hands on.

    `page_title` is the <title> of an HTML page; `source` the text of a Markdown file, and `spans`
    the first line of each of its blocks and the line after it.
    """

    blocks: list[Block]
    page_title: str = ""
    source: str | None = None
    spans: Sequence[tuple[int, int]] = ()


def _title_of(document: _Document) -> str:
    headings = [block for block in document.blocks if block.kind == "heading"]
    chief = [heading.text for heading in headings if heading.level == 1]
    named = [*chief[:1], document.page_title, *(heading.text for heading in headings[:1])]
    found = next(filter(None, named), None)
    if found is None:
        return _shortened(document.blocks[0].text, _OPENING_WORDS_LENGTH)
    return _shortened(found, MAX_TITLE_LENGTH)


def _shortened(text: str, limit: int) -> str:
    """`text` in NFC, cut at a word, with an ellipsis, where it is longer than `limit`."""
    # Normalising takes quadratic time in stacked accents: nothing long may come that far.
    short = unicodedata.normalize("NFC", text[: 2 * limit])
    if len(text) <= 2 * limit and len(short) <= limit:
        return short
    return (short[:limit].rpartition(" ")[0] or short[: limit - 1]).rstrip(" ,;:–—-") + "…"


def _without_title(document: _Document, title: str) -> _Document:
    """`document` without the heading that is its title, unless nothing else would be left."""
    blocks, source = document.blocks, document.source
    for index, block in enumerate(blocks[:] if len(blocks) > 1 else []):
        heads = block.kind == "heading" and (block.level == 1 or index == 0)
        if heads and _shortened(block.text, MAX_TITLE_LENGTH) == title:
            if source is not None:
                start, end = document.spans[index]
                lines = source.split("\n")
                source = "\n".join(lines[:start] + lines[end:]).strip("\n") + "\n"
            return document._replace(blocks=blocks[:index] + blocks[index + 1 :], source=source)
    return document


# ---- from bytes to text


def _decoded(data: bytes) -> str:
    if len(data) > MAX_ARTICLE_BYTES:
        raise Refusal(
            sentence("Use a file of at most %(limit)s KiB.", limit=MAX_ARTICLE_BYTES // 1024),
            field="file",
        )
    not_text = Refusal(sentence("The article must be a text file in UTF-8."), field="file")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_text from error
    if "\0" in text:
        raise not_text
    return _cleaned(re.sub("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text))


# Cc: control, Cf: format (direction overrides and isolates, zero width), Cs: lone surrogates, Co:
# private use; and the Hangul fillers, letters that show as nothing. `polls` refuses them all in a
# question. Tab and line feed stay, and the two joiners that Persian and Hindi are written with.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_KEPT = _JOINERS | {"\n", "\t"}


def _cleaned(text: str) -> str:
    unwanted = {char for char in set(text) - _KEPT if unicodedata.category(char) in _UNWANTED}
    return text.translate(dict.fromkeys(map(ord, unwanted | _BLANK_LETTERS)))


def _plain(text: str) -> str:
    """`text` cleaned and on one line; "" if nothing of it can be seen."""
    folded = " ".join(_cleaned(text).split())
    visible = any(char.isprintable() and char not in _JOINERS for char in set(folded) - {" "})
    return folded if visible else ""


_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".htm": "html",
    ".html": "html",
}


def _format_of(text: str, filename: str) -> Format:
    """By the name; where that says nothing, HTML starts with a tag and Markdown has # headings."""
    if known := _SUFFIXES.get(PurePath(filename).suffix.lower()):
        return known
    if re.match(r"\s*<(?:!doctype\b|!--|[a-z][a-z0-9]*[\s/>])", text, re.IGNORECASE):
        return "html"
    return "markdown" if re.search(r"^#{1,6} +\S", text, re.MULTILINE) else "text"


# ---- plain text

# An underline or a divider ends a paragraph as a blank line does.
_DIVIDER = re.compile(r"(?:[-=*_~#]\s?){3,}")
_MARKER = re.compile(r"\s*(?:[-*+•‣◦▪]|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_SENTENCE_ENDS = ".!:;,…。،؛"
# Lines as wide as these were broken by a mail program or an editor, not by the author; a line
# filled to this part of the widest one was too.
_WRAP_WIDTHS = range(45, 101)
_FILLED = 0.75


def _read_text(text: str) -> _Document:
    blocks: list[Block] = []
    for blank, run in groupby(
        text.split("\n"), lambda line: not line.strip() or bool(_DIVIDER.fullmatch(line.strip()))
    ):
        if not blank:
            blocks += _run_blocks(list(run))
    # A heading needs something under it: a last line without a full stop is a byline or the like.
    if blocks and blocks[-1].kind == "heading":
        blocks[-1] = Block("paragraph", blocks[-1].text)
    return _Document(blocks)


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
    text = _plain(" ".join(lines)[marker.end() if marker else 0 :])
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


# ---- HTML

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
        if text := _plain("".join(self._words)):
            block = self._block
            self.blocks.append(Block(block.kind, text, level=block.level, number=block.number))
            _refuse_more_than_max_lines(len(self.blocks))
        self._words = []


def _unescaped(text: str) -> str:
    # int(), and with it html.unescape(), raises at numbers of more than 4,300 digits.
    return html.unescape(re.sub(r"&#\d{8,};?", "\ufffd", text))


def _read_html(text: str) -> _Document:
    page, page_title, position = _Page(), "", 0
    for tag in _TAG.finditer(text):
        page.read(text[position : tag.start()])
        position = tag.end()
        if (tag["raw"] or "").lower() == "title":
            page_title = page_title or _plain(_unescaped(tag["content"]))
        elif tag["name"]:
            (page.end if tag["end"] else page.start)(tag["name"].lower())
    page.read(text[position:])
    page.flush()
    return _Document(page.blocks, page_title)


# ---- Markdown

_DIVIDING = frozenset(
    f"{name}_{side}"
    for name in ("heading", "list_item", "bullet_list", "ordered_list")
    for side in ("open", "close")
)
# No question and no title is as long as this; the rest is not worth parsing.
_INLINE_LENGTH = 4_000
_MARKUP = re.compile(r"[\\`*_!\[\]<>&\n]")
_REFERENCE = re.compile(r"&(?:#(?:\d{1,7}|x[0-9a-f]{1,6})|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


def _read_markdown(text: str) -> _Document:
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
            if folded := _plain(" ".join(words)):
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
    return _Document(blocks, source=source, spans=spans)


def _visible_reference(reference: re.Match[str], *, stead: str) -> str:
    meant = html.unescape(reference[0])
    return reference[0] if _cleaned(meant) == meant else stead


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


# ---- from blocks to Markdown

_ACTIVE = re.compile(r"[\\`*_\[\]<>#~|]|&(?=#?\w)|!(?=\[)")
_ACTIVE_AT_START = re.compile(r"\A(\d*)([-+=.)])")


def _markdown_of(blocks: Sequence[Block]) -> str:
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


_READERS = {"text": _read_text, "markdown": _read_markdown, "html": _read_html}
