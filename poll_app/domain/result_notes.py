"""What stands beside the figures: who answered, why sums miss 100, what would tip the result."""

from __future__ import annotations

from collections.abc import Sequence

from poll_app.domain.result_sentences import leaders
from poll_app.domain.results import OptionResult, PollFacts, Result
from poll_app.domain.sentences import Sentence, sentence, sentences
from poll_app.domain.statistics import ALL_PERCENT

# Above it the sentence says "more than ten times": the exact figure would only sound precise.
MAX_TIPPING_RATIO_TOLD = 10


def note_sentence(poll: PollFacts, ballots: int) -> Sentence:
    """Who answered: always beside a figure."""
    if poll.simulated:
        return sentences(
            "Simulated. %(count)s ballot, made up by a program in whole or in part; "
            "it shows what nobody thinks.",
            "Simulated. %(count)s ballots, made up by a program in whole or in part; "
            "they show what nobody thinks.",
            ballots,
        )
    # Without any reader there is no "they".
    if ballots == 0:
        return sentence(
            "Reader vote. No reader has chosen to answer. It can only show what readers who "
            "answer think, not what the public thinks."
        )
    return sentences(
        "Reader vote. %(count)s reader chose to answer. "
        "It shows what they think, not what the public thinks.",
        "Reader vote. %(count)s readers chose to answer. "
        "It shows what they think, not what the public thinks.",
        ballots,
    )


def remark_sentences(
    poll: PollFacts, options: Sequence[OptionResult], ballots: int, set_aside: int
) -> tuple[Sentence, ...]:
    """What has to stand beside the figures shown: sums that miss 100, ballots set aside."""
    remarks = []
    percents = [option.percent for option in options if option.percent is not None]
    votes = sum(option.counted for option in options)
    if poll.method == "multiple" and votes > ballots and sum(percents) > ALL_PERCENT:
        remarks.append(
            sentence(
                "The figures add up to more than 100 because readers could choose several "
                "answers; each is a share of the readers who voted."
            )
        )
    elif poll.method == "multiple" and votes:
        remarks.append(
            sentence("Readers could choose several answers; shares are of the readers who voted.")
        )
    elif percents and sum(percents) != ALL_PERCENT:
        remarks.append(
            sentence(
                "Because of rounding, the figures add up to %(sum)s, not 100.", sum=sum(percents)
            )
        )
    if set_aside:
        remarks.append(
            sentences(
                "%(count)s ballot was set aside and is not counted.",
                "%(count)s ballots were set aside and are not counted.",
                set_aside,
            )
        )
    return tuple(remarks)


def tipping_sentence(result: Result) -> Sentence | None:
    """What the tipping ratio of `result` means, in words; None when it has none.

    Source: results.md, "Tipping ratio". It compares two answers, so it says "between the two".
    """
    if result.tipping_ratio is None:
        return None
    top, second = (option.label for option in leaders(result.options)[:2])
    if result.tipping_ratio > MAX_TIPPING_RATIO_TOLD:
        return sentence(
            "If readers who favour %(top)s were more than ten times as likely to vote as readers "
            "who favour %(second)s, all readers together would be evenly split between the two.",
            top=top,
            second=second,
        )
    if result.tipping_ratio == 1:
        # Below 1.05, which takes thousands of ballots: "1.0 times as likely" says "as likely".
        return sentence(
            "If readers who favour %(top)s were only slightly more likely to vote than readers "
            "who favour %(second)s, all readers together would be evenly split between the two.",
            top=top,
            second=second,
        )
    return sentence(
        "If readers who favour %(top)s were %(ratio)s times as likely to vote as readers who "
        "favour %(second)s, all readers together would be evenly split between the two.",
        top=top,
        second=second,
        ratio=result.tipping_ratio,
    )
