"""The results page of one question, current or as of a moment: what goes into its template."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app, render_template

from poll_app.domain.result_notes import tipping_sentence
from poll_app.domain.results import Result
from poll_app.services.poll_stories import Story, list_earlier_results, story_of
from poll_app.services.poll_views import PollView
from poll_app.services.result_details import (
    ResultDetails,
    get_details_as_of,
    get_result_details,
)
from poll_app.services.voting import OwnAnswer
from poll_app.web.charts import chart_of
from poll_app.web.citations import address_as_of, citable, citable_from
from poll_app.web.discussion.boxes import Talk
from poll_app.web.language import iso, speak


def current_page(
    poll: PollView,
    version: int,
    result: Result,
    own: OwnAnswer | None,
    now: datetime,
    *,
    talk: Talk,
) -> str:
    """The page of the current result, as one reader may see it, with the discussion below it."""
    details = details_of(poll, version, result, now)
    cited = citable(poll, now)
    return _page(poll, result, details, own=own, cited=cited, earlier=None, talk=talk)


def details_of(poll: PollView, version: int, result: Result, now: datetime) -> ResultDetails | None:
    """The details of a result; None where its figures are hidden or there are none."""
    if not (result.visible and result.ballots):
        return None
    return get_result_details(poll, version, ballots=result.ballots, now=now, zone=site_zone())


def earlier_page(poll: PollView, result: Result) -> str:
    """The page of a result as of a moment, the same for everybody."""
    speak(poll.language, current_app.extensions["languages"])
    details = None
    if result.visible and result.ballots:
        details = get_details_as_of(poll, result.as_of, zone=site_zone())
    cited = result if result.visible else None
    return _page(poll, result, details, own=None, cited=cited, earlier=iso(result.as_of))


def site_zone() -> ZoneInfo:
    """The zone whose days are told."""
    return ZoneInfo(current_app.extensions["settings"].time_zone)


def _page(
    poll: PollView,
    result: Result,
    details: ResultDetails | None,
    *,
    own: OwnAnswer | None,
    cited: Result | None,
    earlier: str | None,
    talk: Talk | None = None,
) -> str:
    course = details.over_time if details else None
    story = Story() if earlier else story_of(poll)
    percent_from = current_app.extensions["settings"].percent_from
    return render_template(
        "results/results.html",
        poll=poll,
        result=result,
        own=own,
        tipping=tipping_sentence(result),
        details=details,
        chart=chart_of(course, [option.id for option in result.options]) if course else None,
        cited=cited,
        cited_at=address_as_of(poll.slug, (cited or result).as_of),
        cited_from=citable_from(poll),
        earlier=earlier,
        story=story,
        talk=talk,
        earlier_results=list_earlier_results(story, beside=result, percent_from=percent_from),
    )
