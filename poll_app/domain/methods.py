"""The methods a poll can use and the ways its results can be shown, described as data: forms and
rules read what a method needs here, so that a further one is a further row."""

from __future__ import annotations

from dataclasses import dataclass

from poll_app.domain.sentences import Sentence, sentence


@dataclass(frozen=True)
class MethodFacts:
    """What a method is called and what an editor sets for it. `takes_several`: a reader may choose
    more than one option, so the poll has a smallest and a largest number of choices."""

    label: Sentence
    explanation: Sentence
    takes_several: bool


METHOD_FACTS: dict[str, MethodFacts] = {
    "single": MethodFacts(
        sentence("One answer"), sentence("Each reader chooses one option."), takes_several=False
    ),
    "multiple": MethodFacts(
        sentence("Several answers"),
        sentence("Each reader may choose several options; shares may add up to more than 100."),
        takes_several=True,
    ),
}


@dataclass(frozen=True)
class PolicyFacts:
    """When readers see the results, in the words of the desk."""

    label: Sentence
    explanation: Sentence


POLICY_FACTS: dict[str, PolicyFacts] = {
    "always": PolicyFacts(
        sentence("Always"),
        sentence("Anybody can look without voting; how many did is counted and shown."),
    ),
    "after_vote": PolicyFacts(
        sentence("After one’s own vote"),
        sentence("Earlier answers influence nobody; until then only the number of readers shows."),
    ),
    "after_close": PolicyFacts(
        sentence("After voting has closed"),
        sentence("Nobody sees figures while votes come in; the question needs an end for this."),
    ),
}


def takes_several(method: str) -> bool:
    """Whether a reader may choose more than one option; an unknown method takes one."""
    return method in METHOD_FACTS and METHOD_FACTS[method].takes_several
