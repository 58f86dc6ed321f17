"""What no form of ours sends: each is refused by its own status, and nothing is stored or told."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from poll_app import create_app
from poll_app.database import db
from poll_app.services.polls import NewPoll, add_poll
from tests.conftest import settings_for
from tests.inspecting_client import InspectingClient
from tests.web.acts import OPENED, ballots, fields_of, rows
from tests.web.bad_inputs import (
    NOT_BUILT,
    OWN_CASES,
    SHARED,
    as_form,
    filled,
    is_of_desk,
    is_of_sign_in,
    shared_cases,
)
from tests.web.bad_senders import check, reader, run, send, token

POLLS = {
    "open": {"options": ("A", "B", "C")},
    "multi": {"options": ("A", "B", "C"), "method": "multiple", "max_choices": 2},
    "other": {"options": ("A", "B")},
    "closed": {"options": ("A", "B"), "closes_at": OPENED + timedelta(days=1)},
    "sched": {"options": ("A", "B"), "opens_at": datetime(2099, 1, 1, tzinfo=UTC)},
    "draft": {"options": ("A", "B"), "opens_at": None},
}


@pytest.fixture(scope="module")
def site(migrated_sqlite, tmp_path_factory):
    """One application with a poll in each state; its cases are told apart by what they change."""
    folder = tmp_path_factory.mktemp("bad inputs")
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    app = create_app(settings_for(folder))
    app.test_client_class = InspectingClient
    with app.app_context():
        for slug, given in POLLS.items():
            facts = dict(given)
            times = {
                "opens_at": facts.pop("opens_at", OPENED),
                "closes_at": facts.pop("closes_at", None),
            }
            add_poll(
                NewPoll(f"{slug}?", not_sure="Not sure", slug=slug, **facts),
                **times,
                now=datetime.now(UTC),
            )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def slots(site):
    """What {open}, {open.a} and so on stand for."""
    found = {slug: slug for slug in POLLS}
    options = rows(
        site, "SELECT p.slug, o.label, o.id FROM options o JOIN polls p ON p.id = o.poll_id"
    )
    return found | {f"{slug}.{label.lower()}": str(option) for slug, label, option in options}


@pytest.fixture(params=["browser", "text browser"])
def kind(request):
    """The two kinds of clients: one says where its post comes from, the other confirms."""
    return request.param


def named(cases):
    return [pytest.param(case, id=case["id"]) for case in cases]


def cases_of(*groups):
    """The shared cases of these groups, or one that is skipped where the file is absent."""
    if not SHARED.exists():
        return [
            pytest.param(
                None,
                marks=pytest.mark.skip(reason=f"no shared cases: {SHARED} is absent"),
                id="absent",
            )
        ]
    return named(
        case
        for case in shared_cases()
        if case["group"] in groups and not (is_of_sign_in(case) or is_of_desk(case))
    )


@pytest.mark.parametrize("case", named(OWN_CASES))
def test_our_own_cases(site, slots, case):
    kinds = ["browser", "text browser"] if "form" in case["request"] else ["browser"]
    for kind in kinds:
        run(site, slots, case, kind)


@pytest.mark.parametrize("case", cases_of("vote-form", "routing", "method", "query", "authz"))
def test_shared_cases_of_forms_and_pages(site, slots, kind, case):
    run(site, slots, case, kind)


@pytest.mark.parametrize("case", cases_of("vote-json", "state", "race"))
def test_shared_cases_of_ballots_in_json_are_no_form(site, slots, case):
    for step in case["request"].get("steps", [case["request"]]):
        if step.get("content_type") is None:
            continue
        for body in step.get("json_alt", [None]):
            request = filled({**step, "json": body} if body else step, slots)
            before = ballots(site)
            answer = send(reader(site, slots), request)
            check(site, answer, {"status": [415], "state": {"votes": 0}}, before)


@pytest.mark.parametrize("case", cases_of("vote-json", "state"))
def test_shared_cases_of_ballots_mean_the_same_in_our_form(site, slots, kind, case):
    request = filled(case["request"], slots)
    if "form" not in request:
        form = as_form(request)
        if form is None or request["content_type"] != "application/json":
            return  # a form can't say it
        request = {**request, "form": form, "content_type": None}
        request.pop("json", None)
        request.pop("body", None)
    statuses = {
        303 if status == 201 else 422 if status == 400 else status
        for status in case["expected"]["status"]
    }
    before = ballots(site)

    answer = send(reader(site, slots), request, kind)

    check(site, answer, {**case["expected"], "status": statuses}, before)


@pytest.mark.parametrize("case", cases_of("csrf"))
def test_shared_cases_of_tokens_and_origins(site, slots, case):
    request = filled(case["request"], slots)
    client = site.test_client() if request["as"] == "anon" else reader(site, slots)
    form = {"option": slots["open.a"]}
    if request["token"] != "missing":
        form["confirm"] = token(site, slots, client, request["token"])
    before = ballots(site)

    answer = client.post(
        "/polls/open/vote", data=form, headers=request.get("headers"), from_elsewhere=True
    )

    # Without a token our answer is the page that asks to confirm (docs: the contract).
    expected = {200} if request["token"] == "missing" else {403}
    check(site, answer, {**case["expected"], "status": expected}, before)
    if request["as"] == "reader" and "headers" not in request:
        assert fields_of(answer)["confirm"]


@pytest.mark.parametrize("which", ["expired", "future", "truncated", "tampered", "other_voter"])
def test_a_token_that_does_not_fit_stores_nothing(site, slots, which):
    client, before = reader(site, slots), ballots(site)
    form = {"option": slots["open.a"], "confirm": token(site, slots, client, which)}

    answer = client.post("/polls/open/vote", data=form, from_elsewhere=True)

    check(site, answer, {"status": [403], "state": {"votes": 0}}, before)


@pytest.mark.parametrize("order", ["valid first", "valid last", "valid twice"])
def test_two_tokens_are_none(site, slots, order):
    client, before = reader(site, slots), ballots(site)
    genuine = token(site, slots, client, "valid")
    pair = {
        "valid first": [genuine, "x"],
        "valid last": ["x", genuine],
        "valid twice": [genuine] * 2,
    }[order]

    answer = client.post(
        "/polls/open/vote", data={"option": slots["open.a"], "confirm": pair}, from_elsewhere=True
    )

    check(site, answer, {"status": [403], "state": {"votes": 0}}, before)


@pytest.mark.parametrize("answers", ["AAAAAAAA", "ABCABCABC", "AA"])
def test_posts_of_one_reader_at_the_same_moment_are_one_ballot(site, slots, answers):
    cookie, before = reader(site, slots).get_cookie("voter"), ballots(site)

    def cast(letter):
        data = {"option": slots[f"open.{letter.lower()}"]}
        headers = {"Cookie": f"voter={cookie.value}"}
        return site.test_client(use_cookies=False).post(
            "/polls/open/vote", data=data, headers=headers
        )

    with ThreadPoolExecutor(len(answers)) as threads:
        statuses = {answer.status_code for answer in threads.map(cast, answers)}

    assert statuses == {303}
    assert ballots(site) == before + 1


@pytest.mark.parametrize("case", cases_of("race"))
def test_shared_cases_of_steps_end_where_they_should(site, slots, kind, case):
    if "steps" not in case["request"]:
        return  # the cases at one moment are run above
    client, before = reader(site, slots), ballots(site)

    for step in filled(case["request"]["steps"], slots):
        step["form"] = [["option", value] for _, value in step["form"]]
        answer = send(client, step, kind)

    check(site, answer, case["expected"], before)


@pytest.mark.parametrize("cookie", ["forged.signature", "A" * 22, "A" * 22 + "." + "A" * 27])
def test_a_made_up_voter_gets_a_genuine_cookie_and_no_ballot(site, slots, kind, cookie):
    client, before = site.test_client(), ballots(site)
    client.set_cookie("voter", cookie)
    client.get("/polls/open")

    answer = client.post(
        "/polls/open/vote", data={"option": slots["open.a"]}, from_elsewhere=kind == "text browser"
    )

    check(site, answer, {"status": [200, 307], "state": {"votes": 0}}, before)
    assert client.get_cookie("voter").value != cookie


def test_what_is_not_built_is_not_there(site):
    paths = {"comments": "/api/v1/polls/open/comments", "embed allow list": "/editor/polls/open/embed-allow",
             "public log": "/log/entries"}  # fmt: skip

    assert {
        name: site.test_client().get(paths[name]).status_code for name in NOT_BUILT
    } == dict.fromkeys(NOT_BUILT, 404)
