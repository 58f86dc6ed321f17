"""Who proves to be whom."""

from datetime import timedelta

import pytest

from poll_app.database import writing
from poll_app.domain.totp import STEP_S, code_at, sealed
from poll_app.models import Account, RecoveryCode
from poll_app.services.people.code_apps import set_up_app
from poll_app.services.people.signing_in import (
    Known,
    find_by_password,
    sign_in,
    sign_in_with_code,
)
from tests.desk_client import CHEAP_HASH, PASSWORD
from tests.services.people.persons import KEY, NOW, account, open_sessions, put, signed_in

pytestmark = pytest.mark.usefixtures("services")

SECRET = b"12345678901234567890"
LATER = NOW + timedelta(minutes=5)


def code(at=LATER):
    return code_at(SECRET, int(at.timestamp()) // STEP_S)


def try_code(known, text, at=LATER, key=KEY):
    return sign_in_with_code(known, text, key=key, browser="Firefox, Linux", now=at)


@pytest.fixture
def ada():
    return put()


@pytest.fixture
def careful():
    """Somebody with an app and recovery codes."""
    person = put("Bea", "editor")
    person_codes = set_up_app(signed_in(person), SECRET, code(NOW), key=KEY, now=NOW)
    return person, person_codes


def test_the_password_tells_who_it_is(ada):
    known = find_by_password(" ADA@paper.example ", PASSWORD)

    assert (known.account_id, known.needs_code) == (ada.id, False)
    assert sign_in(known, browser="Lynx", now=NOW)
    assert open_sessions() == [(ada.id, "Lynx")]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@paper.example", PASSWORD + " "),
        ("ada@paper.example", ""),
        ("nobody@paper.example", PASSWORD),
        ("ada@paper.example\0", PASSWORD),
        ("", ""),
    ],
)
def test_a_wrong_one_tells_nothing(ada, email, password):
    assert find_by_password(email, password) is None


def test_who_is_disabled_or_only_invited_is_not_let_in():
    put("Gone", disabled_at=NOW)
    put("New", password_hash=None)

    assert find_by_password("gone@paper.example", PASSWORD) is None
    assert find_by_password("new@paper.example", PASSWORD) is None


@pytest.mark.parametrize(
    "change", [{"disabled_at": NOW}, {"password_hash": "another"}, {"totp_secret": b"x"}]
)
def test_what_changes_between_password_and_session_counts(ada, change):
    known = find_by_password(ada.email, PASSWORD)
    with writing() as session:
        for name, value in change.items():
            setattr(session.get(Account, ada.id), name, value)

    assert sign_in(known, browser="", now=NOW) is None
    assert open_sessions() == []


def test_nobody_is_let_in_who_is_not_there():
    known = Known(99, "", needs_code=False)

    assert sign_in(known, browser="", now=NOW) is None
    assert try_code(known, "123456") is None


def test_who_has_an_app_needs_its_code(careful):
    person, _ = careful
    known = find_by_password(person.email, PASSWORD)

    assert known.needs_code
    assert sign_in(known, browser="", now=LATER) is None
    assert try_code(known, "000000") is None
    assert try_code(known, code())


def test_a_code_works_once_and_none_before_it_afterwards(careful):
    known = find_by_password(careful[0].email, PASSWORD)

    assert try_code(known, code())
    assert try_code(known, code()) is None
    assert try_code(known, code(LATER - timedelta(seconds=30))) is None
    assert try_code(known, code(LATER + timedelta(seconds=30)))


def test_the_code_that_set_the_app_up_is_used(careful):
    known = find_by_password(careful[0].email, PASSWORD)

    assert try_code(known, code(NOW), at=NOW) is None


def test_a_recovery_code_works_once(careful):
    person, codes = careful
    known = find_by_password(person.email, PASSWORD)

    assert try_code(known, codes[3].upper())
    assert try_code(known, codes[3]) is None
    assert try_code(known, codes[4])


def test_a_recovery_code_of_somebody_else_does_not_work(careful):
    _, codes = careful
    other = put("Cleo", "editor", totp_secret=sealed(SECRET, KEY))

    assert try_code(find_by_password(other.email, PASSWORD), codes[0]) is None


def test_with_another_secret_key_only_recovery_codes_work(careful):
    person, codes = careful
    known = find_by_password(person.email, PASSWORD)

    assert try_code(known, code(), key="another") is None
    assert try_code(known, codes[0], key="another")


def test_no_code_lets_anybody_in_who_has_no_app(ada):
    with writing() as session:
        session.add(RecoveryCode(account_id=ada.id, code_hash=b"x" * 32))

    assert try_code(find_by_password(ada.email, PASSWORD), "000000") is None
    assert account(ada).password_hash == CHEAP_HASH
