"""The secret key: given, or made at the first start and kept in the data directory."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from poll_app.config.values import SettingError

MIN_SECRET_LENGTH = 32
SECRET_FILE = "secret_key"  # noqa: S105 - a file name


def secret_key(values: Mapping[str, str], data_dir: Path) -> str:
    """POLL_SECRET_KEY or the key in the data directory. Raises SettingError."""
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
