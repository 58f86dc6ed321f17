"""From a file's bytes to its text, and which format it is in."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath
from typing import Literal

from poll_app.domain.importing.cleaning import cleaned
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MAX_ARTICLE_BYTES = 1_048_576

# How files of other programs begin; the last one is text, but nobody would want to read it.
_FOREIGN = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word or LibreOffice",
    b"\xd0\xcf\x11\xe0": "Word",
    b"{\\rtf": "RTF",
}

Format = Literal["text", "markdown", "html"]


def decoded(data: bytes) -> str:
    """The clean text in UTF-8 or marked UTF-16, its lines ended by line feeds. Raises Refusal."""
    if len(data) > MAX_ARTICLE_BYTES:
        raise Refusal(
            sentence("Use a file of at most %(limit)s KiB.", limit=MAX_ARTICLE_BYTES // 1024),
            field="file",
        )
    for start, kind in _FOREIGN.items():
        if data.startswith(start):
            raise Refusal(
                sentence(
                    "This is a %(kind)s file. Open it, copy its text and paste it here, or save it "
                    "as plain text or HTML.",
                    kind=kind,
                ),
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
    return cleaned(re.sub("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text))


_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".htm": "html",
    ".html": "html",
}


def format_of(text: str, filename: str) -> Format:
    """By the name; where that says nothing, HTML starts with a tag and Markdown has # headings."""
    if known := _SUFFIXES.get(PurePath(filename).suffix.lower()):
        return known
    if re.match(r"\s*<(?:!doctype\b|!--|[a-z][a-z0-9]*[\s/>])", text, re.IGNORECASE):
        return "html"
    return "markdown" if re.search(r"^#{1,6} +\S", text, re.MULTILINE) else "text"
