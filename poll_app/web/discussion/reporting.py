"""Reporting a text: a page of its own with what can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from poll_app.domain.discussion.codes import REJECTIONS, REPORT_CODES, parse_report
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.domain.sentences import sentence
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.reading import ReasonPage, get_reason
from poll_app.services.discussion.reason_views import ReasonView
from poll_app.services.discussion.reports import report_reason, take_back_report
from poll_app.web.caching import private
from poll_app.web.discussion.admitting import has_answered
from poll_app.web.discussion.forms import ReportForm, shown_again
from poll_app.web.discussion.places import REASON
from poll_app.web.discussion.slowing import is_first_report, limit_marks
from poll_app.web.gate import admit_voter, find_voter
from poll_app.web.language import say, speak

bp = Blueprint("reporting", __name__)


@bp.get(f"/reasons/{REASON}/report")
def report(reason_id: int) -> Response:
    """What can be wrong with a text, or the way to take the own report back."""
    return _page(reason_id, ReportForm(formdata=None))


@bp.post(f"/reasons/{REASON}/report")
def send_report(reason_id: int) -> BaseResponse:
    """Reports a text. Posted again without a code it takes the report back."""
    now = datetime.now(UTC)
    poll = _found(reason_id, now)[0].poll
    voter = admit_voter(sentence("Report this text"))
    form = ReportForm()
    try:
        if not form.code.data and reason_id in _reported(reason_id, now):
            take_back_report(reason_id, voter)
            return redirect(url_for("reporting.report", reason_id=reason_id), 303)
        limit_marks()
        code = parse_report(form.code.data or "")
        first = has_answered(poll, voter) and is_first_report(poll.id)
        report_reason(reason_id, voter, code, first=first, now=now)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(reason_id, form, refusal)
    return redirect(
        url_for("discussion.reasons", slug=poll.slug, reported="1", _anchor="reported"), 303
    )


def _page(reason_id: int, form: ReportForm, wrong: Refusal | None = None) -> Response:
    page, text = _found(reason_id, datetime.now(UTC))
    own = find_own_part(page.poll, find_voter(), now=datetime.now(UTC))
    rendered = render_template(
        "discussion/report.html",
        poll=page.poll,
        one=text,
        form=form,
        codes=[(code, say(REJECTIONS[code])) for code in REPORT_CODES],
        reported=reason_id in own.reported,
        is_own=reason_id in own.own_ids,
    )
    return shown_again(rendered, wrong) if wrong else private(rendered)


def _found(reason_id: int, now: datetime) -> tuple[ReasonPage, ReasonView]:
    """The text with its page: a reason, or one of its replies. Raises NotFound."""
    page = get_reason(reason_id, now=now)
    speak(page.poll.language, current_app.extensions["languages"])
    for text in (page.reason, *page.reason.replies):
        if text.id == reason_id and text.state == "published":
            return page, text
    raise NotFound(sentence("There is no such text."))


def _reported(reason_id: int, now: datetime) -> frozenset[int]:
    return find_own_part(get_reason(reason_id, now=now).poll, find_voter(), now=now).reported
