"""Signing in and out at the desk."""

import re
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

import pytest
import time_machine

from poll_app.domain.totp import STEP_S, code_at, sealed
from tests.conftest import SECRET
from tests.desk_client import PASSWORD
from tests.web.acts import element, everything, rows, title, words
from tests.web.people.persons import EMAIL, put_person, sign_in_as, token_of

HOME = "/editor/"
KEY = b"12345678901234567890"
WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def alice(app):
    return put_person(app)


@pytest.fixture
def careful(app):
    """Somebody who needs a code as well."""
    return put_person(app, totp_secret=sealed(KEY, SECRET), totp_step=0)


def code(away_s=0):
    return code_at(KEY, int(datetime.now(UTC).timestamp() + away_s) // STEP_S)


def enter_code(client, text):
    path = "/editor/sign-in/code"
    return client.post(path, data={"csrf_token": token_of(client, path), "code": text})


def sessions(app):
    return rows(app, "SELECT account_id FROM sign_ins ORDER BY id")


def test_the_right_password_leads_to_the_desk(app, alice):
    client = app.test_client()

    answer = sign_in_as(client)

    assert (answer.status_code, answer.location) == (303, HOME)
    assert sessions(app) == [(alice,)]
    assert client.get("/editor/sign-in?next=/editor/account").location == "/editor/account"
    assert client.get("/editor/account").status_code == 200


def test_the_form_leads_back_to_where_one_was(app, alice):
    client = app.test_client()
    there = "/editor/account?of=this&and=that"
    form = client.get(client.get(there).location)
    target = element(form, name="next").get("value")

    assert target == there
    assert sign_in_as(client, next=target).location == there


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/editor/", "/\\evil.example", "/editor/\\evil", "/%0d",
     "/x\r\nSet-Cookie: a=b", "///evil.example", "/editor/../../x", "javascript:alert(1)",
     "//localhost@evil.example", "/polls/open", "editor/", "/editor/\t/x", " //evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("where", ["query", "form"])
def test_nobody_is_sent_to_another_site(app, alice, target, where):
    client = app.test_client()
    if where == "form":
        answer = sign_in_as(client, next=target)
    else:
        data = {"csrf_token": token_of(client), "email": EMAIL, "password": PASSWORD}
        answer = client.post("/editor/sign-in", data=data, query_string={"next": target})

    assert (answer.status_code, answer.location) == (303, HOME)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), (EMAIL, ""), ("nobody@paper.example", PASSWORD), ("", PASSWORD),
     ("gone@paper.example", PASSWORD), ("new@paper.example", PASSWORD), ("", ""),
     (EMAIL + "\0", PASSWORD), (EMAIL, PASSWORD + "\0"), (EMAIL, "p\0")],
)  # fmt: skip
def test_whatever_is_wrong_the_answer_is_the_same(app, alice, email, password):
    put_person(app, "gone@paper.example", disabled_at=datetime.now(UTC))
    put_person(app, "new@paper.example", password_hash=None)
    client = app.test_client()

    answer = sign_in_as(client, email, password)

    assert (answer.status_code, title(answer)[:14]) == (401, "Error: Sign in")
    page = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
    other = sign_in_as(app.test_client(), "zoe@paper.example", "x").get_data(as_text=True)
    assert page == re.sub(r'value="[^"]*"', "", other)
    assert WRONG in words(answer)
    assert sessions(app) == []


def test_an_unknown_address_takes_as_long_as_a_wrong_password(make_app):
    app = make_app()
    put_person(app, password_hash=None)
    with app.app_context():
        from poll_app.services.people.password_hashes import hash_password

        put_person(app, "known@paper.example", password_hash=hash_password(PASSWORD))
    took = {"known@paper.example": [], "nobody@paper.example": [], EMAIL: []}
    for _ in range(3):
        for email, times in took.items():
            client = app.test_client()
            token = token_of(client)
            began = process_time()
            client.post(
                "/editor/sign-in",
                data={"csrf_token": token, "email": email, "password": "not the right one"},
            )
            times.append(process_time() - began)

    longest, shortest = max(map(median, took.values())), min(map(median, took.values()))
    assert shortest > longest / 3


def test_what_was_typed_is_kept_except_the_password(app, alice):
    answer = sign_in_as(app.test_client(), password="a wrong password")

    assert element(answer, name="email").get("value") == EMAIL
    assert "a wrong password" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("length", "status"), [(129, 422), (50_000, 422), (1_000_000, 413)])
def test_too_long_a_password_is_refused_before_it_is_hashed(app, alice, length, status):
    client = app.test_client()
    sign_in_as(client, password="warm")
    token = token_of(client)
    began = process_time()

    answer = client.post(
        "/editor/sign-in", data={"csrf_token": token, "email": EMAIL, "password": "x" * length}
    )

    assert process_time() - began < 0.2  # a hash takes 0.34 s of a processor
    assert answer.status_code == status


def test_a_post_without_the_token_signs_nobody_in(app, alice):
    client = app.test_client()
    data = {"email": EMAIL, "password": PASSWORD}

    for token in ({}, {"csrf_token": "x"}, {"csrf_token": token_of(app.test_client())}):
        answer = client.post("/editor/sign-in", data=data | token)
        assert answer.status_code == 400
        assert "open for too long" in words(answer)
    assert sessions(app) == []


def test_a_session_that_was_planted_is_not_the_one_that_is_used(app, alice):
    """Whoever puts a cookie of theirs into somebody's browser gets nothing when that one signs in."""
    put_person(app, "mallory@paper.example")
    attacker, victim = app.test_client(), app.test_client()
    sign_in_as(attacker, "mallory@paper.example")
    planted = attacker.get_cookie("desk", path="/").value
    victim.set_cookie("desk", planted)

    token = token_of(victim, "/editor/account")
    answer = victim.post(
        "/editor/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    )

    assert answer.status_code == 303
    fresh = victim.get_cookie("desk", path="/").value
    assert fresh != planted
    assert EMAIL in words(victim.get("/editor/account"))
    assert "mallory@paper.example" in words(attacker.get("/editor/account"))


@pytest.mark.parametrize(
    "damage", [lambda v: v[:-1], lambda v: "x" + v[1:], lambda _: "", lambda _: "a.b.c"]
)
def test_a_damaged_cookie_is_nobodys(app, alice, damage):
    client = app.test_client()
    sign_in_as(client)
    client.set_cookie("desk", damage(client.get_cookie("desk", path="/").value))

    assert client.get("/editor/account").status_code == 303


def test_signing_out_ends_the_session_for_good(app, alice):
    client, thief = app.test_client(), app.test_client()
    sign_in_as(client)
    thief.set_cookie("desk", client.get_cookie("desk", path="/").value)
    assert client.get("/editor/sign-out").status_code == 405
    assert client.post("/editor/sign-out").status_code == 400
    assert len(sessions(app)) == 1

    answer = client.post(
        "/editor/sign-out", data={"csrf_token": token_of(client, "/editor/account")}
    )

    assert (answer.status_code, answer.location) == (303, "/editor/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert sessions(app) == []
    assert client.get_cookie("desk", path="/") is None
    assert thief.get("/editor/account").status_code == 303


def test_the_cookie_is_bound_to_https_and_out_of_reach_of_scripts(make_app):
    app = make_app(POLL_PUBLIC_URL="https://polls.example")
    put_person(app)
    client = app.test_client()
    base = "https://polls.example"
    page = client.get("/editor/sign-in", base_url=base).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}

    answer = client.post("/editor/sign-in", data=data, base_url=base)

    cookies = {c.partition("=")[0]: c for c in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-desk", "__Host-device"}
    for cookie in cookies.values():
        assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Expires" not in cookies["__Host-desk"]
    assert EMAIL not in cookies["__Host-device"]


def test_a_disabled_accounts_session_ends_at_once(app, alice):
    client = app.test_client()
    sign_in_as(client)
    with app.app_context():
        from poll_app.database import writing
        from poll_app.models import Account

        with writing() as session:
            session.get(Account, alice).disabled_at = datetime.now(UTC)

    assert client.get("/editor/account").location.startswith("/editor/sign-in?")


def test_who_has_an_app_is_asked_for_a_code(app, careful):
    client = app.test_client()
    step = sign_in_as(client, next="/editor/account")

    assert step.location == "/editor/sign-in/code"
    assert sessions(app) == []
    assert client.get("/editor/account").status_code == 303
    wrong = enter_code(client, "000000")
    assert (wrong.status_code, title(wrong)[:6]) == (401, "Error:")
    assert enter_code(client, code()).location == "/editor/account"
    assert sessions(app) == [(careful,)]


def test_a_code_that_was_used_is_refused(app, careful):
    used = code()
    first, second = app.test_client(), app.test_client()
    sign_in_as(first)
    sign_in_as(second)

    assert enter_code(first, used).status_code == 303
    assert enter_code(second, used).status_code == 401
    assert enter_code(second, code(-STEP_S)).status_code == 401


def test_the_way_to_the_code_is_open_for_ten_minutes(app, careful):
    client = app.test_client()
    sign_in_as(client)

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=False):
        assert client.get("/editor/sign-in/code").location == "/editor/sign-in"
    assert app.test_client().get("/editor/sign-in/code").location == "/editor/sign-in"


def test_codes_can_not_be_tried_for_ever(app, careful):
    client = app.test_client()
    sign_in_as(client)
    statuses = [enter_code(client, "000000").status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]
    refused = enter_code(client, code())
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 60) == (429, True)
    assert "Too many attempts. Try again in" in words(refused)


def test_an_empty_code_page_post_changes_nothing(app, careful):
    client = app.test_client()
    sign_in_as(client)
    before = everything(app)

    assert client.post("/editor/sign-in/code", data={"code": code()}).status_code == 400
    assert everything(app) == before
