"""Guessing is slowed down; the person whose password is guessed gets in all the same."""

import pytest

from tests.web.acts import words
from tests.web.people.persons import EMAIL, put_person, sign_in_as

OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def alice(app):
    return put_person(app)


def at(app, address):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def guess(client, times=6, email=EMAIL):
    return [sign_in_as(client, email, "a wrong guess").status_code for _ in range(times)]


def test_after_five_attempts_a_minute_one_has_to_wait(app):
    client = at(app, OFFICE)

    assert guess(client) == [401] * 5 + [429]
    refused = sign_in_as(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 90
    assert "Too many attempts. Try again in" in words(refused)


def test_an_unknown_address_is_counted_alike(app):
    assert guess(at(app, OFFICE), email="nobody@paper.example") == [401] * 5 + [429]


def test_the_way_an_address_is_written_does_not_matter(app):
    client = at(app, OFFICE)
    written = [EMAIL, EMAIL.upper(), f" {EMAIL}", f"{EMAIL} ", EMAIL.title(), EMAIL]

    assert [guess(client, 1, email)[0] for email in written] == [401] * 5 + [429]


def test_others_in_the_network_and_the_person_elsewhere_are_not_affected(app):
    put_person(app, "bea@paper.example")
    guess(at(app, OFFICE))

    assert sign_in_as(at(app, OFFICE), "bea@paper.example").status_code == 303
    assert sign_in_as(at(app, ELSEWHERE)).status_code == 303


def test_a_browser_that_was_here_before_is_not_locked_out_by_others(app):
    own = at(app, OFFICE)
    sign_in_as(own)
    own.delete_cookie("desk")
    guess(at(app, OFFICE), 10)

    assert sign_in_as(at(app, OFFICE)).status_code == 429
    assert sign_in_as(own).status_code == 303


def test_that_browser_has_its_limit_too_and_for_this_account_alone(app):
    put_person(app, "bea@paper.example")
    own = at(app, OFFICE)
    sign_in_as(own)
    own.delete_cookie("desk")

    assert guess(own) == [401] * 5 + [429]
    assert guess(own, email="bea@paper.example") == [401] * 5 + [429]
    assert sign_in_as(at(app, OFFICE), "bea@paper.example").status_code == 429


def test_another_persons_browser_is_a_stranger(app):
    put_person(app, "bea@paper.example")
    beas = at(app, OFFICE)
    sign_in_as(beas, "bea@paper.example")
    beas.delete_cookie("desk")
    guess(at(app, OFFICE))

    assert sign_in_as(beas).status_code == 429


@pytest.mark.parametrize("value", ["", "x", "WyJhIiwiYiJd.x.y", "ÿ"])
def test_a_made_up_device_is_a_stranger(app, value):
    guess(at(app, OFFICE))
    client = at(app, OFFICE)
    client.set_cookie("device", value)

    assert sign_in_as(client).status_code == 429


def test_a_network_has_a_limit_over_all_addresses(app):
    client, names = at(app, OFFICE), [f"{n}@paper.example" for n in range(62)]
    for name in names:  # somebody real: their hashes cost the test less than nobody's
        put_person(app, name)
    statuses = [sign_in_as(client, name, "a wrong guess").status_code for name in names]

    assert set(statuses[:60]) == {401}
    assert statuses[-1] == 429  # where an hour ends in between, one more is taken
    assert sign_in_as(at(app, "203.0.113.99")).status_code == 429
    assert sign_in_as(at(app, ELSEWHERE)).status_code == 303
