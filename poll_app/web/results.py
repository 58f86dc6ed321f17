"""The viewers' pages: what readers answered, said exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template, request

from poll_app.domain.results import Result
from poll_app.domain.voters import Voter
from poll_app.services.articles import get_article
from poll_app.services.cross_tables import list_comparable
from poll_app.services.poll_views import PollView, get_poll_and_version, watch
from poll_app.services.results import get_result
from poll_app.services.voting import OwnAnswer, find_own_answer
from poll_app.web.caching import etag_of, minute_of, private, rendered_once, shared
from poll_app.web.citations import asked_moment, for_ever, result_at
from poll_app.web.cross_tables import asked_comparison
from poll_app.web.discussion.boxes import stand_of, talk_of
from poll_app.web.gate import find_voter
from poll_app.web.language import iso, say, speak
from poll_app.web.result_pages import current_page, earlier_page
from poll_app.web.spreadsheets import as_download, csv_lines

bp = Blueprint("results", __name__)


@dataclass(frozen=True)
class Row:
    """A question among the results of its article."""

    poll: PollView
    result: Result
    own_ids: tuple[int, ...]


@bp.get("/polls/<slug>/results")
def results(slug: str) -> Response:
    """The results page; a reader who voted finds the own answer marked."""
    if moment := asked_moment():
        found, result = result_at(slug, moment)
        tag = etag_of("earlier", found, result)
        return for_ever(rendered_once(tag, result.as_of, lambda: earlier_page(found, result)))
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    speak(poll.language, current_app.extensions["languages"])
    voter = find_voter()
    own = find_own_answer(poll, voter)

    def render() -> str:
        result = result_of(poll, now, has_voted=own is not None and not own.withdrawn)
        return current_page(poll, version, result, own, now, talk=talk_of(poll, voter, now))

    if voter:
        return private(render())
    stand = stand_of(poll, now)
    etag = etag_of("results", poll, version, stand)
    unchanged = until_changed(poll, version, now, stand[0])
    return shared(rendered_once(etag, now, render), etag, unchanged=unchanged)


@bp.get("/polls/<slug>/results.csv")
def results_csv(slug: str) -> Response:
    """The same result as a table for spreadsheets."""
    if moment := asked_moment():
        _, result = result_at(slug, moment)
        table = Response(to_csv(result), mimetype="text/csv")
        return for_ever(as_download(table, f"{slug}-{iso(result.as_of)[:13]}Z.csv"))
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    etag = etag_of("csv", poll, version)
    text = rendered_once(etag, now, lambda: to_csv(result_of(poll, now)))
    answer = as_download(Response(text, mimetype="text/csv"), f"{poll.slug}.csv")
    return shared(answer, etag, unchanged=until_changed(poll, version, now))


@bp.get("/articles/<slug>/results")
def article(slug: str) -> Response:
    """The results of all questions of an article."""
    now = datetime.now(UTC)
    found = get_article(slug, now=now)
    speak(found.language, current_app.extensions["languages"])
    voter = find_voter()
    rows = [_row(poll, voter, now) for poll in found.polls if poll.status != "scheduled"]
    asked = {"rows", "columns"} & request.args.keys()
    compared = asked_comparison(found) if asked else None
    page = render_template(
        "results/article.html",
        article=found,
        rows=rows,
        now=now,
        comparable=list_comparable(found.polls),
        compared=compared,
    )
    told = [(row.result.checksum, row.result.peeks) for row in rows], compared
    etag = etag_of("article results", found, told, minute_of(now))
    return private(page) if voter else shared(page, etag)


@bp.get("/method")
def method() -> Response:
    """How results are computed and what they can't say."""
    percent_from = current_app.extensions["settings"].percent_from
    page = render_template("results/method.html", percent_from=percent_from)
    return shared(page, etag_of("method", percent_from))


def result_of(poll: PollView, now: datetime, *, has_voted: bool = False) -> Result:
    """The result of the poll under the settings of this installation."""
    percent_from = current_app.extensions["settings"].percent_from
    return get_result(poll, now=now, percent_from=percent_from, has_voted=has_voted)


def until_changed(
    poll: PollView, version: int, made_at: datetime, discussion_version: int | None = None
) -> Callable[[], bool]:
    """What tells whether a text of this result, made at this time, still stands; and of its
    discussion where a version of it is given."""
    is_unchanged = watch(poll, version, discussion_version)

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


def _row(poll: PollView, voter: Voter | None, now: datetime) -> Row:
    own: OwnAnswer | None = find_own_answer(poll, voter)
    has_voted = own is not None and not own.withdrawn
    return Row(poll, result_of(poll, now, has_voted=has_voted), own.option_ids if own else ())
