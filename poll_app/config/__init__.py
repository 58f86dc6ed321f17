"""Every setting, its type, default and meaning; read once, at start, from the environment.

A `.env` file in the data directory is read too; the environment wins over it. A value that does
not parse stops the start with a sentence that names the setting.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values

from poll_app.config import addresses, values
from poll_app.config.secret_key import MIN_SECRET_LENGTH, secret_key
from poll_app.config.values import SettingError

__all__ = ["SettingError", "Settings", "load_settings", "setting_fields"]

DATABASE_FILE = "poll_app.sqlite"

Origin = Literal["environment", "file", "default"]


def _setting(
    name: str, default: str, help_text: str, *, secret: bool = False, none: str = ""
) -> Any:
    """`none`: how the value None is written."""
    said = {"name": name, "default": default, "help": help_text, "secret": secret, "none": none}
    return field(metadata=said, repr=not secret)  # a log may show the settings


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
    embed_origins: str | None = _setting(
        "POLL_EMBED_ORIGINS",
        "any",
        "the sites that may frame our polls, such as https://www.paper.example, parted by spaces",
        none="any",
    )
    vote_limit: str | None = _setting(
        "POLL_VOTE_LIMIT",
        "30 per minute",
        "votes accepted from one network, and as many looks without voting; off for a load test",
        none="off",
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
    given = {k: v for k, v in (os.environ if environ is None else environ).items() if v != ""}
    data_dir = Path(given.get("POLL_DATA_DIR") or _default_data_dir()).resolve()
    from_file = _read_data_dir(data_dir)
    found = {**from_file, **given}
    origins: dict[str, Origin] = {}
    for known in setting_fields():
        name = known.metadata["name"]
        origin: Origin = "file" if name in from_file else "default"
        origins[name] = "environment" if name in given else origin

    host = found.get("POLL_HOST", "127.0.0.1")
    port = values.whole_number(found, "POLL_PORT", "8000", 1, 65535)
    return Settings(
        data_dir=data_dir,
        database_url=addresses.database_url(found, data_dir / DATABASE_FILE),
        redis_url=addresses.redis_url(found),
        secret_key=secret_key(found, data_dir),
        public_url=addresses.public_url(found, host, port),
        host=host,
        port=port,
        workers=values.whole_number(found, "POLL_WORKERS", str(_cores()), 1, 64),
        trusted_proxies=values.whole_number(found, "POLL_TRUSTED_PROXIES", "0", 0, 10),
        embed_origins=addresses.embed_origins(found),
        vote_limit=values.vote_limit(found),
        percent_from=values.whole_number(found, "POLL_PERCENT_FROM", "10", 1, 1_000_000),
        locale=values.locale(found),
        time_zone=values.time_zone(found),
        site_name=found.get("POLL_SITE_NAME", "Reader polls"),
        origins=origins,
    )


def _read_data_dir(data_dir: Path) -> dict[str, str]:
    """What its .env says; makes the directory where it is missing."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        read = dotenv_values(data_dir / ".env", interpolate=False)  # a password may hold "${"
    except OSError as error:
        raise SettingError(
            f"POLL_DATA_DIR: {data_dir} can't be used ({error.strerror})."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingError(f"POLL_DATA_DIR: {data_dir / '.env'} is not UTF-8 text.") from error
    return {name: value for name, value in read.items() if value and name != "POLL_DATA_DIR"}


def _default_data_dir() -> Path:
    """`instance/` of a checkout; an installed package has none and uses the working directory's."""
    checkout = Path(__file__).resolve().parent.parent.parent
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "instance"


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
