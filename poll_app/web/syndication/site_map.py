"""For search engines: the public pages, and which addresses are none of theirs."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template, url_for

from poll_app.services.public_addresses import list_public_addresses
from poll_app.web.caching import etag_of, shared
from poll_app.web.syndication.page_head import absolute

bp = Blueprint("site_map", __name__)


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Every public page that has an address of its own."""
    found = list_public_addresses(now=datetime.now(UTC))
    public: str = current_app.extensions["settings"].public_url
    fixed = ("reader.home", "results.method", "ledger.ledger")
    addresses = [public + url_for(endpoint) for endpoint in fixed]
    for slug in found.articles:
        addresses += [absolute("reader.article", slug), absolute("results.article", slug)]
    for slug in found.polls:
        addresses.append(absolute("reader.poll", slug))
        if slug in found.opened:
            addresses.append(absolute("results.results", slug))
    text = render_template("syndication/sitemap.xml", addresses=addresses)
    return shared(Response(text, mimetype="application/xml"), etag_of("sitemap", addresses))


@bp.get("/robots.txt")
def robots() -> Response:
    """The desk is not for them. Frames are, so that they find there not to list them."""
    public: str = current_app.extensions["settings"].public_url
    lines = (
        "User-agent: *",
        "Disallow: /editor/",
        "",
        f"Sitemap: {public}{url_for('site_map.sitemap')}",
        "",
    )
    return shared(Response("\n".join(lines), mimetype="text/plain"), etag_of("robots", lines))
