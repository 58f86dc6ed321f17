"""The cases of the house about editors' polls. alice edits; bob, who may not see drafts of others
in a house of authors, is a moderator here: every editor may edit every question."""

import pytest
from werkzeug.datastructures import MultiDict

from tests.desk_client import signed_in_client
from tests.web.acts import everything
from tests.web.bad_inputs import SHARED, filled, is_of_desk, our_path, shared_cases

CASES = [case for case in shared_cases() if is_of_desk(case)]


@pytest.fixture
def people(app, new_poll):
    new_poll("Draft?", slug="draft", opens_at=None)
    return {
        "alice": signed_in_client(app, "editor", email="alice@paper.example"),
        "bob": signed_in_client(app, "moderator", email="bob@paper.example"),
        "anon": app.test_client(),
    }


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are absent")
def test_the_cases_are_found():
    assert {case["id"] for case in CASES} >= {
        "a-mass",
        "a-pub-bob",
        "e-bidi-q",
        "csrf-editor-missing",
    }


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_a_shared_case_is_refused_and_nothing_is_stored(app, people, case):
    request = filled(case["request"], {"draft": "draft"})
    client, path = people[request["as"]], our_path(request["path"])
    before, form = everything(app), [tuple(pair) for pair in request.get("form", [])]

    if request["method"] == "GET":
        answer = client.get(path)
    else:
        answer = client.post(
            path,
            data=form if request["csrf"] == "valid" else MultiDict(form),
            token=request["csrf"] == "valid",
        )

    assert answer.status_code in case["expected"]["status"]
    assert everything(app) == before
