"""Sessions: how long they last, who may end them."""

from datetime import timedelta

import pytest

from poll_app.database import writing
from poll_app.domain.refusals import NotFound
from poll_app.models import Account
from poll_app.services.people.sign_ins import (
    IDLE,
    LONGEST,
    end_other_sign_ins,
    end_own_sign_in,
    end_sign_in,
    find_signed_in,
    list_sign_ins,
)
from tests.services.people.persons import NOW, acts, open_sessions, put, signed_in, token_for

pytestmark = pytest.mark.usefixtures("services")

SECOND = timedelta(seconds=1)


@pytest.fixture
def ada():
    return put()


def test_a_session_that_is_used_lasts_twelve_hours(ada):
    token, now = token_for(ada), NOW
    while now < NOW + LONGEST - SECOND:
        now = min(now + IDLE - SECOND, NOW + LONGEST - SECOND)
        assert find_signed_in(token, now=now).person == ada

    assert find_signed_in(token, now=NOW + LONGEST) is None


def test_a_session_that_is_not_used_ends_after_two_hours(ada):
    token = token_for(ada)

    assert find_signed_in(token, now=NOW + IDLE - SECOND)
    assert find_signed_in(token, now=NOW + 2 * IDLE) is None


def test_an_unknown_token_is_nobodys(ada):
    token_for(ada)

    for token in ("", "x", "\ud800"[:0] + "é" * 50):
        assert find_signed_in(token, now=NOW) is None


def test_a_disabled_accounts_session_is_over(ada):
    token = token_for(ada)
    with writing() as session:
        session.get(Account, ada.id).disabled_at = NOW

    assert find_signed_in(token, now=NOW) is None


def test_each_sign_in_has_a_token_of_its_own(ada):
    assert token_for(ada) != token_for(ada)


def test_sessions_that_are_over_go_when_somebody_signs_in(ada):
    token_for(ada, browser="Old")
    token_for(put("Bea"), now=NOW + IDLE)

    assert [browser for _, browser in open_sessions()] == ["Firefox, Linux"]


def test_the_own_sessions_are_listed_the_latest_first(ada):
    token_for(ada, browser="Old")
    token_for(ada, now=NOW + SECOND, browser="New")
    token_for(put("Bea"), browser="Another's")

    found = list_sign_ins(ada.id, now=NOW + IDLE)

    assert [(s.browser, s.created_at) for s in found] == [("New", NOW + SECOND)]
    assert [s.browser for s in list_sign_ins(ada.id, now=NOW + SECOND)] == ["New", "Old"]


def test_signing_out_ends_one_session(ada):
    here, _there = signed_in(ada, browser="Here"), signed_in(ada, browser="There")
    end_sign_in(here.id)

    assert open_sessions() == [(ada.id, "There")]


def test_one_may_end_ones_own_sessions_and_nobody_elses(ada):
    here, there = signed_in(ada, browser="Here"), signed_in(ada, browser="There")
    others = signed_in(put("Bea"), browser="Another's")

    for unknown in (others.id, 99):
        with pytest.raises(NotFound):
            end_own_sign_in(ada, unknown, now=NOW)
    end_own_sign_in(ada, there.id, now=NOW)

    assert open_sessions() == [(ada.id, "Here"), (others.person.id, "Another's")]
    end_other_sign_ins(ada, keep=here.id, now=NOW)
    assert open_sessions() == [(ada.id, "Here"), (others.person.id, "Another's")]
    assert [act for act, *_ in acts()] == ["account.signed_out"] * 2
