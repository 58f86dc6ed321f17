"""The public ledger: the acts of editors that touch a result, for anybody to read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from poll_app.services.record_pages import PAGE_SIZE, ActPage, ActView, list_ledger
from poll_app.web.caching import etag_of, shared
from poll_app.web.language import iso
from poll_app.web.openapi.operations import described
from poll_app.web.paging import asked_limit, linked, next_address
from poll_app.web.record_words import act_in_words, asked_number, changes_in_words

bp = Blueprint("ledger", __name__)


@bp.get("/ledger/")
def ledger() -> Response:
    """A page of the ledger, of one question where it is asked for."""
    page, slug = _asked()
    shown = render_template(
        "ledger/ledger.html",
        page=page,
        slug=slug,
        words=act_in_words,
        changes=changes_in_words,
    )
    return shared(shown, etag_of("ledger", slug, request.args.get("before"), page))


@bp.get("/api/v1/ledger")
@described("Ledger", query=("poll", "before", "limit"), answers=(404,))
def ledger_json() -> Response:
    """The public ledger: what editors did that touches a result, newest first.

    Without a limit 50 to a page; with `poll` of one question and its earlier wordings alone.
    """
    page, slug = _asked(limit=asked_limit(PAGE_SIZE))
    public: str = current_app.extensions["settings"].public_url
    older = next_address("ledger.ledger_json", poll=slug, before=page.older) if page.older else None
    data = {"acts": [_act(act, public) for act in page.acts], "next": older, "older": older}
    return shared(linked(jsonify(data), older), etag_of("api ledger", slug, older, page))


def _asked(*, limit: int = PAGE_SIZE) -> tuple[ActPage, str | None]:
    slug = request.args.get("poll")
    return list_ledger(slug, before=asked_number("before"), limit=limit), slug


def _act(act: ActView, public_url: str) -> dict[str, Any]:
    poll = None
    if act.poll_slug:
        url = public_url + url_for("reader.poll", slug=act.poll_slug)
        poll = {"slug": act.poll_slug, "url": url}
    return {
        "number": act.id,
        "hour": iso(act.at),
        "act": act.act,
        "what": act_in_words(act.act),
        "subject": act.subject,
        "poll": poll,
        "before": act.before,
        "after": act.after,
        "reason": act.reason or None,
    }
