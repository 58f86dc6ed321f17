"""Which passwords are taken: long ones, of any characters, that are not easy to guess.

Nobody is made to use a digit or to change a password from time to time. What is refused instead is
what a guesser tries first. At 15 characters that is no longer a word but a pattern: something said
over and over, a run over the keyboard, common words in a row, the name of the person or the site.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MIN_LENGTH = 15
MAX_LENGTH = 128

_FEWEST_DIFFERENT = 5
_OWN_CHARACTERS = 8  # that must be left once all that is common has been taken out
_SHORTEST_WORD = 3

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
)  # fmt: skip
_COMMON = """
    correcthorsebatterystaple password passwort passphrase motdepasse letmein changeme
    welcome iloveyou sunshine princess monkey dragon football baseball superman batman
    starwars trustno pokemon shadow master whatever freedom michael jennifer jordan summer
    winter spring autumn secret administrator admin editor moderator newspaper newsroom
    polls poll paper login signin account default temporary test example forever hello blink
    user root access january february march april june july august september october
    november december monday friday
""".split()  # noqa: SIM905 - reads better than a list
_SIGNS_FOR_LETTERS = str.maketrans("@4310$5!7", "aaeloss" + "it")


def check_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Raises Refusal unless the password is long enough, not too long, and not easy to guess.

    `about`: what others know of the person and the site, such as e-mail address and names.
    """
    if len(password) < MIN_LENGTH:
        raise Refusal(
            sentence("Use at least %(least)s characters.", least=MIN_LENGTH), field="password"
        )
    if len(password) > MAX_LENGTH:
        raise Refusal(
            sentence("Use at most %(most)s characters.", most=MAX_LENGTH), field="password"
        )
    if _is_guessable(password, about):
        raise Refusal(
            sentence(
                "This would be guessed: it repeats itself, follows the keyboard, or is made of "
                "common words or of names. Four words that have nothing to do with each other do."
            ),
            field="password",
        )


def _is_guessable(password: str, about: Iterable[str]) -> bool:
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(set(plain)) < _FEWEST_DIFFERENT or _repeats(plain):
        return True
    known = sorted({*_COMMON, *_words(about)}, key=len, reverse=True)
    signs = len({char for char in plain if not char.isalnum()})
    return any(
        len(_own_part(reading, known)) + signs < _OWN_CHARACTERS
        for reading in (plain, plain.translate(_SIGNS_FOR_LETTERS))
    )


def _repeats(text: str) -> bool:
    """Whether it is one thing said again, its last time perhaps cut short: that is where the text
    found anew inside itself reaches its end."""
    return any(text[n:] == text[:-n] for n in range(1, len(text) // 2 + 1))


def _words(about: Iterable[str]) -> set[str]:
    parts = re.split(r"[\W_]+", " ".join(about).casefold())
    joined = {re.sub(r"[\W_]+", "", text.casefold()) for text in about}
    return {part for part in {*parts, *joined} if len(part) >= _SHORTEST_WORD}


def _own_part(text: str, known: Iterable[str]) -> str:
    """What is left without common words, runs, repeated characters and the signs between them."""
    left = re.sub(r"[\W_]+", "", text)
    for word in known:
        left = left.replace(word, " ")
    left = re.sub(r"(.)\1{2,}", " ", left)
    left = re.sub(r"(?:19|20)\d\d", " ", left)
    pieces = left.split()
    return "".join(_without_runs(piece) for piece in pieces)


def _without_runs(text: str) -> str:
    kept, at = "", 0
    while at < len(text):
        run = _run_at(text, at)
        kept += "" if run else text[at]
        at += run or 1
    return kept


def _run_at(text: str, at: int) -> int:
    """How many characters from here lie beside each other on a row, if three or more; else 0."""
    longest = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = _SHORTEST_WORD
        while at + length <= len(text) and text[at : at + length] in row:
            longest = max(longest, length)
            length += 1
    return longest
