"""Accounts that are added on the command line."""

import pytest

from poll_app.domain.refusals import Refusal
from poll_app.services.people.accounts import add_account
from poll_app.services.people.signing_in import find_by_password
from tests.desk_client import PASSWORD
from tests.services.people.persons import NOW, SITE_NAME, acts

pytestmark = pytest.mark.usefixtures("services")


def add(email="Ada@Paper.Example", password=PASSWORD, role="admin"):
    return add_account(email, role=role, password=password, site_name=SITE_NAME, now=NOW)


def test_who_is_added_can_sign_in_at_once():
    assert add() == "ada@paper.example"

    assert find_by_password("ada@paper.example", PASSWORD)
    after = {"email": "ada@paper.example", "role": "admin"}
    assert acts() == [("account.added", "Command line", "ada", {}, after)]


def test_who_would_share_a_name_goes_by_the_address():
    add()
    add("ada@other.example")

    assert [act[2] for act in acts()] == ["ada", "ada@other.example"]


def test_an_address_has_one_account():
    add()

    with pytest.raises(Refusal, match=r"There is an account for ada@paper\.example already"):
        add("ADA@paper.example", role="editor")


@pytest.mark.parametrize(
    "wrong", [{"email": "ada"}, {"password": "too short"}, {"role": "owner"},
              {"password": "ada@paper.example reader polls"}],
)  # fmt: skip
def test_what_is_no_good_is_refused_and_nothing_is_stored(wrong):
    with pytest.raises(Refusal):
        add(**wrong)

    assert acts() == []
