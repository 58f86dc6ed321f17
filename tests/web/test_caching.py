"""Who may keep an answer: anyone's page for seconds, a reader's own page never, assets for ever."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from werkzeug.test import Client

from poll_app.services.polls import NewPoll
from poll_app.web.front import Front
from tests.web.acts import fill, new_article, post, vote

PAGES = ["/", "/articles/an-article", "/polls/one", "/polls/one/results", "/polls/one/results.csv",
         "/api/v1/polls", "/api/v1/polls/one", "/api/v1/polls/one/results", "/api/v1/articles/an-article"]  # fmt: skip
READERS_PAGES = ["/articles/an-article", "/polls/one", "/polls/one/results"]
NOON = datetime(2030, 1, 1, 12, 0, 30, tzinfo=UTC)
FIGURES = ["/polls/one/results", "/polls/one/results.csv", "/api/v1/polls/one/results"]


@pytest.fixture(autouse=True)
def poll(app):
    return new_article(app, NewPoll("One?", options=("Yes", "No"), slug="one"))[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_everyone_may_be_kept_by_shared_caches_for_seconds(client, page):
    answer = client.get(page)

    assert re.fullmatch(r"public, max-age=0, s-maxage=\d{1,2}", answer.headers["Cache-Control"])
    for_caches = answer.headers["CDN-Cache-Control"]
    assert re.fullmatch(r"public, max-age=\d{1,2}, stale-while-revalidate=\d{2}", for_caches)
    assert answer.get_etag()[0]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("page", PAGES)
def test_who_has_the_page_gets_304_and_no_body(client, page):
    tag = client.get(page).headers["ETag"]

    answer = client.get(page, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("page", PAGES)
def test_a_tag_that_does_not_match_gets_the_page(client, page):
    answer = client.get(page, headers={"If-None-Match": '"another"'})

    assert answer.status_code == 200
    assert answer.data


@pytest.mark.parametrize("page", PAGES)
def test_head_is_get_without_the_body(client, page):
    got, asked = client.get(page), client.head(page)

    assert (asked.status_code, asked.data) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Type"):
        assert asked.headers[name] == got.headers[name]


@pytest.mark.parametrize("page", READERS_PAGES)
def test_the_page_of_a_reader_with_a_cookie_is_never_kept(client, poll, page):
    vote(client, poll, "Yes")

    answer = client.get(page)

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("page", READERS_PAGES)
def test_a_reader_with_a_cookie_is_never_told_that_nothing_changed(app, client, poll, page):
    tag = app.test_client().get(page).headers["ETag"]
    vote(client, poll, "Yes")

    assert client.get(page, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("page", FIGURES)
def test_the_tag_changes_when_a_vote_arrives_is_changed_or_withdrawn(app, client, poll, page):
    tags = [client.get(page).headers["ETag"]]
    reader = app.test_client()
    for act in (
        lambda: vote(reader, poll, "Yes"),
        lambda: vote(reader, poll, "No"),
        lambda: vote(app.test_client(), poll, "Yes"),
    ):
        act()
        tags.append(client.get(page).headers["ETag"])

    assert len(set(tags)) == len(tags)


def test_the_tag_of_the_results_page_changes_when_someone_looks(app, client):
    before = client.get("/polls/one/results").headers["ETag"]

    post(app.test_client(), "/polls/one/peek")

    assert client.get("/polls/one/results").headers["ETag"] != before


def test_the_tag_stays_while_nothing_changes(app, client, poll):
    fill(app, poll, Yes=2)

    tags = {client.get("/polls/one/results").headers["ETag"] for _ in range(3)}

    assert len(tags) == 1


def test_pages_without_figures_stay_the_same_when_a_vote_arrives(app, client, poll):
    before = [
        client.get(page).headers["ETag"] for page in ("/", "/articles/an-article", "/polls/one")
    ]

    fill(app, poll, Yes=1)

    assert [
        client.get(page).headers["ETag"] for page in ("/", "/articles/an-article", "/polls/one")
    ] == before


def test_the_answers_to_a_post_are_never_kept(client, poll):
    first = client.post("/polls/one/vote", data={"option": str(poll.options[0].id)})
    second = client.post(first.location, data={"option": str(poll.options[0].id)})
    refused = client.post("/polls/one/vote", data={})

    for answer in (first, second, refused):
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/none", "/api/v1/polls/none"])
def test_a_refusal_is_not_kept(client, page):
    assert client.get(page).headers["Cache-Control"] == "no-store"


def test_every_asset_of_a_page_may_be_kept_for_ever(client):
    page = client.get("/").get_data(as_text=True)
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)

    assert assets
    for asset in assets:
        answer = client.get(asset)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (
            200, "public, max-age=31536000, immutable",
        )  # fmt: skip
        assert re.search(r"\?v=[0-9a-f]{12}$", asset)


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_an_asset_under_another_hash_is_asked_for_again(client, query):
    answer = client.get(f"/static/css/base.css{query}")

    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]
    assert "no-cache" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("page", FIGURES)
def test_a_copy_of_figures_stands_until_they_change_or_the_minute_is_over(app, poll, page):
    asked = []

    def counting(environ, start):
        asked.append(environ["PATH_INFO"])
        return app(environ, start)

    seconds = iter(range(0, 10_000, 20))  # every copy is too old
    reader = Client(Front(counting, clock=lambda: next(seconds)), use_cookies=False)
    with time_machine.travel(NOON, tick=False):
        first = reader.get(page)
        again = reader.get(page)
        assert (again.text, len(asked)) == (first.text, 1)

        fill(app, poll, Yes=1)
        assert reader.get(page).headers["ETag"] != first.headers["ETag"]
        assert len(asked) == 2
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        reader.get(page)
        assert len(asked) == 3


def test_a_copy_of_figures_does_not_outlive_the_end_of_the_vote(app, new_poll):
    new_poll("Two?", slug="two", closes_at=NOON)
    seconds = iter(range(0, 10_000, 20))
    reader = Client(Front(app, clock=lambda: next(seconds)), use_cookies=False)
    said = []
    for before_s in (1, 0):
        with time_machine.travel(NOON - timedelta(seconds=before_s), tick=False):
            said.append(reader.get("/api/v1/polls/two/results").json["poll"]["status"])

    assert said == ["open", "closed"]
