"""The bad inputs that the house shares with other programs, as far as they are about signing in.

Their user alice is an account of ours; what they call /login and /logout stands under /editor/.
"""

import re
from time import process_time
from urllib.parse import urlsplit

import pytest

from poll_app.services.people.password_hashes import hash_password
from tests.desk_client import PASSWORD
from tests.web.acts import rows
from tests.web.bad_inputs import SHARED, is_of_sign_in, our_path, shared_cases
from tests.web.people.persons import put_person, sign_in_as, token_of
from tests.web.test_errors import is_discreet
from tests.web.test_security import EVERYWHERE

ALICE = "alice@paper.example"
THEIR_PASSWORD = "correct horse battery staple"


def cases():
    if not SHARED.exists():
        absent = pytest.mark.skip(reason=f"no shared cases: {SHARED} is absent")
        return [pytest.param(None, marks=absent, id="absent")]
    return [pytest.param(case, id=case["id"]) for case in shared_cases() if is_of_sign_in(case)]


@pytest.fixture(scope="session")
def their_hash():
    return hash_password(THEIR_PASSWORD)


@pytest.fixture
def site(app, their_hash):
    put_person(app, ALICE, password_hash=their_hash)
    return app


def client_of(site, who):
    client = site.test_client()
    if who == "alice":
        assert sign_in_as(client, ALICE, THEIR_PASSWORD).status_code == 303
    return client


def sessions(site):
    return rows(site, "SELECT count(*) FROM sign_ins")[0][0]


def send(client, request):
    """The answer, and the seconds that it took."""
    form = {
        {"username": "email"}.get(name, name): value.replace("alice", ALICE)
        for name, value in request.get("form", [])
    }
    if "form_big" in request:
        form[request["form_big"]["name"]] = "x" * request["form_big"]["n"]
    if request.get("csrf") == "valid":
        form["csrf_token"] = token_of(client)
    began = process_time()
    answer = client.open(our_path(request["path"]), method=request["method"], data=form or None)
    return answer, process_time() - began


def run_step(site, step):
    """The two that are described by what happens, not by a request."""
    client = site.test_client()
    if step["method"] == "LOGIN_WITH_PLANTED_COOKIE":
        planted = client_of(site, "anon")
        token_of(planted)
        value = planted.get_cookie("desk", path="/").value
        client.set_cookie("desk", value)
        answer = sign_in_as(client, ALICE, THEIR_PASSWORD)
        assert client.get_cookie("desk", path="/").value != value
        assert planted.get("/editor/account").status_code == 303
        return answer
    value = client_of(site, "alice").get_cookie("desk", path="/").value
    client.set_cookie("desk", value[:9] + ("A" if value[9] != "A" else "B") + value[10:])
    return client.get("/editor/account")


@pytest.mark.parametrize("case", cases())
def test_shared_cases_of_signing_in(site, case):
    request, expected = case["request"], case["expected"]
    if "steps" in request:
        before = 1 if request["steps"][0]["method"] == "TAMPER_SESSION" else 0
        answer = run_step(site, request["steps"][0])
    else:
        client = client_of(site, request["as"])
        before = sessions(site)
        answer, took_s = send(client, request)
        assert "100 ms" not in expected["effect"] or took_s < 0.2

    assert answer.status_code in expected["status"]
    assert sessions(site) - before == expected["state"]["sessions"]
    wanted = {**EVERYWHERE, "Referrer-Policy": "same-origin"}
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert is_discreet(answer)
    assert THEIR_PASSWORD not in answer.get_data(as_text=True)
    assert site.test_client().get("/healthz").status_code == 200
    if request.get("check_location_local"):
        assert answer.location == "/editor/"
        assert not urlsplit(answer.location).netloc
        assert not re.search(r"[\r\n]", str(answer.headers["Location"]))


def test_the_shared_password_is_one_that_nobody_could_choose_here(site):
    from poll_app.domain.passwords import check_password
    from poll_app.domain.refusals import Refusal

    check_password(PASSWORD)
    with pytest.raises(Refusal):
        check_password(THEIR_PASSWORD)
