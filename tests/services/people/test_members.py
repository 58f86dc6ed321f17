"""What an admin does to the people of the newsroom."""

import threading
from datetime import timedelta

import pytest

from poll_app.database import db, writing
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.models import Account, Passkey, RecoveryCode
from poll_app.services.people.invitations import invite
from poll_app.services.people.members import (
    change_role,
    disable,
    enable,
    end_sessions,
    get_member,
    list_members,
    remove_factors,
)
from tests.services.people.persons import NOW, account, acts, open_sessions, put, token_for

HOUR = timedelta(hours=1)


@pytest.fixture
def ada(services):
    return put()


@pytest.fixture
def bea(ada):
    person = put("Bea", "editor")
    token_for(person)
    return person


def test_everybody_is_listed_and_who_is_disabled_last(ada, bea):
    put("Abe", "moderator", disabled_at=NOW)
    invite("cleo@paper.example", name="Cleo", role="editor", by=ada, now=NOW)
    put("dora", "editor", totp_secret=b"x")

    told = [(m.name, m.role, m.state, m.second_factor) for m in list_members(now=NOW)]
    assert told == [
        ("Ada", "admin", "active", False),
        ("Bea", "editor", "active", False),
        ("Cleo", "editor", "invited", False),
        ("dora", "editor", "active", True),
        ("Abe", "moderator", "disabled", False),
    ]


def test_a_link_is_told_while_it_is_good(ada):
    cleo, _ = invite("cleo@paper.example", name="Cleo", role="editor", by=ada, now=NOW)

    assert get_member(cleo, now=NOW).link_until == NOW + timedelta(days=7)
    assert get_member(cleo, now=NOW + timedelta(days=7)).link_until is None


def test_another_role_signs_out(ada, bea):
    change_role(bea.id, "moderator", by=ada, now=NOW)

    assert account(bea).role == "moderator"
    assert open_sessions() == []
    assert acts() == [
        ("account.role", "Ada", "Bea", {"role": "editor"}, {"role": "moderator"}),
    ]


@pytest.mark.parametrize("role", ["editor", "", "owner"])
def test_the_same_role_and_no_role_are_refused(ada, bea, role):
    with pytest.raises(Refusal):
        change_role(bea.id, role, by=ada, now=NOW)

    assert open_sessions() != []


def test_nobody_changes_disables_or_strips_themselves(ada):
    put("Bea", "admin")

    for attempt in (
        lambda: change_role(ada.id, "editor", by=ada, now=NOW),
        lambda: disable(ada.id, by=ada, now=NOW),
        lambda: remove_factors(ada.id, by=ada, now=NOW),
    ):
        with pytest.raises(Refusal, match="own account"):
            attempt()


def test_the_last_admin_who_can_sign_in_stays_one(ada):
    boss = put("Boss", "admin")
    put("Invited", "admin", password_hash=None)
    put("Gone", "admin", disabled_at=NOW)
    disable(boss.id, by=ada, now=NOW)

    for attempt in (
        lambda: disable(ada.id, by=boss, now=NOW),
        lambda: change_role(ada.id, "editor", by=boss, now=NOW),
    ):
        with pytest.raises(Refusal, match="last admin"):
            attempt()
    assert (account(ada).role, account(ada).disabled_at) == ("admin", None)


def test_two_admins_who_disable_each_other_at_once_leave_one(services, ada):
    boss, ready, refused = put("Boss", "admin"), threading.Barrier(2), []

    def one_disables(whom, by):
        with services.app_context():
            ready.wait(10)
            try:
                disable(whom.id, by=by, now=NOW)
            except Refusal as refusal:
                refused.append(refusal)
            db.session.remove()

    threads = [
        threading.Thread(target=one_disables, args=pair) for pair in ((ada, boss), (boss, ada))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(refused) == 1
    assert [m.state for m in list_members(now=NOW)] == ["active", "disabled"]


def test_who_is_disabled_is_signed_out_and_can_be_enabled_again(ada, bea):
    disable(bea.id, by=ada, now=NOW)

    assert open_sessions() == []
    assert get_member(bea.id, now=NOW).state == "disabled"
    with pytest.raises(Refusal, match="already"):
        disable(bea.id, by=ada, now=NOW)
    enable(bea.id, by=ada, now=NOW)
    with pytest.raises(Refusal, match="not disabled"):
        enable(bea.id, by=ada, now=NOW)
    assert [act for act, *_ in acts()] == ["account.disabled", "account.enabled"]


def test_an_admin_signs_somebody_out(ada, bea):
    token_for(ada)
    end_sessions(bea.id, by=ada, now=NOW)

    assert [who for who, _ in open_sessions()] == [ada.id]


def test_who_lost_everything_signs_in_by_password_again(ada, bea):
    with writing() as session:
        session.get(Account, bea.id).totp_secret = b"x"
        session.add(RecoveryCode(account_id=bea.id, code_hash=b"x" * 32))
        session.add(
            Passkey(
                account_id=bea.id, credential_id=b"c", public_key=b"k", sign_count=0, name="Key",
                created_at=NOW,
            )
        )  # fmt: skip
    assert get_member(bea.id, now=NOW).second_factor

    remove_factors(bea.id, by=ada, now=NOW)

    assert not get_member(bea.id, now=NOW).second_factor
    assert open_sessions() == []


def test_who_is_not_there_is_not_found(ada):
    for attempt in (
        lambda: get_member(99, now=NOW),
        lambda: enable(99, by=ada, now=NOW),
        lambda: change_role(99, "editor", by=ada, now=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()
