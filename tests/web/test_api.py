"""The public JSON: the shapes of the contract, and what watching machines ask."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from poll_app.services.polls import NewPoll
from tests.web.acts import change, fill, new_article

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def poll(new_poll):
    return new_poll("Is it so?", options=("Yes", "No"), slug="is-it-so")


def shape(value):
    """The names and types of a JSON value; of a list, those of its elements."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return type(value)


POLL = {"slug": str, "url": str, "question": str, "method": str, "status": str,
        "opens_at": str, "closes_at": type(None), "wording_version": int, "simulated": bool}  # fmt: skip
NAMED = {"id": int, "label": str, "not_sure": bool}


def test_the_results_have_the_shape_of_the_contract_and_say_if_they_are_simulated(
    app, client, poll
):
    fill(app, poll, Yes=36, No=4)

    answer = client.get("/api/v1/polls/is-it-so/results")

    assert answer.mimetype == "application/json"
    assert shape(answer.get_json()) == {
        "poll": POLL, "as_of": str, "visible": bool, "ballots": int, "set_aside": int,
        "options": [{**NAMED, "votes": int, "percent": int, "percent_label": str}],
        "order": str, "sentence": str, "note": str, "tipping_ratio": float, "checksum": str,
        "peeks": int, "as_of_url": str, "details_url": str, "corrections": [], "reopenings": [],
        "outcome": type(None), "surveys": [], "earlier_wordings": [],
        "history": [{"at": str, "act": str, "reason": type(None)}],
    }  # fmt: skip


def test_the_results_say_what_was_counted(app, client, poll):
    fill(app, poll, Yes=36, No=4)

    data = client.get("/api/v1/polls/is-it-so/results").get_json()

    assert data["poll"]["url"] == "http://127.0.0.1:8000/polls/is-it-so"
    assert (data["poll"]["method"], data["poll"]["status"]) == ("single", "open")
    assert data["poll"]["opens_at"] == "2026-01-01T00:00:00Z"
    assert TIME.fullmatch(data["as_of"])
    assert (data["visible"], data["ballots"], data["set_aside"], data["order"]) == (
        True,
        40,
        0,
        "ahead",
    )
    assert data["options"][0]["votes"] == 36
    assert (data["options"][0]["percent"], data["options"][0]["percent_label"]) == (90, "90%")
    assert data["sentence"] == "Most of the 40 readers who voted said Yes (90%)."
    assert data["tipping_ratio"] == 9.0


def test_anyone_can_compute_the_checksum(app, client, poll):
    fill(app, poll, Yes=2, No=1)

    data = client.get("/api/v1/polls/is-it-so/results").get_json()

    figures = {
        **{name: data["poll"][name] for name in ("slug", "question", "wording_version", "method")},
        **{name: data[name] for name in ("ballots", "set_aside", "visible")},
        "options": [
            {name: option[name] for name in ("id", "label", "votes")} for option in data["options"]
        ],
    }
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert data["checksum"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def test_below_ten_ballots_percentages_are_null(app, client, poll):
    fill(app, poll, Yes=9)

    option = client.get("/api/v1/polls/is-it-so/results").get_json()["options"][0]

    assert (option["votes"], option["percent"], option["percent_label"]) == (9, None, None)


def test_from_how_many_ballots_on_is_a_setting(make_app, poll):
    app = make_app(POLL_PERCENT_FROM="2")
    fill(app, poll, Yes=2)

    option = app.test_client().get("/api/v1/polls/is-it-so/results").get_json()["options"][0]

    assert (option["percent"], option["percent_label"]) == (100, "100%")


def test_hidden_results_carry_the_number_of_ballots_and_no_votes(app, client, new_poll):
    poll = new_poll(slug="hidden", results_policy="after_close")
    fill(app, poll, Yes=3)

    data = client.get("/api/v1/polls/hidden/results").get_json()

    assert (data["visible"], data["ballots"], data["order"], data["tipping_ratio"]) == (
        False,
        3,
        "none",
        None,
    )
    assert shape(data["options"]) == [NAMED]


def test_a_poll_has_its_facts_and_options_and_no_figures(app, client, poll):
    fill(app, poll, Yes=3)

    data = client.get("/api/v1/polls/is-it-so").get_json()

    assert shape(data) == {**POLL, "min_choices": int, "max_choices": int, "results_policy": str,
                           "article": type(None), "options": [NAMED]}  # fmt: skip
    assert [(o["label"], o["not_sure"]) for o in data["options"]] == [
        ("Yes", False), ("No", False), ("Not sure", True),
    ]  # fmt: skip


def test_the_list_holds_every_poll_but_drafts_newest_opening_first(client, new_poll):
    new_poll(slug="old")
    new_poll(slug="later", opens_at=datetime.now(UTC) + timedelta(days=1))
    new_poll(
        slug="over",
        opens_at=datetime(2026, 2, 1, tzinfo=UTC),
        closes_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    new_poll(slug="draft", opens_at=None)

    polls = client.get("/api/v1/polls").get_json()["polls"]

    assert [(p["slug"], p["status"]) for p in polls] == [
        ("later", "scheduled"), ("over", "closed"), ("old", "open"),
    ]  # fmt: skip


def test_an_article_has_its_facts_and_polls(app, client):
    new_article(
        app,
        NewPoll("One?", options=("Yes", "No")),
        NewPoll("Two?", options=("Yes", "No")),
        source="Us",
    )

    data = client.get("/api/v1/articles/an-article").get_json()

    assert (data["slug"], data["title"], data["source"]) == ("an-article", "An article", "Us")
    assert data["url"] == "http://127.0.0.1:8000/articles/an-article"
    assert TIME.fullmatch(data["published_at"])
    assert [(poll["question"], poll["article"]) for poll in data["polls"]] == [
        ("One?", "an-article"), ("Two?", "an-article"),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["polls", "polls/is-it-so", "polls/is-it-so/results"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_is_read_only(client, poll, path, method):
    answer = client.open(f"/api/v1/{path}", method=method)

    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(("path", "status"), [("polls/none", 404), ("polls/none/results", 404),
                                              ("articles/none", 404), ("none", 404), ("articles/gone", 410)])  # fmt: skip
def test_a_refusal_is_a_problem_in_json(app, client, path, status):
    new_article(app, slug="gone")
    change(app, "UPDATE articles SET withdrawn_at = '2026-01-02 00:00:00'")

    answer = client.get(f"/api/v1/{path}")

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert shape(answer.get_json()) == {"type": str, "title": str, "status": int, "detail": str}
    assert answer.get_json()["status"] == status


def test_a_draft_is_not_known_of(client, new_poll):
    slug = new_poll(opens_at=None)

    for path in (slug, f"{slug}/results"):
        assert client.get(f"/api/v1/polls/{path}").status_code == 404


def test_a_machine_that_watches_learns_that_the_process_lives_and_is_ready(client):
    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.get_data(as_text=True)) == (200, "ok\n")
    assert (ready.status_code, ready.get_data(as_text=True)) == (200, "ready\n")
    assert {answer.headers["Cache-Control"] for answer in (alive, ready)} == {"no-store"}


def test_a_database_that_is_not_migrated_is_not_ready_but_the_process_lives(app, client):
    change(app, "DELETE FROM alembic_version")

    ready = client.get("/readyz")

    assert ready.status_code == 503
    assert int(ready.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200
