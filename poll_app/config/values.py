"""Parsing settings that are numbers, rates, languages and zones."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from limits import parse as parse_rate

_MAX_DIGITS = 9


class SettingError(Exception):
    """A setting that can't be used; the text names it and says what would do."""


def whole_number(values: Mapping[str, str], name: str, default: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises SettingError, as all functions here do."""
    text = values.get(name, default).strip()
    digits = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    if not (digits and low <= int(text) <= high):
        raise SettingError(f"{name} must be a whole number from {low} to {high}, not “{text}”.")
    return int(text)


def vote_limit(values: Mapping[str, str]) -> str | None:
    """The rate of POLL_VOTE_LIMIT as it was written; None for "off"."""
    text = values.get("POLL_VOTE_LIMIT", "30 per minute").strip()
    if text == "off":
        return None
    try:
        amount = parse_rate(text).amount
    except ValueError:
        amount = 0
    if amount < 1:
        raise SettingError(
            f"POLL_VOTE_LIMIT must be a rate such as “30 per minute”, or “off”, not “{text}”."
        )
    return text


def locale(values: Mapping[str, str]) -> str:
    """The language code of POLL_LOCALE, as Babel writes it."""
    text = values.get("POLL_LOCALE", "en")
    try:
        return str(Locale.parse(text.replace("-", "_")))
    except (ValueError, UnknownLocaleError) as error:
        raise SettingError(
            f"POLL_LOCALE must be a language code such as en or de, not “{text}”."
        ) from error


def time_zone(values: Mapping[str, str]) -> str:
    """The name of the zone in POLL_TIME_ZONE."""
    text = values.get("POLL_TIME_ZONE", "UTC")
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError) as error:  # KeyError: a zone that nobody knows
        raise SettingError(
            f"POLL_TIME_ZONE must be a zone such as Europe/Kyiv, not “{text}”."
        ) from error
