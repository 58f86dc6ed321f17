"""People: invited, given roles, kept out; and joining by a link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from poll_app.domain.totp import sealed
from tests.conftest import SECRET
from tests.desk_client import PASSWORD, DeskClient, signed_in_client
from tests.web.acts import element, everything, fields_of, rows, text_of, title, words
from tests.web.people.persons import put_person, sign_in_as, token_of

PEOPLE = "/editor/people"
NEW = "orchard kettle flint mango"
BEA = {"email": "Bea@Paper.example", "name": "Bea", "role": "editor"}


@pytest.fixture
def bea(app):
    return put_person(app, "bea@paper.example", name="Bea")


def link_in(page):
    return re.search(r"https?://\S+/editor/join/[\w-]+", words(page))[0]


def invite(admin, **changes):
    answer = admin.post(f"{PEOPLE}/invite", data={**BEA, **changes})
    assert answer.status_code == 303
    return admin.get(answer.location)


def path_of(link):
    return "/" + link.split("/", 3)[3]


def join(client, path, **changes):
    hidden = fields_of(client.get(path), path)  # the form leads to the link's own address
    return client.post(path, data={**hidden, "name": "Bea B", "password": NEW, **changes})


def acts(app):
    return [row[0] for row in rows(app, "SELECT act FROM acts ORDER BY id")]


def test_an_admin_invites_somebody_who_joins(app, admin):
    page = invite(admin)
    path, newcomer = path_of(link_in(page)), app.test_client()
    asked = newcomer.get(path)

    assert asked.headers["Referrer-Policy"] == "no-referrer"
    assert element(asked, id="name").get("value") == "Bea"
    assert "You sign in as bea@paper.example." in words(asked)
    assert join(newcomer, path).location == "/editor/sign-in"
    assert "Your password is set." in words(newcomer.get("/editor/sign-in"))
    assert sign_in_as(newcomer, "bea@paper.example", NEW).status_code == 303
    assert acts(app) == ["account.invited", "account.joined"]


def test_the_link_is_shown_once_and_built_from_the_settings(app, admin):
    headers = {"Host": "evil.example", "Cookie": f"desk={admin.get_cookie('desk').value}"}
    by_hand = DeskClient(app, app.response_class, use_cookies=False)
    answer = by_hand.post(f"{PEOPLE}/invite", data=BEA, headers=headers)
    headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
    page = by_hand.get(answer.location, headers=headers)

    assert link_in(page).startswith("http://127.0.0.1:8000/editor/join/")
    assert link_in(page) in text_of(element(page, id="one-time-link"))
    assert element(page, data_copies="one-time-link") is not None
    assert "evil.example" not in page.get_data(as_text=True)
    headers["Cookie"] = page.headers["Set-Cookie"].partition(";")[0]
    assert "/editor/join/" not in words(by_hand.get(answer.location, headers=headers))


def test_a_link_works_once(app, admin):
    path, client = path_of(link_in(invite(admin))), app.test_client()
    token = token_of(client, path)
    data = {"csrf_token": token, "name": "Bea", "password": NEW}
    assert client.post(path, data=data).status_code == 303

    for answer in (client.get(path), client.post(path, data=data)):
        assert answer.status_code in {400, 410}
    again = client.get(path)
    assert (again.status_code, title(again).startswith("This link is no longer valid")) == (
        410,
        True,
    )


@pytest.mark.parametrize(("wait", "status"), [({"days": 6}, 200), ({"days": 8}, 410)])
def test_an_invitation_is_good_for_seven_days(app, admin, wait, status):
    path = path_of(link_in(invite(admin)))

    with time_machine.travel(datetime.now(UTC) + timedelta(**wait), tick=False):
        assert app.test_client().get(path).status_code == status


@pytest.mark.parametrize("path", ["x", "X_-9" * 20, "%C3%A9", "a" * 3_000])
def test_made_up_links_are_good_for_nothing(app, path):
    assert app.test_client().get(f"/editor/join/{path}").status_code == 410


def test_a_refused_password_keeps_the_name_and_the_link(app, admin):
    path, client = path_of(link_in(invite(admin))), app.test_client()
    refused = join(client, path, name="Bea C", password="short")

    assert (refused.status_code, title(refused)[:6]) == (422, "Error:")
    assert element(refused, id="name").get("value") == "Bea C"
    assert join(client, path).status_code == 303


def test_joining_takes_the_token_of_the_page(app, admin):
    path = path_of(link_in(invite(admin)))
    before = everything(app)

    assert app.test_client().post(path, data={"name": "x", "password": NEW}).status_code == 400
    assert everything(app) == before


def test_a_wrong_invitation_is_kept_for_correction(admin):
    answer = admin.post(f"{PEOPLE}/invite", data={"email": "bea", "name": "Bea", "role": "admin"})

    assert (answer.status_code, title(answer)[:6]) == (422, "Error:")
    assert element(answer, id="email").get("value") == "bea"
    assert element(answer, name="role", value="admin").get("checked") is not None


def test_all_that_is_missing_of_an_invitation_is_told_at_once(admin):
    answer = admin.post(f"{PEOPLE}/invite", data={})

    for field in ("email", "name", "role"):
        assert element(answer, href=f"#{field}") is not None, field


def test_an_address_that_has_an_account_is_refused(admin, bea):
    answer = admin.post(f"{PEOPLE}/invite", data=BEA)

    assert answer.status_code == 422
    assert "There is an account for bea@paper.example already." in words(answer)


def test_who_forgot_the_password_gets_a_link_that_spares_no_second_factor(app, admin):
    bea = put_person(app, "bea@paper.example", totp_secret=sealed(b"x" * 20, SECRET), totp_step=0)
    page = admin.get(admin.post(f"{PEOPLE}/{bea}/link").location)
    client, path = app.test_client(), path_of(link_in(page))

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=False):
        assert client.get(path).status_code == 410
    assert join(client, path).status_code == 303
    assert sign_in_as(client, "bea@paper.example", NEW).location == "/editor/sign-in/code"


def test_another_role_counts_at_once(app, admin, bea):
    client = app.test_client()
    sign_in_as(client, "bea@paper.example")

    assert admin.post(f"{PEOPLE}/{bea}/role", data={"role": "moderator"}).status_code == 303
    assert client.get("/editor/account").status_code == 303
    sign_in_as(client, "bea@paper.example")
    assert "Your role: Moderator." in words(client.get("/editor/account"))


@pytest.mark.parametrize("role", ["owner", "", "ADMIN"])
def test_a_role_that_is_none_is_refused(app, admin, bea, role):
    answer = admin.post(f"{PEOPLE}/{bea}/role", data={"role": role})

    assert answer.status_code == 422
    assert rows(app, "SELECT role FROM accounts WHERE id = :id", id=bea) == [("editor",)]


@pytest.mark.parametrize("act", ["role", "disable", "remove-factors"])
def test_nobody_lifts_or_strips_themselves(app, admin, act):
    signed_in_client(app, "admin", email="second@paper.example")
    before = everything(app)

    answer = admin.post(f"{PEOPLE}/{admin.person_id}/{act}", data={"role": "editor"})

    assert answer.status_code == 422
    assert "your own account" in words(answer)
    assert everything(app) == before


def test_an_editor_makes_nobody_an_admin(app, editor, bea):
    before = everything(app)

    for number in (bea, editor.person_id):
        answer = editor.post(f"{PEOPLE}/{number}/role", data={"role": "admin"})
        assert answer.status_code == 403
    assert everything(app) == before


def test_who_is_disabled_is_out_until_enabled(app, admin, bea):
    client = app.test_client()
    sign_in_as(client, "bea@paper.example")
    assert admin.post(f"{PEOPLE}/{bea}/disable").status_code == 303

    assert client.get("/editor/account").status_code == 303
    assert sign_in_as(app.test_client(), "bea@paper.example").status_code == 401
    assert admin.post(f"{PEOPLE}/{bea}/disable").status_code == 422
    assert admin.post(f"{PEOPLE}/{bea}/link").status_code == 422
    assert admin.post(f"{PEOPLE}/{bea}/enable").status_code == 303
    assert sign_in_as(app.test_client(), "bea@paper.example").status_code == 303
    assert acts(app) == ["account.disabled", "account.enabled"]


def test_sessions_and_factors_are_taken_away(app, admin):
    bea = put_person(app, "bea@paper.example", totp_secret=b"x")
    assert "Second factor or passkey" in words(admin.get(PEOPLE))

    assert admin.post(f"{PEOPLE}/{bea}/remove-factors").status_code == 303
    assert admin.post(f"{PEOPLE}/{bea}/end-sessions").status_code == 303
    assert sign_in_as(app.test_client(), "bea@paper.example", PASSWORD).location == "/editor/"


@pytest.mark.parametrize("number", ["99", "2147483648", "9" * 30, "-1", "x"])
def test_who_is_not_there_is_not_found(admin, number):
    assert admin.get(f"{PEOPLE}/{number}").status_code == 404
    for act in ("role", "link", "disable", "enable", "end-sessions", "remove-factors", "delete"):
        answer = admin.post(f"{PEOPLE}/{number}/{act}", data={"role": "editor"})
        assert answer.status_code == 404
