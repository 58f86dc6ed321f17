"""What a page shows once, after the redirect of the form that made it: a link, recovery codes. It
waits in the browser's own cookie, not in the database."""

from __future__ import annotations

from typing import Any

from flask import session as cookie


def show_once(name: str, value: Any) -> None:
    """Keeps it for the next page."""
    cookie[f"once_{name}"] = value


def take_once(name: str) -> Any:
    """What was kept, for the first page that asks; None for any other."""
    return cookie.pop(f"once_{name}", None)
