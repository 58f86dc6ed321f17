"""Every setting, its type, default and meaning; read once, at start, from the environment.

A `.env` file in the data directory is read too; the environment wins over it. A value that does
not parse stops the start with a sentence that names the setting.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from dotenv import dotenv_values
from limits import parse as parse_rate

MIN_SECRET_LENGTH = 32
DATABASE_FILE = "poll_app.sqlite"
SECRET_FILE = "secret_key"  # noqa: S105 - a file name

Origin = Literal["environment", "file", "default"]


class SettingError(Exception):
    """A setting that can't be used; the text names it and says what would do."""


def _setting(name: str, default: str, help_text: str, *, secret: bool = False) -> Any:
    return field(metadata={"name": name, "default": default, "help": help_text, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """The validated settings of one installation."""

    data_dir: Path = _setting(
        "POLL_DATA_DIR", "instance/", "where the database and the secret key live"
    )
    database_url: str = _setting(
        "POLL_DATABASE_URL",
        "SQLite in the data directory",
        "the database, for example postgresql://user:password@host/name",
        secret=True,
    )
    redis_url: str | None = _setting(
        "POLL_REDIS_URL",
        "",
        "a Redis that several app processes share their limits in",
        secret=True,
    )
    secret_key: str = _setting(
        "POLL_SECRET_KEY",
        "made at the first start and kept in the data directory",
        f"signs cookies and keys the voter hashes; {MIN_SECRET_LENGTH} characters or more",
        secret=True,
    )
    public_url: str = _setting(
        "POLL_PUBLIC_URL", "http://HOST:PORT", "the address that readers see, https in production"
    )
    host: str = _setting("POLL_HOST", "127.0.0.1", "the address to listen on")
    port: int = _setting("POLL_PORT", "8000", "the port to listen on")
    workers: int = _setting("POLL_WORKERS", "one per core", "how many processes serve")
    trusted_proxies: int = _setting(
        "POLL_TRUSTED_PROXIES", "0", "how many proxies in front set X-Forwarded-For and -Proto"
    )
    vote_limit: str | None = _setting(
        "POLL_VOTE_LIMIT", "30 per minute", "votes accepted from one network; off for a load test"
    )
    percent_from: int = _setting(
        "POLL_PERCENT_FROM", "10", "from how many ballots on percentages are shown"
    )
    locale: str = _setting("POLL_LOCALE", "en", "the language of the site, such as en or de")
    time_zone: str = _setting("POLL_TIME_ZONE", "UTC", "the zone that times are shown in")
    site_name: str = _setting("POLL_SITE_NAME", "Reader polls", "the name at the top of every page")

    origins: Mapping[str, Origin] = field(default_factory=dict, repr=False)

    @property
    def secure(self) -> bool:
        """Whether readers come by https; cookies are then bound to it."""
        return self.public_url.startswith("https://")


def setting_fields() -> list[Field[Any]]:
    """The fields of Settings that come from the environment, in the order of the documentation."""
    return [known for known in fields(Settings) if "name" in known.metadata]


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Makes the data directory and the secret key where they are missing.

    Raises SettingError with a sentence that names the setting.
    """
    given = dict(os.environ if environ is None else environ)
    data_dir = Path(given.get("POLL_DATA_DIR") or _default_data_dir()).resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        from_file = {k: v for k, v in dotenv_values(data_dir / ".env").items() if v is not None}
    except OSError as error:
        raise SettingError(
            f"POLL_DATA_DIR: {data_dir} can't be used ({error.strerror})."
        ) from error
    values = {**from_file, **{name: value for name, value in given.items() if value != ""}}
    origins: dict[str, Origin] = {}
    for known in setting_fields():
        name = known.metadata["name"]
        origin: Origin = "file" if name in from_file else "default"
        origins[name] = "environment" if given.get(name) else origin

    host = values.get("POLL_HOST", "127.0.0.1")
    port = _whole_number(values, "POLL_PORT", "8000", 1, 65535)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(values, data_dir),
        redis_url=values.get("POLL_REDIS_URL"),
        secret_key=_secret_key(values, data_dir),
        public_url=_public_url(values, host, port),
        host=host,
        port=port,
        workers=_whole_number(values, "POLL_WORKERS", str(_cores()), 1, 64),
        trusted_proxies=_whole_number(values, "POLL_TRUSTED_PROXIES", "0", 0, 10),
        vote_limit=_vote_limit(values),
        percent_from=_whole_number(values, "POLL_PERCENT_FROM", "10", 1, 1_000_000),
        locale=_locale(values),
        time_zone=_time_zone(values),
        site_name=values.get("POLL_SITE_NAME", "Reader polls"),
        origins=origins,
    )


def _default_data_dir() -> Path:
    """`instance/` of a checkout; an installed package has none and uses the working directory's."""
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "instance"


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _whole_number(values: Mapping[str, str], name: str, default: str, low: int, high: int) -> int:
    text = values.get(name, default).strip()
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SettingError(f"{name} must be a whole number from {low} to {high}, not “{text}”.")
    return int(text)


def _database_url(values: Mapping[str, str], data_dir: Path) -> str:
    url = values.get("POLL_DATABASE_URL")
    if url is None:
        return f"sqlite:///{data_dir / DATABASE_FILE}"
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return url
    raise SettingError(
        "POLL_DATABASE_URL must start with postgresql:// or with sqlite:/// and name a database."
    )


def _secret_key(values: Mapping[str, str], data_dir: Path) -> str:
    key = values.get("POLL_SECRET_KEY")
    if key is None:
        key = _secret_from(data_dir / SECRET_FILE)
    if len(key) < MIN_SECRET_LENGTH:
        raise SettingError(f"POLL_SECRET_KEY must have at least {MIN_SECRET_LENGTH} characters.")
    return key


def _secret_from(path: Path) -> str:
    """The key in `path`; made, readable by its owner alone, when there is none."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingError(
            f"POLL_SECRET_KEY is not set and {path} can't be written ({error.strerror})."
        ) from error
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"POLL_SECRET_KEY is not set and {path} can't be read.") from error


def _public_url(values: Mapping[str, str], host: str, port: int) -> str:
    url = values.get("POLL_PUBLIC_URL", f"http://{host}:{port}").rstrip("/")
    parts = urlsplit(url)
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise SettingError(
            f"POLL_PUBLIC_URL must look like https://polls.example.org, not “{url}”."
        )
    return url


def _vote_limit(values: Mapping[str, str]) -> str | None:
    text = values.get("POLL_VOTE_LIMIT", "30 per minute").strip()
    if text == "off":
        return None
    try:
        parse_rate(text)
    except ValueError as error:
        raise SettingError(
            f"POLL_VOTE_LIMIT must be a rate such as “30 per minute”, or “off”, not “{text}”."
        ) from error
    return text


def _locale(values: Mapping[str, str]) -> str:
    text = values.get("POLL_LOCALE", "en")
    try:
        return str(Locale.parse(text.replace("-", "_")))
    except (ValueError, UnknownLocaleError) as error:
        raise SettingError(
            f"POLL_LOCALE must be a language code such as en or de, not “{text}”."
        ) from error


def _time_zone(values: Mapping[str, str]) -> str:
    text = values.get("POLL_TIME_ZONE", "UTC")
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError) as error:
        raise SettingError(
            f"POLL_TIME_ZONE must be a zone such as Europe/Kyiv, not “{text}”."
        ) from error
