"""Parsing settings that are addresses; a refused one is not repeated, it may hold a password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from poll_app.config.values import SettingError

_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}
_REDIS = {"redis", "rediss", "unix"}
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"https?://{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?")


def database_url(values: Mapping[str, str], default_file: Path) -> str:
    """POLL_DATABASE_URL with the driver of this program; the SQLite file where it is not set.

    Raises SettingError, as all functions here do.
    """
    url = values.get("POLL_DATABASE_URL")
    if url is None:
        return f"sqlite:///{default_file}"
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return url
    full = f"postgresql+psycopg://{rest}"
    if scheme not in _POSTGRESQL or not _names_database(full):
        raise SettingError(
            "POLL_DATABASE_URL must start with postgresql:// or sqlite:/// and name a database."
        )
    _need("psycopg", "POLL_DATABASE_URL", "postgres")
    return full


def redis_url(values: Mapping[str, str]) -> str | None:
    """POLL_REDIS_URL; None where it is not set."""
    url = values.get("POLL_REDIS_URL")
    if url is None:
        return None
    scheme, _, rest = url.partition("://")
    if scheme not in _REDIS or not rest or not _is_sound(url):
        raise SettingError("POLL_REDIS_URL must look like redis://localhost:6379/0.")
    _need("redis", "POLL_REDIS_URL", "redis")
    return url


def public_url(values: Mapping[str, str], host: str, port: int) -> str:
    """POLL_PUBLIC_URL in small letters and without a slash at its end, as browsers send it."""
    shown = f"[{host}]" if ":" in host else host
    url = values.get("POLL_PUBLIC_URL", f"http://{shown}:{port}").rstrip("/").lower()
    parts = urlsplit(url) if _is_sound(url) else urlsplit("")
    plain = url == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise SettingError(
            "POLL_PUBLIC_URL must look like https://polls.example.org, without a path."
        )
    return url


def embed_origins(values: Mapping[str, str]) -> str | None:
    """The origins of POLL_EMBED_ORIGINS as a policy names them; None for any.

    Each stands in a header as it is, so each is a plain origin: no path, no wildcard, no user; a
    policy knows no IPv6 addresses.
    """
    given = values.get("POLL_EMBED_ORIGINS", "any").replace(",", " ").lower().split()
    if given in ([], ["any"]):
        return None
    origins = [text.removesuffix("/") for text in given]
    for origin in origins:
        if not (_ORIGIN.fullmatch(origin) and _is_sound(origin)):
            raise SettingError(
                "POLL_EMBED_ORIGINS must be “any”, or addresses of sites without a path, such as "
                "https://www.paper.example https://paper.example."
            )
    return " ".join(dict.fromkeys(origins))


def _names_database(url: str) -> bool:
    try:
        return bool(make_url(url).database)
    except (ArgumentError, ValueError):
        return False


def _is_sound(url: str) -> bool:
    """Whether its host and its port can be read."""
    try:
        return urlsplit(url).port != 0 and " " not in url
    except ValueError:
        return False


def _need(module: str, name: str, extra: str) -> None:
    if find_spec(module) is None:
        raise SettingError(f"{name} needs a driver: pip install 'poll-app[{extra}]'.")
