"""Roles and states of people as they stand on pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ROLES: dict[str, Any] = {
    "moderator": _l("Moderator"),
    "editor": _l("Editor"),
    "admin": _l("Admin"),
}
ROLE_CHOICES = [
    ("moderator", _l("Moderator: the discussion")),
    ("editor", _l("Editor: articles and questions as well")),
    ("admin", _l("Admin: people as well")),
]
STATES: dict[str, Any] = {
    "active": _l("Active"),
    "invited": _l("Invited"),
    "disabled": _l("Disabled"),
}


def role_name(role: str) -> str:
    """The role in the language of the page."""
    return str(ROLES[role])


def state_name(state: str) -> str:
    """Whether somebody can sign in, in a word."""
    return str(STATES[state])
