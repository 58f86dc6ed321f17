"""The details of a result as JSON: the same figures as on its page."""

from __future__ import annotations

from typing import Any

from poll_app.domain.changes_of_mind import ChangesOfMind
from poll_app.domain.comparisons import FirstPlace, Group, Sight
from poll_app.domain.over_time import OverTime
from poll_app.domain.placements import Places
from poll_app.domain.unusual_hours import UnusualHour
from poll_app.services.result_details import ResultDetails
from poll_app.web.language import iso


def to_details(details: ResultDetails | None) -> dict[str, Any]:
    """All parts; null the ones that need more ballots, and all of them while figures are hidden."""
    if details is None:
        parts = "over_time", "changes_of_mind", "looked_before", "first_place", "places"
        return {"counted_at": None, "ballots": None, **dict.fromkeys([*parts, "unusual_hours"])}
    return {
        "counted_at": iso(details.counted_at),
        "ballots": details.ballots,
        "over_time": details.over_time and _over_time(details.over_time),
        "changes_of_mind": details.changes and _changes(details.changes),
        "looked_before": details.sight and _sight(details.sight),
        "first_place": details.first_place and _first_place(details.first_place),
        "places": details.places and _places(details.places),
        "unusual_hours": [_unusual(hour) for hour in details.unusual],
    }


def _over_time(course: OverTime) -> list[dict[str, Any]]:
    return [
        {
            "from": step.first.isoformat(),
            "to": step.last.isoformat(),
            "ballots": step.ballots,
            "ballots_in_seven_days": step.window_ballots,
            "percents": [
                {"option": option_id, "percent": share.percent, "percent_label": share.label}
                for option_id, share in step.shares.items()
            ]
            if step.shares
            else None,
        }
        for step in course.steps
    ]


def _changes(changes: ChangesOfMind) -> dict[str, Any]:
    return {
        "readers": changes.readers,
        "kept": changes.kept,
        "withdrew": changes.withdrew,
        "options": [
            {
                "option": option.option_id,
                "first": option.first,
                "now": option.now,
                "came": option.came,
                "left": option.left,
            }
            for option in changes.options
        ],
        "moves": [
            {"from": move.from_id, "to": move.to_id, "readers": move.readers}
            for move in changes.moves
        ],
        "more_to": changes.more_to,
    }


def _sight(sight: Sight) -> dict[str, Any]:
    return {"had_looked": _group(sight.saw), "had_not": _group(sight.others)}


def _group(group: Group) -> dict[str, Any]:
    shares = [
        {"option": option_id, "percent_label": label} for option_id, label in group.shares.items()
    ]
    return {"ballots": group.ballots, "percents": shares}


def _first_place(place: FirstPlace) -> dict[str, Any]:
    return {
        "answers": place.answers,
        "first": place.first,
        "percent_label": place.percent_label,
        "options": place.options,
    }


def _places(told: Places) -> dict[str, Any]:
    return {
        "places": [{"name": place.name, "ballots": place.ballots} for place in told.places],
        "others": told.others,
    }


def _unusual(hour: UnusualHour) -> dict[str, Any]:
    return {
        "hour": iso(hour.hour),
        "ballots": hour.ballots,
        "usual": hour.usual,
        "stands_out": hour.standout.option_id,
        "options": [
            {
                "option": option_id,
                "votes": votes,
                "percent_label_without": hour.without[option_id] if hour.without else None,
            }
            for option_id, votes in hour.votes.items()
        ],
    }
