"""Results as of a moment (`?as_of=`): read from the address, answered for ever, linked to."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, make_response, request, url_for

from poll_app.domain.as_of import GRACE, first_full_hour, last_full_hour, parse_moment
from poll_app.domain.refusals import Malformed
from poll_app.domain.results import Result
from poll_app.domain.sentences import sentence
from poll_app.services.citations import find_citable_result
from poll_app.services.poll_stories import wording_at
from poll_app.services.poll_views import PollView, get_poll
from poll_app.services.result_as_of import get_result_as_of
from poll_app.web.caching import etag_of
from poll_app.web.language import iso

FOR_EVER_S = 31_536_000


def asked_moment() -> datetime | None:
    """The time that this request asks for; None when it wants the current result. Raises
    Malformed."""
    asked = request.args.getlist("as_of")
    if len(asked) > 1:
        raise Malformed(sentence("Ask for one time only."))
    return parse_moment(asked[0]) if asked else None


def result_at(slug: str, moment: datetime) -> tuple[PollView, Result]:
    """The wording that stood at this address at a moment, and its result then. Raises NotFound,
    Refusal."""
    now = datetime.now(UTC)
    percent_from = current_app.extensions["settings"].percent_from
    poll = wording_at(get_poll(slug, now=now), moment)
    return get_result_as_of(poll, moment, now=now, percent_from=percent_from)


def for_ever(response: Response | str) -> Response:
    """An answer that will never be another: every cache may keep it."""
    answer = make_response(response)
    answer.headers["Cache-Control"] = f"public, max-age={FOR_EVER_S}, immutable"
    answer.set_etag(etag_of(answer.get_data()), weak=True)
    answer.make_conditional(request)
    return answer


def address_as_of(slug: str, as_of: datetime, endpoint: str = "results.results") -> str:
    """The whole address under which a result stays what it was."""
    public: str = current_app.extensions["settings"].public_url
    return f"{public}{url_for(endpoint, slug=slug)}?as_of={iso(as_of)}"


def newest_address(slug: str, opened_at: datetime | None, as_of: datetime) -> str | None:
    """Where the newest figures stand that will not change any more; None before there are any."""
    hour = last_full_hour(as_of)
    if opened_at is None or hour < first_full_hour(opened_at):
        return None
    return address_as_of(slug, hour, "api.results")


def citable(poll: PollView, now: datetime) -> Result | None:
    """The result to be cited now, if there is one that everybody may see."""
    percent_from = current_app.extensions["settings"].percent_from
    found = find_citable_result(poll, now=now, percent_from=percent_from)
    return found if found and found.visible else None


def citable_from(poll: PollView) -> datetime | None:
    """When the first result of this poll can be cited."""
    return first_full_hour(poll.opens_at) + GRACE if poll.opens_at else None
