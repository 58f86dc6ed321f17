"""People with an account: their roles and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_EMAIL_LENGTH = 254  # RFC 5321: a path of 256 with its two angle brackets
MAX_NAME_LENGTH = 80

Role = Literal["moderator", "editor", "admin"]
ROLES: tuple[Role, ...] = ("moderator", "editor", "admin")

Right = Literal["enter", "moderate", "edit", "administer"]
"""enter: see the desk and the own account; moderate: the discussion; edit: articles, polls, the
record; administer: people."""

_RIGHTS: dict[str, frozenset[Right]] = {
    "moderator": frozenset({"enter", "moderate"}),
    "editor": frozenset({"enter", "moderate", "edit"}),
    "admin": frozenset({"enter", "moderate", "edit", "administer"}),
}


def may(role: str, right: Right) -> bool:
    """Whether somebody with this role may do this; an unknown role may do nothing."""
    return right in _RIGHTS.get(role, frozenset())


@dataclass(frozen=True)
class Person:
    """Who acts: somebody with an account, or the command line (id None), which may do anything."""

    id: int | None
    name: str
    email: str
    role: Role


COMMAND_LINE = Person(None, "Command line", "", "admin")
