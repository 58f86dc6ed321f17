"""Recording what came of a question, and the survey that stands beside its result."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.methods import takes_several
from poll_app.domain.outcomes import OutcomeFacts, SurveyFacts, checked_outcome, checked_survey
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.schedule import refuse_unless
from poll_app.domain.sentences import sentence
from poll_app.models import Outcome, Poll, Survey
from poll_app.services.desk.polls import locked_poll, touch
from poll_app.services.record import record

MAX_SURVEYS = 5


def record_outcome(
    slug: str, facts: OutcomeFacts, *, revision: int, by: Person, now: datetime, today: date
) -> None:
    """Says what came true; said again, it replaces what stood there, which stays in the record.
    `today` is the day in the newsroom's zone.

    Raises NotFound, Outdated, and Refusal while the question is not closed.
    """
    with writing() as session:
        poll = locked_poll(session, slug, revision=revision)
        refuse_unless(poll, "closed", now=now)
        clean = checked_outcome(
            facts, option_ids=[option.id for option in poll.options], today=today
        )
        before = _told(poll, _facts_of(poll.outcome)) if poll.outcome else {}
        after = _told(poll, clean)
        if before == after:
            return
        act = "outcome.changed" if poll.outcome else "outcome.recorded"
        outcome = poll.outcome or Outcome(poll_id=poll.id)
        for name, value in asdict(clean).items():
            setattr(outcome, name, value)
        outcome.recorded_at = now
        poll.outcome = outcome
        touch(poll)
        record(session, act, by=by, now=now, on=poll, before=before, after=after)


def add_survey(
    slug: str, facts: SurveyFacts, *, revision: int, by: Person, now: datetime, today: date
) -> None:
    """Puts a survey beside the result. Raises NotFound, Outdated, and Refusal for a draft, for too
    many, for one that stands there already."""
    with writing() as session:
        poll = locked_poll(session, slug, revision=revision)
        refuse_unless(poll, "scheduled", "open", "closed", now=now)
        clean = checked_survey(facts, today=today, several=takes_several(poll.method))
        if len(poll.surveys) >= MAX_SURVEYS:
            raise Refusal(sentence("At most %(count)s surveys can stand here.", count=MAX_SURVEYS))
        survey = Survey(**{**asdict(clean), "shares": [list(share) for share in clean.shares]})
        told = _survey_told(survey)
        if told in map(_survey_told, poll.surveys):
            raise Refusal(sentence("This survey stands here already."))
        poll.surveys.append(survey)
        touch(poll)
        record(session, "survey.added", by=by, now=now, on=poll, after=told)


def remove_survey(slug: str, survey_id: int, *, by: Person, now: datetime) -> None:
    """Takes a survey away; what it said stays in the record. Raises NotFound."""
    with writing() as session:
        poll = locked_poll(session, slug)
        survey = next((one for one in poll.surveys if one.id == survey_id), None)
        if survey is None:
            raise NotFound(sentence("There is no such survey."))
        before = _survey_told(survey)
        poll.surveys.remove(survey)
        touch(poll)
        record(session, "survey.removed", by=by, now=now, on=poll, before=before)


def _facts_of(outcome: Outcome) -> OutcomeFacts:
    return OutcomeFacts(
        outcome.text, outcome.happened_on, outcome.source, outcome.source_url, outcome.option_id
    )


def _told(poll: Poll, facts: OutcomeFacts) -> dict[str, object]:
    """The outcome as the record keeps it: the option by its label."""
    labels = {option.id: option.label for option in poll.options}
    return {
        "text": facts.text,
        "option": labels.get(facts.option_id) if facts.option_id else None,
        "happened_on": facts.happened_on.isoformat(),
        "source": facts.source,
        "source_url": facts.source_url,
    }


def _survey_told(survey: Survey) -> dict[str, object]:
    return {
        "institute": survey.institute,
        "population": survey.population,
        "question": survey.question,
        "people": survey.people,
        "asked_from": survey.asked_from.isoformat(),
        "asked_to": survey.asked_to.isoformat(),
        "shares": [list(share) for share in survey.shares],
        "url": survey.url,
    }
