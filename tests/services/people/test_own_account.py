"""What somebody changes about their own account."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from poll_app.database import db
from poll_app.domain.refusals import Refusal
from poll_app.domain.totp import STEP_S, code_at
from poll_app.models import Invitation, SignIn
from poll_app.services.people.code_apps import (
    count_recovery_codes,
    remove_app,
    renew_recovery_codes,
    set_up_app,
)
from poll_app.services.people.invitations import make_link
from poll_app.services.people.own_account import change_password, confirm, rename
from poll_app.services.people.signing_in import find_by_password
from tests.desk_client import PASSWORD
from tests.services.people.persons import (
    KEY,
    NOW,
    SITE_NAME,
    account,
    acts,
    open_sessions,
    put,
    signed_in,
    token_for,
)

pytestmark = pytest.mark.usefixtures("services")

NEW = "orchard kettle flint mango"
SECRET = b"12345678901234567890"
CODE = code_at(SECRET, int(NOW.timestamp()) // STEP_S)


@pytest.fixture
def here():
    """Ada at one browser; another of hers is open too."""
    person = put()
    token_for(person, browser="Elsewhere")
    return signed_in(person, browser="Here")


def test_a_new_name_stands_in_the_record_beside_the_old_one(here):
    rename(here.person, "  Ada  Example ", now=NOW)
    rename(here.person, "Ada Example", now=NOW)

    assert acts() == [
        ("account.renamed", "Ada", "Ada Example", {"name": "Ada"}, {"name": "Ada Example"})
    ]
    with pytest.raises(Refusal):
        rename(here.person, "", now=NOW)
    put("Bea")
    with pytest.raises(Refusal, match="Somebody else"):
        rename(here.person, "bea", now=NOW)


def test_a_new_password_ends_the_other_sessions_and_links(here):
    make_link(here.person.id, by=here.person, now=NOW)
    change_password(here, PASSWORD, NEW, site_name=SITE_NAME, now=NOW)

    assert find_by_password(here.person.email, NEW)
    assert find_by_password(here.person.email, PASSWORD) is None
    assert [browser for _, browser in open_sessions()] == ["Here"]
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong", NEW, "current_password"),
        ("x" * 129, NEW, "current_password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "ada@paper.example Ada", "password"),
    ],
)
def test_a_refused_password_changes_nothing(here, current, new, field):
    with pytest.raises(Refusal) as refusal:
        change_password(here, current, new, site_name=SITE_NAME, now=NOW)

    assert refusal.value.field == field
    assert find_by_password(here.person.email, PASSWORD)
    assert len(open_sessions()) == 2


def test_the_password_confirms_who_sits_there(here):
    later = NOW + timedelta(minutes=20)
    with pytest.raises(Refusal):
        confirm(here, "wrong", now=later)
    confirm(here, PASSWORD, now=later)

    assert db.session.get(SignIn, here.id).confirmed_at == later


def test_an_app_is_set_up_by_one_of_its_codes(here):
    assert count_recovery_codes(here.person) is None
    with pytest.raises(Refusal) as refusal:
        set_up_app(here, SECRET, "000000", key=KEY, now=NOW)
    assert refusal.value.field == "code"

    codes = set_up_app(here, SECRET, CODE, key=KEY, now=NOW)

    assert len(codes) == count_recovery_codes(here.person) == 10
    assert SECRET not in account(here.person).totp_secret
    assert [browser for _, browser in open_sessions()] == ["Here"]


def test_new_recovery_codes_replace_the_old_ones(here):
    with pytest.raises(Refusal):
        renew_recovery_codes(here, now=NOW)
    old = set_up_app(here, SECRET, CODE, key=KEY, now=NOW)
    new = renew_recovery_codes(here, now=NOW)

    assert set(old).isdisjoint(new)
    assert count_recovery_codes(here.person) == 10


def test_without_the_app_the_password_is_enough_again(here):
    set_up_app(here, SECRET, CODE, key=KEY, now=NOW)
    remove_app(here, now=NOW)

    assert count_recovery_codes(here.person) is None
    assert not find_by_password(here.person.email, PASSWORD).needs_code
    told = [(act, before, after) for act, _, _, before, after in acts()]
    assert told == [
        ("account.factor", {}, {"second_factor": "app for codes"}),
        ("account.factor", {"second_factor": "app for codes"}, {}),
    ]
