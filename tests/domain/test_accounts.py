"""Roles, and what an account may hold."""

import pytest

from poll_app.domain.accounts import (
    COMMAND_LINE,
    ROLES,
    Person,
    may,
    parse_email,
    parse_name,
    parse_role,
    refuse_change_of_own,
    refuse_without_admin,
)
from poll_app.domain.refusals import Refusal


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("moderator", {"enter", "moderate"}),
        ("editor", {"enter", "moderate", "edit"}),
        ("admin", {"enter", "moderate", "edit", "administer"}),
        ("unknown", set()),
        ("", set()),
    ],
)
def test_each_role_may_do_what_it_is_for(role, rights):
    every = ("enter", "moderate", "edit", "administer")

    assert {right for right in every if may(role, right)} == rights


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        (" Alice@Paper.Example ", "alice@paper.example"),
        ('"a@b"@host', '"a@b"@host'),
        ("ü@пример.рф", "ü@пример.рф"),
        ("a" * 248 + "@b.cde", "a" * 248 + "@b.cde"),
    ],
)
def test_an_address_is_kept_in_lower_case(typed, email):
    assert parse_email(typed) == email


@pytest.mark.parametrize(
    "typed",
    ["", "alice", "@host", "alice@", "a b@c", "a\0@c", "a@b\nc", "a\u202e@b", "a" * 249 + "@b.cde"],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Refusal) as refusal:
        parse_email(typed)

    assert refusal.value.field == "email"


def test_a_name_is_cleaned_and_has_a_limit():
    assert parse_name("  Ada \n Example ") == "Ada Example"
    for typed in ("", " ", "x" * 81, "a\u202eb"):
        with pytest.raises(Refusal) as refusal:
            parse_name(typed)
        assert refusal.value.field == "name"


def test_a_role_is_one_of_three():
    assert [parse_role(role) for role in ROLES] == list(ROLES)
    for typed in ("", "Admin", "root", "admin "):
        with pytest.raises(Refusal):
            parse_role(typed)


def test_nobody_changes_their_own_role():
    admin = Person(3, "Ada", "ada@paper.example", "admin")

    refuse_change_of_own(admin, 4)
    refuse_change_of_own(COMMAND_LINE, 3)
    with pytest.raises(Refusal, match="own account"):
        refuse_change_of_own(admin, 3)


def test_the_last_admin_stays():
    refuse_without_admin(1)
    with pytest.raises(Refusal, match="last admin"):
        refuse_without_admin(0)
