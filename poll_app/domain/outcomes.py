"""What came of a question, and the survey that may stand beside the readers' result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MAX_OUTCOME_LENGTH = 600
MAX_SOURCE_LENGTH = 200
MAX_URL_LENGTH = 2_048
MAX_SHARES = 20
MAX_SHARE_LABEL_LENGTH = 200
MOST_PEOPLE = 10_000_000
_ALL = 100
_ALL_ROUNDED = 101  # whole percents may add up to one more

_SHARE = re.compile(r"(?P<label>.+?)[ :]+(?P<percent>[0-9]{1,3})\s*%?")


@dataclass(frozen=True)
class OutcomeFacts:
    """What an editor says came true; `option_id` where one of the options did."""

    text: str
    happened_on: date
    source: str
    source_url: str = ""
    option_id: int | None = None


@dataclass(frozen=True)
class SurveyFacts:
    """A survey somebody else made. `shares`: answers as it worded them, with whole percents."""

    institute: str
    population: str
    question: str
    people: int
    asked_from: date
    asked_to: date
    shares: tuple[tuple[str, int], ...]
    url: str = ""


def checked_outcome(facts: OutcomeFacts, *, option_ids: Sequence[int], today: date) -> OutcomeFacts:
    """The outcome with clean texts. Raises Refusal for what can't be one: an option of another
    question, a day in the future, an address that leads nowhere."""
    if facts.option_id is not None and facts.option_id not in option_ids:
        raise Refusal(sentence("That option does not belong to this question."), field="option_id")
    if facts.happened_on > today:
        raise Refusal(sentence("This day has not come yet."), field="happened_on")
    return OutcomeFacts(
        clean_text(facts.text, limit=MAX_OUTCOME_LENGTH, field="text"),
        facts.happened_on,
        clean_text(facts.source, limit=MAX_SOURCE_LENGTH, field="source"),
        checked_url(facts.source_url, field="source_url"),
        facts.option_id,
    )


def checked_survey(facts: SurveyFacts, *, today: date, several: bool = False) -> SurveyFacts:
    """The survey with clean texts. Raises Refusal for what no survey is; `several`: people may have
    named several answers, so that shares add up to more than 100."""
    check_people(facts.people)
    if facts.asked_to < facts.asked_from:
        raise Refusal(sentence("The last day lies before the first one."), field="asked_to")
    if facts.asked_to > today:
        raise Refusal(sentence("This day has not come yet."), field="asked_to")
    if not several and sum(percent for _, percent in facts.shares) > _ALL_ROUNDED:
        raise Refusal(
            sentence("These shares add up to more than 100, though readers choose one answer."),
            field="shares",
        )
    return SurveyFacts(
        clean_text(facts.institute, limit=MAX_SOURCE_LENGTH, field="institute"),
        clean_text(facts.population, limit=MAX_SOURCE_LENGTH, field="population"),
        clean_text(facts.question, limit=MAX_OUTCOME_LENGTH, field="question"),
        facts.people,
        facts.asked_from,
        facts.asked_to,
        facts.shares,
        checked_url(facts.url, field="url"),
    )


def check_people(people: int) -> None:
    """Raises Refusal for a number of people that nobody can have asked."""
    if not 1 <= people <= MOST_PEOPLE:
        raise Refusal(
            sentence("Give the number of people asked, 1 to %(most)s.", most=MOST_PEOPLE),
            field="people",
        )


def parse_shares(text: str) -> tuple[tuple[str, int], ...]:
    """Lines such as “Yes 54” as pairs of an answer and its whole percents.

    Raises Refusal for a line that is none, for fewer than two and for the same answer twice. The
    sum is judged by `checked_survey` alone: people may have named several answers, or none.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    shares = tuple(_share(line) for line in lines)
    if not 2 <= len(shares) <= MAX_SHARES:  # noqa: PLR2004 - one answer is no comparison
        raise Refusal(
            sentence("Give 2 to %(most)s answers, one on each line.", most=MAX_SHARES),
            field="shares",
        )
    if len({label.casefold() for label, _ in shares}) < len(shares):
        raise Refusal(sentence("Two answers are the same."), field="shares")
    return shares


def checked_url(url: str, *, field: str) -> str:
    """A web address that a page may link to; "" for none. It is never fetched.

    Raises Refusal for other schemes than http and https, for one without a host, with a name and
    password in it, or with characters that an address does not hold.
    """
    url = url.strip()
    if not url:
        return ""
    if len(url) > MAX_URL_LENGTH:
        raise Refusal(
            sentence("Use at most %(limit)s characters.", limit=MAX_URL_LENGTH), field=field
        )
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or "@" in parts.netloc or "\\" in url or not url.isprintable() or " " in url:
        raise Refusal(
            sentence("Give a whole web address that starts with https:// or http://."), field=field
        )
    return url


def _share(line: str) -> tuple[str, int]:
    line = " ".join(line[: 2 * MAX_SHARE_LABEL_LENGTH].split())
    found = _SHARE.fullmatch(line)
    if found is None or int(found["percent"]) > _ALL:
        raise Refusal(
            sentence("Write each answer with its whole percents at the end, such as “Yes 54”."),
            field="shares",
        )
    label = clean_text(found["label"], limit=MAX_SHARE_LABEL_LENGTH, field="shares")
    return label, int(found["percent"])
