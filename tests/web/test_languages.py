"""Every word of a page can be translated: with a catalogue that marks each text, none is unmarked.

All data of these tests is in Georgian letters, dates are in Cyrillic ones, so that a Latin letter
outside the marks is a text that no translator was ever given.
"""

import re
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
import time_machine

from poll_app import create_app
from poll_app.database import db
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.conftest import settings_for
from tests.guards.catalogue import marked
from tests.inspecting_client import InspectingClient
from tests.web.acts import OPENED, change, ids_of, new_article, post, vote

LOCALE = "uk"
A, B, C, D, UNSURE = "ა ბ", "გ დ", "ე ვ", "ზ თ", "ი კ"
HOUR = timedelta(hours=1)

_H = "{http://www.w3.org/1999/xhtml}"
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# What is the same in every language: addresses, formats, the zone of a time.
_SAME = re.compile(r"\bhttps?://\S+|\b(?:CSV|JSON|SVG|PNG|UTC)\b")
_SAID = ("title", "aria-label", "aria-description", "alt", "placeholder", "label")


@pytest.fixture(scope="module")
def translations(tmp_path_factory):
    return marked(tmp_path_factory.mktemp("catalogue"), LOCALE)


@pytest.fixture
def make_app(translations, sqlite_url, tmp_path):
    apps = []

    def make(**changes):
        values = {
            "POLL_LOCALE": LOCALE,
            "POLL_SITE_NAME": "მკითხველები",
            "POLL_DATABASE_URL": sqlite_url,
            **changes,
        }
        app = create_app(settings_for(tmp_path, **values), translations=translations)
        app.test_client_class = InspectingClient
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def make_poll(app):
    """Makes polls whose words are all data."""
    made = []

    def make(options=(A, B, C), *, opens_at=OPENED, closes_at=None, **details):
        now = datetime.now(UTC)
        made.append(None)
        new = NewPoll(
            f"კითხვა {len(made)}?",
            options=options,
            not_sure=UNSURE,
            slug=f"poll-{len(made)}",
            **details,
        )
        with app.app_context():
            return get_poll(add_poll(new, opens_at=opens_at, closes_at=closes_at, now=now), now=now)

    return make


def texts_of(answer):
    """Everything that a page says to anybody: its words, titles, labels, descriptions."""
    page = html5lib.parse(answer.get_data(as_text=True))
    yield page.find(f".//{_H}title").text
    yield "".join(_words_of(page.find(f".//{_H}body")))
    for node in page.iter():
        yield from (node.get(name) or "" for name in _SAID)
        if node.tag == f"{_H}meta" and node.get("name") == "description":
            yield node.get("content")


def _words_of(node):
    """In the order of the page; what is typed as it stands is no text."""
    if isinstance(node.tag, str) and node.tag not in {f"{_H}script", f"{_H}style", f"{_H}code"}:
        yield node.text or ""
        for child in node:
            yield from _words_of(child)
            yield child.tail or ""


def unmarked(text):
    """What of a text is neither between marks nor the same in every language."""
    while (shorter := _MARKED.sub(" ", text)) != text:
        text = shorter
    return re.findall(r"[A-Za-z⟦⟧][A-Za-z⟦⟧ ,.']*", _SAME.sub("", text))


def all_is_translated(answer, *statuses):
    """Whether the page has words, and all of them are a translator's or data."""
    assert answer.status_code in (statuses or (200,))
    texts = list(texts_of(answer))
    assert any("⟦" in text for text in texts)
    assert [found for text in texts for found in unmarked(text)] == []
    return True


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("⟦Yes⟧ ა 5 %", []),
        ("⟦0:Of ⟦x⟧ and y⟧", []),
        ("⟦Yes⟧ no", ["no"]),
        ("half ⟦", ["half ⟦"]),
        ("CSV", []),
    ],
)
def test_the_search_finds_what_was_forgotten(text, found):
    assert unmarked(text) == found


def test_the_home_page_without_and_with_questions(app, client, make_poll):
    assert all_is_translated(client.get("/"))

    now = datetime.now(UTC)
    make_poll()
    make_poll(closes_at=now + HOUR)
    make_poll(opens_at=now + HOUR)
    make_poll(opens_at=now - 2 * HOUR, closes_at=now - HOUR)
    new_article(app, NewPoll("რატომ?", options=(A, B)), title="სათაური")

    assert all_is_translated(client.get("/"))


@pytest.mark.parametrize(
    "details", [{}, {"standfirst": A, "source": B, "body": C, "discussion_prompt": D}]
)
def test_an_article(app, client, details):
    polls = (
        NewPoll("რატომ?", options=(A, B), not_sure=UNSURE),
        NewPoll("როდის?", options=(A, B, C), method="multiple"),
    )
    (first, _) = new_article(app, *polls, title="სათაური", slug="article", **details)
    assert all_is_translated(client.get("/articles/article"))

    vote(client, first, A)

    assert all_is_translated(client.get("/articles/article"))
    assert all_is_translated(client.get(f"/polls/{first.slug}"))
    assert all_is_translated(client.get(f"/polls/{first.slug}/results"))


@pytest.mark.parametrize("policy", ["always", "after_vote", "after_close"])
@pytest.mark.parametrize(
    "method",
    [{}, {"method": "multiple"}, {"method": "multiple", "min_choices": 2, "max_choices": 2}],
)
def test_a_question_before_and_after_the_vote_its_withdrawal_and_its_end(
    app, client, make_poll, method, policy
):
    poll = make_poll(results_policy=policy, closes_at=datetime.now(UTC) + HOUR, **method)
    labels = (A, B) if method else (A,)
    pages = (f"/polls/{poll.slug}", f"/polls/{poll.slug}/results")
    assert all(all_is_translated(client.get(page)) for page in pages)

    assert vote(client, poll, *labels).status_code == 303
    assert all(all_is_translated(client.get(page)) for page in pages)

    assert post(client, f"/polls/{poll.slug}/withdraw").status_code == 303
    assert all(all_is_translated(client.get(page)) for page in pages)

    vote(client, poll, *labels)
    change(
        app,
        "UPDATE polls SET closes_at = :now, revision = revision + 1",
        now="2026-01-02 00:00:00.000000",
    )
    assert all(all_is_translated(client.get(page)) for page in pages)
    assert all_is_translated(vote(client, poll, *labels), 409)


def test_the_frames_for_other_sites(app, client):
    asked = NewPoll("კითხვა?", options=(A, B, C), not_sure=UNSURE, slug="framed")
    new_article(app, asked, title="სათაური", slug="around")
    poll = "/embed/polls/framed"
    frames = (
        poll,
        f"{poll}/results?from=article",
        f"{poll}/change?from=article",
        "/embed/articles/around",
    )
    ballot = {"option": client.get("/api/v1/polls/framed").json["options"][0]["id"]}
    assert all(all_is_translated(client.get(frame)) for frame in frames)
    assert all_is_translated(client.post(f"{poll}/vote", data={}), 422)
    assert all_is_translated(client.post(f"{poll}/vote?again=1", data=ballot), 403)
    assert all_is_translated(client.post(f"{poll}/vote", data=ballot, from_elsewhere=True))

    assert post(client, f"{poll}/vote", ballot).status_code == 303
    assert all(all_is_translated(client.get(frame)) for frame in frames)
    assert all_is_translated(client.get("/embed/polls/unknown"), 404)


def test_a_question_that_opens_later(client, make_poll):
    poll = make_poll(opens_at=datetime.now(UTC) + HOUR)

    assert all_is_translated(client.get(f"/polls/{poll.slug}"))
    assert all_is_translated(client.get(f"/polls/{poll.slug}/results"))
    assert all_is_translated(client.post(f"/polls/{poll.slug}/vote", data={}), 409)


@pytest.mark.parametrize(
    "votes",
    [
        (0, 0, 0),
        (1, 0, 0),
        (3, 2, 1),
        (6, 2, 2),
        (5, 5, 0),
        (6, 5, 0),
        (4, 3, 3),
        (30, 2, 1),
        (999, 301, 7),
    ],
)
@pytest.mark.parametrize("closed", [False, True])
def test_every_kind_of_result(app, client, make_poll, votes, closed):
    poll = make_poll(options=(A, B))
    for option, count in zip(poll.options, votes, strict=True):
        change(app, "UPDATE tallies SET votes = :n WHERE option_id = :id", n=count, id=option.id)
    change(
        app,
        "UPDATE turnouts SET ballots = :n, peeks = :peeks, version = 9",
        n=sum(votes),
        peeks=votes[0],
    )
    if closed:
        change(
            app,
            "UPDATE polls SET closes_at = '2026-01-02 00:00:00.000000', revision = revision + 1",
        )

    assert all_is_translated(client.get(f"/polls/{poll.slug}/results"))
    data = client.get(f"/api/v1/polls/{poll.slug}/results").json
    assert unmarked(data["sentence"]) == unmarked(data["note"]) == []
    assert "⟦" in client.get(f"/polls/{poll.slug}/results.csv").get_data(as_text=True)


def test_every_refusal_of_an_answer(client, make_poll):
    one = make_poll()
    several = make_poll(options=(A, B, C, D), method="multiple", min_choices=2, max_choices=3)
    for poll, sent in (
        (one, []),
        (one, ids_of(one, A, B)),
        (one, ids_of(several, A)),
        (one, ["x"]),
        (one, ids_of(one, A, A)),
        (several, ids_of(several, A)),
        (several, ids_of(several, A, B, C, D)),
        (several, ids_of(several, A, UNSURE)),
    ):
        assert all_is_translated(
            client.post(f"/polls/{poll.slug}/vote", data={"option": sent}), 422
        )
    damaged = {"option": ids_of(one, A), "order": "1.2.x"}
    assert all_is_translated(client.post(f"/polls/{one.slug}/vote", data=damaged), 400)


def test_every_page_that_says_no(app, client, make_poll):
    poll = make_poll()
    address, ballot = f"/polls/{poll.slug}/vote", {"option": ids_of(poll, A)}
    hidden = make_poll(results_policy="after_vote")
    new_article(app, title="სათაური", slug="gone")
    change(app, "UPDATE articles SET withdrawn_at = published_at, revision = revision + 1")
    answers = [
        client.get("/nowhere"),
        client.get("/polls/unknown"),
        client.get("/articles/unknown"),
        client.get("/articles/gone"),
        client.put("/"),
        client.get("/?" + "x" * 5000),
        client.post(address, data={"option": "1" * 70_000}),
        client.post(address, data="{}", content_type="application/json"),
        client.post(address, data=ballot, headers={"Sec-Fetch-Site": "cross-site"}),
        client.post(f"{address}?again=1", data=ballot),
        client.post(address, data=ballot, from_elsewhere=True),
        client.post(address, data=ballot | {"confirm": "x"}, from_elsewhere=True),
        post(client, f"/polls/{poll.slug}/withdraw"),
        post(client, f"/polls/{hidden.slug}/peek"),
    ]
    assert [answer.status_code for answer in answers] == [
        404, 404, 404, 410, 405, 414, 413, 415, 403, 403, 200, 403, 404, 422,
    ]  # fmt: skip
    assert all(all_is_translated(answer, answer.status_code) for answer in answers)


def test_a_vote_too_many(make_app, make_poll):
    poll = make_poll()
    with time_machine.travel(datetime.now(UTC).replace(second=5)):  # not astride of two windows
        for rate in ("1 per minute", "1 per hour"):
            app = make_app(POLL_VOTE_LIMIT=rate)
            vote(app.test_client(), poll, A)
            assert all_is_translated(vote(app.test_client(), poll, A), 429)


def test_a_site_whose_database_is_away(make_app, tmp_path):
    app = make_app(POLL_DATABASE_URL=f"sqlite:///{tmp_path}/no/such/place.sqlite")

    assert all_is_translated(app.test_client().get("/"), 503)
    assert unmarked(app.test_client().get("/api/v1/polls").json["detail"]) == []


def test_the_problems_of_the_api(client):
    problem = client.get("/api/v1/polls/unknown").json

    assert problem["title"].startswith("⟦")
    assert problem["detail"].startswith("⟦")


@pytest.mark.parametrize(
    ("ballots", "form"),
    [(1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (21, 0), (22, 1), (100, 2), (1001, 0)],
)
def test_numbers_take_the_plural_form_of_the_language(app, client, make_poll, ballots, form):
    poll = make_poll(options=(A, B))
    change(
        app, "UPDATE tallies SET votes = :n WHERE option_id = :id", n=ballots, id=poll.options[0].id
    )
    change(app, "UPDATE turnouts SET ballots = :n, peeks = :n, version = 9", n=ballots)

    page = client.get(f"/polls/{poll.slug}/results").get_data(as_text=True)

    shown = f"{ballots:,}".replace(",", "\N{NO-BREAK SPACE}")
    assert f"⟦{form}:Reader vote. {shown} readers chose to answer" in page
    assert f"⟦{form}:{shown} browsers looked at the results" in page
    body = page.partition("<body")[2]  # the head tells of answers that nobody gave, too
    assert set(re.findall(r"⟦(\d):", body)) == {str(form)}


def test_a_page_says_in_which_language_it_is(app, client):
    new_article(app, title="سؤال", slug="article", language="ar")

    assert '<html lang="uk" dir="ltr">' in client.get("/").get_data(as_text=True)
    # There is no catalogue for Arabic: the page stays the site's, the text says its own language.
    page = client.get("/articles/article").get_data(as_text=True)
    assert '<html lang="uk" dir="ltr">' in page
    assert re.search(r'<h1[^>]* lang="ar"', page)
