"""The methods a poll can use and the ways its results can be shown, described as data: forms and
rules read what a method needs here, so that a further one is a further row."""

from __future__ import annotations

from dataclasses import dataclass

from poll_app.domain.sentences import Sentence, sentence


@dataclass(frozen=True)
class Described:
    """A choice of the desk in its words."""

    label: Sentence
    explanation: Sentence


@dataclass(frozen=True)
class MethodFacts(Described):
    """A method. `takes_several`: a reader may choose more than one option, so the poll has a
    smallest and a largest number of choices."""

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


POLICY_FACTS: dict[str, Described] = {
    "always": Described(
        sentence("Always"),
        sentence("Anybody can look without voting; how many did is counted and shown."),
    ),
    "after_vote": Described(
        sentence("After one’s own vote"),
        sentence(
            "Until then only the number of readers shows, and in a discussion the reasons that "
            "some give beside their answers."
        ),
    ),
    "after_close": Described(
        sentence("After voting has closed"),
        sentence(
            "While votes come in only the number of readers shows, and in a discussion the reasons "
            "that some give beside their answers."
        ),
    ),
}


def takes_several(method: str) -> bool:
    """Whether a reader may choose more than one option; an unknown method takes one."""
    return method in METHOD_FACTS and METHOD_FACTS[method].takes_several
