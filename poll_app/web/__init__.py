"""HTTP: pages, forms and JSON; one module per audience, one per concern of the transport."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

from poll_app.config import Settings
from poll_app.domain.articles import is_slug
from poll_app.web import (
    api,
    assets,
    cross_tables,
    desk,
    embed,
    errors,
    frames,
    health,
    language,
    ledger,
    rate_limit,
    reader,
    results,
    security,
)
from poll_app.web.discussion import blueprints as discussion
from poll_app.web.openapi import pages as openapi
from poll_app.web.syndication import feed, oembed, page_head, pictures, site_map


class _SlugConverter(UnicodeConverter):
    """The variable part of an address is a slug. Anything else is no page of ours and never comes
    near the database: PostgreSQL can't even be asked for a NUL.
    """

    def to_python(self, value: str) -> str:
        if not is_slug(value):
            raise ValidationError
        return value


class _NumberConverter(IntegerConverter):
    """A number in an address has one way to be written: no zeros in front, no digits of another
    script."""

    regex = "[1-9][0-9]{0,9}"


def init_app(app: Flask, settings: Settings) -> None:
    """Puts every page and every guard on the application."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.url_map.converters |= {"default": _SlugConverter, "int": _NumberConverter}
    for part in (security, language, assets, rate_limit):
        part.init_app(app, settings)
    frames.init_app(app)
    errors.init_app(app)
    desk.init_app(app)
    for blueprint in (
        reader.bp,
        results.bp,
        embed.bp,
        api.bp,
        ledger.bp,
        openapi.bp,
        health.bp,
    ):
        app.register_blueprint(blueprint)
    for blueprint in (pictures.bp, oembed.bp, feed.bp, site_map.bp):
        app.register_blueprint(blueprint)
    page_head.init_app(app)
    discussion.init_app(app, settings)
    cross_tables.init_app(app)
