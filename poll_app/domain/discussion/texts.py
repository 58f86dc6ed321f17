"""What readers write: plain text, cleaned; its paragraphs and its links."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from poll_app.domain.importing.cleaning import cleaned, plain
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MAX_TEXT_LENGTH = 2_000
MAX_NAME_LENGTH = 40

_MAX_ACCENTS = 4  # on one letter; more only serve to write over the lines above and below
_FREE_ACCENTS = 8
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n\s*)+")
_LINK = re.compile(r"https?://[^\s<>\"“”„«»]+", re.IGNORECASE)
_MAX_LINK_LENGTH = 2_048
_CLOSING = ".,:;!?'’…"
_PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True)
class Piece:
    """A part of a line: words, or a link where `url` is set."""

    text: str
    url: str | None = None


Paragraph = tuple[Piece, ...]


def clean_reason_text(text: str) -> str:
    """The text in NFC, without characters that hide or turn others; one blank line at most between
    paragraphs. Raises Refusal for what is blank, too long, holds control characters or is covered
    with accents."""
    lines = _LINE_ENDS.sub("\n", text)
    _refuse_controls(lines, field="text")
    lines = cleaned(lines).replace("\t", " ")
    _refuse_long(lines.strip(), limit=MAX_TEXT_LENGTH, field="text")
    lines = unicodedata.normalize("NFC", _with_few_accents(lines))
    lines = "\n".join(line.rstrip() for line in lines.split("\n"))
    lines = _BLANK_LINES.sub("\n\n", lines).strip()
    if not plain(lines):
        raise Refusal(sentence("Enter some text."), field="text")
    _refuse_accents(lines, field="text")
    return lines


def clean_name(text: str) -> str:
    """The name on one line, "" for none. Raises Refusal as the text does."""
    _refuse_controls(text, field="name")
    name = plain(text)
    _refuse_long(name, limit=MAX_NAME_LENGTH, field="name")
    name = unicodedata.normalize("NFC", _with_few_accents(name))
    _refuse_accents(name, field="name")
    return name


def paragraphs(text: str) -> tuple[tuple[Paragraph, ...], ...]:
    """The text as pages show it: paragraphs, each of lines, each of words and links."""
    return tuple(
        tuple(_pieces(line) for line in paragraph.split("\n"))
        for paragraph in text.split("\n\n")
        if paragraph
    )


def links_in(text: str) -> tuple[str, ...]:
    """Every address that would become a link."""
    found = (_pieces(line) for line in text.split("\n"))
    return tuple(piece.url for pieces in found for piece in pieces if piece.url)


def _pieces(line: str) -> Paragraph:
    pieces: list[Piece] = []
    end = 0
    for match in _LINK.finditer(line):
        url = _without_closing(match.group())
        if not _is_plain_address(url):
            continue
        if match.start() > end:
            pieces.append(Piece(line[end : match.start()]))
        pieces.append(Piece(url, url))
        end = match.start() + len(url)
    if end < len(line):
        pieces.append(Piece(line[end:]))
    return tuple(pieces)


def _without_closing(url: str) -> str:
    """The address without what ends the sentence around it."""
    while url and (url[-1] in _CLOSING or _is_unpaired(url)):
        url = url[:-1]
    return url


def _is_unpaired(url: str) -> bool:
    opening = _PAIRS.get(url[-1])
    return opening is not None and url.count(opening) < url.count(url[-1])


def _is_plain_address(url: str) -> bool:
    """Whether it has a host and no name or password before it, which could fake another host."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and "@" not in parts.netloc and len(url) <= _MAX_LINK_LENGTH


def _refuse_controls(text: str, *, field: str) -> None:
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in set(text)):
        raise Refusal(sentence("Remove the control characters."), field=field)


def _refuse_long(text: str, *, limit: int, field: str) -> None:
    if len(text) > limit:
        raise Refusal(
            sentence(
                "Use at most %(limit)s characters, not %(length)s.", limit=limit, length=len(text)
            ),
            field=field,
        )


def _with_few_accents(text: str) -> str:
    """At most a few combining marks in a row: no writing needs more."""
    kept: list[str] = []
    row = 0
    for char in text:
        row = row + 1 if _is_accent(char) else 0
        if row <= _MAX_ACCENTS:
            kept.append(char)
    return "".join(kept)


def _refuse_accents(text: str, *, field: str) -> None:
    accents = sum(map(_is_accent, text))
    if accents > max(_FREE_ACCENTS, len(text) // 2):
        raise Refusal(sentence("Use fewer accents: most of this text is accents."), field=field)


def _is_accent(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me"}
