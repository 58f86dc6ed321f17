"""What holds for all public data: who may read it, how lists go on, what a moved question answers."""

import pytest
from werkzeug.test import Client

from poll_app.services.polls import NewPoll
from poll_app.web.front import Front
from tests.web.acts import change, fill, new_article, vote

PUBLIC = ["/api/v1/polls", "/api/v1/polls/one", "/api/v1/polls/one/results", "/api/v1/polls/one/details",
          "/api/v1/articles/an-article", "/api/v1/articles/an-article/results", "/api/v1/ledger",
          "/api/v1/openapi.json", "/polls/one/results.csv", "/polls/one/results.svg", "/polls/one/question.png",
          "/polls/one/reasons.atom", "/feed.atom", "/oembed?url=http://127.0.0.1:8000/polls/one"]  # fmt: skip
ELSEWHERE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def poll(app):
    return new_article(app, NewPoll("One?", options=("Yes", "No"), slug="one"))[0]


def opened(answer):
    return {name: value for name, value in answer.headers if name.startswith("Access-Control-")}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_script_of_any_site_may_read_public_data_without_a_cookie(client, poll, path):
    answer = client.get(path, headers=ELSEWHERE)
    again = client.get(path, headers={**ELSEWHERE, "If-None-Match": answer.headers["ETag"]})

    assert (answer.status_code, again.status_code) == (200, 304)
    for one in (answer, again):
        assert opened(one) == {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
        }
        assert "Set-Cookie" not in one.headers


@pytest.mark.parametrize("path", ["/api/v1/none", "/api/v1/polls/none", "/api/v1/polls?limit=0"])
def test_a_script_may_read_why_there_is_no_answer(client, path):
    answer = client.get(path, headers=ELSEWHERE)

    assert answer.mimetype == "application/problem+json"
    assert opened(answer)["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/polls/one", "/polls/one/results", "/articles/an-article", "/api/docs", "/ledger/",
                                  "/embed/polls/one", "/healthz", "/editor/sign-in", "/static/css/base.css"])  # fmt: skip
def test_no_script_of_another_site_may_read_a_page(app, client, poll, path):
    vote(client, poll, "Yes")

    for browser in (client, app.test_client()):
        for method in ("GET", "HEAD"):
            assert opened(browser.open(path, method=method, headers=ELSEWHERE)) == {}
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET"}
    assert opened(client.options(path, headers=asked)) == {}


def test_no_script_may_read_the_answer_to_a_post(client, poll):
    for path in ("/polls/one/vote", "/api/v1/polls", "/polls/one/results.csv"):
        assert opened(client.post(path, data={}, headers=ELSEWHERE)) == {}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_browser_that_asks_first_may_send_a_tag_and_nothing_else(client, poll, path):
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip

    answer = client.options(path, headers=asked)

    assert (answer.status_code, answer.data) == (204, b"")
    assert opened(answer) == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": "86400",
    }


@pytest.mark.parametrize("method", [None, "POST", "DELETE"])
def test_any_other_question_about_methods_is_refused(client, poll, method):
    asked = {"Access-Control-Request-Method": method} if method else {}

    for path in PUBLIC:
        assert client.options(path, headers=asked).status_code == 405


def walk(client, address):
    """Every page from this one on."""
    while address:
        answer = client.get(address.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200
        address = answer.json["next"]
        link = f'<{address}>; rel="next"' if address else None
        assert answer.headers.get("Link") == link
        yield answer.json


def test_the_list_of_questions_goes_on_page_by_page(client, new_poll):
    for n in range(7):
        new_poll(slug=f"poll-{n}")
    whole = client.get("/api/v1/polls").json

    pages = list(walk(client, "/api/v1/polls?limit=3"))

    assert whole["next"] is None
    assert [len(page["polls"]) for page in pages] == [3, 3, 1]
    assert [poll for page in pages for poll in page["polls"]] == whole["polls"]


def test_questions_that_are_added_move_nothing_from_one_page_to_another(client, new_poll):
    for n in range(4):
        new_poll(slug=f"poll-{n}")
    pages = walk(client, "/api/v1/polls?limit=2")
    seen = [poll["slug"] for poll in next(pages)["polls"]]

    new_poll(slug="newer")
    seen += [poll["slug"] for page in pages for poll in page["polls"]]

    assert seen[:4] == ["poll-0", "poll-1", "poll-2", "poll-3"]


def test_without_a_limit_200_come_which_is_the_most(app, client, new_poll):
    new_article(app, *[NewPoll(f"Is it {n}?", options=("Yes", "No")) for n in range(201)])

    first, second = walk(client, "/api/v1/polls")

    assert (len(first["polls"]), len(second["polls"])) == (200, 1)


@pytest.mark.parametrize("path", ["/api/v1/polls", "/api/v1/ledger"])
@pytest.mark.parametrize(
    "limit", ["", "0", "-1", "201", "1.0", "1e1", "x", "٣", "01", "9" * 40, "1&limit=2"]
)
def test_a_limit_that_is_none_is_refused_in_a_sentence(client, path, limit):
    answer = client.get(f"{path}?limit={limit}")

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"] in {
        "The limit is a whole number from 1 to 200.",
        "Ask for “limit” once only.",
    }


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "%00", "☃", "MjAyNi0xMy0wMVQwMDowMDowMFogMQ==", "MjAyNi0wMS0wMVQwMDowMDowMFogMA==",
                                    "MjAyNi0wMS0wMVQwMDowMDowMFogMR==", "MjAyNi0wMS0wMVQwMDowMDowMFogMQ",
                                    "MjAyNi0wMS0wMVQwMDowMDowMFogMQ==&cursor=x", "a" * 1_000])  # fmt: skip
def test_a_cursor_that_is_none_of_ours_is_refused_in_a_sentence(client, cursor):
    answer = client.get(f"/api/v1/polls?cursor={cursor}")

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "cursor" in answer.json["detail"]


def test_the_ledger_goes_on_page_by_page(client, new_poll):
    for slug in ("one", "two", "three"):
        new_poll(slug=slug)
    whole = client.get("/api/v1/ledger").json["acts"]

    pages = list(walk(client, "/api/v1/ledger?limit=2"))

    assert [len(page["acts"]) for page in pages] == [2, 1]
    assert [act for page in pages for act in page["acts"]] == whole


def test_made_up_queries_fill_no_memory_of_the_front(app, new_poll):
    new_poll(slug="one")
    asked = []

    def counting(environ, start):
        asked.append(environ["QUERY_STRING"])
        return app(environ, start)

    front = Front(counting)
    reader = Client(front, use_cookies=False)
    for n in range(1, 30):
        assert reader.get(f"/api/v1/polls?limit={n}").status_code == 200
        assert reader.get(f"/api/v1/polls?made-up={n}").status_code == 200

    assert len(asked) == 58
    assert not front._pages
    assert not front._awaited


def test_the_results_of_an_article_are_the_results_of_its_questions(app, client, poll):
    fill(app, poll, Yes=2, No=1)

    told = client.get("/api/v1/articles/an-article/results").json

    assert told["article"]["slug"] == "an-article"
    one = client.get("/api/v1/polls/one/results").json
    assert [{**result, "as_of": 0} for result in told["results"]] == [{**one, "as_of": 0}]
    assert told["as_of"] == told["results"][0]["as_of"]


def test_a_moved_question_still_answers_what_was_asked_for(app, client, new_poll):
    old, new = new_poll(slug="old"), new_poll(slug="newer")
    change(
        app,
        "UPDATE polls SET replaced_by_id = :new, revision = 9 WHERE id = :old",
        new=new.id,
        old=old.id,
    )

    for end in ("?as_of=2026-01-01T00:00:00Z", ""):
        answer = client.get(f"/api/v1/polls/old/results{end}")
        assert (answer.status_code, answer.location) == (308, f"/api/v1/polls/newer/results{end}")


def test_a_year_of_one_digit_is_a_year(client, poll):
    answer = client.get("/api/v1/polls/one/results?as_of=0003-01-01T00:00:00Z")

    assert answer.json["as_of"] == "0003-01-01T00:00:00Z"
    table = client.get("/polls/one/results.csv?as_of=0003-01-01T00:00:00Z")
    assert "one-0003-01-01T00Z.csv" in table.headers["Content-Disposition"]
