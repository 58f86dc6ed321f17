"""Placements: a signed place in an address goes with the ballot, a wrong one does no harm."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from poll_app.database import db, writing
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.models import Article, PlacementTally
from poll_app.services.articles import put_article
from poll_app.services.desk.placements import add_placement
from poll_app.services.placements import list_placements
from poll_app.services.polls import NewPoll, add_poll
from poll_app.web.copies import key_of
from poll_app.web.placements import token_for
from tests.web.acts import fields_of, post

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def site(app):
    """An article with two questions, and two places."""
    with app.app_context():
        with writing() as session:
            put_article(session, Article(title="Piece"), slug="piece", publish=True, now=NOW)
        for slug in ("one", "two"):
            new = NewPoll(f"Question {slug}?", options=("Yes", "No"), slug=slug)
            add_poll(new, article_slug="piece", opens_at=NOW, now=NOW)
        for name in ("Home page", "Newsletter"):
            add_placement(name, by=COMMAND_LINE, now=NOW)
    return app


@pytest.fixture
def newsletter(site):
    """The number of a place."""
    with site.app_context():
        return next(one.id for one in list_placements() if one.name == "Newsletter")


def token(site, kind, slug, place):
    with site.app_context():
        return token_for(kind, slug, place)


def counted(site):
    with site.app_context():
        rows = db.session.scalars(select(PlacementTally))
        return {(row.poll_id, row.placement_id): row.ballots for row in rows}


def answer(client, path, **more):
    options = client.get("/api/v1/polls/one").json["options"]
    return post(client, path, {"option": str(options[0]["id"]), **more})


def test_the_place_of_a_link_goes_with_the_ballot(site, newsletter):
    at = token(site, "poll", "one", newsletter)
    client = site.test_client()

    page = client.get(f"/polls/one?at={at}")
    assert f'name="at" value="{at}"' in page.get_data(as_text=True)
    answer(client, "/polls/one/vote", at=at)

    assert counted(site) == {(1, newsletter): 1}


def test_the_place_of_an_article_goes_with_each_of_its_questions(site, newsletter):
    at = token(site, "article", "piece", newsletter)

    page = site.test_client().get(f"/articles/piece?at={at}").get_data(as_text=True)

    for slug in ("one", "two"):
        own = token(site, "poll", slug, newsletter)
        assert page.count(f'name="at" value="{own}"') == 1


def test_a_form_that_is_refused_keeps_its_place(site, newsletter):
    at = token(site, "poll", "one", newsletter)
    client = site.test_client()

    refused = client.post("/polls/one/vote", data={"at": at})

    assert refused.status_code == 422
    assert f'name="at" value="{at}"' in refused.get_data(as_text=True)


def test_a_client_that_has_to_confirm_keeps_its_place(site, newsletter):
    at = token(site, "poll", "one", newsletter)
    client = site.test_client()
    option = client.get("/api/v1/polls/one").json["options"][0]["id"]

    data = {"option": str(option), "at": at}
    asked = client.post("/polls/one/vote", data=data, from_elsewhere=True)
    client.post("/polls/one/vote", data=fields_of(asked), from_elsewhere=True)

    assert counted(site) == {(1, newsletter): 1}


@pytest.mark.parametrize("framed", ["/embed/polls/one", "/embed/articles/piece"])
def test_a_frame_keeps_its_place_through_a_vote(site, newsletter, framed):
    kind, slug = ("poll", "one") if "polls" in framed else ("article", "piece")
    at = token(site, kind, slug, newsletter)
    own = token(site, "poll", "one", newsletter)
    client = site.test_client()

    page = client.get(f"{framed}?at={at}&theme=dark").get_data(as_text=True)
    assert f'name="at" value="{own}"' in page
    assert f"at={own}" in page  # in the address of the form
    after = answer(client, f"/embed/polls/one/vote?at={own}", at=own)

    assert f"at={own}" in after.location
    assert counted(site) == {(1, newsletter): 1}


def test_from_a_question_back_to_its_article_the_place_stays(site, newsletter):
    at = token(site, "poll", "one", newsletter)

    page = site.test_client().get(f"/embed/polls/one?from=article&at={at}").get_data(as_text=True)

    assert f"at={token(site, 'article', 'piece', newsletter)}" in page


FORGED = ["", "1", "1-", "1-aaaaaaaaaaaa", "0-aaaaaaaaaaaa", "999999999-aaaaaaaaaaaa", "x" * 500,
          "١-aaaaaaaaaaaa", "1-aaaaaaaaaaaa\n", "%00", "1-aaaaaaaaaaa%"]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_place_is_ignored(site, forged):
    client = site.test_client()

    for path in ("/polls/one", "/articles/piece", "/embed/polls/one", "/embed/articles/piece"):
        page = client.get(path, query_string={"at": forged})
        assert page.status_code == 200
        assert 'name="at"' not in page.get_data(as_text=True)
        assert "no-store" in page.headers["Cache-Control"]
    assert answer(client, "/polls/one/vote", at=forged).status_code == 303
    assert counted(site) == {}
    assert client.get("/api/v1/polls/one/results").json["ballots"] == 1


def test_a_place_of_another_page_or_another_installation_is_ignored(site, make_app, newsletter):
    other = token(make_app(POLL_SECRET_KEY="o" * 40), "poll", "one", newsletter)
    wrong = [token(site, "poll", "two", newsletter), token(site, "article", "one", newsletter)]

    for at in [other, *wrong]:
        page = site.test_client().get(f"/polls/one?at={at}")
        assert 'name="at"' not in page.get_data(as_text=True)


def test_a_place_given_twice_is_ignored(site, newsletter):
    at = token(site, "poll", "one", newsletter)

    page = site.test_client().get(f"/polls/one?at={at}&at={at}")

    assert 'name="at"' not in page.get_data(as_text=True)
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/polls/one", "/embed/polls/one"])
def test_caches_may_keep_the_page_of_a_place_that_there_is(site, newsletter, path):
    at = token(site, "poll", "one", newsletter)
    client = site.test_client(use_cookies=False)

    plain, placed = client.get(path), client.get(f"{path}?at={at}")

    assert "s-maxage" in placed.headers["Cache-Control"]
    assert placed.headers["ETag"] != plain.headers["ETag"]
    assert key_of({"PATH_INFO": path, "QUERY_STRING": f"at={at}"}) == (path, f"at={at}")


def test_a_reader_with_a_cookie_gets_a_page_of_their_own(site, newsletter):
    client = site.test_client()
    answer(client, "/polls/one/vote")

    page = client.get(f"/polls/one?at={token(site, 'poll', 'one', newsletter)}")

    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/polls/one", "at=1-short"),
        ("/polls/one", "at=1-aaaaaaaaaaaa&x=1"),
        ("/polls/one", "theme=dark&at=1-aaaaaaaaaaaa"),
        ("/", "at=1-aaaaaaaaaaaa"),
        ("/api/v1/polls/one", "at=1-aaaaaaaaaaaa"),
        ("/polls/one/results", "at=1-aaaaaaaaaaaa"),
        ("/polls/one/reasons", "at=1-aaaaaaaaaaaa"),
        ("/polls/one/results.csv", "at=1-aaaaaaaaaaaa"),
        ("/articles/piece/results", "at=1-aaaaaaaaaaaa"),
        ("/embed/polls/one", "&".join(["at=1-aaaaaaaaaaaa"] * 5)),
    ],
)
def test_other_addresses_have_no_room_in_memory(path, query):
    assert key_of({"PATH_INFO": path, "QUERY_STRING": query}) is None
