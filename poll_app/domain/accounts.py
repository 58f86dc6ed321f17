"""People with an account: their roles, what each role may do, what an account holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence

MAX_EMAIL_LENGTH = 254  # RFC 5321: a path of 256 with its two angle brackets
MAX_NAME_LENGTH = 80
INVITED_FOR = timedelta(days=7)
NEW_LINK_FOR = timedelta(minutes=30)  # for somebody who forgot the password and asks for it now
CONFIRMED_FOR = timedelta(minutes=10)

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


def parse_email(text: str) -> str:
    """The e-mail address, in lower case, by which an account is found. Nothing is ever sent there.

    Raises Refusal for what is no address.
    """
    email = text.strip().lower()
    name, at, host = email.rpartition("@")
    if not (name and at and host and email.isprintable()) or any(c.isspace() for c in email):
        raise Refusal(
            sentence("Enter an e-mail address, such as name@paper.example."), field="email"
        )
    if len(email) > MAX_EMAIL_LENGTH:
        raise Refusal(
            sentence("Use at most %(limit)s characters.", limit=MAX_EMAIL_LENGTH), field="email"
        )
    return email


def parse_name(text: str) -> str:
    """The name a person goes by at the desk and in the record. Raises Refusal."""
    return clean_text(text, limit=MAX_NAME_LENGTH, field="name")


def parse_role(text: str) -> Role:
    """A role by its name. Raises Refusal."""
    for role in ROLES:
        if role == text:
            return role
    raise Refusal(sentence("Choose a role."), field="role")


def refuse_change_of_own(person: Person, account_id: int) -> None:
    """Raises Refusal when somebody would change their own role or disable themselves: a second
    admin has to agree that the desk can do without the first."""
    if person.id == account_id:
        raise Refusal(sentence("You can’t do this to your own account. Ask another admin."))


def refuse_without_admin(other_admins: int) -> None:
    """Raises Refusal when nobody would be left who looks after the people of the desk."""
    if other_admins < 1:
        raise Refusal(
            sentence("This is the last admin who can sign in. Make somebody else an admin first.")
        )


@dataclass(frozen=True)
class Person:
    """Who acts: somebody with an account, or the command line (id None), which may do anything."""

    id: int | None
    name: str
    email: str
    role: Role


COMMAND_LINE = Person(None, "Command line", "", "admin")
