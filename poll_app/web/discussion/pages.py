"""The pages of a discussion: both sides, one side page by page, one reason, the policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template, request

from poll_app.domain.discussion.codes import REJECTIONS
from poll_app.domain.discussion.ranking import ORDERS
from poll_app.domain.refusals import NotFound
from poll_app.domain.sentences import sentence
from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.reading import (
    get_discussion,
    get_reason,
    list_earlier_wordings,
    list_reasons,
)
from poll_app.services.poll_views import PollView, get_poll, get_poll_and_version
from poll_app.web.caching import etag_of, private, rendered_once, shared
from poll_app.web.discussion.boxes import look_at, shows_counts, stand_of
from poll_app.web.discussion.places import REASON, SIDE, asked_order, asked_page
from poll_app.web.gate import find_voter
from poll_app.web.language import speak

PER_SIDE_OF_EARLIER = 50

bp = Blueprint("discussion", __name__)


@bp.get("/polls/<slug>/reasons")
def reasons(slug: str) -> Response:
    """The first reasons of every side beside each other."""
    now, voter, order = _now(), find_voter(), asked_order()
    poll, version = get_poll_and_version(slug, now=now)
    _speak(poll)

    def render() -> str:
        own = find_own_part(poll, voter, now=now)
        return render_template(
            "discussion/reasons.html",
            poll=poll,
            discussion=get_discussion(poll, now=now, order=order),
            look=look_at(poll, own, now, here="reasons", order=order),
            earlier=list_earlier_wordings(poll),
            orders=ORDERS,
        )

    if voter or "reported" in request.args:
        return private(render())
    etag = etag_of("reasons", poll, version, stand_of(poll, now), order)
    return shared(rendered_once(etag, now, render), etag)


@bp.get(f"/polls/<slug>/reasons/{SIDE}")
def side(slug: str, option_id: int) -> Response:
    """One side, page by page."""
    now, voter, order, page = _now(), find_voter(), asked_order(), asked_page()
    poll, version = get_poll_and_version(slug, now=now)
    _speak(poll)
    found = list_reasons(poll, option_id, order=order, page=page)

    def render() -> str:
        own = find_own_part(poll, voter, now=now)
        look = look_at(poll, own, now, level=2, here="side", side=option_id, order=order, page=page)
        return render_template(
            "discussion/side.html", poll=poll, found=found, look=look, orders=ORDERS
        )

    if voter:
        return private(render())
    etag = etag_of("side", poll, version, stand_of(poll, now), order, page, option_id)
    return shared(rendered_once(etag, now, render), etag)


@bp.get("/polls/<slug>/reasons/wordings/<int(max=999):number>")
def wording(slug: str, number: int) -> Response:
    """What was said of an earlier wording, which is read only."""
    now, voter = _now(), find_voter()
    poll, _version = get_poll_and_version(slug, now=now)
    _speak(poll)
    every = (one for one, _reasons in list_earlier_wordings(poll))
    earlier = next((one for one in every if one.wording_version == number), None)
    if earlier is None:
        raise NotFound(sentence("There is no such page."))
    own = find_own_part(earlier, voter, now=now)
    found = get_discussion(earlier, now=now, per_side=PER_SIDE_OF_EARLIER)
    look = replace(look_at(earlier, own, now), slug=poll.slug, figures=shows_counts(poll))
    page = render_template(
        "discussion/wording.html", poll=poll, earlier=earlier, discussion=found, look=look
    )
    return private(page) if voter else shared(page, etag_of("wording", poll, earlier, found))


@bp.get(f"/reasons/{REASON}")
def reason(reason_id: int) -> Response:
    """One reason with all its replies: where its permanent address leads."""
    now, voter = _now(), find_voter()
    found = get_reason(reason_id, now=now)
    _speak(found.poll)
    look = look_at(found.poll, find_own_part(found.poll, voter, now=now), now, level=2)
    if found.poll.moved_to:  # said of an earlier wording, whose figures follow the present one
        look = replace(look, figures=shows_counts(get_poll(found.poll.moved_to, now=now)))
    page = render_template("discussion/reason.html", poll=found.poll, one=found.reason, look=look)
    etag = etag_of("reason", found, look.status, look.figures)
    return private(page) if voter else shared(page, etag)


@bp.get("/discussion-policy")
def policy() -> Response:
    """What is published, what is held, what is not, how to report and to erase."""
    page = render_template("discussion/policy.html", rejections=list(REJECTIONS.values()))
    return shared(page, etag_of("discussion policy"))


def _speak(poll: PollView) -> None:
    speak(poll.language, current_app.extensions["languages"])


def _now() -> datetime:
    return datetime.now(UTC)
