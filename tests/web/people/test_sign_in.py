"""Signing in and out at the desk."""

import pytest

from tests.web.acts import rows
from tests.web.people.persons import put_person, sign_in_as

HOME = "/editor/"


@pytest.fixture
def alice(app):
    return put_person(app)


def test_the_right_password_leads_to_the_desk(app, alice):
    client = app.test_client()

    answer = sign_in_as(client)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert rows(app, "SELECT account_id FROM sign_ins") == [(alice,)]
    assert client.get("/editor/sign-in").location == HOME
