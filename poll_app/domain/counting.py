"""From counted votes to the one result object: its shares, order, sentences and checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from poll_app.domain.result_notes import note_sentence, remark_sentences
from poll_app.domain.result_sentences import hidden_sentence, visible_sentence
from poll_app.domain.results import OptionResult, PollFacts, Result
from poll_app.domain.statistics import Order, order, percent_label, share_percents, tipping_ratio

# With fewer ballots a single reader moves the ratio too much for it to be worth a sentence.
MIN_BALLOTS_FOR_TIPPING = 30


@dataclass(frozen=True)
class OptionCount:
    """An option and the counted votes for it."""

    id: int
    label: str
    not_sure: bool
    votes: int


def make_result(
    poll: PollFacts,
    counts: Sequence[OptionCount],
    *,
    ballots: int,
    set_aside: int = 0,
    peeks: int = 0,
    as_of: datetime,
    percent_from: int,
    visible: bool,
) -> Result:
    """The result of `poll` from the votes for each option, given in the editor's order.

    "Not sure" is moved last; it is in the base of every share, never in the order at the top.
    Percentages appear from `percent_from` ballots on. Hidden, only `ballots` is told. Raises
    ValueError when votes and ballots do not belong together.
    """
    _check(poll, counts, ballots, set_aside, peeks)
    options = _options(poll, counts, ballots, percent_from, visible=visible)
    # Hidden votes count as none from here on, so nothing below can tell more than is shown.
    state = order([option.counted for option in options if not option.not_sure])
    told = (
        visible_sentence(poll, options, ballots, percent_from, state)
        if visible
        else hidden_sentence(poll)
    )
    return Result(
        poll=poll,
        as_of=as_of,
        visible=visible,
        ballots=ballots,
        set_aside=set_aside,
        peeks=peeks,
        options=options,
        order=state,
        sentence=told,
        note=note_sentence(poll, ballots),
        remarks=remark_sentences(poll, options, ballots, set_aside),
        tipping_ratio=_tipping(poll, options, ballots, state),
        checksum=_checksum(poll, options, ballots, set_aside, visible=visible),
    )


def _check(
    poll: PollFacts, counts: Sequence[OptionCount], ballots: int, set_aside: int, peeks: int
) -> None:
    votes = [count.votes for count in counts]
    # A single-choice ballot holds one vote; a choose-several ballot at least one, one per option.
    fits = sum(votes) == ballots
    if poll.method == "multiple":
        fits = max(votes, default=0) <= ballots <= sum(votes)
    if not fits or min(set_aside, peeks, *votes) < 0:
        msg = f"votes {votes} do not belong to {ballots} ballots, {set_aside} set aside"
        raise ValueError(msg)
    if sum(count.not_sure for count in counts) > 1:
        msg = "more than one “Not sure”"
        raise ValueError(msg)


def _options(
    poll: PollFacts,
    counts: Sequence[OptionCount],
    ballots: int,
    percent_from: int,
    *,
    visible: bool,
) -> tuple[OptionResult, ...]:
    counts = sorted(counts, key=lambda count: count.not_sure)
    votes = [count.votes for count in counts]
    percents = share_percents(votes, ballots if poll.method == "multiple" else None)
    enough = visible and ballots >= max(percent_from, 1)
    return tuple(
        OptionResult(
            id=count.id,
            label=count.label,
            not_sure=count.not_sure,
            votes=count.votes if visible else None,
            percent=percent if enough else None,
            percent_label=percent_label(count.votes, ballots, percent) if enough else None,
            bar=100 * count.votes / max(ballots, 1) if visible else None,
        )
        for count, percent in zip(counts, percents, strict=True)
    )


def _tipping(
    poll: PollFacts, options: Sequence[OptionResult], ballots: int, state: Order
) -> float | None:
    """Source: results.md, "Tipping ratio". One decimal, where the identity holds and is shown.

    In choose-several the same reader may favour both answers, so there it does not hold.
    """
    if poll.method == "multiple" or state != "ahead" or ballots < MIN_BALLOTS_FOR_TIPPING:
        return None
    ratio = tipping_ratio([option.counted for option in options if not option.not_sure])
    return None if ratio is None else round(ratio, 1)


def _checksum(
    poll: PollFacts,
    options: Sequence[OptionResult],
    ballots: int,
    set_aside: int,
    *,
    visible: bool,
) -> str:
    figures = {
        "slug": poll.slug,
        "question": poll.question,
        "wording_version": poll.wording_version,
        "method": poll.method,
        "ballots": ballots,
        "set_aside": set_aside,
        "visible": visible,
        "options": [{"id": o.id, "label": o.label, "votes": o.votes} for o in options],
    }
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
