"""The own account, and proving again who one is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from poll_app.domain.totp import STEP_S, code_at
from tests.desk_client import PASSWORD, signed_in_client
from tests.web.acts import element, everything, fields_of, rows, title, words
from tests.web.people.persons import put_person, sign_in_as, token_of

ACCOUNT = "/editor/account"
NEW = "orchard kettle flint mango"


@pytest.fixture
def later():
    """Twenty minutes after everybody signed in."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20), tick=False):
        yield


def secret_of(page):
    return re.search(r"otpauth:[^\"]*secret=([A-Z2-7]+)", page.get_data(as_text=True))[1]


def code_for(page):
    from base64 import b32decode

    return code_at(b32decode(secret_of(page)), int(datetime.now(UTC).timestamp()) // STEP_S)


def test_the_page_tells_who_one_is_and_where_one_is_signed_in(editor):
    page = words(editor.get(ACCOUNT))

    assert "You sign in as editor@paper.example. Your role: Editor." in page
    assert "Test This browser" in page
    assert "Passkeys" not in page  # a bare address of the internet has none


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Lynx/2.9.0 libwww-FM/2.14", "Lynx"),
        ("<script>alert(1)</script>", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_session_is_known_by_family_and_system_alone(app, agent, label):
    put_person(app)
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    sign_in_as(client)

    assert f"{label} This browser" in words(client.get(ACCOUNT))


def test_a_name_is_changed_and_a_wrong_one_kept_for_correction(editor):
    assert editor.post(f"{ACCOUNT}/name", data={"name": " Ada  E "}).status_code == 303
    page = editor.get(ACCOUNT)
    assert element(page, id="name").get("value") == "Ada E"
    assert "Your name was changed." in words(page)

    refused = editor.post(f"{ACCOUNT}/name", data={"name": "x" * 81})
    assert (refused.status_code, title(refused)[:6]) == (422, "Error:")
    assert element(refused, id="name").get("value") == "x" * 81


def test_fields_that_are_none_of_the_form_change_nothing(app, editor):
    before = rows(app, "SELECT role, email, disabled_at FROM accounts")
    data = {"name": "Ada", "role": "admin", "email": "x@y.z", "id": "1", "account_id": "1"}

    assert editor.post(f"{ACCOUNT}/name", data=data).status_code == 303
    assert rows(app, "SELECT role, email, disabled_at FROM accounts") == before


def test_a_password_is_changed_by_whoever_knows_the_present_one(app, editor):
    elsewhere = app.test_client()
    sign_in_as(elsewhere, "editor@paper.example")
    data = {"current_password": PASSWORD, "password": NEW}

    answer = editor.post(f"{ACCOUNT}/password", data=data)

    assert answer.status_code == 303
    assert editor.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 303
    assert sign_in_as(app.test_client(), "editor@paper.example", NEW).status_code == 303
    assert sign_in_as(app.test_client(), "editor@paper.example").status_code == 401


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("wrong", NEW, "current_password"), (PASSWORD, "short", "password")],
)
def test_a_refused_password_is_said_at_its_field(app, editor, current, new, field):
    before = everything(app)
    answer = editor.post(f"{ACCOUNT}/password", data={"current_password": current, "password": new})

    assert answer.status_code == 422
    assert element(answer, id=field).get("aria-invalid") == "true"
    assert new not in answer.get_data(as_text=True)
    assert everything(app) == before


def test_the_present_password_can_not_be_guessed_at_an_open_desk(editor):
    data = {"current_password": "wrong", "password": NEW}
    statuses = [editor.post(f"{ACCOUNT}/password", data=data).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]
    refused = editor.post(f"{ACCOUNT}/password", data={**data, "current_password": PASSWORD})
    assert int(refused.headers["Retry-After"]) > 0


def test_one_session_is_ended_and_then_all_others(app, editor):
    for agent in ("Lynx/2.9", "w3m/0.5"):
        client = app.test_client()
        client.environ_base["HTTP_USER_AGENT"] = agent
        sign_in_as(client, "editor@paper.example")
    sign_in_ids = [row[0] for row in rows(app, "SELECT id FROM sign_ins ORDER BY id")]

    assert editor.post(f"{ACCOUNT}/sessions/{sign_in_ids[1]}/end").status_code == 303
    assert client.get(ACCOUNT).status_code == 200
    assert editor.post(f"{ACCOUNT}/sessions/end-others").status_code == 303
    assert client.get(ACCOUNT).status_code == 303
    assert editor.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize("which", ["another's", "2147483647", "2147483648", "99999999999999999999"])
def test_nobody_ends_another_persons_session(app, editor, which):
    signed_in_client(app, "admin")
    found = rows(app, "SELECT id FROM sign_ins ORDER BY id")
    number = found[1][0] if which == "another's" else which

    assert editor.post(f"{ACCOUNT}/sessions/{number}/end").status_code == 404
    assert rows(app, "SELECT id FROM sign_ins ORDER BY id") == found


def test_an_app_is_set_up_used_and_removed(app, editor):
    page = editor.get(f"{ACCOUNT}/code-app")
    assert secret_of(page) in words(page).replace(" ", "")
    answer = editor.post(f"{ACCOUNT}/code-app", data={"code": code_for(page)})
    shown = editor.get(answer.location)
    codes = re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", words(shown))

    assert len(codes) == 10
    assert editor.get(answer.location).status_code == 303  # shown once
    assert "10 recovery codes are left" in words(editor.get(ACCOUNT))
    other = app.test_client()
    assert sign_in_as(other, "editor@paper.example").location == "/editor/sign-in/code"
    data = {"csrf_token": token_of(other, "/editor/sign-in/code"), "code": codes[0]}
    assert other.post("/editor/sign-in/code", data=data).status_code == 303
    assert "9 recovery codes are left" in words(editor.get(ACCOUNT))
    assert editor.post(f"{ACCOUNT}/recovery-codes").status_code == 303
    assert codes[1] not in words(editor.get(f"{ACCOUNT}/recovery-codes"))
    assert editor.post(f"{ACCOUNT}/code-app/remove").status_code == 303
    assert sign_in_as(app.test_client(), "editor@paper.example").location == "/editor/"


def test_a_wrong_code_leaves_the_key_as_it_was(app, editor):
    page = editor.get(f"{ACCOUNT}/code-app")
    wrong = editor.post(f"{ACCOUNT}/code-app", data={"code": "000000"})

    assert wrong.status_code == 422
    assert secret_of(wrong) == secret_of(page)
    assert rows(app, "SELECT totp_secret FROM accounts") == [(None,)]


@pytest.mark.parametrize("path", [f"{ACCOUNT}/code-app", "/editor/people", "/editor/people/invite"])
def test_who_signed_in_a_while_ago_confirms_first_and_goes_on(admin, later, path):
    asked = admin.get(path)
    assert asked.location == f"/editor/confirm?next={path}"
    form = fields_of(admin.get(asked.location), "/editor/confirm")
    assert form["next"] == path

    wrong = admin.post("/editor/confirm", data={"next": path, "confirm_password": "wrong"})
    assert (wrong.status_code, fields_of(wrong, "/confirm")["next"]) == (422, path)
    right = admin.post("/editor/confirm", data={"next": path, "confirm_password": PASSWORD})
    assert right.location == path
    assert admin.get(path).status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/polls/open"])
def test_confirming_leads_nowhere_else(admin, target):
    data = {"next": target, "confirm_password": PASSWORD}

    assert admin.post("/editor/confirm", data=data).location == "/editor/"


def test_what_a_late_post_brought_is_done_once_the_password_is_right(app, admin, later):
    path = "/editor/people/invite"
    typed = {"email": "bea@paper.example", "name": "Bea", "role": "editor"}
    before = everything(app)

    asked = admin.post(path, data=typed)
    assert asked.status_code == 401
    kept = fields_of(asked, path)
    assert {name: kept[name] for name in typed} == typed
    wrong = admin.post(path, data={**typed, "confirm_password": "wrong"})
    assert (wrong.status_code, title(wrong)[:6]) == (422, "Error:")
    assert {k: v for k, v in everything(app).items() if k != "sign_ins"} == {
        k: v for k, v in before.items() if k != "sign_ins"
    }
    done = admin.post(path, data={**typed, "confirm_password": PASSWORD})
    assert done.status_code == 303
    assert rows(app, "SELECT count(*) FROM invitations") == [(1,)]


def test_the_password_can_not_be_guessed_while_confirming(admin, later):
    data = {"confirm_password": "wrong", "next": ACCOUNT}
    statuses = [admin.post("/editor/confirm", data=data).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_everyday_pages_ask_for_no_confirmation(editor, later):
    assert editor.get(ACCOUNT).status_code == 200
    assert editor.post(f"{ACCOUNT}/name", data={"name": "Ada"}).status_code == 303
