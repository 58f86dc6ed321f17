"""The viewers' pages: what readers answered, said exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template

from poll_app.domain.result_notes import tipping_sentence
from poll_app.domain.results import Result
from poll_app.services.poll_views import PollView, get_poll_and_version, watch
from poll_app.services.results import get_result
from poll_app.services.voting import find_own_answer
from poll_app.web.caching import etag_of, minute_of, private, rendered_once, shared
from poll_app.web.gate import find_voter
from poll_app.web.language import iso, say, speak
from poll_app.web.spreadsheets import as_download, csv_lines

bp = Blueprint("results", __name__)


@bp.get("/polls/<slug>/results")
def results(slug: str) -> Response:
    """The results page; a reader who voted finds the own answer marked."""
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    speak(poll.language, current_app.extensions["languages"])
    voter = find_voter()
    own = find_own_answer(poll, voter)

    def render() -> str:
        result = result_of(poll, now, has_voted=own is not None and not own.withdrawn)
        tipping = tipping_sentence(result)
        return render_template(
            "results/results.html", poll=poll, result=result, own=own, tipping=tipping
        )

    if voter:
        return private(render())
    etag = etag_of("results", poll, version)
    return shared(
        rendered_once(etag, now, render), etag, unchanged=until_changed(poll, version, now)
    )


@bp.get("/polls/<slug>/results.csv")
def results_csv(slug: str) -> Response:
    """The same result as a table for spreadsheets."""
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    etag = etag_of("csv", poll, version)
    table = rendered_once(etag, now, lambda: to_csv(result_of(poll, now)))
    answer = as_download(Response(table, mimetype="text/csv"), f"{poll.slug}.csv")
    return shared(answer, etag, unchanged=until_changed(poll, version, now))


def result_of(poll: PollView, now: datetime, *, has_voted: bool = False) -> Result:
    """The result of the poll under the settings of this installation."""
    percent_from = current_app.extensions["settings"].percent_from
    return get_result(poll, now=now, percent_from=percent_from, has_voted=has_voted)


def until_changed(poll: PollView, version: int, made_at: datetime) -> Callable[[], bool]:
    """What tells whether a text of this result, made at this time, still stands."""
    is_unchanged = watch(poll, version)

    def stands() -> bool:
        now = datetime.now(UTC)
        return minute_of(now) == minute_of(made_at) and is_unchanged(now)

    return stands


def to_csv(result: Result) -> str:
    """The result as a table for spreadsheets. Hidden figures are empty."""
    head = ["question", "option", "votes", "percent", "ballots", "as of", "note"]
    rows = [
        [
            result.poll.question,
            option.label,
            option.votes,
            option.percent,
            result.ballots,
            iso(result.as_of),
            say(result.note),
        ]
        for option in result.options
    ]
    return "".join(csv_lines([head, *rows]))
