"""What happens to a text before it is shown: small phases in order, each a pure function of the
draft and its context that gives a code, or None. Any code holds the text for a moderator; nothing
is rejected here and nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from poll_app.domain.discussion.codes import Moderation
from poll_app.domain.discussion.texts import links_in
from poll_app.domain.discussion.words import holds_listed_word, word_list

MIN_LENGTH = 10
MIN_WRITING_S = 5.0
COINCIDENCE_LENGTH = 40  # shorter texts of two readers may be the same by chance


@dataclass(frozen=True)
class Draft:
    """What a reader sends. `trap`: the field that people don't see; `taken_s`: seconds since the
    form was made, None where nobody can tell."""

    text: str
    name: str = ""
    trap: str = ""
    taken_s: float | None = None


@dataclass(frozen=True)
class Context:
    """What else counts. `own_texts`: what this reader wrote before to the question; `other_texts`:
    what others did; both folded. `new_writer`: no other text of this reader is published here;
    `rejected_before`: a moderator turned down a text of this reader here, also a deleted one."""

    moderation: Moderation
    language: str | None
    new_writer: bool
    rejected_before: bool = False
    own_texts: frozenset[str] = frozenset()
    other_texts: frozenset[str] = frozenset()


Phase = Callable[[Draft, Context], str | None]


def folded(text: str) -> str:
    """The text as it is compared with others."""
    return " ".join(text.casefold().split())


def length(draft: Draft, _context: Context) -> str | None:
    """A word or two are hardly a reason."""
    return "length" if len(draft.text) < MIN_LENGTH else None


def links(draft: Draft, _context: Context) -> str | None:
    """Somebody looks at where a link leads before readers follow it."""
    return "links" if links_in(draft.text) or "www." in draft.text.lower() else None


def duplicate(draft: Draft, context: Context) -> str | None:
    """The same text again: of this reader, or a long one of another."""
    text = folded(draft.text)
    copied = text in context.other_texts and len(text) >= COINCIDENCE_LENGTH
    return "duplicate" if copied or text in context.own_texts else None


def too_fast(draft: Draft, _context: Context) -> str | None:
    """Nobody reads, thinks and types in a few seconds; scripts do."""
    return "too_fast" if draft.taken_s is None or draft.taken_s < MIN_WRITING_S else None


def honeypot(draft: Draft, _context: Context) -> str | None:
    """A field that people don't see is filled."""
    return "honeypot" if draft.trap else None


def words(draft: Draft, context: Context) -> str | None:
    """A word that is listed for the language of the article."""
    listed = word_list(context.language)
    return f"words.{listed}" if holds_listed_word(f"{draft.name} {draft.text}", listed) else None


def rejected_before(_draft: Draft, context: Context) -> str | None:
    """Whose text was turned down once waits the next time, also where everything is shown."""
    return "rejected_before" if context.rejected_before else None


def new_writer(_draft: Draft, context: Context) -> str | None:
    """The first text of a writer, where the article wants it read first; so nobody puts another one
    in its place."""
    waits = context.moderation == "new_writers" and context.new_writer
    return "new_writer" if waits else None


def before(_draft: Draft, context: Context) -> str | None:
    """Every text, where the article wants it read first."""
    return "before" if context.moderation == "before" else None


PHASES: tuple[Phase, ...] = (
    length, links, duplicate, too_fast, honeypot, words, rejected_before, new_writer, before,
)  # fmt: skip


def review(draft: Draft, context: Context) -> tuple[str, ...]:
    """The codes that hold this draft, in the order of the phases; none: it is published."""
    found = (phase(draft, context) for phase in PHASES)
    return tuple(code for code in found if code)
