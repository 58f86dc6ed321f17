"""The discussion on the application: its pages, its limits, the words its templates use."""

from __future__ import annotations

from flask import Flask

from poll_app.config import Settings
from poll_app.domain.discussion.codes import explained
from poll_app.domain.discussion.texts import MAX_NAME_LENGTH, MAX_TEXT_LENGTH, paragraphs
from poll_app.domain.sentences import Sentence
from poll_app.services.discussion.reason_views import ReasonView
from poll_app.web.discussion import feeds, marks, pages, reporting, returning, slowing, writing


def init_app(app: Flask, settings: Settings) -> None:
    """Puts the pages of the discussion and what slows scripts down on the application."""
    slowing.init_app(app, settings)
    app.jinja_env.filters.update(told=told, paragraphs=paragraphs, excerpt=excerpt)
    app.jinja_env.globals["limits"] = {"text": MAX_TEXT_LENGTH, "name": MAX_NAME_LENGTH}
    for module in (pages, writing, marks, reporting, returning, feeds):
        app.register_blueprint(module.bp)


def told(one: ReasonView) -> tuple[Sentence, ...]:
    """Why a text was taken away."""
    return explained(one.state, one.codes)


def excerpt(text: str, length: int) -> str:
    """The beginning of a text on one line, up to a word's end; a short one in full."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    begun, _, _ = line[: length + 1].rpartition(" ")
    return f"{begun or line[:length]} …"
