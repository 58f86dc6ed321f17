"""The OpenAPI document, and the page made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template

import poll_app
from poll_app.services.public_polls import list_public_polls
from poll_app.web.caching import etag_of, shared
from poll_app.web.markdown import render_markdown
from poll_app.web.openapi.listing import list_addresses, list_common, list_shapes
from poll_app.web.openapi.operations import described, document

bp = Blueprint("openapi", __name__, url_prefix="/api")

_LOOKED_AT = 50  # questions, for one that stands under an article


@bp.get("/v1/openapi.json")
@described({"type": "object", "description": "An OpenAPI document"})
def description() -> Response:
    """What you read here, as an OpenAPI 3.1 document."""
    said = _document()
    return shared(jsonify(said), etag_of("openapi", said))


@bp.get("/docs")
def docs() -> Response:
    """The same as a page; its examples are about questions that are there."""
    said, slugs = _document(), _slugs()
    page = render_template(
        "openapi/docs.html",
        introduction=render_markdown(said["info"]["description"]),
        common=list_common(said),
        markdown=render_markdown,
        addresses=list_addresses(said, slugs),
        shapes=list_shapes(said),
        filled="polls" in slugs,
    )
    return shared(page, etag_of("docs", said, slugs))


def _document() -> dict[str, Any]:
    settings = current_app.extensions["settings"]
    return document(
        current_app._get_current_object(),  # type: ignore[attr-defined]  # noqa: SLF001
        title=settings.site_name,
        version=poll_app.__version__,
        server=settings.public_url,
    )


def _slugs() -> Mapping[str, str]:
    """A question and an article for the examples, where there are any."""
    polls = list_public_polls(now=datetime.now(UTC), limit=_LOOKED_AT).polls
    for poll in polls:
        if poll.article_slug:
            return {"polls": poll.slug, "articles": poll.article_slug}
    return {"polls": polls[0].slug} if polls else {}
