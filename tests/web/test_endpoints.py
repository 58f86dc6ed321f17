"""Every endpoint, who may open it, and what each of them gets: a new one without a row fails."""

from datetime import UTC, datetime

import pytest

from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.sample import load_sample

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANYBODY = "anybody"

# endpoint: an address of it, who may open it, and the answers to GET and to POST of a reader
# without a cookie. A refused method says which ones are allowed.
ENDPOINTS = {
    "static": ("/static/icon.svg", ANYBODY, 200, 405),
    "reader.home": ("/", ANYBODY, 200, 405),
    "reader.article": ("/articles/what-lies-ahead", ANYBODY, 200, 405),
    "reader.poll": ("/polls/nato-troops", ANYBODY, 200, 405),
    "reader.vote": ("/polls/nato-troops/vote", ANYBODY, 405, 307),
    "reader.withdraw": ("/polls/nato-troops/withdraw", ANYBODY, 405, 307),
    "reader.peek_at_results": ("/polls/nato-troops/peek", ANYBODY, 405, 307),
    "results.results": ("/polls/nato-troops/results", ANYBODY, 200, 405),
    "results.results_csv": ("/polls/nato-troops/results.csv", ANYBODY, 200, 405),
    "api.polls": ("/api/v1/polls", ANYBODY, 200, 405),
    "api.poll": ("/api/v1/polls/nato-troops", ANYBODY, 200, 405),
    "api.results": ("/api/v1/polls/nato-troops/results", ANYBODY, 200, 405),
    "api.article": ("/api/v1/articles/what-lies-ahead", ANYBODY, 200, 405),
    "health.healthz": ("/healthz", ANYBODY, 200, 405),
    "health.readyz": ("/readyz", ANYBODY, 200, 405),
}


@pytest.fixture
def site(app):
    """The sample article and a draft."""
    with app.app_context():
        load_sample(now=NOW)
        add_poll(NewPoll("Secret?", options=("Yes", "No"), slug="draft"), opens_at=None, now=NOW)
    return app


@pytest.fixture
def yes(site):
    """What a ballot for the first option sends."""
    options = site.test_client().get("/api/v1/polls/nato-troops").json["options"]
    return {"option": str(options[0]["id"])}


def test_every_endpoint_is_listed_with_who_may_open_it(app):
    assert set(app.view_functions) == set(ENDPOINTS)
    assert {who for _, who, _, _ in ENDPOINTS.values()} == {ANYBODY}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_address_leads_to_its_endpoint(app, endpoint):
    path, _, get, _ = ENDPOINTS[endpoint]
    method = "POST" if get == 405 else "GET"

    assert app.url_map.bind("localhost").match(path, method=method)[0] == endpoint


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_reader_without_a_cookie_gets_what_the_table_says(site, yes, endpoint):
    path, _, get, post = ENDPOINTS[endpoint]
    client = site.test_client(use_cookies=False)

    fetched, posted = client.get(path), client.post(path, data=yes)

    assert (fetched.status_code, posted.status_code) == (get, post)
    for answer in (fetched, posted):
        if answer.status_code == 405:
            assert answer.headers["Allow"]
        assert "Set-Cookie" not in answer.headers or answer.status_code == 307


@pytest.mark.parametrize("endpoint", [name for name, row in ENDPOINTS.items() if row[2] == 200])
def test_looking_at_the_head_says_what_looking_at_the_page_says(site, endpoint):
    path = ENDPOINTS[endpoint][0]
    client = site.test_client()

    page, head = client.get(path), client.head(path)

    assert (head.status_code, head.data) == (page.status_code, b"")
    assert head.headers["Content-Type"] == page.headers["Content-Type"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_does_anything(site, yes, method):
    client = site.test_client()
    statuses = {
        endpoint: client.open(path, method=method, data=yes).status_code
        for endpoint, (path, *_) in ENDPOINTS.items()
    }

    # Flask answers OPTIONS for its own static files, which does no harm.
    harmless = {"static"} if method == "OPTIONS" else set()
    assert {name for name, status in statuses.items() if status != 405} == harmless


@pytest.mark.parametrize(
    "endpoint", [name for name, row in ENDPOINTS.items() if "nato-troops" in row[0]]
)
@pytest.mark.parametrize(
    "slug", ["draft", "unknown", "NATO-troops", "nato-troops%00", "nato-troops%0a", "%ff"]
)
def test_drafts_and_unknown_polls_are_not_there_for_anybody(site, yes, endpoint, slug):
    path, _, get, _ = ENDPOINTS[endpoint]
    client = site.test_client()

    answer = client.open(
        path.replace("nato-troops", slug), method="POST" if get == 405 else "GET", data=yes
    )

    assert answer.status_code == 404
    assert "Secret?" not in answer.get_data(as_text=True)


def test_drafts_are_in_no_list(site):
    client = site.test_client()

    for path in ("/", "/api/v1/polls"):
        assert "Secret?" not in client.get(path).get_data(as_text=True)
