"""The sentence over a result: what its figures say, and not a word more.

Source: the table of cases in docs/results.md. The order is judged without "Not sure", shares always
have it in their base.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from poll_app.domain.polls import is_over
from poll_app.domain.results import OptionResult, PollFacts
from poll_app.domain.sentences import Sentence, sentence, sentences
from poll_app.domain.statistics import Order

# Shares at most this far apart look level to the eye, so only then are they called so.
LEVEL_PERCENT = 5

# What in a label could be taken for the end of it where several stand in a row.
_AMBIGUOUS = re.compile(r"[\d,;،؛、]| and ")


def leaders(options: Sequence[OptionResult]) -> list[OptionResult]:
    """The most frequent answer, then all with the second largest count, without "Not sure".

    Equal ones keep the editor's order; an answer without votes is never among them.
    """
    named = [option for option in options if option.votes and not option.not_sure]
    named.sort(key=lambda option: option.counted, reverse=True)
    return [option for option in named if option is named[0] or option.votes == named[1].votes]


def hidden_sentence(poll: PollFacts) -> Sentence:
    """When the figures will be shown."""
    if poll.results_policy == "after_vote":
        return sentence("Results are shown after you have voted.")
    if poll.results_policy == "after_close":
        return sentence("Results are shown when the poll has closed.")
    return sentence("Results are not shown now.")


def visible_sentence(
    poll: PollFacts,
    options: Sequence[OptionResult],
    ballots: int,
    percent_from: int,
    state: Order,
) -> Sentence:
    """What the visible figures say, case by case as in results.md, "The sentence"."""
    chosen = [option for option in options if option.votes]
    if not chosen:
        return _empty_sentence(poll)
    if ballots < percent_from:
        return sentences(
            "%(count)s reader has voted: %(votes)s. "
            "Percentages appear from %(percent_from)s readers on.",
            "%(count)s readers have voted: %(votes)s. "
            "Percentages appear from %(percent_from)s readers on.",
            ballots,
            votes=_with_votes(chosen),
            percent_from=percent_from,
        )
    if len(chosen) == 1:
        # Also when it is "Not sure". "Most of the readers (100%)" would sound as if some had not.
        return sentences(
            "The only reader who voted said %(top)s (%(share)s).",
            "All %(count)s readers who voted said %(top)s (%(share)s).",
            ballots,
            top=chosen[0].label,
            share=chosen[0].percent_label,
        )
    if state == "ahead":
        return _ahead_sentence(poll, options, ballots)
    told = _tie_sentence if state == "tie" else _close_sentence
    return told(poll, options, ballots)


def _empty_sentence(poll: PollFacts) -> Sentence:
    if poll.status == "scheduled":
        return sentence("Voting has not opened yet.")
    return sentence("Nobody voted.") if is_over(poll.status) else sentence("Nobody has voted yet.")


def _ahead_sentence(poll: PollFacts, options: Sequence[OptionResult], ballots: int) -> Sentence:
    top, last = leaders(options)[0], options[-1]
    values = {"top": top.label, "share": top.percent_label}
    if last.not_sure and last.counted >= top.counted:
        # "The most frequent answer" alone would be false: that was "Not sure".
        return sentences(
            "Leaving out “%(last)s” (%(last_share)s), %(top)s was the most frequent answer "
            "(%(share)s) of the %(count)s reader who voted.",
            "Leaving out “%(last)s” (%(last_share)s), %(top)s was the most frequent answer "
            "(%(share)s) of the %(count)s readers who voted.",
            ballots,
            **values,
            last=last.label,
            last_share=last.percent_label,
        )
    if 2 * top.counted <= ballots:
        return sentences(
            "%(top)s was the most frequent answer (%(share)s) of the %(count)s reader who voted.",
            "%(top)s was the most frequent answer (%(share)s) of the %(count)s readers who voted.",
            ballots,
            **values,
        )
    if poll.method == "multiple":
        return sentences(
            "Most of the %(count)s reader who voted chose %(top)s (%(share)s).",
            "Most of the %(count)s readers who voted chose %(top)s (%(share)s).",
            ballots,
            **values,
        )
    return sentences(
        "Most of the %(count)s reader who voted said %(top)s (%(share)s).",
        "Most of the %(count)s readers who voted said %(top)s (%(share)s).",
        ballots,
        **values,
    )


def _tie_sentence(_poll: PollFacts, options: Sequence[OptionResult], ballots: int) -> Sentence:
    first = leaders(options)
    return sentences(
        "%(first)s have exactly as many votes (%(share)s each of the %(count)s reader who voted).",
        "%(first)s have exactly as many votes (%(share)s each of the %(count)s readers who voted).",
        ballots,
        first=_row(_labels(first)),
        share=first[0].percent_label,
    )


def _close_sentence(poll: PollFacts, options: Sequence[OptionResult], ballots: int) -> Sentence:
    first = leaders(options)
    if len(first) == 1:
        # One named answer has votes, the rest is "Not sure": "X and Y (0%) are about level" would
        # mislead.
        return sentences(
            "The %(count)s reader who voted said either %(top)s (%(share)s) or “%(last)s” "
            "(%(last_share)s).",
            "The %(count)s readers who voted said either %(top)s (%(share)s) or “%(last)s” "
            "(%(last_share)s).",
            ballots,
            top=first[0].label,
            share=first[0].percent_label,
            last=options[-1].label,
            last_share=options[-1].percent_label,
        )
    if 100 * (first[0].counted - first[1].counted) > LEVEL_PERCENT * ballots:
        return _before_sentence(first, ballots)
    if is_over(poll.status):
        return sentences(
            "Among the %(count)s reader who voted, %(first)s are about level.",
            "Among the %(count)s readers who voted, %(first)s are about level.",
            ballots,
            first=_row(_with_shares(first)),
        )
    return sentences(
        "Among the %(count)s reader who voted, %(first)s are about level; "
        "a few more votes could change the order.",
        "Among the %(count)s readers who voted, %(first)s are about level; "
        "a few more votes could change the order.",
        ballots,
        first=_row(_with_shares(first)),
    )


def _before_sentence(first: Sequence[OptionResult], ballots: int) -> Sentence:
    """The bars differ plainly, but not by enough for so few votes."""
    top, *others = _with_shares(first)
    return sentences(
        "Among the %(count)s reader who voted, %(top)s has more votes than %(others)s; "
        "the votes are too few to call it a clear lead.",
        "Among the %(count)s readers who voted, %(top)s has more votes than %(others)s; "
        "the votes are too few to call it a clear lead.",
        ballots,
        top=top,
        others=_row(others),
    )


def _row(parts: Sequence[Sentence | str]) -> Sentence | str:
    *others, last = parts
    return sentence("%(others)s and %(last)s", others=tuple(others), last=last) if others else last


def _labels(options: Sequence[OptionResult]) -> list[Sentence | str]:
    """The labels as parts of a sentence, in quotes where it would not be clear where one ends."""
    if any(_AMBIGUOUS.search(option.label) for option in options):
        return [sentence("“%(label)s”", label=option.label) for option in options]
    return [option.label for option in options]


def _with_shares(options: Sequence[OptionResult]) -> list[Sentence]:
    return [
        sentence("%(label)s (%(share)s)", label=label, share=option.percent_label)
        for label, option in zip(_labels(options), options, strict=True)
    ]


def _with_votes(options: Sequence[OptionResult]) -> tuple[Sentence, ...]:
    return tuple(
        sentence("%(label)s %(votes)s", label=label, votes=option.counted)
        for label, option in zip(_labels(options), options, strict=True)
    )
