"""What has become of a question beside its votes: corrections, reopenings, earlier wordings, the
outcome, surveys, and the public acts. Kept in memory until the poll changes."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from poll_app.database import db
from poll_app.domain.results import Result
from poll_app.models import Outcome, Poll, Survey
from poll_app.services.poll_views import PollView, view_of
from poll_app.services.record import PublicAct, list_public_acts
from poll_app.services.results import get_result

_MAX_KEPT = 1_000


@dataclass(frozen=True)
class Correction:
    """A typing mistake put right: pairs of what stood there and what stands there now."""

    at: datetime
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reopening:
    """Voting had closed and was opened again."""

    closed_at: datetime
    at: datetime
    reason: str


@dataclass(frozen=True)
class OutcomeView:
    """What came true, and by whose word; `label`: the option, where one did."""

    text: str
    label: str | None
    happened_on: date
    source: str
    source_url: str
    recorded_at: datetime


@dataclass(frozen=True)
class SurveyView:
    """A survey somebody else made; `shares`: answers as it worded them, with whole percents."""

    id: int
    institute: str
    population: str
    question: str
    people: int
    asked_from: date
    asked_to: date
    shares: tuple[tuple[str, int], ...]
    url: str


@dataclass(frozen=True)
class Story:
    """All of that; corrections and reopenings of this wording alone. `earlier`: the wordings before
    this one, the newest first, each as if it still stood at this address."""

    corrections: tuple[Correction, ...] = ()
    reopenings: tuple[Reopening, ...] = ()
    outcome: OutcomeView | None = None
    surveys: tuple[SurveyView, ...] = ()
    earlier: tuple[PollView, ...] = ()
    acts: tuple[PublicAct, ...] = ()


_kept: MutableMapping[Engine, dict[bytes, tuple[tuple[bytes, int, int], Story]]] = (
    WeakKeyDictionary()
)


def story_of(poll: PollView) -> Story:
    """The story of a poll at the revision of this view; asked of the database once per revision."""
    kept = _kept.setdefault(db.engine, {})
    found = kept.get(poll.revision[0])
    if found and found[0] == poll.revision:
        return found[1]
    story = _load(poll)
    kept[poll.revision[0]] = (poll.revision, story)
    if len(kept) > _MAX_KEPT:
        kept.pop(next(iter(kept)), None)
    return story


def wording_at(poll: PollView, moment: datetime) -> PollView:
    """The wording that stood at the address of this poll then; this one where none did."""
    before = [one for one in story_of(poll).earlier if one.opens_at and one.opens_at <= moment]
    if poll.opens_at is None or poll.opens_at <= moment or not before:
        return poll
    return before[0]


def list_earlier_results(story: Story, *, beside: Result, percent_from: int) -> tuple[Result, ...]:
    """The results of the earlier wordings, each with its own ballots. They are closed, but stand
    `beside` that of the present one, which they could give away: who may see it sees them."""
    rule = beside.poll.results_policy
    return tuple(
        get_result(
            replace(earlier, results_policy=rule),
            now=beside.as_of,
            percent_from=percent_from,
            visible=beside.visible,
        )
        for earlier in story.earlier
    )


def _load(poll: PollView) -> Story:
    stored = db.session.get_one(Poll, poll.id)
    chain = _earlier(stored)
    acts = list_public_acts(
        [poll.id, *(one.id for one in chain)], since=(chain[-1] if chain else stored).created_at
    )
    own = [act for act in acts if act.at >= stored.created_at]
    return Story(
        corrections=tuple(_correction(act) for act in own if act.act == "poll.corrected"),
        reopenings=tuple(_reopening(act) for act in own if act.act == "poll.reopened"),
        outcome=_outcome(stored.outcome, poll) if stored.outcome else None,
        surveys=tuple(_survey(survey) for survey in stored.surveys),
        earlier=tuple(replace(view_of(one, stored.created_at), slug=poll.slug) for one in chain),
        acts=acts,
    )


def _earlier(poll: Poll) -> list[Poll]:
    """The wordings before this one, the newest first."""
    chain: list[Poll] = []
    newest: Poll | None = poll
    while newest and newest.wording_version > 1:
        newest = db.session.scalar(select(Poll).where(Poll.replaced_by_id == newest.id))
        chain += [newest] if newest else []
    return chain


def _correction(act: PublicAct) -> Correction:
    return Correction(act.at, tuple(zip(_texts(act.before), _texts(act.after), strict=True)))


def _texts(facts: object) -> list[str]:
    """The question and the labels in what the record keeps of a correction."""
    kept = dict(facts) if isinstance(facts, dict) else {}
    return [*([kept["question"]] if "question" in kept else []), *kept.get("options", [])]


def _reopening(act: PublicAct) -> Reopening:
    return Reopening(datetime.fromisoformat(str(act.before["closes_at"])), act.at, act.reason)


def _outcome(outcome: Outcome, poll: PollView) -> OutcomeView:
    labels = {option.id: option.label for option in poll.options}
    return OutcomeView(
        text=outcome.text,
        label=labels.get(outcome.option_id) if outcome.option_id else None,
        happened_on=outcome.happened_on,
        source=outcome.source,
        source_url=outcome.source_url,
        recorded_at=outcome.recorded_at,
    )


def _survey(survey: Survey) -> SurveyView:
    return SurveyView(
        id=survey.id,
        institute=survey.institute,
        population=survey.population,
        question=survey.question,
        people=survey.people,
        asked_from=survey.asked_from,
        asked_to=survey.asked_to,
        shares=tuple((label, percent) for label, percent in survey.shares),
        url=survey.url,
    )
