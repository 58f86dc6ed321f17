"""The feed: polls that opened, closed, and whose outcome is known (Atom, RFC 4287).

An entry has figures only once voting is over, so none of them changes after it was read; they come
with the sentence, the number of readers and the note, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext

from poll_app.domain.results import Result
from poll_app.services.poll_events import PollEvent, list_events
from poll_app.services.poll_stories import OutcomeView, story_of
from poll_app.web.caching import etag_of, shared
from poll_app.web.language import iso
from poll_app.web.results import result_of
from poll_app.web.syndication.drawing import figures_of
from poll_app.web.syndication.page_head import absolute

bp = Blueprint("feed", __name__)

_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """An event as the feed tells it; `figures`: each answer with its votes, in words."""

    id: str
    title: str
    url: str
    event: PollEvent
    result: Result | None
    figures: tuple[str, ...]
    outcome: OutcomeView | None


@bp.get("/feed.atom")
def feed() -> Response:
    """The newest events."""
    now = datetime.now(UTC)
    entries = [_entry(event, now) for event in list_events(now=now)]
    updated = iso(entries[0].event.at if entries else _NOTHING_YET)
    public: str = current_app.extensions["settings"].public_url
    text = render_template(
        "syndication/feed.xml", entries=entries, updated=updated, public=public, host=_host()
    )
    told = [(e.event, e.result and e.result.checksum, e.outcome) for e in entries]
    answer = Response(text, mimetype="application/atom+xml")
    return shared(answer, etag_of("feed", told))


def _entry(event: PollEvent, now: datetime) -> Entry:
    titles = {
        "opened": gettext("Voting has opened: %(question)s", question=event.poll.question),
        "closed": gettext("Voting has closed: %(question)s", question=event.poll.question),
        "outcome": gettext("What came true: %(question)s", question=event.poll.question),
    }
    has_figures = event.kind != "opened"
    result = result_of(event.poll, now) if has_figures else None
    page = "results.results" if has_figures else "reader.poll"
    return Entry(
        id=_id_of(event),
        title=titles[event.kind],
        url=absolute(page, event.poll.slug),
        event=event,
        result=result,
        figures=figures_of(result) if result else (),
        outcome=story_of(event.poll).outcome if event.kind == "outcome" else None,
    )


def _id_of(event: PollEvent) -> str:
    """A name that no other entry ever has (RFC 4151): by the day on which voting opened, since a
    host may change hands."""
    poll = event.poll
    day = f"{poll.opens_at:%Y-%m-%d}"
    return f"tag:{_host()},{day}:polls/{poll.slug}/{poll.wording_version}/{event.kind}"


def _host() -> str:
    return urlsplit(current_app.extensions["settings"].public_url).hostname or "localhost"
