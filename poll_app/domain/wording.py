"""What may be corrected in a question that holds votes: typing mistakes, nothing that a reader who
answered could have understood in another way. Everything else is a new wording.

The rule is careful on purpose. What it lets through is shown to readers, before and after.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

_MOST_WORDS = 2
_SHORTEST = 3
_LONG_WORD = 5

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[\d]+")
_DOUBLED = re.compile(r"(.)\1+")
_NUMBER = re.compile(r"(?<![\w])-?\d+(?:[.,:]\d+)*")
# Words that a whole answer hangs on, however few their letters.
_WEIGHTY = frozenset(
    """
    not no never none nobody nothing nor neither without cannot yes only
    should could would can may might must will shall
    all any every some few most least more less both either
    before after over under above below up down in out on off with for against
    soll sollte sollen sollten kann könnte können könnten darf dürfen muss müssen wird würde werden
    nicht kein keine keinen keiner nie niemals niemand nichts ohne ja nein nur
    alle jeder manche mehr weniger vor nach über unter mit für gegen ab auf aus
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety half double
    hundred hundreds thousand thousands million millions billion billions trillion trillions
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig
    sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde milliarden halb
    """.split()  # noqa: SIM905 - a list of words reads better without quotation marks
)
_NEGATIONS = frozenset(
    """
    n't not no never none nobody nothing nor neither without cannot
    nicht kein keine keinen keiner nie niemals niemand nichts ohne nein
    """.split()  # noqa: SIM905
)
# What may come or go by itself.
_ARTICLES = frozenset({"the", "a", "an", "der", "die", "das", "den", "dem", "des"})


@dataclass(frozen=True)
class Wording:
    """The words readers answer: the question and the labels of its options, in the editor's
    order."""

    question: str
    labels: tuple[str, ...]


def check_correction(before: Wording, after: Wording, *, first: Wording | None = None) -> None:
    """Raises Refusal unless `after` corrects typing mistakes of `before` and does nothing else,
    also measured by the words that stood there `first`: small steps may lead far."""
    if len(before.labels) != len(after.labels):
        raise Refusal(
            sentence("A correction keeps the number of options. Start a new wording instead."),
            field="option",
        )
    if before == after:
        raise Refusal(sentence("Nothing was changed."), field="question")
    for earlier in dict.fromkeys((first or before, before)):
        _refuse_other_words(earlier, after)
        _refuse_exchanged(earlier.labels, after.labels)


def _refuse_other_words(before: Wording, after: Wording) -> None:
    texts = zip((before.question, *before.labels), (after.question, *after.labels), strict=True)
    for place, (was, becomes) in enumerate(texts):
        if not is_small_correction(was, becomes):
            raise Refusal(
                sentence(
                    "From “%(before)s” to “%(after)s” is more than a typing mistake. Start a new "
                    "wording instead: it keeps the votes of the old one beside it.",
                    before=was,
                    after=becomes,
                ),
                field="option" if place else "question",
            )


def is_small_correction(before: str, after: str) -> bool:
    """Whether `after` says the same with typing mistakes put right: numbers, signs and words of
    weight stay, no negation comes in, at most two words change, each by a slip of the hand."""
    one, two = _plain(before), _plain(after)
    lost, gained = _weights(one) - _weights(two), _weights(two) - _weights(one)
    if _figures(one) != _figures(two) or lost or _NEGATIONS & gained.keys():
        return False
    old, new = _WORD.findall(one), _WORD.findall(two)
    changed = 0
    one_way, other_way = ([word.casefold() for word in words] for words in (old, new))
    matcher = SequenceMatcher(None, one_way, other_way, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        changed += max(b - a, d - c)
        if not _is_slip(old[a:b], new[c:d]):
            return False
    return changed <= _MOST_WORDS


def _is_slip(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether one run of words is the other one with its typing mistakes put right."""
    if not old or not new:
        return {word.casefold() for word in (*old, *new)} <= _ARTICLES
    if len(old) == len(new):
        return all(_is_same_word(a, b) for a, b in zip(old, new, strict=True))
    return "".join(old).casefold() == "".join(new).casefold()  # a space too many or too few


def _is_same_word(before: str, after: str) -> bool:
    """Whether two words differ as a slip of the hand makes them differ: an apostrophe, a letter
    doubled, two neighbours swapped or, inside a longer word, one letter too many or too few. A
    letter that another one replaces may make another word of any word: decrease, billion, and."""
    one, two = sorted((word.replace("'", "").casefold() for word in (before, after)), key=len)
    apart = _distance(one, two)
    if not apart or (apart == 1 and {one, two} <= _ARTICLES):
        return True
    if apart > 1 or one[0] != two[0] or len(one) < _SHORTEST:
        return False
    if len(one) == len(two):
        return Counter(one) == Counter(two)
    is_doubled = _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", two)
    return is_doubled or (len(one) >= _LONG_WORD and one[-1] == two[-1])


def _refuse_exchanged(before: Sequence[str], after: Sequence[str]) -> None:
    """No option may come to read like another one, nor take its place."""
    for place, label in enumerate(after):
        mine = _distance(before[place].casefold(), label.casefold())
        for other, was in enumerate(before):
            if other != place and _distance(was.casefold(), label.casefold()) <= mine:
                raise Refusal(
                    sentence(
                        "“%(after)s” could be taken for the option “%(before)s”. Start a new "
                        "wording instead.",
                        after=label,
                        before=was,
                    ),
                    field="option",
                )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("’", "'").replace("−", "-")


def _figures(text: str) -> tuple[Counter[str], Counter[str]]:
    """Its numbers, and the signs that give them their meaning."""
    signs = (c for c in text if c == "%" or unicodedata.category(c) in {"Sc", "Sm"})
    return Counter(_NUMBER.findall(text)), Counter(signs)


def _weights(text: str) -> Counter[str]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return Counter(
        "n't" if word.endswith("n't") else word
        for word in words
        if word in _WEIGHTY or word.endswith("n't")
    )


def _distance(one: str, two: str) -> int:
    """Letters to add, take, exchange, or swap with a neighbour (Damerau 1964, in the form of
    optimal string alignment)."""
    last: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        before_last, last, row = last, row, [i]
        for j, b in enumerate(two, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, before_last[j - 2] + 1)
            row.append(best)
    return row[-1]
