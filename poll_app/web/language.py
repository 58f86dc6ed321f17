"""The language of a page: the article's own where a catalogue exists, else the site's.

Never the browser's wish: a shared cache would hand one reader's language to the next. The address
of a frame may ask for another one (`asked_language`, web/embed.py).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from unicodedata import bidirectional

from babel import Locale
from flask import Flask, current_app, g
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    get_locale,
    gettext,
    ngettext,
    refresh,
)

from poll_app.config import Settings
from poll_app.domain.sentences import Sentence

_SOURCE_LANGUAGE = "en"

babel = Babel()


def init_app(app: Flask, settings: Settings) -> None:
    """Sets up the language of every page and the words that templates use."""

    def page_language() -> str:
        chosen: str = g.get("asked_language") or g.get("page_language") or site_language
        return chosen

    babel.init_app(app, locale_selector=page_language)
    with app.app_context():
        available = {str(locale) for locale in babel.list_translations()} | {_SOURCE_LANGUAGE}
    # A page never says that it is in a language which it only counts and dates in.
    known = {settings.locale, settings.locale.partition("_")[0]} & available
    site_language = settings.locale if known else _SOURCE_LANGUAGE
    app.extensions["languages"] = available
    app.extensions["site_language"] = site_language
    filters = {"say": say, "number": number, "moment": moment, "day": day, "hour": hour, "iso": iso}
    app.jinja_env.filters.update(filters)

    @app.context_processor
    def language_of_page() -> dict[str, Any]:
        locale = get_locale() or Locale(_SOURCE_LANGUAGE)
        return {
            "page_language": str(locale).replace("_", "-"),
            "page_direction": locale.text_direction,
            "settings": settings,
        }


def speak(language: str | None, available: set[str]) -> None:
    """Turns this page to `language` if there is a catalogue for it."""
    if language in available and language != g.get("page_language", _site_language()):
        g.page_language = language
        refresh()


def _site_language() -> str:
    language: str = current_app.extensions["site_language"]
    return language


def say(sentence: Sentence) -> str:
    """The sentence in the language of the page."""
    values = {name: _shown(value) for name, value in sentence.values.items()}
    if sentence.plural is None:
        return str(gettext(sentence.singular, **values))
    return str(ngettext(sentence.singular, sentence.plural, sentence.count, **values))


def number(value: int) -> str:
    """A whole number, grouped as the language does."""
    return str(format_decimal(value))


def moment(value: datetime) -> str:
    """A time to the minute in the zone of the site, named."""
    return str(format_datetime(value, "d MMMM y, HH:mm zzz"))


def day(value: date) -> str:
    """A day, short."""
    return str(format_date(value, "d MMM y"))


def hour(value: datetime) -> str:
    """An hour in the zone of the site: of readers nothing finer is known."""
    return str(format_datetime(value, "d MMM y, HH:mm"))


def iso(value: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    # strftime leaves out the zeros before a year such as 3, which can be asked for.
    return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, Sentence):
        return say(value)
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return _isolated(str(value))


def _isolated(text: str) -> str:
    """A label in a script that runs against the sentence, kept from scrambling the figures beside
    it by FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE (Unicode annex 9)."""
    runs = {"L": "ltr", "R": "rtl", "AL": "rtl"}
    strong = next((runs[d] for c in text if (d := bidirectional(c)) in runs), None)
    page = get_locale()
    against = strong is not None and strong != (page.text_direction if page else "ltr")
    return f"\u2068{text}\u2069" if against else text
