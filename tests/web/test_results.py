"""The results page and its table for spreadsheets: exact, hidden where they should be, all alike."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from poll_app.services.polls import NewPoll
from tests.web.acts import element, fill, new_article, text_of, vote, words


@pytest.fixture
def poll(new_poll):
    return new_poll("Is it so?", options=("Yes", "No"))


def cells(client, poll):
    """The rows of the table on the results page, each without the bar."""
    page = client.get(f"/polls/{poll.slug}/results")
    table = element(page, class_="result_table")
    if table is None:
        return None
    lines = [[text_of(cell) for cell in row] for row in table.iter() if row.tag.endswith("}tr")]
    return lines[1:]


def table(client, poll):
    """The rows of the CSV."""
    text = client.get(f"/polls/{poll.slug}/results.csv").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def figures(client, poll):
    """The options of the JSON."""
    return client.get(f"/api/v1/polls/{poll.slug}/results").get_json()["options"]


def test_without_a_vote_it_says_so_and_shows_no_table(client, poll):
    page = client.get(f"/polls/{poll.slug}/results")

    assert "Nobody has voted yet." in words(page)
    assert cells(client, poll) is None


def test_before_voting_opens_it_says_when(client, new_poll):
    poll = new_poll("Is it so?", options=("Yes", "No"), opens_at=datetime(2099, 1, 1, tzinfo=UTC))

    text = words(client.get(f"/polls/{poll.slug}/results"))

    assert "Voting has not opened yet." in text
    assert "Voting opens on 1 January 2099, 00:00 UTC." in text
    assert "could vote" not in text


def test_few_votes_are_counts_without_percentages(app, client, poll):
    fill(app, poll, Yes=5, No=2)

    text = words(client.get(f"/polls/{poll.slug}/results"))

    assert "7 readers have voted: Yes 5, No 2. Percentages appear from 10 readers on." in text
    assert "%" not in text
    assert cells(client, poll) == [["Yes", "5"], ["No", "2"], ["Not sure", "0"]]


def test_from_ten_votes_on_there_are_shares_too(app, client, poll):
    fill(app, poll, Yes=9, No=2, Not_sure=1)

    assert cells(client, poll) == [["Yes", "9", "75%"], ["No", "2", "17%"], ["Not sure", "1", "8%"]]


@pytest.mark.parametrize("few", [True, False])
def test_each_label_in_another_script_keeps_its_own_direction(app, client, new_poll, few):
    """Two in one run would take the figure between them with them."""
    poll = new_poll("Is it so?", options=("نعم", "لا"))
    fill(app, poll, **({"نعم": 4, "لا": 4} if few else {"نعم": 6, "لا": 6}))

    text = words(client.get(f"/polls/{poll.slug}/results"))

    yes, no = (f"\u2068{label}\u2069" for label in ("نعم", "لا"))
    assert (f"{yes} 4, {no} 4." if few else f"{yes} and {no} have exactly") in text


def test_the_number_of_readers_stands_beside_every_figure(app, client, poll):
    fill(app, poll, Yes=3)

    text = words(client.get(f"/polls/{poll.slug}/results"))

    assert (
        "3 readers chose to answer. It shows what they think, not what the public thinks." in text
    )


def test_page_api_and_spreadsheet_agree(app, client, poll):
    fill(app, poll, Yes=7, No=4)

    api = client.get(f"/api/v1/polls/{poll.slug}/results").get_json()
    page = words(client.get(f"/polls/{poll.slug}/results"))

    shown = [(label, int(votes), share) for label, votes, share in cells(client, poll)]
    assert shown == [(o["label"], o["votes"], o["percent_label"]) for o in api["options"]]
    assert [(r["option"], int(r["votes"]), int(r["percent"])) for r in table(client, poll)] == [
        (o["label"], o["votes"], o["percent"]) for o in api["options"]
    ]
    assert {row["ballots"] for row in table(client, poll)} == {str(api["ballots"])} == {"11"}
    assert api["sentence"] in page
    assert api["note"] in page
    assert {row["note"] for row in table(client, poll)} == {api["note"]}


def test_the_spreadsheet_is_a_file_in_utf8_with_its_mark(client, poll):
    answer = client.get(f"/polls/{poll.slug}/results.csv")

    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbfquestion,option,")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{poll.slug}.csv"'


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_label_is_never_a_formula_in_the_spreadsheet(client, new_poll, start):
    poll = new_poll(f"{start}HYPERLINK(1)?", options=(f"{start}1+1", 'say "no", please'))

    rows = table(client, poll)

    assert [row["option"] for row in rows] == [f"'{start}1+1", 'say "no", please', "Not sure"]
    assert {row["question"] for row in rows} == {f"'{start}HYPERLINK(1)?"}


def nothing_is_told(client, poll):
    """No surface gives a figure but the number of ballots."""
    api = client.get(f"/api/v1/polls/{poll.slug}/results").get_json()
    told = [set(option) for option in api["options"]]
    return (
        cells(client, poll) is None
        and api["visible"] is False
        and all(keys == {"id", "label", "not_sure"} for keys in told)
        and {(row["votes"], row["percent"]) for row in table(client, poll)} == {("", "")}
        and "%" not in words(client.get(f"/polls/{poll.slug}/results"))
    )


def test_results_after_the_vote_are_told_to_those_who_voted_only(app, client, new_poll):
    poll = new_poll(results_policy="after_vote")
    fill(app, poll, Yes=8, No=4)
    before = nothing_is_told(app.test_client(), poll)

    vote(client, poll, "Yes")

    assert before
    assert cells(client, poll) == [
        ["Yes your answer", "9", "69%"],
        ["No", "4", "31%"],
        ["Not sure", "0", "0%"],
    ]
    assert nothing_is_told(app.test_client(), poll)


def test_who_took_the_answer_back_sees_no_result_either(app, client, new_poll):
    poll = new_poll(results_policy="after_vote")
    vote(client, poll, "Yes")

    client.post(f"/polls/{poll.slug}/withdraw")

    assert cells(client, poll) is None


def test_results_after_the_close_are_told_to_nobody_before(app, client, new_poll):
    poll = new_poll(results_policy="after_close")
    fill(app, poll, Yes=12)
    vote(client, poll, "Yes")

    assert nothing_is_told(client, poll)
    assert nothing_is_told(app.test_client(), poll)


def test_a_poll_that_is_over_hides_nothing(app, client, new_poll):
    now = datetime.now(UTC)
    poll = new_poll(results_policy="after_close", closes_at=now + timedelta(days=1))
    fill(app, poll, Yes=3)

    with time_machine.travel(now + timedelta(days=2)):
        assert cells(client, poll) == [["Yes", "3"], ["No", "0"], ["Not sure", "0"]]
        assert client.get(f"/api/v1/polls/{poll.slug}/results").get_json()["visible"] is True


def test_the_own_answer_is_marked_and_said_aloud(app, client, poll):
    vote(client, poll, "No")

    page = client.get(f"/polls/{poll.slug}/results")

    assert element(page, id="your-answer").get("role") == "status"
    assert ["No your answer", "1"] in cells(client, poll)
    assert "your answer" not in words(app.test_client().get(f"/polls/{poll.slug}/results"))


def test_who_chose_several_sees_each_of_them_marked(app, client, new_poll):
    poll = new_poll(options=("A", "B", "C"), method="multiple", max_choices=3)

    vote(client, poll, "A", "C")

    assert cells(client, poll)[:3] == [["A your answer", "1"], ["B", "0"], ["C your answer", "1"]]


def test_shares_of_several_answers_are_of_readers(app, client, new_poll):
    poll = new_poll(options=("A", "B"), method="multiple", max_choices=2)
    for _ in range(10):
        vote(app.test_client(), poll, "A", "B")

    assert cells(client, poll) == [
        ["A", "10", "100%"],
        ["B", "10", "100%"],
        ["Not sure", "0", "0%"],
    ]
    assert figures(client, poll)[0]["percent"] == 100


def test_the_page_leads_back_to_the_article(app, client):
    (poll,) = new_article(app, NewPoll("One?", options=("Yes", "No")))

    page = client.get(f"/polls/{poll.slug}/results")

    assert element(page, href="/articles/an-article") is not None


def test_nothing_is_said_that_a_reader_vote_cant_say(app, client, poll):
    fill(app, poll, Yes=7, No=5)

    text = words(client.get(f"/polls/{poll.slug}/results"))

    assert not re.search(
        r"margin of error|±|significant|scientific|\d\.\d ?%|majority of readers", text
    )
