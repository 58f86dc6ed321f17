"""HTTP: pages, forms and JSON; one module per audience, one per concern of the transport."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from poll_app.config import Settings
from poll_app.web import (
    api,
    assets,
    errors,
    health,
    language,
    rate_limit,
    reader,
    results,
    security,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Puts every page and every guard on the application."""
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    for part in (security, language, assets, rate_limit):
        part.init_app(app, settings)
    errors.init_app(app)
    for blueprint in (reader.bp, results.bp, api.bp, health.bp):
        app.register_blueprint(blueprint)
