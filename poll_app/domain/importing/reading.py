"""A file that an editor brings, read into an article: title, Markdown body, blocks, polls.

Every format ends in the same blocks. Plain text and HTML get a body written from them with all
markup escaped, so nothing of theirs can become active; a Markdown file keeps its own text, which
is safe as long as it is rendered with raw HTML off.
"""

from __future__ import annotations

from dataclasses import dataclass

from poll_app.domain.articles import MAX_TITLE_LENGTH
from poll_app.domain.importing.body import markdown_of
from poll_app.domain.importing.cleaning import plain
from poll_app.domain.importing.documents import Block, refuse_more_than_max_lines
from poll_app.domain.importing.files import decoded, format_of
from poll_app.domain.importing.html_pages import read_html
from poll_app.domain.importing.markdown_text import read_markdown
from poll_app.domain.importing.plain_text import read_text
from poll_app.domain.importing.questions import ProposedPoll, propose_polls
from poll_app.domain.importing.titles import title_of, without_title
from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

_READERS = {"text": read_text, "markdown": read_markdown, "html": read_html}


@dataclass(frozen=True)
class ImportedArticle:
    """What was read. `body` is Markdown, safe to render with raw HTML off; `title_is_guess`: the
    file has no title, and this one is made of a heading further down or of its opening words."""

    title: str
    body: str
    blocks: tuple[Block, ...]
    polls: tuple[ProposedPoll, ...]
    title_is_guess: bool = False


def read_article(data: bytes, *, filename: str, title: str | None = None) -> ImportedArticle:
    """The article in a text, Markdown or HTML file of at most 1 MiB.

    The title is `title` unless blank, else the first heading of level 1, else the <title> of an
    HTML page, else the first heading of all, else the opening words. (Without a title line the
    first section heading says better what a piece is about than the start of a sentence does.)
    A title that stood in the text as a heading of level 1 or as its first block leaves the body,
    because the page shows it already.

    Raises Refusal for a file that is too large or too long, is not text, holds no readable text
    or ends in more than 20 questions, and for a title that is too long.
    """
    text = decoded(data)
    format_ = format_of(text, filename)
    if format_ != "html":
        refuse_more_than_max_lines(text.count("\n"))
    document = _READERS[format_](text)
    if not document.blocks:
        raise Refusal(sentence("There is no text in this file."), field="file")
    is_guess = False
    if title is not None and plain(title):
        title = clean_text(plain(title), limit=MAX_TITLE_LENGTH, field="title")
    else:
        title, is_guess = title_of(document)
    document = without_title(document, title)
    blocks = tuple(document.blocks)
    body = markdown_of(blocks) if document.source is None else document.source
    return ImportedArticle(title, body, blocks, propose_polls(blocks), is_guess)
