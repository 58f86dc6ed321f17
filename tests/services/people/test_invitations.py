"""One-time links."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.accounts import INVITED_FOR, NEW_LINK_FOR
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.models import Invitation
from poll_app.services.people.invitations import get_invited, invite, join, make_link
from poll_app.services.people.members import disable
from poll_app.services.people.signing_in import find_by_password
from tests.desk_client import PASSWORD
from tests.services.people.persons import (
    NOW,
    SITE_NAME,
    account,
    acts,
    open_sessions,
    put,
    token_for,
)

pytestmark = pytest.mark.usefixtures("services")

NEW = "orchard kettle flint mango"
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada():
    return put()


def invited(ada, email="Bea@paper.example", name="Bea", role="editor"):
    return invite(email, name=name, role=role, by=ada, now=NOW)


def accept(token, *, name="Bea B", password=NEW, now=NOW):
    join(token, name=name, password=password, site_name=SITE_NAME, now=now)


def test_an_invitation_becomes_an_account(ada):
    account_id, token = invited(ada)
    found = get_invited(token, now=NOW + INVITED_FOR - SECOND)
    accept(token, now=NOW + INVITED_FOR - SECOND)

    assert (found.email, found.name, found.is_new) == ("bea@paper.example", "Bea", True)
    assert find_by_password("bea@paper.example", NEW).account_id == account_id
    told = [(act, who, on) for act, who, on, _, _ in acts()]
    assert told == [("account.invited", "Ada", "Bea"), ("account.joined", "Bea B", "Bea B")]


@pytest.mark.parametrize("name", ["Ada", "ADA", " ada ", "command line"])
def test_nobody_takes_the_name_of_somebody_else(ada, name):
    _, token = invited(ada)

    for act in (
        lambda: invited(ada, email="c@paper.example", name=name),
        lambda: accept(token, name=name),
    ):
        with pytest.raises(Refusal, match="Somebody else") as refused:
            act()
        assert refused.value.field == "name"
    accept(token, name="bea")


def test_the_link_is_stored_nowhere(ada):
    _, token = invited(ada)

    stored = db.session.scalars(select(Invitation.token_hash)).one()
    assert token.encode() not in stored
    assert len(token) >= 43


def test_a_link_works_once(ada):
    _, token = invited(ada)
    accept(token)

    for use in (lambda: accept(token), lambda: get_invited(token, now=NOW)):
        with pytest.raises(NotFound, match="used already"):
            use()


@pytest.mark.parametrize("token", ["", "x", "ü\0", "\ud800"])
def test_an_unknown_link_is_good_for_nothing(ada, token):
    invited(ada)

    with pytest.raises(NotFound):
        accept(token)


def test_an_invitation_lasts_seven_days(ada):
    _, token = invited(ada)

    with pytest.raises(NotFound):
        accept(token, now=NOW + INVITED_FOR)
    assert timedelta(days=7) == INVITED_FOR


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"password": "short"}, "password"), ({"name": ""}, "name"),
     ({"password": "bea@paper.example bea b"}, "password")],
)  # fmt: skip
def test_a_refused_password_does_not_use_the_link_up(ada, wrong, field):
    _, token = invited(ada)

    with pytest.raises(Refusal) as refusal:
        accept(token, **wrong)

    assert refusal.value.field == field
    accept(token)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": "bea"}, "email"), ({"email": "ADA@paper.example"}, "email"),
     ({"name": " "}, "name"), ({"role": ""}, "role")],
)  # fmt: skip
def test_nobody_is_invited_by_a_wrong_form(ada, wrong, field):
    with pytest.raises(Refusal) as refusal:
        invited(ada, **wrong)

    assert refusal.value.field == field
    assert acts() == []


def test_who_forgot_the_password_gets_a_link_for_half_an_hour(ada):
    bea = put("Bea", "editor", totp_secret=b"x", totp_step=7)
    token_for(bea)
    token = make_link(bea.id, by=ada, now=NOW)

    with pytest.raises(NotFound):
        accept(token, now=NOW + NEW_LINK_FOR)
    assert not get_invited(token, now=NOW).is_new
    accept(token, now=NOW + NEW_LINK_FOR - SECOND)

    assert find_by_password(bea.email, NEW).needs_code
    assert find_by_password(bea.email, PASSWORD) is None
    assert open_sessions() == []
    assert [act for act, *_ in acts()] == ["account.invited", "account.password"]


def test_a_new_link_makes_the_old_one_useless(ada):
    account_id, old = invited(ada)
    new = make_link(account_id, by=ada, now=NOW + timedelta(days=6))

    with pytest.raises(NotFound):
        accept(old)
    accept(new, now=NOW + timedelta(days=12))


def test_a_disabled_account_gets_no_link_and_keeps_none(ada):
    account_id, token = invited(ada)
    disable(account_id, by=ada, now=NOW)

    with pytest.raises(NotFound):
        accept(token)
    with pytest.raises(Refusal, match="disabled"):
        make_link(account_id, by=ada, now=NOW)
    with pytest.raises(NotFound):
        make_link(99, by=ada, now=NOW)
    assert account(ada).disabled_at is None
