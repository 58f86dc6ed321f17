"""What a reader is told when something can't be: the right status, a sentence, never an inside."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from poll_app import create_app
from poll_app.database import db
from tests.conftest import settings_for
from tests.web.acts import (
    ballots,
    change,
    checked_options,
    element,
    ids_of,
    new_article,
    post,
    title,
    vote,
    words,
)

INSIDE = re.compile(
    r"Traceback|[Ss][Qq][Ll]ite|SELECT |INSERT |UPDATE |psycopg|/work/|/tmp/|site-packages|\.py\b|poll_app\.| at 0x"
)


@pytest.fixture
def poll(new_poll):
    return new_poll(options=("Yes", "No"), slug="one")


@pytest.fixture
def several(new_poll):
    return new_poll(
        options=("A", "B", "C", "D"),
        method="multiple",
        min_choices=2,
        max_choices=3,
        slug="several",
    )


def is_discreet(answer):
    """Whether the answer tells nothing of how the program is built."""
    return not INSIDE.search(answer.get_data(as_text=True))


def test_no_answer_chosen_shows_the_form_again_with_what_is_wrong(app, client, poll):
    answer = client.post("/polls/one/vote", data={})

    assert answer.status_code == 422
    assert title(answer).startswith("Error: Is this a question?")
    summary = element(answer, role="alert")
    assert "autofocus" in summary.attrib
    assert words(answer).count("Select an answer.") == 2
    assert ballots(app) == 0


def test_the_summary_leads_to_the_first_answer_and_the_error_stands_beside_it(client, poll):
    answer = client.post("/polls/one/vote", data={})

    html = answer.get_data(as_text=True)
    first = re.search(r'<input type="radio" name="option" id="([^"]+)"', html).group(1)
    assert element(answer, href=f"#{first}") is not None
    assert "one-error" in re.search(r'<fieldset aria-describedby="([^"]+)"', html).group(1)


@pytest.mark.parametrize(("labels", "problem"), [
    (["A"], "Select at least 2 answers."),
    (["A", "B", "C", "D"], "Select at most 3 answers."),
    (["A", "Not sure"], "“Not sure” can’t be combined with another answer."),
])  # fmt: skip
def test_what_was_chosen_is_kept(app, client, several, labels, problem):
    answer = vote(client, several, *labels)

    assert answer.status_code == 422
    assert problem in words(answer)
    assert checked_options(answer) == set(ids_of(several, *labels))
    assert ballots(app) == 0


def test_a_refused_change_leaves_the_ballot_as_it_was(app, client, poll):
    vote(client, poll, "Yes")

    answer = client.post("/polls/one/vote", data={"option": ids_of(poll, "Yes", "No")})

    assert answer.status_code == 422
    assert "Select one answer only." in words(answer)
    assert "Your answer counts: Yes." in words(client.get("/polls/one/results"))
    assert ballots(app) == 1


@pytest.mark.parametrize("act", ["vote", "withdraw", "peek"])
def test_a_poll_that_is_over_says_since_when(app, client, new_poll, act):
    poll = new_poll(slug="over", closes_at=datetime(2026, 2, 3, 4, 5, tzinfo=UTC))

    answer = post(client, f"/polls/over/{act}", {"option": ids_of(poll, "Yes")})

    assert answer.status_code == 409
    assert "Voting closed on 3 February 2026, 04:05 UTC." in words(answer)
    assert ballots(app) == 0


@pytest.mark.parametrize("act", ["vote", "withdraw", "peek"])
def test_a_poll_that_opens_later_says_when(app, client, new_poll, act):
    opens_at = datetime.now(UTC) + timedelta(days=400)
    poll = new_poll(slug="later", opens_at=opens_at)

    answer = post(client, f"/polls/later/{act}", {"option": ids_of(poll, "Yes")})

    assert answer.status_code == 409
    assert f"Voting opens on {opens_at:%-d %B %Y, %H:%M} UTC." in words(answer)
    assert ballots(app) == 0


@pytest.mark.parametrize("act", ["vote", "withdraw", "peek"])
def test_a_draft_and_an_unknown_poll_take_nothing(app, client, new_poll, act):
    slug = new_poll(opens_at=None)

    for unknown in (slug, "none"):
        assert post(client, f"/polls/{unknown}/{act}", {"option": "1"}).status_code == 404


@pytest.mark.parametrize(("path", "allowed"), [
    ("/polls/one", "GET, HEAD"), ("/polls/one/results", "GET, HEAD"), ("/", "GET, HEAD"), ("/healthz", "GET, HEAD"),
])  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_a_page_is_only_read(client, poll, path, allowed, method):
    answer = client.open(path, method=method)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("act", ["vote", "withdraw", "peek"])
@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"]
)
def test_an_act_is_only_posted(client, poll, act, method):
    answer = client.open(f"/polls/one/{act}", method=method)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_too_many_votes_from_one_network_are_asked_to_come_back(make_app, poll):
    app = make_app(POLL_VOTE_LIMIT="1 per minute")
    vote(app.test_client(), poll, "Yes")

    answer = vote(app.test_client(), poll, "No")

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 120  # two windows at most: counts slide
    assert "Nothing was counted." in words(answer)
    assert ballots(app) == 1


def test_while_the_database_is_away_pages_ask_to_try_again_and_nothing_is_half_done(
    app, client, poll
):
    vote(client, poll, "Yes")
    change(app, "ALTER TABLE choices RENAME TO elsewhere")

    answers = [
        client.get("/polls/one"),
        vote(client, poll, "No"),
        vote(app.test_client(), poll, "No"),
        client.post("/polls/one/withdraw"),
    ]
    change(app, "ALTER TABLE elsewhere RENAME TO choices")

    for answer in answers:
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert is_discreet(answer)
    assert ballots(app) == 1
    assert "Your answer counts: Yes." in words(client.get("/polls/one/results"))


def test_a_database_file_that_is_no_database_takes_nothing_down(tmp_path):
    (tmp_path / "garbage.sqlite").write_bytes(b"this is no database at all" * 400)
    app = create_app(
        settings_for(tmp_path, POLL_DATABASE_URL=f"sqlite:///{tmp_path}/garbage.sqlite")
    )
    client = app.test_client()

    for path in ("/", "/polls/one", "/api/v1/polls", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert is_discreet(answer)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "path", ["polls/%00", "polls/a%00b/results", "articles/%00", "polls/%ed%a0%80", "polls/%ff"]
)
def test_a_name_that_a_database_cant_hold_is_not_found(database_url, tmp_path, path):
    app = create_app(settings_for(tmp_path, POLL_DATABASE_URL=database_url))

    answer = app.test_client().get(f"/api/v1/{path}")

    with app.app_context():
        db.engine.dispose()
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "kind"), [("/fault", "text/html"), ("/api/v1/fault", "application/problem+json")]
)
def test_a_fault_is_a_page_that_says_so_and_nothing_of_the_inside(app, path, kind):
    app.add_url_rule(path, "fault", lambda: {}["a secret name"])

    answer = app.test_client().get(path)

    assert (answer.status_code, answer.mimetype) == (500, kind)
    assert "Something went wrong" in answer.get_data(as_text=True)
    assert "a secret name" not in answer.get_data(as_text=True)
    assert is_discreet(answer)


def test_a_refused_post_leads_back_to_its_question(client, poll):
    answer = client.post(
        "/polls/one/vote", data={"option": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert element(answer, class_="button").get("href") == "/polls/one"


@pytest.mark.parametrize("path", ["/none", "/polls/none", "/articles/gone"])
def test_a_page_that_is_not_there_leads_to_all_questions(app, client, path):
    new_article(app, slug="gone")
    change(app, "UPDATE articles SET withdrawn_at = '2026-01-02 00:00:00'")

    assert element(client.get(path), class_="button").get("href") == "/"


@pytest.mark.parametrize(
    "path", ["/none", "/%3Cscript%3Ealert(1)%3C/script%3E", "/polls/%3Cb%3E", "/api/v1/<b>"]
)
def test_an_error_repeats_nothing_of_the_address(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert is_discreet(answer)
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "<b>" not in answer.get_data(as_text=True)
