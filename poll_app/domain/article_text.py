"""What the text of an article may be; one rule per field, each with its limit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from poll_app.domain.articles import MAX_STANDFIRST_LENGTH, MAX_TITLE_LENGTH
from poll_app.domain.importing.cleaning import cleaned
from poll_app.domain.importing.documents import MAX_LINES
from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MAX_SOURCE_LENGTH = MAX_TITLE_LENGTH
MAX_PROMPT_LENGTH = 600
MAX_BODY_LENGTH = 200_000  # four bytes each fit into the 1 MiB that a form of the desk may have
MAX_LANGUAGE_LENGTH = 20

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class ArticleText:
    """The fields of an article that an editor writes; `body` is Markdown, `language` None where it
    is the site's."""

    title: str
    standfirst: str = ""
    source: str = ""
    body: str = ""
    discussion_prompt: str = ""
    language: str | None = None


def clean_title(text: str) -> str:
    """A title of one line. Raises Refusal when it is blank, too long or holds hidden characters."""
    return clean_text(text, limit=MAX_TITLE_LENGTH, field="title")


def clean_standfirst(text: str) -> str:
    """The sentences under the title, or "". Raises Refusal as for a title."""
    return _optional(text, limit=MAX_STANDFIRST_LENGTH, field="standfirst")


def clean_source(text: str) -> str:
    """Where the article first appeared, or "". Raises Refusal as for a title."""
    return _optional(text, limit=MAX_SOURCE_LENGTH, field="source")


def clean_prompt(text: str) -> str:
    """What readers are asked to discuss, or "". Raises Refusal as for a title."""
    return _optional(text, limit=MAX_PROMPT_LENGTH, field="discussion_prompt")


def clean_body(text: str) -> str:
    """The Markdown with lines ended by line feeds, without hidden characters and blank ends.

    Raises Refusal when it is too long.
    """
    body = cleaned(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()
    if len(body) > MAX_BODY_LENGTH:
        raise Refusal(
            sentence(
                "Use at most %(limit)s characters, not %(length)s.",
                limit=MAX_BODY_LENGTH,
                length=len(body),
            ),
            field="body",
        )
    if body.count("\n") >= MAX_LINES:
        raise Refusal(sentence("Use at most %(limit)s lines.", limit=MAX_LINES), field="body")
    return body


def clean_language(code: str | None) -> str | None:
    """The code of a language (BCP 47), None for the site's own. Raises Refusal for all else."""
    if not code:
        return None
    if len(code) > MAX_LANGUAGE_LENGTH or not _LANGUAGE.fullmatch(code):
        raise Refusal(sentence("Choose a language from the list."), field="language")
    return code


def clean_article(text: ArticleText) -> ArticleText:
    """The same with every field clean. Raises Refusal for the first that can't be."""
    return ArticleText(
        title=clean_title(text.title),
        standfirst=clean_standfirst(text.standfirst),
        source=clean_source(text.source),
        body=clean_body(text.body),
        discussion_prompt=clean_prompt(text.discussion_prompt),
        language=clean_language(text.language),
    )


def _optional(text: str, *, limit: int, field: str) -> str:
    return clean_text(text, limit=limit, field=field) if text.strip() else ""
