"""The one result object of a poll: what may be seen of it, its figures and its sentences.

A result describes the readers who voted, never anybody else. Page, API, CSV and images all read
this object, so no two of them can disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from poll_app.domain.polls import is_over
from poll_app.domain.sentences import Sentence
from poll_app.domain.statistics import Order


@dataclass(frozen=True)
class PollFacts:
    """What a result repeats about its poll; times are aware UTC."""

    slug: str
    question: str
    method: str
    status: str
    opens_at: datetime | None
    closes_at: datetime | None
    wording_version: int
    results_policy: str
    max_choices: int = 1
    min_choices: int = 1
    simulated: bool = False


@dataclass(frozen=True)
class OptionResult:
    """An option as a result shows it; None = not shown. `bar` is the exact share, 0 to 100."""

    id: int
    label: str
    not_sure: bool
    votes: int | None
    percent: int | None
    percent_label: str | None
    bar: float | None

    @property
    def counted(self) -> int:
        """The votes as far as they are shown; hidden ones count as none."""
        return self.votes or 0


@dataclass(frozen=True)
class Result:
    """The result of one poll at one moment, as one reader may see it.

    `checksum` is "sha256:" and the hexadecimal SHA-256 of this JSON in UTF-8, keys sorted, no
    spaces, characters beyond ASCII as themselves: an object with slug, question, wording_version,
    method, ballots, set_aside, visible, and options, a list in the order shown of objects with
    id, label and votes (null when hidden).
    """

    poll: PollFacts
    as_of: datetime
    visible: bool
    ballots: int
    set_aside: int
    peeks: int
    options: tuple[OptionResult, ...]
    order: Order
    sentence: Sentence
    note: Sentence
    remarks: tuple[Sentence, ...]
    tipping_ratio: float | None
    checksum: str


def results_visible(*, policy: str, status: str, has_voted: bool) -> bool:
    """Whether one reader may see the figures now; a counted peek counts as `has_voted`.

    A poll that is over hides nothing: nobody can vote any more to see it. Raises ValueError for
    an unknown policy, so that a typing error never shows what should be hidden.
    """
    if policy not in {"always", "after_vote", "after_close"}:
        msg = f"no such results policy: {policy}"
        raise ValueError(msg)
    return policy == "always" or is_over(status) or (policy == "after_vote" and has_voted)
