"""What has become of a question beside its votes, as JSON."""

from __future__ import annotations

from typing import Any

from poll_app.services.poll_stories import OutcomeView, Story, SurveyView
from poll_app.web.language import iso


def to_story(story: Story) -> dict[str, Any]:
    """Corrections, reopenings, the outcome, surveys and the public acts, oldest first."""
    return {
        "corrections": [
            {
                "at": iso(one.at),
                "changes": [{"before": before, "after": after} for before, after in one.changes],
            }
            for one in story.corrections
        ],
        "reopenings": [
            {"closed_at": iso(one.closed_at), "at": iso(one.at), "reason": one.reason}
            for one in story.reopenings
        ],
        "outcome": _outcome(story.outcome) if story.outcome else None,
        "surveys": [_survey(survey) for survey in story.surveys],
        "history": [
            {"at": iso(act.at), "act": act.act, "reason": act.reason or None} for act in story.acts
        ],
    }


def _outcome(outcome: OutcomeView) -> dict[str, Any]:
    return {
        "text": outcome.text,
        "option": outcome.label,
        "happened_on": outcome.happened_on.isoformat(),
        "source": outcome.source,
        "source_url": outcome.source_url or None,
        "recorded_at": iso(outcome.recorded_at),
    }


def _survey(survey: SurveyView) -> dict[str, Any]:
    return {
        "institute": survey.institute,
        "population": survey.population,
        "question": survey.question,
        "people": survey.people,
        "asked_from": survey.asked_from.isoformat(),
        "asked_to": survey.asked_to.isoformat(),
        "shares": [{"answer": answer, "percent": percent} for answer, percent in survey.shares],
        "url": survey.url or None,
    }
