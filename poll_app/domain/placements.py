"""Placements: the places an editor names where readers come upon a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poll_app.domain.polls import clean_text

MAX_PLACEMENT_LENGTH = 60
# A place is told from this number of ballots on, and only beside another one.
MIN_BALLOTS = 50
_MIN_PLACES = 2


@dataclass(frozen=True)
class Place:
    """So many of the ballots were first cast at this place."""

    name: str
    ballots: int


@dataclass(frozen=True)
class Places:
    """Where ballots were first cast, most first; `others`: at smaller places or not known."""

    places: tuple[Place, ...]
    others: int


def clean_placement(name: str) -> str:
    """The name of a place. Raises Refusal for a blank or long one."""
    return clean_text(name, limit=MAX_PLACEMENT_LENGTH, field="name")


def places_told(ballots_at: Mapping[str, int], ballots: int) -> Places | None:
    """The places that hold enough of all these ballots; None unless there are two."""
    told = [Place(name, count) for name, count in ballots_at.items() if count >= MIN_BALLOTS]
    others = ballots - sum(place.ballots for place in told)
    if len(told) < _MIN_PLACES or others < 0:  # less than nothing: a damaged tally
        return None
    return Places(tuple(sorted(told, key=lambda place: (-place.ballots, place.name))), others)
