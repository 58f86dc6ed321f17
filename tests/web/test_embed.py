"""Frames for other sites: who may show them, what they hold, that they stay frames and stay light."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from poll_app import create_app
from poll_app.database import db
from poll_app.services.polls import NewPoll
from poll_app.web.front import Front
from tests.conftest import settings_for
from tests.guards.catalogue import marked
from tests.inspecting_client import InspectingClient
from tests.web.acts import (
    OPENED,
    ballots,
    change,
    checked_options,
    element,
    fields_of,
    fill,
    ids_of,
    new_article,
    post,
    rows,
    title,
    vote,
    words,
)

HTTPS = {"POLL_PUBLIC_URL": "https://polls.example.org"}
BASE = "https://polls.example.org"
STATIC = Path(__file__).parent.parent.parent / "static"
FRAME = "/embed/polls/one"


@pytest.fixture(autouse=True)
def poll(app):
    return new_article(
        app, NewPoll("One?", options=("Yes", "No"), slug="one"),
        NewPoll("Two?", options=("A", "B"), slug="two"),
    )[0]  # fmt: skip


def framed(client, poll, *labels, query="", **kwargs):
    """Votes from the frame as a browser does."""
    data = {"option": ids_of(poll, *labels)}
    return post(client, f"/embed/polls/{poll.slug}/vote{query}", data, **kwargs)


def ancestors(answer):
    return re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])[1]


# Who may show what in a frame

EMBEDS = [FRAME, f"{FRAME}/results", f"{FRAME}/change", "/embed/articles/an-article", "/embed/polls/none",
          "/embed/none", f"{FRAME}/vote", f"{FRAME}?x=" + "x" * 3_000]  # fmt: skip
OTHERS = ["/", "/polls/one", "/polls/one/results", "/polls/one/results.csv", "/articles/an-article", "/embed",
          "/embed.js", "/embeds/polls/one", "/static/js/frame.js", "/api/v1/polls/one", "/none", "/healthz",
          "/editor/sign-in"]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "policy"),
    [
        ({}, "*"),
        ({"POLL_EMBED_ORIGINS": "any"}, "*"),
        (
            {"POLL_EMBED_ORIGINS": "https://www.paper.example, http://127.0.0.1:8001"},
            "https://www.paper.example http://127.0.0.1:8001",
        ),
    ],
)
def test_the_sites_that_are_named_may_frame_what_is_meant_for_it(make_app, given, policy):
    client = make_app(**given).test_client()

    for path in EMBEDS:
        answer = client.get(path)
        assert ancestors(answer) == policy, path
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_else_may_be_framed(client, path):
    answer = client.get(path)

    assert ancestors(answer) == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    expected = "cross-origin" if path == "/embed.js" else "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == expected


# What a frame sets in a browser


def test_over_https_the_cookie_of_a_frame_is_bound_to_the_site_around_it(make_app, poll):
    answer = make_app(**HTTPS).test_client().post(
        f"{FRAME}/vote", data={"option": ids_of(poll, "Yes")}, base_url=BASE
    )  # fmt: skip

    cookie = answer.headers["Set-Cookie"]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert (answer.status_code, cookie.startswith("__Host-voter=")) == (307, True)
    assert parts == {
        "Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned", "Max-Age=15552000",
        next(part for part in parts if part.startswith("Expires=")),
    }  # fmt: skip


@pytest.mark.parametrize("settings", [{}, HTTPS], ids=["http", "https"])
@pytest.mark.parametrize("path", ["/polls/one/vote", f"{FRAME}/vote"])
def test_everywhere_else_the_cookie_stays_on_our_own_site(make_app, poll, settings, path):
    if settings and path.startswith("/embed/"):
        return
    answer = make_app(**settings).test_client().post(path, data={"option": ids_of(poll, "Yes")})

    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "Partitioned" not in answer.headers["Set-Cookie"]
    assert ("Secure" in answer.headers["Set-Cookie"]) == bool(settings)


@pytest.mark.parametrize("path", [FRAME, f"{FRAME}/results", f"{FRAME}/change", "/embed/articles/an-article", "/embed.js"])  # fmt: skip
def test_looking_sets_no_cookie_and_may_be_kept_by_shared_caches(client, path):
    answer = client.get(path)

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("public, ")
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


# What a reader does in a frame


def test_a_reader_votes_changes_withdraws_and_stays_in_the_frame(app, client, poll):
    voted = framed(client, poll, "Yes")
    seen = client.get(voted.location)
    to_change = client.get(f"{FRAME}/change")
    changed = framed(client, poll, "No")
    told = words(client.get(changed.location))
    own = client.get(FRAME)
    withdrawn = post(client, f"{FRAME}/withdraw")
    question = client.get(withdrawn.location)

    assert [voted.status_code, changed.status_code, withdrawn.status_code] == [303] * 3
    assert voted.location == f"{FRAME}/results#your-answer"
    assert changed.location == f"{FRAME}/results?changed=one#your-answer"
    assert "Your answer was changed. Now this one counts: No." in told
    assert "Thank you. Your answer counts: Yes. Change or withdraw it" in words(seen)
    assert checked_options(to_change) == set(ids_of(poll, "Yes"))
    assert "Your answer counts: No." in words(own)
    assert withdrawn.location == f"{FRAME}#withdrawn"
    assert "You withdrew your answer." in words(question)
    assert ballots(app) == 0
    assert rows(app, "SELECT count(*) FROM past_answers") == [(2,)]


def test_the_frame_counts_like_the_page(app, client, poll):
    form = client.get(FRAME)
    data = {"option": ids_of(poll, "Yes"), **fields_of(form)}

    assert post(client, f"{FRAME}/vote", data).status_code == 303
    assert vote(client, poll, "No").status_code == 303  # the same browser, on our own page
    assert ballots(app) == 1


def test_looking_without_voting_is_counted_and_shows_the_result_in_the_frame(app, client):
    answer = post(client, f"{FRAME}/peek")

    assert (answer.status_code, answer.location) == (303, f"{FRAME}/results")
    assert rows(app, "SELECT count(*) FROM peeks") == [(1,)]
    assert "Vote on this question" in words(client.get(answer.location))


def test_a_refused_vote_shows_the_form_again_in_the_frame(client):
    answer = client.post(f"{FRAME}/vote?theme=dark", data={})

    assert (answer.status_code, title(answer).startswith("Error: ")) == (422, True)
    assert element(answer, action=f"{FRAME}/vote?theme=dark") is not None
    assert element(answer, class_="masthead") is None


def test_a_browser_that_keeps_no_cookie_is_led_to_the_page_of_the_question(app, poll):
    answer = framed(app.test_client(use_cookies=False), poll, "Yes")
    way = element(answer, class_="button")

    assert answer.status_code == 403
    assert title(answer).startswith("Your answer was not counted")
    assert (way.get("href"), way.get("target"), way.get("rel")) == (
        "/polls/one",
        "_blank",
        "noopener",
    )
    assert ballots(app) == 0


def test_a_client_that_does_not_say_where_it_comes_from_confirms_in_the_frame(app, poll):
    client = app.test_client()
    data = {"option": ids_of(poll, "Yes")}
    address = f"{FRAME}/vote?theme=dark"
    asked = client.post(address, data=data, from_elsewhere=True)
    fields = fields_of(asked, action=address)

    answer = client.post(address, data=fields, from_elsewhere=True)

    assert asked.status_code == 200
    assert element(asked, class_="masthead") is None
    assert (answer.status_code, answer.location) == (303, f"{FRAME}/results?theme=dark#your-answer")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                                     {"Origin": "null"}, {"Origin": "https://www.paper.example"}])  # fmt: skip
def test_the_page_around_a_frame_can_not_vote_itself(app, poll, headers):
    answer = app.test_client().post(
        f"{FRAME}/vote", data={"option": ids_of(poll, "Yes")}, headers=headers, from_elsewhere=True
    )

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_too_many_votes_are_told_in_the_frame(make_app, poll):
    app = make_app(POLL_VOTE_LIMIT="1 per hour")
    framed(app.test_client(), poll, "Yes")

    answer = framed(app.test_client(), poll, "Yes")

    assert answer.status_code == 429
    assert element(answer, class_="button").get("href") == FRAME


# An article's questions in one frame


def test_an_answer_stands_in_place_of_its_form_in_the_frame_of_the_article(client, poll):
    page = client.get("/embed/articles/an-article")
    address = next(f for f in re.findall(r'action="([^"]+)"', page.text) if "/one/vote" in f)
    answer = post(client, address, {"option": ids_of(poll, "Yes")})
    after = client.get(answer.location)

    assert address == f"{FRAME}/vote?from=article"
    assert answer.location == "/embed/articles/an-article#one-answer"
    assert element(after, id="one-answer").tag.endswith("}p")
    assert element(after, action=address) is None
    assert element(after, action="/embed/polls/two/vote?from=article") is not None
    back = client.get(f"{FRAME}/change?from=article")
    assert element(back, href="/embed/articles/an-article") is not None


def test_who_withdraws_in_the_frame_of_the_article_is_back_there(client, poll):
    framed(client, poll, "Yes", query="?from=article")

    answer = post(client, f"{FRAME}/withdraw?from=article")

    assert answer.location == "/embed/articles/an-article#one-withdrawn"
    assert element(client.get(answer.location), id="one-withdrawn") is not None


def test_a_look_at_one_result_leads_back_to_the_article(client):
    answer = post(client, f"{FRAME}/peek?from=article")

    assert answer.location == f"{FRAME}/results?from=article"
    assert element(client.get(answer.location), href="/embed/articles/an-article") is not None


def test_a_question_without_an_article_stays_by_itself(client, new_poll):
    lone = new_poll(slug="lone")

    assert framed(client, lone, "Yes", query="?from=article").location.startswith(
        "/embed/polls/lone/"
    )


@pytest.mark.parametrize(
    ("column", "status"), [("withdrawn_at", 410), ("published_at", 404)]
)  # fmt: skip
def test_an_article_that_is_not_public_is_not_framed(app, client, column, status):
    value = "'2026-01-01 00:00:00'" if column == "withdrawn_at" else "NULL"
    change(app, f"UPDATE articles SET {column} = {value}")

    assert client.get("/embed/articles/an-article").status_code == status
    assert "An article" not in client.get(FRAME).text


# What a frame shows


def test_a_result_says_what_the_page_says(app, client, poll):
    fill(app, poll, Yes=8, No=3)
    page, frame = client.get("/polls/one/results"), client.get(f"{FRAME}/results")

    for said in ("Reader vote. 11 readers chose to answer.", "readers who voted", "73%", "27%"):
        assert said in words(page)
        assert said in words(frame)
    table = r"<table.+?</table>"
    assert re.search(table, frame.text, re.DOTALL)[0] == re.search(table, page.text, re.DOTALL)[0]
    way = element(frame, href="/polls/one/results", target="_blank")
    assert way.get("rel") == "noopener"


@pytest.mark.parametrize("policy", ["after_vote", "after_close"])
def test_what_is_hidden_on_the_page_is_hidden_in_the_frame(app, client, new_poll, policy):
    hidden = new_poll(slug="hidden", results_policy=policy)
    fill(app, hidden, Yes=12)

    frame = client.get("/embed/polls/hidden/results")
    framed(client, hidden, "No")
    after = client.get("/embed/polls/hidden")

    assert "<table" not in frame.text
    assert ("<table" in after.text) == (policy == "after_vote")
    assert post(app.test_client(), "/embed/polls/hidden/peek").status_code == 422


def test_a_question_that_is_over_shows_its_result(app, client, new_poll):
    over = new_poll(slug="over", closes_at=OPENED + timedelta(days=1))

    assert "Reader vote." in words(client.get(f"/embed/polls/{over.slug}"))
    assert "Voting closed on" in words(client.get(f"/embed/polls/{over.slug}/change"))
    assert framed(client, over, "Yes").status_code == 409


def test_a_question_that_is_not_open_yet_says_when(client, new_poll):
    new_poll(slug="later", opens_at=datetime(2099, 1, 1, tzinfo=UTC))

    assert "Voting opens on" in words(client.get("/embed/polls/later"))


def test_made_up_ballots_are_named_as_such(app, client):
    change(app, "UPDATE polls SET simulated = true, revision = revision + 1")

    for path in (FRAME, f"{FRAME}/results", "/embed/articles/an-article"):
        assert "Simulated" in words(client.get(path))


@pytest.mark.parametrize("path", [FRAME, f"{FRAME}/results", "/embed/articles/an-article"])
def test_every_way_out_of_a_frame_opens_a_new_tab(client, path):
    page = client.get(path)

    for link in re.findall(r"<a [^>]+>", page.text):
        outside = not re.search(r'href="(/embed/|#)', link)
        assert ('target="_blank" rel="noopener"' in link) == outside, link
    assert re.search(r'rel="canonical" href="http://127.0.0.1:8000/(polls|articles)/', page.text)
    assert 'name="robots" content="noindex"' in page.text


# What the address of a frame asks for


def sheets(page):
    return re.findall(r'dark\.css[^>]+media="([^"]+)"', page.text)


@pytest.mark.parametrize(
    ("theme", "scheme", "dark"),
    [
        ("auto", "light dark", ["(prefers-color-scheme: dark)"]),
        ("light", "light", []),
        ("dark", "dark", ["screen"]),
        ("pink", "light dark", ["(prefers-color-scheme: dark)"]),
        ('"><script>', "light dark", ["(prefers-color-scheme: dark)"]),
    ],
)
def test_the_address_chooses_the_theme(client, theme, scheme, dark):
    page = client.get(FRAME, query_string={"theme": theme})

    assert element(page, name="color-scheme").get("content") == scheme
    assert sheets(page) == dark


@pytest.fixture
def client_with_german(tmp_path, sqlite_url):
    """A browser on a site that has a German catalogue, in which every text is marked ⟦so⟧."""
    settings = settings_for(tmp_path, POLL_DATABASE_URL=sqlite_url)
    app = create_app(settings, translations=marked(tmp_path, "de"))
    app.test_client_class = InspectingClient
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_the_address_chooses_among_the_languages_there_are(client_with_german, poll):
    client = client_with_german
    german, english = client.get(f"{FRAME}?lang=de"), client.get(f"{FRAME}?lang=en")
    unknown = client.get(f"{FRAME}?lang=fr")

    assert ("⟦Vote⟧" in words(german), "⟦" in words(english)) == (True, False)
    assert '<html lang="de"' in german.text
    assert '<html lang="en"' in unknown.text
    answer = framed(client, poll, "Yes", query="?lang=de&theme=dark")
    assert answer.location == f"{FRAME}/results?theme=dark&lang=de#your-answer"
    assert "⟦" in words(client.get(answer.location))
    assert "⟦" in words(client.post(f"{FRAME}/vote?lang=de", data={}))


def test_what_the_address_asks_for_is_kept_through_the_cookie_and_the_vote(client, poll):
    address = f"{FRAME}/vote?theme=dark&from=article&x=1"
    first = client.post(address, data={"option": ids_of(poll, "Yes")})
    second = client.post(first.location, data={"option": ids_of(poll, "Yes")})

    assert first.location == f"{FRAME}/vote?theme=dark&from=article&again=1"
    assert second.location == "/embed/articles/an-article?theme=dark#one-answer"


@pytest.mark.parametrize("query", ["?theme=dark", "?lang=en&theme=light", "?utm_source=x", ""])
def test_a_known_address_is_kept_for_everybody(client, query):
    assert client.get(FRAME + query).headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    "query", ["?theme=pink", "?lang=xx", "?theme=dark&theme=dark", "?from=you"]
)
def test_an_address_that_was_made_up_fills_no_cache(client, query):
    assert client.get(FRAME + query).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("query", ["", "?theme=dark", "?theme=dark&lang=en"])
def test_the_front_keeps_frames_as_it_keeps_pages(app, query):
    asked = []

    def counting(environ, start):
        asked.append(environ["PATH_INFO"])
        return app(environ, start)

    front = Client(Front(counting, clock=lambda: 0.0))
    pages = {front.get(f"{FRAME}/results{query}").data for _ in range(3)}

    assert (len(pages), len(asked)) == (1, 1)


def test_the_front_keeps_no_frame_that_was_made_up(app):
    front = Front(app, clock=lambda: 0.0)
    for n in range(5):
        Client(front).get(f"{FRAME}?theme={'x' * (n + 2)}")
        Client(front).get(f"{FRAME}?y={n}")

    assert len(front._pages) == 0


# Weight


@pytest.mark.parametrize("path", [FRAME, f"{FRAME}/results", "/embed/polls/nine", "/embed/polls/nine/results"])  # fmt: skip
def test_a_frame_with_all_that_it_loads_has_less_than_20_kb(app, client, new_poll, poll, path):
    labels = tuple(f"{n}. An answer of the length that many have" for n in range(1, 10))
    nine = new_poll(slug="nine", options=labels)
    for n in range(12):
        vote(app.test_client(), nine, labels[n % 9])
    fill(app, poll, Yes=7, No=5)

    page = client.get(path)
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]+)"', page.text)
    sizes = {name: len(client.get(name).data) for name in loaded}

    assert len(loaded) == 6
    assert len(page.data) + sum(sizes.values()) < 20_000, (len(page.data), sizes)


def test_the_frame_of_five_questions_has_less_than_20_kb(app, client):
    questions = [
        NewPoll(f"Is the question number {n} a good one?", options=("Yes", "No"), not_sure="Not sure", slug=f"good-{n}")
        for n in range(5)
    ]  # fmt: skip
    new_article(app, *questions, slug="five")

    page = client.get("/embed/articles/five")
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]+)"', page.text)
    sizes = [len(client.get(name).data) for name in loaded]

    assert words(page).count("Not sure") == 5
    assert len(page.data) + sum(sizes) < 20_000, (len(page.data), sum(sizes))


def test_the_scripts_are_tiny(client):
    loader = client.get("/embed.js")

    assert loader.mimetype == "text/javascript"
    assert len(loader.data) <= 1_024
    assert (STATIC / "js/frame.js").stat().st_size <= 512
    assert "max-age=3600" in loader.headers["Cache-Control"]
