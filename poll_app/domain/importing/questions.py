"""The questions an article ends in: which list items become polls, and what they offer.

An article is a row of blocks here; `reading` makes them from a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from poll_app.domain.importing.documents import Block
from poll_app.domain.polls import MAX_QUESTION_LENGTH
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

CLOSING_SECTIONS = 3
# A list of hundreds of questions is a questionnaire or a register, not what an article ends in.
MAX_POLLS = 20


@dataclass(frozen=True)
class ProposedPoll:
    """A question found in an article; no options: an editor still has to write them."""

    question: str
    options: tuple[str, ...]


def propose_polls(blocks: Sequence[Block]) -> tuple[ProposedPoll, ...]:
    """One poll for each question that `find_questions` finds, in its order.

    Raises Refusal for more than `MAX_POLLS`: to take some of them, or none, would be silent.
    """
    questions = find_questions(blocks)
    if len(questions) > MAX_POLLS:
        raise Refusal(
            sentence(
                "Use a file with at most %(limit)s questions in its closing list, not %(found)s.",
                limit=MAX_POLLS,
                found=len(questions),
            ),
            field="file",
        )
    return tuple(ProposedPoll(text, propose_options(text)) for text in questions)


def find_questions(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The questions put to readers: list items, each one whole question, of one closing section.

    A heading begins a section, and so does the article itself; a heading with nothing under it is
    none. Of the last three sections the last one with such an item counts: a call to action or a
    byline may follow it. Questions in headings and running text are rhetoric. Repeated ones are
    dropped, apostrophes straightened.
    """
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind == "heading":
            sections.append([])
        else:
            sections[-1].append(block)
    for section in reversed([section for section in sections if section][-CLOSING_SECTIONS:]):
        found: dict[str, str] = {}
        for block in section:
            question = _as_question(block.text) if block.kind == "item" else ""
            if question:
                found.setdefault(question.casefold(), question)
        if found:
            return tuple(found.values())
    return ()


_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"))
# "Q1:", "**Frage 2.**", "3)", "a)": numbering that a poll does not need. Not "F1:", a sport.
_LABEL = re.compile(
    r"(?:(?:q|question|frage)\s*(?:\d{1,3}\s*[.:)]|:)|\d{1,3}\s*[.:)]|[a-z]\))[*_\s]+(?=\S)",
    re.IGNORECASE,
)
_QUESTION_MARKS = "?؟？"
# A mark or a full stop before another capital ends a sentence, but not after an initial ("U.S.
# Senate", "J. Doe"), a title or an ordinal ("5. März"). Without capitals (Arabic) every one does.
_SENTENCE_END = re.compile(r"[?!؟？！。]\s+\S|(?P<word>\w+)[.]\s+(?P<next>\S)")
_ABBREVIATED = re.compile(
    r"\w|\d\d|mr|mrs|ms|dr|st|prof|gen|gov|sen|rep|lt|col|sgt|inc|ltd|co|jr|sr|vs|no|nr|abs|art|bzw",
    re.IGNORECASE,
)


def _as_question(text: str) -> str:
    """The question that `text` is as a whole, without its label; "" if it is none or too long."""
    text = text.strip("*_ ")
    # Normalising takes quadratic time in stacked accents: nothing long may come that far.
    if text[-1:] not in _QUESTION_MARKS or len(text) > 2 * MAX_QUESTION_LENGTH:
        return ""
    question = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))
    question = question[label.end() :] if (label := _LABEL.match(question)) else question
    if len(question) > MAX_QUESTION_LENGTH or not any(map(str.isalnum, question)):
        return ""
    return "" if any(map(_ends_sentence, _SENTENCE_END.finditer(question))) else question


def _ends_sentence(stop: re.Match[str]) -> bool:
    word, following = stop["word"], stop["next"]
    if word is None:
        return True
    if following.islower() or following.isdigit():
        return False
    return not _ABBREVIATED.fullmatch(word)


YES_NO = ("Yes", "No", "Not sure")
JA_NEIN = ("Ja", "Nein", "Weiß nicht")


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AUXILIARIES = _word_set(
    "will would can could should shall do does did is are was were has have had may might must"
)
_NEGATED = frozenset(word + "n't" for word in _AUXILIARIES) | {"won't", "can't", "shan't", "cannot"}
_GERMAN_VERBS = _word_set(
    """wird werden würde würden soll sollen sollte sollten kann können könnte könnten darf dürfen
    dürfte dürften muss müssen müsste müssten ist sind war waren wäre wären hat haben hatte
    hatten hätte hätten will wollen wollte wollten gibt braucht"""
)
# "was" asks "what" in German, "will" is a verb in both: the words around them tell.
_GERMAN_WORDS = _word_set(
    """der das den dem des ein eine einen einem einer und oder nicht für mit sich im vom zum zur
    wir sie es ihr auf von zu nach bei"""
)
_ENGLISH_WORDS = _word_set("the a it he she this that there")
_QUESTION_WORDS = _word_set(
    """what who whom whose which when where why how was wer wen wem wessen welche welcher welches
    wann wo warum wieso weshalb wie woher wohin"""
)
_ALTERNATIVE = re.compile(r"\b(?:or|oder)\b(?!\s+(?:not|nicht)\W*$)", re.IGNORECASE)
_SECOND_QUESTION = re.compile(
    r"\b(?:and|und)\b(?:\s+(?:if|falls|wenn)\s+(?:so|ja),?)?"
    r"\s+(?:what|who|which|when|where|why|how|wer|wann|wo|warum|wie)\b",
    re.IGNORECASE,
)


def propose_options(question: str) -> tuple[str, ...]:
    """Yes, no and not sure (in German too) for a question that can be answered so, else ().

    The first word decides, after "Label: " and one introductory clause ("In your view, ...").
    Alternatives ("... or ...?") and a second question ("..., and how?") need an editor's options.
    """
    text = question.translate(_APOSTROPHES).rpartition(": ")[2]
    if _ALTERNATIVE.search(text) or _SECOND_QUESTION.search(text):
        return ()
    options = _options_by_first_word(text)
    lead, comma, rest = text.partition(", ")
    if options or not comma or not _QUESTION_WORDS.isdisjoint(_words(lead)[:2]):
        return options
    return _options_by_first_word(rest)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.casefold())


def _options_by_first_word(text: str) -> tuple[str, ...]:
    first, *others = _words(text) or [""]
    # "Will die ...?" cannot be English, "Will people die?" can.
    german = not _GERMAN_WORDS.isdisjoint(others) or others[:1] == ["die"]
    if first in _GERMAN_VERBS and (german or first not in {"will", "war"}):
        return JA_NEIN
    if first == "was" and _ENGLISH_WORDS.isdisjoint(others):
        return ()
    return YES_NO if first in _AUXILIARIES | _NEGATED else ()
