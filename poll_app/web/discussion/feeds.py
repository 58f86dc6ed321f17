"""Published reasons for programs: JSON, page by page, and an Atom feed of the newest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from poll_app.domain.discussion.times import discussion_status
from poll_app.services.discussion.public_reasons import list_public_reasons
from poll_app.services.discussion.reading import list_newest
from poll_app.services.discussion.reason_views import Position, ReasonView
from poll_app.services.discussion.standings import discussion_version
from poll_app.services.poll_views import get_poll_and_version
from poll_app.web.caching import etag_of, shared
from poll_app.web.discussion.boxes import shows_counts, stand_of
from poll_app.web.language import iso, speak
from poll_app.web.openapi.operations import described
from poll_app.web.paging import MOST, asked_limit, asked_place, cursor_of, linked, next_address
from poll_app.web.poll_json import absolute, iso_or_none

bp = Blueprint("reason_feeds", __name__)


@bp.get("/api/v1/polls/<slug>/reasons")
@described("Reasons", query=("limit", "cursor"))
def reasons(slug: str) -> Response:
    """The published reasons of one question, newest first.

    Without a limit 200 to a page, which is the most. Each has the position that its writer held
    when writing; `position_now` is there where that is another one today. While the result is
    hidden, that and all figures of a reason are null.
    """
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    page = list_public_reasons(poll, limit=asked_limit(MOST), after=asked_place())
    cursor = cursor_of(page.last) if page.last else None
    following = next_address("reason_feeds.reasons", slug=slug, cursor=cursor) if cursor else None
    data = {
        "poll": {"slug": poll.slug, "url": absolute("reader.poll", poll.slug)},
        "url": absolute("discussion.reasons", poll.slug),
        "status": discussion_status(poll.discussion, now),
        "opens_at": iso_or_none(poll.discussion.opens_at),
        "closes_at": iso_or_none(poll.discussion.closes_at),
        "reasons": [to_json(one, figures=shows_counts(poll)) for one in page.reasons],
        "next": following,
    }
    etag = etag_of("api reasons", poll, version, stand_of(poll, now), following)
    return shared(linked(jsonify(data), following), etag)


@bp.get("/polls/<slug>/reasons.atom")
def reasons_atom(slug: str) -> Response:
    """The newest reasons of one question."""
    now = datetime.now(UTC)
    poll, version = get_poll_and_version(slug, now=now)
    speak(poll.language, current_app.extensions["languages"])
    newest = [page.reason for page in list_newest([poll])]
    changed = [one.edited_hour or one.published_hour for one in newest]
    public: str = current_app.extensions["settings"].public_url
    text = render_template(
        "discussion/reasons.xml",
        poll=poll,
        reasons=newest,
        updated=iso(max(changed, default=poll.opens_at or now)),
        public=public,
        host=urlsplit(public).hostname or "localhost",
    )
    answer = Response(text, mimetype="application/atom+xml")
    return shared(answer, etag_of("reasons feed", poll, version, discussion_version(poll.id)))


def to_json(one: ReasonView, *, figures: bool) -> dict[str, Any]:
    """A public text as programs read it, with its figures and the answer of today or, while the
    result is hidden, without; a reply carries no figures of its own."""
    public: str = current_app.extensions["settings"].public_url
    told = {
        "id": one.id,
        "url": public + url_for("discussion.reason", reason_id=one.id),
        "state": one.state,
        "by_newsroom": one.by_editor,
        "name": one.name,
        "text": one.text,
        "hour": iso(one.published_hour),
        "edited_hour": iso_or_none(one.edited_hour),
        "position": _position(one.position),
        "position_now": _position(one.later) if figures else None,
    }
    if one.parent_id is not None:
        return told
    counts = [
        {"option": count.option_id, "fair_points": count.marks, "seen_by": count.seen}
        for count in one.counts
    ]
    return {
        **told,
        "fair_points": counts if figures else None,
        "minds_changed": one.minds_changed if figures else None,
        "replies_in_all": one.replies_in_all,
        "replies": [to_json(reply, figures=figures) for reply in one.replies],
    }


def _position(position: Position | None) -> list[dict[str, Any]] | None:
    """The options of an answer; an empty list once it was withdrawn."""
    if position is None:
        return None
    pairs = zip(position.option_ids, position.labels, strict=True)
    return [{"id": id_, "label": label} for id_, label in pairs]
