"""The sentence over a result: what its figures say, and not a word more.

Source: the table of cases in docs/results.md. The order is judged without "Not sure", shares always
have it in their base.
"""

from __future__ import annotations

from collections.abc import Sequence

from poll_app.domain.polls import is_over
from poll_app.domain.results import OptionResult, PollFacts
from poll_app.domain.sentences import Sentence, sentence, sentences
from poll_app.domain.statistics import Order


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
    if not chosen and is_over(poll.status):
        return sentence("Nobody voted.")
    if not chosen:
        return sentence("Nobody has voted yet.")
    if ballots < percent_from:
        return sentences(
            "%(count)s reader has voted: %(votes)s. "
            "Percentages appear from %(percent_from)s readers on.",
            "%(count)s readers have voted: %(votes)s. "
            "Percentages appear from %(percent_from)s readers on.",
            ballots,
            votes=", ".join(f"{option.label} {option.votes}" for option in chosen),
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
    return (_tie_sentence if state == "tie" else _close_sentence)(options, ballots)


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


def _tie_sentence(options: Sequence[OptionResult], ballots: int) -> Sentence:
    *others, last = leaders(options)
    return sentences(
        "%(others)s and %(last)s have exactly as many votes "
        "(%(share)s each of the %(count)s reader who voted).",
        "%(others)s and %(last)s have exactly as many votes "
        "(%(share)s each of the %(count)s readers who voted).",
        ballots,
        others=", ".join(option.label for option in others),
        last=last.label,
        share=last.percent_label,
    )


def _close_sentence(options: Sequence[OptionResult], ballots: int) -> Sentence:
    *others, last = leaders(options)
    if not others:
        # One named answer has votes, the rest is "Not sure": "X and Y (0%) are about level" would
        # mislead.
        return sentences(
            "The %(count)s reader who voted said either %(top)s (%(share)s) or “%(last)s” "
            "(%(last_share)s).",
            "The %(count)s readers who voted said either %(top)s (%(share)s) or “%(last)s” "
            "(%(last_share)s).",
            ballots,
            top=last.label,
            share=last.percent_label,
            last=options[-1].label,
            last_share=options[-1].percent_label,
        )
    return sentences(
        "Among the %(count)s reader who voted, %(others)s and %(last)s (%(last_share)s) are about "
        "level; a few more votes could change the order.",
        "Among the %(count)s readers who voted, %(others)s and %(last)s (%(last_share)s) are "
        "about level; a few more votes could change the order.",
        ballots,
        others=", ".join(f"{option.label} ({option.percent_label})" for option in others),
        last=last.label,
        last_share=last.percent_label,
    )
