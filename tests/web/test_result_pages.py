"""What a results page says beyond the bars, its address as of an hour, and the results of an article."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast, Peek
from poll_app.services.desk.placements import add_placement
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.desk_client import signed_in_client
from tests.web.acts import change, element, fill, new_article, text_of, vote, words

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
LATER = NOON + 20 * DAY


@pytest.fixture
def poll(app):
    """A poll that opened on 22 November at noon, seen from twenty days later."""
    with time_machine.travel(LATER, tick=False):
        yield added(app, "Is it so?")


def added(app, question):
    """A poll that opened at noon."""
    with app.app_context():
        new = NewPoll(question, options=("Yes", "No"), not_sure="Not sure")
        return get_poll(add_poll(new, opens_at=NOON, now=NOON), now=NOON)


@pytest.fixture
def cast(app, poll):
    """Casts the ballots of these readers for the option at this place."""

    def cast(numbers, place, at=NOON, *, position=None, peeked=False):
        keys = [Voter(f"reader {n}", "secret").key_in(poll.voter_salt) for n in numbers]
        option = (poll.options[place].id,)
        acts = [Cast(poll.id, key, at, option, (position,)) for key in keys]
        if peeked:
            acts = [*(Peek(poll.id, key, at) for key in keys), *acts]
        with app.app_context():
            app.extensions["ballot_box"].submit_all(acts)

    return cast


@pytest.fixture
def rich(cast):
    """Enough ballots of every kind for all parts."""
    for day in range(9):
        cast(range(day * 20, day * 20 + 20), day % 2, NOON + day * DAY, position=1 + day % 2)
    cast(range(300, 360), 0, NOON + 9 * DAY, position=1, peeked=True)
    cast(range(500, 600), 1, NOON + 9 * DAY + 3 * HOUR)
    cast(range(20), 1, NOON + 10 * DAY)


def page_of(client, query=""):
    return client.get(f"/polls/is-it-so/results{query}")


def test_a_small_poll_says_what_is_not_shown_and_why(client, poll, cast):
    cast(range(7), 0, LATER)

    text = words(page_of(client))

    assert "Not shown, and why" in text
    assert "Changes of mind: once 10 readers have changed their answer." in text
    assert "once 50 readers voted after looking and 50 without" in text
    assert "once it is known for 50 answers where each option stood" in text
    assert "Unusual hours: no hour stood out" in text
    assert "clean" not in text.lower().replace("cleans", "")
    assert element(page_of(client), id="changes") is None


def test_on_its_first_day_a_poll_has_no_course(app, client):
    with time_machine.travel(NOON + HOUR, tick=False):
        fill(app, added(app, "Or?"), Yes=3)

        assert "Ballots over time: from the second day on." in words(
            client.get("/polls/or/results")
        )


def test_without_a_ballot_there_are_no_details(client, poll):
    page = page_of(client)

    assert "Not shown" not in words(page)
    assert "Over time" not in words(page)


def test_a_large_poll_shows_every_part_in_order(client, poll, rich):
    page = page_of(client)
    text = words(page)

    order = ["Over time", "Changes of mind", "Did the page itself play a part?", "Unusual hours",
             "About this vote", "Cite this result"]  # fmt: skip
    assert [text.index(heading) for heading in order] == sorted(map(text.index, order))
    assert "A line that moves does not show that anyone changed their mind" in text
    assert "20 readers who had answered went on to answer again." in text
    assert "More of them moved to No (20) than away from it (0)." in text
    assert "Had looked (60)" in text
    assert "Of 220 answers whose place on the list is known" in text
    assert "Nothing was taken away for it." in text
    assert text.count("once two places, such as the article and a newsletter, hold 50") == 1
    assert "60 browsers looked at the results before voting or without" in text


def test_each_drawing_is_repeated_by_a_table(client, poll, rich):
    page = page_of(client)

    assert "22 Nov 2026</span> <span>12 Dec 2026" in page.text  # apart without styles, too
    drawings = re.findall(r"<svg[^>]*>", page.text)
    assert len(drawings) == 3 + 1 + 3  # bars, columns, strips
    assert all('aria-hidden="true"' in d or "over_time__strip" in d for d in drawings)
    table = element(page, class_="wide_table")
    rows = [[text_of(cell) for cell in row] for row in table.iter() if row.tag.endswith("}tr")]
    assert rows[0] == ["Day", "New ballots", "Ballots in seven days", "Yes", "No", "Not sure"]
    assert rows[1] == ["22 Nov 2026", "20", "20", "–", "–", "–"]
    assert rows[3] == ["24 Nov 2026", "20", "60", "67%", "33%", "0%"]
    assert len(rows) == 1 + 21


def test_hidden_figures_have_no_details(app, client, poll, rich):
    change(app, "UPDATE polls SET results_policy = 'after_close', revision = revision + 1")

    text = words(page_of(client))
    details = client.get("/api/v1/polls/is-it-so/details").json

    assert "%" not in text
    assert not {"Over time", "Changes of mind", "Cite this result"} & set(text.split("  "))
    assert "Over time" not in text
    assert "Cite" not in text
    assert set(details.values()) == {None}
    assert "Over time" not in words(page_of(client, "?as_of=2026-12-10T00:00:00Z"))


def test_the_details_as_json_are_those_of_the_page(client, poll, rich):
    details = client.get("/api/v1/polls/is-it-so/details").json

    assert details["ballots"] == 340
    assert [step["ballots"] for step in details["over_time"]][:10] == [20] * 9 + [160]
    assert details["over_time"][2]["percents"][0]["percent_label"] == "67%"
    assert details["over_time"][0]["percents"] is None
    assert (details["changes_of_mind"]["readers"], details["changes_of_mind"]["kept"]) == (20, 0)
    assert details["looked_before"]["had_looked"]["ballots"] == 60
    assert (details["first_place"]["answers"], details["first_place"]["options"]) == (220, 2)
    assert [hour["ballots"] for hour in details["unusual_hours"]] == [60, 100]
    assert client.get("/api/v1/polls/is-it-so/details").headers["ETag"]


def test_places_are_told_on_every_page_once_two_of_them_hold_enough(app, client, poll):
    with app.app_context():
        for name in ("Newsletter", "Home page"):
            add_placement(name, by=COMMAND_LINE, now=NOON)
        option = (poll.options[0].id,)
        acts = [
            Cast(poll.id, b"%016d" % n, LATER, option, (None,), (1, 2, None)[n // 50])
            for n in range(103)
        ]
        app.extensions["ballot_box"].submit_all(acts)

    text = words(page_of(client))
    details = client.get("/api/v1/polls/is-it-so/details").json

    for line in ("Home page50", "Newsletter50", "Elsewhere, or not known3"):
        assert line in text
    assert details["places"] == {
        "places": [{"name": "Home page", "ballots": 50}, {"name": "Newsletter", "ballots": 50}],
        "others": 3,
    }
    assert "Home page 50, Newsletter 50; elsewhere, or not known: 3." in words(
        signed_in_client(app, "editor").get("/editor/polls/is-it-so")
    )


def test_an_empty_poll_has_no_details_as_json(client, poll):
    assert client.get("/api/v1/polls/is-it-so/details").json["over_time"] is None


def test_page_json_and_table_as_of_an_hour_agree_and_stay(app, client, poll, rich, cast):
    query = "?as_of=2026-11-28T00:00:00Z"
    paths = [f"/polls/is-it-so/results{query}", f"/polls/is-it-so/results.csv{query}",
             f"/api/v1/polls/is-it-so/results{query}"]  # fmt: skip
    first = [client.get(path).data for path in paths]
    cast(range(20), 2, LATER)
    vote(app.test_client(), poll, "Yes")

    page, table, data = [client.get(path) for path in paths]

    assert [page.data, table.data, data.data] == first
    assert data.json["ballots"] == 120
    assert data.json["as_of"] == "2026-11-28T00:00:00Z"
    assert data.json["as_of_url"].endswith(
        "/api/v1/polls/is-it-so/results?as_of=2026-11-28T00:00:00Z"
    )
    assert data.json["peeks"] is None
    assert "120 readers chose to answer" in words(page)
    assert data.json["checksum"] in page.text
    assert "These figures stood on 28 November 2026, 00:00 UTC" in words(page)
    assert element(page, rel="canonical").get("href").endswith(query)
    assert table.text.count(",120,2026-11-28T00:00:00Z,") == 3
    for answer in (page, table, data):
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        again = client.get(
            answer.request.full_path, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304


def test_who_has_voted_is_given_the_same_page_as_everybody(app, client, poll, rich):
    with time_machine.travel(LATER, tick=False):
        other = page_of(app.test_client(), "?as_of=2026-12-01T00:00:00Z")
        vote(client, poll, "No")

        assert page_of(client, "?as_of=2026-12-01T00:00:00Z").data == other.data


@pytest.mark.parametrize("path", ["/polls/{}/results", "/polls/{}/results.csv", "/api/v1/polls/{}/results"])  # fmt: skip
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("as_of=2026-11-22T13:30:00%2B00:00", 200), ("as_of=2026-11-22T13:30:00+00:00", 200),
        ("as_of=1999-01-01T00:00:00Z", 200), ("as_of=2026-12-12T12:00:00Z", 422),
        ("as_of=2099-01-01T00:00:00Z", 422), ("as_of=", 400), ("as_of=yesterday", 400),
        ("as_of=2026-11-22", 400), ("as_of=2026-11-22T13:00:00Z&as_of=2026-11-22T14:00:00Z", 400),
        ("as_of=%00", 400), ("as_of=%ff", 400), ("as_of=" + "9" * 2000, 400),
    ],
)  # fmt: skip
def test_a_moment_is_told_refused_or_not_understood(client, poll, path, query, status):
    answer = client.get(f"{path.format('is-it-so')}?{query}")

    assert answer.status_code == status
    if status != 200:
        assert answer.headers["Cache-Control"] == "no-store"
    if status != 200 and not path.startswith("/api/"):
        assert text_of(element(answer, href="/polls/is-it-so/results")) == "See the current results"


def test_an_unknown_poll_has_no_past_either(client):
    assert client.get("/polls/none/results?as_of=2026-11-22T13:30:00Z").status_code == 404


def test_the_box_to_cite_holds_sentence_note_address_and_checksum(client, poll, rich):
    box = element(page_of(client), class_="cite")
    cited = text_of(box)
    data = client.get("/api/v1/polls/is-it-so/results").json
    earlier = client.get(data["as_of_url"].removeprefix("http://127.0.0.1:8000")).json

    assert data["as_of_url"].endswith("?as_of=2026-12-12T11:00:00Z")
    for part in (earlier["sentence"], earlier["note"], earlier["checksum"]):
        assert part in cited
    assert cited.startswith("As of 12 December 2026, 11:00 UTC. ")  # other figures stand above
    assert not box.findall(".//*[@class='unprinted']")
    assert "http://127.0.0.1:8000/polls/is-it-so/results?as_of=2026-12-12T11:00:00Z" in cited


def test_within_its_first_hour_a_result_says_when_it_can_be_cited(app, client):
    with time_machine.travel(NOON + 30 * MINUTE, tick=False):
        added(app, "Or?")

        assert "can be cited from 22 November 2026, 13:01 UTC on" in words(
            client.get("/polls/or/results")
        )
        assert client.get("/api/v1/polls/or/results").json["as_of_url"] is None


def test_the_results_of_an_article_stand_on_one_page(app, client):
    one, two, *_ = new_article(
        app,
        NewPoll("One?", options=("Yes", "No")),
        NewPoll("Two?", options=("Yes", "No"), results_policy="after_vote"),
    )
    fill(app, one, Yes=12)
    fill(app, two, No=3)

    page = client.get("/articles/an-article/results")

    text = words(page)
    assert text.index("One?") < text.index("Two?")
    assert "All 12 readers who voted said Yes (100%)." in text
    assert "3 readers chose to answer" in text
    assert page.text.count('class="result_table"') == 1
    assert element(page, href="/polls/one/results") is not None
    assert (
        element(client.get("/articles/an-article"), href="/articles/an-article/results") is not None
    )
    assert client.get(
        "/articles/an-article/results", headers={"If-None-Match": page.headers["ETag"]}
    ).status_code in {200, 304}
    assert client.get("/articles/none/results").status_code == 404


def test_on_the_page_of_an_article_a_reader_sees_what_the_own_vote_opens(app, client):
    (one,) = new_article(app, NewPoll("One?", options=("Yes", "No"), results_policy="after_vote"))
    vote(client, one, "Yes")

    page = client.get("/articles/an-article/results")

    assert "your answer" in words(page)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "your answer" not in words(app.test_client().get("/articles/an-article/results"))


def test_every_result_leads_to_how_it_is_computed(client, poll):
    assert element(page_of(client), href="/method") is not None

    text = words(client.get("/method"))

    assert "It never describes anybody else" in text
    assert "Percentages appear from 10 ballots on" in text
